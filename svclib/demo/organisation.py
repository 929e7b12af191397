"""The demo's units, party bodies, crews, teams and stations."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from random import Random

from svclib.demo.places import Place, counties, prefectures
from svclib.demo.rows import Rows
from svclib.models import BodyKind, CrewKind, TeamLevel, TeamSetting, UnitKind

_BRANDS = (
    "同心", "暖阳", "灯火", "蜀光", "金桥", "锦绣", "杜鹃", "朝霞", "望江", "青松", "攀登", "春雨", "星火",
    "白鸽", "清泉", "映山红", "彩虹", "启明", "长桥", "雪莲", "银杏", "海棠", "芙蓉", "朝阳", "晨曦", "翠竹",
    "古渡", "红棉",
)  # fmt: skip
_NEIGHBOURHOODS = (
    "和平", "光明", "新华", "建设", "桂花", "玉兰", "滨江", "东风", "胜利", "幸福", "友谊", "团结", "向阳",
    "民主", "青年", "书院", "文庙", "钟楼", "古渡", "南桥", "北桥", "东门", "西门", "石马", "金花", "柳林",
    "槐树", "梧桐", "荷塘", "竹园", "梅园", "松林", "凤凰", "龙泉", "双桥", "三江", "大观", "永安", "长乐",
    "清溪", "白塔", "沙河", "官渡", "天井", "望月", "莲花", "麓山", "锦屏",
)  # fmt: skip
_PROVINCE = "国网四川省电力公司"


@dataclass
class UnitParts:
    """A unit and what people of it can belong to."""

    id: int
    short_name: str
    place: Place
    crews: list[int] = field(default_factory=list)
    branches: list[int] = field(default_factory=list)


@dataclass
class TeamParts:
    """A team and what its members can belong to."""

    id: int
    unit: UnitParts
    short_name: str
    crew_id: int
    party_body_id: int
    founded_on: date
    stations: list[int] = field(default_factory=list)


@dataclass
class Organisation:
    """Units in the usual order, the province first; teams numbered through."""

    units: list[UnitParts]
    teams: list[TeamParts]


def make_organisation(rows: Rows, rng: Random, *, teams: int, stations: int, every_county: bool) -> Organisation:
    """Add units, party bodies, crews, teams and stations: the province company, 21 companies, counties below them."""
    seats = prefectures()
    head_id = rows.add("unit", name=_PROVINCE, short_name="四川省电力公司", kind=UnitKind.PROVINCE, parent_id=None)
    units = [UnitParts(head_id, "四川省电力公司", seats[0])]
    companies: dict[str, UnitParts] = {}
    for place in seats:
        companies[place.name] = _unit(rows, place, f"{place.name}供电公司", UnitKind.COMPANY, head_id)
    below = [
        _unit(rows, place, f"{place.name}供电公司", UnitKind.COUNTY, companies[place.prefecture].id)
        for place in counties(every=every_county)
    ]
    units += [*companies.values(), *below]
    for unit in units:
        _party_bodies(rows, unit)
        _crews(rows, rng, unit)
    made = [_team(rows, rng, unit, number) for number, unit in enumerate(_spread(units[1:], teams))]
    for number in range(stations):
        _station(rows, rng, made[number % teams])
    return Organisation(units, made)


def _spread(units: list[UnitParts], teams: int) -> list[UnitParts]:
    """Which unit each team belongs to: every company first, then big cities and counties, then all again."""
    companies, counties_below = units[:21], units[21:]
    turns = [unit for unit in companies for _ in range(unit.place.weight - 1)] + counties_below
    order = companies + turns
    while len(order) < teams:
        order += units
    return sorted(order[:teams], key=lambda unit: unit.id)


def _unit(rows: Rows, place: Place, short_name: str, kind: UnitKind, parent_id: int) -> UnitParts:
    unit_id = rows.add("unit", name=f"{_PROVINCE}{short_name}", short_name=short_name, kind=kind, parent_id=parent_id)
    return UnitParts(unit_id, short_name, place)


def _party_bodies(rows: Rows, unit: UnitParts) -> None:
    def body(kind: BodyKind, name: str, parent_id: int | None) -> int:
        return rows.add("party_body", unit_id=unit.id, parent_id=parent_id, kind=kind, name=name)

    committee = body(BodyKind.COMMITTEE, f"中共{unit.short_name}委员会", None)
    office = body(BodyKind.GENERAL_BRANCH, "机关党总支", committee)
    unit.branches += [body(BodyKind.BRANCH, f"机关第{n}党支部", office) for n in "一二"]
    work = body(BodyKind.GENERAL_BRANCH, "生产党总支", committee)
    unit.branches += [body(BodyKind.BRANCH, f"{name}党支部", work) for name in ("运维检修", "营销服务", "供电所联合")]


def _crews(rows: Rows, rng: Random, unit: UnitParts) -> None:
    names = ["配电运维一班", "配电运维二班", "带电作业班", "抢修班", "营业班", "计量班", "变电运维班", "调控班"]
    for name in names:
        unit.crews.append(rows.add("crew", unit_id=unit.id, kind=CrewKind.CREW, name=name))
    for name in rng.sample(_NEIGHBOURHOODS, 4):
        crew = rows.add("crew", unit_id=unit.id, kind=CrewKind.SUPPLY_STATION, name=f"{name}供电所")
        unit.crews.append(crew)


def _team(rows: Rows, rng: Random, unit: UnitParts, number: int) -> TeamParts:
    place = unit.place
    own = sum(team["unit_id"] == unit.id for team in rows["team"])
    district = place.districts[own % len(place.districts)]
    brand = _BRANDS[(number + own) % len(_BRANDS)]
    short_name = f"{district}{brand}服务队"
    setting = (
        TeamSetting.RURAL if place.is_county else (TeamSetting.URBAN, TeamSetting.RURAL, TeamSetting.EMERGENCY)[own % 3]
    )
    founded = date(2002 + rng.randrange(12), rng.randint(1, 12), rng.randint(1, 28))
    crew_id = rng.choice(unit.crews)
    own_branch = rng.random() < 0.5
    body_id = rows.add(
        "party_body",
        unit_id=unit.id,
        parent_id=rows["party_body"][unit.branches[2] - 1]["parent_id"] if own_branch else unit.branches[3],
        kind=BodyKind.BRANCH if own_branch else BodyKind.GROUP,
        name=f"{short_name}{'党支部' if own_branch else '党小组'}",
    )
    latitude, longitude = place.near(rng)
    local = f"8000{number + 1:04d}" if place.area_code == "028" else f"800{number + 1:04d}"
    prefix = place.name if place.is_county else place.name + district
    team_id = rows.add(
        "team",
        unit_id=unit.id,
        parent_id=None,
        crew_id=crew_id,
        party_body_id=body_id,
        level=TeamLevel.TEAM,
        setting=setting,
        official_name=f"国家电网四川电力({prefix}){brand}共产党员服务队",
        short_name=short_name,
        supervision_phone=f"{place.area_code}-{local}",
        latitude=latitude,
        longitude=longitude,
        founded_on=founded,
        closed_on=None,
    )
    return TeamParts(team_id, unit, short_name, crew_id, body_id, founded)


def _station(rows: Rows, rng: Random, team: TeamParts) -> None:
    number = len(team.stations)
    name = _NEIGHBOURHOODS[(team.id * 7 + number) % len(_NEIGHBOURHOODS)]
    place = team.unit.place
    latitude, longitude = place.near(rng)
    opened = date(rng.randint(max(team.founded_on.year + 1, 2006), 2023), rng.randint(1, 12), rng.randint(1, 28))
    station_id = rows.add(
        "station",
        team_id=team.id,
        name=f"{name}社区服务站",
        address=f"{place.full_name}{name}路{rng.randint(1, 320)}号",
        latitude=latitude,
        longitude=longitude,
        opened_on=opened,
        closed_on=None,
    )
    team.stations.append(station_id)
