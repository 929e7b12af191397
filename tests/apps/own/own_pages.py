"""Apps of one's own: what the suite's pages do not use, and what their views' compiler has not seen."""

from __future__ import annotations

from ipecharts import EChartsRawWidget, EChartsWidget
from ipecharts.option import Option, Title, XAxis, YAxis
from ipecharts.option.series import Bar
from ipywidgets import widget_serialization
from traitlets import Any, Dict, Int, Unicode

from svclib.i18n import noop as N_
from svclib.pages.base import Page, event
from svclib.pages.parts.inputs import TextInput
from svclib.pages.parts.suite import SuitePage
from svclib.pages.parts.words import SHARED

QUARTERS = ["一季度", "二季度", "三季度"]


class ChartPage(Page):
    """Two charts, one from an option as it is, one from its parts."""

    template_file = (__file__, "chart.vue")

    raw = Any().tag(sync=True, **widget_serialization)
    built = Any().tag(sync=True, **widget_serialization)

    def start(self) -> None:
        axes = {"xAxis": {"type": "category", "data": QUARTERS}, "yAxis": {"type": "value"}}
        self.raw = EChartsRawWidget(option=axes | {"series": [{"type": "bar", "data": [3, 1, 2]}]}, renderer="svg")
        self.built = EChartsWidget(
            option=Option(
                title=Title(text="人次"),
                xAxis=XAxis(type="category", data=QUARTERS),
                yAxis=YAxis(type="value"),
                series=[Bar(data=[3, 1, 2])],
            ),
            renderer="svg",
        )

    @event()
    def vue_grow(self) -> None:
        self.raw.option = self.raw.option | {"title": {"text": "已更新"}}


class ViewPage(Page):
    """A view with scoped styles, <script setup>, and an icon that the suite does not use."""

    template_file = (__file__, "view.vue")

    count = Int(0).tag(sync=True)

    @event()
    def vue_add(self) -> None:
        self.count += 1


class ShellPage(SuitePage):
    """A third app within the suite's shell."""

    template_file = (__file__, "shell.vue")
    WORDS = SHARED | {"page_name": N_("Trail"), "search_long": N_("Name"), "search_short": N_("Name")}

    panel: Any = Dict(allow_none=True, default_value=None).tag(sync=True)
    found = Unicode().tag(sync=True)

    def start(self) -> None:
        self.show()

    def show(self, said: str = "") -> None:
        self.frame = self.framed("main", self.told(said))

    @event(TextInput)
    def vue_search_list(self, data: TextInput) -> None:
        self.found = data.text
        self.frame = self.framed("main", "", search=data.text)

    @event()
    def vue_open_panel(self) -> None:
        self.panel = {"id": 7, "title": "关于七号"}

    @event()
    def vue_close_panel(self) -> None:
        self.panel = None


class ChangedShellPage(ShellPage):
    """The same with parts that were changed after the front end had been built: all are compiled in the browser."""

    def __init__(self) -> None:
        super().__init__()
        self.components = {name: f"{text}\n<!-- changed -->" for name, text in self.components.items()}
