"""Requests: each is settled once, by somebody else, and about the stage that it names."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svclib.models import RequestState
from svclib.rules.requests import Part, Step, days_missed, leads_to, objection, stage_of_days, touches_year
from svclib.rules.rotation import Stage

YEAR = (
    Stage(1, date(2026, 9, 1), date(2026, 11, 1)),
    Stage(2, date(2026, 11, 1), date(2026, 12, 1)),
    Stage(3, date(2027, 1, 4), date(2027, 3, 1)),
)
DECISIONS = [step for step in Step if step != Step.REVOKE]
STRANGER = Part(about=False, asked=False, filed=False)
DAYS = st.dates(date(2026, 8, 1), date(2027, 4, 1))
PARTS = st.builds(Part, about=st.booleans(), asked=st.booleans(), filed=st.booleans())


@pytest.mark.parametrize("step", [Step.APPROVE, Step.RETURN])
def test_nobody_decides_about_the_own_request(step: Step) -> None:
    assert objection(step, RequestState.PENDING, STRANGER) is None
    assert "本人" in (objection(step, RequestState.PENDING, Part(about=True, asked=False, filed=False)) or "")
    assert "他人" in (objection(step, RequestState.PENDING, Part(about=False, asked=True, filed=True)) or "")


def test_who_has_only_written_a_trainees_paper_down_may_decide_about_it() -> None:
    assert objection(Step.APPROVE, RequestState.PENDING, Part(about=False, asked=False, filed=True)) is None


def test_a_request_is_taken_back_by_who_asked_or_filed_it_and_nobody_else() -> None:
    assert objection(Step.WITHDRAW, RequestState.PENDING, STRANGER) is not None
    for part in (Part(True, False, False), Part(False, True, False), Part(False, False, True)):
        assert objection(Step.WITHDRAW, RequestState.PENDING, part) is None


@given(st.sampled_from(DECISIONS), st.sampled_from(DECISIONS), PARTS)
def test_what_is_settled_stays_settled(first: Step, second: Step, part: Part) -> None:
    assert objection(second, leads_to(first), part) is not None


@given(st.sampled_from(DECISIONS), PARTS)
def test_an_approval_alone_can_be_revoked_and_by_whoever_might_have_given_it(first: Step, part: Part) -> None:
    may_approve = objection(Step.APPROVE, RequestState.PENDING, part) is None
    revocable = objection(Step.REVOKE, leads_to(first), part) is None
    assert revocable == (first == Step.APPROVE and may_approve)
    assert leads_to(Step.REVOKE) == RequestState.PENDING


@given(PARTS)
def test_what_may_be_approved_may_be_sent_back_and_the_other_way_round(part: Part) -> None:
    approve, back = (objection(step, RequestState.PENDING, part) for step in (Step.APPROVE, Step.RETURN))
    assert approve == back
    assert (approve is None) == (not part.about and not part.asked)


@pytest.mark.parametrize(
    ("first", "after", "stage"),
    [
        (date(2026, 9, 1), date(2026, 11, 1), 1),
        (date(2026, 11, 1), date(2026, 11, 2), 2),
        (date(2026, 10, 31), date(2026, 11, 2), None),
        (date(2026, 12, 1), date(2027, 1, 4), None),
        (date(2027, 2, 27), date(2027, 3, 2), None),
    ],
)
def test_days_are_of_a_stage_when_all_of_them_lie_in_it(first: date, after: date, stage: int | None) -> None:
    found = stage_of_days(YEAR, first, after)
    assert (found.number if found else None) == stage


@given(DAYS, st.integers(1, 120))
def test_days_missed_are_counted_like_a_calendar_does(first: date, length: int) -> None:
    after = first + timedelta(days=length)
    for stage in YEAR:
        days = [first + timedelta(days=n) for n in range(length)]
        assert days_missed(stage, first, after) == sum(stage.starts_on <= day < stage.ends_on for day in days)
    assert touches_year(YEAR, first, after) == any(days_missed(stage, first, after) for stage in YEAR)
    found = stage_of_days(YEAR, first, after)
    assert found is None or days_missed(found, first, after) == length
