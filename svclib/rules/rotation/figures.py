"""A plan's own figures, as they are stored and typed: each checked, each with its word."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from svclib.errors import RuleBroken
from svclib.i18n import gettext as _
from svclib.i18n import noop as N_
from svclib.rules.rotation.problem import ALWAYS_HARD, Rule, Terms


@dataclass(frozen=True)
class Figures:
    """What a plan is judged by: `terms`, and what the places of its teams are made from."""

    terms: Terms = field(default_factory=Terms)
    team_places_max: int = 10
    """Trainees in a team and stage, where the team has no bounds of its own."""
    station_places_max: int = 2
    """The same for a station or crew."""
    mentees_per_mentor: int = 2
    """How many trainees each full party member of a team guides, as long as there are no agreements."""
    least_change_cost: float = 500.0
    """What each published placement that moves costs when as few as possible are to move."""


@dataclass(frozen=True, slots=True)
class Range:
    """What a figure may be, both ends included, its word, and what it means to whoever sets it."""

    lowest: float
    highest: float
    word: str
    meaning: str
    whole: bool = False


_COST = 100_000.0
RANGES: Mapping[str, Range] = {
    "team_places_max": Range(
        *(0, 1_000, N_("Places of a team in a stage")),
        N_("So many trainees at most stand in a team at once, where the team has no places of its own."),
        whole=True,
    ),
    "station_places_max": Range(
        *(0, 1_000, N_("Places of a station or crew in a stage")),
        N_("The same for a station or crew: small units place their trainees there."),
        whole=True,
    ),
    "mentees_per_mentor": Range(
        *(0, 100, N_("Trainees for each mentor")),
        N_("So many trainees each full party member of a team guides, as long as there are no agreements."),
        whole=True,
    ),
    "far_km": Range(
        *(0, 5_000, N_("Far from home means more than (km)")),
        N_("As the crow flies, from home to the place."),
    ),
    "far_stages_max": Range(
        *(0, 50, N_("Stages far from home, at most")),
        N_("Of one person over the whole year."),
        whole=True,
    ),
    "away_share_max": Range(
        *(0, 1, N_("No placement in a stage when away for more than (share)")),
        N_("0.5 is half of the stage's days: whoever is away for longer is not placed in it."),
    ),
    "group_share_max": Range(
        *(0, 1, N_("Largest share of one major in a team and stage")),
        N_("0.7 is 70 %; one person more is no fault."),
    ),
    "km_cost": Range(
        *(0, _COST, N_("Cost of a kilometre from home")),
        N_("All costs are weighed against this one: 1 is one kilometre of one placement."),
    ),
    "wish_cost": Range(
        *(0, _COST, N_("Cost of each step down the wishes")),
        N_("20 means: for a wish one step dearer somebody is sent up to 20 km farther."),
    ),
    "strained_cost": Range(
        *(0, _COST, N_("Cost of a team that breaks a composition rule")),
        N_("The higher, the fewer trainees come to teams that have troubles of their own."),
    ),
    "uneven_cost": Range(
        *(0, _COST, N_("Cost of each trainee beyond the even share")),
        N_("The higher, the more evenly the teams of a unit are loaded."),
    ),
    "unfair_cost": Range(
        *(0, _COST, N_("Cost of burden beyond what is fair")),
        N_("The higher, the more the worst-off are spared at the cost of all others."),
    ),
    "change_cost": Range(
        *(0, _COST, N_("Cost of each published placement that moves")),
        N_("When a published plan is planned again, balanced: 0 moves as many as help."),
    ),
    "least_change_cost": Range(
        *(0, _COST, N_("The same when as few as possible are to move")),
        N_("500 means: a placement moves only where that saves 500 kilometres, or where a rule makes it."),
    ),
}
"""Every figure that a plan may set, in the order in which it is shown."""
_OWN = tuple(name for name in RANGES if name in Figures.__dataclass_fields__)
WEIGHABLE = tuple(rule for rule in Rule if rule not in ALWAYS_HARD)
"""Rules that a plan may weigh instead of keeping them."""


def figures_from(stored: Mapping[str, Any]) -> Figures:
    """Check figures by name, `hard` (rules that must hold) and `weights` (rule → cost); what is left out is as usual.

    Raises RuleBroken naming the figure that is unknown or out of its range.
    """
    figures = Figures()
    terms: dict[str, Any] = {}
    own: dict[str, Any] = {}
    for name, value in stored.items():
        if name == "hard":
            terms["hard"] = ALWAYS_HARD | {_rule(one, "hard") for one in _listed(value)}
        elif name == "weights":
            given = {_rule(rule, "weights"): _cost(cost) for rule, cost in _mapped(value).items()}
            terms["weights"] = {**figures.terms.weights, **given}
        elif name in RANGES:
            (own if name in _OWN else terms)[name] = _in_range(name, value)
        else:
            raise RuleBroken(_("A plan has no figure {name}.").format(name=name), field=name)
    return replace(figures, terms=replace(figures.terms, **terms), **own)


def changed_figures(stored: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Stored figures with these changed, for `figures_from`: each by its name, `weights` by rule.

    `hard` is all the rules that must hold, or by rule whether it must; a rule that is not named then stays as it is.
    Raises RuleBroken naming `hard` for a rule that no plan may weigh.
    """
    changed = {**stored, **changes}
    weights, hard = changes.get("weights"), changes.get("hard")
    if isinstance(weights, Mapping):
        changed["weights"] = {**stored["weights"], **weights}
    if isinstance(hard, Mapping):
        musts = dict.fromkeys(stored["hard"], True) | {_rule(rule, "hard").value: must for rule, must in hard.items()}
        changed["hard"] = [rule for rule, must in musts.items() if must]
    return changed


def stored_figures(figures: Figures) -> dict[str, Any]:
    """The same as JSON: what `figures_from` reads."""
    plain = {name: getattr(figures if name in _OWN else figures.terms, name) for name in RANGES}
    hard = sorted(rule.value for rule in figures.terms.hard - ALWAYS_HARD)
    return plain | {"hard": hard, "weights": {rule.value: figures.terms.weights[rule] for rule in WEIGHABLE}}


def _in_range(name: str, value: Any) -> float | int:
    known = RANGES[name]
    if not isinstance(value, int | float) or isinstance(value, bool) or not known.lowest <= value <= known.highest:
        told = _("{figure}: between {lowest} and {highest}, not {value}.")
        words = {"figure": _(known.word), "lowest": f"{known.lowest:g}", "highest": f"{known.highest:g}"}
        raise RuleBroken(told.format(value=value, **words), field=name)
    if known.whole and value != int(value):
        raise RuleBroken(_("{figure}: a whole number.").format(figure=_(known.word)), field=name)
    return int(value) if known.whole else float(value)


def _cost(value: Any) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= _COST:
        told = _("A cost is a number from 0 to {most}, not {value}.")
        raise RuleBroken(told.format(most=f"{_COST:,.0f}", value=value), field="weights")
    return float(value)


def _rule(value: Any, name: str) -> Rule:
    if value not in {rule.value for rule in WEIGHABLE}:
        raise RuleBroken(_("{rule} is no rule that a plan may weigh.").format(rule=value), field=name)
    return Rule(value)


def _listed(value: Any) -> list[Any]:
    if not isinstance(value, list | tuple | set | frozenset):
        raise RuleBroken(_("The rules that must hold are a list."), field="hard")
    return list(value)


def _mapped(value: Any) -> dict[Any, Any]:
    if not isinstance(value, Mapping):
        raise RuleBroken(_("Weights are costs by rule."), field="weights")
    return dict(value)
