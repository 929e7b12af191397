"""The forms of what is given to a plan about places: a team's and its stations' bounds, a placement's mentor."""

from __future__ import annotations

from collections import Counter
from typing import Any

from svclib.errors import NotFound, RuleBroken
from svclib.i18n import gettext as _
from svclib.i18n import ngettext
from svclib.models import PoliticalStatus
from svclib.pages.parts.forms import Field, Form
from svclib.pages.parts.texts import present, records, text, word
from svclib.pages.rotation.chosen import Chosen, Plan, Row
from svclib.pages.rotation.given_forms import GivenForm, Read
from svclib.pages.rotation.given_words import bounds_of, stations_of

PLACES_MOST = 999


def bound_form(plan: Plan, team_id: int, station_id: int) -> GivenForm:
    """How many trainees a team (`station_id` 0), or one of its stations, takes in each stage."""
    known = {int(row["station_id"]) if present(row["station_id"]) else 0: row for row in bounds_of(plan, team_id)}
    values = _bound_values(known.get(station_id))
    name = stations_of(plan, team_id)[station_id] if station_id else str(team(plan, team_id)["short_name"])

    def save(read: Read) -> str:
        return _save_bound(plan, team_id, station_id, name, read)

    title = _("Places of {name} in each stage").format(name=name)
    return GivenForm(Form("bound", title, _("Save"), lambda _typed: _bound_fields(), values, lead=_lead()), save)


def station_bound_form(plan: Plan, team_id: int) -> GivenForm:
    """The same for one of the team's stations that is to be chosen."""
    names = stations_of(plan, team_id)
    options = [{"id": one, "label": name} for one, name in names.items()]
    station = Field("station", _("Station"), "choice", required=True, options=options)

    def save(read: Read) -> str:
        return _save_bound(plan, team_id, read["station"], names[read["station"]], read)

    title = _("Places of a station of {name}").format(name=team(plan, team_id)["short_name"])
    form = Form("station_bound", title, _("Save"), lambda _typed: [station, *_bound_fields()], {}, lead=_lead())
    return GivenForm(form, save)


def team(plan: Plan, team_id: int) -> Row:
    """What the register says of a team in scope. Raises NotFound."""
    if team_id not in plan.team_units:
        raise NotFound(_("There is no service team number {team}.").format(team=team_id))
    return plan.team_units[team_id]


def _lead() -> str:
    return _("The same in every stage. Left empty, both are as the plan's figures say.")


def _bound_values(row: Row | None) -> dict[str, Any]:
    if row is None:
        return {}
    return {"lower": str(int(row["lower"])), "upper": str(int(row["upper"])) if present(row["upper"]) else ""}


def _bound_fields() -> list[Field]:
    return [
        Field("lower", _("Fewest trainees"), "digits", check=_count, help=_("Trainees at the same time; empty is 0.")),
        Field("upper", _("Most trainees"), "digits", check=_count, help=_("Empty: no limit of its own.")),
    ]


def _count(typed: str) -> str | None:
    if not typed.isdecimal():
        return _("“{value}” is not a number.").format(value=typed)
    return None if int(typed) <= PLACES_MOST else _("At most {n} fit here.").format(n=PLACES_MOST)


def _save_bound(plan: Plan, team_id: int, station_id: int, name: str, read: Read) -> str:
    lower, upper = (int(read[key]) if read[key] is not None else None for key in ("lower", "upper"))
    plan.ws.rotation.bound(plan.id, team_id, lower, upper, station_id=station_id or None)
    if lower is None and upper is None:
        return _("The places of {name} are as the plan's figures say again.").format(name=name)
    return _("The places of {name} are saved.").format(name=name)


def details_form(chosen: Chosen, person_id: int, stage: int) -> GivenForm:
    """Mentor, lodging and note of a placement: kept in the draft until it is published."""
    plan, key = chosen.plan, (person_id, stage)
    who, placed = plan.person(person_id), plan.placements.get(key)
    if placed is None:
        raise RuleBroken(_("Only a placement has a mentor."))
    fields = [
        Field("mentor_id", _("Mentor"), "choice", options=_mentors(plan, key, placed), placeholder=_("none yet")),
        Field("lodging", _("Lodging")),
        Field("note", _("Note"), "long"),
    ]
    values = {
        "mentor_id": int(placed["mentor_id"]) if present(placed["mentor_id"]) else None,
        "lodging": text(placed["lodging"]),
        "note": text(placed["note"]),
    }

    def save(read: Read) -> str:
        station, crew = (int(placed[name]) if present(placed[name]) else None for name in ("station_id", "crew_id"))
        details = {name: read[name] for name in ("mentor_id", "lodging", "note")}
        moved = plan.ws.rotation.move(
            plan.id,
            *key,
            int(placed["team_id"]),
            station_id=station,
            crew_id=crew,
            version=plan.version,
            details=details,
        )
        chosen.moved(moved)
        return _("Saved in the draft: mentor, lodging and note of {name}.").format(name=who["name"])

    title = _("Mentor of {name}").format(name=who["name"])
    lead = _("People of {team}; the trainees of this plan are left out.").format(team=placed["team"])
    return GivenForm(Form("details", title, _("Save"), lambda _typed: fields, values, lead=lead), save, carries=True)


def _mentors(plan: Plan, key: tuple[int, int], placed: Row) -> list[dict[str, Any]]:
    """Who of the team can be a mentor, with status and how many trainees each has in the stage; who is it already."""
    taken = Counter(
        int(row["mentor_id"])
        for (person_id, stage), row in plan.placements.items()
        if stage == key[1] and person_id != key[0] and present(row["mentor_id"])
    )
    rows = records(plan.ws.register.people(team=int(placed["team_id"])))
    found: dict[int, dict[str, Any]] = {}
    for row in rows:
        person_id = int(row["id"])
        if person_id not in plan.people:
            about = [word(PoliticalStatus, row["status"]), _mentees(taken[person_id])]
            found[person_id] = {"id": person_id, "label": str(row["name"]), "hint": " · ".join(filter(None, about))}
    if present(placed["mentor_id"]) and int(placed["mentor_id"]) not in found:
        gone = {"id": int(placed["mentor_id"]), "label": text(placed["mentor"]), "hint": _("not in this team")}
        found[int(placed["mentor_id"])] = gone
    return [{"id": None, "label": _("none yet")}, *found.values()]


def _mentees(count: int) -> str:
    return ngettext("has {n} trainee then", "has {n} trainees then", count).format(n=count) if count else ""
