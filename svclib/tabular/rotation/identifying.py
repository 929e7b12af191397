"""Whose row it is: by its key, else by number or name and stage. What contradicts itself is refused, never guessed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from svclib.i18n import gettext as _
from svclib.rules.imports import plain, unit_key
from svclib.tabular.rotation.periods import stage_of
from svclib.tabular.rotation.plan import KEY, Choice, Place, PlanRow, comparable
from svclib.tabular.rotation.reading import CellFlaw, ReturnedRow
from svclib.tabular.texts import clean_name


@dataclass(frozen=True, slots=True)
class _Person:
    id: int
    name: str
    employee_no: str | None
    unit: str


class Places:
    """The persons and stages of a plan, and the days of each stage."""

    def __init__(self, plan: str, rows: Iterable[PlanRow], people: Sequence[Choice] = ()) -> None:
        self._plan = plain(plan)
        self._people = {one.id: _Person(one.id, one.name, one.detail or None, "") for one in people}
        self._rows: dict[Place, PlanRow] = {}
        days: defaultdict[int, Counter[tuple[date, date]]] = defaultdict(Counter)
        for row in rows:
            self._rows[row.place] = row
            self._people[row.person_id] = _Person(row.person_id, row.name, row.employee_no, row.unit)
            days[row.stage][row.starts_on, row.ends_on] += 1
        self._stages = {stage: count.most_common(1)[0][0] for stage, count in days.items()}
        self._by_number = {one.employee_no: one.id for one in self._people.values() if one.employee_no}
        self._by_name: defaultdict[str, list[int]] = defaultdict(list)
        for one in self._people.values():
            self._by_name[clean_name(one.name)].append(one.id)

    def empty_row(self, place: Place) -> PlanRow:
        """A row without a place to be, with the stage's usual days."""
        person, (starts_on, ends_on) = self._people[place[0]], self._stages[place[1]]
        return PlanRow(person.id, person.name, place[1], starts_on, ends_on, person.employee_no, person.unit)

    def has_number(self, place: Place) -> bool:
        """Whether the person's employee number is known."""
        return self._people[place[0]].employee_no is not None

    def find(self, row: ReturnedRow) -> tuple[Place | None, list[CellFlaw]]:
        """The person and stage of a returned row, or why it is nobody's."""
        if row.key_altered:
            advice = _("Copy the row again from the workbook that went out, or clear this cell.")
            return None, [row.flaw(KEY, _("The row's key was altered."), advice)]
        if row.key is None:
            return self._by_words(row)
        if plain(row.key.plan) != self._plan:
            reason = _("The row belongs to another plan: {plan}.").format(plan=row.key.plan)
            return None, [row.flaw(KEY, reason)]
        if row.key.place not in self._rows:
            return None, [row.flaw("", _("This row is not among those of the plan that you may change."))]
        return row.key.place, self._contradictions(row, row.key.place)

    def _contradictions(self, row: ReturnedRow, place: Place) -> list[CellFlaw]:
        """Where a row's words say another thing than its key: columns that were sorted or copied apart."""
        person, flaws = self._people[place[0]], []
        advice = _("The columns may have been sorted or copied apart: put the row together again.")
        if (name := row.text("name")) and clean_name(name) != clean_name(person.name):
            reason = _("By its key or number this row is {name}'s.").format(name=person.name)
            flaws.append(row.flaw("name", reason, advice))
        elif not _same_number(row.text("employee_no"), person.employee_no):
            reason = _("{name} has another employee number: {number}.")
            flaws.append(
                row.flaw("employee_no", reason.format(name=person.name, number=person.employee_no or ""), advice)
            )
        stage = row.text("rotation_stage")
        if stage and stage_of(stage) != place[1]:
            reason = _("By its key this row is of stage {stage}.").format(stage=place[1])
            flaws.append(row.flaw("rotation_stage", reason, advice))
        unit = comparable(row.text("home_unit"))
        if unit and person.unit and unit_key(unit) != unit_key(comparable(person.unit)):
            reason = _("{name} comes from {unit}: this can't be changed here.")
            flaws.append(row.flaw("home_unit", reason.format(name=person.name, unit=person.unit)))
        return flaws

    def _by_words(self, row: ReturnedRow) -> tuple[Place | None, list[CellFlaw]]:
        person, flaws = self._person(row)
        written = row.text("rotation_stage")
        stage = stage_of(written)
        if stage is None:
            flaws.append(row.flaw("rotation_stage", _("The stage is missing."), _("Write it like 1.")))
        elif stage not in self._stages:
            flaws.append(row.flaw("rotation_stage", _("The plan has no stage {stage}.").format(stage=stage)))
        if flaws or person is None or stage is None:
            return None, flaws
        return (person, stage), self._contradictions(row, (person, stage))

    def _person(self, row: ReturnedRow) -> tuple[int | None, list[CellFlaw]]:
        number, name = comparable(row.text("employee_no")), clean_name(row.text("name"))
        if number in self._by_number:
            return self._by_number[number], []
        found = self._by_name.get(name, [])
        if len(found) == 1:
            return found[0], []
        if found:
            reason = _("Several people of this plan are called {name}.").format(name=name)
            return None, [row.flaw("name", reason, _("Add the employee number."))]
        if not name and not number:
            return None, [row.flaw("name", _("The name is missing."))]
        return None, [
            row.flaw(
                "name", _("{name} is not among those whom you may place in this plan.").format(name=name or number)
            )
        ]


def _same_number(written: str, known: str | None) -> bool:
    """Whether a number is the known one: none says nothing, and a spreadsheet may have dropped leading zeros."""
    number = comparable(written)
    return not number or known is None or number.lstrip("0") == known.lstrip("0")
