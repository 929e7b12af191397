"""What can be done with the list."""

from __future__ import annotations

from svclib.i18n import gettext as _
from svclib.pages.base import event
from svclib.pages.register.frame import Frame
from svclib.pages.register.inputs import (
    CardInput,
    ColumnInput,
    FilterInput,
    KeyInput,
    LimitInput,
    OffsetInput,
    RowInput,
    TextInput,
)


class ListEvents(Frame):
    """Events of the cards and the list."""

    @event(CardInput)
    def vue_press_card(self, data: CardInput) -> None:
        self.people.press(data.card)
        self.show()

    @event(TextInput)
    def vue_search_people(self, data: TextInput) -> None:
        """Search wherever one is: the list comes forward."""
        self.people.find(data.text)
        self.view = "people"
        self.show()

    @event(FilterInput)
    def vue_filter_list(self, data: FilterInput) -> None:
        self.people.filter(data.key, data.chosen)
        self.show_list()

    @event(KeyInput)
    def vue_drop_filter(self, data: KeyInput) -> None:
        self.people.drop(data.key)
        self.show()

    @event()
    def vue_clear_filters(self) -> None:
        self.people.clear()
        self.show()

    @event(KeyInput)
    def vue_sort_list(self, data: KeyInput) -> None:
        self.people.order(data.key)
        self.show_list()

    @event(ColumnInput)
    def vue_show_column(self, data: ColumnInput) -> None:
        self.people.show(data.key, data.shown)
        self.show_list()

    @event(OffsetInput)
    def vue_turn_page(self, data: OffsetInput) -> None:
        self.people.turn(data.offset)
        self.show_list()

    @event(LimitInput)
    def vue_set_page_size(self, data: LimitInput) -> None:
        self.people.resize(data.limit)
        self.show_list()

    @event()
    def vue_export_list(self) -> None:
        self.require("register.export")
        name, content = self.people.export()
        self.download(name, content)
        self.tell(_("Exported: {name}").format(name=name))
        self.show()

    @event(RowInput)
    def vue_open_row(self, data: RowInput) -> None:
        """Open what the row stands for at the side."""
        kind, number, rule = self.people.target(data.id)
        if kind == "team":
            self.side.open_team(number, rule)
        else:
            self.side.open_person(number)
        self.show()
