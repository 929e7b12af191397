"""Spreadsheets: reading what offices really send, writing what they expect."""

from svclib.tabular.model import Cell, Flaw, Form, Table, TableRow
from svclib.tabular.reading import read_tables

__all__ = ["Cell", "Flaw", "Form", "Table", "TableRow", "read_tables"]
