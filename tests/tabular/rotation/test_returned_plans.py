"""A plan that comes back: what was changed is found, what was not is not, what can't be taken is told by its cell."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from random import Random
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from svclib.errors import BadFile
from svclib.tabular import ColumnSpec, rejects_workbook, write_table
from svclib.tabular.rotation import Choice, Choices, PlanDiff, PlanRow, plan_workbook, read_plan
from tests.examples import examples
from tests.tabular.rotation.plans import (
    CHOICES,
    FIRST_ROW,
    HEADINGS,
    ROWS,
    diff_of,
    plans,
    returned,
    rewritten,
    row,
    sheet,
    table_of,
)
from tests.tabular.styles import xls_bytes, xlsx_bytes

CONTENT = plan_workbook(sheet())
LINES = table_of(CONTENT)
_EXAMPLES = settings(
    max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def _changes(diff: PlanDiff) -> dict[tuple[int, int], dict[str, str]]:
    assert not diff.refused, diff.flaws
    return {one.place: {field.field: field.after for field in one.fields} for one in diff.changed}


def _reasons(diff: PlanDiff) -> list[tuple[int, str, str]]:
    return [(flaw.row, flaw.column, flaw.reason) for flaw in diff.flaws]


def _put(*cells: tuple[str, Any]) -> Any:
    def edit(page: Any) -> None:
        for name, value in cells:
            page[name] = value

    return edit


@_EXAMPLES
@given(plans())
def test_any_plan_that_comes_back_unedited_says_nothing_new(plan: tuple[tuple[PlanRow, ...], Choices]) -> None:
    rows, choices = plan
    diff = diff_of(("安排.xlsx", plan_workbook(sheet(rows, choices))), rows, choices)
    assert diff.is_empty, (diff.flaws, diff.changed)
    assert diff.unchanged == len(rows)
    assert diff.notes == ()


@_EXAMPLES
@given(plans(), st.data())
def test_edited_cells_give_just_those_changes(plan: tuple[tuple[PlanRow, ...], Choices], data: st.DataObject) -> None:
    rows, choices = plan
    choices = replace(
        choices, teams=(*choices.teams, Choice(90, "新建试点队")), mentors=(*choices.mentors, Choice(290, "周正"))
    )
    edits = data.draw(st.dictionaries(st.integers(0, len(rows) - 1), st.sets(st.sampled_from("EHIJ"), min_size=1)))
    # A mentor goes with a team.
    edits = {number: edit if rows[number].team_id is not None else edit - {"H"} for number, edit in edits.items()}
    edits = {number: edit for number, edit in edits.items() if edit}
    written = {"E": "2027年5月1日—6月30日", "H": "周 正", "I": "县城公寓", "J": "已商定"}
    cells = [(f"{column}{FIRST_ROW + number}", written[column]) for number, edit in edits.items() for column in edit]
    diff = returned(_put(*cells), rows, choices)
    fields = {"E": "period", "H": "mentor", "I": "lodging", "J": "note"}
    told = {one.place: {field.field for field in one.fields} for one in diff.changed}
    assert told == {rows[number].place: {fields[column] for column in edit} for number, edit in edits.items()}
    assert (diff.refused, diff.missing, diff.added) == ((), (), ())
    for one in diff.changed:
        before = next(known for known in rows if known.place == one.place)
        new = {"starts_on": date(2027, 5, 1), "ends_on": date(2027, 7, 1)} if "period" in told[one.place] else {}
        new |= {"mentor_id": 290} if "mentor" in told[one.place] else {}
        new |= {"lodging": "县城公寓"} if "lodging" in told[one.place] else {}
        new |= {"note": "已商定"} if "note" in told[one.place] else {}
        assert one.after == replace(before, **new)


def test_a_team_may_be_written_short_officially_or_full_width() -> None:
    for text in ("郫都春风服务队", "国家电网四川电力（成都郫都）春风共产党员服务队", " 郫都　春风队 ", "成都郫都春风"):
        diff = returned(_put(("F4", text), ("G4", "和平服务站"), ("H4", "扎西•次仁")))
        assert _changes(diff) == {
            (101, 1): {"team": "郫都春风服务队", "station": "和平社区服务站（郫都春风服务队）", "mentor": "扎西·次仁"}
        }
        assert diff.changed[0].after.station_id == 12
        assert (diff.changed[0].sheet, diff.changed[0].row) == ("轮岗安排表", 4)


def test_somebody_without_a_place_gets_one_and_a_cleared_cell_is_cleared() -> None:
    diff = returned(_put(("F7", "都江堰应急服务队"), ("H7", "李敏"), ("G4", None), ("I4", "无"), ("E4", None)))
    assert _changes(diff) == {
        (101, 1): {"station": "", "lodging": ""},
        (102, 2): {"team": "都江堰应急服务队", "mentor": "李敏"},
    }
    assert diff.changed[0].after.lodging is None


def test_a_crew_goes_with_any_team_but_not_without_one() -> None:
    choices = replace(CHOICES, stations=(*CHOICES.stations, Choice(-7, "城区运维班")))
    diff = returned(_put(("F7", "都江堰应急服务队"), ("G7", "城区运维班"), ("G6", "城区 运维班")), choices=choices)
    assert [(one.place, one.after.team_id, one.after.station_id) for one in diff.changed] == [
        ((102, 1), 2, -7),
        ((102, 2), 3, -7),
    ]
    (refused,) = returned(_put(("G7", "城区运维班")), choices=choices).refused
    assert [flaw.reason for flaw in refused.flaws] == ["填了“城区运维班”，却没有服务队。"]


def test_a_workbook_is_taken_whole_or_by_row() -> None:
    diff = returned(_put(("I4", "自行解决"), ("J7", "待定")))
    assert [one.place for one in diff.accepted()] == [(101, 1), (102, 2)]
    assert [(one.place, one.note) for one in diff.accepted([(102, 2)])] == [((102, 2), "待定")]
    with pytest.raises(KeyError):
        diff.accepted([(102, 1)])


@pytest.mark.parametrize(
    ("cells", "row_number", "column", "said"),
    [
        ([("F4", "春天服务队")], 4, "服务队", "不认识“春天服务队”"),
        (
            [("F4", "郫都春风服务队"), ("H4", None)],
            4,
            "服务站",
            "“石羊社区服务站”属于高新连心桥服务队，不属于郫都春风服务队",
        ),
        ([("H5", "王强")], 5, "师傅", "“王强”属于高新连心桥服务队"),
        ([("H6", "王强")], 6, "师傅", "“王强”属于高新连心桥服务队"),
        ([("H4", "王强")], 4, "师傅", "“王强”可能指几个"),
        ([("G7", "石羊社区服务站")], 7, "服务站", "没有服务队"),
        ([("E4", "九月")], 4, "起止日期", "不是起止日期"),
        ([("E4", date(2026, 9, 1))], 4, "起止日期", "首日和末日"),
        ([("E4", "2026-10-15 至 2026-09-01")], 4, "起止日期", "早于"),
        ([("I4", "#REF!")], 4, "住宿", "#REF!"),
        ([("I4", "宿" * 201)], 4, "住宿", "有 201 个字符，最多 200 个"),
        ([("A4", "李四")], 4, "姓名", "是张三的"),
        ([("D4", "第2阶段")], 4, "阶段", "属于第1阶段"),
        ([("B4", "00000999")], 4, "人员编码", "00000101"),
        ([("C4", "绵阳供电公司")], 4, "派出单位", "不能在这里更改"),
        ([("K4", "2026/v3/102/1/ABC")], 4, "行标识", "改动"),
    ],
)
def test_what_cannot_be_taken_is_told_by_row_heading_and_sentence(
    cells: list[tuple[str, Any]], row_number: int, column: str, said: str
) -> None:
    diff = returned(_put(*cells))
    assert not diff.changed
    (refused,) = diff.refused
    assert (refused.row, len(refused.flaws)) == (row_number, 1)
    assert refused.flaws[0].column == column
    assert said in refused.flaws[0].reason
    assert diff.unchanged == len(ROWS) - 1


def test_refused_rows_go_back_as_a_workbook_with_the_reasons() -> None:
    book = openpyxl.load_workbook(io.BytesIO(CONTENT))
    book.worksheets[0]["F5"] = "春天服务队"
    out = io.BytesIO()
    book.save(out)
    source = "安排.xlsx", out.getvalue()
    again = rejects_workbook(source, diff_of(source, ROWS, CHOICES).flaws)
    lines = table_of(again)
    assert lines[0] == [*HEADINGS, "原行号", "原因"]
    assert lines[1][0] == "张三"
    assert lines[1][-2] == 5
    assert "春天服务队" in lines[1][-1]
    # Mended, it is a plan again, with the rows that were not refused missing.
    assert [one.place for one in diff_of(("退回.xlsx", again), ROWS, CHOICES).missing] == [(101, 1), (102, 1), (102, 2)]


def test_rows_left_out_are_missing_and_nothing_else() -> None:
    diff = returned(lambda page: page.delete_rows(5))
    assert [one.place for one in diff.missing] == [(101, 2)]
    assert (diff.changed, diff.added, diff.refused, diff.unchanged) == ((), (), (), 3)


def test_an_employee_number_filled_in_meanwhile_is_not_taken_but_told() -> None:
    diff = returned(_put(("B6", "00000102"), ("B7", "00000102")))
    assert diff.is_empty
    assert diff.notes == ("人员编码不从本表收取，请通过花名册导入：第6、7行。",)


def test_the_row_of_somebody_else_is_refused_without_telling_whose_it_is() -> None:
    diff = diff_of(("表.xlsx", CONTENT), ROWS[:3], CHOICES)
    assert _reasons(diff) == [(7, "", "这一行不在计划中您可以更改的行之内。")]


@_EXAMPLES
@given(plans(), st.randoms(use_true_random=False), st.sampled_from(["xlsx", "xls"]))
def test_a_plan_written_anew_in_any_order_says_nothing_new(
    plan: tuple[tuple[PlanRow, ...], Choices], chance: Random, kind: str
) -> None:
    rows, choices = plan
    heading, *lines = table_of(plan_workbook(sheet(rows, choices)))
    order = list(range(len(heading)))
    chance.shuffle(order)
    chance.shuffle(lines)
    heading, *lines = [[line[column] for column in order] for line in (heading, *lines)]
    if kind == "xls":
        content = xls_bytes({"表": ([["关于轮岗安排的回复"], heading, *lines], [])})
    else:
        content = write_table([ColumnSpec(word) for word in heading], lines, sheet="表", title="关于轮岗安排的回复")
    diff = diff_of((f"表.{kind}", content), rows, choices)
    assert diff.is_empty, (diff.flaws, diff.changed, diff.missing)


def test_rows_in_another_order_say_nothing_new() -> None:
    assert rewritten([LINES[0], *reversed(LINES[1:])]).is_empty


@pytest.mark.parametrize("kind", ["xlsx", "xls", "csv"])
def test_moved_columns_titles_above_notes_below_and_another_program_say_nothing_new(kind: str) -> None:
    order = [10, 9, 0, 5, 6, 7, 3, 4, 1, 2, 8]
    lines = [[line[column] for column in order] for line in LINES]
    extra = [["成都公司关于轮岗安排的回复"], ["经研究，意见如下："], []]
    assert rewritten([*extra, *lines, [], ["说明：以上安排已与各队沟通。"]], kind=kind).is_empty


def test_full_width_characters_and_blanks_inside_names_say_nothing_new() -> None:
    wide = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
    lines = [[value.translate(wide) if value else value for value in line] for line in LINES[1:]]
    lines = [["　".join(line[0]), *line[1:]] for line in lines]
    assert rewritten([LINES[0], *lines]).is_empty


def test_without_keys_rows_are_known_by_number_or_name_and_stage() -> None:
    lines = [line[:-1] for line in LINES]
    lines[2][8] = "自行解决"
    diff = rewritten(lines)
    assert _changes(diff) == {(101, 2): {"lodging": "自行解决"}}
    assert read_plan(("安排.xlsx", CONTENT)).version == 3
    assert diff.missing == ()


def test_without_keys_and_numbers_two_people_of_one_name_are_not_confused() -> None:
    rows = (row(101, 1, name="张三"), row(103, 1, name="张三"))
    heading, *lines = [line[:-1] for line in table_of(plan_workbook(sheet(rows)))]
    lines = [[line[0], None, *line[2:8], "自行解决", None] for line in lines]
    diff = diff_of(("表.xlsx", xlsx_bytes({"表": ([heading, *lines], [])})), rows, CHOICES)
    assert [(one[1], one[2]) for one in _reasons(diff)] == [("姓名", "本计划中有几个人都叫张三。")] * 2


def test_a_name_merged_over_its_stages_is_the_name_of_each() -> None:
    lines = [line[:-1] for line in LINES]
    lines[2] = [None, None, None, *lines[2][3:8], "自行解决", None]
    diff = rewritten(lines, merges=[(1, column, 2, column) for column in range(3)])
    assert _changes(diff) == {(101, 2): {"lodging": "自行解决"}}


def test_first_and_last_day_may_stand_in_two_columns() -> None:
    heading = ["姓名", "人员编码", "阶段", "开始日期", "结束日期", "服务队", "服务站", "师傅"]
    one = [
        "张三",
        "00000101",
        "一",
        "2026.9.1",
        date(2026, 10, 20),
        "高新连心桥服务队",
        "石羊社区服务站",
        "王强(00000021)",
    ]
    two = ["张三", "00000101", "二", "2026.10", "2026年11月", "郫都春风服务队", "和平社区服务站", "扎西·次仁"]
    diff = rewritten([heading, one, two])
    assert _changes(diff) == {
        (101, 1): {"period": "2026-09-01 至 2026-10-20"},
        (101, 2): {"period": "2026-10-01 至 2026-11-30"},
    }
    assert [one.place for one in diff.missing] == [(102, 1), (102, 2)]


def test_an_added_row_needs_somebody_and_a_stage_of_the_plan() -> None:
    rows = ROWS[:3]
    book = [line[:-1] for line in table_of(plan_workbook(sheet(rows)))]
    added = [["吉克·阿依木呷", None, None, "第2阶段", None, "都江堰应急服务队", None, "李敏", None, "补报"]]
    unknown = [["陌生人", None, None, "第2阶段", None, "都江堰应急服务队", None, None, None, None]]
    no_stage = [["张三", None, None, "第9阶段", None, "都江堰应急服务队", None, None, None, None]]
    diff = diff_of(("表.xlsx", xlsx_bytes({"表": ([*book, *added, *unknown, *no_stage], [])})), rows, CHOICES)
    assert [one.after for one in diff.added] == [replace(ROWS[3], team_id=3, mentor_id=24, note="补报")]
    assert [one[0] for one in _reasons(diff)] == [6, 7]
    assert [one[2] for one in _reasons(diff)] == ["陌生人不在本计划中您可以安排的人员之内。", "本计划没有第9阶段。"]


def test_a_row_copied_and_edited_is_refused_with_both_row_numbers_and_an_exact_copy_is_read_once() -> None:
    diff = rewritten([*LINES, [*LINES[1][:8], "另一处", None, LINES[1][10]]])
    assert [one[2] for one in _reasons(diff)] == ["第2、6行说的是同一个人的同一阶段，内容却不同。"] * 2
    assert diff.unchanged == 3
    twice = rewritten([*LINES, LINES[1]])
    assert twice.is_empty
    assert any("2、6" in note for note in twice.notes)


def test_a_plan_that_was_sorted_in_one_column_only_is_refused() -> None:
    names = [line[0] for line in LINES[1:]]
    lines = [[name, *line[1:]] for name, line in zip(reversed(names), LINES[1:], strict=True)]
    diff = rewritten([LINES[0], *lines])
    assert len(diff.refused) == 4
    assert all(flaw.column == "姓名" for flaw in diff.flaws)


def test_the_workbook_of_another_plan_is_refused_as_a_whole() -> None:
    with pytest.raises(BadFile, match=r"2025.*2026"):
        diff_of(("表.xlsx", plan_workbook(sheet(plan="2025"))), ROWS, CHOICES)


def test_what_only_the_plan_has_changed_since_is_no_change_of_the_units() -> None:
    book = openpyxl.load_workbook(io.BytesIO(CONTENT))
    book.worksheets[0]["J4"] = "单位意见"
    book.worksheets[0]["I5"] = "单位宿舍"
    out = io.BytesIO()
    book.save(out)
    now = (replace(ROWS[0], team_id=3, station_id=None, mentor_id=24), replace(ROWS[1], lodging="招待所"), *ROWS[2:])
    diff = diff_of(("表.xlsx", out.getvalue()), now, CHOICES, base=ROWS)
    assert [(one.place, one.stale) for one in diff.changed] == [((101, 1), False), ((101, 2), True)]
    assert diff.changed[0].after == replace(now[0], note="单位意见")
    assert [(field.before, field.after) for field in diff.changed[1].fields] == [("招待所", "单位宿舍")]


def test_a_station_is_taken_with_the_team_that_the_unit_saw() -> None:
    book = openpyxl.load_workbook(io.BytesIO(CONTENT))
    book.worksheets[0]["G4"] = "和平社区服务站"
    out = io.BytesIO()
    book.save(out)
    now = (replace(ROWS[0], team_id=3, station_id=None, mentor_id=24), *ROWS[1:])
    (change,) = diff_of(("表.xlsx", out.getvalue()), now, CHOICES, base=ROWS).changed
    assert change.stale
    assert (change.after.team_id, change.after.station_id, change.after.mentor_id) == (1, 11, 21)


def test_a_file_that_is_no_plan_is_refused_with_the_columns_it_should_have() -> None:
    with pytest.raises(BadFile, match="服务队"):
        read_plan(("名册.csv", "姓名,人员编码,单位\n张三,00000101,成都".encode()))
