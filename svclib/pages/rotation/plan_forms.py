"""The forms about a plan: a new one, and the figures of one that is not published yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from svclib.errors import RuleBroken, StaleRecord
from svclib.i18n import gettext as _
from svclib.i18n import ngettext
from svclib.models import IntakeKind
from svclib.pages.parts.forms import Check, Field, Form
from svclib.pages.parts.texts import number, records, word
from svclib.pages.rotation.chosen import Plan
from svclib.rules.rotation import RANGES, RULE_LABELS, WEIGHABLE, Figures, figures_from, stored_figures
from svclib.workspace import Workspace

NEW, FIGURES = "new_plan", "figures"
INTAKES_MOST, STAGES_MOST = 3, 8
_USUAL = (((9, 1), (10, 15)), ((10, 16), (11, 30)), ((3, 1), (4, 15)), ((4, 16), (5, 31)))
"""First and last days of four stages around the year-end review, the later two in the year after."""
_MUST = "must"
_WEIGHED = "weighed"


def new_plan_form(ws: Workspace, names: Sequence[str]) -> Form:
    """The form of a plan that is to be made; `names` are taken."""
    # Graduates first: it is they whom a year's plan is about.
    listed = sorted(records(ws.register.intakes()), key=lambda one: one["kind"] != IntakeKind.GRADUATE)
    intakes = [{"id": int(one["id"]), "label": f"{one['year']} {word(IntakeKind, one['kind'])}"} for one in listed]
    units = [{"id": int(one["id"]), "label": str(one["short_name"])} for one in records(ws.register.units())]
    year = ws.today.year
    values: dict[str, Any] = {"year": str(year), "name": "" if str(year) in names else str(year), "stages": 4}
    if intakes:
        values["intake_1"] = intakes[0]["id"]
    if len(units) == 1:
        values["unit"] = units[0]["id"]
    for stage, ((month, day), (last_month, last_day)) in enumerate(_USUAL, start=1):
        of_year = year if month >= 9 else year + 1
        values[f"first_{stage}"], values[f"last_{stage}"] = (
            date(of_year, month, day),
            date(of_year, last_month, last_day),
        )
    values |= _figure_values(stored_figures(Figures()))

    def shape(typed: Mapping[str, Any]) -> list[Field]:
        return [
            *_who(typed, intakes, units),
            *_when(typed),
            *_figure_fields(typed),
        ]

    return Form(
        NEW,
        _("New rotation plan"),
        _("Make the plan"),
        shape,
        values,
        lead=_("Nothing is placed yet: after this a plan is proposed, changed by hand and published."),
    )


def _who(typed: Mapping[str, Any], intakes: list[dict[str, Any]], units: list[dict[str, Any]]) -> list[Field]:
    fields = [
        Field("name", _("Name of the plan"), required=True, help=_("As it stands on notices, like 2026.")),
        Field("year", _("Year"), "digits", required=True, check=_whole),
    ]
    asked = 1 + sum(typed.get(f"intake_{n}") is not None for n in range(1, INTAKES_MOST))
    for n in range(1, min(asked, len(intakes), INTAKES_MOST) + 1):
        label = _("Intake that takes part") if n == 1 else _("Another intake")
        fields.append(Field(f"intake_{n}", label, "choice", required=n == 1, options=intakes))
    if not intakes:
        told = _("There is no intake yet: import the list of new graduates first.")
        fields.append(Field("intake_1", _("Intake that takes part"), "choice", required=True, help=told))
    scope = Field(
        "unit",
        _("Whose trainees"),
        "choice",
        options=[{"id": None, "label": _("All units")}, *units] if len(units) > 1 else units,
        placeholder=_("All units"),
        help=_("Those of units below the chosen one take part, too."),
    )
    return [*fields, scope]


def _when(typed: Mapping[str, Any]) -> list[Field]:
    amounts = [
        {"id": n, "label": ngettext("{n} stage", "{n} stages", n).format(n=n)} for n in range(1, STAGES_MOST + 1)
    ]
    count = typed.get("stages")
    fields = [Field("stages", _("How many stages"), "choice", required=True, options=amounts)]
    for n in range(1, (count if isinstance(count, int) and 1 <= count <= STAGES_MOST else 0) + 1):
        fields += [
            Field(f"first_{n}", _("Stage {number}: first day").format(number=n), "day", required=True),
            Field(f"last_{n}", _("Stage {number}: last day").format(number=n), "day", required=True),
        ]
    return fields


def figures_form(plan: Plan) -> Form:
    """The form of a plan's own figures."""
    values = _figure_values(plan.ws.rotation.figures(plan.id))
    title = _("Figures of the plan {name}").format(name=plan.name)
    return Form(
        FIGURES,
        title,
        _("Save the figures"),
        _figure_fields,
        values,
        lead=_("They count for this plan alone."),
        version=plan.version,
    )


def _figure_values(stored: Mapping[str, Any]) -> dict[str, Any]:
    """Figures as the form shows them."""
    values: dict[str, Any] = {name: f"{stored[name]:g}" for name in RANGES}
    for rule in WEIGHABLE:
        values[f"rule_{rule}"] = _MUST if rule in stored["hard"] else _WEIGHED
        values[f"weight_{rule}"] = f"{stored['weights'][rule]:g}"
    return values


def _figure_fields(typed: Mapping[str, Any]) -> list[Field]:
    figures, costs, rules = _("Limits"), _("What weighs how much"), _("Which rules must hold")
    usual = stored_figures(Figures())
    fields = []
    for name, known in RANGES.items():
        told = _("{meaning} From {lowest} to {highest}, usually {usual}.").format(
            meaning=_(known.meaning),
            lowest=f"{known.lowest:,g}",
            highest=f"{known.highest:,.0f}",
            usual=f"{usual[name]:g}",
        )
        kind, section = "digits" if known.whole else "text", costs if name.endswith("_cost") else figures
        fields.append(
            Field(name, _(known.word), kind, required=True, help=told, check=_figure(name), section=section)  # type: ignore[arg-type]
        )
    fields.sort(key=lambda one: one.section == costs)
    ways = [{"id": _MUST, "label": _("must hold")}, {"id": _WEIGHED, "label": _("is weighed")}]
    for rule in WEIGHABLE:
        label = _(RULE_LABELS[rule])
        fields.append(Field(f"rule_{rule}", label, "choice", required=True, options=ways, section=rules))
        if typed.get(f"rule_{rule}") != _MUST:
            cost = _("{rule}: cost where it is missed").format(rule=label)
            told = _("For each person, place or stage by which it is missed; 1 is one kilometre of one placement.")
            check = _weight(rule.value)
            fields.append(Field(f"weight_{rule}", cost, required=True, help=told, check=check, section=rules))
    return fields


def _read_number(typed: str) -> float | str:
    try:
        return float(typed.replace(",", ""))
    except ValueError:
        return typed


def _whole(typed: str) -> str | None:
    return None if typed.isdecimal() else _("“{value}” is not a number.").format(value=typed)


def _figure(name: str) -> Check:
    return lambda typed: _judged({name: _read_number(typed)}, typed)


def _weight(rule: str) -> Check:
    return lambda typed: _judged({"weights": {rule: _read_number(typed)}}, typed)


def _judged(figures: Mapping[str, Any], typed: str) -> str | None:
    """What the library says of a figure; None when it can be one."""
    if isinstance(_read_number(typed), str):
        return _("“{value}” is not a number.").format(value=typed)
    try:
        figures_from(figures)
    except RuleBroken as error:
        return str(error)
    return None


def _read_figures(read: Mapping[str, Any]) -> dict[str, Any]:
    """What the form says, as the library takes it."""
    figures: dict[str, Any] = {name: _read_number(read[name]) for name in RANGES if name in read}
    hard = {rule.value: read[f"rule_{rule}"] == _MUST for rule in WEIGHABLE if f"rule_{rule}" in read}
    weights = {
        rule.value: _read_number(read[f"weight_{rule}"]) for rule in WEIGHABLE if read.get(f"weight_{rule}") is not None
    }
    return figures | {"hard": hard, "weights": weights}


def make_plan(ws: Workspace, read: Mapping[str, Any]) -> tuple[int, str]:
    """Make the plan of the form; its id, and the sentence that tells it. Raises what `create_plan` raises."""
    stages = [(read[f"first_{n}"], read[f"last_{n}"] + timedelta(days=1)) for n in range(1, int(read["stages"]) + 1)]
    chosen = [read.get(f"intake_{n}") for n in range(1, INTAKES_MOST + 1)]
    plan = ws.rotation.create_plan(
        read["name"],
        year=int(read["year"]),
        stages=stages,
        intakes=[one for one in chosen if one is not None],
        unit=read.get("unit"),
        figures=_read_figures(read),
    )
    rows = ws.rotation.plans()
    count = int(rows[rows["id"] == plan]["trainees"].iloc[0])
    told = ngettext(
        "The plan {name} is made: {n} trainee takes part.", "The plan {name} is made: {n} trainees take part.", count
    )
    return plan, told.format(name=read["name"], n=number(count))


def save_figures(plan: Plan, form: Form, read: Mapping[str, Any]) -> str:
    """Save what was changed in the form of a plan's figures; the sentence that tells it.

    Raises what `edit_plan` raises; StaleRecord with the values of the fields in conflict.
    """
    try:
        plan.ws.rotation.edit_plan(plan.id, _read_figures(form.changes(read)), version=form.version)
    except StaleRecord as error:
        fields: dict[str, tuple[Any, Any, Any]] = {}
        if "terms" in error.conflicts:
            before, now, mine = (_figure_values(terms) for terms in error.conflicts["terms"])
            fields = {key: (before[key], now[key], mine[key]) for key in mine if now[key] != mine[key]}
        raise StaleRecord(str(error), version=error.version, conflicts=fields) from error
    return _("The figures of the plan {name} are saved.").format(name=plan.name)
