"""What a published plan is announced with: notices, letters, calendars, and all of them in one archive."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

import svclib.tabular.pdf as pdf
from svclib.errors import BadFile, SvcError
from svclib.tabular.rotation import (
    Announcement,
    Contents,
    Posting,
    calendar_file,
    letter_document,
    notice_document,
    trainees_of,
    write_batch,
)
from svclib.tabular.rotation.notices import LETTER_TEMPLATE, letter_context, notice_context
from tests.examples import examples
from tests.tabular.rotation.plans import CHOICES, ROWS, row

TRAINEES = trainees_of((*ROWS[:1], replace(ROWS[1], note="因病不宜夜班"), *ROWS[2:]), CHOICES)
ANNOUNCED = Announcement("2026", 3, "成都供电公司", "人力资源部", date(2026, 8, 20), TRAINEES)


def _tables(content: bytes) -> Iterator[list[str]]:
    for table in docx.Document(io.BytesIO(content)).tables:
        for line in table.rows:
            yield [cell.text for cell in line.cells]


def _text(content: bytes) -> str:
    return "\n".join(paragraph.text for paragraph in docx.Document(io.BytesIO(content)).paragraphs)


def test_the_notice_lists_everybody_with_stages_teams_and_days_and_room_to_sign() -> None:
    content = notice_document(ANNOUNCED)
    heading, *lines = _tables(content)
    assert heading == ["序号", "姓名", "阶段", "服务队（服务站）", "起止日期", "师傅", "签名"]
    place, days = "高新连心桥服务队（石羊社区服务站）", "2026-09-01\n至2026-10-15"
    assert lines[0] == ["1", "张三", "第1阶段", place, days, "王强", ""]
    assert [line[:4] for line in lines[2:]] == [
        ["2", "吉克·阿依木呷", "第1阶段", "郫都春风服务队"],
        ["2", "吉克·阿依木呷", "第2阶段", "另行通知"],
    ]
    text = _text(content)
    assert all(words in text for words in ("成都供电公司：", "2026年度", "第3版", "2名学员", "人力资源部（盖章）"))
    assert "2026年8月20日" in text


def test_each_person_signs_once_for_all_stages() -> None:
    (table,) = docx.Document(io.BytesIO(notice_document(ANNOUNCED))).tables
    signatures = [line.cells[6]._tc for line in table.rows[1:]]
    assert signatures[0] is signatures[1]
    assert signatures[2] is signatures[3]
    assert signatures[1] is not signatures[2]


def test_the_letter_is_for_one_person_and_tells_only_that_persons_stages() -> None:
    content = letter_document(ANNOUNCED, TRAINEES[0])
    lines = list(_tables(content))
    assert lines[0] == ["阶段", "起止日期", "服务队（服务站）", "师傅", "住宿"]
    assert [line[2:] for line in lines[1:]] == [
        ["高新连心桥服务队（石羊社区服务站）", "王强", "公司宿舍"],
        ["郫都春风服务队（和平社区服务站）", "扎西·次仁", ""],
    ]
    assert "张三同志：" in _text(content)
    assert "阿依木呷" not in _text(content)


def test_remarks_of_the_plan_stand_in_no_document() -> None:
    contents = [notice_document(ANNOUNCED), letter_document(ANNOUNCED, TRAINEES[0])]
    for content in contents:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            assert not any("夜班".encode() in archive.read(name) for name in archive.namelist())
    assert "夜班".encode() not in calendar_file(ANNOUNCED, TRAINEES[0])


def _events(announced: Announcement) -> list[Any]:
    return list(Calendar.from_ical(calendar_file(announced, announced.trainees[0])).walk("VEVENT"))


def test_a_calendar_has_a_whole_day_event_for_each_stage_and_no_time_zone() -> None:
    first, second = _events(ANNOUNCED)
    assert (first.decoded("dtstart"), first.decoded("dtend")) == (date(2026, 9, 1), date(2026, 10, 16))
    assert str(first["summary"]) == "轮岗第1阶段：高新连心桥服务队"
    assert str(first["location"]) == "高新连心桥服务队 石羊社区服务站"
    assert str(first["description"]) == "师傅：王强\n住宿：公司宿舍"
    assert str(second["transp"]) == "TRANSPARENT"
    assert b"VTIMEZONE" not in calendar_file(ANNOUNCED, TRAINEES[0])
    assert b"TZID" not in calendar_file(ANNOUNCED, TRAINEES[0])


def test_a_stage_keeps_its_identity_when_the_plan_moves_it() -> None:
    moved = replace(TRAINEES[0].postings[0], team="都江堰应急服务队", ends_on=date(2026, 10, 1))
    later = replace(ANNOUNCED, version=4, trainees=(replace(TRAINEES[0], postings=(moved, TRAINEES[0].postings[1])),))
    before, after = _events(ANNOUNCED), _events(later)
    assert [one["uid"] for one in before] == [one["uid"] for one in after]
    assert len({one["uid"] for one in before}) == 2
    assert after[0]["sequence"] > before[0]["sequence"]
    assert {one["uid"] for one in _events(replace(ANNOUNCED, plan="2027"))}.isdisjoint(one["uid"] for one in before)


@settings(max_examples=examples(60))
@given(st.text(max_size=30), st.text(max_size=80))
def test_whatever_stands_in_a_calendar_it_stays_one_event_with_that_text(team: str, lodging: str) -> None:
    posting = replace(TRAINEES[0].postings[0], team=f"一{team}队", lodging=lodging)
    announced = replace(ANNOUNCED, trainees=(replace(TRAINEES[0], postings=(posting,)),))
    (event,) = _events(announced)

    def bare(text: str) -> str:
        return "".join(character for character in text if character.isprintable() and not character.isspace())

    assert bare(str(event["summary"])) == bare(f"轮岗第1阶段：一{team}队")
    assert bare(str(event["description"])) == bare(f"师傅：王强{f'住宿：{lodging}' if lodging else ''}")


def test_a_stage_without_a_place_is_in_no_calendar() -> None:
    only = replace(ANNOUNCED, trainees=(TRAINEES[1],))
    assert [str(one["summary"]) for one in _events(only)] == ["轮岗第1阶段：郫都春风服务队"]


def _archive(announced: list[Announcement], **options: Any) -> zipfile.ZipFile:
    out = io.BytesIO()
    count = write_batch(out, announced, **options)
    archive = zipfile.ZipFile(out)
    assert archive.testzip() is None
    assert len(archive.namelist()) == count
    return archive


def test_the_archive_has_a_folder_for_each_unit_and_tells_its_progress() -> None:
    told: list[tuple[int, int]] = []
    other = replace(ANNOUNCED, unit="绵阳供电公司", trainees=TRAINEES[:1])
    archive = _archive([ANNOUNCED, other], progress=lambda done, total: told.append((done, total)))
    assert archive.namelist() == [
        "成都供电公司/轮岗通知.docx",
        "成都供电公司/张三_00000101_通知书.docx",
        "成都供电公司/张三_00000101_日历.ics",
        "成都供电公司/吉克·阿依木呷_通知书.docx",
        "成都供电公司/吉克·阿依木呷_日历.ics",
        "绵阳供电公司/轮岗通知.docx",
        "绵阳供电公司/张三_00000101_通知书.docx",
        "绵阳供电公司/张三_00000101_日历.ics",
    ]
    assert told == [(done, 8) for done in range(9)]
    assert "阿依木呷同志" in _text(archive.read("成都供电公司/吉克·阿依木呷_通知书.docx"))


def test_an_archive_may_hold_only_what_is_asked_for() -> None:
    assert _archive([ANNOUNCED], contents=Contents(letters=False, calendars=False)).namelist() == [
        "成都供电公司/轮岗通知.docx"
    ]


def test_names_that_collide_or_that_no_system_can_write_still_get_files_of_their_own() -> None:
    written = enumerate(("张三", "张三", "../b:c\n", "…", "."))
    people = trainees_of([row(number, 1, name=name, employee_no=None) for number, name in written], CHOICES)
    names = _archive([replace(ANNOUNCED, unit="a/b", trainees=people)], contents=Contents(calendars=False)).namelist()
    assert len({name.casefold() for name in names}) == len(names) == 6
    assert names[1:4] == ["a_b/张三_通知书.docx", "a_b/张三_2_通知书.docx", "a_b/_b_c__通知书.docx"]
    assert all(".." not in name and name.count("/") == 1 for name in names)


class _EnoughError(Exception):
    pass


def test_the_work_stops_when_the_progress_says_so() -> None:
    def stop(done: int, _total: int) -> None:
        if done == 2:
            raise _EnoughError

    with pytest.raises(_EnoughError):
        write_batch(io.BytesIO(), [ANNOUNCED], progress=stop)


def test_a_bad_template_stops_the_archive_with_its_sentence(tmp_path: Path) -> None:
    (tmp_path / LETTER_TEMPLATE).write_bytes(b"PK broken")
    with pytest.raises(BadFile, match=LETTER_TEMPLATE):
        write_batch(io.BytesIO(), [ANNOUNCED], templates=tmp_path)


def test_without_libreoffice_a_pdf_is_refused_with_what_to_do_and_nothing_is_left_out_in_silence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pdf.shutil, "which", lambda _name: None)
    out = io.BytesIO()
    with pytest.raises(SvcError, match="libreoffice-writer"):
        write_batch(out, [ANNOUNCED], contents=Contents(pdf=True))
    assert out.getvalue() == b""
    with pytest.raises(SvcError, match="libreoffice-writer"):
        pdf.to_pdf([b"anything"])


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A stand-in for LibreOffice: a program that is called the same way and writes what it was called with."""
    program = tmp_path / "bin" / "soffice"
    program.parent.mkdir()
    program.write_text(
        "#!/bin/sh\n"
        'while [ "$1" != --outdir ]; do shift; done\n'
        'out=$2; shift 2; . "$(dirname "$0")/habit"\n'
        'for one; do name=$(basename "$one" .docx)\n'
        'echo "%PDF of $name with ${SVC_SECRET_FILE:-no key}" > "$out/$name.pdf"; done\n'
    )
    program.chmod(0o755)
    (program.parent / "habit").write_text("")
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
    monkeypatch.setenv("SVC_SECRET_FILE", "/secret")
    return program.parent / "habit"


def test_with_libreoffice_each_document_stands_beside_its_pdf(office: Path) -> None:
    archive = _archive([ANNOUNCED], contents=Contents(pdf=True))
    assert [name for name in archive.namelist() if name.endswith(".pdf")] == [
        "成都供电公司/轮岗通知.pdf",
        "成都供电公司/张三_00000101_通知书.pdf",
        "成都供电公司/吉克·阿依木呷_通知书.pdf",
    ]
    # The right document, and no setting of ours in the other program's hands.
    assert archive.read("成都供电公司/吉克·阿依木呷_通知书.pdf") == b"%PDF of 000002 with no key\n"


def test_libreoffice_that_makes_nothing_is_told(office: Path) -> None:
    office.write_text("exit 1\n")
    with pytest.raises(SvcError, match="PDF"):
        pdf.to_pdf([notice_document(ANNOUNCED)])


def test_libreoffice_is_ended_when_somebody_cancels_or_when_it_hangs(
    office: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.write_text(f"echo $$ > {tmp_path}/pid; sleep 600\n")
    asked = []

    def waiting() -> None:
        asked.append(1)
        if len(asked) == 3:
            raise _EnoughError

    with pytest.raises(_EnoughError):
        pdf.to_pdf([b"x"], waiting=waiting)
    monkeypatch.setattr(pdf, "_START_SECONDS", 0.5)
    monkeypatch.setattr(pdf, "_DOCUMENT_SECONDS", 0.0)
    with pytest.raises(SvcError, match="太久"):
        pdf.to_pdf([b"x"])
    number = (tmp_path / "pid").read_text().strip()
    assert not Path(f"/proc/{number}").exists()


def test_libreoffice_itself_turns_the_notice_into_a_pdf() -> None:
    if pdf.pdf_blocker() is not None:
        pytest.fail(
            "LibreOffice is not installed. Run: make test (as root), or apt-get install libreoffice-writer-nogui"
        )
    (made,) = pdf.to_pdf([notice_document(ANNOUNCED)])
    assert made.startswith(b"%PDF-")
    assert len(made) > 10_000


def test_every_placeholder_of_the_templates_stands_in_the_readme() -> None:
    readme = (Path(__file__).parents[3] / "README.md").read_text("utf-8")
    names = [*notice_context(ANNOUNCED), *letter_context(ANNOUNCED, TRAINEES[0])]
    names += [*notice_context(ANNOUNCED)["名单"][0], *letter_context(ANNOUNCED, TRAINEES[0])["安排表"][0]]
    assert [name for name in names if f"`{name}`" not in readme and f"`{{{{ {name} }}}}`" not in readme] == []


def test_a_plan_of_many_stages_is_listed_in_their_order() -> None:
    rows = [row(1, 3, team_id=1), row(1, 1, team_id=2), row(2, 1)]
    first, second = trainees_of(rows, CHOICES)
    assert [one.stage for one in first.postings] == [1, 3]
    start = date(2026, 9, 1)
    assert second.postings == (Posting(1, start, start + timedelta(days=45)),)
