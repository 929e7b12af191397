"""Every verb that writes leaves rows that tell before and after; nothing protected stands anywhere in clear."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from sqlalchemy import select
from sqlmodel import SQLModel

from svclib.logs import configure_logs
from svclib.models import AuditRow, SafetyKind, SafetyRecord, table
from svclib.rules.identity import check_digit
from svclib.workspace import Workspace, open_for_server
from svclib.workspace.audit import AuditQuery
from svclib.workspace.filling import Filling
from tests.examples import examples
from tests.workspace import factory
from tests.workspace.factory import person, unit
from tests.workspace.import_files import PEOPLE, bring, held, row, small_province, table_file
from tests.workspace.test_policy import found

_AUDIT = table(AuditRow)
ID_NUMBER, PHONE, ADDRESS = "510105199001011237", "13812345678", "武侯区一环路南四段1号"
REASON = "两人有过节，谁也不该知道"
PASSWORD, OTHER_PASSWORD = "correct horse battery staple", "another horse battery staple"

SILENT = {
    "drafts.save": "what is half typed is nobody's deed yet; kept encrypted",
    "drafts.discard": "the same",
    "access.attempt": "the count that slows guessing down; a refused login is told by access.settle",
    "access.touch": "the moment at which a login was last used",
    "access.issue_ticket": "a page's ticket; the login that it belongs to is told",
    "access.withdraw_ticket": "the same",
    "access.first_administrator": "only in a database without any account: see the test of its own",
    "demo.fill": "only in an empty database: see the test of its own",
}
"""Verbs that write and leave no trail here, and why."""

State = dict[str, Any]


def _import(ws: Workspace, state: State) -> None:
    state["run"] = bring(ws, row(身份证号=_number("1990-03-07", 7), 联系电话="13600000001")).run_id


def _import_again(ws: Workspace, state: State) -> None:
    """A changed phone: the trail tells before and after."""
    bring(ws, row(身份证号=_number("1990-03-07", 7), 联系电话="13600000002"))


def _structure(ws: Workspace, _state: State) -> None:
    head = ("单位", "简称", "类别", "上级单位")
    ws.register.import_structure(table_file(head, ("国网四川省电力公司德阳供电公司", "德阳供电公司", "", "")))


def _person(ws: Workspace, state: State) -> None:
    state["person"] = ws.register.add_person(
        {"name": "欧阳明", "id_number": ID_NUMBER, "phone": PHONE, "address": ADDRESS, "unit_id": 1}, on="2024-01-01"
    )


def _plan(ws: Workspace, state: State) -> None:
    """Two trainees of one unit with two teams, a year of two stages."""
    people = state["people"] = [person(ws, name, unit_id=1) for name in ("学员甲", "学员乙", "学员丙")]
    for one in people[:2]:
        factory.trainee(ws, one, starts_on=date(2026, 7, 1), ends_on=date(2027, 7, 1))
    days = [("2026-09-01", "2026-12-01"), ("2026-12-01", "2027-03-01")]
    intake = int(ws.register.intakes()["id"][0])
    ws.rotation.create_plan("2026", year=2026, stages=days, intakes=[intake])


def _plan_version(ws: Workspace) -> int:
    return int(ws.rotation.plans()["version"][0])


def _left_out(ws: Workspace, _state: State) -> None:
    fourth = person(ws, "学员丁", unit_id=1)
    ws.rotation.add_trainees("2026", [fourth])
    ws.rotation.remove_trainee("2026", fourth)


def _absence(ws: Workspace, state: State) -> None:
    first, _second, third = state["people"]
    state["absence"] = ws.rotation.absence(third, "2026-10-01", "2026-10-08", reason=REASON)
    ws.rotation.absence(first, "2026-10-01", "2026-10-03")


def _requests(ws: Workspace, state: State) -> None:
    """Three of one person, for one day each."""
    state["requests"] = [
        ws.rotation.request("2026", state["people"][0], "absence", starts_on=first, ends_on=after, reason=REASON)
        for first, after in (("2026-09-02", "2026-09-03"), ("2026-09-04", "2026-09-05"), ("2026-09-06", "2026-09-07"))
    ]


def _draft(ws: Workspace, state: State) -> None:
    """All three are safe by now; what is drafted is discarded and found again."""
    for one in state["people"]:
        for kind in SafetyKind:
            taken = {"kind": kind.value, "taken_on": date(2026, 8, 1), "passed": True, "level": "", "version": 1}
            factory.add(ws, SafetyRecord, person_id=one, recorded_at=datetime.now(UTC), **taken)
    ws.rotation.edit_plan("2026", {"hard": ["apart"], "mentees_per_mentor": 5}, version=_plan_version(ws))
    state["proposal"] = ws.rotation.propose("2026", time_limit_s=20)
    ws.rotation.save_draft(state["proposal"])


def _move(ws: Workspace, state: State) -> None:
    ws.rotation.move("2026", state["people"][2], 1, 3, version=_plan_version(ws), details={"note": "先报到"})


def _publish(ws: Workspace, _state: State) -> None:
    ws.rotation.save_draft(ws.rotation.propose("2026", time_limit_s=20))
    ws.rotation.publish("2026", version=_plan_version(ws))


def _return(ws: Workspace, _state: State) -> None:
    """The unit writes a note into the first row that has a team."""
    book = load_workbook(BytesIO(ws.rotation.workbook("2026")))
    sheet = book["轮岗安排表"]
    headings = [cell.value for cell in sheet[3]]
    row = next(row for row in sheet.iter_rows(min_row=4) if row[headings.index("服务队")].value)
    row[headings.index("备注")].value = "自备宿舍"
    out = BytesIO()
    book.save(out)
    ws.rotation.accept_file(("back.xlsx", out.getvalue()), version=_plan_version(ws))


def _refused_login(ws: Workspace, _state: State) -> None:
    server = open_for_server(ws.settings)
    with pytest.raises(Exception, match="密码"):
        server.access.authenticate("clerk", "wrong", "10.0.0.1")
    server.close()


def _login(ws: Workspace, state: State) -> None:
    server = open_for_server(ws.settings)
    account = server.access.authenticate("clerk", PASSWORD, "10.0.0.1")
    state["token"] = server.access.begin_session(account.account_id, origin="10.0.0.1")
    state["session"] = server.access.find_session(state["token"])
    server.close()


def _as_server(act: Callable[[Any, State], object]) -> Callable[[Workspace, State], None]:
    def run(ws: Workspace, state: State) -> None:
        server = open_for_server(ws.settings)
        act(server, state)
        server.close()

    return run


DEEDS: list[tuple[str, Callable[[Workspace, State], object]]] = [
    ("register.add_person", _person),
    (
        "register.edit_person",
        lambda ws, s: ws.register.edit_person(s["person"], {"phone": "13987654321", "address": None}, version=1),
    ),
    ("register.reveal", lambda ws, s: ws.register.reveal(s["person"], "id_number")),
    ("register.record_status", lambda ws, s: ws.register.record_status(s["person"], "member", since="2024-02-01")),
    ("register.record_stage", lambda ws, s: ws.register.record_stage(s["person"], "activist", since="2024-02-01")),
    ("register.join_team", lambda ws, s: ws.register.join_team(s["person"], 1, on="2024-03-01")),
    ("register.appoint", lambda ws, s: ws.register.appoint(1, "captain", s["person"], on="2024-03-01")),
    ("register.dismiss", lambda ws, s: ws.register.dismiss(1, "captain", on="2024-04-01")),
    ("register.edit_team", lambda ws, s: ws.register.edit_team(1, {"supervision_phone": "028-86000002"}, version=1)),
    ("register.leave_team", lambda ws, s: ws.register.leave_team(s["person"], on="2024-05-01")),
    ("register.transfer", lambda ws, s: ws.register.transfer(s["person"], on="2024-06-01", unit_id=2)),
    ("register.end_employment", lambda ws, s: ws.register.end_employment(s["person"], on="2024-07-01")),
    ("register.import", _import),
    ("register.import", _import_again),
    ("register.undo_import", lambda ws, s: ws.register.undo_import(s["run"] + 1)),
    ("register.import_structure", _structure),
    ("rotation.create_plan", _plan),
    ("rotation.add_trainees", lambda ws, s: ws.rotation.add_trainees("2026", s["people"][2:])),
    ("rotation.edit_plan", lambda ws, s: ws.rotation.edit_plan("2026", {"far_km": 60}, version=_plan_version(ws))),
    (
        "rotation.edit_stage",
        lambda ws, s: ws.rotation.edit_stage("2026", 2, "2026-12-02", "2027-03-02", version=_plan_version(ws)),
    ),
    ("rotation.home", lambda ws, s: ws.rotation.home("2026", s["people"][0], 30.66, 104.07)),
    ("rotation.wish", lambda ws, s: ws.rotation.wish("2026", s["people"][0], [1, 3])),
    ("rotation.pin", lambda ws, s: ws.rotation.pin("2026", s["people"][0], 1, 1)),
    ("rotation.except", lambda ws, s: ws.rotation.allow_units("2026", s["people"][1], [2])),
    ("rotation.bound", lambda ws, s: ws.rotation.bound("2026", 1, 0, 3)),
    (
        "rotation.pair",
        lambda ws, s: s.update(pair=ws.rotation.pair("2026", *s["people"][:2], apart=True, reason=REASON)),
    ),
    ("rotation.absence", _absence),
    ("rotation.reason", lambda ws, s: ws.rotation.reason("pair", s["pair"])),
    ("rotation.request", _requests),
    ("rotation.request_reason", lambda ws, s: ws.rotation.request_reason(s["requests"][0])),
    (
        "rotation.approve_request",
        lambda ws, s: ws.rotation.approve_request(s["requests"][0], version=1, answer=REASON, decided_by="王主任"),
    ),
    (
        "rotation.revoke_request",
        lambda ws, s: (
            ws.rotation.revoke_request(s["requests"][0], REASON, decided_by="王主任"),
            ws.rotation.approve_request(s["requests"][0], decided_by="王主任"),
        ),
    ),
    (
        "rotation.return_request",
        lambda ws, s: ws.rotation.return_request(s["requests"][1], REASON, version=1, decided_by="王主任"),
    ),
    ("rotation.withdraw_request", lambda ws, s: ws.rotation.withdraw_request(s["requests"][2], version=1)),
    ("rotation.save_draft", _draft),
    ("rotation.move", _move),
    ("rotation.discard_draft", lambda ws, s: ws.rotation.discard_draft("2026", version=_plan_version(ws))),
    ("rotation.publish", _publish),
    ("rotation.accept", _return),
    ("rotation.attach", lambda ws, s: s.update(scan=ws.rotation.attach("2026", 1, ("签字.pdf", b"%PDF-1.7\n%%EOF")))),
    ("rotation.withdraw", lambda ws, s: ws.rotation.withdraw(s["scan"])),
    ("access.add_user", lambda ws, s: ws.access.add_user("clerk", "hr", password=PASSWORD)),
    ("access.settle", _refused_login),
    ("access.begin_session", _login),
    (
        "access.change_own_password",
        _as_server(
            lambda server, s: server.access.change_own_password(
                s["session"].session_id, PASSWORD, OTHER_PASSWORD, "10.0.0.1"
            )
        ),
    ),
    ("access.end_session", _as_server(lambda server, s: server.access.end_session(s["session"].session_id))),
    ("access.set_role", lambda ws, s: ws.access.set_role("clerk", "auditor")),
    ("access.set_password", lambda ws, s: ws.access.set_password("clerk", PASSWORD)),
    ("access.disable", lambda ws, s: ws.access.disable("clerk")),
    ("access.enable", lambda ws, s: ws.access.enable("clerk")),
    ("access.end_sessions_of", lambda ws, s: (_login(ws, s), ws.access.end_sessions_of("clerk"))),
    ("demo.accounts", lambda ws, s: Filling(ws).accounts([{"username": "x1", "role": "hr", "display_name": "x"}], "p")),
    ("backup.write", lambda ws, s: ws.backup.write(Path(ws.settings.data_dir) / "b.zip")),
    ("keys.rotate", lambda ws, s: ws.keys.rotate()),
    ("keys.forget", lambda ws, s: ws.keys.forget("k1")),
    ("rotation.remove_trainee", _left_out),
    ("rotation.unpair", lambda ws, s: ws.rotation.unpair("2026", s["pair"])),
    (
        "rotation.edit_absence",
        lambda ws, s: ws.rotation.edit_absence(s["absence"], "2026-10-02", "2026-10-05"),
    ),
    ("rotation.end_absence", lambda ws, s: ws.rotation.end_absence(s["absence"])),
]

CHANGES = {"register.edit_person", "register.edit_team", "register.end_employment", "register.leave_team"}
CHANGES |= {"register.dismiss", "register.undo_import", "access.set_role", "access.disable", "access.enable"}
CHANGES |= {"rotation.edit_plan", "rotation.edit_stage", "rotation.home", "rotation.unpair", "rotation.end_absence"}
CHANGES |= {"rotation.edit_absence", "rotation.remove_trainee", "rotation.withdraw"}
CHANGES |= {
    "rotation.revoke_request",
    "rotation.approve_request",
    "rotation.return_request",
    "rotation.withdraw_request",
}
"""Verbs that change what was there: some row of theirs tells what that was."""


def test_every_verb_that_writes_is_done_here_or_silent_for_a_reason() -> None:
    writing = {name for name, writes in found().items() if writes}
    assert {name for name, _deed in DEEDS} | set(SILENT) == writing


def test_every_deed_leaves_rows_with_before_and_after_and_nothing_protected_in_clear(
    ws: Workspace, capfd: pytest.CaptureFixture[str]
) -> None:
    small_province(ws)
    configure_logs(0)
    state: State = {}
    for name, deed in DEEDS:
        last = ws.audit.summary().rows
        deed(ws, state)
        rows = [one for one in _trail(ws) if one["number"] > last]
        mine = [one for one in rows if one["verb"] == name]
        assert mine, name
        assert all(one["before"] is not None or one["after"] is not None for one in mine), name
        if name in CHANGES:
            assert any(one["before"] for one in mine), name
        assert all(one["origin"] for one in rows), name
    ws.drafts.save("person/1", {"id_number": ID_NUMBER, "phone": PHONE, "address": ADDRESS})
    assert ws.audit.verify().whole
    logged = "".join(capfd.readouterr())
    listed = ws.audit.page(_everything()).rows.to_json(force_ascii=False, date_format="iso")
    for place, text in (*_everywhere(ws).items(), ("logs", logged), ("list", listed)):
        for secret in (*_secrets(), PASSWORD, OTHER_PASSWORD):
            assert secret not in text, (place, secret)


def test_the_demo_and_the_first_administrator_are_told_too(ws: Workspace) -> None:
    name, password = ws.access.first_administrator() or ("", "")
    assert [one["verb"] for one in _trail(ws)] == ["access.first_administrator"]
    assert name
    assert password not in json.dumps(_everywhere(ws))


protected = st.fixed_dictionaries(
    {
        "id_number": st.builds(
            lambda born, serial: _number(born.isoformat(), serial),
            st.dates(date(1960, 1, 1), date(2000, 1, 1)),
            st.integers(0, 99),
        ),
        "phone": st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True),
        "address": st.text("东南西北中一二三四五六七八九十路街巷号", min_size=10, max_size=30),
    }
)


@hypothesis_settings(max_examples=examples(8), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=protected, second=protected)
def test_whatever_is_protected_stands_nowhere_in_clear(
    ws: Workspace, first: dict[str, str], second: dict[str, str]
) -> None:
    if not held(ws, "unit"):
        unit(ws)
    for one in held(ws, "person"):
        ws.register.edit_person(
            one["id"], {"id_number": None, "employee_no": f"{one['id']:08d}"}, version=one["version"]
        )
    someone = person(ws, "欧阳明", employee_no=None, **first)
    ws.register.edit_person(someone, {name: second[name] for name in ("phone", "address")}, version=1)
    ws.drafts.save("person/new", dict(first))
    line = row(身份证号="", 工号=f"9{someone:07d}", 联系电话=second["phone"], 单位="成都供电公司", 性别="", 出生日期="")
    bring(ws, line, head=PEOPLE)
    for place, text in _everywhere(ws).items():
        for secret in (*first.values(), second["phone"], second["address"]):
            assert secret not in text, (place, secret)


# Helpers ----------------------------------------------------------------------------------------------------------


def _trail(ws: Workspace) -> list[dict[str, Any]]:
    with ws.engine.connect() as connection:
        return [dict(one) for one in connection.execute(select(_AUDIT).order_by(_AUDIT.c.number)).mappings()]


def _everywhere(ws: Workspace) -> dict[str, str]:
    """All that is stored, as text: every table, and the files outside."""
    with ws.engine.connect() as connection:
        stored = {
            place.name: "\n".join(
                "\t".join(json.dumps(value, ensure_ascii=False, default=str) for value in one)
                for one in connection.execute(select(place))
            )
            for place in SQLModel.metadata.sorted_tables
        }
    anchors = ws.settings.anchors
    return stored | {"anchors": anchors.read_text() if anchors.exists() else ""}


def _secrets() -> list[str]:
    return [REASON, ID_NUMBER, PHONE, ADDRESS, "13987654321", "13600000001", "13600000002", _number("1990-03-07", 7)]


def _number(born: str, serial: int) -> str:
    body = f"510104{born.replace('-', '')}{serial:02d}1"
    return body + check_digit(body)


def _everything() -> AuditQuery:
    return AuditQuery(limit=None)
