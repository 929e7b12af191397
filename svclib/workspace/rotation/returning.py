"""A plan that comes back as form 4: compared, judged, and taken into the draft as a whole or by row."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from svclib.errors import NotFound
from svclib.i18n import gettext as _
from svclib.models import RotationPlan, Unit, table
from svclib.rules.rotation import Violation, judge
from svclib.tabular.files import Source
from svclib.tabular.rotation import PlanDiff, PlanRow, ReturnedPlan, compare, read_plan
from svclib.workspace.base import Area, Transaction, verb
from svclib.workspace.rotation.drafting import write_draft
from svclib.workspace.rotation.learning import trainees
from svclib.workspace.rotation.loading import Loaded, load
from svclib.workspace.rotation.places import Placed
from svclib.workspace.rotation.plans import PlanRef, plan_row, require_fresh
from svclib.workspace.rotation.reading import rows_of, units_today
from svclib.workspace.rotation.sheets import place_of, read_roll
from svclib.workspace.rotation.standing import Key

_PLAN = table(RotationPlan)
_UNIT = table(Unit)


@dataclass(frozen=True)
class Checked:
    """What a workbook wants, and which rules it would break if all of it were taken.

    `broken` are sentences about rules that must hold, `weighed` those that cost something; only such that concern the
    workbook's people and the teams in which they stand. `placements` are all of its people's, as they would be.
    """

    plan: str
    version: int
    diff: PlanDiff
    broken: tuple[str, ...]
    weighed: tuple[str, ...]
    placements: tuple[Placed, ...]

    @property
    def clean(self) -> bool:
        """Whether every row can be taken and no rule that must hold is broken."""
        return not self.broken and not self.diff.refused


class Returning(Area):
    """A plan that comes back as form 4."""

    def check_file(self, source: Source, *, plan: PlanRef | None = None) -> Checked:
        """Tell what a workbook (a path, or file name and content) changes and breaks; nothing is written.

        Without `plan` it is the one that the rows' keys name, else the newest. Raises BadFile for a file that is no
        form 4 or belongs to another plan, NotFound, Forbidden.
        """
        return self._check(read_plan(source), plan)

    def accept_file(
        self, source: Source, *, plan: PlanRef | None = None, version: int, places: Collection[Key] | None = None
    ) -> int:
        """Take a workbook's changes into the draft, all or those of these (person, stage); return the plan's version.

        Rows that can't be taken are left out, rules that are broken stand in the way of publishing only. Raises
        StaleRecord when the plan was changed since `version`, NotFound for a place without a change, BadFile,
        Forbidden.
        """
        return self._accept(read_plan(source), plan, version, places)

    @verb("rotation.check", writes=False)
    def _check(self, tx: Transaction, returned: ReturnedPlan, plan: PlanRef | None) -> Checked:
        stored = plan_row(tx, plan if plan is not None else _named(tx, returned))
        diff, rows = _compared(tx, stored, returned)
        after = {row.place: row for row in rows} | {row.place: row for row in diff.accepted()}
        placed = tuple(
            Placed(row.person_id, row.stage, place)
            for row in after.values()
            for place in [place_of(row)]
            if place is not None
        )
        loaded = load(tx, stored, also=placed)
        broken, weighed = _judged(loaded, placed, {row.person_id for row in after.values()})
        return Checked(stored["name"], stored["version"], diff, broken, weighed, placed)

    @verb("rotation.accept", writes=True)
    def _accept(
        self,
        tx: Transaction,
        returned: ReturnedPlan,
        plan: PlanRef | None,
        version: int,
        places: Collection[Key] | None,
    ) -> int:
        stored = plan_row(tx, plan if plan is not None else _named(tx, returned), lock=True)
        require_fresh(stored, version)
        diff, _rows = _compared(tx, stored, returned)
        try:
            taken = diff.accepted(places)
        except KeyError as error:
            raise NotFound(_("The workbook changes nothing there: {place}.").format(place=error.args[0])) from error
        loaded = load(tx, stored)
        return write_draft(tx, loaded, {row.place: _columns(loaded, row) for row in taken})


def _named(tx: Transaction, returned: ReturnedPlan) -> str:
    """The plan that a workbook belongs to. Raises NotFound when there is no plan at all."""
    if returned.plans:
        return min(returned.plans)
    newest = select(_PLAN.c.name).order_by(_PLAN.c.year.desc(), _PLAN.c.id.desc()).limit(1)
    name = tx.scalar(newest)
    if name is None:
        raise NotFound(_("There is no rotation plan yet."))
    return str(name)


def _compared(tx: Transaction, stored: dict[str, Any], returned: ReturnedPlan) -> tuple[PlanDiff, tuple[PlanRow, ...]]:
    """What a workbook changes, and the rows of its units as they stand now."""
    now = rows_of(tx, stored, None)
    went_out = returned.version or 0
    before = rows_of(tx, stored, went_out) if 1 <= went_out <= stored["published_version"] else None
    units = _units(tx, stored["id"], returned)
    roll = read_roll(tx, stored["id"], units, [now] if before is None else [now, before])
    rows = roll.rows(now)
    base = None if before is None else roll.rows(before)
    return compare(rows, returned, roll.choices, plan=stored["name"], base=base), rows


def _units(tx: Transaction, plan_id: int, returned: ReturnedPlan) -> set[int] | None:
    """The units whose part of the plan a workbook is: by its keys, else by its words; None where neither tells."""
    people = set(tx.connection.execute(trainees(tx, plan_id)).scalars())
    unit_of = units_today(tx, people)
    found = {unit_of[row.key.person_id] for row in returned.rows if row.key and row.key.person_id in unit_of}
    if not found:
        told = {row.text("home_unit") for row in returned.rows}
        names = select(_UNIT.c.id).where(_UNIT.c.short_name.in_(told) | _UNIT.c.name.in_(told))
        found = set(tx.connection.execute(names).scalars())
    return found or None


def _judged(loaded: Loaded, placed: Collection[Placed], people: set[int]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    problem = loaded.problem
    others = tuple(one for one in loaded.current if one.person_id not in people)
    teams = {(one.place.team_id, one.stage) for one in placed}

    def concerned(one: Violation) -> bool:
        return bool(people & set(one.people)) or (not one.people and (one.team_id, one.stage) in teams)

    told: tuple[list[str], list[str]] = ([], [])
    for one in judge(problem, loaded.numbers.numbered((*placed, *others))).violations:
        if concerned(one):
            told[problem.terms.weight(one.rule) is not None].append(one.sentence(problem))
    return tuple(dict.fromkeys(told[0])), tuple(dict.fromkeys(told[1]))


def _columns(loaded: Loaded, row: PlanRow) -> dict[str, Any]:
    """A row of the form as a placement's columns; days that are the stage's own are not repeated."""
    stage = loaded.problem.stage[row.stage]
    place = place_of(row)
    own_days = (row.starts_on, row.ends_on) != (stage.starts_on, stage.ends_on)
    nowhere: dict[str, Any] = dict.fromkeys(("team_id", "station_id", "crew_id"))
    return {
        **(nowhere if place is None else place.columns()),
        "mentor_id": row.mentor_id,
        "lodging": row.lodging,
        "note": row.note,
        "starts_on": row.starts_on if own_days else None,
        "ends_on": row.ends_on if own_days else None,
    }
