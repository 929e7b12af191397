"""Samples with flaws: what the preview marks, one kind in each row."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from svclib.rules.identity import check_digit
from tests.samples.province import Sight
from tests.samples.sheets import Workbook

EXPECTED = {
    5: "姓名",
    6: "工号",
    7: "身份证号码",
    8: "性别",
    9: "出生日期",
    10: "报到时间",
    11: "报到时间",
    12: "身份证号码",
    13: "政治面目",
    14: "工作单位",
    15: "联系电话",
    16: "工号",
    17: "工号",
    18: "姓名",
    19: "姓名",
    20: "身份证号码",
    21: "出生日期",
    22: "身份证号码",
}
"""Which column of which row of the roster with flaws is refused; rows as the spreadsheet numbers them."""


def flawed(path: Path, demo: Sight) -> None:
    """A general roster in which each row after the first two is wrong in its own way."""
    book = Workbook(path)
    sheet = book.sheet("花名册", [12, 16, 22, 8, 14, 20, 14, 14, 14, 18, 40])
    sheet.title("人员花名册（练习用：每行一种问题）", 11)
    words = [
        "工号",
        "姓名",
        "身份证号码",
        "性别",
        "出生日期",
        "工作单位",
        "政治面目",
        "报到时间",
        "岗位",
        "联系电话",
        "备注",
    ]
    sheet.head(words)
    for row in _flaws(demo):
        sheet.values(row)
    sheet.line("制表：人力资源部")
    book.close()


def _number(birth: str, order: str) -> str:
    return (body := f"510099{birth}{order}") + check_digit(body)


def _flaws(demo: Sight) -> list[list[object]]:
    unit, day = "成都供电公司", date(2024, 7, 10)
    taken = demo.person(1)

    def row(number: int, note: str, **changes: object) -> list[object]:
        born = date(2000, 1, number)
        usual: dict[str, object] = {
            "no": f"0599{number:04d}",
            "name": f"甄{'一二三四五六七八九十'[number % 10]}{'东南西北中'[number // 10]}",
            "id": _number(f"{born:%Y%m%d}", "011"),
            "sex": "男",
            "born": born,
            "unit": unit,
            "status": "共青团员",
            "hired": day,
            "post": "配电运维工",
            "phone": f"160{98_000_000 + number:08d}",
        }
        return [*(usual | changes).values(), note]

    return [
        row(1, "无问题"),
        row(
            2, "无问题：写法随意也能识别", status="团员", born="2000年1月2日", hired="2024.07.10", phone="160 9800 0002"
        ),
        row(3, "缺姓名", name=None),
        row(4, "缺人员编码和身份证号", no=None, id=None),
        row(5, "身份证号校验位错误", id=_wrong_check(_number("20000105", "011"))),
        row(6, "性别与身份证号不符", sex="女"),
        row(7, "出生日期与身份证号不符", born=date(1999, 1, 7)),
        row(8, "日期不存在", hired="2024-02-30"),
        row(9, "日期在将来", hired=date(2031, 7, 1)),
        row(10, "入职时未满16周岁", hired=date(2012, 7, 1)),
        row(11, "政治面貌无法识别", status="党圆"),
        row(12, "单位不存在（名称相近）", unit="成都供点公司"),
        row(13, "电话格式错误", phone="1609800"),
        row(14, "同一工号两人", no=taken["employee_no"]),
        row(
            15,
            "同一人重复（与第3行）",
            no="05990001",
            id=_number("20000101", "011"),
            born=date(2000, 1, 1),
            name="甄二东",
        ),
        row(16, "姓名含网页代码", name="<b>甄六南</b>"),
        row(17, "姓名像公式", name="=1+1"),
        row(18, "身份证号位数不足", id="51009920000118"),
        row(19, "日期只有年份", born="2000"),
        row(20, "身份证号为15位旧号", id="510099000120011"),
    ]


def _wrong_check(number: str) -> str:
    return number[:17] + ("0" if number[17] != "0" else "1")


DAMAGED_ROWS = 6


def damaged(path: Path, demo: Sight) -> None:
    """ID numbers that a spreadsheet has rounded: typed as numbers, their last three digits are gone for good."""
    book = Workbook(path)
    sheet = book.sheet("Sheet1", [10, 12, 26, 20, 18])
    sheet.head(["序号", "姓名", "身份证号", "录用单位", "毕业院校"])
    for number, who in enumerate(demo.trainees(2026, "graduate")[:DAMAGED_ROWS], start=1):
        rounded = float(who["id_number"][:15] + "000")
        shown: object = f"{rounded:.5E}" if number > 4 else rounded
        sheet.values([number, who["name"], shown, demo.unit_of(who["id"])["short_name"], who["school"]])
    book.close()
