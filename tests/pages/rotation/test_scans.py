"""Scans of signed notices on the rotation's page: attached, listed with who and when, handed out, withdrawn."""

from __future__ import annotations

from svclib.models import Role
from svclib.pages import RotationPage
from svclib.workspace import Workspace, open_workspace
from svclib.workspace.identity import by_name
from tests.pages.conftest import Send
from tests.pages.rotation import test_files
from tests.pages.rotation.conftest import PLAN
from tests.pages.rotation.test_files import XLSX, publish, sent
from tests.pages.views import english

SIGNED = b"%PDF-1.7\n signed by all \n%%EOF\n"


def upload(page: RotationPage, send: Send, content: bytes, *, name: str, refused: bool = False) -> None:
    """Drop a file where scans are attached."""
    test_files.upload(page, send, content, name=name, zone="scan", refused=refused)


def test_nothing_is_attached_to_what_is_not_published(page: RotationPage, send: Send) -> None:
    send(page, "choose_view", view="versions")
    assert page.signed is None
    upload(page, send, SIGNED, name="签字.pdf", refused=True)
    assert page.problem == "发布之后才能出通知。"


def test_a_scan_is_kept_with_its_version_handed_out_and_withdrawn(
    page: RotationPage, planned: Workspace, send: Send
) -> None:
    publish(page, send)
    unit = page.frame["units"][1]
    send(page, "choose_unit", unit=unit["id"])
    upload(page, send, SIGNED, name="签字.pdf")
    assert page.frame["notice"]["text"] == "签字.pdf 已附在第 1 版。"
    (row,) = page.signed["rows"]
    assert (row["name"], row["version"], row["unit"], row["gone"]) == ("签字.pdf", "第 1 版", unit["label"], "")
    assert "本机用户 于 20" in row["said"]
    send(page, "download_scan", scan=row["id"])
    assert (page.file_sent["name"], sent(page)) == ("签字.pdf", SIGNED)
    upload(page, send, SIGNED, name="签字.pdf", refused=True)
    assert "已经附在那里" in page.problem
    send(page, "withdraw_scan", scan=row["id"])
    (row,) = page.signed["rows"]
    assert "撤回" in row["gone"]
    send(page, "download_scan", scan=row["id"], refused=True)
    assert english(page.signed, allowed=r"PDF|JPEG|PNG|MB|KB") == ["签字.pdf"]


def test_a_scan_belongs_to_the_version_that_is_chosen(page: RotationPage, planned: Workspace, send: Send) -> None:
    publish(page, send)
    send(page, "choose_view", view="people")
    send(page, "open_cell", person=page.listing["rows"][1]["id"], stage=1)
    choice = next(one for one in page.panel["choices"] if not one["here"] and not one["hard"])
    send(page, "move", **{name: choice[name] for name in ("team", "station", "crew")})
    publish(page, send)
    assert page.signed["version"] == 2
    send(page, "choose_scan_version", version=3, refused=True)
    send(page, "choose_scan_version", version=1)
    upload(page, send, SIGNED, name="第一版.PDF")
    assert list(planned.rotation.attachments(PLAN)["version"]) == [1]


def test_what_is_no_scan_is_refused_in_a_sentence(page: RotationPage, send: Send) -> None:
    publish(page, send)
    upload(page, send, b"MZ no such thing", name="签字.pdf", refused=True)
    assert page.signed["rows"] == []


def test_a_unit_sees_its_own_scans_and_who_has_no_part_in_them_none(
    page: RotationPage, planned: Workspace, send: Send
) -> None:
    publish(page, send)
    ours, theirs = (
        next(one for one in page.frame["units"] if one["label"] == name) for name in ("成都供电公司", "绵阳供电公司")
    )
    for unit in (ours, theirs):
        send(page, "choose_unit", unit=unit["id"])
        upload(page, send, SIGNED, name=f"{unit['label']}.pdf")
    planned.access.add_user("hr-cd", Role.HR.value, password="correct horse battery staple", unit_id=ours["id"])
    ws = open_workspace(planned.settings, as_user="hr-cd")
    own = RotationPage(ws)
    send(own, "choose_view", view="versions")
    assert [one["name"] for one in own.signed["rows"]] == ["成都供电公司.pdf"]
    foreign = next(one["id"] for one in page.signed["rows"] if one["unit"] == theirs["label"])
    for event in ("download_scan", "withdraw_scan"):
        send(own, event, scan=foreign, refused=True)
    ws.close()
    captain = RotationPage(Workspace(planned.settings, identity=by_name("captain"), engine=planned.engine))
    send(captain, "choose_view", view="versions")
    assert captain.signed is None
    for event in ("download_scan", "withdraw_scan"):
        send(captain, event, scan=foreign, refused=True)
    upload(captain, send, SIGNED, name="签字.pdf", refused=True)


def test_a_file_is_refused_where_another_kind_is_taken(page: RotationPage, send: Send) -> None:
    publish(page, send)
    test_files.upload(page, send, SIGNED, name="签字.pdf", refused=True)
    assert page.problem == "签字.pdf 不是 Excel 表格（.xlsx）。签字后的通知请在下方“签字通知扫描件”处附上。"
    assert page.signed["rows"] == []
    upload(page, send, b"PK", name=XLSX, refused=True)
    assert page.problem == f"{XLSX} 不是扫描件：签字通知以 PDF、JPEG 或 PNG 保存。"
    test_files.upload(page, send, SIGNED, name="签字.pdf", zone="elsewhere", refused=True)
    assert page.exchange["returned"] is None


def test_each_zone_has_its_own_limit_and_says_its_own_way(planned: Workspace, send: Send) -> None:
    settings = planned.settings.model_copy(update={"scan_max_mb": 30})
    page = RotationPage(Workspace(settings, engine=planned.engine))
    assert page.upload_limits == {"workbook": 20 * 1024**2, "scan": 30_000_000}
    publish(page, send)
    piece = {"size": 25_000_000, "offset": 0, "content": "QUJD"}
    send(page, "upload", name="签字.pdf", zone="scan", **piece)
    send(page, "upload", name=XLSX, zone="workbook", **piece, refused=True)
    assert "20 MB" in page.problem
    assert "svc rotation check --accept" in page.problem
    send(page, "upload_too_large", name="签字.pdf", zone="scan", refused=True)
    assert "30 MB" in page.problem
    assert "svc" not in page.problem
