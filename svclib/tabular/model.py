"""What a spreadsheet becomes: tables of a known form, with rows of judged cells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from svclib.i18n import gettext as _
from svclib.i18n import noop as N_

LISTS_SHEET = "轮岗选项"
"""The hidden sheet on which a plan that goes out keeps its lists to choose from."""


class Form(StrEnum):
    """The kinds of tables that can be read; see `forms.py` for the columns that tell them apart."""

    GRADUATES = "graduates"
    MEMBERS = "members"
    ACTIVISTS = "activists"
    PEOPLE = "people"
    UNITS = "units"
    BODIES = "bodies"
    CREWS = "crews"
    TEAMS = "teams"
    STATIONS = "stations"
    OFFICES = "offices"
    PLACEMENTS = "placements"
    SAFETY = "safety"
    REQUESTS = "requests"


FORM_WORDS: Mapping[str, str] = {
    Form.GRADUATES: N_("List of new graduates"),
    Form.MEMBERS: N_("Roster of service team members"),
    Form.ACTIVISTS: N_("List of party activists (for filing)"),
    Form.PEOPLE: N_("Personnel list"),
    Form.SAFETY: N_("Results of safety education and examinations"),
    Form.REQUESTS: N_("Requests for leave and changes"),
    "structure": N_("Units, teams and stations"),
    "mixed": N_("Several lists"),
}
"""What each kind of workbook is called, as an import is kept under it."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """Why a cell can't be taken, as a whole sentence, and what to write instead where that is known."""

    reason: str
    suggestion: str | None = None


def suggested(what: str | None) -> str:
    """What to write instead, called a suggestion; nothing where none is known."""
    return _("Suggested: {what}").format(what=what) if what else ""


class Cell(NamedTuple):
    """One fact: `text` as the office wrote it, `value` normalised (None when blank or flawed), 0-based `column`.

    `month_only` marks a date that was given without its day and stands on the first of the month.
    """

    text: str
    value: str | date | int | float | None
    flaw: Flaw | None = None
    column: int = 0
    month_only: bool = False


class TableRow(NamedTuple):
    """One row of data: `number` as the spreadsheet numbers it (from 1), `cells` by field."""

    number: int
    cells: Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet: where its header stood (`header_rows`, from 1), which column holds which field, what was skipped.

    `title` is the sheet's name and what stands above the header.
    """

    form: Form
    sheet: str
    headings: dict[str, str]
    columns: dict[str, int]
    rows: tuple[TableRow, ...]
    header_rows: tuple[int, ...]
    notes: tuple[str, ...] = ()
    title: str = ""
