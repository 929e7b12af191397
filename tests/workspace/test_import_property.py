"""Whatever a roster holds: the same file again changes nothing, the order of its rows doesn't matter."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import delete
from sqlmodel import SQLModel

from svclib.workspace import Workspace
from tests.examples import examples
from tests.workspace.import_files import UNTOUCHED, dump, id_number, table_file

HEAD = (
    *(
        "工号",
        "姓名",
        "身份证号",
        "单位",
        "班组",
        "岗位",
        "政治面貌",
        "入党时间",
        "党支部",
        "服务队",
        "队内职务",
        "入队时间",
    ),
    *("入职时间", "参加工作时间", "联系电话", "备注"),
)
_DAYS = st.dates(date(2005, 1, 1), date(2026, 8, 20))
_WRITTEN = st.one_of(
    st.just(""),
    _DAYS.map(date.isoformat),
    _DAYS.map(lambda day: f"{day.year}.{day.month:02d}"),
    _DAYS.map(lambda day: f"{day.year}年{day.month}月{day.day}日"),
)


@st.composite
def rosters(draw: st.DrawFn, size: int = 8) -> list[list[str]]:
    """Rows with all kinds of gaps, faults and repetitions, about a handful of people."""
    rows = []
    for number in draw(st.lists(st.integers(1, 6), min_size=1, max_size=size)):
        born = date(1980, 1, 1) + timedelta(days=97 * number)
        rows.append(
            [
                draw(st.sampled_from(["", f"0700000{number}"])),
                "王李张刘陈杨"[number - 1] + "一",
                draw(st.sampled_from(["", id_number(born, serial=number)])),
                draw(st.sampled_from(["", "成都公司", "绵阳供电公司", "成都供点公司"])),
                draw(st.sampled_from(["", "抢修班", "新班组"])),
                draw(st.sampled_from(["", "班员", "班长"])),
                draw(st.sampled_from(["", "群众", "共青团员", "中共党员", "预备党员", "入党积极分子", "党圆"])),
                draw(_WRITTEN),
                draw(st.sampled_from(["", "运维检修党支部", "营销党支部"])),
                draw(st.sampled_from(["", "高新连心桥服务队", "锦江同心服务队", "涪江服务队"])),
                draw(st.sampled_from(["", "队员", "队长"])),
                draw(_WRITTEN),
                draw(_WRITTEN),
                draw(_WRITTEN),
                draw(st.sampled_from(["", "13800005678", "1380"])),
                draw(st.sampled_from(["", "备注"])),
            ]
        )
    return rows


def emptied(ws: Workspace) -> Workspace:
    """The same province without anybody in it: hypothesis runs many examples in one database."""
    with ws.engine.begin() as connection:
        for place in reversed(SQLModel.metadata.sorted_tables):
            if place.name in {"import_change", "import_run"} | set(OF_PEOPLE):
                connection.execute(delete(place))
            elif place.name == "crew":
                connection.execute(delete(place).where(place.c.id > 1))
    return ws


OF_PEOPLE = (
    *("employment", "membership", "status_period", "development_period", "branch_membership", "trainee", "intake"),
    *("activist_file", "training_contact", "person"),
)
_quietly = hypothesis_settings(
    max_examples=examples(40),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@_quietly
@given(rows=rosters())
def test_the_same_file_again_changes_nothing(province: Workspace, rows: list[list[str]]) -> None:
    ws = emptied(province)
    first = ws.register.import_file(table_file(HEAD, *rows))
    before = dump(ws)
    again = ws.register.import_file(table_file(HEAD, *rows))
    assert (again.created, again.updated, again.run_id) == (0, 0, None)
    assert again.rejected == first.rejected
    assert first.rows == first.created + first.updated + first.unchanged + first.rejected_rows
    assert dump(ws) == before


@_quietly
@given(first=rosters(), corrected=rosters())
def test_a_corrected_file_again_changes_nothing_and_undoing_it_restores(
    province: Workspace, first: list[list[str]], corrected: list[list[str]]
) -> None:
    ws = emptied(province)
    ws.register.import_file(table_file(HEAD, *first))
    between = dump(ws, versions=False)
    preview = ws.register.import_file(table_file(HEAD, *corrected), dry_run=True)
    done = ws.register.import_file(table_file(HEAD, *corrected), expected=preview.digest)
    assert done.preview.equals(preview.preview)
    after = dump(ws)
    assert ws.register.import_file(table_file(HEAD, *corrected)).run_id is None
    assert dump(ws) == after
    if done.run_id is not None:
        ws.register.undo_import(done.run_id)
    assert dump(ws, versions=False) == between


@_quietly
@given(data=st.data())
def test_the_order_of_the_rows_does_not_matter(province: Workspace, data: st.DataObject) -> None:
    rows = {row[1]: row for row in data.draw(rosters())}
    shuffled = data.draw(st.permutations(list(rows.values())))
    said = []
    for some in (list(rows.values()), shuffled):
        ws = emptied(province)
        ws.register.import_file(table_file(HEAD, *some))
        said.append(_without_ids(ws))
    assert said[0] == said[1]


def _without_ids(ws: Workspace) -> Counter[str]:
    """What the register says, with names in place of ids."""
    everything = dump(ws)
    names = {row["id"]: row["name"] for row in everything["person"]}
    crews = {row["id"]: row["name"] for row in everything["crew"]}
    hidden = {"id", "recorded_at", "id_number", "phone", "address", "crew_id", "person_id"}
    said: Counter[str] = Counter()
    for table in set(everything) - UNTOUCHED:
        for row in everything[table]:
            told = {name: value for name, value in row.items() if name not in hidden}
            said[f"{table} {names.get(row.get('person_id'))} {crews.get(row.get('crew_id'))} {told}"] += 1
    return said
