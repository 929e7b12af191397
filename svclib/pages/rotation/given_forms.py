"""The forms of what is given to a plan about a person: wishes, days away, home, exceptions, pairs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from svclib.errors import NotFound, RuleBroken
from svclib.i18n import gettext as _
from svclib.pages.parts.forms import Field, Form
from svclib.pages.parts.texts import present, records, text
from svclib.pages.rotation.chosen import Plan, Row
from svclib.pages.rotation.given_words import days_words, home_words, pair_words, seats
from svclib.workspace.rotation.asking import WISHES_MAX

UNITS_MOST = 5
_UNKNOWN, _DEGREES = "unknown", "degrees"
Read = Mapping[str, Any]


@dataclass(frozen=True)
class GivenForm:
    """A form about somebody or a team, and what saving it does; `save` returns the sentence that tells it.

    `carries`: it leaves the chosen plan as it stands then; after all others that is read anew.
    """

    form: Form
    save: Callable[[Read], str]
    carries: bool = False


def wish_form(plan: Plan, person_id: int) -> GivenForm:
    """Up to three teams, the dearest first."""
    who = plan.person(person_id)
    rows = records(plan.ws.rotation.wishes(plan.id, person_id=person_id))
    teams = _teams(plan, who, rows)
    names = [f"wish_{rank}" for rank in range(1, WISHES_MAX + 1)]
    labels = (_("First wish"), _("Second wish"), _("Third wish"))
    fields = [
        Field(name, label, "choice", options=teams, placeholder=_("none"))
        for name, label in zip(names, labels, strict=True)
    ]
    values: dict[str, Any] = dict.fromkeys(names)
    values |= {f"wish_{int(row['rank'])}": int(row["team_id"]) for row in rows}

    def save(read: Read) -> str:
        chosen = [(name, read[name]) for name in names if read[name] is not None]
        for number, (name, team) in enumerate(chosen):
            if team in [before for _name, before in chosen[:number]]:
                raise RuleBroken(_("Each wish is for another team."), field=name)
        plan.ws.rotation.wish(plan.id, person_id, [team for _name, team in chosen])
        return _("The wishes of {name} are saved.").format(name=who["name"])

    lead = _("A proposal weighs them; nobody is promised a place.")
    return GivenForm(_form("wish", _("Wishes of {name}"), who, fields, values, lead=lead), save)


def _teams(plan: Plan, who: Row, wished: Sequence[Row]) -> list[dict[str, Any]]:
    """Every team that there is, those of the person's own unit first; and what is wished for already."""
    ordered = sorted(plan.team_units.values(), key=lambda row: row["unit_id"] != _unit(who))
    listed = {int(row["id"]): (str(row["short_name"]), text(row["unit"])) for row in ordered}
    listed |= {int(row["team_id"]): (str(row["team"]), "") for row in wished if int(row["team_id"]) not in listed}
    teams = [{"id": team_id, "label": name, "hint": unit} for team_id, (name, unit) in listed.items()]
    return [{"id": None, "label": _("none")}, *teams]


def absence_form(plan: Plan, person_id: int) -> GivenForm:
    """Days on which somebody is not available."""
    who = plan.person(person_id)
    told = _("Kept encrypted. Only who writes this and the own unit's HR can read it; reading is noted in the trail.")
    fields = [*_days(), Field("reason", _("Reason"), "long", help=told)]

    def save(read: Read) -> str:
        last = read["ends_on"] + timedelta(days=1)
        plan.ws.rotation.absence(person_id, read["starts_on"], last, reason=read["reason"])
        return _("Noted: {name} is away {days}.").format(name=who["name"], days=_span(read))

    lead = _("Counts for every plan. Plans and notices say “not available”, never why.")
    return GivenForm(_form("absence", _("Days away of {name}"), who, fields, {}, lead=lead), save)


def edit_absence_form(plan: Plan, person_id: int, absence_id: int) -> GivenForm:
    """Other days for an absence."""
    who, row = plan.person(person_id), _absence(plan, person_id, absence_id)
    last = row["ends_on"] - timedelta(days=1)
    values = {"starts_on": text(row["starts_on"]), "ends_on": text(last)}

    def save(read: Read) -> str:
        plan.ws.rotation.edit_absence(absence_id, read["starts_on"], read["ends_on"] + timedelta(days=1))
        return _("Noted: {name} is away {days}.").format(name=who["name"], days=_span(read))

    lead = _("The reason stays as it was written.") if row["has_reason"] else None
    return GivenForm(_form("edit_absence", _("Days away of {name}"), who, _days(), values, lead=lead), save)


def end_absence_form(plan: Plan, person_id: int, absence_id: int) -> GivenForm:
    """Asks whether an absence is to be deleted."""
    who, row = plan.person(person_id), _absence(plan, person_id, absence_id)

    def save(_read: Read) -> str:
        plan.ws.rotation.end_absence(absence_id)
        return _("The absence is deleted.")

    lead = _("{name} then counts as available: {days}.").format(name=who["name"], days=days_words(row))
    title, submit = _("Delete the absence?"), _("Delete the absence")
    return GivenForm(Form("end_absence", title, submit, lambda _typed: [], {}, lead=lead), save)


def _absence(plan: Plan, person_id: int, absence_id: int) -> Row:
    rows = records(plan.ws.rotation.absences(plan.id, person_id=person_id))
    return _one(rows, absence_id, _("There is no such absence."))


def _days() -> list[Field]:
    return [
        Field("starts_on", _("First day"), "day", required=True),
        Field("ends_on", _("Last day"), "day", required=True),
    ]


def _span(read: Read) -> str:
    return " – ".join(dict.fromkeys((text(read["starts_on"]), text(read["ends_on"]))))


def home_form(plan: Plan, person_id: int) -> GivenForm:
    """The town in which somebody is at home: near a unit's seat, or in degrees."""
    who, known = plan.person(person_id), seats(plan)
    told = present(who["home_latitude"])
    near = [{"id": name, "label": name} for name in known]
    options = [{"id": _UNKNOWN, "label": _("not known")}, {"id": _DEGREES, "label": _("by coordinates")}, *near]
    values = {"near": _DEGREES if told else _UNKNOWN}
    if told:
        values |= {"latitude": f"{who['home_latitude']:g}", "longitude": f"{who['home_longitude']:g}"}
    help_ = _("As a rule near the seat of one of the units; where it is not known, the own unit's seat is taken.")

    def shape(typed: Mapping[str, Any]) -> list[Field]:
        fields = [Field("near", _("Near which seat"), "choice", required=True, options=options, help=help_)]
        if typed.get("near") == _DEGREES:
            told_ = _("In degrees, like {example}")
            fields += [
                Field(
                    "latitude", _("Latitude (north)"), required=True, help=told_.format(example="30.7"), check=_degrees
                ),
                Field(
                    "longitude",
                    _("Longitude (east)"),
                    required=True,
                    help=told_.format(example="104.1"),
                    check=_degrees,
                ),
            ]
        return fields

    def save(read: Read) -> str:
        place: tuple[float | None, float | None] = (None, None)
        if read["near"] == _DEGREES:
            place = float(read["latitude"]), float(read["longitude"])
        elif read["near"] != _UNKNOWN:
            place = known[read["near"]]
        plan.ws.rotation.home(plan.id, person_id, *place)
        if place[0] is None:
            return _("It is not known any more where {name} is at home.").format(name=who["name"])
        at = home_words({"home_latitude": round(place[0], 1), "home_longitude": round(place[1] or 0, 1)})
        return _("{name} is at home at {place}.").format(name=who["name"], place=at)

    lead = _("Kept to a tenth of a degree (some ten kilometres): the town, not the house.")
    title = _("Home of {name}").format(name=who["name"])
    return GivenForm(Form("home", title, _("Save"), shape, values, lead=lead), save)


def _degrees(typed: str) -> str | None:
    try:
        float(typed)
    except ValueError:
        return _("“{value}” is not a number.").format(value=typed)
    return None


def exception_form(plan: Plan, person_id: int) -> GivenForm:
    """Other units that somebody may be sent to."""
    who = plan.person(person_id)
    rows = records(plan.ws.rotation.exceptions(plan.id, person_id=person_id))
    listed = {int(one["id"]): str(one["short_name"]) for one in records(plan.ws.register.units())}
    listed |= {int(row["unit_id"]): str(row["unit"]) for row in rows}
    units = [{"id": one, "label": name} for one, name in listed.items() if one != _unit(who)]
    options: list[dict[str, Any]] = [{"id": None, "label": _("none")}, *units]
    most = min(max(UNITS_MOST, len(rows)), len(units))
    names = [f"unit_{n}" for n in range(1, most + 1)]
    values: dict[str, Any] = dict.fromkeys(names)
    values |= {f"unit_{n}": int(row["unit_id"]) for n, row in enumerate(rows, start=1)}

    def shape(typed: Mapping[str, Any]) -> list[Field]:
        asked = 1 + sum(typed.get(name) is not None for name in names)
        label = _("Unit")
        return [Field(name, label, "choice", options=options, placeholder=_("none")) for name in names[:asked]]

    def save(read: Read) -> str:
        plan.ws.rotation.allow_units(plan.id, person_id, sorted({unit for unit in read.values() if unit is not None}))
        return _("The exceptions for {name} are saved.").format(name=who["name"])

    lead = _("Trainees rotate inside their own unit; crossing units means lodging and travel.")
    title = _("Other units allowed for {name}").format(name=who["name"])
    return GivenForm(Form("exception", title, _("Save"), shape, values, lead=lead), save)


def pair_form(plan: Plan, person_id: int) -> GivenForm:
    """Somebody else to be kept apart from, or together with."""
    who = plan.person(person_id)
    ways = [
        {"id": "apart", "label": _("never in one team in the same stage")},
        {"id": "together", "label": _("in one team in every stage")},
    ]
    told = _("Kept encrypted. Only you can read it again; reading is noted in the trail.")
    fields = [
        Field("other_id", _("The other trainee"), "choice", required=True, options=_others(plan, person_id)),
        Field("way", _("How"), "choice", required=True, options=ways),
        Field("reason", _("Reason"), "long", help=told),
    ]

    def save(read: Read) -> str:
        apart = read["way"] == "apart"
        plan.ws.rotation.pair(plan.id, person_id, read["other_id"], apart=apart, reason=read["reason"])
        return _("The pair is noted.")

    lead = _("Plans and notices never say why.")
    return GivenForm(_form("pair", _("A pair with {name}"), who, fields, {"way": "apart"}, lead=lead), save)


def _others(plan: Plan, person_id: int) -> list[dict[str, Any]]:
    """Who could come to a team together with somebody: the same unit's, and whom an exception lets cross."""
    unit = _unit(plan.people[person_id])
    reach = {one: {_unit(row)} for one, row in plan.people.items()}
    if plan.ws.may("rotation.exceptions"):
        for row in records(plan.ws.rotation.exceptions(plan.id)):
            reach.get(int(row["person_id"]), set()).add(int(row["unit_id"]))
    mine = reach[person_id]
    found = [(one, row) for one, row in plan.people.items() if one != person_id and reach[one] & mine]
    found.sort(key=lambda one: _unit(one[1]) != unit)
    return [
        {
            "id": one,
            "label": str(row["name"]),
            "hint": " ".join(filter(None, (text(row["employee_no"]), text(row["unit"])))),
        }
        for one, row in found
    ]


def unpair_form(plan: Plan, person_id: int, pair_id: int) -> GivenForm:
    """Asks whether a pair is to be undone."""
    who = plan.person(person_id)
    rows = records(plan.ws.rotation.pairs(plan.id, person_id=person_id))
    row = _one(rows, pair_id, _("There is no such pair in the plan."))

    def save(_read: Read) -> str:
        plan.ws.rotation.unpair(plan.id, pair_id)
        return _("The pair is undone.")

    lead = f"{who['name']}：{pair_words(row, person_id)}"
    return GivenForm(Form("unpair", _("Undo the pair?"), _("Undo the pair"), lambda _typed: [], {}, lead=lead), save)


def _unit(row: Row) -> int:
    return int(row["unit_id"]) if present(row["unit_id"]) else 0


def _one(rows: Sequence[Row], row_id: int, missing: str) -> Row:
    for row in rows:
        if row["id"] == row_id:
            return row
    raise NotFound(missing)


def _form(
    name: str, title: str, who: Row, fields: Sequence[Field], values: dict[str, Any], *, lead: str | None
) -> Form:
    return Form(name, title.format(name=who["name"]), _("Save"), lambda _typed: fields, values, lead=lead)
