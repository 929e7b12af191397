"""The province as plain coordinates: who is where in a stage, and whose way from home is long. No map of others."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from math import cos, radians
from typing import Any

from svclib.i18n import gettext as _
from svclib.i18n import ngettext, run_on
from svclib.pages.parts.charts import Chart, Heads, chart, clicks, told, twin
from svclib.pages.parts.texts import number, present, text
from svclib.pages.rotation.chosen import Row
from svclib.pages.rotation.facts import COLOURS, STATES, Facts, state_name, state_of, upper_of

Spot = tuple[float, float]
"""Longitude and latitude in degrees: as a chart's axes have them."""
SYMBOLS = {"none": "emptyCircle", "room": "circle", "full": "circle", "below": "triangle", "above": "diamond"}
_MARGIN = 0.06
"""Of the width around what is shown; the outline lies halfway."""
_LEAST_DEGREES = 0.2
# A label that is not seen: where a mark is, no name has room.
_ROOM_TAKEN = {"show": True, "formatter": " ", "position": "inside", "backgroundColor": "transparent", "fontSize": 11}
_ROOMY = 80
"""Up to so many teams have marks of full size."""


def province_map(facts: Facts, loads: Sequence[Row], stage: int, units: Collection[int] | None) -> Chart:
    """Teams and stations of a stage where they are: size is trainees, colour and sign how a team stands, lines the ways
    that are longer than the plan calls far. `units`: only ways of their people; None is everybody's."""
    plan = facts.plan
    spots = {int(row["team_id"]): _spot(plan.team_units.get(int(row["team_id"]), {})) for row in loads}
    drawn = _teams(loads, spots, stage)
    stations = _stations(facts, {team for team, spot in spots.items() if spot}, stage)
    far_km = float(facts.figures["far_km"])
    ways = [row for row in facts.ways if row["stage"] == stage and (units is None or row["unit_id"] in units)]
    far = [row for row in ways if present(row["km"]) and row["km"] > far_km]
    lines = [_line(row, stage) for row in far if present(row["home_latitude"])]
    known = [spot for spot in spots.values() if spot]
    missing = len(spots) - len(known)
    everything = [*known, *(one["value"][:2] for one in stations)]
    # Homes may lie outside the province's teams; all of a line is to be seen.
    everything += [spot for line in lines for spot in line["coords"]]
    lead = [
        _("The larger, the more trainees; lines are ways from home of more than {km} km.").format(km=f"{far_km:g}"),
        _("The outline is only drawn around what is shown."),
    ]
    if missing:
        told_ = ngettext(
            "{n} team has no coordinates and is not shown.", "{n} teams have no coordinates and are not shown.", missing
        )
        lead.append(told_.format(n=number(missing)))
    longest = max(far, key=lambda row: row["km"], default=None)
    title = _("In stage {number} nobody is more than {km} km from home").format(number=stage, km=f"{far_km:g}")
    if longest is not None:
        title = ngettext(
            "In stage {number} {n} person is more than {km} km from home, at most {most} km",
            "In stage {number} {n} people are more than {km} km from home, at most {most} km",
            len(far),
        ).format(number=stage, n=number(len(far)), km=f"{far_km:g}", most=f"{longest['km']:,.0f}")
    return chart(
        "map",
        title=title,
        lead=run_on(*lead),
        file="-".join((_("Map"), plan.name, str(stage))),
        table=_twin(facts, loads, far, spots),
        option=_option(facts, drawn, stations, lines, spots, everything) if known else None,
        empty=_("No team has coordinates. The register takes them with each team."),
        height=470,
        aspect=round(cos(radians(sum(spot[1] for spot in known) / len(known))), 4) if known else None,
    )


def hull(spots: Collection[Spot]) -> list[Spot]:
    """The corners of the smallest convex outline around these spots, counter-clockwise (Andrew's monotone chain)."""
    ordered = sorted(set(spots))
    if len(ordered) < 3:
        return ordered

    def half(listed: Sequence[Spot]) -> list[Spot]:
        found: list[Spot] = []
        for spot in listed:
            while len(found) > 1 and _turn(found[-2], found[-1], spot) <= 0:
                found.pop()
            found.append(spot)
        return found[:-1]

    return half(ordered) + half(ordered[::-1])


def _turn(one: Spot, two: Spot, three: Spot) -> float:
    """Over 0 where the way from one over two to three turns left."""
    return (two[0] - one[0]) * (three[1] - one[1]) - (two[1] - one[1]) * (three[0] - one[0])


def _outline(spots: Collection[Spot]) -> list[Spot]:
    """The hull, drawn a little wider around its middle, closed."""
    corners = hull(spots)
    if len(corners) < 3:
        return []
    middle = [sum(spot[axis] for spot in corners) / len(corners) for axis in (0, 1)]
    wide = [(x + (x - middle[0]) * _MARGIN, y + (y - middle[1]) * _MARGIN) for x, y in corners]
    return [*wide, wide[0]]


def _option(
    facts: Facts,
    drawn: dict[str, list[dict[str, Any]]],
    stations: list[dict[str, Any]],
    lines: list[dict[str, Any]],
    spots: dict[int, Spot | None],
    everything: Sequence[Spot],
) -> dict[str, Any]:
    series: list[dict[str, Any]] = []
    outline = _outline([(x, y) for x, y in everything])
    if outline:
        look = {"color": "@strong", "width": 1, "type": "dotted", "opacity": 0.8}
        series.append(
            {"type": "lines", "coordinateSystem": "cartesian2d", "polyline": True, "silent": True, "lineStyle": look}
            | {"data": [{"coords": [list(spot) for spot in outline]}], "z": 1}
        )
    series.append(_unit_names(facts, spots))
    if stations:
        telling = [told("", 2), told(_("Trainees"), 3, "number")]
        series.append(
            {"type": "scatter", "name": _("station"), "symbol": "rect", "data": stations, "told": telling, "z": 2}
            | {"itemStyle": {"color": "@muted", "opacity": 0.75}, "click": clicks("open_team", team=4, stage=5)}
        )
    if lines:
        look = {"color": "@change", "width": 1.3, "opacity": 0.75, "curveness": 0.18}
        telling = [told("", 0), told("", 1), told(_("Kilometres from home"), 2, "number")]
        series.append(
            {"type": "lines", "name": _("far from home"), "coordinateSystem": "cartesian2d", "data": lines, "z": 3}
            | {"symbol": ["circle", "arrow"], "symbolSize": [5, 8], "lineStyle": look, "told": telling}
            | {"itemStyle": {"color": "@change"}, "click": clicks("open_cell", person=3, stage=4)}
        )
    for state in STATES:
        if drawn[state]:
            telling = [told("", 2), told("", 6), told(_("Trainees"), 3, "number"), told(_("Places"), 7, "number")]
            series.append(
                {
                    "type": "scatter",
                    "name": state_name(state),
                    "symbol": SYMBOLS[state],
                    "data": drawn[state],
                    "itemStyle": {
                        "color": COLOURS[state],
                        "opacity": 0.95,
                        "borderColor": "@surface" if state != "none" else COLOURS[state],
                        "borderWidth": 1,
                    },
                    "label": {
                        "show": True,
                        "formatter": "{@[3]}",
                        "position": "inside",
                        "fontSize": 11,
                        "color": "@surface",
                    }
                    if state in ("full", "below", "above")
                    else _ROOM_TAKEN,
                    "labelLayout": {"hideOverlap": True},
                    "emphasis": {"scale": 1.2},
                    "click": clicks("open_team", team=4, stage=5),
                    "told": telling,
                    "z": 4,
                }
            )
    return {
        "xAxis": _axis([x for x, _y in everything], _("{value}°E")),
        "yAxis": _axis([y for _x, y in everything], _("{value}°N")),
        "series": series,
    }


def _axis(values: Sequence[float], formatter: str) -> dict[str, Any]:
    low, high = min(values), max(values)
    room = max(high - low, _LEAST_DEGREES) * _MARGIN
    return {
        "type": "value",
        "min": round(low - room, 3),
        "max": round(high + room, 3),
        "axisLabel": {"formatter": formatter, "showMinLabel": False, "showMaxLabel": False, "hideOverlap": True},
        "splitLine": {"lineStyle": {"color": "@line", "opacity": 0.6}},
    }


def _teams(loads: Sequence[Row], spots: dict[int, Spot | None], stage: int) -> dict[str, list[dict[str, Any]]]:
    """The teams that have coordinates, by how they stand."""
    drawn: dict[str, list[dict[str, Any]]] = {state: [] for state in STATES}
    # Hundreds of teams would hide each other.
    share = min(1.0, max(0.5, (_ROOMY / max(len(loads), 1)) ** 0.5))
    for row in loads:
        team_id, load, state = int(row["team_id"]), int(row["trainees"]), state_of(row)
        spot = spots[team_id]
        if spot:
            named = [str(row["team"]), load, team_id, stage, state_name(state), upper_of(row)]
            size = round(share * _size(load), 1)
            mark = {"value": [*spot, *named], "symbolSize": size}
            drawn[state].append(mark | {"label": {"padding": max(round(size / 2) - 6, 0)}})
    return drawn


def _stations(facts: Facts, teams: set[int], stage: int) -> list[dict[str, Any]]:
    """Stations of the teams that are shown; larger where trainees stand."""
    there = Counter(
        int(row["station_id"])
        for (_person, number_), row in facts.plan.placements.items()
        if number_ == stage and present(row["station_id"])
    )
    found = []
    for row in facts.stations:
        spot, load = _spot(row), there[int(row["id"])]
        if spot and int(row["team_id"]) in teams:
            named = [str(row["name"]), load, int(row["team_id"]), stage]
            found.append({"value": [*spot, *named], "symbolSize": 4 + 3 * min(load, 4)})
    return found


def _line(row: Row, stage: int) -> dict[str, Any]:
    team = text(row.get("team"))
    return {
        "coords": [
            [float(row["home_longitude"]), float(row["home_latitude"])],
            [float(row["longitude"]), float(row["latitude"])],
        ],
        "value": [str(row["name"]), team, round(float(row["km"])), int(row["person_id"]), stage],
    }


def _unit_names(facts: Facts, spots: dict[int, Spot | None]) -> dict[str, Any]:
    """What is where: each unit's name below its southernmost team, left out where it would cover a name or a mark."""
    places: defaultdict[str, list[Spot]] = defaultdict(list)
    for team_id, spot in spots.items():
        unit = text(facts.plan.team_units.get(team_id, {}).get("unit"))
        if spot and unit:
            places[unit].append(spot)
    data = [[*min(listed, key=lambda spot: spot[1]), unit] for unit, listed in places.items()]
    label = {
        "show": True,
        "formatter": "{@[2]}",
        "position": "bottom",
        "distance": 15,
        "color": "@muted",
        "fontSize": 12,
        "textBorderColor": "@surface",
        "textBorderWidth": 2,
    }
    return {
        "type": "scatter",
        "silent": True,
        "symbolSize": 1,
        "data": data,
        "label": label,
        "labelLayout": {"hideOverlap": True},
        "itemStyle": {"color": "@muted"},
        "z": 5,
    }


def _twin(facts: Facts, loads: Sequence[Row], far: Sequence[Row], spots: dict[int, Spot | None]) -> dict[str, Any]:
    away = Counter(int(row["team_id"]) for row in far)
    rows = []
    for row in loads:
        team_id = int(row["team_id"])
        spot = spots[team_id]
        unit = text(facts.plan.team_units.get(team_id, {}).get("unit"))
        where = _("no coordinates")
        if spot:
            where = _("{east}° E, {north}° N").format(east=f"{spot[0]:.2f}", north=f"{spot[1]:.2f}")
        rows.append([str(row["team"]), unit, int(row["trainees"]), state_name(state_of(row)), away[team_id], where])
    heads: Heads = {
        _("Service team"): "text",
        _("Unit"): "text",
        _("Trainees"): "number",
        _("How it stands"): "text",
        _("Far from home"): "number",
        _("Where"): "text",
    }
    return twin(heads, rows)


def _size(load: int) -> float:
    """The diameter of a team's mark in pixels: its area grows with the trainees."""
    return 8 + 7 * load**0.5 if load else 8


def _spot(row: Row) -> Spot | None:
    latitude, longitude = row.get("latitude"), row.get("longitude")
    if latitude is None or longitude is None or not present(latitude) or not present(longitude):
        return None
    return float(longitude), float(latitude)
