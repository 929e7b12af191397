"""The form of a plan's stages: first and last days of those that can still be moved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from svclib.errors import StaleRecord
from svclib.i18n import gettext as _
from svclib.pages.parts.forms import Field, Form
from svclib.pages.parts.texts import records, text
from svclib.pages.rotation.board import stage_words
from svclib.pages.rotation.chosen import Plan, Row

STAGES = "stages"


def movable(plan: Plan) -> list[Row]:
    """The stages whose days can be changed: after a publication those that have not begun."""
    published = int(plan.row["published_version"])
    return [one for one in plan.stages if not published or one["starts_on"].date() > plan.ws.today]


def stages_form(plan: Plan) -> Form:
    """The form of the days of the stages."""
    fields: list[Field] = []
    values: dict[str, Any] = {**_days(movable(plan))}
    for one in movable(plan):
        n = int(one["number"])
        fields += [
            Field(f"first_{n}", _("Stage {number}: first day").format(number=n), "day", required=True),
            Field(f"last_{n}", _("Stage {number}: last day").format(number=n), "day", required=True),
        ]
    begun = [one for one in plan.stages if f"first_{int(one['number'])}" not in values]
    told = [_("Placements go along with their stage.")]
    if begun:
        told.append(_("Begun already: {stages}.").format(stages="；".join(stage_words(one) for one in begun)))
    title = _("Days of the stages of the plan {name}").format(name=plan.name)
    lead = " ".join(told)
    return Form(STAGES, title, _("Save the days"), lambda _typed: fields, values, lead=lead, version=plan.version)


def _days(stages: Sequence[Row]) -> dict[str, str]:
    """First and last days of stages as the form shows them."""
    days: dict[str, str] = {}
    for one in stages:
        n = int(one["number"])
        days |= {f"first_{n}": text(one["starts_on"]), f"last_{n}": text(one["ends_on"] - timedelta(days=1))}
    return days


def save_stages(plan: Plan, form: Form, read: Mapping[str, Any]) -> str:
    """Save the days that were changed in the form; the sentence that tells it.

    Raises what `edit_stages` raises; StaleRecord with the values of the fields in conflict.
    """
    numbers = sorted({int(key.rpartition("_")[2]) for key in form.changes(read)})
    days = {n: (read[f"first_{n}"], read[f"last_{n}"] + timedelta(days=1)) for n in numbers}
    try:
        plan.ws.rotation.edit_stages(plan.id, days, version=form.version)
    except StaleRecord as error:
        now = _days(records(plan.ws.rotation.stages(plan.id)))
        typed = {key: text(read[key]) for n in numbers for key in (f"first_{n}", f"last_{n}")}
        fields = {key: (form.before.get(key), now[key], mine) for key, mine in typed.items() if now[key] != mine}
        raise StaleRecord(str(error), version=error.version, conflicts=fields) from error
    return _("The days of the stages are saved.")
