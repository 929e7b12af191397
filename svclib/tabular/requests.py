"""Form 9 (请假/调整申请表), written from what is known: it can be brought in again and changes nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from svclib.codes import RequestKind, RequestState
from svclib.tabular.rotation.periods import period_text, stage_text
from svclib.tabular.writing import ColumnSpec, write_table

TITLE = "请假/调整申请表"
ELSEWHERE = "其他"
"""Asked for in place of a team: any other one."""
AWAY = "不在岗"
_HEADINGS: tuple[tuple[str, float | None], ...] = (
    *(("姓名", 10), ("人员编码", 14), ("单位", None), ("类型", 8), ("起止日期", 26), ("原安排", None)),
    *(("申请安排", None), ("审批", 10), ("审批人", 12), ("申请日期", 14)),
)


@dataclass(frozen=True)
class RequestLine:
    """One request as the form tells it; `ends_on` is exclusive, `stage` None for leave. Never why."""

    name: str
    employee_no: str | None
    unit: str | None
    kind: str
    stage: int | None
    starts_on: date
    ends_on: date
    present: str | None
    wanted: str | None
    state: str
    decided_by: str | None
    asked_on: date | None


def requests_workbook(plan: str, lines: Iterable[RequestLine]) -> bytes:
    """Write form 9 (.xlsx): one line a request, what is asked and what became of it, never why."""
    columns = [ColumnSpec(head, "date" if head == "申请日期" else "text", width) for head, width in _HEADINGS]
    rows = [
        (
            *(one.name, one.employee_no, one.unit, _KIND_WORDS[one.kind], _when(one)),
            *(one.present, _wanted(one), _STATE_WORDS[one.state], one.decided_by, one.asked_on),
        )
        for one in lines
    ]
    return write_table(columns, rows, sheet="申请", title=title_of(plan))


def title_of(plan: str) -> str:
    """The title of the form for a plan of this name."""
    return f"{plan}年度轮岗{TITLE}" if plan.isdigit() else f"{plan}{TITLE}"


_KIND_WORDS = {RequestKind.ABSENCE.value: "请假", RequestKind.CHANGE.value: "调整"}
_STATE_WORDS = {
    RequestState.PENDING.value: "待审批",
    RequestState.APPROVED.value: "已同意",
    RequestState.RETURNED.value: "已退回",
    RequestState.WITHDRAWN.value: "已撤回",
}


def _when(one: RequestLine) -> str:
    days = period_text(one.starts_on, one.ends_on)
    return days if one.stage is None else f"{stage_text(one.stage)} {days}"


def _wanted(one: RequestLine) -> str:
    if one.kind == RequestKind.ABSENCE:
        return AWAY
    return one.wanted or ELSEWHERE
