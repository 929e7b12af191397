"""One row of a file on its way in: its cells, what is wrong with them, what they change."""

from __future__ import annotations

from collections.abc import ItemsView, Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from svclib.i18n import gettext as _
from svclib.i18n import noop as N_
from svclib.models import Sex, label
from svclib.tabular import Cell, Table, TableRow
from svclib.workspace.importing.book import Book, Clear
from svclib.workspace.importing.result import Action, Line, Rejection
from svclib.workspace.vault import PROTECTED, mask

FIELD_WORDS = {
    "employee_no": N_("Employee number"),
    "name": N_("Name"),
    "id_number": N_("ID number"),
    "sex": N_("Sex"),
    "birth_date": N_("Birth date"),
    "ethnicity": N_("Ethnicity"),
    "unit": N_("Unit"),
    "crew": N_("Crew"),
    "post": N_("Post"),
    "status": N_("Political status"),
    "stage": N_("Stage of development"),
    "party_joined_on": N_("Joined the party on"),
    "branch": N_("Party branch"),
    "team": N_("Service team"),
    "station": N_("Service station"),
    "duty": N_("Office in the team"),
    "joined_team_on": N_("Joined the team on"),
    "hired_on": N_("Hired on"),
    "work_started_on": N_("Started work on"),
    "education": N_("Education"),
    "degree": N_("Degree"),
    "school": N_("School"),
    "major": N_("Major"),
    "graduated_on": N_("Graduated on"),
    "origin": N_("Home region"),
    "phone": N_("Phone"),
    "address": N_("Address"),
    "skill_level": N_("Skill level"),
    "note": N_("Note"),
    "applied_on": N_("Applied on"),
    "talked_on": N_("Talked with on"),
    "recommended_by": N_("Recommended by"),
    "decided_on": N_("Confirmed activist on"),
    "filed_on": N_("Filed on"),
    "contact": N_("Training contact"),
    "contact_joined_on": N_("Contact joined the party on"),
    "intake": N_("Intake"),
    "mentor": N_("Mentor"),
    "short_name": N_("Short name"),
    "kind": N_("Kind"),
    "parent": N_("Belongs to"),
    "body": N_("Party body"),
    "body_kind": N_("Kind of party body"),
    "crew_kind": N_("Kind of crew"),
    "team_short": N_("Short name of the team"),
    "setting": N_("Where it mostly works"),
    "level": N_("Level"),
    "supervision_phone": N_("Supervision phone"),
    "founded_on": N_("Founded on"),
    "opened_on": N_("Opened on"),
    "latitude": N_("Latitude"),
    "longitude": N_("Longitude"),
    "office": N_("Office"),
    "person": N_("Person"),
    "valid_from": N_("In office since"),
    "safety_kind": N_("Kind of education or examination"),
    "safety_level": N_("Level of the education"),
    "taken_on": N_("Taken on"),
    "hours": N_("Class hours"),
    "score": N_("Score"),
    "passed": N_("Passed"),
    "valid_until": N_("Valid until"),
    "request_kind": N_("Kind of request"),
    "leave_word": N_("Kind of leave"),
    "rotation_stage": N_("Stage of the plan"),
    "period": N_("First and last day"),
    "starts_on": N_("First day"),
    "ends_on": N_("Last day"),
    "present": N_("Present place"),
    "wanted": N_("Place asked for"),
    "verdict": N_("What the paper says"),
    "reason": N_("Reason"),
    "asked_on": N_("Asked on"),
}
"""The word for each field, used where the file has no column of its own for it."""


_MASKED = frozenset({*PROTECTED, "request_kind", "leave_word", "reason"})
"""Cells that no message repeats. What kind of leave it is tells why."""


class Fault(NamedTuple):
    """Why the row is refused."""

    field: str
    reason: str
    suggestion: str | None = None


class Note(NamedTuple):
    """One value that the row changes."""

    field: str
    before: Any
    after: Any


@dataclass
class Entry:
    """One row, judged."""

    table: Table
    row: TableRow
    faults: list[Fault] = field(default_factory=list)
    changed: list[Note] = field(default_factory=list)
    created: bool = False
    wrote: bool = False
    known_as: str | None = None
    id_birth: date | None = None
    id_sex: Sex | None = None

    def __post_init__(self) -> None:
        self._values = {
            name: cell.value for name, cell in self.row.cells.items() if cell.value is not None and cell.flaw is None
        }

    def value(self, name: str) -> Any:
        """The value of a field; None where the cell is blank, bad, or the file has no such column."""
        return self._values.get(name)

    def values(self) -> ItemsView[str, Any]:
        """Every field that the row tells something of."""
        return self._values.items()

    def text(self, name: str) -> str | None:
        """The value of a text field."""
        value = self._values.get(name)
        return value if value is None or type(value) is str else str(value)

    def day(self, name: str) -> date | None:
        """The value of a date field."""
        value = self._values.get(name)
        return value if isinstance(value, date) else None

    def month_only(self, name: str) -> bool:
        """Whether the cell named a month and no day."""
        cell = self.row.cells.get(name)
        return cell is not None and cell.month_only

    def cell(self, name: str) -> Cell | None:
        return self.row.cells.get(name)

    def fault(self, name: str, reason: str, suggestion: str | None = None) -> None:
        """Refuse the row for this cell."""
        self.faults.append(Fault(name, reason, suggestion))

    def note(self, name: str, before: Any, after: Any) -> None:
        """Tell what the row changes."""
        self.changed.append(Note(name, before, after))

    @property
    def action(self) -> Action:
        if self.faults:
            return "rejected"
        if self.created:
            return "created"
        return "updated" if self.changed or self.wrote else "unchanged"

    @property
    def key(self) -> str:
        """The number by which the person is known, masked where it is the ID number."""
        return self.text("employee_no") or mask("id_number", self.text("id_number")) or self.known_as or ""

    def heading(self, name: str) -> str:
        """The column's heading as written, else the field's own word."""
        return self.table.headings.get(name) or _(FIELD_WORDS[name])

    def rejections(self) -> Iterator[Rejection]:
        """Each bad cell once: the first reason is the one to mend first."""
        told: set[str] = set()
        for one in self.faults:
            if one.field in told:
                continue
            told.add(one.field)
            cell = self.row.cells.get(one.field)
            value = "" if cell is None else cell.text
            if one.field in _MASKED:
                value = mask(one.field, value) or ""
            yield Rejection(
                self.table.sheet, self.row.number, self.heading(one.field), value, one.reason, one.suggestion, one.field
            )

    def lines(self) -> Iterator[Line]:
        """What the preview says of this row."""
        name = self.text("name") or self.text("person") or ""
        start = (self.table.sheet, self.row.number, name, self.key, self.action)
        if self.faults:
            for one in self.rejections():
                yield Line(*start, one.column, None, one.value, one.reason, one.suggestion)
            return
        for note in self.changed:
            before, after = shown(note.field, note.before), shown(note.field, note.after)
            yield Line(*start, self.heading(note.field), before, after, None, None)


def keep_or_forget(entry: Entry, book: Book) -> None:
    """Accept what a row has planned, or forget it where the row has faults."""
    if entry.faults:
        book.roll_back()
    else:
        entry.wrote = book.pending
        book.keep()


def refuse_second(entry: Entry, first: Entry, field_name: str, here: str, elsewhere: str) -> None:
    """Refuse a row that says again what an earlier one says: on the same sheet, or on another one."""
    reason = here if first.table.sheet == entry.table.sheet else elsewhere
    name = first.text("name") or "?"
    entry.fault(field_name, reason.format(row=first.row.number, sheet=first.table.sheet, name=name))


def shown(name: str, value: Any) -> str | None:
    """A value as a person reads it; protected ones masked."""
    if value is None:
        return None
    if isinstance(value, Clear):
        return mask(name, value.value)
    if isinstance(value, StrEnum):
        return label(value)
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, float):
        return f"{value:g}"
    return value.isoformat() if isinstance(value, date) else str(value)
