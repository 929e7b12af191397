"""Apps of one's own: what the suite's pages do not use, and what their views' compiler has not seen."""

from __future__ import annotations

from ipecharts import EChartsRawWidget, EChartsWidget
from ipecharts.option import Option, Title, XAxis, YAxis
from ipecharts.option.series import Bar
from ipywidgets import widget_serialization
from traitlets import Any, Int

from svclib.pages.base import Page, event

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
