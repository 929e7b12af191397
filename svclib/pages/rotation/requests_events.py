"""What can be done with requests: look, file, decide, take back."""

from __future__ import annotations

from svclib.i18n import gettext as _
from svclib.i18n import ngettext
from svclib.pages.base import event
from svclib.pages.parts.inputs import OffsetInput
from svclib.pages.parts.open_form import OpenForm
from svclib.pages.rotation.frame import Frame
from svclib.pages.rotation.request_form import REQUEST
from svclib.pages.rotation.requests_inputs import DecisionInput, RequestInput, StateInput


class RequestsEvents(Frame):
    """Events of the view of requests."""

    @event(StateInput)
    def vue_filter_requests(self, data: StateInput) -> None:
        """List those in a state; chosen again, all."""
        self.asked.filter(data.state)
        self.show()

    @event(OffsetInput)
    def vue_turn_requests(self, data: OffsetInput) -> None:
        self.asked.turn(data.offset)
        self.show()

    @event(RequestInput)
    def vue_open_request(self, data: RequestInput) -> None:
        """Show one request and what it would mean."""
        self.asked.open(data.request)
        self.show()

    @event()
    def vue_close_request(self) -> None:
        self.asked.close()
        self.show()

    @event()
    def vue_show_request_reason(self) -> None:
        """Show why it is asked; that is told in the trail."""
        self.asked.read_reason()
        self.show()

    @event(DecisionInput)
    def vue_approve_request(self, data: DecisionInput) -> None:
        """Approve the open request: a named person has confirmed it."""
        touched = self.asked.approve(data.answer, data.name)
        said = ngettext(
            "Approved. {n} published placement has to change.",
            "Approved. {n} published placements have to change.",
            touched,
        )
        self.tell(said.format(n=touched) if touched else _("Approved. No published placement has to change."))
        self.show()

    @event(DecisionInput)
    def vue_return_request(self, data: DecisionInput) -> None:
        """Send the open request back."""
        self.asked.send_back(data.answer, data.name)
        self.tell(_("Sent back, with your reason."), icon="mdi-undo-variant")
        self.show()

    @event(DecisionInput)
    def vue_revoke_request(self, data: DecisionInput) -> None:
        """Revoke the approval of the open request."""
        self.asked.revoke(data.answer, data.name)
        self.tell(_("The approval is revoked; the request waits for a decision again."), icon="mdi-undo-variant")
        self.show()

    @event()
    def vue_withdraw_request(self) -> None:
        """Take the open request back."""
        self.asked.withdraw()
        self.tell(_("The request is taken back."), icon="mdi-close")
        self.show()

    @event()
    def vue_export_requests(self) -> None:
        """Form 9 with what is listed."""
        name, content = self.asked.export()
        self.download(name, content)
        self.tell(_("Exported: {name}").format(name=name))
        self.show()

    @event()
    def vue_new_request(self) -> None:
        """Open the form of a new request."""
        self.start_form(REQUEST, self.chosen.plan.id)
        self.show()

    def made_form(self, name: str, about: int | None) -> OpenForm:
        if name != REQUEST or about is None:
            return super().made_form(name, about)
        self.require("rotation.request")
        made = self.asked.form(about, self.standing(name, about))
        self.view = "requests"
        return made
