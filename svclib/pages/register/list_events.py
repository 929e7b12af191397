"""What can be done with the list, beside what can be done with every list."""

from __future__ import annotations

from svclib.pages.base import event
from svclib.pages.parts.inputs import KeyInput, TextInput
from svclib.pages.register.frame import Frame
from svclib.pages.register.inputs import CardInput, FilterInput, RowInput


class ListEvents(Frame):
    """Events of the cards and the list."""

    @event(CardInput)
    def vue_press_card(self, data: CardInput) -> None:
        self.people.press(data.card)
        self.show()

    @event(TextInput)
    def vue_search_list(self, data: TextInput) -> None:
        """Search wherever one is: the list comes forward."""
        self.view = "people"
        super().vue_search_list(data)

    @event(FilterInput)
    def vue_filter_list(self, data: FilterInput) -> None:
        self.people.filter(data.key, data.chosen)
        self.show_list()

    @event(KeyInput)
    def vue_sort_list(self, data: KeyInput) -> None:
        self.people.order(data.key)
        self.show_list()

    @event()
    def vue_export_list(self) -> None:
        self.require("register.export")
        super().vue_export_list()

    @event(RowInput)
    def vue_open_row(self, data: RowInput) -> None:
        """Open what the row stands for at the side."""
        kind, number, rule = self.people.target(data.id)
        if kind == "team":
            self.side.open_team(number, rule)
        else:
            self.side.open_person(number)
        self.show()
