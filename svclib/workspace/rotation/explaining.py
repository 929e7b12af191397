"""What a plan breaks, what has changed between two of its versions, and why somebody is here and not there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from svclib.errors import NotFound
from svclib.i18n import gettext as _
from svclib.i18n import run_on
from svclib.models import Person, table
from svclib.rules.rotation import Violation, moves, violations
from svclib.workspace.base import Area, Transaction, verb
from svclib.workspace.frames import frame
from svclib.workspace.rotation.drafting import require_place, slot_rows
from svclib.workspace.rotation.loading import Loaded, load, placed_by_key
from svclib.workspace.rotation.places import PERSON_COLUMNS, Place, Placed
from svclib.workspace.rotation.plans import PlanRef, plan_row
from svclib.workspace.rotation.proposal import LOAD_COLUMNS, load_rows
from svclib.workspace.rotation.reading import Names, Which, in_scope, rows_of
from svclib.workspace.rotation.request_rows import approved_changes, wanted_place
from svclib.workspace.rotation.standing import placed
from svclib.workspace.rotation.telling import Why, choice_frame, violation_frame, weighed

if TYPE_CHECKING:
    import pandas as pd

DIFF_COLUMNS = {
    **PERSON_COLUMNS,
    "stage": "int",
    "change": "text",
    "old_team_id": "id",
    "old_team": "text",
    "old_place": "text",
    "new_team_id": "id",
    "new_team": "text",
    "new_place": "text",
    "reason": "text",
}
"""Columns of `diff()`. `change` is added, removed or moved; places are names of stations and crews."""
_REASONED_MAX = 300
"""Each reason asks what the old placement would mean in the new plan."""
_PERSON = table(Person)


@dataclass(frozen=True)
class Judged:
    """A plan as it would stand with the draft, judged in one reading: as `violations()` and `loads()` list it."""

    violations: pd.DataFrame
    loads: pd.DataFrame


class Explaining(Area):
    """What a plan breaks and why."""

    @verb("rotation.violations", writes=False)
    def violations(
        self, tx: Transaction, plan: PlanRef, placements: Sequence[Placed] | None = None, *, version: Which = None
    ) -> pd.DataFrame:
        """Judge a plan as it would stand with the draft, a version of it, or these placements of people in scope.

        Columns as in `VIOLATION_COLUMNS`; rules that must hold first. Whom the safety gate keeps from a placement is
        told, too (without a cost). Nothing says why two are kept apart or why somebody is away.
        """
        stored = plan_row(tx, plan)
        if placements is None:
            everybody = placed(rows_of(tx, stored, version))
            loaded = load(tx, stored, also=everybody if isinstance(version, int) else ())
            judged = _broken(loaded, loaded.known(everybody))
        else:
            loaded = load(tx, stored, also=require_places(tx, placements))
            judged = _broken(loaded, _known(loaded, placements))
        return violation_frame(loaded, judged, loaded.waiting())

    @verb("rotation.why", writes=False)
    def why(
        self,
        tx: Transaction,
        plan: PlanRef,
        person_id: int,
        stage: int,
        team_id: int,
        *,
        station_id: int | None = None,
        crew_id: int | None = None,
    ) -> Why:
        """Tell what it would cost and which rules it would break to have somebody there in a stage, all else unchanged.

        Without a station or crew the team's cheapest place is meant. Raises NotFound for somebody, a stage or a place
        that is not there or not in scope.
        """
        return weigh(tx, plan_row(tx, plan), person_id, stage, Place(team_id, station_id or 0, crew_id or 0))

    @verb("rotation.why", writes=False)
    def choices(self, tx: Transaction, plan: PlanRef, person_id: int, stage: int) -> pd.DataFrame:
        """List every place where somebody may stand in a stage, the cheapest allowed first; as `CHOICE_COLUMNS`.

        `cost` is what the plan would cost more there, `breaks` the sentences. Raises NotFound for somebody or a stage
        that is not there or not in scope.
        """
        stored = plan_row(tx, plan)
        slot_rows(tx, stored, person_id, stage)
        return choice_frame(load(tx, stored), person_id, stage)

    @verb("rotation.diff", writes=False)
    def diff(
        self, tx: Transaction, plan: PlanRef, old: Which = "published", new: Which | Sequence[Placed] = None
    ) -> pd.DataFrame:
        """List what differs between two versions of a plan, or between one and these placements of people in scope.

        Columns as in `DIFF_COLUMNS`. `reason`: the approved request that asked for it, else which rules the old
        placement breaks today, or what it would cost; each left out for a role that is not told of it, the rules where
        hundreds have moved, too. Raises NotFound for a version that there is not.
        """
        stored = plan_row(tx, plan)
        before = placed(rows_of(tx, stored, old))
        given = not (new is None or isinstance(new, int | str))
        after = require_places(tx, new) if given else placed(rows_of(tx, stored, new))  # type: ignore[arg-type]
        mine = in_scope(tx, _PERSON, {one.person_id for one in (*before, *after)})
        if given:
            named = {one.person_id for one in after}
            before = tuple(one for one in before if one.person_id in named)
        first, second = (placed_by_key(one for one in listed if one.person_id in mine) for listed in (before, after))
        changed = sorted(key for key in first.keys() | second.keys() if first.get(key) != second.get(key))
        names = Names(tx, [_named_row(key, one) for key in changed for one in (first.get(key), second.get(key))])
        reasons: dict[tuple[int, int], str] = {}
        if tx.policy.allows("rotation.violations") and len(first.keys() & set(changed)) <= _REASONED_MAX:
            loaded = load(tx, stored, also=[one for one in (*before, *after) if one.person_id in mine])
            reasons = _reasons(loaded, before, after)
        if tx.policy.allows("rotation.requests"):
            reasons |= _requested(approved_changes(tx, stored["id"]), second)
        return frame([_difference(names, key, first, second, reasons) for key in changed], DIFF_COLUMNS)

    @verb("rotation.violations", writes=False)
    def loads(self, tx: Transaction, plan: PlanRef, *, version: Which = None) -> pd.DataFrame:
        """How many trainees each team in scope has in each stage, beside its places and what its mentors can take."""
        stored = plan_row(tx, plan)
        loaded = load(tx, stored)
        return _load_frame(loaded, loaded.known(placed(rows_of(tx, stored, version))))

    @verb("rotation.violations", writes=False)
    def judged(self, tx: Transaction, plan: PlanRef) -> Judged:
        """Judge a plan as it would stand with the draft, and count the trainees of each team in scope."""
        stored = plan_row(tx, plan)
        loaded = load(tx, stored)
        broken = violation_frame(loaded, _broken(loaded, loaded.current), loaded.waiting())
        return Judged(broken, _load_frame(loaded, loaded.current))


def _load_frame(loaded: Loaded, everybody: Iterable[Placed]) -> pd.DataFrame:
    own = tuple(one for one in everybody if one.person_id in loaded.own)
    return frame(load_rows(loaded, own), LOAD_COLUMNS)


def require_places(tx: Transaction, everybody: Iterable[Placed]) -> tuple[Placed, ...]:
    """The placements, when every place of theirs is there. Raises NotFound."""
    listed = tuple(everybody)
    for place in sorted({one.place for one in listed}):
        require_place(tx, place)
    return listed


def _known(loaded: Loaded, given: Sequence[Placed]) -> tuple[Placed, ...]:
    """These placements, and for all whom they do not name what stands now."""
    named = {one.person_id for one in given}
    strangers = named - loaded.own
    if strangers:
        raise NotFound(_("There is no person number {ids}.").format(ids=min(strangers)))
    unknown = {one.stage for one in given} - loaded.problem.stage.keys()
    if unknown:
        raise NotFound(_("The plan has no stage {number}.").format(number=min(unknown)))
    return (*given, *(one for one in loaded.current if one.person_id not in named))


def _broken(loaded: Loaded, everybody: Iterable[Placed]) -> tuple[Violation, ...]:
    return violations(loaded.problem, loaded.numbers.numbered(everybody))


def weigh(tx: Transaction, stored: Mapping[str, Any], person_id: int, stage: int, wished: Place) -> Why:
    """What a place would mean for somebody in a stage; a team as such means its cheapest place. Raises NotFound."""
    require_place(tx, wished)
    slot_rows(tx, stored, person_id, stage)
    loaded = load(tx, stored, wanted=[wished])
    return weighed(loaded, person_id, stage, loaded.numbers.meant(wished))[0]


def _named_row(key: tuple[int, int], one: Placed | None) -> dict[str, Any]:
    places = one.place.columns() if one is not None else dict.fromkeys(("team_id", "station_id", "crew_id"))
    return {"person_id": key[0], "mentor_id": None, **places}


def _difference(
    names: Names,
    key: tuple[int, int],
    first: Mapping[tuple[int, int], Placed],
    second: Mapping[tuple[int, int], Placed],
    reasons: Mapping[tuple[int, int], str],
) -> dict[str, Any]:
    old, new = first.get(key), second.get(key)
    was, will = (names.of(_named_row(key, one)) for one in (old, new))
    change = "moved" if old and new else "added" if new else "removed"
    row = {name: was[name] for name in ("employee_no", "name", "unit_id", "unit")}
    row |= {"person_id": key[0], "stage": key[1], "change": change, "reason": reasons.get(key)}
    for side, one, told in (("old", old, was), ("new", new, will)):
        row[f"{side}_team_id"] = one.place.team_id if one is not None else None
        row[f"{side}_team"] = told["team"]
        row[f"{side}_place"] = told["station"] or told["crew"]
    return row


def _requested(
    approved: Mapping[tuple[int, int], Mapping[str, Any]], after: Mapping[tuple[int, int], Placed]
) -> dict[tuple[int, int], str]:
    """Which placements are as an approved request has asked for, by person and stage."""
    found = {}
    for key, row in approved.items():
        here, wanted = after.get(key), wanted_place(row)
        if here is None:
            continue
        if wanted.holds(here.place) if wanted is not None else here.place.team_id != row["present_team_id"]:
            found[key] = _("By the approved request for a change (number {number}).").format(number=row["id"])
    return found


def _reasons(loaded: Loaded, before: Iterable[Placed], after: Iterable[Placed]) -> dict[tuple[int, int], str]:
    """Why placements moved, by person and stage."""
    problem, numbers = loaded.problem, loaded.numbers
    was = numbers.numbered(one for one in before if one.person_id in loaded.own)
    found = moves(replace(problem, published=was), numbers.numbered(loaded.known(after)))
    return {(one.published.person_id, one.published.stage): run_on(*one.sentences(problem)) for one in found}
