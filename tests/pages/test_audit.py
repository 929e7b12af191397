"""The page of the trail without a browser: what is listed, how a row reads, how the chain stands."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from svclib.pages import AuditPage
from svclib.pages import audit as audit_package
from svclib.pages.audit.words import WORDS
from svclib.workspace import Workspace, open_workspace
from tests.pages.conftest import Send
from tests.pages.views import PARTS

VIEWS = [*Path(audit_package.__file__).parent.glob("*.vue"), *PARTS]


@pytest.fixture
def busy(demo: Workspace) -> Workspace:
    """The demo province after some work: a change, a look at a plain value, a new stage."""
    someone = demo.register.people()["id"].iloc[0]
    card = demo.register.person(int(someone))
    demo.register.edit_person(int(someone), {"school": "重庆大学"}, version=card.version)
    demo.register.reveal(int(someone), "phone")
    demo.register.record_stage(int(someone), "activist", since="2026-08-01")
    return demo


@pytest.fixture
def trail(busy: Workspace) -> AuditPage:
    page = AuditPage(busy)
    assert page.problem == ""
    return page


def _figures(page: AuditPage) -> dict[str, str]:
    return {card["id"]: card["figure"] for card in page.cards}


def _doings(page: AuditPage) -> list[str]:
    return [row["marks"][0]["word"] for row in page.listing["rows"]]


def test_it_opens_with_three_figures_and_the_newest_rows(trail: AuditPage) -> None:
    assert list(_figures(trail)) == ["today", "reveals", "unanchored"]
    assert _doings(trail)[:3] == ["登记发展阶段", "查看原文", "修改人员"]
    assert "最新的在前" in trail.listing["sentence"]
    assert trail.chain["text"] == "留痕还没有核对过。"


@pytest.mark.parametrize("card", ["today", "reveals", "unanchored"])
def test_a_figure_is_the_number_of_rows_that_it_lists(trail: AuditPage, send: Send, card: str) -> None:
    send(trail, "press_card", card=card)
    assert trail.listing["total"] == int(_figures(trail)[card])
    assert [one["pressed"] for one in trail.cards if one["id"] == card] == [True]
    send(trail, "press_card", card=card)
    assert not any(one["pressed"] for one in trail.cards)


def test_the_list_is_narrowed_by_deed_account_record_and_days(trail: AuditPage, send: Send) -> None:
    everything = trail.listing["total"]
    send(trail, "filter_list", key="verbs", chosen=["register.reveal"])
    assert (_doings(trail), trail.listing["chips"][0]["label"]) == (["查看原文"], "查看原文")
    send(trail, "drop_filter", key="verbs")
    send(trail, "filter_list", key="who", chosen="system")
    assert trail.listing["total"] <= everything
    send(trail, "filter_list", key="who", chosen="nobody", refused=True)
    send(trail, "clear_filters")
    send(trail, "search_list", text="没有这个人")
    assert trail.listing["empty"]["acts"][0]["act"] == "clear_filters"
    send(trail, "clear_filters")
    send(trail, "choose_days", since="2020-01-01", until="2020-12-31")
    assert (trail.listing["total"], trail.frame["days"]) == (0, "2020-01-01 – 2020-12-31")
    send(trail, "choose_days", since="2026-02-30", until="", refused=True)
    send(trail, "choose_days", since="2021-01-01", until="2020-01-01", refused=True)
    send(trail, "drop_filter", key="days")
    assert trail.listing["total"] == everything


def test_a_row_opens_at_the_side_with_each_field_before_and_after(trail: AuditPage, send: Send) -> None:
    row = trail.listing["rows"][2]
    send(trail, "open_row", id=row["id"])
    assert trail.entry["title"] == "修改人员"
    told = {one["field"]: (one["before"], one["after"]) for one in trail.entry["changes"]}
    assert told["毕业院校"][1] == "重庆大学"
    send(trail, "close_panel")
    assert trail.entry is None
    send(trail, "open_row", id=99_999, refused=True)


def test_checking_and_anchoring_tell_how_the_chain_stands(trail: AuditPage, busy: Workspace, send: Send) -> None:
    send(trail, "verify")
    assert (trail.chain["tone"], _figures(trail)["unanchored"]) == ("good", "0")
    busy.register.reveal(1, "phone")
    send(trail, "anchor")
    assert "已设锚到第" in trail.frame["notice"]["text"]
    assert AuditPage(busy).chain["text"].startswith("最近一次核对完整")
    with busy.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE audit_row SET actor = 'nobody' WHERE number = 2")
    send(trail, "verify")
    assert (trail.chain["tone"], "第 2 行" in trail.chain["text"]) == ("trouble", True)


def test_the_export_holds_what_is_listed(trail: AuditPage, send: Send) -> None:
    send(trail, "filter_list", key="verbs", chosen=["register.reveal"])
    name, content = trail.trail.export()
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    assert (name[:3], sheet.max_row) == ("留痕-", 2)
    send(trail, "export_list")
    assert trail.file_sent["name"] == name


def test_columns_pages_and_sizes_are_the_servers(trail: AuditPage, busy: Workspace, send: Send) -> None:
    for _time in range(12):
        busy.register.reveal(1, "phone")
    send(trail, "show_column", key="origin", shown=True)
    assert trail.listing["rows"][0]["cells"]["origin"].startswith("命令行")
    send(trail, "turn_page", offset=10)
    assert trail.listing["offset"] == 10
    send(trail, "turn_page", offset=999_990)
    assert trail.listing["rows"]
    send(trail, "set_page_size", limit=50)
    assert (trail.listing["limit"], trail.listing["offset"]) == (50, 0)


def test_who_may_not_read_the_trail_is_told_so_and_gets_nothing(busy: Workspace, send: Send) -> None:
    busy.access.add_user("clerk", "hr", password="correct horse battery staple")
    clerk = open_workspace(busy.settings, as_user="clerk")
    page = AuditPage(clerk)
    assert (page.frame["view"], page.listing, page.cards, page.problem) == ("closed", {}, [], "")
    for event, data in (("verify", {}), ("anchor", {}), ("open_row", {"id": 1}), ("export_list", {})):
        send(page, event, refused=True, **data)
    assert page.listing == {}
    clerk.close()


def test_an_empty_trail_says_what_will_stand_there(nobody: Workspace) -> None:
    assert AuditPage(nobody).listing["empty"]["title"] == "还没有任何写入"


def test_no_view_speaks_english_to_a_chinese_user(trail: AuditPage, send: Send) -> None:
    send(trail, "open_row", id=trail.listing["rows"][0]["id"])
    # The rows name accounts, which are what they are.
    listing = {name: value for name, value in trail.listing.items() if name not in {"rows", "filters"}}
    seen = _texts(trail.words) + _texts(listing) + _texts(trail.cards) + _texts(trail.entry) + _texts(trail.chain)
    allowed = re.compile(r"xlsx?|Esc|English|系统用户 \w+|Excel")
    assert [one for one in seen if re.search(r"[A-Za-z]{2,}", allowed.sub("", one))] == []


def test_every_word_and_every_event_that_the_views_use_exists(trail: AuditPage) -> None:
    text = "\n".join(path.read_text("utf-8") for path in VIEWS)
    asked = set(re.findall(r"\bwords\.(\w+)", text))
    assert asked | {"light", "dark"} == set(WORDS)
    own = "\n".join(path.read_text("utf-8") for path in Path(audit_package.__file__).parent.glob("*.vue"))
    assert set(re.findall(r"(?:\$emit\('act', |\bact\()'(\w+)'", own)) <= set(trail.EVENTS)


@pytest.mark.parametrize("path", sorted(Path(audit_package.__file__).parent.glob("*.vue")), ids=lambda path: path.stem)
def test_a_view_holds_no_words_of_its_own(path: Path) -> None:
    source = re.sub(r"<script>.*?</script>|<style>.*?</style>", "", path.read_text("utf-8"), flags=re.S)
    assert re.findall(r"[\u4e00-\u9fff]+", source) == []
    shown = re.sub(r"\{\{.*?\}\}", "", re.sub(r"<(?:[^<>\"]|\"[^\"]*\")*>", "\n", source), flags=re.S)
    assert re.findall(r"[A-Za-z]{2,}", shown) == []


def _texts(value: Any) -> list[str]:
    """Every text that is shown; keys, codes and icons are not."""
    if isinstance(value, dict):
        silent = {"id", "key", "icon", "tone", "kind", "act", "sort", "chosen"}
        return [text for key, one in value.items() if key not in silent for text in _texts(one)]
    if isinstance(value, list):
        return [text for one in value for text in _texts(one)]
    return [value] if isinstance(value, str) else []
