"""The trail as a list: who did what to which record when, in words, and nothing that the trail's reader may not see."""

from __future__ import annotations

import io
import json
import re
from datetime import UTC, datetime, timedelta
from typing import cast
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from sqlmodel import SQLModel

from svclib import NotFound, RuleBroken
from svclib.i18n import speaking
from svclib.models import Account, Role, table
from svclib.tabular import Form
from svclib.workspace import Workspace, open_workspace
from svclib.workspace.audit import AuditQuery
from svclib.workspace.audit.listing import AUDIT_COLUMNS
from svclib.workspace.audit.telling import _may_see
from svclib.workspace.audit.words import RECORD_WORDS, field_word, value_word
from svclib.workspace.base import Transaction
from svclib.workspace.importing.running import PEOPLE_FORMS
from svclib.workspace.policy import FIELDS, GROUPS, HISTORIES, Actor, Policy, Shown
from svclib.workspace.verbs import VERB_WORDS
from tests.commands import svc
from tests.workspace.factory import person, sound_team
from tests.workspace.test_policy import found

ID_NUMBER, PHONE, ADDRESS = "510105199001011237", "13812345678", "成都市武侯区一环路1号"


@pytest.fixture
def busy(ws: Workspace) -> Workspace:
    """A team, and one person who was added, changed, looked at, and given a stage."""
    sound_team(ws)
    someone = person(ws, "欧阳明", id_number=ID_NUMBER, phone=PHONE, address=ADDRESS)
    ws.register.edit_person(someone, {"school": "四川大学", "phone": "13987654321"}, version=1)
    ws.register.edit_person(someone, {"school": "重庆大学"}, version=2)
    ws.register.reveal(someone, "phone")
    ws.register.record_stage(someone, "activist", since="2026-03-01")
    return ws


def test_the_newest_row_comes_first_and_is_told_in_words(busy: Workspace) -> None:
    page = busy.audit.page(AuditQuery(limit=2))
    assert list(page.rows.columns) == list(AUDIT_COLUMNS)
    newest, before = page.rows.to_dict("records")
    assert (newest["doing"], newest["record"]) == ("登记发展阶段", "发展阶段 欧阳明")
    assert (before["doing"], before["record"], before["changes"]) == ("查看原文", "人员 欧阳明", "查看的项目：联系电话")
    assert page.total == newest["number"]


def test_a_change_is_told_with_its_label_and_both_values(busy: Workspace) -> None:
    page = busy.audit.page(AuditQuery(verbs=("register.edit_person",)))
    assert list(page.rows["changes"]) == [
        "毕业院校：四川大学 → 重庆大学",
        "联系电话：（已加密，不显示） → （已加密，不显示）；毕业院校：四川大学",
    ]


def test_protected_values_are_in_no_form_of_the_list(busy: Workspace) -> None:
    rows = busy.audit.page(AuditQuery(limit=None)).rows.to_json(force_ascii=False, date_format="iso")
    for secret in (ID_NUMBER, PHONE, "一环路", "k1:"):
        assert secret not in rows


def test_an_account_is_not_told_who_is_an_activist(busy: Workspace) -> None:
    busy.access.add_user("checker", "auditor", password="correct horse battery staple")
    auditor = open_workspace(busy.settings, as_user="checker")
    own = busy.audit.page(AuditQuery(verbs=("register.record_stage",))).rows["changes"][0]
    theirs = auditor.audit.page(AuditQuery(verbs=("register.record_stage",))).rows["changes"][0]
    assert "积极分子" in own
    assert "积极分子" not in theirs
    assert "（不显示）" in theirs
    auditor.close()


@pytest.mark.parametrize("role", list(Role))
def test_every_field_in_the_trail_is_shown_as_the_policy_says_for_the_role(role: Role) -> None:
    policy = Policy(Actor("reader", account_id=1, role=role))
    looking = cast("Transaction", policy)
    for name in ("person", *HISTORIES):
        for column in SQLModel.metadata.tables[name].columns:
            group = FIELDS["note"] if column.name == "note" else HISTORIES.get(name) or FIELDS.get(column.name)
            seen = _may_see(looking, name, column.name)
            assert seen == (group is None or GROUPS[role][group] == Shown.SHOWN)


def test_every_table_about_a_person_has_a_field_group() -> None:
    about = {place.name for place in SQLModel.metadata.sorted_tables if "person_id" in place.columns}
    assert about - {"account"} == set(HISTORIES)


def test_an_auditor_is_not_told_a_persons_school_but_the_machines_own_user_is(busy: Workspace) -> None:
    busy.access.add_user("checker", "auditor", password="correct horse battery staple")
    auditor = open_workspace(busy.settings, as_user="checker")
    query = AuditQuery(verbs=("register.edit_person",))
    assert "四川大学" in busy.audit.page(query).rows["changes"][0]
    theirs = auditor.audit.page(query).rows["changes"]
    assert not theirs.str.contains("大学").any()
    assert theirs[0] == "毕业院校：（不显示） → （不显示）"
    auditor.close()


def test_rows_are_found_by_who_what_when_and_about_whom(busy: Workspace) -> None:
    def total(**wanted: object) -> int:
        return busy.audit.page(AuditQuery(**wanted)).total  # type: ignore[arg-type]

    everything = total()
    today = datetime.now(UTC).astimezone().date()
    assert total(who="system") == everything
    assert total(who="nobody") == 0
    assert total(verbs=("register.reveal",)) == 1
    assert total(record="欧阳") == 5
    assert total(record="person/11") == 4
    assert total(record="连心桥") > 0
    assert total(record="100%") == 0
    assert total(since=today - timedelta(days=1), until=today + timedelta(days=1)) == everything
    assert total(until=today - timedelta(days=2)) == 0
    with pytest.raises(RuleBroken):
        total(since="2026-02-30")
    with pytest.raises(RuleBroken):
        total(verbs=("register.nothing",))


def test_one_row_tells_every_field_that_changed(busy: Workspace) -> None:
    number = int(busy.audit.page(AuditQuery(verbs=("register.appoint",))).rows["number"].min())
    entry = busy.audit.entry(number)
    told = {one.field: (one.before, one.after) for one in entry.changes}
    assert told["职务"] == ("", "队长")
    assert told["服务队"][1] == "连心桥服务队"
    assert entry.origin.startswith("command line")
    with pytest.raises(NotFound):
        busy.audit.entry(9_999)


def test_the_figures_count_writes_and_looks_apart(busy: Workspace) -> None:
    before = busy.audit.summary()
    assert (before.reveals_this_month, before.writes_today) == (1, before.rows - 1)
    assert (before.verified_at, before.anchored_at) == (None, None)
    busy.audit.verify()
    after = busy.audit.summary()
    assert after.verified_up_to == after.anchored_up_to == after.rows
    assert after.actors == ("system",)


def test_the_export_holds_the_whole_list_whatever_the_page(busy: Workspace) -> None:
    query = AuditQuery(record="欧阳", limit=2)
    sheet = openpyxl.load_workbook(io.BytesIO(busy.audit.export(query))).active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0] == ("编号", "时间", "谁", "来自", "操作", "记录", "改动")
    assert len(rows) == 1 + busy.audit.page(query).total


def test_the_command_lists_what_the_filters_ask_for(busy: Workspace) -> None:
    done = svc("audit", "list", "--verb", "register.reveal", "--record", "欧阳", "--who", "system", "--json")
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert document["total"] == 1
    assert document["rows"][0]["changes"] == "查看的项目：联系电话"
    table_of_words = svc("audit", "list", "--from", "2020-01-01", "--to", "2099-01-01", "--limit", "3")
    assert "共" in table_of_words.stderr
    assert "命令行（系统用户" in "".join(table_of_words.stdout.split())
    assert "command line" not in table_of_words.stdout
    assert "本机用户" in table_of_words.stdout
    assert svc("audit", "list", "--from", "yesterday").returncode == 2


def test_a_login_is_turned_away_and_the_row_of_an_import_sent_back() -> None:
    zone = ZoneInfo("Asia/Shanghai")
    assert value_word("account", "login", "refused", {}, zone) == "被拒绝"
    assert field_word("import_run", "rejected") == "退回"


def test_every_field_of_every_table_that_the_trail_names_has_a_word(ws: Workspace) -> None:
    kept = {"password_hash", "password_set_at", "created_at", "last_login_at", "token_hash", "seen_at", "ends_at"}
    kept |= {"begun_at", "ended_at", "account_id", "value", "id_number_index", "pinyin", "initials", "sha256", "actor"}
    # What an import wrote is named by its figure, never row by row.
    kept |= {"table_name", "row_id", "before", "after"}
    # A scan's bytes are told by file name and size.
    kept |= {"content"}
    missing = [
        f"{place.name}.{column.name}"
        for place in SQLModel.metadata.sorted_tables
        if place.name in RECORD_WORDS
        for column in place.columns
        if column.name not in kept | {"id", "version"} and field_word(place.name, column.name) == column.name
    ]
    assert missing == []
    silent = {"drafts.save", "drafts.discard", "access.attempt", "access.touch", "access.issue_ticket"}
    silent |= {"access.withdraw_ticket"}
    assert {name for name, writes in found().items() if writes} - silent <= set(VERB_WORDS)
    assert table(Account).name in RECORD_WORDS


@pytest.mark.parametrize("form", [*PEOPLE_FORMS, Form.SAFETY, Form.REQUESTS, "structure", "mixed"])
def test_an_imports_form_is_told_by_the_name_that_offices_use(form: str) -> None:
    with speaking("zh_CN"):
        told = value_word("import_run", "form", str(form), {}, ZoneInfo("Asia/Shanghai"))
    assert re.fullmatch("[一-鿿、/（）]+", told), told
