"""The small forms about one person: what each asks for, and what it does when saved."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from svclib.i18n import gettext as _
from svclib.models import DevelopmentStage, Office, PoliticalStatus, Sex
from svclib.pages.parts.forms import Field, Form
from svclib.pages.parts.texts import options, present, records, text
from svclib.pages.register.facts import field_words
from svclib.pages.register.scope import Options, Scope
from svclib.rules.identity import id_number_flaw, name_flaw, phone_flaw

Facts = Mapping[str, Any]
PROTECTED = ("id_number", "phone", "address")
EDITED = (
    "name", "employee_no", "sex", "birth_date", "ethnicity", "id_number", "phone", "address", "hired_on",
    "work_started_on", "skill_level", "party_joined_on", "education", "degree", "school", "major", "graduated_on",
    "origin", "note",
)  # fmt: skip
ADDED = ("name", "employee_no", "id_number", "sex", "birth_date", "phone", "hired_on")


@dataclass(frozen=True)
class Action:
    """Something that can be done with a person: its name and icon, what stands in the way, its form."""

    name: str
    label: str
    icon: str
    blocker: Callable[[Facts], str | None] = lambda facts: None


def actions() -> list[Action]:
    """Everything that can be done with a person, the most frequent first."""
    return [
        Action("edit", _("Edit"), "mdi-pencil-outline"),
        Action("transfer", _("Transfer"), "mdi-swap-horizontal", _not_employed),
        Action("join", _("Join a team"), "mdi-account-multiple-plus-outline", _in_a_team),
        Action("leave", _("Leave the team"), "mdi-account-multiple-minus-outline", _in_no_team),
        Action("status", _("Political status"), "mdi-flag-outline"),
        Action("stage", _("Stage of development"), "mdi-stairs-up"),
        Action("captain", _("Appoint captain"), "mdi-account-star-outline", _in_no_team),
        Action("end", _("End the employment"), "mdi-account-off-outline", _not_employed),
    ]


def _not_employed(facts: Facts) -> str | None:
    return None if present(facts.get("unit_id")) else _("Not employed on this day.")


def _in_a_team(facts: Facts) -> str | None:
    team = facts.get("team")
    return _("Is in {team} already: let the person leave it first.").format(team=team) if present(team) else None


def _in_no_team(facts: Facts) -> str | None:
    return None if present(facts.get("team_id")) else _("Is in no team on this day.")


def blocker(name: str, facts: Facts) -> str | None:
    """Why this cannot be done with the person now; None when it can."""
    return next((one.blocker(facts) for one in actions() if one.name == name), _("There is no such form."))


def make_form(name: str, scope: Scope, facts: Facts) -> Form:
    """The form of an action, filled with what is known."""
    who, today = str(facts.get("name", "")), scope.on
    made: dict[str, Callable[[], Form]] = {
        "add": lambda: _add(scope),
        "edit": lambda: _edit(facts),
        "transfer": lambda: Form(
            name, _("Transfer {name}").format(name=who), _("Transfer"),
            [_since(_("From")), _unit(scope), _crew(scope, None), Field("post", _("Post"))], {"on": today},
            lead=_("The unit so far ends on that day; team and history stay as they are."),
        ),
        "join": lambda: Form(
            name, _("{name} joins a team").format(name=who), _("Join the team"),
            [_since(_("From")), _team(scope), _station(scope), Field("duty", _("Duty in the team"))], {"on": today},
        ),
        "leave": lambda: Form(
            name, _("{name} leaves {team}").format(name=who, team=facts.get("team")), _("Leave the team"),
            [_since(_("First day outside the team"))], {"on": today},
        ),
        "status": lambda: Form(
            name, _("Political status of {name}").format(name=who), _("Record the status"),
            [_code(_("Political status"), PoliticalStatus), _since(_("Since"))],
            {"on": today, "code": None},
            lead=_("Recorded as a new period; what was before stays in the history."),
        ),
        "stage": lambda: Form(
            name, _("Stage of development of {name}").format(name=who), _("Record the stage"),
            [_code(_("Stage of development"), DevelopmentStage), _since(_("Since"))],
            {"on": today, "code": None},
            lead=_("Recorded as a new period; what was before stays in the history."),
        ),
        "captain": lambda: Form(
            name, _("{name} becomes captain of {team}").format(name=who, team=facts.get("team")), _("Appoint captain"),
            [_since(_("From"))], {"on": today}, lead=_("The captain so far, if there is one, ends on that day."),
        ),
        "end": lambda: Form(
            name, _("End the employment of {name}").format(name=who), _("End the employment"),
            [_since(_("First day no longer employed"))], {"on": today},
            lead=_("Team membership and offices end with it. The history stays."),
        ),
    }  # fmt: skip
    return made[name]()


def _add(scope: Scope) -> Form:
    fields = [*_facts(ADDED), _unit(scope), _crew(scope, scope.unit_id), Field("post", _("Post"))]
    fields.append(Field("status", _("Political status"), "choice", options=options(PoliticalStatus)))
    return Form(
        "add",
        _("Add a person"),
        _("Add to the register"),
        fields,
        {"hired_on": scope.on, "unit_id": scope.unit_id},
        lead=_("An employee number or an ID number is needed; a new graduate has no employee number yet."),
    )


def _edit(facts: Facts) -> Form:
    known = {key: facts[key] for key in EDITED if key not in PROTECTED and present(facts.get(key))}
    values = {key: value if key == "sex" else text(value) for key, value in known.items()}
    return Form("edit", _("Edit {name}").format(name=facts["name"]), _("Save"), _facts(EDITED, facts), values)


def _facts(keys: tuple[str, ...], facts: Facts | None = None) -> list[Field]:
    words = field_words()
    checks = {"name": name_flaw, "phone": phone_flaw, "id_number": id_number_flaw}
    days = {"birth_date", "hired_on", "work_started_on", "party_joined_on", "graduated_on"}
    fields = []
    for key in keys:
        hidden = (facts or {}).get(key) if key in PROTECTED else None
        fields.append(
            Field(
                key,
                words[key],
                "choice" if key == "sex" else "day" if key in days else "long" if key == "note" else "text",
                required=key == "name",
                options=options(Sex) if key == "sex" else (),
                placeholder=str(hidden) if present(hidden) else None,
                help=_("Leave empty to keep what is stored.") if present(hidden) else None,
                check=checks.get(key),
            )
        )
    return fields


def _since(label: str) -> Field:
    return Field("on", label, "day", required=True)


def _code(label: str, code: type[StrEnum]) -> Field:
    return Field("code", label, "choice", required=True, options=options(code))


def _unit(scope: Scope) -> Field:
    return Field("unit_id", _("Unit"), "choice", required=True, options=scope.unit_options(everything=False))


def _crew(scope: Scope, unit_id: int | None) -> Field:
    crews = scope.ws.register.crews(unit=unit_id)
    listed: Options = [
        {"id": int(row["id"]), "label": str(row["name"]), "hint": "" if unit_id else str(row["unit"])}
        for row in records(crews)
    ]
    return Field("crew_id", _("Crew"), "choice", options=listed)


def _team(scope: Scope) -> Field:
    return Field("team_id", _("Service team"), "choice", required=True, options=scope.team_options())


def _station(scope: Scope) -> Field:
    listed: Options = [
        {"id": int(row["id"]), "label": str(row["name"]), "hint": str(row["team"])} for row in records(scope.stations)
    ]
    return Field("station_id", _("Service station"), "choice", options=listed)


def save(name: str, scope: Scope, person_id: int, facts: Facts, read: Mapping[str, Any]) -> str:
    """Do what the form says, and tell it in a sentence. Editing is done by the panel, which keeps the version."""
    register, who = scope.ws.register, str(facts.get("name", ""))
    if name == "transfer":
        register.transfer(person_id, on=read["on"], unit_id=read["unit_id"], crew_id=read["crew_id"], post=read["post"])
        return _("{name} is transferred from {day} on.").format(name=who, day=read["on"].isoformat())
    if name == "join":
        register.join_team(person_id, read["team_id"], on=read["on"], station_id=read["station_id"], duty=read["duty"])
        return _("{name} is in the team from {day} on.").format(name=who, day=read["on"].isoformat())
    if name == "leave":
        register.leave_team(person_id, on=read["on"])
        return _("{name} is outside the team from {day} on.").format(name=who, day=read["on"].isoformat())
    if name == "status":
        register.record_status(person_id, read["code"], read["on"])
    elif name == "stage":
        register.record_stage(person_id, read["code"], read["on"])
    elif name == "captain":
        register.appoint(int(facts["team_id"]), Office.CAPTAIN, person_id, on=read["on"])
        return _("{name} is captain from {day} on.").format(name=who, day=read["on"].isoformat())
    elif name == "end":
        register.end_employment(person_id, on=read["on"])
        return _("{name} is no longer employed from {day} on.").format(name=who, day=read["on"].isoformat())
    return _("Recorded for {name}.").format(name=who)
