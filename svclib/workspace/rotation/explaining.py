"""What a plan breaks, what has changed between two of its versions, and why somebody is here and not there."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from svclib.errors import NotFound
from svclib.i18n import gettext as _
from svclib.models import Person, table
from svclib.rules.rotation import RULE_LABELS, Judgement, Violation, alternatives, judge, moves
from svclib.workspace.base import Area, Transaction, verb
from svclib.workspace.frames import frame
from svclib.workspace.rotation.drafting import require_place, require_slot
from svclib.workspace.rotation.loading import Loaded, load, placed_by_key
from svclib.workspace.rotation.places import PERSON_COLUMNS, PLACE_COLUMNS, Place, Placed
from svclib.workspace.rotation.plans import PlanRef, plan_row
from svclib.workspace.rotation.proposal import LOAD_COLUMNS, load_rows
from svclib.workspace.rotation.reading import Names, Which, in_scope, rows_of
from svclib.workspace.rotation.standing import placed

if TYPE_CHECKING:
    import pandas as pd

VIOLATION_COLUMNS = {
    "rule": "text",
    "rule_word": "text",
    "hard": "flag",
    "person_id": "id",
    "other_id": "id",
    "team_id": "id",
    "station_id": "id",
    "crew_id": "id",
    "stage": "int",
    "figure": "float",
    "limit": "float",
    "cost": "float",
    "sentence": "text",
}
"""Columns of `violations()`. `hard`: stands in the way of publishing; the others have a cost."""
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


CHOICE_COLUMNS = {
    **PLACE_COLUMNS,
    "km": "float",
    "cost": "float",
    "allowed": "flag",
    "breaks": "text",
    "mends": "text",
}
"""Columns of `choices()`. `km` from home, missing where home or place is not known."""

_REASONED_MAX = 300
"""Each reason asks what the old placement would mean in the new plan."""
_PERSON = table(Person)


@dataclass(frozen=True)
class Why:
    """Somebody at another place: what it would cost more (less than 0: less), what it would break and mend.

    `allowed`: no rule that must hold would be broken that is kept now; such rules are in `breaks`, not in `cost`.
    """

    person_id: int
    stage: int
    place: Place
    cost: float
    breaks: tuple[str, ...]
    mends: tuple[str, ...]
    allowed: bool


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
            judged = _judge(loaded, loaded.known(everybody))
        else:
            loaded = load(tx, stored, also=require_places(tx, placements))
            judged = _judge(loaded, _known(loaded, placements))
        rows = [_row(loaded, one) for one in judged.violations]
        rows += [_row(loaded, one) | {"hard": False, "cost": None} for one in loaded.waiting()]
        told = {(row["sentence"], row["stage"]): row for row in rows}
        return frame(sorted(told.values(), key=lambda row: not row["hard"]), VIOLATION_COLUMNS)

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
        loaded = load(tx, plan_row(tx, plan))
        rows = [
            {
                **one.place.columns(),
                **loaded.places[one.place],
                "km": _km(loaded, person_id, one.place),
                "cost": one.cost,
                "allowed": one.allowed,
                "breaks": "\n".join(one.breaks),
                "mends": "\n".join(one.mends),
            }
            for one in weighed(tx, loaded, person_id, stage, ())
        ]
        return frame(rows, CHOICE_COLUMNS)

    @verb("rotation.diff", writes=False)
    def diff(
        self, tx: Transaction, plan: PlanRef, old: Which = "published", new: Which | Sequence[Placed] = None
    ) -> pd.DataFrame:
        """List what differs between two versions of a plan, or between one and these placements of people in scope.

        Columns as in `DIFF_COLUMNS`. `reason`: which rules the old placement breaks today, or what it would cost; left
        out for a role that does not judge plans, and where hundreds have moved. Raises NotFound for a version that
        there is not.
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
        reasons = {}
        if tx.policy.allows("rotation.violations") and len(first.keys() & set(changed)) <= _REASONED_MAX:
            loaded = load(tx, stored, also=[one for one in (*before, *after) if one.person_id in mine])
            reasons = _reasons(loaded, before, after)
        return frame([_difference(names, key, first, second, reasons) for key in changed], DIFF_COLUMNS)

    @verb("rotation.violations", writes=False)
    def loads(self, tx: Transaction, plan: PlanRef, *, version: Which = None) -> pd.DataFrame:
        """How many trainees each team in scope has in each stage, beside its places and what its mentors can take."""
        stored = plan_row(tx, plan)
        loaded = load(tx, stored)
        everybody = loaded.known(placed(rows_of(tx, stored, version)))
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


def _judge(loaded: Loaded, everybody: Iterable[Placed]) -> Judgement:
    return judge(loaded.problem, loaded.numbers.numbered(everybody))


def weigh(tx: Transaction, stored: Mapping[str, Any], person_id: int, stage: int, wished: Place) -> Why:
    """What a place would mean for somebody in a stage; a team as such means its cheapest place. Raises NotFound."""
    require_place(tx, wished)
    exact = bool(wished.station_id or wished.crew_id)
    there = [Placed(person_id, stage, wished)]
    loaded = load(tx, stored, also=there if exact else ())
    places = [wished] if exact else [place for place in loaded.numbers.places if place.team_id == wished.team_id]
    if not places:
        # A team beyond the scope, or without a place of its own: the team as such.
        loaded, places = load(tx, stored, also=there), [wished]
    return weighed(tx, loaded, person_id, stage, places)[0]


def weighed(tx: Transaction, loaded: Loaded, person_id: int, stage: int, places: Collection[Place]) -> list[Why]:
    """What these places would mean for somebody, or all that are possible; the cheapest allowed first."""
    require_slot(tx, loaded, person_id, stage)
    problem, numbers = loaded.problem, loaded.numbers
    sites = [numbers.numbers[place] for place in places]
    found = alternatives(problem, numbers.numbered(loaded.current), person_id, stage, sites)
    return [
        Why(
            person_id=person_id,
            stage=stage,
            place=numbers.places[one.site_id],
            cost=round(one.cost, 3),
            breaks=tuple(dict.fromkeys(violation.sentence(problem) for violation in one.breaks)),
            mends=tuple(dict.fromkeys(violation.sentence(problem) for violation in one.mends)),
            allowed=one.allowed,
        )
        for one in found
        if one.site_id is not None
    ]


def _km(loaded: Loaded, person_id: int, place: Place) -> float | None:
    learner, site = loaded.problem.learner[person_id], loaded.problem.site[loaded.numbers.numbers[place]]
    if learner.home is None or site.position is None:
        return None
    return loaded.problem.distance_km(learner, site)


def _row(loaded: Loaded, one: Violation) -> dict[str, Any]:
    place = loaded.numbers.places[one.site_id] if one.site_id is not None else Place(one.team_id or 0)
    weight = loaded.problem.terms.weight(one.rule)
    people = (*one.people, None, None)
    return {
        "rule": one.rule.value,
        "rule_word": _(RULE_LABELS[one.rule]),
        "hard": weight is None,
        "person_id": people[0],
        "other_id": people[1],
        "team_id": place.team_id or None,
        "station_id": place.station_id or None,
        "crew_id": place.crew_id or None,
        "stage": one.stage,
        "figure": one.figure,
        "limit": one.limit,
        "cost": None if weight is None else weight * one.amount,
        "sentence": one.sentence(loaded.problem),
    }


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


def _reasons(loaded: Loaded, before: Iterable[Placed], after: Iterable[Placed]) -> dict[tuple[int, int], str]:
    """Why placements moved, by person and stage."""
    problem, numbers = loaded.problem, loaded.numbers
    was = numbers.numbered(one for one in before if one.person_id in loaded.own)
    found = moves(replace(problem, published=was), numbers.numbered(loaded.known(after)))
    return {(one.published.person_id, one.published.stage): " ".join(one.sentences(problem)) for one in found}
