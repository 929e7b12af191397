"""Whatever a list of results holds: the same file again changes nothing, undoing a corrected one restores."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import delete
from sqlmodel import SQLModel

from svclib.models import SafetyKind
from svclib.rules.safety import result_of
from svclib.workspace import Workspace
from tests.examples import examples
from tests.workspace.import_files import dump, held, table_file
from tests.workspace.offices import Offices

HEAD = ("单位", "姓名", "人员编码", "类别", "日期", "学时", "成绩", "是否合格", "有效期至")
NAMES = ("成队长", "成学员", "绵学员")
PASS_SCORE = 80


@st.composite
def lists(draw: st.DrawFn) -> list[list[str]]:
    """Rows with all kinds of gaps, faults and repetitions, about a few people and days."""

    def one(*words: str) -> str:
        return draw(st.sampled_from(words))

    return [
        [
            one("", "成都供电公司", "绵阳公司", "成都供点公司"),
            one(*NAMES, "别人", ""),
            one("", "", "number", "N9999999"),
            one("安规考试", "公司级安全教育", "厂级", "安规考试(配电)", "安轨考试", ""),
            one("2026-08-12", "2026.08.13", "2026年8月", "2026-09-01", ""),
            one("", "24", "8学时", "三天"),
            one("", "92", "80", "79.5", "101", "缺考", "合格"),
            one("", "是", "不合格", "待定"),
            one("", "2027-08-11", "2026-01-01", "2027年8月", "长期"),
        ]
        for _row in range(draw(st.integers(1, 8)))
    ]


def file(offices: Offices, rows: list[list[str]]) -> tuple[str, bytes]:
    """The rows as a file, each with the employee number of the name that it tells."""

    def number(row: list[str]) -> str:
        if row[2] != "number":
            return row[2]
        return str(offices.people[offices.named(row[1])]["employee_no"]) if row[1] in NAMES else "N1"

    return table_file(HEAD, *([*row[:2], number(row), *row[3:]] for row in rows))


def emptied(ws: Workspace) -> None:
    with ws.engine.begin() as connection:
        for name in ("import_change", "import_run", "safety_record"):
            connection.execute(delete(SQLModel.metadata.tables[name]))


_quietly = hypothesis_settings(
    max_examples=examples(30),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@_quietly
@given(first=lists(), corrected=lists())
def test_the_same_list_again_changes_nothing_and_undoing_a_corrected_one_restores(
    offices: Offices, first: list[list[str]], corrected: list[list[str]]
) -> None:
    ws = offices.ws
    emptied(ws)
    done = ws.register.import_file(file(offices, first))
    assert done.rows == done.created + done.updated + done.unchanged + done.rejected_rows
    between = dump(ws)
    again = ws.register.import_file(file(offices, first))
    assert (again.created, again.updated, again.run_id, again.rejected) == (0, 0, None, done.rejected)
    assert dump(ws) == between
    preview = ws.register.import_file(file(offices, corrected), dry_run=True)
    changed = ws.register.import_file(file(offices, corrected), expected=preview.digest)
    assert changed.preview.equals(preview.preview)
    assert all(map(_makes_sense, held(ws, "safety_record")))
    if changed.run_id is not None:
        ws.register.undo_import(changed.run_id)
    assert _without_versions(dump(ws)) == _without_versions(between)


def _makes_sense(row: dict[str, Any]) -> bool:
    """What the rules promise of every record, however it came about."""
    points = row["score"]
    passed = result_of(SafetyKind(row["kind"]), row["passed"], points, pass_score=PASS_SCORE)
    return (
        row["taken_on"] <= date(2026, 8, 20)
        and (points is None or 0 <= points <= 100)
        and not (passed and points is not None and points < PASS_SCORE)
        and (row["valid_until"] is None or row["valid_until"] >= row["taken_on"])
    )


def _without_versions(tables: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    return {
        name: [{key: value for key, value in row.items() if key != "version"} for row in rows]
        for name, rows in tables.items()
    }
