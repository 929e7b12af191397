"""The demo province: deterministic, anchored, and never in the way of real data."""

import hashlib
import os
import subprocess
import sys
from collections import Counter, defaultdict
from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, text
from sqlmodel import SQLModel

from svclib import BadSetting, DatabaseState, open_workspace
from svclib.cli import main
from svclib.demo import DEMO_PASSWORD, TODAY, Province, generate, make_demo
from svclib.demo.members import broken_teams
from svclib.demo.places import counties, prefectures
from svclib.models import Account, Role, Unit, table
from svclib.settings import Settings, load_settings
from svclib.workspace import init_database
from svclib.workspace.frames import records

_DIGEST = """
import hashlib
from svclib.demo import generate
print(hashlib.sha256(repr(generate().rows).encode()).hexdigest())
"""


@pytest.fixture(scope="module")
def small() -> Province:
    return generate("small", 2026)


def _open(rows: list[dict[str, Any]], end: str = "valid_to") -> list[dict[str, Any]]:
    return [row for row in rows if row[end] is None]


def test_two_makings_from_one_seed_are_equal_and_another_seed_makes_other_people(small: Province) -> None:
    assert generate("small", 2026).rows == small.rows
    assert generate("small", 7).rows["person"] != small.rows["person"]


def test_the_province_does_not_depend_on_the_hashing_of_the_process(small: Province) -> None:
    environment = {**os.environ, "PYTHONHASHSEED": "4711"}
    elsewhere = subprocess.run(
        [sys.executable, "-c", _DIGEST], env=environment, capture_output=True, text=True, check=True
    )
    assert elsewhere.stdout.strip() == hashlib.sha256(repr(small.rows).encode()).hexdigest()


def test_the_small_province_has_the_teams_and_stations_of_2013(small: Province) -> None:
    rows = small.rows
    companies = [row["short_name"] for row in rows["unit"] if row["kind"] == "company"]
    assert len(companies) == 21
    assert {"成都供电公司", "绵阳供电公司", "阿坝供电公司", "甘孜供电公司", "凉山供电公司"} <= set(companies)
    assert (len(rows["team"]), len(rows["station"])) == (28, 320)
    sizes = Counter(row["team_id"] for row in _open(rows["membership"]))
    assert sorted(sizes.values())[0] == 7, "one team is too small on purpose"
    assert all(8 <= size <= 16 for size in sorted(sizes.values())[1:])


def test_every_year_brings_graduates_and_activists(small: Province) -> None:
    intakes = {row["id"]: (row["year"], row["kind"]) for row in small.rows["intake"]}
    found = Counter(intakes[row["intake_id"]] for row in small.rows["trainee"])
    assert found == {
        (year, kind): n for year in (2024, 2025, 2026) for kind, n in (("graduate", 120), ("activist", 60))
    }


def test_a_part_of_the_newest_graduates_and_nobody_else_has_no_employee_number(small: Province) -> None:
    newest = {row["person_id"] for row in small.rows["trainee"] if row["intake_id"] == 3}
    without = {row["id"] for row in small.rows["person"] if row["employee_no"] is None}
    assert without < newest
    assert 40 < len(without) < 110


def test_the_province_of_today_has_its_size() -> None:
    rows = generate("today", 2026).rows
    assert len(rows["team"]) == 337
    assert len(_open(rows["membership"])) == 5_400
    assert set(Counter(row["intake_id"] for row in rows["trainee"]).values()) == {1_340, 660}


def test_an_unknown_size_is_refused_naming_those_that_exist() -> None:
    with pytest.raises(BadSetting, match="small, today"):
        generate("huge")


def test_nobody_in_the_demo_can_be_real(small: Province) -> None:
    for person in small.rows["person"]:
        assert "510051" <= person["id_number"][:6] <= "510099", "area codes that were never assigned"
        assert person["phone"].startswith("160"), "numbers that no operator has"
    assert len({person["phone"] for person in small.rows["person"]}) == len(small.rows["person"])


def test_id_numbers_agree_with_check_digit_birth_date_and_sex(small: Province) -> None:
    from svclib.rules.identity import birth_date_of, id_number_flaw, sex_of

    for person in small.rows["person"]:
        assert id_number_flaw(person["id_number"]) is None
        assert birth_date_of(person["id_number"]) == person["birth_date"]
        assert sex_of(person["id_number"]) == person["sex"]


def test_teams_and_stations_stand_in_sichuan_near_their_seat(small: Province) -> None:
    seats = {f"{place.name}供电公司": place for place in (*prefectures(), *counties(every=True))}
    units = {row["id"]: seats.get(row["short_name"]) for row in small.rows["unit"]}
    team_units = {row["id"]: row["unit_id"] for row in small.rows["team"]}
    spots = [(row, row["unit_id"]) for row in small.rows["team"]]
    spots += [(row, team_units[row["team_id"]]) for row in small.rows["station"]]
    for spot, unit_id in spots:
        seat = units[unit_id]
        assert seat is not None
        assert 26 < spot["latitude"] < 34.4
        assert 97.3 < spot["longitude"] < 108.6
        assert abs(spot["latitude"] - seat.latitude) < 0.1
        assert abs(spot["longitude"] - seat.longitude) < 0.1


@pytest.mark.parametrize(
    "name", ["employment", "status_period", "development_period", "membership", "branch_membership"]
)
def test_nobody_has_two_of_these_facts_on_one_day(small: Province, name: str) -> None:
    of_person: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in small.rows[name]:
        assert row["valid_to"] is None or row["valid_to"] > row["valid_from"]
        assert row["valid_from"] <= TODAY
        of_person[row["person_id"]].append(row)
    for rows in of_person.values():
        ordered = sorted(rows, key=lambda row: row["valid_from"])
        for before, after in pairwise(ordered):
            assert before["valid_to"] is not None
            assert before["valid_to"] <= after["valid_from"]


def test_histories_change_over_time(small: Province) -> None:
    steps: dict[int, list[str]] = defaultdict(list)
    for row in small.rows["status_period"]:
        steps[row["person_id"]].append(row["status"])
    assert sum(found[-2:] == ["probationary", "member"] for found in steps.values()) > 300
    units = defaultdict(set)
    for row in small.rows["employment"]:
        units[row["person_id"]].add(row["unit_id"])
    assert sum(len(found) > 1 for found in units.values()) > 20, "transfers between units"


def test_nobody_applies_before_18_and_nobody_is_a_target_before_a_year_as_activist(small: Province) -> None:
    born = {row["id"]: row["birth_date"] for row in small.rows["person"]}
    since = {(row["person_id"], row["stage"]): row["valid_from"] for row in small.rows["development_period"]}
    for (person_id, stage), day in since.items():
        if stage == "applicant":
            assert (day - born[person_id]).days >= 18 * 365
        if stage == "target":
            assert (day - since[person_id, "activist"]).days >= 365


def test_every_team_but_one_has_party_body_phone_and_both_heads(small: Province) -> None:
    teams = small.rows["team"]
    assert sum(team["party_body_id"] is None for team in teams) == 1
    assert sum(team["supervision_phone"] is None for team in teams) == 1
    offices = Counter(row["office"] for row in _open(small.rows["team_office"]))
    assert offices == {"party_head": 28, "admin_head": 28, "captain": 27}


def test_people_of_the_prefectures_of_yi_and_tibetans_bear_names_with_a_dot(small: Province) -> None:
    unit_names = {row["id"]: row["short_name"] for row in small.rows["unit"]}
    dotted = {row["id"] for row in small.rows["person"] if "·" in row["name"]}
    where = {unit_names[row["unit_id"]] for row in small.rows["employment"] if row["person_id"] in dotted}
    assert {"凉山供电公司", "甘孜供电公司", "阿坝供电公司"} <= where


def test_the_demo_fills_an_empty_database_and_brings_its_own_day(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SVC_TODAY")
    sentence = make_demo(load_settings())
    assert "28 支服务队" in sentence
    ws = open_workspace(load_settings())
    assert ws.today == date(2026, 8, 20)
    ws.close()


def _everything(settings: Settings) -> dict[str, list[Any]]:
    ws = open_workspace(settings)
    with ws.engine.connect() as connection:
        held = {
            place.name: [tuple(row) for row in connection.execute(select(place).order_by(*place.primary_key))]
            for place in SQLModel.metadata.sorted_tables
        }
    ws.close()
    return held


def test_a_demo_that_is_there_is_left_unchanged_whatever_is_asked_for(settings: Settings) -> None:
    make_demo(settings)
    before, keys = _everything(settings), settings.keys.read_bytes()
    sentence = make_demo(settings, size="today", seed=1)
    assert "保持原样" in sentence
    assert "small" in sentence
    assert "2026" in sentence
    assert _everything(settings) == before
    assert settings.keys.read_bytes() == keys


def test_a_database_with_data_that_is_no_demo_is_refused_and_left_alone(settings: Settings) -> None:
    ws = open_workspace(settings)
    with ws.engine.begin() as connection:
        connection.execute(insert(table(Unit)).values(name="甲公司", short_name="甲", kind="company", version=1))
    ws.close()
    before = _everything(settings)
    with pytest.raises(DatabaseState, match="正式数据"):
        make_demo(settings)
    assert _everything(settings) == before


def test_a_database_of_another_program_gets_no_tables() -> None:
    settings = load_settings()
    from svclib.workspace.engine import make_engine

    engine = make_engine(settings.url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE payroll (id INTEGER)"))
    with pytest.raises(DatabaseState):
        make_demo(settings)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT name FROM sqlite_master")).scalars().all() == ["payroll"]
    engine.dispose()


def test_nothing_protected_stands_in_the_database_file_in_clear(small: Province) -> None:
    settings = load_settings()
    make_demo(settings)
    stored = b"".join(path.read_bytes() for path in settings.data_dir.glob("svc.db*"))
    for person in small.rows["person"][:50]:
        assert person["name"].encode() in stored
        for field in ("id_number", "phone", "address"):
            assert person[field].encode() not in stored


def _svc(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["svc", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0)


def test_the_command_ends_well_for_a_new_and_for_a_present_demo_and_writes_only_to_the_data_folder(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _svc(monkeypatch, "demo") == 0
    assert _svc(monkeypatch, "demo") == 0
    told = [line for line in capsys.readouterr().out.splitlines() if line.strip()]
    first, second = told[0], told[len(told) // 2]
    assert "已就绪" in first
    assert "保持原样" in second
    # The same accounts are told both times.
    assert told[1 : len(told) // 2] == told[len(told) // 2 + 1 :]
    assert sum("yanshi-2026" in line for line in told) == 2 * 13
    written = {path.name.removesuffix("-wal").removesuffix("-shm") for path in load_settings().data_dir.iterdir()}
    assert written == {"svc.db", "secret.json", "audit-anchors.jsonl"}


def test_every_role_has_a_demo_account_that_lets_in_and_is_what_it_says(settings: Settings) -> None:
    make_demo(settings)
    ws = open_workspace(settings)
    users = {row["username"]: row for row in records(ws.access.users())}
    assert {row["role"] for row in users.values()} == set(Role)
    for name in ("hr", "secretary", "captain"):
        assert not ws.access.authenticate(name, DEMO_PASSWORD, "127.0.0.1").must_change
    # The people stand where their role says: the captain in the team, the trainee in training, in one unit.
    people = ws.register.people().set_index("id")
    assert people.loc[users["captain"]["person_id"], "duty"] == "队长"
    assert people.loc[users["captain"]["person_id"], "team"] == users["captain"]["team"]
    assert people.loc[users["trainee"]["person_id"], "trainee_kind"] == "graduate"
    assert {people.loc[users[name]["person_id"], "unit"] for name in ("captain", "mentor", "trainee")} == {
        users["hr-unit"]["unit"]
    }
    ws.close()


def test_a_demo_of_before_accounts_gets_them_and_an_initialised_database_may_become_a_demo(settings: Settings) -> None:
    ws = open_workspace(settings)
    assert ws.access.first_administrator() is not None
    make_demo(settings)
    assert len(ws.access.users()) == 1 + 13
    with ws.engine.begin() as connection:
        connection.execute(delete(table(Account)))
    make_demo(settings)
    assert len(ws.access.users()) == 13
    ws.close()


def test_a_database_whose_administrator_has_logged_in_is_no_empty_one(settings: Settings) -> None:
    ws = open_workspace(settings)
    name, password = ws.access.first_administrator() or ("", "")
    ws.access.begin_session(ws.access.authenticate(name, password, "127.0.0.1").account_id, origin="127.0.0.1")
    ws.close()
    with pytest.raises(DatabaseState, match="正式数据"):
        make_demo(settings)


def test_the_command_refuses_a_real_database_with_a_sentence_and_exit_status_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = load_settings()
    init_database(settings)
    ws = open_workspace(settings)
    with ws.engine.begin() as connection:
        connection.execute(insert(table(Unit)).values(name="甲公司", short_name="甲", kind="company", version=1))
    ws.close()
    assert _svc(monkeypatch, "demo") == 2
    assert "正式数据" in capsys.readouterr().err


def test_a_handful_of_teams_break_rules_since_the_days_on_which_things_went_wrong() -> None:
    make_demo(load_settings())
    ws = open_workspace(load_settings())
    found = ws.register.composition()
    broken = {(row.team_id, row.rule): row.since for row in found[~found["holds"]].itertuples()}
    ws.close()
    assert {key: None if since != since else since.date() for key, since in broken.items()} == {
        (_team("few_members"), "member_share"): date(2026, 6, 1),
        (_team("no_captain"), "captain"): date(2026, 7, 20),
        (_team("captain_outside"), "captain_member"): date(2026, 4, 1),
        (_team("too_small"), "size"): date(2026, 5, 10),
        # Of these two only the present state is kept.
        (_team("no_phone"), "supervision_phone"): None,
        (_team("no_party_body"), "party_body"): None,
    }


def _team(flaw: str) -> int:
    return broken_teams(28, flaw)[0] + 1


@pytest.mark.parametrize("size", ["small", "today"])
def test_the_newest_graduates_have_a_plan_with_all_that_is_asked_of_it(size: str) -> None:
    rows = generate(size, 2026).rows
    (plan,) = rows["rotation_plan"]
    assert (plan["name"], plan["published_version"]) == ("2026", 0)
    assert "rotation_placement" not in rows
    stages = rows["rotation_stage"]
    assert [row["number"] for row in stages] == [1, 2, 3, 4]
    assert (stages[0]["starts_on"], stages[-1]["ends_on"]) == (date(2026, 9, 1), date(2027, 6, 1))
    people = {row["person_id"] for row in rows["rotation_trainee"]}
    assert people == {row["person_id"] for row in rows["trainee"] if row["intake_id"] == 3}
    for asked in ("rotation_wish", "rotation_pin", "rotation_pair", "absence", "rotation_exception"):
        # In the large province every county has a team, so nobody has to be sent elsewhere.
        assert rows.get(asked) or (asked, size) == ("rotation_exception", "today")
        assert {row["person_id"] for row in rows.get(asked, ())} <= people
    passed: dict[str, set[int]] = defaultdict(set)
    for row in rows["safety_record"]:
        if row["passed"]:
            passed[row["kind"]].add(row["person_id"])
    without = people - (passed["education"] & passed["exam"])
    assert 3 <= len(without) < len(people) * 0.1
