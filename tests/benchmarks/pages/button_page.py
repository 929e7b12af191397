"""The smallest page: one button that answers."""

from __future__ import annotations

from traitlets import Unicode

from svclib.pages.base import Page, event


class ButtonPage(Page):
    """`ready-btn`, which answers `clicked-ok`."""

    template_file = (__file__, "button.vue")

    answer = Unicode().tag(sync=True)

    @event()
    def vue_press(self) -> None:
        self.answer = "clicked-ok"
