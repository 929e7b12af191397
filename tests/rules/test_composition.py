"""The composition rules, as DOMAIN tells them, and what must be true of them for any history."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svclib.rules.composition import (
    UNDATED,
    Figures,
    Judgement,
    Limits,
    Rule,
    Span,
    TeamHistory,
    broken_since,
    changed,
    figures_on,
    judge,
    known_from,
    members_on,
)

LIMITS = Limits(member_share_min=0.60, count_probationary=True, size_min=8, size_max=16)
DAY = date(2026, 8, 20)
START = date(2026, 1, 1)
STATUSES = ("member", "probationary", "league", "masses")


def figures(statuses: dict[str | None, int], **values: object) -> Figures:
    known = {
        "captain": 1,
        "captain_status": "member",
        "heads": frozenset({"party_head", "admin_head"}),
        "has_party_body": True,
        "has_phone": True,
    }
    return Figures(members=statuses, **(known | values))  # type: ignore[arg-type]


def judged(found: Figures, limits: Limits = LIMITS) -> dict[Rule, Judgement]:
    return {judgement.rule: judgement for judgement in judge(found, limits)}


def test_a_team_that_has_everything_breaks_no_rule_and_says_nothing() -> None:
    found = judged(figures({"member": 6, "masses": 4}))
    assert list(found) == list(Rule)
    assert all(judgement.holds and judgement.sentence == "" for judgement in found.values())


def test_exactly_the_limit_is_enough_and_one_less_is_not() -> None:
    assert judged(figures({"member": 6, "masses": 4}))[Rule.MEMBER_SHARE].holds
    short = judged(figures({"member": 5, "masses": 5}))[Rule.MEMBER_SHARE]
    assert (short.figure, short.limit, short.holds) == (0.5, 0.6, False)
    assert short.sentence == "队员 10 人中党员 5 人，占 50 %，低于 60 %。"


@pytest.mark.parametrize("size", range(1, 60))
def test_the_share_at_the_limit_never_fails_by_rounding(size: int) -> None:
    for party in range(size + 1):
        limits = Limits(round(party / size, 12), True, 1, 99)
        share = judged(figures({"member": party, "masses": size - party}), limits)[Rule.MEMBER_SHARE]
        assert share.holds == (party / size >= limits.member_share_min)


def test_a_share_just_under_the_limit_does_not_read_as_the_limit() -> None:
    found = judged(figures({"member": 5997, "masses": 4003}), Limits(0.60, True, 1, 99_999))[Rule.MEMBER_SHARE]
    assert not found.holds
    assert "59.9 %" in found.figure_text


def test_probationary_members_count_as_the_office_has_set_it() -> None:
    mixed = figures({"member": 5, "probationary": 1, "league": 4}, captain_status="probationary")
    strict = Limits(0.60, False, 8, 16)
    assert judged(mixed)[Rule.MEMBER_SHARE].holds
    assert judged(mixed)[Rule.CAPTAIN_MEMBER].holds
    assert not judged(mixed, strict)[Rule.MEMBER_SHARE].holds
    assert not judged(mixed, strict)[Rule.CAPTAIN_MEMBER].holds


def test_an_empty_team_has_no_share_rather_than_a_share_of_nothing() -> None:
    found = judged(figures({}, captain=None, captain_status=None))
    assert found[Rule.MEMBER_SHARE].figure is None
    assert not found[Rule.MEMBER_SHARE].holds
    assert found[Rule.SIZE].figure == 0


@pytest.mark.parametrize(("size", "limit", "holds"), [(7, 8, False), (8, 8, True), (16, 8, True), (17, 16, False)])
def test_a_team_has_eight_to_sixteen_members(size: int, limit: float, holds: bool) -> None:
    found = judged(figures({"member": size}))[Rule.SIZE]
    assert (found.figure, found.limit, found.holds, found.limit_text) == (size, limit, holds, "8–16")


@pytest.mark.parametrize(
    ("values", "rule", "sentence"),
    [
        ({"captain": None, "captain_status": None}, Rule.CAPTAIN, "没有队长。"),
        ({"captain_status": "league"}, Rule.CAPTAIN_MEMBER, "队长不是党员，政治面貌为：共青团员。"),
        ({"captain_status": None}, Rule.CAPTAIN_MEMBER, "队长的政治面貌未登记。"),
        ({"has_party_body": False}, Rule.PARTY_BODY, "没有自己的党支部或党小组。"),
        ({"has_phone": False}, Rule.SUPERVISION_PHONE, "未公布监督电话。"),
        ({"heads": frozenset({"party_head"})}, Rule.FIRST_RESPONSIBLE, "未明确：第一责任人（行政）。"),
    ],
)
def test_what_is_missing_is_said_in_a_sentence(values: dict[str, object], rule: Rule, sentence: str) -> None:
    found = judged(figures({"member": 10}, **values))[rule]
    assert (found.figure, found.limit, found.holds) == (0.0, 1.0, False)
    assert found.sentence == sentence


def test_a_team_without_captain_breaks_one_rule_and_not_two() -> None:
    found = judged(figures({"member": 10}, captain=None, captain_status=None))
    assert [rule for rule, one in found.items() if not one.holds] == [Rule.CAPTAIN]
    member = found[Rule.CAPTAIN_MEMBER]
    assert (member.figure, member.figure_text, member.sentence) == (None, "不适用", "")


# Any history ----------------------------------------------------------------------------------------------------


def days() -> st.SearchStrategy[date]:
    return st.integers(0, 60).map(lambda n: START + timedelta(days=n))


@st.composite
def runs(draw: st.DrawFn, person_id: int, codes: tuple[str, ...]) -> list[Span]:
    """A dated history without overlaps: some days, a period between each two, the last one perhaps open."""
    turns = sorted(draw(st.lists(days(), max_size=4, unique=True)))
    last = draw(st.booleans())
    ends = [*turns[1:], None] if last else turns[1:]
    return [
        Span(person_id, starts, ends_on, draw(st.sampled_from(codes)))
        for starts, ends_on in zip(turns, ends, strict=False)
        if draw(st.booleans())
    ]


@st.composite
def histories(draw: st.DrawFn) -> TeamHistory:
    people = range(1, draw(st.integers(1, 6)) + 1)

    def gathered(codes: tuple[str, ...]) -> tuple[Span, ...]:
        return tuple(span for person_id in people for span in draw(runs(person_id, codes)))

    offices = tuple(
        Span(draw(st.sampled_from(list(people))), span.starts_on, span.ends_on, office)
        for office in ("captain", "party_head", "admin_head")
        for span in draw(runs(1, (office,)))
    )
    return TeamHistory(
        team_id=7,
        founded_on=draw(days()),
        has_party_body=draw(st.booleans()),
        has_phone=draw(st.booleans()),
        stays=gathered(("",)),
        statuses=gathered(STATUSES),
        trainings=tuple(span for span in gathered(("",)) if span.ends_on is not None),
        offices=offices,
    )


SMALL = Limits(member_share_min=0.60, count_probationary=True, size_min=2, size_max=4)


def day_by_day(history: TeamHistory, rule: Rule, day: date) -> date | None:
    since = None
    while day >= known_from(history):
        if judged(figures_on(history, day), SMALL)[rule].holds:
            break
        since, day = day, day - timedelta(days=1)
    return since


def since_when(history: TeamHistory, rule: Rule, day: date, limits: Limits) -> date | None:
    return broken_since(history, [rule], day, limits)[rule]


@given(histories(), days())
def test_since_is_what_going_back_day_by_day_finds(history: TeamHistory, day: date) -> None:
    expected = {rule: None if rule in UNDATED else day_by_day(history, rule, day) for rule in Rule}
    assert broken_since(history, list(Rule), day, SMALL) == expected


def test_a_rule_broken_from_the_start_is_broken_since_the_founding() -> None:
    team = TeamHistory(7, START, True, True, stays=(Span(1, START),))
    assert since_when(team, Rule.CAPTAIN, DAY, LIMITS) == START
    assert since_when(team, Rule.PARTY_BODY, DAY, LIMITS) is None


def test_nothing_is_claimed_of_the_time_before_the_first_record() -> None:
    recorded = START + timedelta(days=30)
    team = TeamHistory(7, START, True, True, stays=(Span(1, recorded),))
    assert since_when(team, Rule.SIZE, DAY, LIMITS) == recorded


def test_a_day_on_which_the_rule_held_begins_the_run_anew() -> None:
    offices = (
        Span(1, START, START + timedelta(days=5), "captain"),
        Span(1, date(2026, 3, 1), date(2026, 3, 2), "captain"),
    )
    team = TeamHistory(7, START, True, True, stays=(Span(1, START),), offices=offices)
    assert since_when(team, Rule.CAPTAIN, DAY, LIMITS) == date(2026, 3, 2)
    assert since_when(team, Rule.CAPTAIN, date(2026, 2, 1), LIMITS) == date(2026, 1, 6)


@given(histories(), days())
def test_removing_who_is_no_party_member_never_lowers_the_share(history: TeamHistory, day: date) -> None:
    def share(team: TeamHistory) -> float | None:
        return judged(figures_on(team, day), SMALL)[Rule.MEMBER_SHARE].figure

    before = share(history)
    for person_id in members_on(history, day):
        if not SMALL.is_party_member(history.status_of(person_id, day)):
            after = share(changed(history, day, leaving=[person_id]))
            assert before is not None
            assert after is None or after >= before


@given(histories(), days())
def test_the_size_is_the_number_of_those_in_the_team_who_are_not_trainees(history: TeamHistory, day: date) -> None:
    away = {span.person_id for span in history.trainings if span.covers(day)}
    here = {span.person_id for span in history.stays if span.covers(day)}
    assert figures_on(history, day).size == len(here - away) == len(members_on(history, day))


@given(histories(), days(), st.sets(st.integers(1, 6)))
def test_who_leaves_is_out_from_that_day_on_and_nothing_before_changes(
    history: TeamHistory, day: date, leaving: set[int]
) -> None:
    after = changed(history, day, leaving=leaving)
    for later in (day, day + timedelta(days=30)):
        assert members_on(after, later) == members_on(history, later) - leaving
        assert figures_on(after, later).captain not in leaving
    assert figures_on(after, day - timedelta(days=1)) == figures_on(history, day - timedelta(days=1))


@given(histories(), days(), st.integers(1, 9))
def test_who_joins_is_in_from_that_day_on_and_out_of_any_other_team(
    history: TeamHistory, day: date, person_id: int
) -> None:
    trains = person_id in {span.person_id for span in history.trainings if span.covers(day)}
    here, elsewhere = changed(history, day, joining=[(person_id, 7)]), changed(history, day, joining=[(person_id, 8)])
    assert (person_id in members_on(here, day)) == (not trains)
    assert person_id not in members_on(elsewhere, day)


def spans(history: TeamHistory) -> Iterator[Span]:
    yield from (*history.stays, *history.offices)


@given(histories(), days(), st.sets(st.integers(1, 6)))
def test_a_foreseen_change_leaves_no_empty_period(history: TeamHistory, day: date, leaving: set[int]) -> None:
    assert all(
        span.ends_on is None or span.ends_on > span.starts_on for span in spans(changed(history, day, leaving=leaving))
    )
