"""The form of a plan's stages: first and last days of those that can still be moved."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from svclib.i18n import gettext as _
from svclib.pages.parts.forms import Field, Form
from svclib.pages.parts.texts import text
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
    values: dict[str, Any] = {}
    for one in movable(plan):
        n = int(one["number"])
        fields += [
            Field(f"first_{n}", _("Stage {number}: first day").format(number=n), "day", required=True),
            Field(f"last_{n}", _("Stage {number}: last day").format(number=n), "day", required=True),
        ]
        values |= {f"first_{n}": text(one["starts_on"]), f"last_{n}": text(one["ends_on"] - timedelta(days=1))}
    begun = [one for one in plan.stages if f"first_{int(one['number'])}" not in values]
    told = [_("Placements go along with their stage.")]
    if begun:
        told.append(_("Begun already: {stages}.").format(stages="；".join(stage_words(one) for one in begun)))
    title = _("Days of the stages of the plan {name}").format(name=plan.name)
    return Form(STAGES, title, _("Save the days"), lambda _typed: fields, values, lead=" ".join(told))


def save_stages(plan: Plan, read: Mapping[str, Any]) -> str:
    """Save the days of the form; the sentence that tells it. Raises what `edit_stages` raises."""
    numbers = [int(one["number"]) for one in movable(plan)]
    days = {n: (read[f"first_{n}"], read[f"last_{n}"] + timedelta(days=1)) for n in numbers if f"first_{n}" in read}
    plan.ws.rotation.edit_stages(plan.id, days, version=plan.version)
    return _("The days of the stages are saved.")
