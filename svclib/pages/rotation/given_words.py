"""What is given to a plan beside the plan itself, as a person reads it."""

from __future__ import annotations

from datetime import timedelta

from svclib.i18n import gettext as _
from svclib.pages.parts.texts import present, records, text
from svclib.pages.rotation.chosen import Plan, Row


def days_words(row: Row) -> str:
    """The first and the last day of an absence."""
    last = row["ends_on"] - timedelta(days=1)
    return " – ".join(dict.fromkeys((text(row["starts_on"]), text(last))))


def pair_words(row: Row, person_id: int) -> str:
    """Whom somebody is kept apart from, or together with."""
    other = row["other"] if int(row["person_id"]) == person_id else row["name"]
    told = _("apart from {name}") if row["apart"] else _("together with {name}")
    return told.format(name=other)


def home_words(row: Row) -> str:
    """Where somebody is at home, in degrees."""
    latitude, longitude = float(row["home_latitude"]), float(row["home_longitude"])
    told = _("{latitude}° north, {longitude}° east")
    return told.format(latitude=f"{latitude:g}", longitude=f"{longitude:g}")


def town_words(plan: Plan, row: Row) -> str:
    """The unit whose seat is next to somebody's home, where it is near."""
    here = float(row["home_latitude"]), float(row["home_longitude"])
    near = [(abs(here[0] - at[0]) + abs(here[1] - at[1]), name) for name, at in seats(plan).items()]
    close = min(near, default=None)
    return _("near {place}").format(place=close[1]) if close is not None and close[0] <= 0.5 else ""


def seats(plan: Plan) -> dict[str, tuple[float, float]]:
    """The middle of each unit's teams by the unit's name, to a tenth of a degree."""
    spots: dict[str, list[tuple[float, float]]] = {}
    for row in plan.team_units.values():
        if present(row["latitude"]) and present(row["longitude"]):
            spots.setdefault(str(row["unit"]), []).append((float(row["latitude"]), float(row["longitude"])))
    return {
        name: (round(sum(one[0] for one in known) / len(known), 1), round(sum(one[1] for one in known) / len(known), 1))
        for name, known in spots.items()
    }


def stations_of(plan: Plan, team_id: int) -> dict[int, str]:
    """The names of a team's stations by id."""
    return {int(row["id"]): str(row["name"]) for row in records(plan.ws.register.stations(team=team_id))}


def bounds_of(plan: Plan, team_id: int) -> list[Row]:
    """The bounds that a team and its stations have of their own."""
    return [row for row in records(plan.ws.rotation.bounds(plan.id)) if int(row["team_id"]) == team_id]


def bound_words(row: Row) -> str:
    """The fewest and the most trainees of a bound."""
    lower = int(row["lower"])
    if not present(row["upper"]):
        return _("{lower} or more").format(lower=lower)
    return _("{lower}–{upper} trainees").format(lower=lower, upper=int(row["upper"]))


def placement_words(placed: Row) -> list[tuple[str, str]]:
    """What is known of a placement beside its place, by name."""
    named = ((_("Mentor"), "mentor"), (_("Lodging"), "lodging"), (_("Note"), "note"))
    return [(label, text(placed[key])) for label, key in named if text(placed[key])]
