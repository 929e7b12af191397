"""Comparing a plan that came back with the plan as it went out and as it stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from svclib.errors import BadFile
from svclib.i18n import gettext as _
from svclib.rules.imports import plain
from svclib.tabular.headers import shipped_words
from svclib.tabular.model import Cell, Flaw, Form
from svclib.tabular.rotation.diff import AddedRow, FieldChange, PlanDiff, RefusedRow, RowChange
from svclib.tabular.rotation.finding import Finder
from svclib.tabular.rotation.identifying import Places
from svclib.tabular.rotation.periods import period_of
from svclib.tabular.rotation.plan import EDITABLE, TEXT_MAX, Choices, Place, PlanRow, comparable, shown
from svclib.tabular.rotation.reading import CellFlaw, ReturnedPlan, ReturnedRow

Values = dict[str, Any]
"""What stands in a row's editable columns: a period, ids, texts."""

_TOGETHER = (("team", "station", "mentor"), ("period",), ("lodging",), ("note",))
"""What is taken together: a station means nothing without the team it was chosen for."""


@dataclass(frozen=True, slots=True)
class _Told:
    """What one returned row says of somebody's stage."""

    row: ReturnedRow
    place: Place
    values: Values


def compare(
    expected: Sequence[PlanRow],
    returned: ReturnedPlan,
    choices: Choices,
    *,
    plan: str,
    base: Sequence[PlanRow] | None = None,
) -> PlanDiff:
    """Tell what a returned workbook changes in the plan called `plan`.

    `expected` are the rows of the same unit as they stand now, `base` those of the version that went out (`expected`
    when they are the same): what only the plan has changed since then is no change of the unit's. Raises BadFile when
    the workbook belongs to another plan, KeyError when a row's team, station or mentor is not among the choices.
    """
    if returned.plans and all(plain(one) != plain(plan) for one in returned.plans):
        sentence = _("{file} belongs to the plan {other}, not to {plan}.")
        raise BadFile(sentence.format(file=returned.file_name, other="、".join(sorted(returned.plans)), plan=plan))
    now = {row.place: row for row in expected}
    before = {row.place: row for row in base} if base is not None else now
    places = Places(plan, now.values(), choices.people)
    finder = Finder(choices)
    told: dict[Place, list[_Told]] = {}
    refused: dict[tuple[str, int], RefusedRow] = {}
    seen: set[Place | None] = {row.key.place for row in returned.rows if row.key is not None}
    for row in returned.rows:
        place, flaws = places.find(row)
        seen.add(place)
        if place is not None and not flaws:
            known = before.get(place) or now.get(place) or places.empty_row(place)
            values, flaws = _Reader(row, known, choices, finder).read()
            if not flaws:
                told.setdefault(place, []).append(_Told(row, place, values))
        if flaws:
            refused[row.sheet, row.number] = _refused(row, flaws)
    numbered = sorted(
        {rows[0].row.number for place, rows in told.items() if _numbers(rows) and not places.has_number(place)}
    )
    changed: list[RowChange] = []
    added: list[AddedRow] = []
    notes = [*returned.notes]
    if numbered:
        sentence = _("Employee numbers are not taken from this table but with the register: rows {rows}.")
        notes.append(sentence.format(rows="、".join(map(str, numbered))))
    for place, rows in told.items():
        if any(other.values != rows[0].values for other in rows[1:]):
            refused.update(((one.row.sheet, one.row.number), _twice(one.row, rows)) for one in rows)
            continue
        if len(rows) > 1:
            numbers = "、".join(str(one.row.number) for one in rows)
            notes.append(_("Rows {rows} say the same; one of them was read.").format(rows=numbers))
        first = rows[0].row
        if place not in now:
            after = _with(places.empty_row(place), rows[0].values)
            added.append(AddedRow(after, first.sheet, first.number))
        elif (change := _change(rows[0], before.get(place, now[place]), now[place], choices)) is not None:
            changed.append(change)
    return PlanDiff(
        tuple(changed),
        tuple(added),
        tuple(row for place, row in now.items() if place in before and place not in seen),
        tuple(refused[row.sheet, row.number] for row in returned.rows if (row.sheet, row.number) in refused),
        len(told.keys() & now.keys()) - len(changed) - _places_of(refused, told),
        tuple(dict.fromkeys(notes)),
    )


def _numbers(rows: Sequence[_Told]) -> bool:
    return any(comparable(one.row.text("employee_no")) for one in rows)


def _places_of(refused: Mapping[tuple[str, int], RefusedRow], told: Mapping[Place, Sequence[_Told]]) -> int:
    """How many persons' stages were refused although each of their rows could be read."""
    return sum((rows[0].row.sheet, rows[0].row.number) in refused for rows in told.values())


def _refused(row: ReturnedRow, flaws: Sequence[CellFlaw]) -> RefusedRow:
    return RefusedRow(row.sheet, row.number, row.text("name"), row.text("rotation_stage"), tuple(flaws))


def _twice(row: ReturnedRow, rows: Sequence[_Told]) -> RefusedRow:
    """A row of which another one says otherwise."""
    count = Counter(one.row.sheet for one in rows)
    numbers = "、".join(str(one.row.number) if len(count) == 1 else f"{one.row.sheet} {one.row.number}" for one in rows)
    reason = _("Rows {rows} are about the same person and stage, and differ.").format(rows=numbers)
    return _refused(row, [row.flaw("", reason, _("Leave one of them."))])


def _change(told: _Told, before: PlanRow, now: PlanRow, choices: Choices) -> RowChange | None:
    """What a returned row wants otherwise than it is now; None when it says nothing new."""
    was, current, values = _values(before), _values(now), _values(now)
    stale = False
    for group in _TOGETHER:
        if any(told.values[field] != was[field] for field in group):
            values |= {field: told.values[field] for field in group}
            stale |= any(values[field] != current[field] for field in group) and any(
                was[field] != current[field] for field in group
            )
    if values == current:
        return None
    after = _with(now, values)
    shown_now, shown_after = shown(now, choices), shown(after, choices)
    words = shipped_words()
    fields = tuple(
        FieldChange(field, words.standard(field, Form.PLACEMENTS), shown_now[field], shown_after[field])
        for field in EDITABLE
        if values[field] != current[field]
    )
    return RowChange(after, told.row.sheet, told.row.number, fields, stale)


def _values(row: PlanRow) -> Values:
    return {
        "period": (row.starts_on, row.ends_on),
        "team": row.team_id,
        "station": row.station_id,
        "mentor": row.mentor_id,
        "lodging": row.lodging,
        "note": row.note,
    }


def _with(row: PlanRow, values: Values) -> PlanRow:
    starts_on, ends_on = values["period"]
    return replace(
        row,
        starts_on=starts_on,
        ends_on=ends_on,
        team_id=values["team"],
        station_id=values["station"],
        mentor_id=values["mentor"],
        lodging=values["lodging"],
        note=values["note"],
    )


def _day(cell: Cell) -> str:
    """A day, or a month where only that is written."""
    return f"{cell.value:%Y-%m}" if cell.month_only else str(cell.value or "")


class _Reader:
    """Reads the editable cells of one returned row. A cell that still says what was written says nothing new."""

    def __init__(self, row: ReturnedRow, known: PlanRow, choices: Choices, finder: Finder) -> None:
        self._row = row
        self._known = known
        self._written = shown(known, choices)
        self._finder = finder
        self._flaws: list[CellFlaw] = []

    def read(self) -> tuple[Values, list[CellFlaw]]:
        values = _values(self._known)
        for field in EDITABLE:
            if field == "period":
                self._read_period(values)
            elif field not in self._row.headings:
                continue
            elif field in ("team", "station", "mentor"):
                self._read_choice(field, values)
            elif not self._same(field):
                values[field] = self._text(field)
        return values, self._flaws

    def _same(self, field: str) -> bool:
        return comparable(self._row.text(field)) == comparable(self._written[field])

    def _blame(self, field: str, flaw: Flaw) -> None:
        self._flaws.append(self._row.flaw(field, flaw.reason, flaw.suggestion))

    def _text(self, field: str) -> str | None:
        cell = self._row.cells.get(field)
        if cell is not None and cell.flaw is not None:
            self._blame(field, cell.flaw)
        text = comparable(self._row.text(field))
        limit = TEXT_MAX.get(field, len(text))
        if len(text) > limit:
            reason = _("The text has {count} characters; there is room for {limit}.")
            self._blame(field, Flaw(reason.format(count=len(text), limit=limit)))
        return text or None

    def _read_choice(self, field: str, values: Values) -> None:
        same_team = values["team"] == self._known.team_id
        if self._same(field) and (field == "team" or same_team):
            return
        text = self._text(field)
        values[field] = None
        if text is not None and not self._has_flaw(field):
            team = values["team"] if field != "team" else None
            values[field], flaw = self._finder.find(field, text, team)
            # With a team that can't be read, nothing can be said of what belongs to it.
            if flaw is not None and (field == "team" or not self._has_flaw("team")):
                self._blame(field, flaw)

    def _has_flaw(self, field: str) -> bool:
        return any(flaw.field == field for flaw in self._flaws)

    def _read_period(self, values: Values) -> None:
        if "period" in self._row.headings:
            # A blank cell says nothing: the stage has its days.
            if self._row.text("period") and not self._same("period"):
                values["period"], flaw = period_of(self._row.text("period"), self._known.starts_on)
                if flaw is not None:
                    self._blame("period", flaw)
            return
        first, last = (self._row.cells.get(field) for field in ("starts_on", "ends_on"))
        if first is None or last is None or not (first.text or last.text):
            return
        for field, cell in (("starts_on", first), ("ends_on", last)):
            if cell.flaw is not None:
                self._blame(field, cell.flaw)
        if first.flaw is None and last.flaw is None:
            values["period"], flaw = period_of(f"{_day(first)} {_day(last)}")
            if flaw is not None:
                self._blame("starts_on", flaw)
