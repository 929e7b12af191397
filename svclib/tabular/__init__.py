"""Spreadsheets: reading what offices really send, writing what they expect."""

from svclib.tabular.model import Cell, Flaw, Form, Table, TableRow
from svclib.tabular.reading import read_tables
from svclib.tabular.rejects import rejects_workbook
from svclib.tabular.writing import ColumnSpec, write_table

__all__ = ["Cell", "ColumnSpec", "Flaw", "Form", "Table", "TableRow", "read_tables", "rejects_workbook", "write_table"]
