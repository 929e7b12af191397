"""Rotation plans: their stages, figures, and who takes part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import case, func, select, update

from svclib.errors import Duplicate, NotFound, RuleBroken, StaleRecord
from svclib.i18n import gettext as _
from svclib.models import (
    Intake,
    RotationIntake,
    RotationPlacement,
    RotationPlan,
    RotationStage,
    RotationTrainee,
    RotationVersion,
    Unit,
    table,
)
from svclib.rules.rotation import Figures, Stage, changed_figures, figures_from, stored_figures
from svclib.workspace.base import Area, Transaction, verb
from svclib.workspace.frames import frame
from svclib.workspace.register.days import as_day
from svclib.workspace.register.versions import require_version, save_row
from svclib.workspace.rotation.members import leave_out, require_own_unit, take_in

if TYPE_CHECKING:
    import pandas as pd

PLAN_COLUMNS = {
    "id": "id",
    "name": "text",
    "year": "int",
    "unit_id": "id",
    "unit": "text",
    "state": "text",
    "version": "int",
    "published_version": "int",
    "published_at": "instant",
    "published_by": "text",
    "stages": "int",
    "starts_on": "day",
    "ends_on": "day",
    "trainees": "int",
    "drafts": "int",
}
"""Columns of `plans()`. `unit`: whose trainees take part, missing where all units' do. `state` is draft or published;
`drafts` counts placements that are not published yet."""
STAGE_COLUMNS = {"number": "int", "starts_on": "day", "ends_on": "day"}
VERSION_COLUMNS = {
    "number": "int",
    "published_at": "instant",
    "published_by": "text",
    "cost": "float",
    "placements": "int",
    "moved": "int",
}

_PLAN = table(RotationPlan)
_STAGE = table(RotationStage)
_INTAKE = table(RotationIntake)
_TRAINEE = table(RotationTrainee)
_VERSION = table(RotationVersion)
_PLACED = table(RotationPlacement)
_UNIT = table(Unit)
YEARS = (2000, 2100)
"""The first and the last year that a plan may be of."""
PlanRef = int | str
"""Which plan: its id as a number, or its name as text, also where the name is a year like "2026"."""
StageDays = Sequence[tuple[date | str, date | str]]


class Plans(Area):
    """Rotation plans: their stages, figures, and who takes part."""

    @verb("rotation.create_plan", writes=True)
    def create_plan(
        self,
        tx: Transaction,
        name: str,
        *,
        year: int,
        stages: StageDays,
        intakes: Sequence[int],
        unit: int | None = None,
        figures: Mapping[str, Any] | None = None,
    ) -> int:
        """Make a plan for the trainees in scope of these intakes (ids) and return its id.

        `unit`: only those whom it, or a unit below it, employs; an account of a unit plans for that one. `stages`:
        first day and first day after, in order, without overlap. `figures` as in
        `svclib.rules.rotation.changed_figures`, what is left out is as usual. Raises Duplicate for a name taken,
        NotFound for an intake or unit, RuleBroken naming the field at fault, Forbidden for a unit beyond the scope.
        """
        cleaned = name.strip()
        if not cleaned or len(cleaned) > 60:
            raise RuleBroken(_("A plan needs a name of at most 60 characters."), field="name")
        if cleaned.isdecimal() and not _is_year(cleaned):
            told = _("A number alone is no name of a plan, unless it is a year like 2026: add a word to {name}.")
            raise RuleBroken(told.format(name=cleaned), field="name")
        if tx.scalar(select(_PLAN.c.id).where(_PLAN.c.name == cleaned)) is not None:
            raise Duplicate(_("There is a plan {name} already.").format(name=cleaned))
        if not YEARS[0] <= year <= YEARS[1]:
            told = _("The year of a plan is between {first} and {last}.")
            raise RuleBroken(told.format(first=YEARS[0], last=YEARS[1]), field="year")
        unit_id = tx.actor.unit_id if unit is None else unit
        if unit_id is not None and tx.scalar(select(_UNIT.c.id).where(_UNIT.c.id == unit_id)) is None:
            raise NotFound(_("There is no unit number {unit}.").format(unit=unit_id))
        days = stage_days(stages)
        terms = stored_figures(figures_from(changed_figures(stored_figures(Figures()), figures or {})))
        made = {"name": cleaned, "year": year, "unit_id": unit_id, "terms": terms}
        made |= {"created_by": tx.actor.name, "created_at": tx.now}
        plan_id = tx.insert(_PLAN, {**made, "version": 1, "published_version": 0})
        tx.record(_PLAN, plan_id, after={**made, "version": 1})
        for number, (starts_on, ends_on) in enumerate(days, start=1):
            values = {"plan_id": plan_id, "number": number, "starts_on": starts_on, "ends_on": ends_on}
            tx.record(_STAGE, tx.insert(_STAGE, values), after=values)
        known = set(tx.connection.execute(select(table(Intake).c.id)).scalars())
        for intake_id in dict.fromkeys(intakes):
            if intake_id not in known:
                raise NotFound(_("There is no intake number {intake}.").format(intake=intake_id))
            values = {"plan_id": plan_id, "intake_id": intake_id}
            tx.record(_INTAKE, tx.insert(_INTAKE, values), after=values)
        take_in(tx, {"id": plan_id, "unit_id": unit_id})
        return plan_id

    @verb("rotation.edit_plan", writes=True)
    def edit_plan(self, tx: Transaction, plan: PlanRef, figures: Mapping[str, Any], *, version: int) -> int:
        """Change these figures of a plan that is not published yet, leave the others, and return the plan's version.

        `figures` as in `svclib.rules.rotation.changed_figures`. Raises RuleBroken naming the figure or where the plan
        is published, StaleRecord, Forbidden where not all of the plan's trainees are in scope.
        """
        stored = plan_row(tx, plan, lock=True)
        require_whole(tx, stored)
        if blocked := figures_blocker(stored):
            raise RuleBroken(blocked)
        wanted = {"terms": stored_figures(figures_from(changed_figures(stored["terms"], figures)))}
        require_version(tx, _PLAN, stored, wanted, version, shown=lambda _name, value: value)
        return save_row(tx, _PLAN, stored, wanted)

    @verb("rotation.edit_stage", writes=True)
    def edit_stage(
        self, tx: Transaction, plan: PlanRef, number: int, starts_on: date | str, ends_on: date | str, *, version: int
    ) -> int:
        """Move a stage that has not begun and return the plan's version. `ends_on` is the first day after.

        Raises RuleBroken where it would overlap or has begun already, StaleRecord, NotFound, Forbidden.
        """
        return _move_stages(tx, plan, {number: (starts_on, ends_on)}, version)

    @verb("rotation.edit_stage", writes=True)
    def edit_stages(
        self, tx: Transaction, plan: PlanRef, days: Mapping[int, tuple[date | str, date | str]], *, version: int
    ) -> int:
        """Move several stages at once, by number; as `edit_stage`, all of them or none."""
        return _move_stages(tx, plan, days, version)

    @verb("rotation.add_trainees", writes=True)
    def add_trainees(self, tx: Transaction, plan: PlanRef, people: Sequence[int] = ()) -> int:
        """Take in who has come to the plan's intakes since, and these people (ids); return how many are new.

        Raises NotFound, also for somebody outside the scope; for a unit's plan Forbidden where that is not in scope,
        RuleBroken naming whom it does not employ.
        """
        stored = plan_row(tx, plan, lock=True)
        require_own_unit(tx, stored)
        added = take_in(tx, stored, people)
        if added:
            touch(tx, stored)
        return added

    @verb("rotation.remove_trainee", writes=True)
    def remove_trainee(self, tx: Transaction, plan: PlanRef, person_id: int) -> int:
        """Let somebody without a placement take no part any more and return the plan's version.

        Wishes, exceptions, pairs and fixed placements of theirs in this plan are forgotten. Raises NotFound for who
        takes no part or is not in scope (the plan's own unit may leave out whoever got in), RuleBroken where a
        placement stands or is drafted, or a request waits.
        """
        stored = plan_row(tx, plan, lock=True)
        leave_out(tx, stored, person_id)
        return touch(tx, stored)

    @verb("rotation.plans", writes=False)
    def plans(self, tx: Transaction) -> pd.DataFrame:
        """List the plans, newest first; trainees and drafts as far as they are in scope."""
        mine = (_TRAINEE.c.plan_id == _PLAN.c.id, *tx.scope.standing(_TRAINEE.c.person_id, tx.today))
        here = tx.scope.standing(_PLACED.c.person_id, tx.today)
        drafts = (_PLACED.c.plan_id == _PLAN.c.id, _PLACED.c.from_version.is_(None), *here)
        of_plan = _STAGE.c.plan_id == _PLAN.c.id
        published = (_VERSION.c.plan_id == _PLAN.c.id, _VERSION.c.number == _PLAN.c.published_version)
        listed = select(
            *_PLAN.c["id", "name", "year", "unit_id", "version", "published_version"],
            _UNIT.c.short_name.label("unit"),
            case((_PLAN.c.published_version > 0, "published"), else_="draft").label("state"),
            _count(_STAGE, of_plan).label("stages"),
            select(func.min(_STAGE.c.starts_on)).where(of_plan).scalar_subquery().label("starts_on"),
            select(func.max(_STAGE.c.ends_on)).where(of_plan).scalar_subquery().label("ends_on"),
            _count(_TRAINEE, *mine).label("trainees"),
            _count(_PLACED, *drafts).label("drafts"),
            _VERSION.c.published_at,
            _VERSION.c.published_by,
        )
        listed = listed.select_from(_PLAN).outerjoin(_UNIT, _UNIT.c.id == _PLAN.c.unit_id)
        listed = listed.outerjoin(_VERSION, published[0] & published[1])
        return frame(tx.rows(listed.order_by(_PLAN.c.year.desc(), _PLAN.c.id.desc())), PLAN_COLUMNS)

    @verb("rotation.plan", writes=False)
    def figures(self, tx: Transaction, plan: PlanRef) -> dict[str, Any]:
        """The figures of a plan as `edit_plan` takes them."""
        return dict(plan_row(tx, plan)["terms"])

    @verb("rotation.plan", writes=False)
    def stages(self, tx: Transaction, plan: PlanRef) -> pd.DataFrame:
        """The stages of a plan in order; `ends_on` is the first day after."""
        return frame(_stage_rows(tx, plan_row(tx, plan)["id"]), STAGE_COLUMNS)

    @verb("rotation.plan", writes=False)
    def versions(self, tx: Transaction, plan: PlanRef) -> pd.DataFrame:
        """What was published of a plan, newest first: when, by whom, at what cost, how many placements moved."""
        of_plan = select(_VERSION).where(_VERSION.c.plan_id == plan_row(tx, plan)["id"])
        return frame(tx.rows(of_plan.order_by(_VERSION.c.number.desc())), VERSION_COLUMNS)


def _count(place: Any, *conditions: Any) -> Any:
    return select(func.count()).select_from(place).where(*conditions).scalar_subquery()


def plan_row(tx: Transaction, plan: PlanRef, *, lock: bool = False) -> dict[str, Any]:
    """The plan of this name (text) or id (number) as stored. Raises NotFound, naming the plans that there are."""
    by_name = isinstance(plan, str)
    # int(): an id out of a frame is NumPy's.
    wanted = select(_PLAN).where(_PLAN.c.name == plan if by_name else _PLAN.c.id == int(plan))
    rows = tx.rows(wanted.with_for_update() if lock else wanted)
    if not rows:
        known = "、".join(tx.connection.execute(select(_PLAN.c.name).order_by(_PLAN.c.name)).scalars()) or "–"
        told = (
            _("There is no rotation plan {name}. Known are: {known}.")
            if by_name
            else _('No rotation plan has the id {name}; a name is written as text, like "2026". Known are: {known}.')
        )
        raise NotFound(told.format(name=plan, known=known))
    return rows[0]


def _is_year(name: str) -> bool:
    return name.isascii() and len(name) == 4 and YEARS[0] <= int(name) <= YEARS[1]


def stages_of(tx: Transaction, plan_id: int) -> tuple[Stage, ...]:
    """The stages of a plan in order."""
    return tuple(Stage(row["number"], row["starts_on"], row["ends_on"]) for row in _stage_rows(tx, plan_id))


def _stage_rows(tx: Transaction, plan_id: int) -> list[dict[str, Any]]:
    return tx.rows(select(_STAGE).where(_STAGE.c.plan_id == plan_id).order_by(_STAGE.c.number))


def stage_days(stages: StageDays) -> list[tuple[date, date]]:
    """The stages' days. Raises RuleBroken unless they follow each other and none is empty."""
    days = [(as_day(start, field="stages"), as_day(end, field="stages")) for start, end in stages]
    if not days:
        raise RuleBroken(_("A plan needs a stage at least."), field="stages")
    last = date.min
    for starts_on, ends_on in days:
        if ends_on <= starts_on or starts_on < last:
            told = _("A stage ends after it begins, and begins when the one before has ended: {start} to {end}.")
            raise RuleBroken(told.format(start=starts_on, end=ends_on), field="stages")
        last = ends_on
    return days


def _move_stages(
    tx: Transaction, plan: PlanRef, days: Mapping[int, tuple[date | str, date | str]], version: int
) -> int:
    stored = plan_row(tx, plan, lock=True)
    require_whole(tx, stored)
    require_fresh(stored, version)
    rows = {row["number"]: row for row in _stage_rows(tx, stored["id"])}
    moved: dict[int, dict[str, Any]] = {}
    for number, (starts_on, ends_on) in days.items():
        if number not in rows:
            raise NotFound(_("The plan has no stage {number}.").format(number=number))
        wanted = {"starts_on": as_day(starts_on, field="starts_on"), "ends_on": as_day(ends_on, field="ends_on")}
        if wanted == {name: rows[number][name] for name in wanted}:
            continue
        if stored["published_version"] and rows[number]["starts_on"] <= tx.today:
            raise RuleBroken(_("Stage {number} has begun already.").format(number=number), field="starts_on")
        moved[number] = wanted
    if not moved:
        return int(stored["version"])
    after = [{**row, **moved.get(number, {})} for number, row in rows.items()]
    stage_days([(row["starts_on"], row["ends_on"]) for row in after])
    for number, wanted in moved.items():
        before = {name: rows[number][name] for name in wanted}
        tx.connection.execute(update(_STAGE).where(_STAGE.c.id == rows[number]["id"]).values(**wanted))
        tx.record(_STAGE, rows[number]["id"], before=before, after=wanted)
    return touch(tx, stored)


def figures_blocker(plan: Mapping[str, Any]) -> str:
    """Why the figures of a plan, stored or as listed, cannot be changed any more; empty where they can."""
    return _("The plan is published: what it was judged by stands.") if int(plan["published_version"]) else ""


def require_fresh(stored: Mapping[str, Any], version: int) -> None:
    """Raise StaleRecord when the plan or anything in it was changed since `version` was read."""
    if stored["version"] != version:
        told = _("Somebody has changed the plan {name} in the meantime. Look at it again, then repeat this.")
        raise StaleRecord(told.format(name=stored["name"]), version=stored["version"], conflicts={})


def require_whole(tx: Transaction, plan: Mapping[str, Any]) -> None:
    """Raise RuleBroken unless a plan's unit and all its trainees are in scope: figures and stages are everybody's."""
    of_plan = _TRAINEE.c.plan_id == plan["id"]
    everybody = tx.scalar(select(func.count()).select_from(_TRAINEE).where(of_plan))
    mine = tx.scalar(
        select(func.count()).select_from(_TRAINEE).where(of_plan, *tx.scope.standing(_TRAINEE.c.person_id, tx.today))
    )
    here = _UNIT.c.id == plan["unit_id"], *tx.scope.units(_UNIT.c.id, tx.today)
    outside = plan["unit_id"] is not None and tx.scalar(select(_UNIT.c.id).where(*here)) is None
    if outside or mine != everybody:
        raise RuleBroken(_("This plan is for other units, too: whoever coordinates all of them may change it."))


def touch(tx: Transaction, stored: Mapping[str, Any]) -> int:
    """Count the plan's version on, because something in it was changed."""
    version = int(stored["version"]) + 1
    tx.connection.execute(update(_PLAN).where(_PLAN.c.id == stored["id"]).values(version=version))
    return version
