"""How a stage is spread: over the teams, and over the mentors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from svclib.i18n import gettext as _
from svclib.i18n import ngettext, run_on
from svclib.pages.parts.charts import Chart, Heads, chart, clicks, told, twin
from svclib.pages.parts.texts import number, present, text
from svclib.pages.rotation.chosen import Plan, Row
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


def team_loads(plan: Plan, loads: Sequence[Row], stage: int) -> Chart:
    """Teams of a stage, the fullest first: a bar as long as there are trainees, a tick where the places end."""
    ranked = sorted(loads, key=lambda row: (-_share(row), -int(row["trainees"]), str(row["team"])))
    rows = [
        [str(row["team"]), int(row["trainees"]), upper_of(row), mentees_of(row), state_name(state_of(row))]
        for row in ranked
    ]
    heads: Heads = {
        _("Service team"): "text",
        _("Trainees"): "number",
        _("Places"): "number",
        _("Mentors can take"): "number",
        _("How it stands"): "text",
    }
    series = _bars(ranked, stage, state_of)
    limits = [
        [limit, line, str(row["team"])] for line, row in enumerate(ranked) if (limit := limit_of(row)) is not None
    ]
    return chart(
        "teams",
        title=_teams_finding(ranked, stage),
        lead=_("Trainees of each team; the tick is what its places and mentors allow."),
        file="-".join((_("Load of the teams"), plan.name, str(stage))),
        table=twin(heads, rows),
        option=_ranking([str(row["team"]) for row in ranked], series, limits) if rows else None,
        empty=_("No team receives anybody in this stage."),
        rows=len(ranked),
    )


def mentor_loads(facts: Facts, loads: Sequence[Row], stage: int, teams: set[int] | None) -> Chart:
    """Mentors of a stage by trainees, with the limit; by team, as long as no placement of the stage names a mentor.

    Until there are agreements a team's full party members guide up to the plan's limit each.
    """
    plan, most = facts.plan, int(facts.figures["mentees_per_mentor"])
    there = [
        row
        for (_person, number_), row in plan.placements.items()
        if number_ == stage and (teams is None or int(row["team_id"]) in teams)
    ]
    named = Counter((int(row["mentor_id"]), text(row["mentor"]), str(row["team"])) for row in there if _has_mentor(row))
    if not named:
        return _mentors_by_team(plan, loads, stage, most)
    ranked = sorted(named.items(), key=lambda item: (-item[1], item[0][1]))
    names = [f"{mentor}\n{team}" for (_id, mentor, team), _count in ranked]
    split: dict[str, list[list[Any]]] = {"room": [], "full": [], "above": []}
    for line, ((_id, mentor, team), count) in enumerate(ranked):
        split["above" if count > most else "full" if count == most else "room"].append([count, line, mentor, team])
    series = [_bar(state, data, told_at=(2, 3)) for state, data in split.items() if data]
    over, full = len(split["above"]), len(split["full"])
    free = len(there) - sum(named.values())
    lead = [_("Trainees of each mentor; the tick is the limit of {n}.").format(n=most)]
    if free:
        told_ = ngettext("{n} trainee has no mentor yet.", "{n} trainees have no mentor yet.", free)
        lead.append(told_.format(n=number(free)))
    title = (
        ngettext("{n} mentor has too many trainees", "{n} mentors have too many trainees", over).format(n=number(over))
        if over
        else ngettext("{n} mentor can take nobody more", "{n} mentors can take nobody more", full).format(
            n=number(full)
        )
        if full
        else _("Every mentor can take more trainees")
    )
    return chart(
        "mentors",
        title=title,
        lead=run_on(*lead),
        file="-".join((_("Load of the mentors"), plan.name, str(stage))),
        table=twin(
            {_("Mentor"): "text", _("Service team"): "text", _("Trainees"): "number", _("At most"): "number"},
            [[mentor, team, count, most] for (_id, mentor, team), count in ranked],
        ),
        option=_ranking(names, series, [[most, line, ""] for line in range(len(ranked))]),
        rows=len(ranked),
    )


def _mentors_by_team(plan: Plan, loads: Sequence[Row], stage: int, most: int) -> Chart:
    known = [row for row in loads if mentees_of(row) is not None]
    ranked = sorted(known, key=lambda row: (-_mentors_share(row), str(row["team"])))
    counts = Counter(_mentors_state(row) for row in ranked)
    over, full = counts["above"], counts["full"]
    if over:
        title = ngettext(
            "In {n} team there are more trainees than its mentors can take",
            "In {n} teams there are more trainees than their mentors can take",
            over,
        ).format(n=number(over))
    elif full:
        title = ngettext(
            "In {n} team the mentors can take nobody more", "In {n} teams the mentors can take nobody more", full
        ).format(n=number(full))
    else:
        title = _("In every team the mentors can take more trainees")
    rows = [[str(row["team"]), int(row["trainees"]), mentees_of(row)] for row in ranked]
    limits = [[mentees_of(row), line, str(row["team"])] for line, row in enumerate(ranked)]
    return chart(
        "mentors",
        title=title,
        lead=_("No placement names a mentor yet: each full party member of a team is counted for {n}.").format(n=most),
        file="-".join((_("Load of the mentors"), plan.name, str(stage))),
        table=twin({_("Service team"): "text", _("Trainees"): "number", _("Mentors can take"): "number"}, rows),
        option=_ranking([str(row["team"]) for row in ranked], _bars(ranked, stage, _mentors_state), limits)
        if rows
        else None,
        empty=_("No team receives anybody in this stage."),
        rows=len(ranked),
    )


def _teams_finding(ranked: Sequence[Row], stage: int) -> str:
    if not any(int(row["trainees"]) for row in ranked):
        return _("Nobody is placed in stage {number}").format(number=stage)
    counts = Counter(state_of(row) for row in ranked)
    if counts["above"] + counts["below"]:
        wrong = counts["above"] + counts["below"]
        return ngettext(
            "{n} team has too many or too few trainees", "{n} teams have too many or too few trainees", wrong
        ).format(n=number(wrong))
    emptiest = ranked[-1]
    told_ = {"n": number(counts["full"]), "team": str(emptiest["team"]), "load": load_words(emptiest)}
    if counts["full"]:
        return ngettext(
            "{n} team is full, the emptiest is {team} ({load})",
            "{n} teams are full, the emptiest is {team} ({load})",
            counts["full"],
        ).format(**told_)
    return _("No team is full, the fullest is {team} ({load})").format(
        team=str(ranked[0]["team"]), load=load_words(ranked[0])
    )


def _ranking(names: Sequence[str], series: list[dict[str, Any]], limits: list[list[Any]]) -> dict[str, Any]:
    """Rows with bars, each with a tick where its limit is."""
    ticks = {
        "shape": "ticks",
        "name": _("limit"),
        "data": limits,
        "encode": {"x": 0, "y": 1},
        "itemStyle": {"color": "@text"},
        "told": [told("", 2), told(_("limit"), 0, "number")],
    }
    return {
        "xAxis": {
            "type": "value",
            "position": "top",
            "minInterval": 1,
            # Of all rows, so that it stays where it is while they are scrolled.
            "max": max([1, *(datum[0] for one in series for datum in one["data"]), *(datum[0] for datum in limits)]),
            "axisLabel": {"hideOverlap": True},
        },
        "yAxis": {"type": "category", "inverse": True, "data": list(names), "axisTick": {"show": False}},
        "series": [*series, *([ticks] if limits else [])],
    }


def _bars(ranked: Sequence[Row], stage: int, stands: Any) -> list[dict[str, Any]]:
    split: dict[str, list[list[Any]]] = {state: [] for state in STATES}
    for line, row in enumerate(ranked):
        split[stands(row)].append([int(row["trainees"]), line, str(row["team"]), "", int(row["team_id"]), stage])
    click = {"click": clicks("open_team", team=4, stage=5)}
    # Nobody is no bar.
    return [_bar(state, data, told_at=(2,)) | click for state, data in split.items() if data and state != "none"]


def _bar(state: str, data: list[list[Any]], *, told_at: Sequence[int]) -> dict[str, Any]:
    return {
        "type": "bar",
        "name": state_name(state),
        "stack": "load",
        "data": data,
        "encode": {"x": 0, "y": 1},
        "itemStyle": {"color": COLOURS[state]},
        "barMaxWidth": 16,
        "label": {"show": True, "position": "right", "formatter": "{@[0]}", "color": "@text"},
        "told": [*(told("", at) for at in told_at), told(_("Trainees"), 0, "number")],
    }


def _has_mentor(row: Row) -> bool:
    return present(row["mentor_id"])


def _share(row: Row) -> float:
    limit = limit_of(row)
    return int(row["trainees"]) / limit if limit else float(bool(row["trainees"])) * 2


def _mentors_share(row: Row) -> float:
    most = mentees_of(row)
    return int(row["trainees"]) / most if most else float(bool(row["trainees"])) * 2


def _mentors_state(row: Row) -> str:
    load, most = int(row["trainees"]), mentees_of(row) or 0
    return "above" if load > most else "full" if load == most and load else "room" if load else "none"
