"""Whether a plan's judgement may have changed by what was saved beside the plan."""

from __future__ import annotations

from svclib.models import Role
from tests.workspace.plan_year import PlanYear


def test_what_is_saved_of_the_register_is_heard_once(year: PlanYear) -> None:
    rotation = year.ws.rotation
    start = rotation.heard()
    assert start.changed
    assert not rotation.heard(start.number).changed
    year.ws.register.leave_team(year.members["a"][0], on="2026-09-15")
    later = rotation.heard(start.number)
    assert (later.changed, later.number > start.number) == (True, True)
    assert not rotation.heard(later.number).changed


def test_logins_unmasking_and_moves_are_no_news_of_the_register(year: PlanYear) -> None:
    since = year.ws.rotation.heard().number
    captain = year.as_role("captain", Role.CAPTAIN, team_id=year.teams["a"])
    year.ws.register.reveal(year.people["甲一"], "phone")
    heard = year.ws.rotation.heard(since)
    assert (heard.changed, heard.number > since) == (False, True)
    # Every role that is shown a plan hears it.
    assert not captain.rotation.heard(since).changed
    captain.close()


def test_a_trail_shorter_than_it_was_is_another_databases(year: PlanYear) -> None:
    assert year.ws.rotation.heard(10**9).changed
