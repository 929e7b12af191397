"""From tables of safety education and examinations (form 6) to a plan: found people, records written or corrected."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from svclib.i18n import gettext as _
from svclib.models import SafetyKind
from svclib.rules.safety import FOREVER, result_of
from svclib.tabular import Table, TableRow
from svclib.tabular.safety import kind_in_title
from svclib.workspace.importing.book import Book, Row
from svclib.workspace.importing.bounds import Bounds
from svclib.workspace.importing.entry import Entry, keep_or_forget, refuse_second
from svclib.workspace.importing.facts import Means
from svclib.workspace.importing.identify import Directory
from svclib.workspace.importing.judging import EARLIEST_YEAR, judge_texts
from svclib.workspace.importing.names import Organisation

_TABLE = "safety_record"
_RESULTS = ("hours", "score", "passed", "valid_until")
Key = tuple[int, SafetyKind, str, date]
"""Whose record it is, of what, of which level, of which day: somebody has one of these at most."""


def plan_safety(tables: Sequence[Table], book: Book, means: Means, pass_score: float) -> list[Entry]:
    """Judge every row and write what is accepted into the book. Return the rows in the file's order."""
    organisation = Organisation(book, means.bounds.knows)
    directory = Directory(book, organisation, means.fingerprint, means.today, means.bounds.holds)
    plan = _Plan(book, directory, means.bounds, means.today, pass_score)
    return [plan.take(table, row) for table in tables for row in table.rows]


def unnumbered_names(tables: Sequence[Table]) -> set[str]:
    """The names in rows of people whom the register knows, who may have to be found by name."""
    return {
        str(cell.value)
        for table in tables
        for row in table.rows
        if (cell := row.cells.get("name")) is not None
        and cell.value is not None
        and not ((number := row.cells.get("employee_no")) is not None and number.value is not None)
    }


def notes_on_safety(tables: Sequence[Table], bounds: Bounds, valid_days: int) -> list[str]:
    """What whoever brings these tables in should know beside the rows."""
    notes = []
    if any("valid_until" not in table.columns for table in tables):
        notes.append(_("Where no last day is told, a record counts for {days} days.").format(days=valid_days))
    if "id_number" in bounds.hidden and any("id_number" in table.columns for table in tables):
        notes.append(_("ID numbers were not looked at: your role is not shown any."))
    return notes


@dataclass
class _Plan:
    """Of two rows about one record the first stands, also while it has faults of its own."""

    book: Book
    directory: Directory
    bounds: Bounds
    today: date
    pass_score: float
    _seen: dict[Key, Entry] = field(default_factory=dict)

    def take(self, table: Table, row: TableRow) -> Entry:
        """Judge one row and plan it, or roll it back."""
        entry = Entry(table, self._readable(row))
        kind = entry.value("safety_kind") or self._kind_of(table)
        judge_texts(entry)
        _judge_days(entry, self.today)
        if kind is None and not any(one.field == "safety_kind" for one in entry.faults):
            entry.fault("safety_kind", _("It is not said whether this is safety education or an examination."))
        self.bounds.judge_cells(entry)
        person_id, day = self.directory.find_known(entry), entry.day("taken_on")
        if person_id is not None and kind is not None and day is not None:
            key = (person_id, SafetyKind(kind), entry.text("safety_level") or "", day)
            if self._first(entry, key) and not entry.faults:
                self._write(entry, key)
        keep_or_forget(entry, self.book)
        return entry

    @staticmethod
    def _kind_of(table: Table) -> SafetyKind | None:
        """What a table without a column of kinds is about."""
        if "safety_kind" in table.columns:
            return None
        return kind_in_title(table.title + "".join(table.headings.values()))

    def _readable(self, row: TableRow) -> TableRow:
        """The row without the ID number for a role that is not shown any: finding its owner would confirm it."""
        if "id_number" not in self.bounds.hidden:
            return row
        return TableRow(row.number, {name: cell for name, cell in row.cells.items() if name != "id_number"})

    def _first(self, entry: Entry, key: Key) -> bool:
        first = self._seen.setdefault(key, entry)
        if first is entry:
            return True
        here = _("Row {row} has this record already ({name}); that row counts.")
        elsewhere = _("Row {row} of sheet {sheet} has this record already ({name}); that row counts.")
        refuse_second(entry, first, "taken_on", here, elsewhere)
        return False

    def _write(self, entry: Entry, key: Key) -> None:
        person_id, kind, _level, day = key
        found = next((row for row in self.book.owned(_TABLE, person_id) if _key(row) == key), None)
        new = {name: value for name in _RESULTS if (value := self._told(entry, name, day)) is not None}
        score = new.get("score", None if found is None else found["score"])
        if found is None or not new.keys().isdisjoint(("passed", "score")):
            new["passed"] = result_of(kind, new.get("passed"), new.get("score"), pass_score=self.pass_score)
        if found is None and new["passed"] is None:
            entry.fault("passed", _("Neither the score nor whether it was passed is told."))
        elif new.get("passed") and score is not None and score < self.pass_score:
            self._contradiction(entry, score)
        else:
            self._save(entry, key, found, new)
            self.bounds.judge_changes(entry, person_id, self.book.touched())
            entry.known_as = self.book.get("person", person_id)["employee_no"]

    def _contradiction(self, entry: Entry, score: float) -> None:
        reason = _("{score:g} points are less than the {least:g} that are needed, but it says passed.")
        entry.fault(
            "score" if entry.value("score") is not None else "passed", reason.format(score=score, least=self.pass_score)
        )

    def _told(self, entry: Entry, name: str, day: date) -> Any:
        value = entry.value(name)
        if name == "valid_until" and isinstance(value, date):
            return _last_day(entry, value)
        return value

    def _save(self, entry: Entry, key: Key, found: Row | None, new: dict[str, Any]) -> None:
        person_id, kind, level, day = key
        if found is None:
            entry.created = True
            blank: dict[str, Any] = dict.fromkeys((*_RESULTS, "recorded_at"))
            whose = {"person_id": person_id, "kind": kind.value, "level": level, "taken_on": day, "version": 1}
            self.book.insert(_TABLE, {**blank, **whose, **new})
            for name, value in (("safety_kind", kind), ("safety_level", level or None), ("taken_on", day)):
                if value is not None:
                    entry.note(name, None, value)
        else:
            self.book.update(_TABLE, found["id"], new)
        for name in _RESULTS:
            before = None if found is None else found[name]
            if name in new and new[name] != before:
                entry.note(name, before, new[name])


def _key(row: Row) -> Key:
    return row["person_id"], SafetyKind(row["kind"]), row["level"], row["taken_on"]


def _judge_days(entry: Entry, today: date) -> None:
    """Note what is wrong with the day and the last day on which it counts."""
    day, until = entry.day("taken_on"), entry.day("valid_until")
    flawed = {one.field for one in entry.faults}
    if day is None:
        if "taken_on" not in flawed:
            entry.fault("taken_on", _("The date is missing."))
    elif entry.month_only("taken_on"):
        entry.fault("taken_on", _("The day is missing, only the month is told."))
    elif day.year < EARLIEST_YEAR:
        entry.fault("taken_on", _("The year {year} cannot be right.").format(year=day.year))
    elif day > today:
        reason = _("The date {day} lies in the future (today is {today}).")
        entry.fault("taken_on", reason.format(day=day, today=today))
    if until is None or "taken_on" in flawed:
        return
    if until > FOREVER:
        entry.fault("valid_until", _("The year {year} cannot be right.").format(year=until.year))
    elif day is not None and _last_day(entry, until) < day:
        entry.fault(
            "valid_until", _("The last day {until} is before the day {day} itself.").format(until=until, day=day)
        )


def _last_day(entry: Entry, until: date) -> date:
    """The last day that is meant: a month lasts until its end."""
    if not entry.month_only("valid_until"):
        return until
    return until.replace(day=monthrange(until.year, until.month)[1])
