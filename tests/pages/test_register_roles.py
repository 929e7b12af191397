"""Each role finds on the register's page what it may see and do, and nothing that it may not."""

from __future__ import annotations

from typing import Any

import pytest

from svclib.models import Role
from svclib.pages import RegisterPage
from svclib.workspace import Workspace
from svclib.workspace.identity import by_name
from tests.pages.conftest import Send

Scopes = dict[Role, dict[str, int]]


@pytest.fixture
def scopes(demo: Workspace) -> Scopes:
    """A place in the demo province for each role: the team with trainees, its unit, its branch, somebody in it."""
    teams = demo.register.teams()
    team = teams[teams["party_body_id"].notna()].iloc[0]
    people = demo.register.people()
    trainee = people[people["intake"].notna() & (people["unit_id"] == team["unit_id"])].iloc[0]
    unit = {"unit_id": int(team["unit_id"])}
    captain = {"team_id": int(team["id"])}
    return {
        Role.HR: unit,
        Role.SECRETARY: {"party_body_id": int(team["party_body_id"])},
        Role.CAPTAIN: captain,
        Role.MENTOR: {"person_id": int(team["captain_id"])},
        Role.TRAINEE: {"person_id": int(trainee["id"])},
        Role.SAFETY: unit,
        Role.LEADER: unit,
        Role.ANALYST: {},
        Role.AUDITOR: {},
        Role.ADMINISTRATOR: {},
    }


def opened(demo: Workspace, role: Role, scopes: Scopes) -> RegisterPage:
    """The page as an account of this role opens it."""
    demo.access.add_user(f"some-{role.value}", role.value, display_name="某人", **scopes[role])
    page = RegisterPage(Workspace(demo.settings, identity=by_name(f"some-{role.value}"), engine=demo.engine))
    assert page.problem == ""
    return page


def shown(page: RegisterPage) -> dict[str, Any]:
    """What of the page a role may or may not have."""
    return {
        "views": [one["id"] for one in page.frame["views"]],
        "cards": len(page.cards),
        "filters": [one["key"] for one in page.listing["filters"]],
        "adds": page.listing["adds"],
        "exports": page.listing["exports"],
        "opens": page.listing["opens"],
    }


def test_each_role_has_its_own_views_cards_filters_and_buttons(demo: Workspace, scopes: Scopes) -> None:
    nothing = {"adds": False, "exports": False}
    expected = {
        Role.HR: {
            "views": ["people", "composition", "import"],
            "cards": 5,
            "filters": ["status", "stage", "team"],
            **{"adds": True, "exports": True, "opens": True},
        },
        Role.SECRETARY: {
            "views": ["people", "composition", "import"],
            "cards": 5,
            "filters": ["status", "stage", "team"],
            **nothing | {"opens": True},
        },
        Role.CAPTAIN: {
            "views": ["people", "composition"],
            "cards": 5,
            "filters": ["status", "team"],
            **nothing | {"opens": True},
        },
        Role.MENTOR: {"views": ["people"], "cards": 0, "filters": [], **nothing | {"opens": True}},
        Role.TRAINEE: {"views": ["people"], "cards": 0, "filters": [], **nothing | {"opens": True}},
        Role.SAFETY: {"views": ["people", "import"], "cards": 0, "filters": [], **nothing | {"opens": True}},
        Role.LEADER: {
            "views": ["people", "composition"],
            "cards": 5,
            "filters": ["team"],
            **nothing | {"opens": True},
        },
    }
    for role, what in expected.items():
        assert shown(opened(demo, role, scopes)) == what, role


def test_hidden_columns_are_not_even_offered(demo: Workspace, scopes: Scopes) -> None:
    columns = {
        role: {one["key"] for one in opened(demo, role, scopes).listing["columns"]}
        for role in (Role.HR, Role.CAPTAIN, Role.SAFETY)
    }
    assert columns[Role.HR] - columns[Role.CAPTAIN] == {
        *("stage", "trainee_kind", "birth_date", "education", "school", "major", "phone"),
    }
    assert columns[Role.CAPTAIN] - columns[Role.SAFETY] == {"status", "branch", "party_joined_on"}


def test_the_panel_offers_only_what_the_role_can_do(demo: Workspace, scopes: Scopes, send: Send) -> None:
    acts = {}
    for role in (Role.HR, Role.SECRETARY, Role.CAPTAIN):
        page = opened(demo, role, scopes)
        send(page, "open_row", id=page.listing["rows"][0]["id"])
        acts[role] = [one["act"] for one in page.panel["actions"]]
        masked = [fact["key"] for group in page.panel["facts"] for fact in group["items"] if fact["masked"]]
        assert bool(masked) is (role == Role.HR)
    assert acts[Role.HR] == ["edit", "transfer", "join", "leave", "status", "stage", "captain", "end"]
    assert acts[Role.SECRETARY] == ["status", "stage"]
    assert acts[Role.CAPTAIN] == []


def test_a_button_that_is_not_shown_does_nothing_when_it_is_pressed_by_hand(
    demo: Workspace, scopes: Scopes, send: Send
) -> None:
    page = opened(demo, Role.CAPTAIN, scopes)
    person = page.listing["rows"][0]["id"]
    stranger = int(demo.register.people().query(f"unit_id != {scopes[Role.HR]['unit_id']}")["id"].iloc[0])
    send(page, "open_row", id=person)
    for event, data in (
        ("add_person", {}),
        ("open_form", {"form": "edit"}),
        ("open_form", {"form": "transfer"}),
        ("reveal_field", {"field": "phone"}),
        ("export_list", {}),
        ("export_composition", {}),
        ("choose_view", {"view": "import"}),
        ("undo_import", {"run": 1}),
        ("open_person", {"id": stranger}),
        ("filter_list", {"key": "stage", "chosen": ["activist"]}),
    ):
        send(page, event, refused=True, **data)
        assert page.panel is None or page.panel["form"] is None
    assert page.file_sent == {} or not page.file_sent


def test_the_leader_sees_no_name_but_in_a_list_asked_for(demo: Workspace, scopes: Scopes, send: Send) -> None:
    page = opened(demo, Role.LEADER, scopes)
    assert page.listing["title"] == "服务队"
    send(page, "press_card", card="members")
    assert page.listing["title"] == "队员"
    assert not page.listing["opens"]
    send(page, "press_card", card="members")
    assert page.listing["title"] == "服务队"
    send(page, "open_row", id=page.listing["rows"][0]["id"])
    assert page.panel["people"]["opens"] is False


def test_the_page_says_who_acts_and_within_what(demo: Workspace, scopes: Scopes) -> None:
    page = opened(demo, Role.CAPTAIN, scopes)
    team = demo.register.teams().set_index("id").loc[scopes[Role.CAPTAIN]["team_id"], "short_name"]
    assert (page.frame["actor"], page.frame["role"]) == ("某人", f"队长 · {team}")
    assert [one["label"] for one in page.frame["units"]] == ["本人职责范围"]


def test_roles_that_have_nothing_to_do_with_the_register_are_told_so(demo: Workspace, scopes: Scopes) -> None:
    for role in (Role.ANALYST, Role.AUDITOR, Role.ADMINISTRATOR):
        page = opened(demo, role, scopes)
        assert page.frame["view"] == "closed"
        assert page.frame["views"] == page.cards == []
        assert "units" not in page.frame
        assert page.listing == {}


def test_a_trainee_finds_the_own_record_open(demo: Workspace, scopes: Scopes) -> None:
    page = opened(demo, Role.TRAINEE, scopes)
    assert page.panel["id"] == scopes[Role.TRAINEE]["person_id"]
    assert page.listing["total"] == 1


def test_a_branch_without_a_team_has_no_figures_about_teams(demo: Workspace, scopes: Scopes) -> None:
    bodies = demo.register.bodies()
    with_team = set(demo.register.teams()["party_body_id"].dropna())
    people = demo.register.people()
    names = set(people[people["intake"].notna()]["branch"].dropna())
    lone = bodies[~bodies["id"].isin(with_team) & bodies["name"].isin(names)].iloc[0]
    page = opened(demo, Role.SECRETARY, scopes | {Role.SECRETARY: {"party_body_id": int(lone["id"])}})
    assert [card["id"] for card in page.cards] == ["members", "trainees"]


def test_an_empty_list_says_why_to_somebody_who_cannot_fill_it(demo: Workspace, scopes: Scopes) -> None:
    page = opened(demo, Role.MENTOR, scopes)
    assert page.listing["empty"]["text"] == "师徒协议登记之后，您的徒弟会出现在这里。"
    assert page.listing["empty"]["acts"] == []


def test_the_import_offers_the_workbooks_that_the_role_keeps(demo: Workspace, scopes: Scopes, send: Send) -> None:
    offered = {}
    for role in (Role.HR, Role.SECRETARY, Role.SAFETY):
        page = opened(demo, role, scopes)
        send(page, "choose_view", view="import")
        offered[role] = [one["label"] for one in page.importing["forms"]]
    assert len(offered[Role.HR]) == 5
    assert offered[Role.SAFETY] == ["安全教育及安规考试成绩表"]
    assert set(offered[Role.SAFETY]) < set(offered[Role.HR])
    assert len(offered[Role.SECRETARY]) == 1
    assert not set(offered[Role.HR]) & set(offered[Role.SECRETARY])


def test_a_served_page_offers_to_log_out_below_its_path(
    demo: Workspace, scopes: Scopes, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert opened(demo, Role.CAPTAIN, scopes).frame["account"] is None
    monkeypatch.setenv("SVC_SERVED", "1")
    demo.settings = demo.settings.model_copy(update={"base_url": "/svc/"})
    account = opened(demo, Role.HR, scopes).frame["account"]
    assert (account["password"], account["logout"]) == ("/svc/password", "/svc/logout")
