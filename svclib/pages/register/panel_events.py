"""What can be done in the panel at the side."""

from __future__ import annotations

from svclib.errors import NotFound
from svclib.i18n import gettext as _
from svclib.pages.base import event
from svclib.pages.parts.inputs import FieldCheckInput, FormInput, StaleInput
from svclib.pages.register.frame import Frame
from svclib.pages.register.inputs import (
    DayInput,
    FieldInput,
    IdInput,
    LeavingInput,
    OpenFormInput,
    RuleInput,
)
from svclib.pages.register.team_panel import TeamPanel


class PanelEvents(Frame):
    """Events of the panel: a person, a team, their forms."""

    @event()
    def vue_close_panel(self) -> None:
        self.side.close()
        self.show_panel()

    @event(IdInput)
    def vue_open_person(self, data: IdInput) -> None:
        self.side.open_person(data.id)
        self.show_panel()

    @event(FieldInput)
    def vue_reveal_field(self, data: FieldInput) -> None:
        self.side.reveal(data.field)
        self.show_panel()

    @event()
    def vue_add_person(self) -> None:
        self.side.open_form("add")
        self.show()

    @event(OpenFormInput)
    def vue_open_form(self, data: OpenFormInput) -> None:
        self.side.open_form(data.form)
        self.show_panel()

    @event()
    def vue_close_form(self) -> None:
        self.side.close_form()
        self.show_panel()

    @event(FormInput)
    def vue_keep_draft(self, data: FormInput) -> None:
        if self.side.opened is not None:
            self.side.opened.keep(data.token, data.values)
        self.show_panel()

    @event()
    def vue_discard_draft(self) -> None:
        self.side.discard_draft()
        self.show_panel()

    @event(FieldCheckInput)
    def vue_check_field(self, data: FieldCheckInput) -> None:
        if self.side.opened is not None:
            self.side.opened.check(data.token, data.field, data.values)
        self.show_panel()

    @event(FormInput)
    def vue_save_form(self, data: FormInput) -> None:
        self._saved(self.side.save(data.token, data.values))

    @event(StaleInput)
    def vue_settle_stale(self, data: StaleInput) -> None:
        self._saved(self.side.settle(data.choices))

    @event()
    def vue_leave_stale(self) -> None:
        if self.side.opened is not None:
            self.side.opened.leave_stale()
        self.show_panel()

    def _saved(self, said: str | None) -> None:
        if said is None:
            self.show_panel()
            return
        self.tell(said)
        self.show()

    @event(RuleInput)
    def vue_open_rule(self, data: RuleInput) -> None:
        self._team().choose(data.rule)
        self.show_panel()

    @event(LeavingInput)
    def vue_tick_leaving(self, data: LeavingInput) -> None:
        self._team().tick(data.person, leaving=data.leaving)
        self.show_panel()

    @event(DayInput)
    def vue_set_change_day(self, data: DayInput) -> None:
        self._team().leave_on(data.on)
        self.show_panel()

    def _team(self) -> TeamPanel:
        if self.side.team is None:
            raise NotFound(_("Open a team first."))
        return self.side.team
