"""What can be done with what is given to a plan: a form at the side for each part, and the reasons."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from svclib.errors import Forbidden
from svclib.i18n import gettext as _
from svclib.pages.base import event
from svclib.pages.rotation import given_forms as forms
from svclib.pages.rotation.chosen import Plan
from svclib.pages.rotation.frame import Frame
from svclib.pages.rotation.given_forms import GivenForm
from svclib.pages.rotation.given_inputs import GivenFormInput, GivenReasonInput
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


class GivenEvents(Frame):
    """Events of what is given about who is shown at the side."""

    @event(GivenFormInput)
    def vue_give(self, data: GivenFormInput) -> None:
        """Open a form at the side."""
        verb, make = PERSON_FORMS[data.form]
        if not self.ws.may(verb):
            raise Forbidden(_("Your role may not do this."))
        person_id, _stage = self.side.key
        key = f"rotation/plan/{self.chosen.plan.id}/{person_id}/{data.form}/{data.row}"
        self._open(key, lambda: make(self.chosen.plan, person_id, data.row))

    @event(GivenReasonInput)
    def vue_show_given_reason(self, data: GivenReasonInput) -> None:
        """Show why somebody is away or two are a pair; that is told in the trail."""
        self.side.given.read_reason(data.kind, data.row)
        self.show()

    def _open(self, key: str, make: Callable[[], GivenForm]) -> None:
        """Open a form beside the board; what it says is written as soon as it is saved."""
        self.chosen.read()

        def save(read: Mapping[str, Any]) -> str:
            told = make().save(read)
            # Days away count for every plan and change the version of none: all is read anew.
            self.chosen.forget()
            return told

        self.open_form = SideForm(self.ws, key, lambda: make().form, save, about=self.side.about)
        self.show()
