"""Versions and files on the rotation's page: publishing, comparing, a unit's workbook out and back, notices."""

from __future__ import annotations

import base64
import io
import zipfile

import openpyxl
import pytest

from svclib.errors import Forbidden
from svclib.pages import RotationPage
from svclib.tabular.pdf import pdf_blocker
from svclib.workspace import Workspace
from tests.pages.conftest import Send
from tests.pages.rotation.conftest import PLAN, figures
from tests.pages.views import english

XLSX = "轮岗安排表-2026.xlsx"


def publish(page: RotationPage, send: Send) -> None:
    send(page, "choose_view", view="versions")
    send(page, "publish", name="陈某")


def upload(
    page: RotationPage, send: Send, content: bytes, *, name: str = XLSX, zone: str = "workbook", refused: bool = False
) -> None:
    piece = {"name": name, "size": len(content), "offset": 0, "content": base64.b64encode(content).decode()}
    send(page, "upload", refused=refused, **piece, zone=zone)


def sent(page: RotationPage) -> bytes:
    """The whole file that the page hands out, asked for piece by piece and saved as a browser does."""
    content = b""
    while True:
        content += base64.b64decode(page.file_sent["content"])
        if len(content) == page.file_sent["size"]:
            page._handle_event(page, {"event": "file_saved", "data": {}}, [])
            return content
        data = {"token": page.file_sent["token"], "offset": len(content)}
        page._handle_event(page, {"event": "file_next", "data": data}, [])


def changed_workbook(content: bytes) -> tuple[bytes, str]:
    """The workbook with a note in its first row; and whose row that is."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = next(one for one in book if one.sheet_state == "visible" and one.max_row > 3)
    head = next(row for row in sheet.iter_rows(max_row=8) if any(cell.value == "姓名" for cell in row))
    columns = {str(cell.value): cell.column for cell in head if cell.value}
    note = next(column for name, column in columns.items() if name.startswith("备注"))
    first = head[0].row + 1
    sheet.cell(first, note).value = "自带宿舍"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue(), str(sheet.cell(first, columns["姓名"]).value)


def test_the_draft_is_published_under_a_name_and_becomes_a_version(page: RotationPage, send: Send) -> None:
    send(page, "choose_view", view="versions")
    assert page.publication["publish"]["blockers"] == []
    assert page.publication["versions"] == []
    assert sum(int(one["rows"]) for one in page.publication["publish"]["units"]) == 466
    send(page, "publish", name=" ", refused=True)
    send(page, "publish", name="陈某")
    assert page.frame["notice"]["text"] == "第 1 版已发布。"
    assert page.publication["versions"][0]["cells"][2:5] == ["陈某", "466", "0"]
    assert "第 1 版" in page.frame["status"]["text"]
    assert page.publication["publish"]["blockers"] == ["上一版之后没有改动。"]
    send(page, "publish", name="陈某", refused=True)


def test_a_plan_that_breaks_a_rule_is_not_published_and_says_why(page: RotationPage, send: Send) -> None:
    send(page, "open_cell", person=page.listing["rows"][1]["id"], stage=1)
    send(page, "take_away")
    send(page, "choose_view", view="versions")
    blockers = page.publication["publish"]["blockers"]
    assert (blockers[0], "第 1 阶段" in blockers[1]) == ("违反了硬性规则：", True)
    send(page, "publish", name="陈某", refused=True)
    assert page.publication["versions"] == []


def test_two_versions_are_compared_with_a_reason_and_the_draft_is_discarded(page: RotationPage, send: Send) -> None:
    publish(page, send)
    send(page, "choose_view", view="people")
    send(page, "open_cell", person=page.listing["rows"][1]["id"], stage=1)
    choice = next(one for one in page.panel["choices"] if not one["here"] and not one["hard"])
    send(page, "move", **{name: choice[name] for name in ("team", "station", "crew")})
    assert sum(cell["draft"] for row in page.listing["rows"] for cell in row["cells"]) == 1
    send(page, "choose_view", view="versions")
    compared = page.publication["compare"]
    assert (compared["old_id"], compared["new_id"], compared["total"]) == (1, "draft", 1)
    assert compared["rows"][0]["new"] == choice["name"]
    assert page.publication["publish"]["moved"] == "已发布的安排中有 1 处变动"
    send(page, "compare", old=1, new=7, refused=True)
    send(page, "discard_plan_draft")
    assert page.publication["compare"]["total"] == 0


def test_a_units_workbook_comes_back_and_is_taken_by_row(page: RotationPage, planned: Workspace, send: Send) -> None:
    publish(page, send)
    unit = page.frame["units"][1]
    send(page, "choose_unit", unit=unit["id"])
    send(page, "download_workbook")
    assert page.file_sent["name"] == f"轮岗安排表-2026-{unit['label']}.xlsx"
    content, who = changed_workbook(sent(page))
    upload(page, send, content)
    returned = page.exchange["returned"]
    assert [(row["who"], row["taken"]) for row in returned["rows"]] == [(who, True)]
    assert returned["rows"][0]["changes"][0]["after"] == "自带宿舍"
    place = {"person": returned["rows"][0]["person"], "stage": returned["rows"][0]["stage"]}
    send(page, "tick_row", **place, taken=False)
    send(page, "accept_workbook", refused=True)
    send(page, "tick_row", person=place["person"], stage=60, taken=True, refused=True)
    send(page, "tick_rows", taken=True)
    send(page, "accept_workbook")
    assert page.exchange["returned"] is None
    listed = planned.rotation.placements(PLAN)
    assert list(listed[listed["note"] == "自带宿舍"]["name"]) == [who]
    assert figures(page)["hard"] == "0"


def move_somebody(page: RotationPage, send: Send, person: int, stage: int) -> int:
    """Move a person in a stage to another team by hand, whatever that breaks; the team."""
    send(page, "choose_view", view="people")
    send(page, "open_cell", person=person, stage=stage)
    left = {one["team"] for one in page.panel["choices"] if one["here"]}
    choice = next(one for one in page.panel["choices"] if one["team"] not in left)
    send(page, "move", **{name: choice[name] for name in ("team", "station", "crew")})
    return int(choice["team"])


def test_a_move_made_since_the_preview_is_not_overwritten_by_the_workbook(
    page: RotationPage, planned: Workspace, send: Send
) -> None:
    publish(page, send)
    send(page, "download_workbook")
    book = openpyxl.load_workbook(io.BytesIO(sent(page)))
    sheet = next(one for one in book if one.sheet_state == "visible" and one.max_row > 3)
    head = next(row for row in sheet.iter_rows(max_row=8) if any(cell.value == "姓名" for cell in row))
    columns = {str(cell.value): cell.column for cell in head if cell.value}
    first = head[0].row + 1
    # The first row gets another place, the second a note.
    team, note = columns["服务队"], columns["备注"]
    own = sheet.cell(first, team).value
    teams = (sheet.cell(row, team).value for row in range(first, sheet.max_row + 1))
    sheet.cell(first, note).value, sheet.cell(first + 1, note).value = "自带宿舍", "需要停车位"
    sheet.cell(first, team).value = next(name for name in teams if name and name != own)
    sheet.cell(first, columns["服务站"]).value = None
    out = io.BytesIO()
    book.save(out)
    upload(page, send, out.getvalue())
    rows = page.exchange["returned"]["rows"]
    assert [row["taken"] for row in rows] == [True, True]
    person, stage = rows[0]["person"], rows[0]["stage"]
    other = RotationPage(planned)
    moved_to = move_somebody(other, send, person, stage)
    # Whatever the page shows in between reads the plan as it is now.
    send(page, "turn_returned", offset=0)
    send(page, "accept_workbook", refused=True)
    assert "已重新核对" in page.problem
    listed = planned.rotation.placements(PLAN)
    row = listed[(listed["person_id"] == person) & (listed["stage"] == stage)].iloc[0]
    assert int(row["team_id"]) == moved_to
    again = {(row["person"], row["stage"]): row for row in page.exchange["returned"]["rows"]}
    # The one that nobody else has touched is taken as it was ticked; the other one only by a fresh tick.
    assert [row["taken"] for row in again.values()] == [False, True]
    assert again[person, stage]["stale"]
    send(page, "accept_workbook")
    assert list(planned.rotation.placements(PLAN)["note"].dropna()) == ["需要停车位"]


def test_a_file_that_is_no_plan_is_refused_in_a_sentence(page: RotationPage, send: Send) -> None:
    upload(page, send, b"nothing of the kind", refused=True)
    assert page.exchange.get("returned") is None


def test_notices_letters_and_calendars_are_of_what_is_published(page: RotationPage, send: Send) -> None:
    send(page, "choose_view", view="versions")
    assert page.exchange["notice_blocker"] == page.exchange["pack_blocker"] == "发布之后才能出通知。"
    publish(page, send)
    assert page.exchange["notice_blocker"] == "请先在上方选择单位。"
    send(page, "download_notice", refused=True)
    unit = page.frame["units"][1]
    send(page, "choose_unit", unit=unit["id"])
    send(page, "download_notice")
    assert page.file_sent["name"] == f"轮岗通知-2026-{unit['label']}.docx"
    assert sent(page)[:2] == b"PK"
    send(page, "choose_view", view="people")
    send(page, "open_cell", person=page.listing["rows"][0]["id"], stage=1)
    assert page.panel["letters"]
    send(page, "download_letter")
    assert page.file_sent["name"].startswith("学员通知书-2026-")
    assert sent(page)[:2] == b"PK"
    send(page, "download_calendar")
    assert sent(page).startswith(b"BEGIN:VCALENDAR")


def test_all_notices_are_packed_while_the_page_answers(page: RotationPage, send: Send) -> None:
    publish(page, send)
    unit = page.frame["units"][1]
    send(page, "choose_unit", unit=unit["id"])
    send(page, "pack_notices", pdf=False)
    send(page, "pack_notices", pdf=False, refused=True)
    assert page.files.archive is not None
    page.files.archive.wait(120)
    page.show_packing()
    assert page.file_sent["name"] == f"轮岗通知-2026-{unit['label']}.zip"
    assert len(zipfile.ZipFile(io.BytesIO(sent(page))).namelist()) > 2
    send(page, "pack_notices", pdf=False)
    send(page, "stop_packing")
    assert page.files.archive is not None
    page.files.archive.wait(120)
    page.show_packing()
    assert page.problem == "已停止，没有生成文件。"


def test_the_view_of_versions_speaks_chinese(page: RotationPage, send: Send) -> None:
    publish(page, send)
    assert english(page.publication, page.exchange) == []


@pytest.mark.skipif(pdf_blocker() is not None, reason="no LibreOffice here")
def test_notices_and_letters_are_handed_out_as_pdf(page: RotationPage, send: Send) -> None:
    publish(page, send)
    send(page, "print_notice", refused=True)
    assert page.problem == "请先选择单位：每个单位一份通知。"
    unit = page.frame["units"][1]
    send(page, "choose_unit", unit=unit["id"])
    assert page.exchange["pdf_blocker"] == ""
    send(page, "print_notice")
    assert page.exchange["busy"]["said"] == f"正在生成 轮岗通知-2026-{unit['label']}.pdf……"
    send(page, "print_notice", refused=True)
    assert page.files.archive is not None
    page.files.archive.wait(120)
    page.show_packing()
    assert page.file_sent["name"] == f"轮岗通知-2026-{unit['label']}.pdf"
    assert sent(page).startswith(b"%PDF-")
    send(page, "choose_view", view="people")
    send(page, "open_cell", person=page.listing["rows"][0]["id"], stage=1)
    assert page.panel["prints"] is True
    send(page, "print_letter")
    page.files.archive.wait(120)
    page.show_packing()
    assert page.file_sent["name"].startswith("学员通知书-2026-")
    assert sent(page).startswith(b"%PDF-")


def test_where_no_pdf_can_be_made_that_is_said_and_nothing_is_tried(
    page: RotationPage, send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("svclib.tabular.pdf.shutil.which", lambda _name: None)
    publish(page, send)
    assert "LibreOffice" in page.exchange["pdf_blocker"]
    send(page, "choose_unit", unit=page.frame["units"][1]["id"])
    send(page, "print_notice")
    assert page.files.archive is not None
    page.files.archive.wait(60)
    page.show_packing()
    assert "LibreOffice" in page.problem
    assert page.file_sent == {}
    send(page, "choose_view", view="people")
    send(page, "open_cell", person=page.listing["rows"][0]["id"], stage=1)
    assert page.panel["prints"] is False


def test_files_whose_end_cannot_be_shown_say_why_and_no_longer_that_they_are_being_made(
    page: RotationPage, send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(page, send)
    send(page, "choose_unit", unit=page.frame["units"][1]["id"])
    send(page, "pack_notices", pdf=False)
    assert page.exchange["busy"]
    assert page.files.archive is not None
    page.files.archive.wait(120)
    answered = page.answered

    def refuse() -> None:
        raise Forbidden("您的登录已结束，请重新登录。")

    monkeypatch.setattr(page.files, "view", refuse)
    page.show_packing()
    assert page.problem == "您的登录已结束，请重新登录。"
    assert page.exchange["busy"] is None
    assert page.answered == answered


def test_a_search_whose_end_cannot_be_shown_says_why_and_no_longer_that_it_goes_on(
    page: RotationPage, send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(page, "start_search", preset="least_change", seconds=20)
    assert page.planning["live"]
    assert page.search.running is not None
    send(page, "stop_search")
    page.search.running.wait(60)

    def refuse() -> None:
        raise Forbidden("您的登录已结束，请重新登录。")

    monkeypatch.setattr(page.search, "view", refuse)
    page.show_search()
    assert page.problem == "您的登录已结束，请重新登录。"
    assert (page.planning["step"], page.planning["live"]) == ("choose", None)
