"""The analyst's rows: pseudonymous, coarser, and told only where at least five share them."""

from __future__ import annotations

import pandas as pd
import pytest

from svclib import Forbidden
from svclib.demo import make_demo
from svclib.models import Role
from svclib.settings import Settings
from svclib.workspace import Workspace, open_workspace
from svclib.workspace.identity import acting
from svclib.workspace.policy import Actor
from svclib.workspace.register.coarse import BAND_YEARS, GROUP_MIN

TOLD = ["unit", "team", "sex", "birth_date", "education", "degree", "hired_on", "joined_team_on", "intake", "status"]


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The demo province, which no test here changes."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("analyst"))
    make_demo(settings, size="small", seed=2026)
    return open_workspace(settings)


@pytest.fixture(scope="module")
def analyst(system: Workspace) -> Workspace:
    somebody = Actor("somebody", account_id=1, role=Role.ANALYST)
    return Workspace(system.settings, identity=acting(somebody), engine=system.engine)


@pytest.fixture(scope="module")
def rows(analyst: Workspace) -> pd.DataFrame:
    return analyst.register.people()


def test_nothing_that_points_at_one_person_is_told(system: Workspace, rows: pd.DataFrame) -> None:
    whole = system.register.people()
    assert len(rows) == len(whole)
    assert list(rows.columns) == list(whole.columns)
    assert rows.dtypes.to_dict() == whole.dtypes.to_dict()
    for name in ("employee_no", "school", "major", "crew", "post", "station", "duty", "branch", "phone", "stage"):
        assert rows[name].isna().all(), name
    for name in ("trainee_kind", "origin", "ethnicity", "graduated_on", "party_joined_on", "skill_level"):
        assert rows[name].isna().all(), name
    assert not set(whole["name"]) & set(rows["name"])
    assert not set(whole["id"]) & set(rows["id"])


def test_what_a_row_tells_is_shared_by_at_least_five(rows: pd.DataFrame) -> None:
    shared = rows.groupby(TOLD, dropna=False).size()
    rest = rows[TOLD].isna().all(axis=1).sum()
    assert (shared[shared < GROUP_MIN].sum() if len(shared) else 0) <= min(rest, GROUP_MIN - 1)


def test_days_are_bands_of_years(rows: pd.DataFrame) -> None:
    born, hired = rows["birth_date"].dropna(), rows["hired_on"].dropna()
    assert len(born) > len(rows) / 4
    assert set(born.dt.year % BAND_YEARS) == {0}
    assert set(hired.dt.year % 5) <= {0}
    assert {(day.month, day.day) for day in [*born, *hired]} == {(1, 1)}


def test_most_rows_still_tell_unit_and_status(rows: pd.DataFrame) -> None:
    assert rows["unit"].notna().mean() > 0.95
    assert rows["status"].notna().mean() > 0.8


def test_pseudonyms_stay_the_same_and_their_order_is_their_own(analyst: Workspace, rows: pd.DataFrame) -> None:
    again = analyst.register.people("2026-08-20")
    assert set(again["name"]) == set(rows["name"])
    assert rows["id"].is_unique
    assert rows["name"].is_unique
    assert rows["id"].is_monotonic_increasing


def test_asking_for_a_smaller_group_tells_no_more(analyst: Workspace, rows: pd.DataFrame) -> None:
    team = int(rows["team_id"].dropna().iloc[0])
    narrowed = analyst.register.people(team=team)
    pd.testing.assert_frame_equal(narrowed, rows[(rows["team_id"] == team).fillna(False)].reset_index(drop=True))
    unit = int(rows["unit_id"].dropna().iloc[0])
    assert set(analyst.register.people(unit=unit)["id"]) <= set(rows["id"])


def test_figures_are_the_whole_provinces_and_name_nobody(system: Workspace, analyst: Workspace) -> None:
    assert analyst.register.summary() == system.register.summary()
    mine, whole = analyst.register.composition(), system.register.composition()
    pd.testing.assert_series_equal(mine["figure"], whole["figure"])
    assert (mine.loc[mine["rule"] == "captain_member", "sentence"] == "").all()
    teams = analyst.register.teams()
    assert teams[["captain", "captain_id", "party_head", "admin_head"]].isna().all(axis=None)
    assert (teams["members"] == system.register.teams()["members"]).all()


def test_what_if_is_no_way_to_find_out_what_somebody_is(system: Workspace, analyst: Workspace) -> None:
    person = int(system.register.people()["id"].iloc[0])
    with pytest.raises(Forbidden):
        analyst.register.composition(leaving=[person])
    with pytest.raises(Forbidden):
        analyst.register.composition(joining=[(person, int(system.register.teams()["id"].iloc[0]))])
