"""Plans as such: what they are called and found by, and who changes their figures when."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from svclib.errors import NotFound, RuleBroken
from svclib.models import RotationPlan, table
from tests.workspace.plan_year import STAGES, PlanYear


def _another(year: PlanYear, name: str) -> int:
    intake = int(year.ws.register.intakes()["id"][0])
    return year.ws.rotation.create_plan(name, year=2026, stages=STAGES, intakes=[intake])


def _ids(year: PlanYear) -> dict[str, int]:
    return {row["name"]: row["id"] for row in year.ws.rotation.plans().to_dict("records")}


def test_a_number_is_the_id_of_a_plan_and_text_its_name_whatever_plans_are_called(year: PlanYear) -> None:
    first, second = _ids(year)["2026"], _another(year, "补充")
    place = table(RotationPlan)
    with year.ws.engine.begin() as connection:
        # From before numbers alone were refused: a plan that is called as the first one is numbered.
        connection.execute(update(place).where(place.c.id == second).values(name=str(first)))
    year.ws.rotation.edit_plan(first, {"far_km": 61}, version=1)
    year.ws.rotation.edit_plan(str(first), {"far_km": 62}, version=1)
    assert [year.ws.rotation.figures(plan)["far_km"] for plan in (first, second)] == [61, 62]
    ids = year.ws.rotation.plans().set_index("name")["id"]
    assert year.ws.rotation.figures(ids["2026"])["far_km"] == 61, "an id out of a frame"


def test_a_year_as_a_number_is_no_name_and_the_refusal_says_how_names_are_written(year: PlanYear) -> None:
    with pytest.raises(NotFound, match="写成文本"):
        year.ws.rotation.figures(2026)


@pytest.mark.parametrize("name", ["1", "20", "1999", "20261", "２０２６", " 7 "])
def test_a_number_alone_is_no_name_for_a_plan(year: PlanYear, name: str) -> None:
    with pytest.raises(RuleBroken, match="2026") as refused:
        _another(year, name)
    assert refused.value.field == "name"
    assert set(_ids(year)) == {"2026"}


def test_a_year_or_a_number_with_a_word_names_a_plan(year: PlanYear) -> None:
    for name in ("2027", "2026-2", "第 2 批"):
        _another(year, name)
    assert set(_ids(year)) == {"2026", "2027", "2026-2", "第 2 批"}


def test_figures_that_are_not_named_stay_as_they_were_set(year: PlanYear) -> None:
    rotation = year.ws.rotation
    usual = rotation.figures("2026")
    rotation.edit_plan("2026", {"hard": ["apart", "mix"], "weights": {"far": 17}}, version=year.version)
    rotation.edit_plan("2026", {"hard": {"mix": False, "far": True}, "weights": {"mix": 5}}, version=year.version)
    figures = rotation.figures("2026")
    assert figures["hard"] == ["apart", "far"]
    assert figures["weights"] == usual["weights"] | {"far": 17, "mix": 5}
    assert {**figures, "hard": 0, "weights": 0} == {**usual, "hard": 0, "weights": 0}
    with pytest.raises(RuleBroken) as refused:
        rotation.edit_plan("2026", {"hard": {"nonsense": False}}, version=year.version)
    assert refused.value.field == "hard"


def test_figures_of_a_published_plan_stand_also_in_a_notebook(year: PlanYear) -> None:
    year.publish()
    stood = year.ws.rotation.figures("2026")
    with pytest.raises(RuleBroken, match="已发布"):
        year.ws.rotation.edit_plan("2026", {"far_km": 60}, version=year.version)
    assert year.ws.rotation.figures("2026") == stood
