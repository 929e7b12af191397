"""A page with the parts `ui-cards` and `ui-list`: what can be done with every list, whatever stands in it."""

from __future__ import annotations

from typing import Protocol

from traitlets import Dict, List

from svclib.i18n import gettext as _
from svclib.pages.base import event
from svclib.pages.parts.inputs import ColumnInput, KeyInput, LimitInput, OffsetInput, TextInput
from svclib.pages.parts.suite import SuitePage


class Listed(Protocol):
    """The state of a list: what is searched for, filtered, shown of it."""

    def find(self, words: str) -> None:
        """Search for these words, from the first page."""

    def drop(self, key: str) -> None:
        """Take one filter back."""

    def clear(self) -> None:
        """Take search and filters back."""

    def show(self, key: str, shown: bool) -> None:
        """Show or hide a column."""

    def turn(self, offset: int) -> None:
        """Show the rows from this one on."""

    def resize(self, limit: int) -> None:
        """Show so many rows at once."""

    def export(self) -> tuple[str, bytes]:
        """Give name and content of a workbook of all rows, as they are listed."""


class ListedPage(SuitePage):
    """A page of the suite with cards and one list. Cards and filters differ: a page declares their events itself."""

    cards = List(Dict()).tag(sync=True)
    listing = Dict().tag(sync=True)

    @property
    def listed(self) -> Listed:
        """The list's state."""
        raise NotImplementedError

    def show_list(self) -> None:
        """Show another part of the same list."""
        self.show()

    @event(TextInput)
    def vue_search_list(self, data: TextInput) -> None:
        self.listed.find(data.text)
        self.show()

    @event(KeyInput)
    def vue_drop_filter(self, data: KeyInput) -> None:
        self.listed.drop(data.key)
        self.show()

    @event()
    def vue_clear_filters(self) -> None:
        self.listed.clear()
        self.show()

    @event(ColumnInput)
    def vue_show_column(self, data: ColumnInput) -> None:
        self.listed.show(data.key, data.shown)
        self.show_list()

    @event(OffsetInput)
    def vue_turn_page(self, data: OffsetInput) -> None:
        self.listed.turn(data.offset)
        self.show_list()

    @event(LimitInput)
    def vue_set_page_size(self, data: LimitInput) -> None:
        self.listed.resize(data.limit)
        self.show_list()

    @event()
    def vue_export_list(self) -> None:
        name, content = self.listed.export()
        self.download(name, content)
        self.tell(_("Exported: {name}").format(name=name))
        self.show()
