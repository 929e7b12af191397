"""What a rotation plan is announced with: a notice with a list to sign, and for each person a letter and a calendar.

These are Chinese documents whatever the language of the pages. A plan's remarks and reasons of absence stand in none of
them: they are not for everybody who reads a notice.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from svclib.tabular.documents import Template
from svclib.tabular.rotation.periods import stage_text
from svclib.tabular.rotation.plan import Choices, PlanRow, plan_title

NOTICE_TEMPLATE = "轮岗通知.docx"
LETTER_TEMPLATE = "轮岗学员通知书.docx"
_LATER = "另行通知"
"""Stands where somebody has no place in a stage, whatever the reason is."""


@dataclass(frozen=True, slots=True)
class Posting:
    """Where somebody is in one stage; `ends_on` is exclusive, an empty `team` means that there is no place yet."""

    stage: int
    starts_on: date
    ends_on: date
    team: str = ""
    station: str = ""
    mentor: str = ""
    lodging: str = ""


@dataclass(frozen=True, slots=True)
class Trainee:
    """A person of the plan with all stages."""

    person_id: int
    name: str
    unit: str
    postings: tuple[Posting, ...]
    employee_no: str | None = None


@dataclass(frozen=True)
class Announcement:
    """A published version of a plan for one unit: who signs (`issuer`, may be empty), when, and for whom."""

    plan: str
    version: int
    unit: str
    issuer: str
    issued_on: date
    trainees: tuple[Trainee, ...]


def trainees_of(rows: Iterable[PlanRow], choices: Choices) -> tuple[Trainee, ...]:
    """Gather a plan's rows by person, in the order of the rows, stages in their order.

    Raises KeyError for a row whose team, station or mentor is not among the choices.
    """
    teams, stations, mentors = (
        {None: ""} | {one.id: one.name for one in kind} for kind in (choices.teams, choices.stations, choices.mentors)
    )
    people: dict[int, list[PlanRow]] = {}
    for row in rows:
        people.setdefault(row.person_id, []).append(row)
    found = []
    for own in people.values():
        postings = (
            Posting(
                row.stage,
                row.starts_on,
                row.ends_on,
                teams[row.team_id],
                stations[row.station_id],
                mentors[row.mentor_id],
                row.lodging or "",
            )
            for row in sorted(own, key=lambda row: row.stage)
        )
        one = own[0]
        found.append(Trainee(one.person_id, one.name, one.unit, tuple(postings), one.employee_no))
    return tuple(found)


def notice_document(announcement: Announcement, templates: Path | None = None) -> bytes:
    """Write the unit's 轮岗通知 as .docx: everybody with stages, teams and days, and room for a signature.

    `templates` is the office's folder of templates. Raises BadFile for a template that can't be filled.
    """
    return Template(NOTICE_TEMPLATE, templates).fill(notice_context(announcement))


def letter_document(announcement: Announcement, trainee: Trainee, templates: Path | None = None) -> bytes:
    """Write one trainee's letter as .docx. Raises BadFile for a template that can't be filled."""
    return Template(LETTER_TEMPLATE, templates).fill(letter_context(announcement, trainee))


def notice_context(announcement: Announcement) -> dict[str, Any]:
    """What the template of the notice may name."""
    listed = [
        {"序号": number, "姓名": one.name, "人员编码": one.employee_no or "", "安排": _postings(one.postings)}
        for number, one in enumerate(announcement.trainees, start=1)
    ]
    return {**_heading(announcement), "单位": announcement.unit, "人数": len(listed), "名单": listed}


def letter_context(announcement: Announcement, trainee: Trainee) -> dict[str, Any]:
    """What the template of the letter may name."""
    about = {"姓名": trainee.name, "人员编码": trainee.employee_no or "", "单位": trainee.unit or announcement.unit}
    return {**_heading(announcement), **about, "安排表": _postings(trainee.postings)}


def _heading(announcement: Announcement) -> dict[str, Any]:
    return {
        "计划": plan_title(announcement.plan),
        "版次": announcement.version,
        "发文单位": announcement.issuer,
        "日期": _day(announcement.issued_on),
    }


def _postings(postings: Sequence[Posting]) -> list[dict[str, Any]]:
    return [
        {
            "阶段": stage_text(one.stage),
            "首日": one.starts_on.isoformat(),
            "末日": (one.ends_on - timedelta(days=1)).isoformat(),
            "服务队": one.team or _LATER,
            "服务站": one.station,
            "师傅": one.mentor,
            "住宿": one.lodging,
        }
        for one in postings
    ]


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def calendar_file(announcement: Announcement, trainee: Trainee) -> bytes:
    """Write a trainee's stages as an iCalendar file (RFC 5545): whole days, so no time zone, and none that block time.

    A stage keeps its identity from version to version of the plan: taken in again, it moves instead of standing twice.
    """
    from icalendar import Calendar, Event

    calendar = Calendar()
    calendar.add("prodid", "-//svclib//rotation//ZH")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    stamp = datetime.combine(announcement.issued_on, time(), UTC)
    for one in trainee.postings:
        if not one.team:
            continue
        event = Event()
        event.add(
            "uid", str(uuid5(NAMESPACE_URL, f"svclib/rotation/{announcement.plan}/{trainee.person_id}/{one.stage}"))
        )
        event.add("dtstamp", stamp)
        event.add("sequence", announcement.version)
        event.add("dtstart", one.starts_on)
        event.add("dtend", one.ends_on)
        event.add("transp", "TRANSPARENT")
        event.add("summary", f"轮岗{stage_text(one.stage)}：{one.team}")
        event.add("location", f"{one.team} {one.station}".strip())
        told = (("师傅", one.mentor), ("住宿", one.lodging))
        if description := "\n".join(f"{word}：{text}" for word, text in told if text):
            event.add("description", description)
        calendar.add_component(event)
    return bytes(calendar.to_ical())
