"""The rules of the yearly rotation: one place for what a plan by hand, by import or by the solver must keep.

`problem` is what a plan is made from, `judging` says of any placements which rules they break and what they cost,
`asking` what another placement would cost and break, `replanning` what of a published plan has to be planned again.
"""

from svclib.rules.rotation.asking import Alternative, alternatives
from svclib.rules.rotation.figures import RANGES, WEIGHABLE, Figures, changed_figures, figures_from, stored_figures
from svclib.rules.rotation.judging import Judgement, Violation, is_about, judge, violations
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
    Subject,
    Team,
    Terms,
)
from svclib.rules.rotation.replanning import Move, keeping_untouched, moves, touched_units, with_placement

__all__ = [
    "ALWAYS_HARD",
    "RANGES",
    "RULE_LABELS",
    "WEIGHABLE",
    "Alternative",
    "Figures",
    "Judgement",
    "Learner",
    "Move",
    "Pair",
    "Placement",
    "Problem",
    "Rule",
    "Site",
    "Stage",
    "Subject",
    "Team",
    "Terms",
    "Violation",
    "alternatives",
    "changed_figures",
    "figures_from",
    "is_about",
    "judge",
    "keeping_untouched",
    "moves",
    "stored_figures",
    "touched_units",
    "violations",
    "with_placement",
]
