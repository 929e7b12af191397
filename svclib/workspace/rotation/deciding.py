"""Deciding about requests: what one would mean for the plan, approving it, sending it back.

Nothing that is published changes here. An absence is written down, a placement fixed or barred; the plan follows when
it is planned again or changed by hand, and published.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from svclib.errors import Forbidden, RuleBroken
from svclib.i18n import gettext as _
from svclib.models import RequestKind, RequestState
from svclib.rules.requests import Step, objection
from svclib.rules.rotation import Rule, Violation, judge, violations
from svclib.workspace.base import Area, Transaction, verb
from svclib.workspace.policy import SYSTEM
from svclib.workspace.rotation.asking import fix, fixed_at
from svclib.workspace.rotation.drafting import require_place, slot_rows
from svclib.workspace.rotation.loading import Loaded, load
from svclib.workspace.rotation.missing import Missing
from svclib.workspace.rotation.places import Place
from svclib.workspace.rotation.plans import plan_row, touch
from svclib.workspace.rotation.reading import Names
from svclib.workspace.rotation.reasons import forget_leave, note_absence, sealed
from svclib.workspace.rotation.request_rows import (
    Row,
    acting_name,
    approved_changes,
    contradicting,
    part_of,
    place_words,
    placement_words,
    request_row,
    settle,
    standing_of,
    wanted_place,
)
from svclib.workspace.rotation.requests import ANSWER
from svclib.workspace.rotation.telling import weighed


@dataclass(frozen=True)
class Effect:
    """What a request would mean for the plan as it stands, the draft above what is published.

    `touched`: published placements that would have to change, in words. `breaks` and `mends` are sentences about rules;
    that long leave has the safety examination passed again is in `breaks`, too, and keeps nobody from leave.
    `cost` by how much the plan's cost grows (less than 0: falls), None where it cannot be told. `place`: where the
    person would stand at that cost; None for an absence, or where no place is allowed. `allowed`: no rule that must
    hold would be broken that is kept now. `fixes`: where approving it would fix the person, as precisely as it is asked
    for: a team alone leaves open which of its stations.
    """

    touched: tuple[str, ...]
    breaks: tuple[str, ...] = ()
    mends: tuple[str, ...] = ()
    cost: float | None = None
    place: str | None = None
    allowed: bool = True
    fixes: str | None = None


@dataclass(frozen=True)
class Decided:
    """A request that was approved: its version, and the published placements that have to change, in words.

    `plan` is the plan's name; `fixes` the place at which the person is fixed from now on, as precisely as it was asked.
    """

    version: int
    touched: tuple[str, ...]
    plan: str
    absence_id: int | None = None
    fixes: str | None = None


class Deciding(Area):
    """Deciding about requests."""

    @verb("rotation.request_effect", writes=False)
    def request_effect(self, tx: Transaction, request_id: int) -> Effect:
        """Tell what a request would mean for the plan; nothing is written.

        Raises NotFound, RuleBroken for a change in a stage that is over.
        """
        row = request_row(tx, request_id)
        stored = plan_row(tx, row["plan_id"])
        missing = Missing(tx, stored, [row["person_id"]])
        touched = _touched(tx, stored, row, missing)
        if row["kind"] == RequestKind.ABSENCE:
            return _without(load(tx, stored), row, touched, missing)
        return _elsewhere(tx, stored, row, touched)

    @verb("rotation.approve_request", writes=True)
    def approve_request(
        self,
        tx: Transaction,
        request_id: int,
        *,
        version: int | None = None,
        answer: str | None = None,
        decided_by: str | None = None,
    ) -> Decided:
        """Approve a request and return which published placements have to change; none of them does by itself.

        Leave becomes an absence with the same reason, sealed as it was. A change fixes the person at the place asked
        for, or bars the present team where any other would do: planning anew and moving by hand keep to it.
        `decided_by` names who decides where no account does; an account decides in its own name. `answer` is stored
        encrypted; `version` is the request's as it was read, None: as it stands. Raises RuleBroken for a request that
        is settled, or leaves no team for another, or without a name, Forbidden for who has asked for it or is its
        subject, StaleRecord, NotFound.
        """
        row = request_row(tx, request_id)
        name = _decider(tx, row, Step.APPROVE, decided_by)
        if row["stage_number"] is not None and row["ends_on"] <= tx.today:
            raise RuleBroken(_("Stage {number} is over.").format(number=row["stage_number"]), field="stage")
        stored = plan_row(tx, row["plan_id"], lock=True)
        place = wanted_place(row)
        if row["kind"] == RequestKind.CHANGE and place is None and row["present_team_id"] is None:
            raise RuleBroken(
                _("It is not said which team is to be left: send the request back, and have a team named."),
                field="stage",
            )
        touched = _touched(tx, stored, row, Missing(tx, stored, [row["person_id"]]))
        fresh = settle(tx, row, Step.APPROVE, version=version, by=name, answer=sealed(tx, answer, field=ANSWER))
        if row["kind"] == RequestKind.ABSENCE:
            days = row["starts_on"], row["ends_on"]
            absence = note_absence(tx, row["person_id"], days, row["reason"], row["recorded_by"])
            touch(tx, stored)
            return Decided(fresh, touched, stored["name"], absence)
        if place is not None:
            fix(tx, stored, row["person_id"], row["stage_number"], place)
        else:
            fixed = fixed_at(tx, stored, row["person_id"], row["stage_number"])
            if fixed is not None and fixed.team_id == row["present_team_id"]:
                fix(tx, stored, row["person_id"], row["stage_number"], None)
            else:
                touch(tx, stored)
        return Decided(fresh, touched, stored["name"], fixes=_fixes(tx, row))

    @verb("rotation.return_request", writes=True)
    def return_request(
        self,
        tx: Transaction,
        request_id: int,
        answer: str,
        *,
        version: int | None = None,
        decided_by: str | None = None,
    ) -> int:
        """Send a request back with the reason and return its version; errors are those of `approve_request`.

        Raises RuleBroken without a reason.
        """
        row = request_row(tx, request_id)
        name = _decider(tx, row, Step.RETURN, decided_by)
        if not answer.strip():
            raise RuleBroken(_("Say why it is sent back."), field=ANSWER)
        return settle(tx, row, Step.RETURN, version=version, by=name, answer=sealed(tx, answer, field=ANSWER))

    @verb("rotation.revoke_request", writes=True)
    def revoke_request(
        self,
        tx: Transaction,
        request_id: int,
        answer: str,
        *,
        version: int | None = None,
        decided_by: str | None = None,
    ) -> int:
        """Revoke an approval with the reason and return the request's version: it waits for a decision again.

        The absence that was written down for it is forgotten, or the person no longer fixed at the place; a team is
        barred no more. Where a change of the same stage was approved before, that one holds again. What is published
        stays as it is. Errors are those of `approve_request`, of a request that is not approved RuleBroken; RuleBroken
        without a reason.
        """
        row = request_row(tx, request_id)
        name = _decider(tx, row, Step.REVOKE, decided_by)
        if not answer.strip():
            raise RuleBroken(_("Say why the approval is revoked."), field=ANSWER)
        stored = plan_row(tx, row["plan_id"], lock=True)
        person_id, stage = row["person_id"], row["stage_number"]
        last = approved_changes(tx, stored["id"]).get((person_id, stage))
        fresh = settle(tx, row, Step.REVOKE, version=version, by=name, answer=sealed(tx, answer, field=ANSWER))
        if row["kind"] == RequestKind.ABSENCE:
            forget_leave(tx, person_id, (row["starts_on"], row["ends_on"]), row["reason"])
        elif last is not None and last["id"] == row["id"]:
            fixed, before = fixed_at(tx, stored, person_id, stage), approved_changes(tx, stored["id"])
            if fixed == wanted_place(row):
                former = before.get((person_id, stage))
                fix(tx, stored, person_id, stage, None if former is None else wanted_place(former))
        touch(tx, plan_row(tx, stored["id"]))
        return fresh


def _decider(tx: Transaction, row: Row, step: Step, decided_by: str | None) -> str:
    """The name of who decides. Raises RuleBroken, Forbidden."""
    name = (decided_by or "").strip()
    if tx.actor != SYSTEM:
        own = acting_name(tx)
        if name not in ("", own):
            raise Forbidden(_("An account decides in its own name."))
        name = own
    elif not name:
        raise RuleBroken(_("Say who decides."), field="name")
    told = objection(step, RequestState(row["state"]), part_of(tx, row, name))
    if told is not None:
        due = RequestState.APPROVED if step == Step.REVOKE else RequestState.PENDING
        raise (RuleBroken if row["state"] != due else Forbidden)(told)
    return name


def _touched(tx: Transaction, stored: Row, row: Row, missing: Missing) -> tuple[str, ...]:
    """The published placements that a request would have changed, in words."""
    rows = contradicting(row, standing_of(tx, stored["id"], [row["person_id"]]), missing, asked=True)
    names = Names(tx, rows)
    return tuple(placement_words(names, one) for one in rows)


def _without(loaded: Loaded, row: Row, touched: tuple[str, ...], missing: Missing) -> Effect:
    """What it would mean to take the placements of an absence away."""
    problem, person_id, span = loaded.problem, row["person_id"], (row["starts_on"], row["ends_on"])
    learner = problem.learner[person_id]
    away = missing.with_leave(learner, span)
    asked = replace(problem, learners=tuple(away if one is learner else one for one in problem.learners))
    gone = missing.stages(person_id, span, asked=True)
    plan = loaded.numbers.numbered(loaded.current)
    taken = [one for one in plan if one.person_id == person_id and one.stage in gone]
    if not taken:
        return Effect(touched, cost=0.0)
    rest = [one for one in plan if one not in taken]
    tied = {
        one for pair in problem.pairs if person_id in (pair.first, pair.second) for one in (pair.first, pair.second)
    }
    teams = {problem.site[one.site_id].team_id for one in taken}
    before = judge(problem, plan, people={person_id, *tied}, teams=teams)
    after = judge(asked, rest, people={person_id, *tied}, teams=teams)
    was, now = Counter(before.violations), Counter(after.violations)
    broken = list((now - was).elements())
    told = [
        Violation(away.gate(day), 1, (person_id,), stage=one.stage, detail=day.isoformat()).sentence(asked)
        for one in taken
        for day in [problem.stage[one.stage].starts_on]
        if learner.is_safe(day) and not away.is_safe(day)
    ]
    return Effect(
        touched,
        breaks=_sentences([*told, *(one.sentence(asked) for one in broken)]),
        mends=_sentences([one.sentence(problem) for one in (was - now).elements()]),
        cost=round(after.weighed - before.weighed, 3),
        allowed=not any(problem.terms.weight(one.rule) is None for one in broken),
    )


def _elsewhere(tx: Transaction, stored: Row, row: Row, touched: tuple[str, ...]) -> Effect:
    """What the place asked for would mean, or the cheapest other one, with what the approval would fix and set free."""
    person_id, stage, wished = row["person_id"], row["stage_number"], wanted_place(row)
    if wished is not None:
        require_place(tx, wished)
    slot_rows(tx, stored, person_id, stage)
    loaded = load(tx, stored, wanted=() if wished is None else [wished])
    places = loaded.numbers.meant(wished) if wished is not None else _fixed_elsewhere(loaded, row)
    others = weighed(loaded.freed(person_id, stage), person_id, stage, places)
    if wished is None:
        others = [one for one in others if one.allowed and one.place.team_id != row["present_team_id"]]
    if not others:
        return Effect(touched, breaks=(_("No other place is allowed for the person in this stage."),), allowed=False)
    found = others[0]
    there: Row = {"person_id": person_id, "mentor_id": None, **found.place.columns()}
    place = place_words(Names(tx, [there]), there)
    # What was fixed, or to be left, is asked for no more.
    now = violations(loaded.problem, loaded.numbers.numbered(loaded.current), people={person_id}, teams=())
    kept = [one.sentence(loaded.problem) for one in now if one.rule == Rule.PIN and one.stage == stage]
    mends = _sentences([*kept, *found.mends])
    return Effect(touched, found.breaks, mends, found.cost, place, found.allowed, _fixes(tx, row))


def _fixed_elsewhere(loaded: Loaded, row: Row) -> list[Place]:
    """Where somebody who is to leave a team is fixed at another one in the stage: that stays so."""
    sites = loaded.problem.pinned.get((row["person_id"], row["stage_number"]), ())
    places = [loaded.numbers.places[site_id] for site_id in sites]
    return [place for place in places if place.team_id != row["present_team_id"]]


def _fixes(tx: Transaction, row: Row) -> str | None:
    """The place at which approving a request fixes the person; None where it bars a place instead."""
    place = wanted_place(row)
    if place is None:
        return None
    there: Row = {"person_id": row["person_id"], "mentor_id": None, **place.columns()}
    return place_words(Names(tx, [there]), there)


def _sentences(told: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(told))
