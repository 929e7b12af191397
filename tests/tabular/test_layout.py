"""Where the table stands in a sheet, which form it is, which rows are data."""

from __future__ import annotations

from typing import Any

import pytest

from svclib.errors import BadFile
from svclib.tabular import Form, Table, read_tables
from tests.tabular.styles import csv_bytes, xls_bytes, xlsx_bytes

Merges = list[tuple[int, int, int, int]]


def _read(rows: list[list[Any]], merges: Merges | None = None, *, sheet: str = "表") -> Table:
    (table,) = read_tables(("表.xlsx", xlsx_bytes({sheet: (rows, merges or [])})))
    return table


def _values(table: Table, field: str) -> list[Any]:
    return [row.cells[field].value for row in table.rows]


FORM_HEADERS = {
    Form.GRADUATES: "序号 姓名 性别 身份证号 民族 政治面貌 毕业院校 专业 学历 学位 毕业时间 录用单位 生源地"
    " 联系电话 备注",
    Form.MEMBERS: "单位 服务队 服务站 姓名 人员编码 政治面貌 入党时间 队内职务 班组 技能等级 入队时间",
    Form.ACTIVISTS: "党支部 姓名 性别 出生年月 学历 申请入党时间 谈话时间 推荐方式 确定时间 备案时间"
    " 培养联系人 联系人入党时间",
    Form.PEOPLE: "序号 单位 部门 姓名 工号 性别 出生日期 政治面貌 参加工作时间 学历 毕业院校 岗位",
    Form.UNITS: "单位名称 单位简称 类型 上级单位",
    Form.BODIES: "党组织名称 类型 上级党组织 单位",
    Form.CREWS: "班组名称 类型 单位",
    Form.TEAMS: "服务队全称 服务队简称 单位 班组 党组织 类型 监督电话 成立日期 经度 纬度",
    Form.STATIONS: "服务站 服务队 地址 经度 纬度 启用日期",
    Form.OFFICES: "服务队 职务 姓名 人员编码 任职日期",
    Form.SAFETY: "单位 姓名 人员编码 身份证号 类别 级别 日期 学时 成绩 是否合格 有效期至",
    Form.REQUESTS: "姓名 人员编码 单位 类型 起止 原安排 申请安排 审批 事由 申请日期",
    Form.PLACEMENTS: "姓名 人员编码 派出单位 阶段 起止日期 服务队 服务站 师傅 住宿 备注",
}


@pytest.mark.parametrize("form", list(Form))
def test_each_form_is_recognised_by_its_columns_and_every_column_is_read(form: Form) -> None:
    heading = FORM_HEADERS[form].split()
    table = _read([heading])
    assert table.form is form
    assert not table.notes or form is Form.PEOPLE
    assert len(set(table.columns.values())) == len([word for word in heading if word != "序号"])


@pytest.mark.parametrize(
    ("heading", "form"),
    [
        ("姓名 性别 身份证号 政治面貌 毕业院校及专业 学历学位 录用单位 联系电话", Form.GRADUATES),
        ("姓名 人员编码 身份证号 毕业院校 专业 毕业时间 报到时间", Form.GRADUATES),
        ("姓名 工号 单位 服务队 职务 毕业院校 专业 毕业时间", Form.MEMBERS),
        ("姓名 工号 单位 班组 毕业院校 专业 毕业时间", Form.PEOPLE),
        ("姓名 工号 党支部 申请入党时间", Form.PEOPLE),
        ("姓名 工号 党支部 申请入党时间 确定时间", Form.ACTIVISTS),
        ("姓名 身份证 单位", Form.PEOPLE),
        ("行标识 单位 姓名 阶段 服务队 师傅 考核结果", Form.PLACEMENTS),
        ("学员姓名 所在单位 轮岗阶段 轮岗时间 接收服务队 带教师傅", Form.PLACEMENTS),
        ("单位 服务队 服务站 姓名 人员编码 阶段 师傅", Form.MEMBERS),
        ("姓名 类别 日期 学时 成绩 是否合格 有效期至", Form.SAFETY),
        ("姓名 类型 起止 原安排 申请安排 审批", Form.REQUESTS),
        ("序号 学员姓名 请假类别 开始日期 结束日期 请假事由 领导意见", Form.REQUESTS),
        ("姓名 申请类型 轮岗阶段 原服务队 拟调整到", Form.REQUESTS),
        ("序号 单位 部门 姓名 岗位 准考证号 安规考试日期 安规成绩 考试日期 备注", Form.SAFETY),
        ("姓名 教育类别 教育时间 课时 考试成绩 有效期", Form.SAFETY),
    ],
)
def test_neighbouring_forms_are_told_apart(heading: str, form: Form) -> None:
    assert _read([heading.split()]).form is form


def test_a_title_about_graduates_makes_a_general_list_one_of_graduates() -> None:
    heading = ["姓名", "身份证号", "单位", "联系电话"]
    assert _read([["2026年新入职毕业生名册"], heading]).form is Form.GRADUATES
    assert _read([["2026年职工名册"], heading]).form is Form.PEOPLE


def test_a_team_beside_a_graduate_is_no_membership_and_the_note_says_so() -> None:
    table = _read([["新入职毕业生名册"], ["姓名", "身份证号", "录用单位", "服务队"]])
    assert table.form is Form.GRADUATES
    assert "team" not in table.columns
    assert any("服务队" in note for note in table.notes)


def test_duty_means_the_office_in_the_team_among_members_and_the_post_elsewhere() -> None:
    members = ["服务队", "姓名", "工号", "职务"]
    assert _read([members]).columns["duty"] == 3
    both = _read([[*members, "队内职务"]])
    assert (both.columns["post"], both.columns["duty"]) == (3, 4)
    assert _read([["单位", "姓名", "工号", "职务"]]).columns["post"] == 3


def test_a_bare_contact_is_the_emergency_contact_and_never_the_training_contact() -> None:
    table = _read([["姓名", "工号", "单位", "联系人", "紧急联系人电话", "党支部", "确定时间", "备案时间"]])
    assert "contact" not in table.columns
    assert "phone" not in table.columns


def test_under_the_group_of_another_person_name_and_phone_are_not_this_persons() -> None:
    rows = [
        ["姓名", "工号", "单位", "紧急联系人", None, "培养联系人", None],
        [None, None, None, "姓名", "电话", "姓名", "入党时间"],
        ["张三", "00012345", "绵阳供电公司", "李四", "13800138000", "王五", "2001.07"],
    ]
    merges = [(0, 0, 1, 0), (0, 1, 1, 1), (0, 2, 1, 2), (0, 3, 0, 4), (0, 5, 0, 6)]
    table = _read(rows, merges)
    assert "phone" not in table.columns
    assert "party_joined_on" not in table.columns
    assert table.columns["name"] == 0


@pytest.mark.parametrize("kind", ["xlsx", "xls", "csv"])
def test_a_header_of_two_rows_joins_group_and_heading(kind: str) -> None:
    rows = [
        ["员工花名册", None, None, None, None, None],
        ["姓名", "人员编码", "联系方式", None, "入党", None],
        [None, None, "手机", "办公电话", "时间", "所在支部"],
        ["张三", "00012345", "13800138000", "028-81234567", "1998.07", "一支部"],
    ]
    merges = [(0, 0, 0, 5), (1, 0, 2, 0), (1, 1, 2, 1), (1, 2, 1, 3), (1, 4, 1, 5)]
    if kind == "csv":
        source = "表.csv", csv_bytes(rows)
    else:
        source = f"表.{kind}", (xlsx_bytes if kind == "xlsx" else xls_bytes)({"表": (rows, merges)})
    (table,) = read_tables(source)
    assert table.header_rows == (2, 3)
    assert table.headings["phone"] == "联系方式 手机"
    assert _values(table, "phone") == ["13800138000"]
    assert table.columns["party_joined_on"] == 4
    assert table.columns["branch"] == 5
    assert any("办公电话" in note and "手机" in note for note in table.notes)


def test_headings_may_hold_blanks_stars_brackets_and_line_breaks() -> None:
    table = _read([[" 姓　名 ", "人员编码\n(必填)", "*性 别", "【必填】政治面貌", "出生年月（如1990.01）", "SAP编号"]])
    assert set(table.columns) == {"name", "employee_no", "sex", "status", "birth_date"}
    assert table.columns["employee_no"] == 1


def test_start_of_work_counts_as_hiring_only_where_hiring_is_absent() -> None:
    both = _read([["姓名", "工号", "入职时间", "参加工作时间"], ["张三", "0001", "2010-07-01", "2005-07-01"]])
    assert (both.columns["hired_on"], both.columns["work_started_on"]) == (2, 3)
    alone = _read([["姓名", "工号", "参工时间"], ["张三", "0001", "2005-07-01"]])
    assert _values(alone, "hired_on") == _values(alone, "work_started_on")
    assert any("参工时间" in note for note in alone.notes)


def test_of_two_columns_with_the_same_meaning_the_more_exact_one_is_read_and_the_other_named() -> None:
    table = _read(
        [["姓名", "工号", "办公电话", "手机号码", "微信"], ["张三", "0001", "028-8123456", "13800138000", "z3"]]
    )
    assert _values(table, "phone") == ["13800138000"]
    assert any("办公电话" in note for note in table.notes)
    assert any("微信" in note for note in table.notes)


HEADING = ["序号", "单位", "服务队", "姓名", "人员编码", "政治面貌"]


def _member(name: str, number: str, unit: str | None = "绵阳供电公司") -> list[Any]:
    return [1, unit, "连心桥服务队", name, number, "群众"]


def test_rows_keep_the_numbers_of_the_spreadsheet_past_empty_ones() -> None:
    rows = [["名册"], [], HEADING, _member("张三", "00000001"), [], [], _member("李四", "00000002"), [3]]
    assert [row.number for row in _read(rows).rows] == [4, 7]


def test_a_header_repeated_on_each_printed_page_is_skipped_and_noted() -> None:
    rows = [HEADING, _member("张三", "00000001"), HEADING, _member("李四", "00000002")]
    table = _read(rows)
    assert _values(table, "name") == ["张三", "李四"]
    assert any("重复的表头" in note and "3" in note for note in table.notes)


@pytest.mark.parametrize(
    "footer",
    [
        ["合计", None, None, "12人"],
        [None, None, None, "合计", 12],
        ["小 计："],
        ["制表人：某某", None, None, "审核：某某", "日期：2026年7月1日"],
        ["填表人:", "某某", None, "审核人:", "某某"],
        ["单位负责人（签字）：", None, None, None, "2026年7月1日"],
        ["备注：以上人员均在岗。"],
        [None, "说明：1.本表一式两份"],
        [None, "2.由人资部门留存"],
    ],
)
def test_footers_are_no_people(footer: list[Any]) -> None:
    table = _read([HEADING, _member("张三", "00000001"), footer])
    assert _values(table, "name") == ["张三"]
    assert any("合计、落款" in note for note in table.notes)


@pytest.mark.parametrize("name", ["合计", "制表", "审核", "备注"])
def test_somebody_named_like_a_footer_stays_when_a_key_stands_beside(name: str) -> None:
    assert _values(_read([HEADING, _member(name, "00000001")]), "name") == [name]


def test_a_row_without_name_or_key_stays_to_be_refused() -> None:
    table = _read([HEADING, [1, "绵阳供电公司", "连心桥服务队", None, None, "群众"]])
    assert _values(table, "name") == [None]


def test_a_unit_merged_downwards_is_filled_but_never_a_name_or_a_number() -> None:
    rows = [
        HEADING,
        _member("张三", "00000001"),
        _member("李四", "00000002", None),
        [3, None, "连心桥服务队", None, None, "群众"],
    ]
    rows[3][0] = None
    table = _read(rows, [(1, 1, 3, 1), (2, 3, 3, 3), (2, 4, 3, 4)])
    assert _values(table, "unit") == ["绵阳供电公司"] * 3
    assert _values(table, "name") == ["张三", "李四", None]
    assert _values(table, "employee_no") == ["00000001", "00000002", None]


def test_every_visible_sheet_of_a_known_form_is_read_and_the_others_are_named() -> None:
    sheets = {
        "说明": ([["填写说明"], ["一、请勿改动", "二、按时上报"]], []),
        "队员": ([HEADING, _member("张三", "00000001")], []),
        "空表": ([], []),
        "单位": ([FORM_HEADERS[Form.UNITS].split(), ["绵阳供电公司", "绵阳", "市公司", "省公司"]], []),
    }
    tables = read_tables(("表.xlsx", xlsx_bytes(sheets, hidden=True)))
    assert [(table.sheet, table.form) for table in tables] == [("队员", Form.MEMBERS), ("单位", Form.UNITS)]
    assert any("说明" in note for note in tables[0].notes)
    assert any("隐藏" in note for note in tables[0].notes)


def test_one_sheet_can_be_asked_for_also_a_hidden_one() -> None:
    sheets = {"甲": ([HEADING, _member("张三", "00000001")], []), "乙": ([HEADING, _member("李四", "00000002")], [])}
    content = xlsx_bytes(sheets, hidden=True)
    (table,) = read_tables(("表.xlsx", content), sheet="乙")
    assert _values(table, "name") == ["李四"]
    assert read_tables(("表.xlsx", content), sheet="隐藏")[0].sheet == "隐藏"
    with pytest.raises(BadFile, match=r"丙.*甲、乙"):
        read_tables(("表.xlsx", content), sheet="丙")


def test_structure_sheets_give_codes_and_degrees() -> None:
    teams = [
        FORM_HEADERS[Form.TEAMS].split(),
        [
            "国家电网四川电力(绵阳)连心桥服务队",
            "连心桥",
            "绵阳供电公司",
            "一班",
            "一支部",
            "城区",
            "95598",
            "2002-5-1",
            104.7,
            "31.5",
        ],
        ["绵阳二队", "二队", "绵阳供电公司", None, None, "海上", "12", "2002", 204.7, "N"],
    ]
    good, bad = _read(teams).rows
    values = {field: cell.value for field, cell in good.cells.items()}
    assert values["setting"] == "urban"
    assert values["supervision_phone"] == "95598"
    assert (values["longitude"], values["latitude"]) == (104.7, 31.5)
    flawed = {field for field, cell in bad.cells.items() if cell.flaw is not None}
    assert flawed == {"setting", "supervision_phone", "founded_on", "longitude", "latitude"}
    offices = _read([FORM_HEADERS[Form.OFFICES].split(), ["二队", "第一责任人（行政）", "张三", "0001", "2024.03"]])
    assert _values(offices, "office") == ["admin_head"]
    bodies = _read([FORM_HEADERS[Form.BODIES].split(), ["一支部", "党支部", "绵阳党委", "绵阳供电公司"]])
    assert _values(bodies, "body_kind") == ["branch"]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (
            [["姓名", "单位", "政治面貌"], ["张三", "绵阳", "群众"]],
            "认出的列：姓名、单位、政治面貌；缺少：人员编码或身份证号",
        ),
        ([["工号", "单位"], ["0001", "绵阳"]], "缺少：姓名"),
        ([["甲", "乙"], ["丙", "丁"]], "没有认出任何列"),
        ([["姓名", "人员编码"], ["张三", "0001"]], "至少再有一列"),
        ([["姓名", "人员编码", "班次", "日期", "学时", "结业"]], "另一种表"),
        ([["姓名", "阶段", "服务队", "起止日期", "师傅分", "队长分", "等次"]], "另一种表"),
    ],
)
def test_a_sheet_of_no_known_form_is_refused_with_the_words_found_and_missing(rows: list[list[Any]], said: str) -> None:
    with pytest.raises(BadFile, match=said):
        _read(rows)
