"""A plan as it goes out: form 4, with lists to choose from and keys that can't be changed by mistake."""

from __future__ import annotations

import io
from dataclasses import replace

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from svclib.tabular.rotation import Choice, Choices, RowKey, plan_workbook
from tests.examples import examples
from tests.tabular.rotation.plans import CHOICES, FIRST_ROW, HEADINGS, ROWS, page_of, row, sheet, table_of

CONTENT = plan_workbook(sheet())


def test_a_plan_goes_out_as_form_4_with_one_row_for_each_person_and_stage() -> None:
    lines = table_of(CONTENT)
    assert lines[0] == HEADINGS
    assert len(lines) == 1 + len(ROWS)
    period = "2026-09-01 至 2026-10-15"
    unit = "国网四川省电力公司成都供电公司"
    mentor, key = "王强（00000021）", str(RowKey("2026", 3, 101, 1))
    team, station = "高新连心桥服务队", "石羊社区服务站"
    assert lines[1] == ["张三", "00000101", unit, "第1阶段", period, team, station, mentor, "公司宿舍", None, key]
    assert lines[4][4:10] == ["2026-10-16 至 2026-11-30", None, None, None, None, None]


def test_plan_version_unit_and_day_stand_above_the_table() -> None:
    page = page_of(CONTENT)
    assert page["A1"].value == "2026年度轮岗安排表（成都供电公司）"
    assert all(word in page["A2"].value for word in ("计划：2026", "第3版", "2026-08-20"))


def test_only_what_a_unit_may_change_is_unlocked_and_no_password_is_set() -> None:
    page = page_of(CONTENT)
    assert page.protection.sheet
    assert not page.protection.password
    for number in range(FIRST_ROW, FIRST_ROW + len(ROWS)):
        unlocked = [cell.column - 1 for cell in page[number] if not cell.protection.locked]
        assert [HEADINGS[column] for column in unlocked] == ["起止日期", "服务队", "服务站", "师傅", "住宿", "备注"]


def test_it_prints_on_a4_across_with_the_header_on_each_page_the_signatures_and_without_the_keys() -> None:
    page = page_of(CONTENT)
    assert (page.page_setup.orientation, page.page_setup.paperSize) == ("landscape", 9)
    assert page.print_title_rows == "$3:$3"
    assert page.print_area.endswith("$A$1:$J$7")
    assert page.oddFooter.left.text.startswith("制表人：")
    assert page.oddFooter.right.text.startswith("2026 第3版")
    assert page.freeze_panes == "B4"
    assert page.sheet_properties.pageSetUpPr.fitToPage


def test_teams_stations_and_mentors_are_chosen_from_lists_of_any_length() -> None:
    teams = tuple(Choice(number, f"第{number}共产党员服务队") for number in range(1, 338))
    mentors = tuple(Choice(number, f"师傅{number}", team_id=number // 12 + 1) for number in range(1, 400))
    content = plan_workbook(sheet((row(1, 1, team_id=5),), Choices(teams, (), mentors)))
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.worksheets[1].sheet_state == "hidden"
    rules = {str(rule.sqref).split(":")[0]: rule for rule in book.worksheets[0].data_validations.dataValidation}
    assert rules["F4"].formula1 == "svc_teams"
    # Only what belongs to the team of the row; a spreadsheet takes 255 characters of a rule.
    assert "OFFSET(svc_mentors_by_team" in rules["H4"].formula1
    assert len(rules["H4"].formula1) < 255
    assert "G4" not in rules
    listed = book.defined_names["svc_teams"].attr_text
    assert listed.endswith("$A$1:$A$337")
    assert [cell.value for (cell,) in book.worksheets[1][listed.split("!")[1]]] == [one.name for one in teams]


def _lists(choices: Choices) -> dict[str, list[str]]:
    book = openpyxl.load_workbook(io.BytesIO(plan_workbook(sheet((row(1, 1),), choices))))
    page = book.worksheets[1]
    places = {name: value.attr_text.split("!")[1] for name, value in book.defined_names.items()}
    return {
        name: [cells[0].value for cells in page[place]]
        for name, place in places.items()
        if name.startswith("svc_") and ":" in place
    }


def test_names_that_collide_are_told_apart_in_the_lists() -> None:
    lists = _lists(CHOICES)
    assert lists["svc_stations"] == [
        "和平社区服务站（高新连心桥服务队）",
        "和平社区服务站（郫都春风服务队）",
        "石羊社区服务站",
    ]
    assert lists["svc_mentors"] == ["王强（00000021）", "王强（00000022）", "扎西·次仁", "李敏"]


def test_each_team_has_its_own_to_choose_from_and_what_goes_with_any_team() -> None:
    crew = Choice(-1, "城区运维班")
    lists = _lists(replace(CHOICES, stations=(*CHOICES.stations, crew)))
    by_team: dict[str, list[str]] = {}
    for team, station in zip(lists["svc_station_teams"], lists["svc_stations_by_team"], strict=True):
        by_team.setdefault(team, []).append(station)
    assert by_team == {
        "高新连心桥服务队": ["和平社区服务站（高新连心桥服务队）", "石羊社区服务站", "城区运维班"],
        "郫都春风服务队": ["和平社区服务站（郫都春风服务队）", "城区运维班"],
        "都江堰应急服务队": ["城区运维班"],
    }
    # A team's lines stand together: the list of a cell is one piece of the column.
    order = lists["svc_station_teams"]
    assert order == sorted(order, key=order.index)


def test_a_workbook_of_the_whole_province_offers_one_list_rather_than_a_hundred_thousand_lines() -> None:
    teams = tuple(Choice(number, f"第{number}服务队") for number in range(1, 338))
    crews = tuple(Choice(-number, f"第{number}运维班") for number in range(1, 501))
    lists = _lists(Choices(teams, crews))
    assert len(lists["svc_stations"]) == 500
    assert "svc_station_teams" not in lists


@settings(max_examples=examples(40))
@given(st.sampled_from("=+-@\t\r"), st.text(max_size=12))
def test_nothing_that_goes_out_can_be_read_as_a_formula(start: str, rest: str) -> None:
    text = start + rest
    choices = Choices((Choice(1, text),), (Choice(1, text, team_id=1),), (Choice(1, text),))
    one = replace(ROWS[0], name=text, employee_no=text, unit=text, team_id=1, station_id=1, mentor_id=1)
    content = plan_workbook(sheet((replace(one, lodging=text, note=text),), choices, plan=text, unit=text))
    for page in openpyxl.load_workbook(io.BytesIO(content)).worksheets:
        for cells in page.iter_rows():
            for cell in cells:
                assert cell.data_type != "f"
                assert not str(cell.value or "").startswith(start) or cell.quotePrefix


def test_a_row_whose_team_is_not_among_the_choices_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(KeyError):
        plan_workbook(sheet((row(1, 1, team_id=99),), CHOICES))


def test_a_plan_without_rows_still_makes_a_workbook() -> None:
    assert table_of(plan_workbook(sheet(()))) == [HEADINGS]


@given(
    st.text(min_size=1, max_size=20).filter(str.strip), st.integers(1, 99), st.integers(1, 10**9), st.integers(1, 12)
)
def test_a_key_reads_back_as_it_was_and_not_when_it_was_counted_up(
    plan: str, version: int, person: int, stage: int
) -> None:
    key = RowKey(plan, version, person, stage)
    read = RowKey.read(str(key))
    assert read is not None
    assert (read.version, read.place) == (version, (person, stage))
    dragged = str(key).replace(f"/{person}/{stage}/", f"/{person + 1}/{stage}/")
    assert RowKey.read(dragged) is None
