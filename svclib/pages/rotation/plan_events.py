"""What can be done with plans as such: make one, set its figures, take in who has come since."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from svclib.errors import RuleBroken, StaleRecord
from svclib.i18n import gettext as _
from svclib.i18n import ngettext
from svclib.pages.base import event
from svclib.pages.parts.open_form import OpenForm
from svclib.pages.parts.texts import number
from svclib.pages.rotation.chosen import Plan
from svclib.pages.rotation.frame import Frame
from svclib.pages.rotation.plan_forms import figures_blocker, figures_form, make_plan, new_plan_form, save_figures
from svclib.pages.rotation.stage_forms import movable, save_stages, stages_form


class PlanEvents(Frame):
    """Events about a plan as such."""

    @event()
    def vue_new_plan(self) -> None:
        """Open the form of a new plan."""
        self.require("rotation.create_plan")
        names = [str(one["name"]) for one in self.chosen.listed]
        self.open_form = OpenForm(self.ws, "rotation/plan/new", lambda: new_plan_form(self.ws, names), self._made)
        self.show()

    @event()
    def vue_edit_figures(self) -> None:
        """Open the figures of the chosen plan."""
        self.require("rotation.edit_plan")
        self.chosen.read()
        plan = self.chosen.plan
        if blocked := figures_blocker(plan):
            raise RuleBroken(blocked)
        key = f"rotation/plan/{plan.id}/figures"
        self.open_form = OpenForm(self.ws, key, lambda: figures_form(self.chosen.plan), self._figured)
        self.show()

    @event()
    def vue_edit_stages(self) -> None:
        """Open the days of the stages."""
        self.require("rotation.edit_stage")
        self.chosen.read()
        if not movable(self.chosen.plan):
            raise RuleBroken(_("Every stage of the published plan has begun."))
        key = f"rotation/plan/{self.chosen.plan.id}/stages"
        self.open_form = OpenForm(self.ws, key, lambda: stages_form(self.chosen.plan), self._staged)
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

    def _made(self, read: Mapping[str, Any]) -> str:
        plan, told = make_plan(self.ws, read)
        self.chosen.read()
        self.chosen.choose(plan)
        self.begin_plan()
        self.view = "people"
        return told

    def _figured(self, read: Mapping[str, Any]) -> str:
        return self._saved(save_figures, read)

    def _staged(self, read: Mapping[str, Any]) -> str:
        return self._saved(save_stages, read)

    def _saved(self, save: Callable[[Plan, Mapping[str, Any]], str], read: Mapping[str, Any]) -> str:
        try:
            return save(self.chosen.plan, read)
        except StaleRecord:
            # What is typed stays in the form; saved again it counts for the plan as it is now.
            self.chosen.read()
            raise
