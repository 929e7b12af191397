"""The year drawn: teams over the stages, and who is where from which day to which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from svclib.i18n import gettext as _
from svclib.models import TeamSetting
from svclib.pages.parts.charts import Chart, Option, chart, clicks, moment, told, twin
from svclib.pages.parts.texts import number, present, text, word
from svclib.pages.rotation.board import stage_days, stage_name
from svclib.pages.rotation.chosen import Key, Plan, Row
from svclib.pages.rotation.facts import (
    COLOURS,
    STATES,
    Facts,
    limit_of,
    load_words,
    mentees_of,
    state_name,
    state_of,
    upper_of,
)

PALETTE = 7
"""So many teams have a colour each; more are coloured by their kind."""
_ROW = {"px": 28, "phone": 52}
_PLAIN, _BROKEN, _MISSED, _DRAFT = range(4)


def team_matrix(plan: Plan, listed: Sequence[tuple[int, Sequence[Row]]], *, title: str, lead: str, empty: str) -> Chart:
    """Teams × stages: trainees against places, by colour, sign and figure. A cell opens the team in the stage."""
    stages = [int(one["number"]) for one in plan.stages]
    drawn: dict[str, list[list[Any]]] = {state: [] for state in STATES}
    rows: list[list[Any]] = []
    for line, (team_id, loads) in enumerate(listed):
        for row in loads:
            stage, load = int(row["stage"]), int(row["trainees"])
            state, places, mentees = state_of(row), upper_of(row), mentees_of(row)
            term = stage_name(plan.stage(stage))
            drawn[state].append([stages.index(stage), line, load_words(row), team_id, stage, str(row["team"]), term])
            drawn[state][-1] += [load, places, mentees, _depth(row)]
            rows.append([str(row["team"]), term, load, places, mentees, state_name(state)])
    table = twin(
        {
            _("Service team"): "text",
            _("Stage"): "text",
            _("Trainees"): "number",
            _("Places"): "number",
            _("Mentors can take"): "number",
            _("How it stands"): "text",
        },
        rows,
    )
    option: Option = {
        "xAxis": {
            "type": "category",
            "position": "top",
            "data": [f"{stage_name(one)}\n{stage_days(one)}" for one in plan.stages],
            "axisLabel": {"formatter": "@stacked", "interval": 0, "lineHeight": 16},
            "axisTick": {"show": False},
        },
        "yAxis": _rows([_team_head(plan, team_id, loads) for team_id, loads in listed]),
        "series": [
            {
                "shape": "cells",
                "name": state_name(state),
                "data": data,
                "encode": {"x": 0, "y": 1},
                "itemStyle": {"color": COLOURS[state]},
                "depth": 10,
                "marked": state in ("below", "above"),
                "text": 2,
                "click": clicks("open_team", team=3, stage=4),
                "told": [
                    told("", 5),
                    told("", 6),
                    told(_("Trainees"), 7, "number"),
                    told(_("Places"), 8, "number"),
                    told(_("Mentors can take"), 9, "number"),
                ],
            }
            for state, data in drawn.items()
            if data
        ],
    }
    return chart(
        "matrix",
        title=title,
        lead=lead,
        file="-".join((_("Teams and stages"), plan.name)),
        table=table,
        option=option if rows else None,
        empty=empty,
        rows=len(listed),
        head={"px": 48, "phone": 30},
        bare=True,
    )


def person_spans(facts: Facts, people: Sequence[int], *, title: str) -> Chart:
    """People over the days of the year: where each stands, by the team's name and colour, and when nobody may be sent.

    A span opens the person in the stage. The list beside it says the same; its workbook is this chart's data.
    """
    plan = facts.plan
    line = {person_id: place for place, person_id in enumerate(people)}
    stays = {key: row for key, row in plan.placements.items() if key[0] in line}
    groups = _groups(plan, stays)
    drawn: dict[str, list[list[Any]]] = {name: [] for name in dict.fromkeys(groups.values())}
    marks = set[int]()
    teams: dict[str, int] = {}
    for key, row in stays.items():
        mark = _mark(plan, key, row)
        marks.add(mark)
        days = [moment(row["starts_on"].date()), moment(row["ends_on"].date())]
        place = text(row["station"]) or text(row["crew"])
        team = teams.setdefault(text(row["team"]), len(teams))
        drawn[groups[int(row["team_id"])]].append([line[key[0]], *days, team, *key, mark, place, text(row["mentor"])])
    series = [
        _spans(plan, name, data, list(teams), f"@p{place % PALETTE}")
        for place, (name, data) in enumerate(drawn.items())
    ]
    series += _open(plan, line) + _away(facts, line)
    option: Option = {
        "xAxis": {
            "type": "time",
            "position": "top",
            "min": moment(plan.stages[0]["starts_on"].date()),
            "max": moment(plan.stages[-1]["ends_on"].date()),
            "axisLabel": {
                "formatter": "@days",
                "customValues": [moment(one["starts_on"].date()) for one in plan.stages],
                "hideOverlap": True,
            },
            "axisTick": {"customValues": [moment(one["starts_on"].date()) for one in plan.stages]},
            "splitLine": {"show": False},
        },
        "yAxis": _rows([_person_head(plan.people[one]) for one in people]),
        "series": series,
    }
    if series:
        series[0]["markLine"] = _marked_days(plan)
    return chart(
        "timeline",
        title=title,
        lead=" · ".join(_signs(marks, away=bool(facts.absences))),
        file="-".join((_("Timeline"), plan.name)),
        option=option if series else None,
        empty=_("Nobody of those listed has a placement yet."),
        rows=len(people),
        row=_ROW,
        bare=True,
    )


def _depth(row: Row) -> float:
    """How deep the colour of a cell is, from 0 to 1: as full as the team is, or much where that is wrong."""
    load, limit = int(row["trainees"]), limit_of(row)
    if state_of(row) in ("below", "above"):
        return 0.7
    return round(min(load / limit, 1), 3) if limit else 0.5 * bool(load)


def _rows(names: Sequence[str]) -> dict[str, Any]:
    return {"type": "category", "inverse": True, "data": list(names), "axisTick": {"show": False}}


def _team_head(plan: Plan, team_id: int, loads: Sequence[Row]) -> str:
    unit = text(plan.team_units.get(team_id, {}).get("unit"))
    return "\n".join(filter(None, (str(loads[0]["team"]), unit)))


def _person_head(row: Row) -> str:
    return "\n".join(filter(None, (str(row["name"]), text(row["unit"]))))


def _groups(plan: Plan, stays: Mapping[Key, Row]) -> dict[int, str]:
    """The name of each team's colour: its own where there are few, else that of its kind."""
    teams = {int(row["team_id"]): text(row["team"]) for row in stays.values()}
    if len(teams) <= PALETTE or not plan.team_units:
        several = len(teams) <= PALETTE
        return {team_id: name if several else _("in a team") for team_id, name in sorted(teams.items())}
    kinds = {one: word(TeamSetting, plan.team_units.get(one, {}).get("setting")) for one in teams}
    order = {word(TeamSetting, one.value): place for place, one in enumerate(TeamSetting)}
    named = {one: kind or _("other team") for one, kind in kinds.items()}
    return dict(sorted(named.items(), key=lambda item: order.get(item[1], len(order))))


def _mark(plan: Plan, key: Key, row: Row) -> int:
    """What is to be seen of a placement besides its team."""
    here = [one for one in plan.by_person.get(key[0], ()) if present(one["stage"]) and int(one["stage"]) == key[1]]
    if any(one["hard"] for one in here):
        return _BROKEN
    if any(present(one["cost"]) for one in here):
        return _MISSED
    return _DRAFT if row["state"] == "draft" and bool(plan.row["published_version"]) else _PLAIN


def _spans(plan: Plan, name: str, data: list[list[Any]], texts: Sequence[str], colour: str) -> dict[str, Any]:
    """Spans of [row, from, to, which of the texts, person, stage, sign, station or crew, mentor]."""
    return {
        "shape": "spans",
        "name": name,
        "data": data,
        "encode": {"x": [1, 2], "y": 0},
        "itemStyle": {"color": colour},
        "texts": list(texts),
        "mark": 6,
        "marks": [
            {},
            {"sign": "!", "colour": "@trouble"},
            {"sign": "△", "colour": "@attention"},
            {"sign": "*", "dashed": True},
        ],
        "click": clicks("open_cell", person=4, stage=5),
        "told": [
            told("", 0, "row"),
            told("", 5, words=["", *(stage_name(one) for one in plan.stages)]),
            told("", 3, words=texts),
            told("", 7),
            told(_("Mentor"), 8),
            told(_("from"), 1, "day"),
            told(_("to"), 2, "last"),
            told("", 6, words=["", _("breaks a rule"), _("rule missed"), _("draft, not published")]),
        ],
    }


def _open(plan: Plan, line: Mapping[int, int]) -> list[dict[str, Any]]:
    """Stages in which somebody is due and stands nowhere."""
    data = []
    for person_id, number_ in sorted(plan.open):
        if person_id in line:
            term = plan.stage(number_)
            days = [moment(term["starts_on"].date()), moment(term["ends_on"].date())]
            data.append([line[person_id], *days, 0, person_id, number_, 0, "", ""])
    if not data:
        return []
    return [_spans(plan, _("not placed"), data, [_("not placed")], "@trouble") | {"hollow": True}]


def _away(facts: Facts, line: Mapping[int, int]) -> list[dict[str, Any]]:
    """Times at which somebody is not available, as far as they are in the year; never why."""
    stages = facts.plan.stages
    first, last = stages[0]["starts_on"], stages[-1]["ends_on"]
    data = [
        [line[person_id], moment(start.date()), moment(end.date()), 0]
        for row in facts.absences
        for person_id, start, end in [
            (int(row["person_id"]), max(row["starts_on"], first), min(row["ends_on"], last)),
        ]
        if person_id in line and start < end
    ]
    if not data:
        return []
    return [
        {
            "shape": "spans",
            "name": _("not available"),
            "data": data,
            "encode": {"x": [1, 2], "y": 0},
            "itemStyle": {"color": "@muted"},
            "texts": [_("not available")],
            "hatched": True,
            "told": [
                told("", 0, "row"),
                told("", 3, words=[_("not available")]),
                told(_("from"), 1, "day"),
                told(_("to"), 2, "last"),
            ],
        }
    ]


def _marked_days(plan: Plan) -> dict[str, Any]:
    """Where stages begin, and today where it is in the year."""
    lines: list[dict[str, Any]] = [
        {"xAxis": moment(one["starts_on"].date()), "lineStyle": {"color": "@line", "type": "solid"}}
        for one in plan.stages[1:]
    ]
    today = plan.ws.today
    if plan.stages[0]["starts_on"].date() <= today < plan.stages[-1]["ends_on"].date():
        look = {"color": "@change", "type": "solid", "width": 2}
        said = {"show": True, "formatter": _("today"), "position": "insideEndTop", "color": "@change"}
        lines.append({"xAxis": moment(today), "lineStyle": look, "label": said})
    return {"silent": True, "symbol": "none", "label": {"show": False}, "data": lines}


def _signs(marks: set[int], *, away: bool) -> list[str]:
    """What the signs mean that are to be seen."""
    told_ = [
        (_BROKEN in marks, _("! breaks a rule that must hold")),
        (_MISSED in marks, _("△ misses a weighed rule")),
        (_DRAFT in marks, _("* changed, not published")),
        (away, _("hatched: not available")),
    ]
    return [words for shown, words in told_ if shown]


def matrix_said(listed: Sequence[tuple[int, Sequence[Row]]]) -> str:
    """How many of the listed teams stand how, over all stages."""
    counts = dict.fromkeys(STATES, 0)
    for _team, loads in listed:
        for row in loads:
            counts[state_of(row)] += 1
    told_ = " · ".join(f"{state_name(state)} {number(count)}" for state, count in counts.items() if count)
    return _("Cells by how they stand: {told}").format(told=told_) if told_ else ""
