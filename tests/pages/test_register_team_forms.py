"""Forms about a team: its captain, its first persons responsible, its supervision phone."""

from __future__ import annotations

from typing import Any

import pytest

from svclib.pages import RegisterPage
from svclib.workspace import Workspace
from svclib.workspace.identity import by_name

from .conftest import Send


def rules(page: RegisterPage) -> dict[str, str]:
    """What the panel says of each rule."""
    return {rule["key"]: rule["word"] for rule in page.panel["rules"]}


def facts(page: RegisterPage) -> dict[str, str]:
    return {item["key"]: item["value"] for group in page.panel["facts"] for item in group["items"]}


def name_of(demo: Workspace, person_id: int) -> str:
    return str(demo.register.person(person_id).facts["name"])


def team_of(demo: Workspace, rule: str, *, holds: bool) -> int:
    """A team that keeps this rule, or does not."""
    judged = demo.register.composition()
    return int(judged.loc[(judged["rule"] == rule) & (judged["holds"] == holds), "team_id"].iloc[0])


def fill(page: RegisterPage, **values: Any) -> dict[str, Any]:
    form = page.panel["form"]
    return {"token": form["token"], "values": {**form["values"], **values}}


def choices(page: RegisterPage) -> list[int]:
    """Who can be chosen in the open form."""
    [field] = [one for one in page.panel["form"]["fields"] if one["key"] == "person_id"]
    return [option["id"] for option in field["options"]]


def test_a_supervision_phone_is_checked_saved_and_mends_the_rule(
    page: RegisterPage, send: Send, demo: Workspace
) -> None:
    send(page, "open_team", id=team_of(demo, "supervision_phone", holds=False))
    assert rules(page)["supervision_phone"] == "不符合"
    send(page, "open_form", form="supervision_phone")
    send(page, "save_form", **fill(page, supervision_phone="abc"))
    assert page.panel["form"]["errors"]["supervision_phone"]
    send(page, "save_form", **fill(page, supervision_phone="0817-800 0123"))
    assert page.panel["form"] is None
    assert rules(page)["supervision_phone"] == "符合"
    assert facts(page)["supervision_phone"] == "0817-8000123"
    assert page.frame["notice"]["text"].startswith("已保存：")


def test_a_captain_is_chosen_among_the_members_and_can_be_dismissed(
    page: RegisterPage, send: Send, demo: Workspace
) -> None:
    team_id = team_of(demo, "captain", holds=False)
    send(page, "open_team", id=team_id)
    dismiss = next(one for one in page.panel["actions"] if one["act"] == "dismiss")
    assert dismiss["blocker"] == "当日没有队长。"
    send(page, "open_form", form="dismiss", refused=True)
    send(page, "open_form", form="captain")
    size = demo.register.who(team_id, "size")
    assert sorted(choices(page)) == sorted(size.loc[size["counts"], "id"])
    chosen = choices(page)[0]
    send(page, "save_form", **fill(page, person_id=chosen))
    assert rules(page)["captain"] == "符合"
    send(page, "open_form", form="dismiss")
    assert name_of(demo, chosen) in page.panel["form"]["title"]
    send(page, "save_form", **fill(page, on="2026-09-01"))
    assert rules(page)["captain"] == "符合"
    send(page, "choose_scope", on="2026-09-01")
    assert rules(page)["captain"] == "不符合"


@pytest.mark.parametrize("office", ["party_head", "admin_head"])
def test_a_first_person_responsible_is_chosen_among_the_units_people_and_follows_the_one_before(
    page: RegisterPage, send: Send, demo: Workspace, office: str
) -> None:
    teams = demo.register.teams()
    team = teams[teams[office].notna()].iloc[0]
    send(page, "open_team", id=int(team["id"]))
    send(page, "open_form", form=office)
    assert str(team[office]) in page.panel["form"]["lead"]
    assert set(choices(page)) == set(demo.register.people(unit=int(team["unit_id"]))["id"])
    chosen = next(one for one in choices(page) if one != team[f"{office}_id"])
    send(page, "save_form", **fill(page, person_id=None))
    assert page.panel["form"]["errors"]["person_id"]
    send(page, "save_form", **fill(page, person_id=chosen))
    assert facts(page)[office] == name_of(demo, chosen)


def test_a_phone_that_somebody_else_saved_meanwhile_is_shown_beside_the_own(
    page: RegisterPage, send: Send, demo: Workspace
) -> None:
    team_id = team_of(demo, "supervision_phone", holds=True)
    send(page, "open_team", id=team_id)
    send(page, "open_form", form="supervision_phone")
    teams = demo.register.teams()
    version = int(teams.loc[teams["id"] == team_id, "version"].iloc[0])
    demo.register.edit_team(team_id, {"supervision_phone": "95598"}, version=version)
    send(page, "save_form", **fill(page, supervision_phone="028-12345678"))
    [field] = page.panel["stale"]["fields"]
    assert (field["label"], field["theirs"], field["mine"]) == ("监督电话", "95598", "028-12345678")
    send(page, "settle_stale", choices={"supervision_phone": "mine"})
    assert facts(page)["supervision_phone"] == "028-12345678"


def test_a_teams_form_with_a_draft_is_open_again_after_a_refresh(
    page: RegisterPage, send: Send, demo: Workspace
) -> None:
    send(page, "open_team", id=team_of(demo, "supervision_phone", holds=True))
    send(page, "open_form", form="supervision_phone")
    send(page, "keep_draft", **fill(page, supervision_phone="028-1234567"))
    again = RegisterPage(demo)
    assert again.panel["kind"] == "team"
    assert again.panel["form"]["values"]["supervision_phone"] == "028-1234567"
    send(again, "discard_draft")
    assert again.panel["form"]["values"]["supervision_phone"] != "028-1234567"
    send(again, "close_form")
    assert (again.panel["kind"], again.panel["form"]) == ("team", None)


def test_who_may_only_read_a_team_is_offered_nothing_to_change(page: RegisterPage, send: Send, demo: Workspace) -> None:
    team_id = team_of(demo, "captain", holds=True)
    demo.access.add_user("some-captain", "captain", display_name="某人", team_id=team_id)
    reading = RegisterPage(Workspace(demo.settings, identity=by_name("some-captain"), engine=demo.engine))
    send(reading, "choose_view", view="composition")
    send(reading, "open_team", id=team_id)
    assert reading.panel["actions"] == []
    send(reading, "open_form", form="supervision_phone", refused=True)
    send(page, "open_team", id=team_id)
    offered = [one["act"] for one in page.panel["actions"]]
    assert offered == ["captain", "supervision_phone", "party_head", "admin_head", "dismiss"]
