"""What is asked of a plan: wishes, fixed placements, exceptions, places of teams."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Table, delete, select

from svclib.errors import NotFound, RuleBroken
from svclib.i18n import gettext as _
from svclib.models import (
    Person,
    RotationBound,
    RotationException,
    RotationPin,
    RotationTrainee,
    RotationWish,
    Team,
    Unit,
    table,
)
from svclib.workspace.base import Area, Transaction, verb
from svclib.workspace.frames import frame
from svclib.workspace.rotation.drafting import require_place
from svclib.workspace.rotation.places import Place
from svclib.workspace.rotation.plans import PlanRef, plan_row, stages_of, touch

if TYPE_CHECKING:
    import pandas as pd

WISH_COLUMNS = {"person_id": "id", "name": "text", "rank": "int", "team_id": "id", "team": "text"}
PIN_COLUMNS = {
    "person_id": "id",
    "name": "text",
    "stage": "int",
    "team_id": "id",
    "team": "text",
    "station_id": "id",
    "crew_id": "id",
}
EXCEPTION_COLUMNS = {"person_id": "id", "name": "text", "unit_id": "id", "unit": "text"}
BOUND_COLUMNS = {"team_id": "id", "team": "text", "station_id": "id", "lower": "int", "upper": "int"}
WISHES_MAX = 3

_PERSON = table(Person)
_TEAM = table(Team)
_UNIT = table(Unit)
_WISH = table(RotationWish)
_PIN = table(RotationPin)
_EXCEPTION = table(RotationException)
_BOUND = table(RotationBound)
_TRAINEE = table(RotationTrainee)


class Asking(Area):
    """What is asked of a plan."""

    @verb("rotation.wish", writes=True)
    def wish(self, tx: Transaction, plan: PlanRef, person_id: int, team_ids: Sequence[int]) -> int:
        """Write down somebody's wishes in place of older ones, the dearest first, and return the plan's version.

        Raises RuleBroken for more than three or one team twice, NotFound for a team, or for somebody who takes no part
        or is not in scope.
        """
        stored = member_of(tx, plan, person_id)
        if len(team_ids) > WISHES_MAX or len(set(team_ids)) != len(team_ids):
            told = _("At most {count} wishes, each for another team.")
            raise RuleBroken(told.format(count=WISHES_MAX), field="team_ids")
        for team_id in team_ids:
            require_place(tx, Place(team_id))
        mine = (_WISH.c.plan_id == stored["id"]) & (_WISH.c.person_id == person_id)
        rows = [
            {"plan_id": stored["id"], "person_id": person_id, "rank": rank, "team_id": team_id}
            for rank, team_id in enumerate(team_ids, start=1)
        ]
        return _replace(tx, stored, _WISH, mine, rows)

    @verb("rotation.wishes", writes=False)
    def wishes(self, tx: Transaction, plan: PlanRef, *, person_id: int | None = None) -> pd.DataFrame:
        """List the wishes of the trainees in scope, or of this one, by person and rank."""
        listed = _of_people(tx, plan, _WISH, _WISH.c["person_id", "rank", "team_id"], person_id)
        return frame(tx.rows(listed.order_by(_PERSON.c.pinyin, _PERSON.c.id, _WISH.c.rank)), WISH_COLUMNS)

    @verb("rotation.pin", writes=True)
    def pin(
        self,
        tx: Transaction,
        plan: PlanRef,
        person_id: int,
        stage: int,
        team_id: int | None,
        *,
        station_id: int | None = None,
        crew_id: int | None = None,
    ) -> int:
        """Fix somebody at a place in a stage, without a team nowhere any more, and return the plan's version.

        Raises NotFound for a stage or place that is not there, or somebody who takes no part or is not in scope.
        """
        stored = member_of(tx, plan, person_id)
        if stage not in {one.number for one in stages_of(tx, stored["id"])}:
            raise NotFound(_("The plan has no stage {number}.").format(number=stage))
        return fix(tx, stored, person_id, stage, Place.at(team_id, station_id, crew_id))

    @verb("rotation.pins", writes=False)
    def pins(self, tx: Transaction, plan: PlanRef) -> pd.DataFrame:
        """List the placements that are fixed, of the trainees in scope."""
        columns = [*_PIN.c["person_id", "team_id", "station_id", "crew_id"], _PIN.c.stage_number.label("stage")]
        listed = _of_people(tx, plan, _PIN, columns)
        return frame(tx.rows(listed.order_by(_PERSON.c.pinyin, _PERSON.c.id, _PIN.c.stage_number)), PIN_COLUMNS)

    @verb("rotation.except", writes=True)
    def allow_units(self, tx: Transaction, plan: PlanRef, person_id: int, unit_ids: Sequence[int]) -> int:
        """Let somebody be sent to these other units, and to no others, and return the plan's version.

        Raises NotFound for a unit or somebody who takes no part, Forbidden where a unit is not in scope: crossing units
        is for whoever coordinates both.
        """
        stored = member_of(tx, plan, person_id)
        known = set(tx.connection.execute(select(_UNIT.c.id).where(_UNIT.c.id.in_(list(unit_ids)))).scalars())
        if set(unit_ids) - known:
            raise NotFound(_("There is no unit number {unit}.").format(unit=min(set(unit_ids) - known)))
        mine = (_EXCEPTION.c.plan_id == stored["id"]) & (_EXCEPTION.c.person_id == person_id)
        rows = [{"plan_id": stored["id"], "person_id": person_id, "unit_id": one} for one in sorted(known)]
        return _replace(tx, stored, _EXCEPTION, mine, rows)

    @verb("rotation.exceptions", writes=False)
    def exceptions(self, tx: Transaction, plan: PlanRef, *, person_id: int | None = None) -> pd.DataFrame:
        """List who of the trainees in scope, or whether this one, may be sent to which other unit."""
        listed = _of_people(tx, plan, _EXCEPTION, _EXCEPTION.c["person_id", "unit_id"], person_id)
        named = listed.add_columns(_UNIT.c.short_name.label("unit")).join(_UNIT, _UNIT.c.id == _EXCEPTION.c.unit_id)
        return frame(tx.rows(named.order_by(_PERSON.c.pinyin, _PERSON.c.id, _UNIT.c.id)), EXCEPTION_COLUMNS)

    @verb("rotation.bound", writes=True)
    def bound(
        self,
        tx: Transaction,
        plan: PlanRef,
        team_id: int,
        lower: int | None,
        upper: int | None,
        *,
        station_id: int | None = None,
    ) -> int:
        """Say how many trainees a team, or one of its stations, takes in each stage; both None: as the plan's figures.

        Returns the plan's version. Raises RuleBroken unless 0 ≤ lower ≤ upper, NotFound, Forbidden.
        """
        stored = plan_row(tx, plan, lock=True)
        require_place(tx, Place(team_id, station_id or 0))
        rows = []
        if lower is not None or upper is not None:
            least = lower or 0
            if least < 0 or (upper is not None and upper < least):
                told = _("The fewest are not below 0 and not above the most: {lower} to {upper}.")
                raise RuleBroken(told.format(lower=least, upper=upper), field="upper")
            place = {"plan_id": stored["id"], "team_id": team_id, "station_id": station_id}
            rows.append({**place, "lower": least, "upper": upper})
        here = _BOUND.c.station_id.is_(None) if station_id is None else _BOUND.c.station_id == station_id
        mine = (_BOUND.c.plan_id == stored["id"]) & (_BOUND.c.team_id == team_id) & here
        return _replace(tx, stored, _BOUND, mine, rows)

    @verb("rotation.bounds", writes=False)
    def bounds(self, tx: Transaction, plan: PlanRef) -> pd.DataFrame:
        """List the teams and stations in scope that have bounds of their own."""
        listed = select(*_BOUND.c["team_id", "station_id", "lower", "upper"], _TEAM.c.short_name.label("team"))
        listed = listed.join(_TEAM, _TEAM.c.id == _BOUND.c.team_id).where(*tx.scope.teams())
        of_plan = _BOUND.c.plan_id == plan_row(tx, plan)["id"]
        return frame(tx.rows(listed.where(of_plan).order_by(_TEAM.c.unit_id, _TEAM.c.id)), BOUND_COLUMNS)

    @verb("rotation.home", writes=True)
    def home(
        self, tx: Transaction, plan: PlanRef, person_id: int, latitude: float | None, longitude: float | None
    ) -> int:
        """Say in which town somebody is at home, in degrees, and return the plan's version.

        Kept to a tenth of a degree (some ten kilometres): the town, not the house. Raises RuleBroken, NotFound.
        """
        stored = member_of(tx, plan, person_id)
        if (latitude is None) != (longitude is None):
            raise RuleBroken(_("Latitude and longitude go together."), field="longitude")
        if not (-90 <= (latitude or 0) <= 90 and -180 <= (longitude or 0) <= 180):
            raise RuleBroken(_("These are no coordinates in degrees."), field="latitude")
        mine = (_TRAINEE.c.plan_id == stored["id"]) & (_TRAINEE.c.person_id == person_id)
        row = tx.rows(select(_TRAINEE).where(mine))[0]
        wanted = {"home_latitude": latitude, "home_longitude": longitude}
        wanted = {name: None if value is None else round(value, 1) for name, value in wanted.items()}
        before = {name: row[name] for name in wanted}
        if before == wanted:
            return int(stored["version"])
        tx.connection.execute(_TRAINEE.update().where(mine).values(**wanted))
        tx.record(_TRAINEE, row["id"], before=before, after=wanted)
        return touch(tx, stored)


def fix(tx: Transaction, stored: Mapping[str, Any], person_id: int, stage: int, place: Place | None) -> int:
    """Fix somebody of a plan at a place in a stage, None: nowhere any more; return the plan's version. Raises NotFound
    for a place that is not there."""
    rows = []
    if place is not None:
        require_place(tx, place)
        slot = {"plan_id": stored["id"], "person_id": person_id, "stage_number": stage}
        rows.append({**slot, **place.columns()})
    mine = (_PIN.c.plan_id == stored["id"]) & (_PIN.c.person_id == person_id) & (_PIN.c.stage_number == stage)
    return _replace(tx, stored, _PIN, mine, rows)


def fixed_at(tx: Transaction, stored: Mapping[str, Any], person_id: int, stage: int) -> Place | None:
    """The place at which somebody of a plan is fixed in a stage."""
    mine = (_PIN.c.plan_id == stored["id"]) & (_PIN.c.person_id == person_id) & (_PIN.c.stage_number == stage)
    return next((Place.of(row) for row in tx.rows(select(_PIN).where(mine))), None)


def member_of(tx: Transaction, plan: PlanRef, person_id: int) -> dict[str, Any]:
    """The plan, locked, when somebody in scope takes part in it. Raises NotFound."""
    stored = plan_row(tx, plan, lock=True)
    here = (_TRAINEE.c.plan_id == stored["id"]) & (_TRAINEE.c.person_id == person_id)
    mine = tx.scope.standing(_TRAINEE.c.person_id, tx.today)
    if tx.scalar(select(_TRAINEE.c.id).where(here, *mine)) is None:
        told = _("Person number {person} takes no part in the plan {name}.")
        raise NotFound(told.format(person=person_id, name=stored["name"]))
    return stored


def _of_people(tx: Transaction, plan: PlanRef, place: Table, columns: Any, person_id: int | None = None) -> Any:
    """Rows of a plan about people in scope, or this one, with their names and those of teams."""
    listed = select(*columns, _PERSON.c.name).join(_PERSON, _PERSON.c.id == place.c.person_id)
    if "team_id" in place.c:
        listed = listed.add_columns(_TEAM.c.short_name.label("team")).join(_TEAM, _TEAM.c.id == place.c.team_id)
    if person_id is not None:
        listed = listed.where(place.c.person_id == person_id)
    mine = tx.scope.standing(place.c.person_id, tx.today)
    return listed.where(place.c.plan_id == plan_row(tx, plan)["id"], *mine)


def _replace(
    tx: Transaction, stored: Mapping[str, Any], place: Table, mine: Any, rows: Sequence[Mapping[str, Any]]
) -> int:
    """Put these rows in place of those that are there; the same again changes nothing. Return the plan's version."""
    there = tx.rows(select(place).where(mine).order_by(place.c.id))
    if [{name: row[name] for name in row if name != "id"} for row in there] == [dict(row) for row in rows]:
        return int(stored["version"])
    for row in there:
        tx.record(place, row["id"], before={name: value for name, value in row.items() if name != "id"})
    tx.connection.execute(delete(place).where(mine))
    for values in rows:
        tx.record(place, tx.insert(place, values), after=values)
    return touch(tx, stored)
