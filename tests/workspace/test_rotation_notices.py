"""Notices, letters and calendars of a plan: of what is published, for whom one may announce it."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from zipfile import ZipFile

import pytest
from docx import Document
from icalendar import Calendar

from svclib import Forbidden, NotFound, RuleBroken, SvcError
from svclib.models import Employment, Role, Unit, table
from svclib.tabular import pdf
from svclib.tabular.rotation import Contents
from svclib.workspace import Workspace
from tests.workspace import factory
from tests.workspace.plan_year import HERE, THERE, WHY_AWAY, PlanYear


def archive(ws: Workspace, **options: object) -> dict[str, bytes]:
    """The files of the archive by their names."""
    out = io.BytesIO()
    count = ws.rotation.notices("2026", out, **options)  # type: ignore[arg-type]
    with ZipFile(out) as packed:
        found = {name: packed.read(name) for name in packed.namelist()}
    assert len(found) == count
    return found


def words(document: bytes) -> str:
    """All text of a Word document, tables too."""
    opened = Document(io.BytesIO(document))
    cells = (cell.text for one in opened.tables for row in one.rows for cell in row.cells)
    return "\n".join([*(one.text for one in opened.paragraphs), *cells])


def people_in(files: dict[str, bytes]) -> set[str]:
    """Whose letters are among the files."""
    return {name.rpartition("/")[2].partition("_")[0] for name in files if name.endswith("_通知书.docx")}


def test_the_archive_has_a_notice_for_each_unit_and_a_letter_and_a_calendar_for_each_trainee(year: PlanYear) -> None:
    year.publish()
    files = archive(year.ws)
    assert people_in(files) == {*HERE, *THERE}
    assert sum(name.endswith(".ics") for name in files) == 6
    notices = {name.partition("/")[0]: words(one) for name, one in files.items() if name.endswith("/轮岗通知.docx")}
    assert len(notices) == 2
    for unit, names in (("成都供电公司", HERE), ("绵阳供电公司", THERE)):
        (text,) = (text for folder, text in notices.items() if unit in folder)
        assert [name for name in (*HERE, *THERE) if name in text] == list(names)
        assert f"现将你单位{len(names)}名学员" in text
    for row in year.ws.rotation.placements("2026").to_dict("records"):
        (letter,) = (one for path, one in files.items() if path.endswith("_通知书.docx") and row["name"] in path)
        assert row["team"] in words(letter)
        assert row["starts_on"].date().isoformat() in words(letter)


def test_only_what_is_published_is_announced(year: PlanYear) -> None:
    year.publish()
    person = year.people["甲一"]
    before = year.ws.rotation.letter("2026", person)
    other = "b" if year.stand()["甲一", 1] == "高新服务队" else "a"
    year.ws.rotation.move("2026", person, 1, year.teams[other], version=year.version)
    assert words(year.ws.rotation.letter("2026", person)) == words(before)


def test_nothing_published_is_said_and_nothing_written(year: PlanYear) -> None:
    hr_here = year.as_role("hr-here", Role.HR, unit_id=year.units[1])
    year.ws.rotation.save_draft(year.ws.rotation.propose("2026"))
    person = year.people["甲一"]
    out = io.BytesIO()
    attempts: tuple[Callable[[Workspace], object], ...] = (
        lambda ws: ws.rotation.notices("2026", out),
        lambda ws: ws.rotation.notice("2026", year.units[1]),
        lambda ws: ws.rotation.letter("2026", person),
        lambda ws: ws.rotation.calendar("2026", person),
    )
    for attempt in attempts:
        with pytest.raises(RuleBroken, match="先发布"):
            attempt(year.ws)
    assert out.getvalue() == b""
    hr_there = year.as_role("hr-there", Role.HR, unit_id=year.units[2])
    hr_there.rotation.publish("2026", version=year.version)
    for attempt in attempts:
        with pytest.raises(RuleBroken, match="先发布"):
            attempt(hr_here)
    assert people_in(archive(year.ws)) == set(THERE)


def test_a_stage_without_a_place_is_told_as_to_follow_and_stands_in_no_calendar(year: PlanYear) -> None:
    person = year.people["乙二"]
    year.publish()
    year.ws.rotation.absence(person, "2026-11-01", "2027-01-01", reason=WHY_AWAY)
    year.publish(preset="least_change")
    letter = words(year.ws.rotation.letter("2026", person))
    assert "另行通知" in letter
    assert "第2版" in letter
    assert WHY_AWAY not in letter
    events = Calendar.from_ical(year.ws.rotation.calendar("2026", person)).walk("VEVENT")
    assert [one["dtstart"].dt for one in events] == [date(2026, 9, 1)]
    assert [one["sequence"] for one in events] == [2]


def test_a_units_coordinator_announces_to_the_own_people_alone(year: PlanYear) -> None:
    year.publish()
    hr_here = year.as_role("hr-here", Role.HR, unit_id=year.units[1])
    assert people_in(archive(hr_here)) == set(HERE)
    assert people_in(archive(year.ws, unit=year.units[2])) == set(THERE)
    assert people_in(archive(hr_here, unit=year.units[1])) == set(HERE)
    assert "戊五" not in words(hr_here.rotation.notice("2026", year.units[1]))
    stranger = year.people["戊五"]
    for attempt in (
        lambda: archive(hr_here, unit=year.units[2]),
        lambda: hr_here.rotation.notice("2026", year.units[2]),
        lambda: hr_here.rotation.letter("2026", stranger),
        lambda: hr_here.rotation.calendar("2026", stranger),
    ):
        with pytest.raises(NotFound):
            attempt()


def test_a_trainee_gets_the_own_letter_and_calendar_and_nobody_elses(year: PlanYear) -> None:
    year.publish()
    own, other = year.people["甲一"], year.people["乙二"]
    trainee = year.as_role("trainee", Role.TRAINEE, person_id=own)
    assert "甲一" in words(trainee.rotation.letter("2026", own))
    assert trainee.rotation.calendar("2026", own) == year.ws.rotation.calendar("2026", own)
    for attempt in (trainee.rotation.letter, trainee.rotation.calendar):
        with pytest.raises(NotFound):
            attempt("2026", other)
    with pytest.raises(Forbidden):
        archive(trainee)
    with pytest.raises(Forbidden):
        trainee.rotation.notice("2026", year.units[1])


def test_no_other_role_announces_anything(year: PlanYear) -> None:
    year.publish()
    person, body = year.people["甲一"], year.bodies[1]
    member = {"person_id": year.members["a"][0]}
    scopes = {Role.CAPTAIN: {"team_id": year.teams["a"]}, Role.MENTOR: member, Role.CONTACT: member}
    scopes |= {Role.SECRETARY: {"party_body_id": body}, Role.ORGANISER: {"party_body_id": body}}
    for role in sorted(set(Role) - {Role.HR, Role.TRAINEE}):
        ws = year.as_role(role.value, role, **scopes.get(role, {}))
        for attempt in (archive, lambda ws: ws.rotation.letter("2026", person)):
            with pytest.raises(Forbidden):
                attempt(ws)
        with pytest.raises(Forbidden):
            ws.rotation.calendar("2026", person)


def test_who_begins_work_after_the_notice_stands_in_the_notice_of_the_unit_to_come(year: PlanYear) -> None:
    year.publish()
    with year.ws.engine.begin() as connection:
        work = table(Employment)
        mine = work.c.person_id == year.people["己六"]
        connection.execute(work.update().where(mine).values(valid_from=date(2099, 1, 1)))
    assert "己六" in words(year.ws.rotation.notice("2026", year.units[2]))


def test_the_notice_comes_from_the_unit_above(year: PlanYear) -> None:
    year.publish()
    company = factory.unit(year.ws, "四川省电力公司")
    with year.ws.engine.begin() as connection:
        place = table(Unit)
        connection.execute(place.update().where(place.c.id == year.units[1]).values(parent_id=company))
    told = words(year.ws.rotation.notice("2026", year.units[1]))
    assert "四川省电力公司（盖章）" in told


def test_what_progress_raises_ends_the_work_and_is_passed_on(year: PlanYear) -> None:
    year.publish()

    class Cancelled(Exception):
        pass

    seen = []

    def progress(done: int, total: int) -> None:
        seen.append((done, total))
        if done == 3:
            raise Cancelled

    with pytest.raises(Cancelled):
        year.ws.rotation.notices("2026", io.BytesIO(), progress=progress)
    assert seen == [(done, 14) for done in range(4)]


def test_pdf_is_refused_with_how_to_get_it_where_there_is_no_libreoffice(
    year: PlanYear, monkeypatch: pytest.MonkeyPatch
) -> None:
    year.publish()
    monkeypatch.setattr(pdf, "_PROGRAMS", ("no-such-program",))
    with pytest.raises(SvcError, match="libreoffice-writer-nogui"):
        archive(year.ws, contents=Contents(pdf=True))


def test_an_offices_own_template_is_filled_instead_of_the_shipped_one(year: PlanYear) -> None:
    year.publish()
    own = Document()
    own.add_paragraph("自拟：{{ 姓名 }}")
    folder = year.ws.settings.data_dir / "templates"
    folder.mkdir()
    own.save(folder / "轮岗学员通知书.docx")
    assert words(year.ws.rotation.letter("2026", year.people["甲一"])) == "自拟：甲一"
