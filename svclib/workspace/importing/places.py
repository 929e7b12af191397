"""Where a row puts somebody: unit, crew, team, station, branch, found by name or refused with the nearest one."""

from __future__ import annotations

from typing import NamedTuple

from svclib.i18n import gettext as _
from svclib.models import UnitKind
from svclib.rules.imports import crew_kind, short_unit_name
from svclib.tabular.names import Names
from svclib.workspace.importing.entry import Entry
from svclib.workspace.importing.names import Organisation

_UNIT_NAME_MAX = 60


class Places(NamedTuple):
    """Ids of what the row names; None where it names nothing."""

    unit_id: int | None = None
    crew_id: int | None = None
    team_id: int | None = None
    station_id: int | None = None
    branch_id: int | None = None


def find_places(
    entry: Entry, org: Organisation, *, works_in: int | None, in_team: int | None, create_units: bool
) -> Places:
    """Find all places that the row names. `works_in` and `in_team` are where the register has the person today."""
    unit_id = _unit(entry, org, create=create_units)
    home = unit_id if entry.text("unit") is not None else works_in
    team_id = _team(entry, org, home, strict=unit_id is not None)
    if unit_id is None and works_in is None and team_id is not None and entry.text("unit") is None:
        unit_id = home = int(org.book.get("team", team_id)["unit_id"])
    known = entry.text("unit") is None or unit_id is not None
    return Places(
        unit_id=unit_id,
        crew_id=_crew(entry, org, home) if known else None,
        team_id=team_id,
        station_id=_station(entry, org, team_id if entry.text("team") is not None else in_team),
        branch_id=_branch(entry, org, home) if known else None,
    )


def pick(
    entry: Entry,
    field: str,
    names: Names,
    text: str,
    owner: int | None,
    unknown: str,
    several: str,
    *,
    unlike_any: str = "",
) -> int | None:
    """The one record that the text means, within an owner or anywhere; else a fault with the nearest name.

    Where no name is near, `unlike_any` is said in place of `unknown`.
    """
    found = names.find(text, owner)
    if len(found) == 1:
        return found[0]
    if found:
        entry.fault(field, several.format(text=text))
    else:
        near = names.nearest(text, owner)
        told = unknown if near else unlike_any or unknown
        entry.fault(field, told.format(text=text), near)
    return None


def _unit(entry: Entry, org: Organisation, *, create: bool) -> int | None:
    text = entry.text("unit")
    if text is None:
        return None
    if create and not org.units.find(text):
        return _new_unit(entry, org, text)
    return find_unit(entry, org)


def find_unit(entry: Entry, org: Organisation) -> int | None:
    """The unit that the row names; else a fault with the nearest name."""
    return pick(
        entry,
        "unit",
        org.units,
        entry.text("unit") or "",
        None,
        _("There is no unit {text} in the register."),
        _("Several units may be meant by {text}; write the official name."),
        unlike_any=org.no_unit,
    )


def _new_unit(entry: Entry, org: Organisation, name: str) -> int | None:
    if len(name) > _UNIT_NAME_MAX or name[0] in "=+-@" or set(name) & set("<>"):
        entry.fault("unit", _("{text} cannot be the name of a unit.").format(text=name))
        return None
    values = {"name": name, "short_name": short_unit_name(name), "kind": UnitKind.COMPANY.value, "parent_id": None}
    return org.create("unit", values)


def _team(entry: Entry, org: Organisation, unit_id: int | None, *, strict: bool) -> int | None:
    text = entry.text("team")
    if text is None or (entry.text("unit") is not None and unit_id is None):
        return None
    inside = org.teams.find(text, unit_id) if unit_id is not None else ()
    if len(inside) == 1:
        return inside[0]
    elsewhere = org.teams.find(text)
    if strict and not inside and elsewhere:
        home = org.name("unit", org.book.get("team", elsewhere[0])["unit_id"])
        reason = _("The team {text} belongs to {unit}, not to the unit of this row.")
        entry.fault("team", reason.format(text=text, unit=home))
        return None
    owner = unit_id if inside or strict else None
    return pick(
        entry,
        "team",
        org.teams,
        text,
        owner,
        _("There is no service team {text} in the register."),
        _("Several service teams may be meant by {text}; write the official name."),
    )


def _station(entry: Entry, org: Organisation, team_id: int | None) -> int | None:
    text = entry.text("station")
    if text is None or (entry.text("team") is not None and team_id is None):
        return None
    if team_id is None:
        entry.fault("station", _("There is a service station but no service team that it belongs to."))
        return None
    return pick(
        entry,
        "station",
        org.stations,
        text,
        team_id,
        _("The team has no service station {text}."),
        _("Several stations of the team may be meant by {text}."),
    )


def _crew(entry: Entry, org: Organisation, unit_id: int | None) -> int | None:
    text = entry.text("crew")
    if text is None or unit_id is None:
        return None
    found = org.crews.find(text, unit_id)
    if found:
        return found[0]
    # Crews come and go faster than anybody keeps a list of them: a new one is taken, and told.
    return org.create("crew", {"unit_id": unit_id, "kind": crew_kind(text).value, "name": text})


def _branch(entry: Entry, org: Organisation, unit_id: int | None) -> int | None:
    text = entry.text("branch")
    if text is None:
        return None
    return pick(
        entry,
        "branch",
        org.bodies,
        text,
        unit_id,
        _("There is no party branch {text} in the unit."),
        _("Several party branches may be meant by {text}; add the unit."),
    )
