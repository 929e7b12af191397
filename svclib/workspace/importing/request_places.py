"""The place that a cell of form 9 names: a team, and a station of it or a crew of its unit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from svclib.i18n import gettext as _
from svclib.tabular.request_places import place_splits, without_stage
from svclib.tabular.texts import half_width
from svclib.workspace.importing.entry import Entry
from svclib.workspace.importing.names import Organisation
from svclib.workspace.importing.places import pick


class Spot(NamedTuple):
    """A team, and its station or crew where one is meant."""

    team_id: int
    station_id: int | None = None
    crew_id: int | None = None


def find_spot(org: Organisation, text: str, home: int | None) -> Spot | None:
    """The one place that a text means, teams of the unit `home` before others; None where none or several fit."""
    found = list(dict.fromkeys(_fitting(org, text, home)))
    written = [one for one in found if _same(spot_words(org, one), text)]
    whole = [one for one in found if one == Spot(one.team_id)]
    return next((some[0] for some in (written, found, whole) if len(some) == 1), None)


def name_spot(entry: Entry, column: str, org: Organisation, text: str, home: int | None) -> Spot | None:
    """The same; else a fault with the nearest name."""
    spot = find_spot(org, text, home)
    if spot is not None:
        return spot
    if list(_fitting(org, text, home)):
        entry.fault(column, _("Several places may be meant by {text}.").format(text=text))
        return None
    unknown, several = _("There is no service team {text}."), _("Several service teams may be meant by {text}.")
    for team_text, rest in place_splits(text):
        teams = _teams(org, team_text, home)
        if len(teams) > 1:
            entry.fault(column, several.format(text=team_text))
            return None
        if teams:
            told = _("The team {team} has no station or crew {text}.").format(team=team_text, text=rest)
            entry.fault(column, told, org.stations.nearest(rest, teams[0]))
            return None
    pick(entry, column, org.teams, without_stage(text), None, unknown, several)
    return None


def spot_words(org: Organisation, spot: Spot) -> str:
    """What a place is called."""
    inside = org.name("station", spot.station_id) or org.name("crew", spot.crew_id)
    return " ".join(part for part in (org.name("team", spot.team_id), inside) if part)


def _fitting(org: Organisation, text: str, home: int | None) -> Iterator[Spot]:
    """Every place that the text may mean."""
    for team_text, rest in place_splits(text):
        for team_id in _teams(org, team_text, home):
            if not rest:
                yield Spot(team_id)
                continue
            stations = org.stations.find(rest, team_id)
            yield from (Spot(team_id, station_id=one) for one in stations)
            if not stations:
                unit_id = org.book.get("team", team_id)["unit_id"]
                yield from (Spot(team_id, crew_id=one) for one in org.crews.find(rest, unit_id))


def _teams(org: Organisation, text: str, home: int | None) -> tuple[int, ...]:
    return (org.teams.find(text, home) if home is not None else ()) or org.teams.find(text)


def _same(one: str, other: str) -> bool:
    return half_width(one).split() == half_width(other).split()
