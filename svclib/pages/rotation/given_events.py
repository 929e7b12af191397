"""What can be done with what is given to a plan: a form at the side for each part, and the reasons."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from svclib.errors import RuleBroken, StaleRecord
from svclib.i18n import gettext as _
from svclib.pages.base import event
from svclib.pages.parts.forms import Form
from svclib.pages.rotation import given_forms as forms
from svclib.pages.rotation import given_places as places
from svclib.pages.rotation.chosen import Plan
from svclib.pages.rotation.frame import Frame
from svclib.pages.rotation.given_forms import GivenForm
from svclib.pages.rotation.given_inputs import GivenFormInput, GivenPlaceInput, GivenReasonInput
from svclib.pages.rotation.side_form import SideForm

PERSON_FORMS: Mapping[str, tuple[str, Callable[[Plan, int, int], GivenForm]]] = {
    "wish": ("rotation.wish", lambda plan, person, _row: forms.wish_form(plan, person)),
    "absence": ("rotation.absence", lambda plan, person, _row: forms.absence_form(plan, person)),
    "edit_absence": ("rotation.edit_absence", forms.edit_absence_form),
    "end_absence": ("rotation.end_absence", forms.end_absence_form),
    "home": ("rotation.home", lambda plan, person, _row: forms.home_form(plan, person)),
    "exception": ("rotation.except", lambda plan, person, _row: forms.exception_form(plan, person)),
    "pair": ("rotation.pair", lambda plan, person, _row: forms.pair_form(plan, person)),
    "unpair": ("rotation.unpair", forms.unpair_form),
}
"""Each form about a person: the verb that it needs, and how it is made."""
DETAILS = "details"
TEAM_FORMS: Mapping[str, Callable[[Plan, int, int], GivenForm]] = {
    "bound": places.bound_form,
    "station_bound": lambda plan, team, _row: places.station_bound_form(plan, team),
}
"""Each form about a team."""


class GivenEvents(Frame):
    """Events of what is given about who is shown at the side."""

    @event(GivenFormInput)
    def vue_give(self, data: GivenFormInput) -> None:
        """Open a form at the side."""
        verb, make = PERSON_FORMS.get(data.form, ("rotation.move", None))
        self.require(verb)
        person_id, stage = self.side.key
        if make is None:
            # A placement's is of one stage.
            self._open(f"{person_id}/{stage}/{DETAILS}", lambda: places.details_form(self.chosen, person_id, stage))
        else:
            self._open(f"{person_id}/{data.form}/{data.row}", lambda: make(self.chosen.plan, person_id, data.row))

    @event(GivenPlaceInput)
    def vue_give_places(self, data: GivenPlaceInput) -> None:
        """Open a form about the team that is shown at the side."""
        self.require("rotation.bound")
        if self.side.team is None:
            raise RuleBroken(_("Choose a team in a stage first."))
        team_id, make = self.side.team[0], TEAM_FORMS[data.form]
        self._open(f"t{team_id}/{data.form}/{data.row}", lambda: make(self.chosen.plan, team_id, data.row))

    @event(GivenReasonInput)
    def vue_show_given_reason(self, data: GivenReasonInput) -> None:
        """Show why somebody is away or two are a pair; that is told in the trail."""
        self.side.given.read_reason(data.kind, data.row)
        self.show()

    def _open(self, key: str, make: Callable[[], GivenForm]) -> None:
        """Open a form beside the board; what it says is written as soon as it is saved."""
        self.chosen.read()

        def save(_form: Form, read: Mapping[str, Any]) -> str:
            made = make()
            try:
                told = made.save(read)
            except StaleRecord:
                # What is typed stays in the form; saved again it counts for the plan as it is now.
                self.chosen.read()
                raise
            if not made.carries:
                # Days away count for every plan and change the version of none: all is read anew.
                self.chosen.forget()
            return told

        kept = f"rotation/plan/{self.chosen.plan.id}/{key}"
        self.open_form = SideForm(self.ws, kept, lambda: make().form, save, about=self.side.about)
        self.show()
