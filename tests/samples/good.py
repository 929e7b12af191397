"""Samples that go in whole."""

from __future__ import annotations

import csv
from datetime import date
from itertools import count, groupby, islice
from pathlib import Path
from random import Random

import xlwt

from svclib.demo.invented import People
from svclib.models import Office, Sex, label
from tests.samples.province import Row, Sight
from tests.samples.safety import short_of_something
from tests.samples.sheets import Padded, Workbook

_GRADUATES_HEAD = (
    "序号", "姓  名", "性别", "身份证号", "民族", "政治面貌", "毕业院校及专业", "学历学位", "毕业时间", "录用单位",
    "生源地", "联系电话", "报到时间", "备注",
)  # fmt: skip
_MEMBERS_HEAD = (
    ("", "单位"), ("", "服务队"), ("", "服务站"), ("人员信息", "姓名"), ("人员信息", "人员编码"),
    ("政治面貌", "政治面貌"), ("政治面貌", "入党时间"), ("队内情况", "队内职务"), ("队内情况", "班组"),
    ("队内情况", "技能等级"), ("队内情况", "入队时间"),
)  # fmt: skip
_ACTIVISTS_HEAD = (
    "序号", "单位", "党支部", "姓名", "性别", "出生年月", "学历", "申请入党时间", "谈话时间", "推荐方式", "确定时间",
    "备案时间", "培养联系人", "联系人入党时间",
)  # fmt: skip
GRADUATES_NEW, GRADUATES_CHANGED, GRADUATES_SAME = 24, 4, 2
_EXAMINED_TEAM, _GROWING_TEAM = "涪城朝霞服务队", "通川长桥服务队"
MEMBERS_JOINING, MEMBERS_CHANGED = 2, 1
ACTIVISTS_NEW = 3
NUMBERS_FILLED_IN, NUMBERS_KNOWN = 27, 12


def graduates(path: Path, demo: Sight) -> None:
    """New graduates of 2026 without employee numbers: title, notes, serial column, two facts in a cell, footer."""
    book = Workbook(path)
    sheet = book.sheet("毕业生名册", [6, 12, 6, 22, 8, 14, 34, 18, 14, 18, 14, 16, 14, 10])
    sheet.title("2026年新入职毕业生名册", len(_GRADUATES_HEAD))
    sheet.line("填报单位：国网四川省电力公司（人资部）    填报日期：2026年8月18日")
    sheet.line("说明：人员编码待系统分配后补录；身份证号须为文本格式。")
    sheet.head(_GRADUATES_HEAD)
    waiting = [who for who in demo.trainees(2026, "graduate") if who["employee_no"] is None]
    known = waiting[: GRADUATES_CHANGED + GRADUATES_SAME]
    listed = [_known_graduate(who, demo, moved=number < GRADUATES_CHANGED) for number, who in enumerate(known)]
    listed += _new_graduates(demo)
    for number, row in enumerate(listed, start=1):
        if number == 16:
            sheet.blank()
        sheet.values([number, *row])
    sheet.values([None, "合计", None, f"{len(listed)}人"])
    sheet.line("制表人：何静        审核人：唐建国        单位（盖章）", 1)
    book.close()


def _known_graduate(who: Row, demo: Sight, *, moved: bool) -> list[object]:
    """Somebody of the demo; with `moved` the phone is another one."""
    phone = str(who["phone"])
    if moved:
        phone = phone[:10] + str((int(phone[10]) + 5) % 10)
    return [
        who["name"],
        label(who["sex"]),
        who["id_number"],
        who["ethnicity"],
        demo.status(who["id"]),
        f"{who['school']} {who['major']}",
        "/".join(part for part in (who["education"], who["degree"]) if part),
        who["graduated_on"],
        demo.unit_of(who["id"])["name"],
        who["origin"],
        f"{phone[:3]} {phone[3:7]} {phone[7:]}",
        who["hired_on"],
        None,
    ]


def _new_graduates(demo: Sight) -> list[list[object]]:
    rng = Random(20260818)
    people = People(rng)
    units = ["成都供电公司", "绵阳供电公司", "南充供电公司", "凉山供电公司", "甘孜供电公司", "乐山供电公司"]
    statuses = ["共青团员", "共青团员", "共青团员", "中共党员", "中共预备党员", "群众"]
    days = [date(2026, 7, 10), "2026年7月10日", "2026.07.10", "2026/7/10", "2026-7-10", "20260710"]
    rows: list[list[object]] = []
    for number in range(GRADUATES_NEW):
        unit = demo.unit(units[number % len(units)])
        sex = Sex.FEMALE if number % 3 == 0 else Sex.MALE
        born = date(2003, 1 + number % 12, 3 + number)
        name, ethnicity = people.name(
            unit["id"], sex, {"凉山供电公司": "yi", "甘孜供电公司": "tibetan"}.get(unit["short_name"], "han")
        )
        if len(name) == 2:
            name = "　".join(name)
        number_text = people.id_number(40, born, sex)
        rows.append(
            [
                name,
                label(sex),
                number_text.lower() if number % 2 else number_text,
                ethnicity,
                statuses[number % len(statuses)],
                ("四川大学 电气工程及其自动化", "西南交通大学 电力系统及其自动化", "三峡大学 自动化")[number % 3],
                ("本科/学士", "硕士研究生/硕士", "本科/学士")[number % 3],
                ("2026.06", "2026年6月", date(2026, 6, 30))[number % 3],
                # People write the short name as often as the official one.
                unit["short_name"] if number % 2 else unit["name"],
                ("四川成都", "四川绵阳", "重庆", "四川凉山")[number % 4],
                f"160{99_000_000 + number * 37:08d}",
                days[number % len(days)],
                "暂无人员编码" if number % 5 == 0 else None,
            ]
        )
    return rows


def members(path: Path, demo: Sight) -> None:
    """Every team of the province: two header rows, units and teams merged down, numbers whose zeros only the format
    shows."""
    book = Workbook(path)
    sheet = book.sheet("队员名册", [16, 18, 18, 12, 12, 14, 12, 12, 16, 12, 14])
    sheet.title("共产党员服务队队员名册", 11)
    sheet.line("统计时间：2026年8月15日")
    sheet.two_row_head(_MEMBERS_HEAD)
    for team in demo.rows["team"]:
        first = sheet.row
        for row in demo.members(team["id"]):
            who = demo.person(row["person_id"])
            station = demo.get("station", row["station_id"])["name"]
            if team["short_name"] == _EXAMINED_TEAM and row["duty"] == "副队长":
                # Has passed an examination since.
                who = who | {"skill_level": "特级技师"}
            sheet.values(_member(who, demo, station, row["duty"], demo.joined_on(row)))
        if team["short_name"] == _GROWING_TEAM:
            # With these two the team is no longer too small.
            station = next(row["name"] for row in demo.rows["station"] if row["team_id"] == team["id"])
            for who in [who for who in demo.ordinary(team["unit_id"]) if who["party_joined_on"]][:MEMBERS_JOINING]:
                sheet.values(_member(who, demo, station, "队员", date(2026, 8, 1)))
        sheet.merge_down(0, first, demo.get("unit", team["unit_id"])["short_name"])
        sheet.merge_down(1, first, team["official_name"])
    sheet.line("填表人：向阳    联系电话：028-80000001")
    book.close()


def _member(who: Row, demo: Sight, station: str, duty: str, since: date) -> list[object]:
    return [
        None,
        None,
        station,
        who["name"],
        Padded(who["employee_no"]),
        demo.status(who["id"]),
        who["party_joined_on"],
        duty,
        demo.crew_of(who["id"]),
        who["skill_level"],
        since,
    ]


def activists(path: Path, demo: Sight) -> None:
    """An old .xls list of activists for filing: no numbers at all, people are known by branch, name and birth."""
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("积极分子")
    sheet.write_merge(0, 0, 0, len(_ACTIVISTS_HEAD) - 1, "入党积极分子名册（备案）")
    for column, word in enumerate(_ACTIVISTS_HEAD):
        sheet.write(1, column, word)
    day = xlwt.easyxf(num_format_str="YYYY/MM/DD")
    for number, row in enumerate(_activist_rows(demo), start=1):
        for column, value in enumerate([number, *row]):
            if isinstance(value, date):
                sheet.write(number + 1, column, value, day)
            elif value is not None:
                sheet.write(number + 1, column, value)
    book.save(str(path))


_ACTIVISTS_OF = "绵阳供电公司"


def _cultivated(demo: Sight) -> list[Row]:
    """The unit's activists of two intakes."""
    return [
        who
        for who in demo.trainees(2026, "activist") + demo.trainees(2025, "activist")
        if demo.unit_of(who["id"])["short_name"] == _ACTIVISTS_OF
        and demo.now["development_period"][who["id"]]["stage"] == "activist"
    ]


def _fresh(demo: Sight) -> list[Row]:
    """Employees of the unit who are to become activists."""
    here = demo.ordinary(demo.unit(_ACTIVISTS_OF)["id"])
    free = (who for who in here if who["party_joined_on"] is None and who["id"] not in demo.now["development_period"])
    return list(islice(free, ACTIVISTS_NEW))


def _activist_rows(demo: Sight) -> list[list[object]]:
    here = demo.unit(_ACTIVISTS_OF)
    rows: list[list[object]] = []
    files = {row["person_id"]: row for row in demo.rows["activist_file"]}
    for who in _cultivated(demo):
        body_id = demo.now["branch_membership"][who["id"]]["party_body_id"]
        contacts = [row for row in demo.rows["training_contact"] if row["person_id"] == who["id"]]
        rows.append(_activist(who, here, demo.get("party_body", body_id)["name"], files[who["id"]], contacts))
    known = [demo.person(row["person_id"]) for row in demo.rows["employment"] if row["unit_id"] == here["id"]]
    contact = next(who for who in known if who["party_joined_on"] and demo.status(who["id"]) == "中共党员")
    for number, who in enumerate(_fresh(demo)):
        steps = {
            "applied_on": date(2025, 3, 4 + number),
            "talked_on": date(2025, 3, 24 + number),
            "recommended_by": "members",
            "decided_on": date(2026, 7, 6),
            "filed_on": date(2026, 7, 17),
        }
        named = [{"contact_name": contact["name"], "contact_joined_on": contact["party_joined_on"]}]
        rows.append(_activist(who, here, "运维检修党支部", steps, named))
    return rows


def _activist(who: Row, unit: Row, branch: str, steps: Row, contacts: list[Row]) -> list[object]:
    return [
        unit["short_name"],
        branch,
        who["name"],
        label(who["sex"]),
        f"{who['birth_date']:%Y.%m}",
        who["education"],
        steps["applied_on"],
        steps["talked_on"],
        {"members": "党员推荐", "league": "群团推优"}[steps["recommended_by"]],
        steps["decided_on"],
        f"{steps['filed_on']:%Y-%m-%d}",
        "、".join(row["contact_name"] for row in contacts),
        contacts[0]["contact_joined_on"],
    ]


def people(path: Path, demo: Sight) -> None:
    """A GBK text file, as personnel systems give out: employee numbers for graduates who had none, and whoever the
    lists of activists and of results know by name alone."""
    waiting = [who for who in demo.trainees(2026, "graduate") if who["employee_no"] is None][:20]
    listed = {who["id"]: who for who in (*waiting, *_cultivated(demo), *_fresh(demo), *short_of_something(demo))}
    new_numbers = count(9001)
    with path.open("w", encoding="gbk", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["员工编号", "员工姓名", "身份证号码", "所属单位", "手机号码", "首次参加工作日期"])
        for who in listed.values():
            unit = demo.unit_of(who["id"])
            writer.writerow(
                [
                    who["employee_no"] or f"05{unit['id'] - 1:02d}{next(new_numbers)}",
                    who["name"],
                    who["id_number"],
                    unit["short_name"],
                    who["phone"],
                    f"{who['hired_on']:%Y%m%d}",
                ]
            )


def captains(path: Path, demo: Sight) -> None:
    """Who leads the teams of the other sample: comes in after the people, as a part of the structure."""
    book = Workbook(path)
    sheet = book.sheet("负责人", [18, 44, 10, 12, 12, 14])
    sheet.head(["单位", "服务队", "职务", "姓名", "人员编码", "任职日期"])
    for office in demo.rows["team_office"]:
        if office["office"] == Office.CAPTAIN and office["valid_to"] is None:
            team, who = demo.get("team", office["team_id"]), demo.person(office["person_id"])
            unit = demo.get("unit", team["unit_id"])["short_name"]
            named = [label(Office.CAPTAIN), who["name"], who["employee_no"], office["valid_from"]]
            sheet.values([unit, team["official_name"], *named])
    book.close()


def structure(path: Path, demo: Sight) -> None:
    """Units, party bodies, crews, teams and stations on a sheet each: from nothing, a province to start with."""
    units, teams = demo.rows["unit"], demo.rows["team"]
    unit_name = {row["id"]: row["short_name"] for row in demo.rows["unit"]}
    body_name = {row["id"]: row["name"] for row in demo.rows["party_body"]}
    crew_name = {row["id"]: row["name"] for row in demo.rows["crew"]}
    book = Workbook(path)
    sheet = book.sheet("填写说明", [80])
    sheet.line("各表按“单位、党组织、班组、服务队、服务站”的次序填写；上级须先于下级列出。")
    sheet = book.sheet("单位", [36, 20, 14, 20])
    sheet.head(["单位全称", "单位简称", "单位类型", "上级单位"])
    for unit in units:
        sheet.values([unit["name"], unit["short_name"], label(unit["kind"]), unit_name.get(unit["parent_id"])])
    sheet = book.sheet("党组织", [20, 30, 14, 30])
    sheet.head(["所属单位", "党组织名称", "党组织类型", "上级党组织"])
    for body in demo.rows["party_body"]:
        parent = body_name.get(body["parent_id"])
        sheet.values([unit_name[body["unit_id"]], body["name"], label(body["kind"]), parent])
    sheet = book.sheet("班组", [20, 24, 14])
    sheet.head(["所属单位", "班组名称", "班组类型"])
    for unit_id, crews in groupby(demo.rows["crew"], key=lambda crew: crew["unit_id"]):
        first = sheet.row
        for crew in crews:
            sheet.values([None, crew["name"], label(crew["kind"])])
        sheet.merge_down(0, first, unit_name[unit_id])
    _teams(book, teams, unit_name, body_name, crew_name)
    sheet = book.sheet("服务站", [40, 22, 34, 12, 12, 14])
    sheet.head(["服务队", "服务站", "详细地址", "纬度", "经度", "启用日期"])
    for team in teams:
        for station in demo.rows["station"]:
            if station["team_id"] == team["id"]:
                place = [station["address"], station["latitude"], station["longitude"], station["opened_on"]]
                sheet.values([team["official_name"], station["name"], *place])
    draft = book.sheet("旧表勿用", [20, 20], hidden=True)
    draft.head(["单位", "单位简称"])
    draft.values(["已撤销的供电公司", "撤销"])
    book.close()


def _teams(
    book: Workbook, teams: list[Row], units: dict[int, str], bodies: dict[int, str], crews: dict[int, str]
) -> None:
    sheet = book.sheet("服务队", [20, 44, 20, 24, 18, 12, 12, 18, 14, 12, 12])
    sheet.head(
        [
            "单位",
            "服务队名称",
            "服务队简称",
            "所属党组织",
            "班组",
            "层级",
            "类型",
            "监督电话",
            "成立时间",
            "纬度",
            "经度",
        ]
    )
    for team in teams:
        sheet.values(
            [
                units[team["unit_id"]],
                team["official_name"],
                team["short_name"],
                bodies.get(team["party_body_id"]),
                crews.get(team["crew_id"]),
                label(team["level"]),
                label(team["setting"]),
                team["supervision_phone"],
                team["founded_on"],
                team["latitude"],
                team["longitude"],
            ]
        )
