"""Each trap that real cells hold: dates, numbers, texts, words."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
import xlsxwriter
import xlwt

from svclib.i18n import use_language
from svclib.models import DevelopmentStage, PoliticalStatus, Sex, label
from svclib.tabular import Cell, Form, TableRow, read_tables
from tests.tabular.styles import STATUS_WORDS, Shown, csv_bytes, xls_bytes, xlsx_bytes

_KINDS = ["xlsx", "xls", "csv"]


def _row(cells: dict[str, Any], kind: str = "xlsx", **options: Any) -> TableRow:
    """One row of a people's table with a name, a number and these cells."""
    cells = {"姓名": "张三", "人员编码": "00012345", "民族": "汉族"} | cells
    rows = [list(cells), list(cells.values())]
    if kind == "csv":
        source = "表.csv", csv_bytes(rows, **options)
    else:
        make = xlsx_bytes if kind == "xlsx" else xls_bytes
        source = f"表.{kind}", make({"表": (rows, [])}, **options)
    (table,) = read_tables(source)
    (row,) = table.rows
    return row


def _cell(heading: str, field: str, value: Any, kind: str = "xlsx", **options: Any) -> Cell:
    return _row({heading: value}, kind, **options).cells[field]


@pytest.mark.parametrize("kind", _KINDS)
@pytest.mark.parametrize(
    ("written", "day", "month_only"),
    [
        ("1998.07", date(1998, 7, 1), True),
        ("1998-7-1", date(1998, 7, 1), False),
        ("1998/07/01", date(1998, 7, 1), False),
        ("1998年7月1日", date(1998, 7, 1), False),
        ("1998 年 7 月 1 日", date(1998, 7, 1), False),
        ("1998年7月", date(1998, 7, 1), True),
        ("19980701", date(1998, 7, 1), False),
        ("199807", date(1998, 7, 1), True),
        ("１９９８．０７．０１", date(1998, 7, 1), False),
        ("1998-07-01 00:00:00", date(1998, 7, 1), False),
        ("1998.10", date(1998, 10, 1), True),
        ("2000-02-29", date(2000, 2, 29), False),
        (19980701, date(1998, 7, 1), False),
        (199807, date(1998, 7, 1), True),
        (1998.07, date(1998, 7, 1), True),
        (1998.7, date(1998, 7, 1), True),
        (1998.12, date(1998, 12, 1), True),
        (35977, date(1998, 7, 1), False),
        (35977.75, date(1998, 7, 1), False),
        (date(1998, 7, 1), date(1998, 7, 1), False),
    ],
)
def test_a_day_is_read_however_it_is_written(written: Any, day: date, month_only: bool, kind: str) -> None:
    if kind == "csv" and written == 35977.75:
        written = 35977
    cell = _cell("入党时间", "party_joined_on", written, kind)
    assert (cell.value, cell.flaw, cell.month_only) == (day, None, month_only)


@pytest.mark.parametrize("kind", _KINDS)
@pytest.mark.parametrize(
    ("written", "reason", "suggestion"),
    [
        (1998.1, "1 月，也可能是 10 月", "1998-01 或 1998-10"),
        ("98.07", "两位", "1998-07"),
        ("98-7-1", "两位", "1998-07-01"),
        ("05年3月", "两位", "2005-03"),
        ("980701", "两位", "1998-07-01"),
        ("1998-02-30", "日历上没有", "1998-07-01"),
        ("1998.13", "13 月", "1998-07-01"),
        (19981301, "日历上没有", "1998-07-01"),
        ("1998", "只有年份", "1998-07-01"),
        (1998, "只有年份", "1998-07-01"),
        ("07/05/1998", "无法分辨", "1998-07-05 或 1998-05-07"),
        ("7/25/98", "无法分辨|不是日期|两位", ""),
        ("大学期间", "不是日期", "1998-07-01"),
        (123, "不是日期", "1998-07-01"),
        ("3998-07-01", "3998", "1998-07-01"),
    ],
)
def test_an_unclear_day_is_refused_with_a_suggestion(written: Any, reason: str, suggestion: str, kind: str) -> None:
    cell = _cell("入党时间", "party_joined_on", written, kind)
    assert cell.value is None
    assert cell.flaw is not None
    assert any(part in cell.flaw.reason for part in reason.split("|"))
    assert suggestion in (cell.flaw.suggestion or "")


def test_the_number_format_tells_january_from_october() -> None:
    assert _cell("入党时间", "party_joined_on", Shown(1998.1, "0.00")).value == date(1998, 10, 1)
    assert _cell("入党时间", "party_joined_on", Shown(1998.1, "0.00"), "xls").value == date(1998, 10, 1)
    assert _cell("入党时间", "party_joined_on", "1998.1").value == date(1998, 1, 1)


@pytest.mark.parametrize("kind", ["xlsx", "xls"])
def test_days_count_from_1904_where_the_workbook_says_so(kind: str) -> None:
    assert _cell("入党时间", "party_joined_on", 34515, kind, epoch_1904=True).value == date(1998, 7, 1)
    assert _cell("入党时间", "party_joined_on", date(1998, 7, 1), kind, epoch_1904=True).value == date(1998, 7, 1)


@pytest.mark.parametrize("kind", ["xlsx", "xls"])
@pytest.mark.parametrize(
    ("written", "number"),
    [
        (Shown(12345, "00000000"), "00012345"),
        (Shown(12345, '"SC"000000'), "SC012345"),
        (Shown(12345, "000-00000"), "000-12345"),
        (Shown(12345, "0_ "), "12345"),
        (Shown(12345, "#,##0"), "12345"),
        (Shown(123456789, "0000"), "123456789"),
        (10012345, "10012345"),
        ("00012345", "00012345"),
        (" ０００１２３４５ ", "00012345"),
        ("SC-00 123", "SC-00123"),
    ],
)
def test_an_employee_number_keeps_its_zeros_also_those_that_only_the_format_shows(
    written: Any, number: str, kind: str
) -> None:
    cell = _cell("人员编码", "employee_no", written, kind)
    assert (cell.value, cell.flaw) == (number, None)


@pytest.mark.parametrize("kind", _KINDS)
@pytest.mark.parametrize("written", [12345.5, "12345.0", 1.23456789012e17, "1.23E+12", "一二三"])
def test_what_is_no_employee_number_is_refused(written: Any, kind: str) -> None:
    cell = _cell("人员编码", "employee_no", written, kind)
    assert cell.value is None
    assert cell.flaw is not None


@pytest.mark.parametrize("kind", _KINDS)
@pytest.mark.parametrize("written", [510199199807012345, 5.10199199807012e17, "5.10199E+17"])
def test_an_id_number_that_the_file_has_rounded_is_damaged_and_never_taken(written: Any, kind: str) -> None:
    if kind == "csv" and isinstance(written, int):
        written = f"{float(written):.5E}"
    cell = _cell("身份证号", "id_number", written, kind)
    assert cell.value is None
    assert cell.flaw is not None
    assert "损坏" in cell.flaw.reason
    assert "文本" in (cell.flaw.suggestion or "")


@pytest.mark.parametrize("kind", _KINDS)
@pytest.mark.parametrize(
    "written",
    [
        "11010519491231002x",
        " 110105 19491231 002X ",
        "１１０１０５１９４９１２３１００２Ｘ",
        "'11010519491231002X",
        "110105-19491231-002X",
    ],
)
def test_an_id_number_is_freed_of_blanks_width_and_lower_case(written: str, kind: str) -> None:
    assert _cell("身份证号", "id_number", written, kind).value == "11010519491231002X"


@pytest.mark.parametrize("kind", _KINDS)
@pytest.mark.parametrize(
    ("written", "phone"),
    [
        (13800138000, "13800138000"),
        ("138 0013 8000", "13800138000"),
        ("138-0013-8000", "13800138000"),
        ("+86 13800138000", "13800138000"),
        ("８６１３８００１３８０００", "13800138000"),
        ("0086-138-0013-8000", "13800138000"),
        ("028-81234567", "028-81234567"),
        ("028－81234567", "028-81234567"),
        ("(028)8123 4567", "028-81234567"),
        ("02881234567", "028-81234567"),
        ("0816-2345678", "0816-2345678"),
    ],
)
def test_a_phone_number_is_freed_of_blanks_dashes_and_country(written: Any, phone: str, kind: str) -> None:
    cell = _cell("联系电话", "phone", written, kind)
    assert (cell.value, cell.flaw) == (phone, None)


@pytest.mark.parametrize("written", ["1380013800", "13800138000/13900139000", "81234567", "见档案"])
def test_a_bad_phone_number_is_refused_without_repeating_it(written: str) -> None:
    cell = _cell("联系电话", "phone", written)
    assert cell.value is None
    assert cell.flaw is not None
    assert written not in cell.flaw.reason


@pytest.mark.parametrize("kind", _KINDS)
@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("张 三", "张三"),
        ("张　三", "张三"),
        (" 欧阳 小 明\n", "欧阳小明"),
        ("吉克•阿依", "吉克·阿依"),
        ("吉克．阿依", "吉克·阿依"),
        ("吉克・阿依", "吉克·阿依"),
        ("吉克.阿依", "吉克·阿依"),
        ("吉克 · 阿依", "吉克·阿依"),
        ("Anna  Maria Berg", "Anna Maria Berg"),
        ("合计生", "合计生"),
    ],
)
def test_a_name_has_one_kind_of_dot_and_no_blanks_inside_but_latin_ones_keep_theirs(
    written: str, name: str, kind: str
) -> None:
    assert _cell("姓名", "name", written, kind).value == name


def test_two_contacts_with_a_blank_between_stay_two() -> None:
    rows = [
        ["姓名", "党支部", "确定时间", "备案时间", "培养联系人"],
        ["张三", "一支部", "2025.03", "2025.04", "李四 王五六"],
    ]
    (table,) = read_tables(("表.csv", csv_bytes(rows)))
    assert table.form is Form.ACTIVISTS
    assert table.rows[0].cells["contact"].value == "李四、王五六"


def test_control_characters_in_a_name_are_left_for_the_rule_on_names_to_see() -> None:
    assert _cell("姓名", "name", "张\x07三", "csv").value == "张\x07三"


@pytest.mark.parametrize("error", ["#N/A", "#REF!", "#DIV/0!"])
def test_a_failed_formula_is_a_flaw_and_a_good_one_gives_its_value(error: str) -> None:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("表")
    sheet.write_row(0, 0, ["姓名", "人员编码", "单位", "学历"])
    sheet.write_row(1, 0, ["张三", "00012345"])
    sheet.write_formula(1, 2, "=VLOOKUP(B2,Z:Z,1,0)", None, error)
    sheet.write_formula(1, 3, '="大学"&"本科"', None, "大学本科")
    book.close()
    (row,) = read_tables(("表.xlsx", out.getvalue()))[0].rows
    assert row.cells["unit"].text == error
    assert row.cells["unit"].value is None
    assert error in row.cells["unit"].flaw.reason
    assert row.cells["education"].value == "大学本科"
    assert _cell("单位", "unit", error, "csv").flaw is not None


def test_a_failed_formula_in_an_old_workbook_is_a_flaw_too() -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("表")
    for column, heading in enumerate(["姓名", "人员编码", "单位"]):
        sheet.write(0, column, heading)
    sheet.write(1, 0, "张三")
    sheet.write(1, 1, "00012345")
    sheet.row(1).set_cell_error(2, 0x2A)
    out = io.BytesIO()
    book.save(out)
    (row,) = read_tables(("表.xls", out.getvalue()))[0].rows
    assert row.cells["unit"].flaw is not None
    assert "#N/A" in row.cells["unit"].flaw.reason


@pytest.mark.parametrize("kind", _KINDS)
@pytest.mark.parametrize("blank", ["", "  ", "/", "-", "—", "无", "　"])
def test_what_stands_for_nothing_is_nothing(blank: str, kind: str) -> None:
    row = _row({"入党时间": blank, "政治面貌": blank, "联系电话": blank, "学历": blank}, kind)
    for field in ("party_joined_on", "status", "phone", "education"):
        assert (row.cells[field].value, row.cells[field].flaw) == (None, None)


def test_texts_become_half_width_and_lose_blanks_between_chinese_characters() -> None:
    row = _row({"单位": " 成都 供电\n公司 ", "班组": "Ａ１２运维班", "备注": "已报备，见附件１"})
    assert row.cells["unit"].value == "成都供电公司"
    assert row.cells["crew"].value == "A12运维班"
    assert row.cells["note"].value == "已报备，见附件1"


@pytest.mark.parametrize(
    ("status", "word"), [(status, word) for status, words in STATUS_WORDS.items() for word in words]
)
def test_all_thirteen_statuses_are_known_by_their_words(status: PoliticalStatus, word: str) -> None:
    assert _cell("政治面貌", "status", word, "csv").value == status


@pytest.mark.parametrize("status", list(PoliticalStatus))
def test_the_words_of_our_own_exports_are_known(status: PoliticalStatus) -> None:
    for language in ("zh_CN", "en"):
        use_language(language)
        assert _cell("政治面貌", "status", label(status), "csv").value == status


@pytest.mark.parametrize(
    ("word", "status", "stage"),
    [
        ("入党积极分子", None, DevelopmentStage.ACTIVIST),
        ("积极分子", None, DevelopmentStage.ACTIVIST),
        ("发展对象", None, DevelopmentStage.TARGET),
        ("入党申请人", None, DevelopmentStage.APPLICANT),
        ("共青团员（入党积极分子）", PoliticalStatus.LEAGUE, DevelopmentStage.ACTIVIST),
        ("群众（发展对象）", PoliticalStatus.MASSES, DevelopmentStage.TARGET),
        ("团员、积极分子", PoliticalStatus.LEAGUE, DevelopmentStage.ACTIVIST),
        ("预备党员", PoliticalStatus.PROBATIONARY, DevelopmentStage.PROBATIONARY),
        ("中共党员（预备）", PoliticalStatus.PROBATIONARY, DevelopmentStage.PROBATIONARY),
    ],
)
def test_a_stage_written_into_the_status_column_fills_both(
    word: str, status: PoliticalStatus | None, stage: DevelopmentStage
) -> None:
    row = _row({"政治面貌": word})
    assert (row.cells["status"].value, row.cells["status"].flaw) == (status, None)
    assert row.cells["stage"].value == stage
    assert row.cells["stage"].column == row.cells["status"].column


def test_a_plain_status_says_nothing_of_the_stage() -> None:
    assert "stage" not in _row({"政治面貌": "群众"}).cells


@pytest.mark.parametrize(
    ("word", "near"),
    [("党圆", "中共党员"), ("共轻团员", "共青团员"), ("九三学设", "九三学社"), ("党员（积极分子）", "")],
)
def test_an_unknown_status_names_the_nearest_words(word: str, near: str) -> None:
    cell = _cell("政治面貌", "status", word)
    assert cell.value is None
    assert cell.flaw is not None
    assert near in (cell.flaw.suggestion or "")


def test_whether_somebody_is_a_party_member_can_be_asked_by_yes_and_no() -> None:
    assert _cell("是否党员", "status", "是").value is PoliticalStatus.MEMBER
    no = _cell("是否党员", "status", "否")
    assert (no.value, no.flaw) == (None, None)
    assert _cell("是否党员", "status", "预备党员").value is PoliticalStatus.PROBATIONARY
    assert _cell("政治面貌", "status", "是").flaw is not None


@pytest.mark.parametrize(
    ("word", "sex"), [("男", Sex.MALE), ("女性", Sex.FEMALE), (" 女 ", Sex.FEMALE), ("m", Sex.MALE)]
)
def test_sexes_are_known_by_their_words(word: str, sex: Sex) -> None:
    assert _cell("性别", "sex", word).value is sex


@pytest.mark.parametrize(
    ("written", "education", "degree"),
    [
        ("大学本科/工学学士", "大学本科", "工学学士"),
        ("大学本科、工学学士", "大学本科", "工学学士"),
        ("硕士研究生 工学硕士", "硕士研究生", "工学硕士"),
        ("大学本科\n学士", "大学本科", "学士"),
        ("本科学士", "本科", "学士"),
        ("研究生及工学硕士", "研究生", "工学硕士"),
        ("大学本科（工学学士）", "大学本科", "工学学士"),
        ("大专", "大专", None),
        ("大专/无", "大专", None),
        ("工学学士", None, "工学学士"),
        ("硕士研究生", "硕士研究生", None),
    ],
)
def test_education_and_degree_in_one_cell_are_two_facts(
    written: str, education: str | None, degree: str | None
) -> None:
    row = _row({"学历学位": written})
    assert (row.cells["education"].value, row.cells["degree"].value) == (education, degree)
    assert row.cells["degree"].text == written


@pytest.mark.parametrize(
    ("written", "school", "major"),
    [
        ("四川大学 电气工程", "四川大学", "电气工程"),
        ("四川大学/电气工程", "四川大学", "电气工程"),
        ("四川大学电气工程及其自动化", "四川大学", "电气工程及其自动化"),
        ("四川大学锦城学院会计学", "四川大学锦城学院", "会计学"),
        ("四川大学（会计学）", "四川大学", "会计学"),
        ("中国石油大学（华东）", "中国石油大学(华东)", None),
        ("华北电力大学（保定）电气工程", "华北电力大学(保定)", "电气工程"),
        ("四川大学", "四川大学", None),
    ],
)
def test_school_and_major_in_one_cell_are_two_facts(written: str, school: str, major: str | None) -> None:
    row = _row({"毕业院校及专业": written})
    assert (row.cells["school"].value, row.cells["major"].value) == (school, major)
