"""The rules of the yearly rotation: one place for what a plan by hand, by import or by the solver must keep.

`problem` is what a plan is made from, `judging` says of any placements which rules they break and what they cost.
"""

from svclib.rules.rotation.figures import RANGES, WEIGHABLE, Figures, figures_from, stored_figures
from svclib.rules.rotation.judging import Judgement, Violation, judge
from svclib.rules.rotation.problem import (
    ALWAYS_HARD,
    RULE_LABELS,
    Learner,
    Pair,
    Placement,
    Problem,
    Rule,
    Site,
    Stage,
    Team,
    Terms,
)

__all__ = [
    "ALWAYS_HARD",
    "RANGES",
    "RULE_LABELS",
    "WEIGHABLE",
    "Figures",
    "Judgement",
    "Learner",
    "Pair",
    "Placement",
    "Problem",
    "Rule",
    "Site",
    "Stage",
    "Team",
    "Terms",
    "Violation",
    "figures_from",
    "judge",
    "stored_figures",
]
