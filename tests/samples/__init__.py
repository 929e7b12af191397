"""The sample workbooks in data/sample/, as offices would send them about the demo province. All people are invented.

`python -m tests.samples` writes them. They stand on the test side because old .xls files are written with xlwt, which
the program itself doesn't need.
"""
