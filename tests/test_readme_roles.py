"""The README's tables of roles say exactly what the policy says, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from svclib.i18n import use_language
from svclib.models import Role, label
from svclib.workspace.policy import GROUPS, REACHES, Group, Reach, Shown

README = Path(__file__).parent.parent.joinpath("README.md").read_text("utf-8")
CHINESE, ENGLISH = README.split("\n# Volunteer and training management", 1)


class Words(NamedTuple):
    """What the README says of one thing."""

    chinese: str
    english: str


WHO: Mapping[Reach, Words] = {
    Reach.NONE: Words("–", "–"),
    Reach.SELF: Words("本人", "the own person"),
    Reach.CULTIVATED: Words("本人所联系的培养对象", "those whose training contact one is"),
    Reach.MENTORED: Words("本人的徒弟（有师徒协议之后）", "own mentees (once there are agreements)"),
    Reach.TEAM: Words("本服务队", "the own team"),
    Reach.BODIES: Words("组织关系在本党组织及其下级的人", "party ties in the own body or below"),
    Reach.UNITS: Words("本单位及下属单位；账号不限单位则为全省", "own unit and those below; without a unit all"),
    Reach.ALL: Words("全省，化名、概括", "all, pseudonymous and coarse"),
}
DOES: Mapping[Words, tuple[str, ...]] = {
    Words("新增、修改人员", "add and edit people"): ("register.add_person", "register.edit_person"),
    Words("调动、入队离队、离职", "transfers, teams, leaving"): (
        *("register.transfer", "register.join_team", "register.leave_team", "register.end_employment"),
    ),
    Words("任免、服务队资料", "offices and teams"): ("register.appoint", "register.dismiss", "register.edit_team"),
    Words("政治面貌、发展阶段", "status and stage"): ("register.record_status", "register.record_stage"),
    Words("导入、撤销导入", "import and undo"): ("register.import", "register.imports", "register.undo_import"),
    Words("导入机构（仅全省）", "import structure (province only)"): ("register.import_structure",),
    Words("导出", "export"): ("register.export",),
    Words("查看被遮盖的号码", "unmask numbers"): ("register.reveal",),
    Words("编制、调整、发布轮岗计划", "plan, change and publish the rotation"): (
        *("rotation.create_plan", "rotation.edit_plan", "rotation.edit_stage", "rotation.add_trainees"),
        "rotation.remove_trainee",
        *("rotation.home", "rotation.wish", "rotation.pin", "rotation.except", "rotation.bound", "rotation.propose"),
        *("rotation.save_draft", "rotation.move", "rotation.discard_draft", "rotation.publish", "rotation.accept"),
    ),
    Words("登记搭配、缺勤及原因", "note pairs, absences and why"): (
        *("rotation.pair", "rotation.unpair", "rotation.absence", "rotation.edit_absence", "rotation.end_absence"),
        *("rotation.reason",),
    ),
    Words("生成轮岗通知", "write notices of the rotation"): ("rotation.notices",),
    Words("附上、取出、撤回签字的轮岗通知", "attach, read and withdraw signed notices"): (
        *("rotation.attach", "rotation.attachments", "rotation.attachment", "rotation.withdraw"),
    ),
    Words("轮岗通知书和日历", "letters and calendars of the rotation"): ("rotation.letter",),
    Words("提出、撤回请假和调整申请", "file and take back requests"): (
        *("rotation.requests", "rotation.request", "rotation.withdraw_request", "rotation.request_reason"),
    ),
    Words("审批申请", "decide about requests"): (
        *("rotation.approve_request", "rotation.return_request", "rotation.revoke_request"),
    ),
    Words("账号", "accounts"): (
        *("access.users", "access.sessions", "access.add_user", "access.set_role", "access.set_password"),
        *("access.disable", "access.enable", "access.end_sessions_of"),
    ),
    Words("查看、核对留痕", "read and check the trail"): (
        *("audit.page", "audit.entry", "audit.summary", "audit.export", "audit.verify", "audit.anchor"),
    ),
    Words("备份", "back up"): ("backup.write",),
}
"""What a role does, and the verbs that it takes."""
SEES = {Shown.SHOWN: Words("显示", "shown"), Shown.MASKED: Words("遮盖", "masked"), Shown.ABSENT: Words("–", "–")}


def _has(role: Role, verb: str) -> bool:
    return REACHES[verb][role] != Reach.NONE


def lines(half: int) -> list[str]:
    """The rows of both tables, in Chinese (0) or English (1)."""
    use_language(["zh_CN", "en"][half])
    found = []
    for role in Role:
        page = REACHES["register.page"][role]
        reach = REACHES["register.people"][role] if page == Reach.NONE else page
        done = [words[half] for words, verbs in DOES.items() if all(_has(role, verb) for verb in verbs)]
        found.append(f"| {label(role)} `{role}` | {WHO[reach][half]} | {('；', '; ')[half].join(done) or '–'} |")
    for role in Role:
        shown = [SEES[GROUPS[role][group]][half] for group in Group]
        found.append(f"| {label(role)} | {' | '.join(shown)} |")
    use_language("zh_CN")
    return found


@pytest.mark.parametrize("half", [0, 1])
def test_the_tables_of_roles_are_those_of_the_policy(half: int) -> None:
    text = (CHINESE, ENGLISH)[half]
    assert [line for line in lines(half) if line not in text] == []


def test_every_verb_that_changes_or_discloses_is_told() -> None:
    told = {verb for verbs in DOES.values() for verb in verbs}
    reading = {"people", "page", "person", "units", "summary", "teams", "stations", "composition", "who", "intakes"}
    reading |= {"bodies", "crews"}
    plain = {f"register.{name}" for name in reading} | {"access.me"}
    planning = {"plans", "plan", "placements", "diff", "trainees", "wishes", "absences", "pins", "exceptions", "bounds"}
    planning |= {"pairs", "violations", "why", "export", "check", "request_effect"}
    plain |= {f"rotation.{name}" for name in planning}
    of_the_machine = {verb for verb in REACHES if not any(_has(role, verb) for role in Role)}
    assert {verb for verb in REACHES if not verb.startswith("drafts.")} - plain - told - of_the_machine == set()
