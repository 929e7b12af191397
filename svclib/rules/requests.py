"""Requests of trainees (form 9): which step follows which, and who must not take it.

A request is filed, then approved or sent back by a named person, or taken back by who asked. An approval can be
revoked: the request waits for a decision again. What else is decided stays decided: a second thought is a second
request.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from svclib.codes import RequestState, label
from svclib.i18n import gettext as _
from svclib.rules.rotation import Stage


class Step(StrEnum):
    """What can be done with a request that is filed; `REVOKE`: with one that is approved."""

    APPROVE = "approve"
    REVOKE = "revoke"
    RETURN = "return"
    WITHDRAW = "withdraw"


_LEADS_TO = {
    Step.APPROVE: RequestState.APPROVED,
    Step.REVOKE: RequestState.PENDING,
    Step.RETURN: RequestState.RETURNED,
    Step.WITHDRAW: RequestState.WITHDRAWN,
}


def leads_to(step: Step) -> RequestState:
    """The state in which a step leaves a request."""
    return _LEADS_TO[step]


@dataclass(frozen=True, slots=True)
class Part:
    """What who acts has to do with a request: whether it is about them, whether they asked, whether they filed it."""

    about: bool
    asked: bool
    filed: bool


def objection(step: Step, state: RequestState, part: Part) -> str | None:
    """Say why somebody cannot take a step, in the user's language; None where it can be taken.

    Nobody decides about themselves, nor what they have asked for themselves. Only the person, and who has asked for it
    or filed it, take it back.
    """
    if step == Step.REVOKE:
        if state != RequestState.APPROVED:
            told = _("Only an approval can be revoked, and this request is in another state: {state}.")
            return told.format(state=label(state))
    elif state != RequestState.PENDING:
        told = _("This request is settled already: {state}. File a new one where something has changed.")
        return told.format(state=label(state))
    if step == Step.WITHDRAW:
        mine = part.about or part.asked or part.filed
        return None if mine else _("Only who has filed a request takes it back; others send it back with a reason.")
    if part.about:
        return _("Nobody decides about the own request.")
    if part.asked:
        return _("You have asked for this yourself: somebody else decides about it.")
    return None


def days_missed(stage: Stage, starts_on: date, ends_on: date) -> int:
    """How many days of a stage an absence takes (`ends_on` exclusive)."""
    return max(0, (min(ends_on, stage.ends_on) - max(starts_on, stage.starts_on)).days)


def stage_of_days(stages: Iterable[Stage], starts_on: date, ends_on: date) -> Stage | None:
    """The one stage in which these days lie (`ends_on` exclusive); None where they lie in none, or in several."""
    found = [one for one in stages if starts_on < one.ends_on and one.starts_on < ends_on]
    if len(found) != 1 or starts_on < found[0].starts_on or found[0].ends_on < ends_on:
        return None
    return found[0]


def touches_year(stages: Iterable[Stage], starts_on: date, ends_on: date) -> bool:
    """Whether any of these days (`ends_on` exclusive) belongs to a stage."""
    return any(days_missed(one, starts_on, ends_on) for one in stages)
