"""What a command loads before it does anything: each import is time that everybody waits."""

from __future__ import annotations

import subprocess
import sys


def loaded_by(statement: str) -> set[str]:
    """The packages that a fresh Python has loaded after the statement."""
    told = f"{statement}\nimport sys\nprint(*{{name.partition('.')[0] for name in sys.modules}})"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_the_command_line_itself_loads_neither_database_nor_tables() -> None:
    assert not loaded_by("import svclib.cli.commands") & {"pandas", "numpy", "sqlmodel", "voila", "alembic"}


def test_the_door_loads_no_table_library_until_a_table_is_asked_for() -> None:
    assert not loaded_by("from svclib import open_workspace") & {"pandas", "numpy", "openpyxl", "voila", "ipywidgets"}


def test_a_roster_of_texts_and_dates_is_read_without_the_library_for_number_formats() -> None:
    read = "from svclib.tabular import read_tables\nfrom pathlib import Path\n"
    read += "assert read_tables(Path('data/sample/新入职毕业生名册2026.xlsx'))[0].rows"
    assert not loaded_by(read) & {"openpyxl", "numpy", "pandas"}
