"""Whoever is logged in and speaks to a page by hand learns nothing beyond the role, changes nothing, runs nothing."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from svclib.models import AuditRow, Role
from svclib.pages.audit import AuditPage
from svclib.pages.base import Page
from svclib.pages.parts.suite import SuitePage
from svclib.pages.register.import_events import ImportEvents
from svclib.pages.register.page import RegisterPage
from svclib.pages.register.person_forms import actions
from svclib.pages.rotation import RotationPage
from svclib.workspace.policy import REACHES, Reach
from tests.server.client import run
from tests.server.doors.conftest import Content, Office
from tests.server.doors.intruder import (
    ENDINGS,
    Bait,
    Intruder,
    customs,
    forged,
    openings,
    requests,
    updates,
)
from tests.serving import browse

pytestmark = pytest.mark.xdist_group("doors")

ROLES = ("secretary", "captain", "trainee")
PAGES: Mapping[str, type[Page]] = {"register": RegisterPage, "audit": AuditPage, "rotation": RotationPage}
TEXTS = ("2020-01-01", "%", "王", "id_number")
FIELDS = ("name", "note", "unit_id", "crew_id", "team_id", "station_id", "person_id", "party_body_id", "on", "status")
TODAY = "2026-08-20"
HOME = (
    ("close_panel", None),
    ("close_form", None),
    ("clear_filters", None),
    ("choose_scope", {"on": TODAY, "unit_id": None}),
    ("choose_view", {"view": "people"}),
)
"""The way back to the first screen: each event is tried from there, wherever the one before has led."""
BROWSER_REPORTS = ("dark", "dark_effective", "dark_jlab")
"""Of the theme's widget: whether the browser shows dark or light."""


def visit(office: Office, app: str, username: str) -> Intruder:
    return Intruder(office.server.address, app, cookie=browse(office.server, app, username).cookie)


def told_of_others(office: Office, username: str, heard: list[str], *, known: set[int], sent: str = "") -> list[str]:
    """What was heard of others, save what the intruder has said himself."""
    words = office.foreign(username, known=known)
    # Much is heard again and again: what lies between signs that no word has needs to be looked through once.
    letters = re.escape("".join(sorted(set("".join(words)))))
    text = "\n".join(set(re.split(f"[^{letters}]+", "\n".join(heard))))
    return sorted(word for word in words if word in text and word not in sent)


def changed(before: Content, after: Content) -> dict[str, list[dict[str, Any]]]:
    """The rows that are there now and were not, or were and are no more, by table."""
    found = {name: differing(before[name], rows) for name, rows in after.items() if name != "audit_row"}
    return {name: rows for name, rows in found.items() if rows}


def differing(before: Mapping[str, dict[str, Any]], after: Mapping[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows of a table that stand in one of both alone."""
    return [(before | after)[text] for text in sorted(before.keys() ^ after.keys())]


async def go_home(page: Intruder, app: str) -> None:
    frame = page.state["frame"]
    # The rotation's page has no day to choose.
    if (frame["view"], frame.get("on") or TODAY, frame.get("unit_id")) == ("people", TODAY, None):
        return
    await page.events([(name, data) for name, data in HOME if name in PAGES[app].EVENTS])


async def walk(page: Intruder, app: str, office: Office, username: str) -> list[Any]:
    """Send every event that the page's class declares, with all that can be forged of its data; what was sent."""
    numbers, (file_name, content) = office.bait(username)
    bait = Bait(numbers, TEXTS, FIELDS)
    whole = {"name": file_name, "size": len(content), "offset": 0, "content": base64.b64encode(content).decode()}
    sent: list[Any] = [content.decode("gb18030")]
    for name, adapter in PAGES[app].EVENTS.items():
        if name in ImportEvents.EVENTS.keys() - SuitePage.EVENTS.keys():
            # A forged file to confirm, to filter, to have sent back.
            await page.event("upload", whole)
        forms = [whole] * (name == "upload") + forged(adapter, bait)
        sent += forms
        await page.events([(name, data) for data in forms])
        await go_home(page, app)
    return sent


async def fill_forms(page: Intruder, office: Office, username: str, person: int) -> list[Any]:
    """Open every form there is about a person, be it offered or not, and send it off with what belongs to others."""
    numbers, _file = office.bait(username)
    sent: list[Any] = []
    for form in ["add", *(one.name for one in actions(office.server.ws))]:
        for name, adapter in RegisterPage.EVENTS.items():
            if adapter is None or "token" not in adapter.json_schema().get("properties", {}):
                continue
            await page.event("open_person", {"id": person})
            await page.event("open_form", {"form": form})
            opened = (page.state["panel"] or {}).get("form") or {}
            fields = [one["key"] for one in opened.get("fields", ())] or FIELDS
            forms = forged(adapter, Bait(numbers, TEXTS, fields, opened.get("token", 1)))
            sent += forms
            await page.events([(name, data) for data in forms])
            if not opened:
                # To a form that this role cannot open there is no more to say.
                break
        await page.event("discard_draft")
    await go_home(page, "register")
    return sent


@pytest.mark.parametrize("username", ROLES)
def test_no_event_of_the_register_tells_of_others_or_changes_what_is_theirs(office: Office, username: str) -> None:
    intruder = visit(office, "register", username)
    known, before = office.people(username), office.content()
    role = Role(office.account(username)["role"])

    async def intrude() -> None:
        async with intruder as page:
            await page.event("open_person", {"id": min(known)})
            assert office.names[min(known)] in json.dumps(page.state["panel"], ensure_ascii=False)
            sent = await walk(page, "register", office, username)
            sent += await fill_forms(page, office, username, min(known))
            said = json.dumps(sent, ensure_ascii=False, default=str)
            assert told_of_others(office, username, page.heard, known=known, sent=said) == []
            await page.event("open_person", {"id": min(known)})
            assert page.state["problem"] == ""
            assert page.state["panel"]

    run(intrude())
    assert "'unexpected'" not in office.server.log.read_text()
    writes = [row for row in office.rows(AuditRow, actor=username) if not row["verb"].startswith("access.")]
    assert {row["verb"] for row in writes if REACHES[row["verb"]][role] == Reach.NONE} == set()
    for name, rows in changed(before, office.content()).items():
        owners = {row["id"] if name == "person" else row.get("person_id") for row in rows}
        assert owners <= known, f"{name}: {rows}"
        assert role == Role.SECRETARY


@pytest.mark.parametrize("username", ROLES)
def test_no_event_of_the_trail_tells_anything_to_a_role_that_does_not_read_it(office: Office, username: str) -> None:
    intruder = visit(office, "audit", username)
    before = office.content()

    async def intrude() -> None:
        async with intruder as page:
            sent = json.dumps(await walk(page, "audit", office, username), default=str)
            assert told_of_others(office, username, page.heard, known=set(), sent=sent) == []
            assert page.state["listing"] == {}
            assert page.state["entry"] is None
            assert page.state["frame"]["view"] == "closed"

    run(intrude())
    assert changed(before, office.content()) == {}
    assert before["audit_row"] == office.content()["audit_row"]
    assert "'unexpected'" not in office.server.log.read_text()


@pytest.mark.parametrize("username", ROLES)
def test_no_event_of_the_rotation_tells_of_others_or_changes_anything(office: Office, username: str) -> None:
    office.publish()
    intruder = visit(office, "rotation", username)
    known, before = office.people(username) | office.received(username), office.content()

    async def intrude() -> None:
        async with intruder as page:
            assert page.state["frame"]["view"] == "people"
            sent = json.dumps(await walk(page, "rotation", office, username), ensure_ascii=False, default=str)
            assert told_of_others(office, username, page.heard, known=known, sent=sent) == []
            shown = {row["id"] for row in page.state["listing"]["rows"]}
            assert shown <= known

    run(intrude())
    after = office.content()
    changes = changed(before, after)
    # A trainee files requests and takes them back, of nobody else's.
    own = changes.pop("rotation_request", []) if username == "trainee" else []
    assert {row["person_id"] for row in own} <= known
    assert changes == {}
    done = {row["verb"] for row in differing(before["audit_row"], after["audit_row"])}
    assert done <= ({"rotation.request", "rotation.withdraw_request", "rotation.request_reason"} if own else set())
    assert "'unexpected'" not in office.server.log.read_text()


@pytest.mark.parametrize("username", ROLES)
def test_nothing_but_a_declared_event_does_anything(office: Office, username: str, tmp_path: Path) -> None:
    intruder, mark = visit(office, "register", username), tmp_path / "ran"
    known, before = office.people(username), office.content()

    async def intrude() -> None:
        async with intruder as page:
            kept = await page.read_states()
            await page.flood(updates(kept))
            await page.flood(customs(kept, mark))
            await page.flood(openings(mark))
            await page.flood(customs([page.page], mark), "control")
            for channel in ("shell", "control", "stdin", "iopub"):
                await page.flood(requests(mark), channel)
            for method in ("update", "custom", "echo_update"):
                forged_state = {"method": method, "state": {"words": None}, "buffer_paths": [["words"]]}
                said = {"comm_id": page.page, "data": forged_state}
                await page.send("comm_msg", said, buffers=[b"\x80\x04N.", b"forged"])
            now = await page.read_states()
            # Of what is not there a kernel says no more than that; nothing of what stands in it, no result, no error.
            assert page.kinds <= {"status", "comm_msg", "comm_close", "comm_info_reply", "kernel_info_reply", "stream"}
            streams = [one for one in page.heard if '"stderr"' in one or '"stdout"' in one]
            assert [one for one in streams if "No such comm" not in one] == []
            counted = {"answered", "panel", "frame", "notice", *BROWSER_REPORTS}
            assert {model: _still(state, counted) for model, state in now.items()} == {
                model: _still(state, counted) for model, state in kept.items()
            }
            assert told_of_others(office, username, page.heard, known=known) == []
            await page.event("open_person", {"id": min(known)})
            assert page.state["problem"] == ""
            assert page.state["panel"]

    run(intrude())
    assert not mark.exists()
    assert changed(before, office.content()) == {}


def test_whoever_ends_a_page_by_hand_ends_no_other(office: Office) -> None:
    async def intrude() -> None:
        async with visit(office, "register", "captain") as other, visit(office, "register", "captain") as page:
            for channel in ("shell", "control"):
                for kind, content in ENDINGS:
                    await page.send(kind, content, channel=channel)
            await other.event("open_person", {"id": min(office.people("captain"))})
            assert other.state["panel"]

    run(intrude())


def _still(state: Mapping[str, Any], but: set[str]) -> dict[str, Any]:
    return {name: value for name, value in state.items() if name not in but}
