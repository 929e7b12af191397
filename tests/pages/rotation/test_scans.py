"""Scans of signed notices on the rotation's page: attached, listed with who and when, handed out, withdrawn."""

from __future__ import annotations

from svclib.models import Role
from svclib.pages import RotationPage
from svclib.workspace import Workspace, open_workspace
from svclib.workspace.identity import by_name
from tests.pages.conftest import Send
from tests.pages.rotation.conftest import PLAN
from tests.pages.rotation.test_files import publish, sent, upload
from tests.pages.views import english

SIGNED = b"%PDF-1.7\n signed by all \n%%EOF\n"


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
    assert "system 于 20" in row["said"]
    send(page, "download_scan", scan=row["id"])
    assert (page.file_sent["name"], sent(page)) == ("签字.pdf", SIGNED)
    upload(page, send, SIGNED, name="签字.pdf", refused=True)
    assert "已经附在那里" in page.problem
    send(page, "withdraw_scan", scan=row["id"])
    (row,) = page.signed["rows"]
    assert "撤回" in row["gone"]
    send(page, "download_scan", scan=row["id"], refused=True)
    assert english(page.signed, allowed=r"PDF|JPEG|PNG|MB|KB|system") == ["签字.pdf"]


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
