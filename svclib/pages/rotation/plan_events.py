"""What can be done with plans as such: make one, set its figures, take in who has come since."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from svclib.errors import RuleBroken
from svclib.i18n import gettext as _
from svclib.i18n import ngettext
from svclib.pages.base import event
from svclib.pages.parts.forms import Form
from svclib.pages.parts.open_form import OpenForm, Save
from svclib.pages.parts.texts import number
from svclib.pages.rotation.chosen import Plan
from svclib.pages.rotation.frame import Frame
from svclib.pages.rotation.plan_forms import FIGURES, NEW, figures_form, make_plan, new_plan_form, save_figures
from svclib.pages.rotation.stage_forms import STAGES, movable, save_stages, stages_form
from svclib.workspace.rotation import figures_blocker


class PlanEvents(Frame):
    """Events about a plan as such."""

    @event()
    def vue_new_plan(self) -> None:
        """Open the form of a new plan."""
        self.start_form(NEW)
        self.show()

    @event()
    def vue_edit_figures(self) -> None:
        """Open the figures of the chosen plan."""
        self.start_form(FIGURES, self.chosen.plan.id)
        self.show()

    @event()
    def vue_edit_stages(self) -> None:
        """Open the days of the stages."""
        self.start_form(STAGES, self.chosen.plan.id)
        self.show()

    @event()
    def vue_take_in(self) -> None:
        """Let whoever has come to the plan's intakes since take part."""
        added = self.ws.rotation.add_trainees(self.chosen.plan.id)
        self.tell(
            ngettext("{n} trainee takes part now, too.", "{n} trainees take part now, too.", added).format(
                n=number(added)
            )
            if added
            else _("Nobody new: everybody of the plan's intakes and units takes part already.")
        )
        self.show()

    def made_form(self, name: str, about: int | None) -> OpenForm:
        if name == NEW:
            self.require("rotation.create_plan")
            names = [str(one["name"]) for one in self.chosen.listed]
            key, standing = "rotation/plan/new", self.standing(name, None)
            return OpenForm(self.ws, key, lambda: new_plan_form(self.ws, names), self._made, standing=standing)
        if name == FIGURES and about is not None:
            self.require("rotation.edit_plan")
            if blocked := figures_blocker(self.chosen.turn_to(about).row):
                raise RuleBroken(blocked)
            return self._about_plan(name, about, figures_form, self._figured)
        if name == STAGES and about is not None:
            self.require("rotation.edit_stage")
            if not movable(self.chosen.turn_to(about)):
                raise RuleBroken(_("Every stage of the published plan has begun."))
            return self._about_plan(name, about, stages_form, self._staged)
        return super().made_form(name, about)

    def _about_plan(self, name: str, plan_id: int, make: Callable[[Plan], Form], save: Save) -> OpenForm:
        key, standing = f"rotation/plan/{plan_id}/{name}", self.standing(name, plan_id)
        return OpenForm(self.ws, key, lambda: make(self.chosen.turn_to(plan_id)), save, standing=standing)

    def _made(self, _form: Form, read: Mapping[str, Any]) -> str:
        plan, told = make_plan(self.ws, read)
        self.chosen.read()
        self.chosen.choose(plan)
        self.begin_plan()
        self.view = "people"
        return told

    def _figured(self, form: Form, read: Mapping[str, Any]) -> str:
        return save_figures(self.chosen.plan, form, read)

    def _staged(self, form: Form, read: Mapping[str, Any]) -> str:
        return save_stages(self.chosen.plan, form, read)
