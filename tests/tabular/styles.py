"""Writing invented people the way that offices write their tables: one `Style` is one office's habits."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import xlsxwriter
import xlwt

from svclib.models import PoliticalStatus, SafetyKind, Sex

FORMS: dict[str, tuple[str, ...]] = {
    "members": (
        "unit",
        "team",
        "station",
        "name",
        "employee_no",
        "status",
        "party_joined_on",
        "duty",
        "crew",
        "skill_level",
        "joined_team_on",
    ),
    "graduates": (
        "name",
        "sex",
        "id_number",
        "ethnicity",
        "status",
        "school",
        "major",
        "education",
        "degree",
        "graduated_on",
        "unit",
        "origin",
        "phone",
        "note",
    ),
    "activists": (
        "branch",
        "name",
        "sex",
        "birth_date",
        "education",
        "applied_on",
        "talked_on",
        "recommended_by",
        "decided_on",
        "filed_on",
        "contact",
        "contact_joined_on",
    ),
    "people": (
        "unit",
        "crew",
        "name",
        "employee_no",
        "id_number",
        "sex",
        "birth_date",
        "ethnicity",
        "status",
        "branch",
        "post",
        "hired_on",
        "work_started_on",
        "education",
        "school",
        "phone",
        "address",
    ),
    "safety": (
        "unit",
        "name",
        "employee_no",
        "safety_kind",
        "taken_on",
        "hours",
        "score",
        "passed",
        "valid_until",
    ),
}

HEADINGS: dict[str, tuple[str, ...]] = {
    "employee_no": ("人员编码", "工号", "员工编号", "SAP编号", "人资编码*", "人员编码\n(8位)"),
    "name": ("姓名", "姓 名", "名字", "员工姓名", "姓　名", "★姓名"),
    "id_number": ("身份证号", "身份证号码", "公民身份号码", "证件号码（必填）"),
    "sex": ("性别", "性 别", "男女"),
    "birth_date": ("出生日期", "出生年月", "出生年月日", "生日", "出生时间"),
    "ethnicity": ("民族", "族别", "民 族"),
    "unit": ("单位", "所属单位", "工作单位", "所在单位", "单位名称", "二级单位"),
    "crew": ("部门/班组", "班组", "所在部门", "供电所"),
    "post": ("岗位", "岗位名称", "现岗位", "工种"),
    "status": ("政治面貌", "政治面目", "党团面貌", "政治身份"),
    "party_joined_on": ("入党时间", "入党日期", "入党年月", "加入党组织时间"),
    "branch": ("党支部", "所在党支部", "支部名称", "组织关系所在支部"),
    "team": ("服务队", "所在服务队", "党员服务队", "队名"),
    "station": ("服务站", "社区服务站"),
    "duty": ("队内职务", "职务"),
    "joined_team_on": ("入队时间", "入队日期"),
    "hired_on": ("入职时间", "入职日期", "报到时间", "本单位时间"),
    "work_started_on": ("参加工作时间", "参工时间", "首次参加工作日期"),
    "education": ("学历", "最高学历", "文化程度"),
    "degree": ("学位", "最高学位"),
    "school": ("毕业院校", "毕业学校", "院校"),
    "major": ("专业", "所学专业"),
    "graduated_on": ("毕业时间", "毕业日期"),
    "origin": ("生源地", "籍贯"),
    "phone": ("联系电话", "手机", "手机号码", "联系方式"),
    "address": ("家庭住址", "现住址"),
    "skill_level": ("技能等级", "职业技能等级", "职业资格"),
    "note": ("备注",),
    "applied_on": ("申请入党时间", "入党申请时间"),
    "talked_on": ("谈话时间",),
    "recommended_by": ("推荐方式",),
    "decided_on": ("确定时间", "确定积极分子时间", "列为积极分子时间"),
    "filed_on": ("备案时间",),
    "contact": ("培养联系人", "联系人(培养)", "培养人"),
    "contact_joined_on": ("联系人入党时间",),
    "safety_kind": ("类别", "教育类别", "考试类别", "教育/考试类别", "考试项目"),
    "taken_on": ("日期", "考试日期", "教育日期", "培训日期", "考试时间"),
    "hours": ("学时", "课时", "培训学时", "学时（小时）"),
    "score": ("成绩", "考试成绩", "安规成绩", "分数", "得分"),
    "passed": ("是否合格", "合格情况", "是否通过", "考试结果", "结论"),
    "valid_until": ("有效期至", "有效期", "有效期截止", "到期日期"),
}

STATUS_WORDS: dict[PoliticalStatus, tuple[str, ...]] = {
    PoliticalStatus.MEMBER: ("中共党员", "党员", "正式党员"),
    PoliticalStatus.PROBATIONARY: ("中共预备党员", "预备党员"),
    PoliticalStatus.LEAGUE: ("共青团员", "团员", "共青团"),
    PoliticalStatus.REVOLUTIONARY_COMMITTEE: ("民革党员", "民革", "民革会员"),
    PoliticalStatus.DEMOCRATIC_LEAGUE: ("民盟盟员", "民盟"),
    PoliticalStatus.NATIONAL_CONSTRUCTION: ("民建会员", "民建"),
    PoliticalStatus.PROMOTING_DEMOCRACY: ("民进会员", "民进"),
    PoliticalStatus.PEASANTS_WORKERS: ("农工党党员", "农工党"),
    PoliticalStatus.ZHI_GONG: ("致公党党员", "致公党"),
    PoliticalStatus.JIUSAN: ("九三学社社员", "九三学社"),
    PoliticalStatus.TAIWAN_LEAGUE: ("台盟盟员", "台盟"),
    PoliticalStatus.INDEPENDENT: ("无党派人士", "无党派", "无党派民主人士"),
    PoliticalStatus.MASSES: ("群众", "普通公民"),
}
KIND_WORDS: dict[tuple[SafetyKind, str], tuple[str, ...]] = {
    (SafetyKind.EDUCATION, ""): ("三级安全教育", "安全教育", "安全教育培训", "新员工三级安全教育"),
    (SafetyKind.EDUCATION, "公司级"): ("公司级安全教育", "三级安全教育（公司级）", "公司级", "三级安全教育/公司级"),
    (SafetyKind.EDUCATION, "车间级"): ("车间级安全教育", "三级安全教育(车间级)", "车间级", "三级安全教育 — 车间级"),
    (SafetyKind.EDUCATION, "班组级"): ("班组级岗前安全教育", "安全教育【班组级】", "班组级", "三级教育:班组级"),
    (SafetyKind.EXAM, ""): ("安规考试", "安规", "2026年度安规考试", "安规补考"),
    (SafetyKind.EXAM, "配电"): ("安规考试（配电）", "配电安规考试", "安全规程考试-配电", "安规考试/配电"),
}
RESULT_WORDS = {True: ("是", "合格", "√", "通过"), False: ("否", "不合格", "×", "未通过")}
DAY_STYLES = ("real", "serial", "2001.07.09", "2001-7-9", "2001/07/09", "2001年7月9日", "20010709", "20010709 number")
MONTH_STYLES = ("2001.07", "2001年7月", "200107", "200107 number", "2001-07")
CSV_ENCODINGS = ("utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16")
_DAYS = frozenset(name for name in HEADINGS if name.endswith("_on") or name in ("birth_date", "valid_until"))


@dataclass(frozen=True)
class Style:
    """How one office writes."""

    kind: str = "xlsx"
    encoding: str = "utf-8"
    separator: str = ","
    titles: int = 0
    two_header_rows: bool = False
    serial: bool = False
    empty_rows: bool = False
    footers: bool = False
    merged_unit: bool = False
    repeated_header: bool = False
    pair_columns: bool = False
    hidden_sheet: bool = False
    epoch_1904: bool = False
    words: int = 0
    day: str = "real"
    employee_no: str = "text"
    wide_digits: bool = False
    spaced_names: bool = False
    phone: str = "plain"
    lower_x: bool = False


@dataclass(frozen=True)
class Shown:
    """A value with the number format that shows it."""

    value: Any
    number_format: str | None = None


Row = list[Any]
_TITLES = ("四川示例公司人员花名册", "填表说明：请勿改动表头", "单位（盖章）：")


def write(people: Sequence[Mapping[str, Any]], form: str, style: Style) -> tuple[tuple[str, bytes], list[int]]:
    """The file, and the row number (from 1) of each person."""
    fields = _fields(form, style)
    rows: list[Row] = [
        [title] for title in ("四川示例公司人员花名册", "填表说明：请勿改动表头", "单位（盖章）：")[: style.titles]
    ]
    header = len(rows)
    merges: list[tuple[int, int, int, int]] = []
    if style.titles and style.kind != "csv":
        merges.append((0, 0, 0, len(fields) - 1))
    rows += _header(fields, style, header, merges)
    headers = rows[header:]
    numbers: list[int] = []
    first = len(rows)
    for index, person in enumerate(people):
        if style.empty_rows and index % 2:
            rows.append([])
        if style.repeated_header and index == 2:
            rows += headers
        numbers.append(len(rows) + 1)
        rows.append([_cell(field, person, index, style) for field in fields])
    if style.merged_unit and style.kind != "csv" and "unit" in fields and len(people) > 1:
        column = fields.index("unit")
        merges.append((first, column, len(rows) - 1, column))
        for row in rows[first + 1 :]:
            if column < len(row) and row not in headers:
                row[column] = None
    if style.footers:
        rows += [[], ["合计", f"{len(people)}人"], ["制表人：某某", None, "审核：某某", None, "日期：2026年7月1日"]]
        rows.append(["备注：以上人员均在岗"])
    return _file(rows, merges, style), numbers


def _fields(form: str, style: Style) -> list[str]:
    fields = list(FORMS[form])
    if style.pair_columns and "degree" in fields:
        position = fields.index("school")
        fields = [field for field in fields if field not in ("school", "major", "education", "degree")]
        fields[position:position] = ["school+major", "education+degree"]
    return ["serial", *fields] if style.serial else fields


def _heading(field: str, style: Style) -> str:
    if field == "serial":
        return "序号"
    if field == "school+major":
        return ("毕业院校及专业", "毕业院校/专业")[style.words % 2]
    if field == "education+degree":
        return ("学历学位", "学历/学位")[style.words % 2]
    words = HEADINGS[field]
    return words[style.words % len(words)]


def _header(fields: list[str], style: Style, top: int, merges: list[tuple[int, int, int, int]]) -> list[Row]:
    """One row; or two, with a group over the first columns that stand side by side and the others merged downwards."""
    headings = [_heading(field, style) for field in fields]
    if not style.two_header_rows:
        return [list(headings)]
    groups: Row = list(headings)
    under: Row = [None] * len(fields)
    start = fields.index("name")
    for column in (start, start + 1):
        groups[column], under[column] = None, headings[column]
    groups[start] = "基本情况"
    if style.kind != "csv":
        merges.append((top, start, top, start + 1))
        merges.extend(
            (top, column, top + 1, column) for column in range(len(fields)) if column not in (start, start + 1)
        )
    return [groups, under]


def _cell(field: str, person: Mapping[str, Any], index: int, style: Style) -> Any:
    if field == "serial":
        return index + 1
    if "+" in field:
        parts = [person.get(part) for part in field.split("+")]
        return "/".join(part for part in parts if part) or None
    value = person.get(field)
    if value is None:
        return None
    if field in _DAYS:
        return written_day(value, style)
    if field == "status":
        words = STATUS_WORDS[value]
        return words[style.words % len(words)]
    if field == "sex":
        return "男" if value is Sex.MALE else "女"
    if field == "recommended_by":
        return "党员推荐" if value == "members" else "群团推优"
    if field == "safety_kind":
        return KIND_WORDS[value, person.get("safety_level", "")][style.words % 4]
    if field == "passed":
        return RESULT_WORDS[value][style.words % 4]
    if field in ("hours", "score"):
        return _written_number(value, {"hours": "学时", "score": "分"}[field], style)
    if field == "employee_no" and style.employee_no == "number" and value.isdigit():
        return Shown(int(value), "0" * len(value)) if style.kind != "csv" else value
    if field == "name" and style.spaced_names:
        return f" {value[0]} {value[1:]} " if value.isalpha() and not value.isascii() else f"{value} "
    if field == "phone" and style.phone != "plain" and value.isdigit():
        return {
            "blanks": f"{value[:3]} {value[3:7]} {value[7:]}",
            "dashes": f"+86-{value[:3]}-{value[3:7]}-{value[7:]}",
        }[style.phone]
    if field == "id_number" and style.lower_x:
        value = value.lower()
    if style.wide_digits and field in ("id_number", "phone", "employee_no"):
        return "".join(chr(ord(character) + 0xFEE0) for character in value)
    return value


def _written_number(number: float, measure: str, style: Style) -> Any:
    """A number as a number, as a text, with its measure, or with its measure by the format alone."""
    if style.words % 4 == 0:
        return number
    if style.words % 4 == 1 and number == int(number) and style.kind != "csv":
        return Shown(number, f'0"{measure}"')
    text = f"{number:g}" + (measure if style.words % 4 == 2 else "")
    return "".join(chr(ord(one) + 0xFEE0) if one.isdigit() else one for one in text) if style.wide_digits else text


def written_day(day: date, style: Style) -> Any:
    """A day in the style of the office."""
    shown = {
        "2001.07.09": f"{day:%Y.%m.%d}",
        "2001-7-9": f"{day.year}-{day.month}-{day.day}",
        "2001/07/09": f"{day:%Y/%m/%d}",
        "2001年7月9日": f"{day.year}年{day.month}月{day.day}日",
        "20010709": f"{day:%Y%m%d}",
        "2001.07": f"{day:%Y.%m}",
        "2001年7月": f"{day.year}年{day.month}月",
        "200107": f"{day:%Y%m}",
        "2001-07": f"{day:%Y-%m}",
    }
    if style.day in shown:
        return shown[style.day]
    if style.day == "20010709 number":
        return int(f"{day:%Y%m%d}")
    if style.day == "200107 number":
        return int(f"{day:%Y%m}")
    if style.day == "serial":
        epoch = date(1904, 1, 1) if style.epoch_1904 and style.kind != "csv" else date(1899, 12, 30)
        return (day - epoch).days
    return day


def _file(rows: list[Row], merges: list[tuple[int, int, int, int]], style: Style) -> tuple[str, bytes]:
    if style.kind == "csv":
        return "花名册.csv", csv_bytes(rows, style.encoding, style.separator)
    sheets = {"花名册": (rows, merges)}
    if style.kind == "xls":
        return "花名册.xls", xls_bytes(sheets, hidden=style.hidden_sheet, epoch_1904=style.epoch_1904)
    return "花名册.xlsx", xlsx_bytes(sheets, hidden=style.hidden_sheet, epoch_1904=style.epoch_1904)


Sheets = Mapping[str, tuple[list[Row], list[tuple[int, int, int, int]]]]
_SECRET = [["姓名", "人员编码", "单位"], ["不应读到", "99999999", "隐藏"]]


def xlsx_bytes(sheets: Sheets, *, hidden: bool = False, epoch_1904: bool = False) -> bytes:
    """An .xlsx workbook with these sheets; None leaves a cell blank, a text starting with = is a formula."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "date_1904": epoch_1904})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for name, (rows, merges) in sheets.items():
        sheet = book.add_worksheet(name)
        for top, left, bottom, right in merges:
            sheet.merge_range(top, left, bottom, right, "")
        for row, values in enumerate(rows):
            for column, value in enumerate(values):
                if isinstance(value, Shown):
                    sheet.write(row, column, value.value, book.add_format({"num_format": value.number_format}))
                elif isinstance(value, date):
                    sheet.write_datetime(row, column, value, day)
                elif value is not None:
                    sheet.write(row, column, value)
    if hidden:
        sheet = book.add_worksheet("隐藏")
        for row, values in enumerate(_SECRET):
            sheet.write_row(row, 0, values)
        sheet.hide()
    book.close()
    return out.getvalue()


def xls_bytes(sheets: Sheets, *, hidden: bool = False, epoch_1904: bool = False) -> bytes:
    """The same as .xls."""
    book = xlwt.Workbook()
    book.dates_1904 = epoch_1904
    day = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for name, (rows, merges) in sheets.items():
        sheet = book.add_sheet(name, cell_overwrite_ok=True)
        for top, left, bottom, right in merges:
            value = rows[top][left] if left < len(rows[top]) else None
            sheet.write_merge(top, bottom, left, right, "" if value is None else value)
        for row, values in enumerate(rows):
            for column, value in enumerate(values):
                if isinstance(value, Shown):
                    sheet.write(row, column, value.value, xlwt.easyxf(num_format_str=value.number_format))
                elif isinstance(value, date):
                    sheet.write(row, column, value, day)
                elif value is not None:
                    sheet.write(row, column, value)
    if hidden:
        sheet = book.add_sheet("隐藏")
        for row, values in enumerate(_SECRET):
            for column, value in enumerate(values):
                sheet.write(row, column, value)
        sheet.visibility = 1
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def csv_bytes(rows: list[Row], encoding: str = "utf-8", separator: str = ",") -> bytes:
    """A text file; days as spreadsheets export them."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator)
    for values in rows:
        plain = [value.value if isinstance(value, Shown) else value for value in values]
        writer.writerow(["" if value is None else value for value in plain])
    return out.getvalue().encode(encoding)
