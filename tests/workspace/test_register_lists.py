"""Lists, figures and cards answer for any day, and the same figure is the same everywhere."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import openpyxl
import pytest
from sqlalchemy import select, update

from svclib import RuleBroken
from svclib.models import DevelopmentPeriod, ImportChange, ImportRun, Person, table
from svclib.workspace import Workspace
from svclib.workspace.base import Transaction
from svclib.workspace.register.listing import PeopleQuery
from svclib.workspace.register.sight import COLUMNS, SORTABLE
from tests.workspace import factory


def names(ws: Workspace, **query: object) -> list[str]:
    return list(ws.register.page(PeopleQuery(**query)).rows["name"])  # type: ignore[arg-type]


@pytest.fixture
def staff(ws: Workspace) -> dict[str, int]:
    """Seven people of one unit, by name."""
    unit_id = factory.unit(ws)
    found = {}
    for number, name in enumerate(["单雄信", "王小明", "王芳", "李博文", "吕绿", "张100%", "买买提·吐尔逊"], start=1):
        values = {"employee_no": f"A00{number}", "unit_id": unit_id}
        if name == "张100%":
            # Past the verbs: no such name is accepted, yet old data may hold one.
            found[name] = factory.person(ws, "张百", **values)
            with ws.engine.begin() as connection:
                person = table(Person)
                connection.execute(update(person).where(person.c.id == found[name]).values(name=name))
        else:
            found[name] = factory.person(ws, name, **values)
    return found


@pytest.mark.parametrize(
    ("search", "expected"),
    [
        ("王", ["王芳", "王小明"]),
        ("小", ["王小明"]),
        ("wxm", ["王小明"]),
        ("WANG", ["王芳", "王小明"]),
        ("wangxiao", ["王小明"]),
        ("wang xiao", ["王小明"]),
        ("shan", ["单雄信"]),
        ("sxx", ["单雄信"]),
        ("lü", ["吕绿"]),
        ("lvlv", ["吕绿"]),
        ("bowen", []),
        ("a003", ["王芳"]),
        ("A00", ["李博文", "吕绿", "买买提·吐尔逊", "单雄信", "王芳", "王小明", "张100%"]),
        ("王 a002", ["王小明"]),
        ("王 李", []),
        ("100%", ["张100%"]),
        ("%", ["张100%"]),
        ("_", []),
        ("\\", []),
        ("吐尔逊", ["买买提·吐尔逊"]),
        ("ａ００３", ["王芳"]),
        ("   ", ["李博文", "吕绿", "买买提·吐尔逊", "单雄信", "王芳", "王小明", "张100%"]),
    ],
)
def test_people_are_found_by_name_pinyin_initials_and_number(
    ws: Workspace, staff: dict[str, int], search: str, expected: list[str]
) -> None:
    page = ws.register.page(PeopleQuery(search=search))
    assert (list(page.rows["name"]), page.total) == (expected, len(expected))


def test_pages_follow_each_other_without_gap_or_repetition_in_every_order(ws: Workspace, staff: dict[str, int]) -> None:
    for sort in SORTABLE:
        for descending in (False, True):
            whole = names(ws, sort=sort, descending=descending, limit=None)
            paged = [
                name
                for offset in range(0, 9, 2)
                for name in names(ws, sort=sort, descending=descending, offset=offset, limit=2)
            ]
            assert paged == whole
            assert sorted(whole) == sorted(staff)


def test_what_is_not_known_stands_last_in_both_directions(ws: Workspace) -> None:
    unit_id = factory.unit(ws)
    factory.person(ws, "甲一", unit_id=unit_id, status="masses", birth_date="1990-01-01")
    factory.person(ws, "乙二", unit_id=unit_id)
    factory.person(ws, "丙三", unit_id=unit_id, status="member", birth_date="1980-01-01")
    assert names(ws, sort="status") == ["丙三", "甲一", "乙二"]
    assert names(ws, sort="status", descending=True) == ["甲一", "丙三", "乙二"]
    assert names(ws, sort="birth_date") == ["丙三", "甲一", "乙二"]


def test_an_unknown_column_or_group_is_refused_with_its_field(ws: Workspace) -> None:
    for query, field in (({"sort": "id_number"}, "sort"), ({"group": "secret"}, "group"), ({"on": "soon"}, "on")):
        with pytest.raises(RuleBroken) as refused:
            ws.register.page(PeopleQuery(**query))
        assert refused.value.field == field


def test_every_card_counts_what_its_list_shows(ws: Workspace) -> None:
    sound, people = factory.sound_team(ws)
    unit_id = int(ws.register.units().iloc[0]["id"])
    short = factory.team(ws, unit_id, "光明服务队")
    factory.station(ws, short)
    factory.members(ws, short, ["member", "masses"], unit_id=unit_id)
    graduate = factory.person(ws, "李新", unit_id=unit_id)
    factory.trainee(ws, graduate, starts_on=date(2026, 7, 1), ends_on=date(2027, 7, 1))
    summary = ws.register.summary()
    assert (summary.units, summary.teams, summary.stations, summary.people) == (1, 2, 1, 13)
    assert (summary.members, summary.trainees, summary.broken_teams) == (12, 1, 1)
    composition = ws.register.composition()
    assert summary.broken_rules == int((~composition["holds"]).sum()) == 6
    assert ws.register.page(PeopleQuery(group="members")).total == summary.members
    assert names(ws, group="trainees") == ["李新"]
    assert ws.register.page(PeopleQuery(group="broken")).total == 2
    assert int(ws.register.teams()["members"].sum()) == summary.members
    assert ws.register.summary(unit_id=unit_id) == summary
    assert ws.register.summary("2020-01-01").members == 0
    assert set(ws.register.people(team=sound)["id"]) == set(people)


def test_a_trainee_in_a_team_is_listed_there_and_never_counted(ws: Workspace) -> None:
    team_id, people = factory.sound_team(ws)
    factory.trainee(ws, people[9], kind="activist", starts_on=date(2026, 7, 1), ends_on=date(2026, 10, 1))
    size = ws.register.composition().query("rule == 'size'").iloc[0]["figure"]
    assert size == 9 == ws.register.summary().members == ws.register.teams().iloc[0]["members"]
    assert ws.register.composition("2026-10-01").query("rule == 'size'").iloc[0]["figure"] == 10
    who = ws.register.who(team_id, "size").set_index("id")
    assert len(who) == 10
    assert (who.loc[people[9], "counts"], who.loc[people[9], "reason"]) == (False, "学员：跟班锻炼，不计入队员")
    row = ws.register.people(team=team_id).set_index("id").loc[people[9]]
    assert (row["intake"], row["trainee_kind"]) == (2026, "activist")


def test_filters_by_status_stage_unit_and_team_narrow_together(ws: Workspace) -> None:
    team_id, people = factory.sound_team(ws)
    ws.register.record_stage(people[9], "activist", "2026-01-01")
    assert ws.register.page(PeopleQuery(statuses=("member",))).total == 6
    assert ws.register.page(PeopleQuery(statuses=("masses", "league"), stages=("activist",))).total == 1
    assert ws.register.page(PeopleQuery(on="2025-12-31", stages=("activist",))).total == 0
    assert ws.register.page(PeopleQuery(team_id=team_id, unit_id=99)).total == 0


def test_lists_never_show_or_decrypt_what_is_protected(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    unit_id = factory.unit(ws)
    factory.person(ws, "王芳", phone="13812345678", unit_id=unit_id)
    factory.person(ws, "张伟", unit_id=unit_id)

    def opened(*_anything: object) -> None:
        raise AssertionError("a list decrypted something")

    monkeypatch.setattr(type(ws.vault), "decrypt", opened)
    for rows in (ws.register.people(), ws.register.page(PeopleQuery()).rows):
        assert set(rows["phone"].fillna("")) == {"*" * 11, ""}
        assert "id_number" not in rows
        assert "address" not in rows


def test_columns_and_dtypes_are_the_same_with_and_without_rows(ws: Workspace, staff: dict[str, int]) -> None:
    full, empty = ws.register.people(), ws.register.people("1950-01-01")
    assert len(empty) == 0
    assert list(full.columns) == list(COLUMNS) == list(empty.columns)
    assert list(full.dtypes) == list(empty.dtypes)


def test_a_persons_card_tells_the_whole_history_newest_first_with_its_sources(ws: Workspace) -> None:
    team_id, people = factory.sound_team(ws)
    who = people[0]
    factory.trainee(ws, who, year=2025, starts_on=date(2025, 7, 1), ends_on=date(2026, 7, 1))
    ws.register.record_stage(who, "full", "2024-02-01")
    with ws.transaction("test", writes=True) as tx:
        _an_import(tx, who)
    card = ws.register.person(who)
    assert (card.facts["name"], card.facts["team"], card.version) == ("赵伟", "连心桥服务队", 1)
    assert list(card.history["kind"]) == [
        "import", "intake", "stage", "office", "office", "office", "status", "membership", "employment",
    ]  # fmt: skip
    assert card.history.iloc[1]["what"] == "2025 年批次：新入职毕业生"
    assert card.history.iloc[2]["source"] == "名册.xlsx"
    assert card.history["valid_from"].is_monotonic_decreasing
    assert "队长 · 连心桥服务队" in set(card.history["what"])
    assert ws.register.person(who, "2023-12-31").facts["team"] is None
    assert team_id == card.facts["team_id"]


def _an_import(tx: Transaction, person_id: int) -> None:
    stage_id = tx.scalar(select(table(DevelopmentPeriod).c.id))
    counts = {"rows": 1, "created": 1, "updated": 0, "unchanged": 0, "rejected": 0}
    run = {"actor": "system", "recorded_at": tx.now, "file_name": "名册.xlsx", "sha256": "0" * 64, "form": "members"}
    run_id = tx.insert(table(ImportRun), {**run, **counts})
    for place, row_id in (("person", person_id), ("development_period", stage_id)):
        tx.insert(table(ImportChange), {"run_id": run_id, "table_name": place, "row_id": row_id, "after": {}})


def test_the_export_holds_exactly_the_list_with_words_dates_and_numbers_as_text(ws: Workspace) -> None:
    unit_id = factory.unit(ws)
    factory.person(ws, "王芳", employee_no="00000017", unit_id=unit_id, status="league", birth_date="1999-05-04")
    factory.person(ws, "张伟", employee_no="00000018", unit_id=unit_id, status="member")
    content = ws.register.export(PeopleQuery(limit=1, search="wf"), ["employee_no", "name", "status", "birth_date"])
    sheet = openpyxl.load_workbook(BytesIO(content)).active
    cells = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert cells[0] == ["工号", "姓名", "政治面貌", "出生日期"]
    assert cells[1][:3] == ["00000017", "王芳", "共青团员"]
    assert cells[1][3].date() == date(1999, 5, 4)
    assert len(cells) == 2
    with pytest.raises(RuleBroken):
        ws.register.export(PeopleQuery(), ["id_number"])


def test_a_coming_change_is_judged_on_its_day_and_saves_nothing(ws: Workspace) -> None:
    team_id, people = factory.sound_team(ws)
    before = ws.register.composition()
    assert before["holds"].all()
    foreseen = ws.register.composition(on="2026-10-01", leaving=people[:3]).set_index("rule")
    assert foreseen.loc["size", "figure"] == 7
    assert foreseen.loc["member_share", "figure"] == pytest.approx(3 / 7)
    assert not foreseen.loc["captain", "holds"]
    assert str(foreseen.loc["captain", "since"].date()) == "2026-10-01"
    assert foreseen.loc["first_responsible", "holds"]
    by_change_day = ws.register.composition(leaving=people[:3], change_on="2026-10-01").set_index("rule")
    assert by_change_day.equals(foreseen)
    later = ws.register.composition(on="2026-12-01", leaving=people[:3], change_on="2026-10-01").set_index("rule")
    assert str(later.loc["size", "since"].date()) == "2026-10-01"
    newcomer = factory.person(ws, "李新", status="member")
    joined = ws.register.composition(joining=[(newcomer, team_id)]).set_index("rule")
    assert joined.loc["member_share", "figure"] == pytest.approx(7 / 11)
    assert ws.register.composition().equals(before)


def test_broken_rules_say_since_when(ws: Workspace) -> None:
    team_id, people = factory.sound_team(ws)
    for person_id in people[1:4]:
        ws.register.leave_team(person_id, on="2026-03-01")
    ws.register.dismiss(team_id, "admin_head", on="2026-05-01")
    ws.register.edit_team(team_id, {"supervision_phone": None}, version=1)
    broken = ws.register.composition().query("not holds").set_index("rule")
    since = {rule: None if row["since"] is None else str(row["since"])[:10] for rule, row in broken.iterrows()}
    assert since == {
        "member_share": "2026-03-01",
        "size": "2026-03-01",
        "first_responsible": "2026-05-01",
        "supervision_phone": "NaT",
    }


def test_the_people_behind_a_share_add_up_to_it(ws: Workspace) -> None:
    team_id, people = factory.sound_team(ws)
    who = ws.register.who(team_id, "member_share")
    figure = ws.register.composition().query("rule == 'member_share'").iloc[0]["figure"]
    assert who["counts"].sum() / len(who) == figure
    assert set(who.loc[who["counts"], "id"]) == set(people[:6])
    heads = ws.register.who(team_id, "first_responsible")
    assert list(heads["office"]) == ["party_head", "admin_head"]
    assert len(ws.register.who(team_id, "party_body")) == 0
    with pytest.raises(RuleBroken):
        ws.register.who(team_id, "luck")


def test_the_organisation_is_listed_with_its_figures_for_a_day(ws: Workspace) -> None:
    team_id, people = factory.sound_team(ws)
    unit_id = int(ws.register.units().iloc[0]["id"])
    crew_id = factory.crew(ws, unit_id)
    station_id = factory.station(ws, team_id, opened_on=date(2026, 1, 1))
    ws.register.join_team(people[0], team_id, on="2026-02-01", station_id=station_id)
    unit = ws.register.units().iloc[0]
    assert (unit["short_name"], unit["people"], unit["teams"]) == ("成都供电公司", 10, 1)
    assert list(ws.register.crews(unit=unit_id)["id"]) == [crew_id]
    assert list(ws.register.bodies(unit=unit_id)["name"]) == ["连心桥服务队党支部"]
    team = ws.register.teams(unit=unit_id).iloc[0]
    assert (team["captain"], team["admin_head"], team["members"], team["stations"]) == ("赵伟", "赵伟", 10, 1)
    assert ws.register.stations(team=team_id).iloc[0]["members"] == 1
    assert len(ws.register.stations("2025-12-31")) == 0
    assert len(ws.register.teams("2023-12-31")) == 0
    factory.trainee(ws, people[5], starts_on=date(2026, 7, 1), ends_on=date(2027, 7, 1))
    assert ws.register.intakes().iloc[0].to_dict() == {"id": 1, "year": 2026, "kind": "graduate", "trainees": 1}


def test_an_id_taken_out_of_a_frame_is_understood(ws: Workspace) -> None:
    factory.sound_team(ws)
    people, teams = ws.register.people(), ws.register.teams()
    person, team, unit = people["id"].iloc[0], teams["id"].iloc[0], teams["unit_id"].iloc[0]
    assert ws.register.person(person).facts["id"] == person
    assert len(ws.register.who(team, "size")) == len(ws.register.people(team=team)) == 10
    assert len(ws.register.people(unit=unit)) == 10
