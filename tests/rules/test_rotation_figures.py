"""A plan's figures survive being stored, and a wrong one is named."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svclib import RuleBroken
from svclib.i18n import gettext as _
from svclib.rules.rotation import ALWAYS_HARD, RANGES, WEIGHABLE, Figures, Rule, figures_from, stored_figures

costs = st.floats(0, 1000, allow_nan=False)
chosen = st.fixed_dictionaries(
    {},
    optional={
        **{
            name: st.integers(int(one.lowest), int(one.highest))
            if one.whole
            else st.floats(one.lowest, one.highest, allow_nan=False)
            for name, one in RANGES.items()
        },
        "hard": st.lists(st.sampled_from([rule.value for rule in WEIGHABLE]), unique=True),
        "weights": st.dictionaries(st.sampled_from([rule.value for rule in WEIGHABLE]), costs),
    },
)


@given(chosen)
def test_figures_come_back_from_the_database_as_they_were_typed(typed: dict[str, Any]) -> None:
    figures = figures_from(typed)
    assert figures_from(json.loads(json.dumps(stored_figures(figures)))) == figures
    stored = stored_figures(figures)
    for name, value in typed.items():
        if name == "hard":
            assert set(stored[name]) == set(value)
        elif name == "weights":
            assert value.items() <= stored[name].items()
        else:
            assert stored[name] == value


def test_nothing_typed_is_as_usual_and_what_may_never_be_weighed_stays_hard() -> None:
    assert figures_from({}) == Figures()
    assert figures_from({"hard": []}).terms.hard == ALWAYS_HARD
    assert figures_from({"hard": []}).terms.weight(Rule.SAFETY) is None


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"far_km": -1}, "far_km"),
        ({"far_km": "80"}, "far_km"),
        ({"far_km": float("nan")}, "far_km"),
        ({"far_stages_max": 1.5}, "far_stages_max"),
        ({"team_places_max": True}, "team_places_max"),
        ({"hard": ["safety"]}, "hard"),
        ({"hard": "apart"}, "hard"),
        ({"hard": ["unheard of"]}, "hard"),
        ({"weights": {"apart": float("inf")}}, "weights"),
        ({"weights": {"pin": 3}}, "weights"),
        ({"weights": {"apart": 100_001}}, "weights"),
        ({"weights": 3}, "weights"),
        ({"kindness": 3}, "kindness"),
    ],
)
def test_a_figure_that_cannot_be_is_refused_by_name(typed: dict[str, Any], field: str) -> None:
    with pytest.raises(RuleBroken) as flaw:
        figures_from(typed)
    assert flaw.value.field == field


def test_every_figure_has_a_word() -> None:
    words = [_(one.word) for one in RANGES.values()]
    assert len(set(words)) == len(words)
    assert not any(word.isascii() for word in words)
