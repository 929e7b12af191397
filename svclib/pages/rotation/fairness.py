"""How the year is spread over those who are sent: what it costs whom, and who bears most."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from statistics import median
from typing import Any

from svclib.i18n import gettext as _
from svclib.i18n import ngettext, run_on
from svclib.pages.parts.charts import Chart, Heads, chart, told, twin
from svclib.pages.parts.texts import number
from svclib.pages.rotation.facts import Facts

BINS = 16
WORST = 3


def fairness(facts: Facts, unit_id: int | None) -> Chart:
    """How many people bear how much over the year, what is fair, and who bears most."""
    plan = facts.plan
    burdens: Counter[int] = Counter()
    names: dict[int, str] = {}
    fair = 0.0
    for row in facts.ways:
        if unit_id is None or row["unit_id"] == unit_id:
            burdens[int(row["person_id"])] += row["burden"]
            names[int(row["person_id"])] = str(row["name"])
            fair = float(row["fair_burden"])
    values = sorted(burdens.values())
    worst = burdens.most_common(WORST)
    bars = bins_of(values)
    most = max((count for _start, _end, count in bars), default=0)
    beyond, badly = (sum(value > most for value in values) for most in (fair, 2 * fair))
    parts = [_parts([value for value in values if start <= value < end], fair) for start, end, _count in bars]
    rows = [
        [f"{start:,.0f}–{end:,.0f}", count, *more]
        for (start, end, count), (_less, *more) in zip(bars, parts, strict=True)
    ]
    heads: Heads = {
        _("Cost of the year (km)"): "text",
        _("people"): "number",
        _("beyond what is fair"): "number",
        _("beyond twice what is fair"): "number",
    }
    option = {
        "xAxis": {
            "type": "value",
            "min": 0,
            "max": bars[-1][1] if bars else 1,
            "name": _("cost of the year (km)"),
            "nameLocation": "middle",
            "nameGap": 24,
            "splitLine": {"show": False},
            "axisLabel": {"hideOverlap": True, "showMaxLabel": False},
        },
        "yAxis": {
            "type": "value",
            "name": _("people"),
            # Above the word that says where fair ends; and room for a figure on the highest bar.
            "nameGap": 26,
            "max": most + most // 8 + 1,
            "minInterval": 1,
            "axisLabel": {"showMaxLabel": False},
        },
        "series": _fair_bars(bars, parts, fair, values[-1] if values else 0.0),
    }
    lead = [_("Kilometres from home and wishes passed over, for the whole year.")]
    if worst:
        lead.append(_("Half bear at most {n}.").format(n=f"{median(values):,.0f}"))
        listed = _(", ").join(f"{names[one]} {value:,.0f}" for one, value in worst)
        lead.append(_("Worst-off: {names}").format(names=listed))
    title = _("Nobody bears more than is fair")
    if badly:
        title = ngettext(
            "{n} of {total} bears more than twice what is fair",
            "{n} of {total} bear more than twice what is fair",
            badly,
        ).format(n=number(badly), total=number(len(values)))
    elif beyond:
        title = ngettext(
            "{n} of {total} bears more than is fair", "{n} of {total} bear more than is fair", beyond
        ).format(n=number(beyond), total=number(len(values)))
    return chart(
        "fairness",
        title=title if values else _("Nobody is placed yet"),
        lead=run_on(*lead),
        file="-".join((_("Fairness"), plan.name)),
        table=twin(heads, rows),
        head={"px": 44, "phone": 44},
        option=option if values else None,
        empty=_("As soon as somebody is placed, here stands what the year costs whom."),
        height=430,
    )


def bins_of(values: Sequence[float]) -> list[tuple[float, float, int]]:
    """Counts over at most `BINS` ranges of the same round width from 0 on: start, end, how many; the end belongs to
    the next but for the last."""
    if not values:
        return []
    most = max(values)
    width = next(step for step in _round_steps() if step * BINS >= most)
    count = max(1, -int(-most // width))
    counts = [0] * count
    for value in values:
        counts[min(int(value / width), count - 1)] += 1
    return [(place * width, (place + 1) * width, one) for place, one in enumerate(counts)]


def _round_steps() -> Iterator[float]:
    step = 1.0
    while True:
        yield from (step, 2 * step, 5 * step)
        step *= 10


def _parts(values: Sequence[float], fair: float) -> tuple[int, int, int]:
    """How many are within what is fair, beyond it, and beyond twice as much: those are counted as badly off twice."""
    within = sum(value <= fair for value in values)
    badly = sum(value > 2 * fair for value in values)
    return within, len(values) - within - badly, badly


def _fair_bars(
    bars: Sequence[tuple[float, float, int]], parts: Sequence[tuple[int, int, int]], fair: float, worst: float
) -> list[dict[str, Any]]:
    """The parts of each bar on top of each other, a line where fair ends and one where the worst-off is."""
    looks = (
        (_("within what is fair"), "@primary"),
        (_("beyond what is fair"), "@attention"),
        (_("beyond twice what is fair"), "@trouble"),
    )
    split: list[list[list[Any]]] = [[], [], []]
    for (start, end, count), counts in zip(bars, parts, strict=True):
        foot = 0
        for data, one in zip(split, counts, strict=True):
            if one:
                on_top = foot + one == count
                data.append([start, end, one, foot, count if on_top else "", f"{start:,.0f}–{end:,.0f}"])
            foot += one
    lines = [(fair, _("fair: {n}"), "@text"), (worst, _("worst-off: {n}"), "@trouble")]
    series: list[dict[str, Any]] = [
        {
            "shape": "bins",
            "name": name,
            "data": data,
            "encode": {"x": [0, 1], "y": 2},
            "itemStyle": {"color": colour},
            "avoids": [value for value, _said, _colour in lines],
            "told": [told(_("Cost"), 5), told(_("people"), 2, "number")],
        }
        for (name, colour), data in zip(looks, split, strict=True)
        if data
    ]
    marked = [
        {
            "xAxis": value,
            "label": {"formatter": said.format(n=f"{value:,.0f}"), "color": colour, "position": "end"},
            "lineStyle": {"color": colour, "type": "dashed", "width": 1.5},
        }
        for value, said, colour in lines
        if bars and value <= bars[-1][1]
    ]
    if series:
        series[0]["markLine"] = {"silent": True, "symbol": "none", "data": marked}
    return series
