"""The register's list: what it shows is what was asked for, and it says so."""

from __future__ import annotations

import re
from typing import Any

import pytest

from svclib.models import PoliticalStatus
from svclib.pages import RegisterPage
from svclib.pages.register.listing import ListState
from svclib.pages.register.scope import Scope
from svclib.tabular import read_tables
from svclib.workspace import Workspace

from .conftest import Send


def card(page: RegisterPage, name: str) -> dict[str, Any]:
    return next(one for one in page.cards if one["id"] == name)


def texts(value: Any) -> list[str]:
    """Every text in what is sent to the screen, keys and codes left out."""
    silent = {
        "icon",
        "tone",
        "act",
        "id",
        "key",
        "kind",
        "sort",
        "lang",
        "data",
        "language",
        "view",
        "place",
        "form",
        "find",
        "step",
    }
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [one for key, inner in value.items() if key not in silent for one in texts(inner)]
    return [one for inner in value for one in texts(inner)] if isinstance(value, list) else []


def test_opens_with_five_figures_and_ten_people_of_the_whole_province(page: RegisterPage) -> None:
    assert [one["id"] for one in page.cards] == ["teams", "stations", "members", "trainees", "broken"]
    assert card(page, "teams")["figure"] == "28"
    assert card(page, "stations")["figure"] == "320"
    assert len(page.listing["rows"]) == 10
    assert page.listing["sentence"].startswith("全省 · 全部人员 · 共 ")


@pytest.mark.parametrize("name", ["teams", "stations", "members", "trainees", "broken"])
def test_a_card_lists_exactly_as_many_rows_as_it_counts_and_lets_go_when_pressed_again(
    page: RegisterPage, send: Send, name: str
) -> None:
    everybody = page.listing["total"]
    send(page, "press_card", card=name)
    assert card(page, name)["pressed"]
    assert f"{page.listing['total']:,}" == card(page, name)["figure"]
    send(page, "press_card", card=name)
    assert not card(page, name)["pressed"]
    assert page.listing["total"] == everybody


def test_people_are_found_by_the_initials_of_their_pinyin_by_name_and_by_number(page: RegisterPage, send: Send) -> None:
    row = page.listing["rows"][3]
    name, number = row["cells"]["name"], row["cells"]["employee_no"]
    from svclib.workspace.register.names import name_keys

    for words in (name, number, name_keys(name)[1]):
        send(page, "search_list", text=words)
        assert name in [one["cells"]["name"] for one in page.listing["rows"]]
        assert page.listing["chips"] == [{"key": "search", "label": f"搜索：{words}"}]


def test_a_search_brings_the_list_forward_from_any_view(page: RegisterPage, send: Send) -> None:
    send(page, "choose_view", view="composition")
    send(page, "search_list", text="wang")
    assert page.frame["view"] == "people"


def test_filters_narrow_the_list_and_each_can_be_taken_off_by_itself(page: RegisterPage, send: Send) -> None:
    everybody = page.listing["total"]
    send(page, "filter_list", key="status", chosen=[PoliticalStatus.MEMBER.value])
    members = page.listing["total"]
    team = page.listing["filters"][2]["options"][1]
    send(page, "filter_list", key="team", chosen=team["id"])
    assert 0 < page.listing["total"] < members < everybody
    assert {one["cells"]["team"] for one in page.listing["rows"]} == {team["label"]}
    send(page, "drop_filter", key="team")
    assert page.listing["total"] == members
    send(page, "clear_filters")
    assert page.listing["total"] == everybody


def test_a_unit_is_named_in_the_sentence_and_narrows_cards_and_list(page: RegisterPage, send: Send) -> None:
    unit = page.frame["units"][1]
    send(page, "choose_scope", unit_id=unit["id"])
    assert page.listing["sentence"].startswith(unit["label"])
    assert int(card(page, "teams")["figure"]) < 28
    send(page, "choose_scope", unit_id=None)
    assert card(page, "teams")["figure"] == "28"


def test_another_day_shows_the_register_of_that_day(page: RegisterPage, send: Send) -> None:
    send(page, "press_card", card="trainees")
    send(page, "sort_list", key="hired_on")
    send(page, "choose_scope", on="2026-06-01")
    assert page.frame["on"] == "2026-06-01"
    send(page, "sort_list", key="hired_on")
    assert page.listing["rows"][0]["cells"]["hired_on"] < "2026-06-01"


def test_what_is_no_day_is_refused_in_a_sentence(page: RegisterPage, send: Send) -> None:
    send(page, "choose_scope", on="2026-02-30", refused=True)
    assert page.problem == "“2026-02-30”不是日期，写法如 2026-07-01。"
    assert page.frame["on"] == "2026-08-20"


def test_a_column_sorts_both_ways_and_the_list_starts_anew(page: RegisterPage, send: Send) -> None:
    send(page, "turn_page", offset=40)
    send(page, "sort_list", key="hired_on")
    first = page.listing["rows"][0]["cells"]["hired_on"]
    assert page.listing["offset"] == 0
    send(page, "sort_list", key="hired_on")
    assert page.listing["descending"]
    assert page.listing["rows"][0]["cells"]["hired_on"] > first


def test_a_list_is_not_sorted_by_what_it_has_no_column_for(page: RegisterPage, send: Send) -> None:
    send(page, "sort_list", key="id_number", refused=True)
    assert "id_number" not in str(page.listing["rows"])


def test_a_page_past_the_end_becomes_the_last_one(demo: Workspace) -> None:
    state = ListState(Scope(demo))
    state.turn(9_999_990)
    view = state.view()
    assert view["rows"]
    assert view["offset"] + len(view["rows"]) == view["total"]


def test_a_hidden_column_is_not_sent_and_the_name_cannot_be_hidden(page: RegisterPage, send: Send) -> None:
    send(page, "show_column", key="unit", shown=False)
    send(page, "show_column", key="name", shown=False)
    cells = page.listing["rows"][0]["cells"]
    assert "unit" not in cells
    assert "name" in cells


def test_the_export_holds_exactly_the_rows_and_columns_shown(page: RegisterPage, send: Send) -> None:
    send(page, "press_card", card="members")
    send(page, "filter_list", key="team", chosen=page.listing["filters"][2]["options"][1]["id"])
    name, content = page.people.export()
    [table] = read_tables((name, content))
    assert len(table.rows) == page.listing["total"]
    assert {row.cells["name"].value for row in table.rows} >= {one["cells"]["name"] for one in page.listing["rows"]}
    assert "id_number" not in table.columns


@pytest.mark.parametrize("name", ["teams", "stations", "broken"])
def test_lists_of_teams_are_exported_too(page: RegisterPage, send: Send, name: str) -> None:
    send(page, "press_card", card=name)
    send(page, "export_list")
    assert page.file_sent["name"].endswith("2026-08-20.xlsx")
    send(page, "file_saved")
    assert page.file_sent == {}


def test_an_empty_register_says_what_it_is_for_and_offers_the_first_step(nobody: Workspace, send: Send) -> None:
    page = RegisterPage(nobody)
    assert page.listing["empty"]["title"] == "花名册还是空的"
    assert page.listing["empty"]["acts"][0]["data"] == {"view": "import"}
    send(page, "choose_view", view="composition")
    assert page.composition["empty"]["title"] == "还没有服务队"


def test_nothing_found_offers_to_clear_the_filters(page: RegisterPage, send: Send) -> None:
    send(page, "search_list", text="没有这样的人")
    assert page.listing["empty"]["acts"][0]["act"] == "clear_filters"


def test_no_view_speaks_english_to_a_chinese_user(page: RegisterPage, send: Send) -> None:
    send(page, "open_row", id=page.listing["rows"][3]["id"])
    seen = texts(page.words) + texts(page.listing) + texts(page.cards) + texts(page.panel) + texts(page.frame)
    send(page, "choose_view", view="composition")
    send(page, "open_team", id=page.composition["rows"][0]["id"])
    send(page, "choose_view", view="import")
    seen += texts(page.composition) + texts(page.panel) + texts(page.importing)
    allowed = re.compile(r"xlsx?|csv|Esc|English|Excel|zh-CN")
    assert [one for one in seen if re.search(r"[A-Za-z]{2,}", allowed.sub("", one))] == []


def test_another_language_is_spoken_at_once_and_at_the_next_visit(
    page: RegisterPage, demo: Workspace, send: Send
) -> None:
    send(page, "choose_language", language="en")
    assert page.words["page_name"] == "Register"
    assert page.language == "en"
    assert RegisterPage(demo).words["page_name"] == "Register"


def test_only_the_rows_of_the_page_shown_are_sent(page: RegisterPage) -> None:
    assert len(str(page.listing)) < 20_000
