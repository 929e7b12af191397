"""The small forms about one person: what each asks for, and what it does when saved."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from svclib.i18n import gettext as _
from svclib.models import DevelopmentStage, Office, PoliticalStatus, Sex
from svclib.pages.parts.forms import Check, Field, Form
from svclib.pages.parts.texts import options, present, text
from svclib.pages.register.facts import field_words
from svclib.pages.register.scope import Scope
from svclib.rules.identity import id_number_flaw, name_flaw, phone_flaw
from svclib.workspace import Workspace

Facts = Mapping[str, Any]
Shape = Callable[[Mapping[str, Any]], Sequence[Field]]
PROTECTED = ("id_number", "phone", "address")
EDITED = (
    "name", "employee_no", "sex", "birth_date", "ethnicity", "id_number", "phone", "address", "hired_on",
    "work_started_on", "skill_level", "party_joined_on", "education", "degree", "school", "major", "graduated_on",
    "origin", "note",
)  # fmt: skip
ADDED = ("name", "employee_no", "id_number", "sex", "birth_date", "phone", "hired_on")


@dataclass(frozen=True)
class Action:
    """What can be done with a person or a team: its form's name, its icon, its verb, what stands in the way."""

    name: str
    label: str
    icon: str
    verb: str
    blocker: Callable[[Facts], str | None] = lambda facts: None


def actions(ws: Workspace) -> list[Action]:
    """Everything that whoever acts may do with a person, the most frequent first."""
    return [one for one in _actions() if ws.may(one.verb)]


def _actions() -> list[Action]:
    return [
        Action("edit", _("Edit"), "mdi-pencil-outline", "register.edit_person"),
        Action("transfer", _("Transfer"), "mdi-swap-horizontal", "register.transfer", _not_employed),
        Action("join", _("Join a team"), "mdi-account-multiple-plus-outline", "register.join_team"),
        Action("leave", _("Leave the team"), "mdi-account-multiple-minus-outline", "register.leave_team", _in_no_team),
        Action("status", _("Political status"), "mdi-flag-outline", "register.record_status"),
        Action("stage", _("Stage of development"), "mdi-stairs-up", "register.record_stage"),
        Action("captain", _("Appoint captain"), "mdi-account-star-outline", "register.appoint", _in_no_team),
        Action("end", _("End the employment"), "mdi-account-off-outline", "register.end_employment", _not_employed),
    ]


def action_views(offered: Sequence[Action], facts: Facts) -> list[dict[str, Any]]:
    """What the screen needs to offer these actions."""
    return [{"act": one.name, "label": one.label, "icon": one.icon, "blocker": one.blocker(facts)} for one in offered]


def _not_employed(facts: Facts) -> str | None:
    return None if present(facts.get("unit_id")) else _("Not employed on this day.")


def _in_no_team(facts: Facts) -> str | None:
    return None if present(facts.get("team_id")) else _("Is in no team on this day.")


def blocker(name: str, offered: Sequence[Action], facts: Facts) -> str | None:
    """Why this cannot be done now; None when it can."""
    return next((one.blocker(facts) for one in offered if one.name == name), _("There is no such form."))


def make_form(name: str, scope: Scope, facts: Facts) -> Form:
    """The form of an action, filled with what is known."""
    who, team, today = str(facts.get("name", "")), text(facts.get("team")), {"on": scope.on}
    history = _("Recorded as a new period; what was before stays in the history.")
    if name == "add":
        return _add(scope)
    if name == "edit":
        return _edit(facts)
    if name == "transfer":
        return Form(
            name,
            _("Transfer {name}").format(name=who),
            _("Transfer"),
            lambda values: [since(_("From")), _unit(scope), _crew(scope, values), Field("post", _("Post"))],
            today,
            lead=_("Going to another unit ends the membership in a service team of the unit so far, from that day on."),
        )
    if name == "join":
        return Form(
            name,
            _("{name} joins a team").format(name=who),
            _("Join the team"),
            lambda values: [
                since(_("From")),
                _team(scope),
                _station(scope, values),
                Field("duty", _("Duty in the team")),
            ],
            today,
            lead=_("The membership in {team} ends on that day.").format(team=team) if team else None,
        )
    if name == "leave":
        title = _("{name} leaves {team}").format(name=who, team=team)
        return Form(name, title, _("Leave the team"), only(since(_("First day outside the team"))), today)
    if name == "status":
        title, fields = _("Political status of {name}").format(name=who), _code("status", PoliticalStatus)
        return Form(name, title, _("Record the status"), fields, today, lead=history)
    if name == "stage":
        title, fields = _("Stage of development of {name}").format(name=who), _code("stage", DevelopmentStage)
        return Form(name, title, _("Record the stage"), fields, today, lead=history)
    if name == "captain":
        return Form(
            name,
            _("{name} becomes captain of {team}").format(name=who, team=team),
            _("Appoint captain"),
            only(since(_("From"))),
            today,
            lead=_("The captain so far, if there is one, ends on that day."),
        )
    return Form(
        name,
        _("End the employment of {name}").format(name=who),
        _("End the employment"),
        only(since(_("First day no longer employed"))),
        today,
        lead=_("Team membership and offices end with it. The history stays."),
    )


def _add(scope: Scope) -> Form:
    facts = _facts(ADDED)
    status = Field("status", _("Political status"), "choice", options=options(PoliticalStatus))
    post = Field("post", _("Post"))
    return Form(
        "add",
        _("Add a person"),
        _("Add to the register"),
        lambda values: [*facts, _unit(scope), _crew(scope, values), post, status],
        {"hired_on": scope.on, "unit_id": scope.unit_id},
        lead=_("An employee number or an ID number is needed; a new graduate has no employee number yet."),
    )


def _edit(facts: Facts) -> Form:
    known = {key: facts[key] for key in EDITED if key not in PROTECTED and present(facts.get(key))}
    values = {key: text(value) for key, value in known.items()}
    return Form("edit", _("Edit {name}").format(name=facts["name"]), _("Save"), only(*_facts(EDITED, facts)), values)


def only(*fields: Field) -> Shape:
    """A form whose fields do not depend on what stands in it."""
    return lambda values: fields


def compact(flaw: Check) -> Check:
    """Judge a number without its blanks: the register stores it so."""
    return lambda value: flaw(unicodedata.normalize("NFKC", "".join(value.split())).upper())


def _facts(keys: tuple[str, ...], facts: Facts | None = None) -> list[Field]:
    words = field_words()
    checks = {"name": name_flaw, "phone": compact(phone_flaw), "id_number": compact(id_number_flaw)}
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


def since(label: str) -> Field:
    """The day from which on what the form says is so."""
    return Field("on", label, "day", required=True)


def _code(key: str, code: type[StrEnum]) -> Shape:
    return only(Field(key, field_words()[key], "choice", required=True, options=options(code)), since(_("Since")))


def _unit(scope: Scope) -> Field:
    return Field("unit_id", _("Unit"), "choice", required=True, options=scope.unit_options(everything=False))


def _team(scope: Scope) -> Field:
    return Field("team_id", _("Service team"), "choice", required=True, options=scope.team_options())


def _crew(scope: Scope, values: Mapping[str, Any]) -> Field:
    """The crews of the unit that is chosen."""
    unit_id = values.get("unit_id")
    listed = [] if unit_id is None else scope.crew_options(int(unit_id))
    return Field("crew_id", _("Crew"), "choice", options=listed, help=None if listed else _("Choose the unit first."))


def _station(scope: Scope, values: Mapping[str, Any]) -> Field:
    """The stations of the team that is chosen."""
    team_id = values.get("team_id")
    listed = [] if team_id is None else scope.station_options(int(team_id))
    return Field(
        "station_id",
        _("Service station"),
        "choice",
        options=listed,
        help=None if listed else _("Choose the team first."),
    )


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
        register.record_status(person_id, read[name], read["on"])
    elif name == "stage":
        register.record_stage(person_id, read[name], read["on"])
    elif name == "captain":
        register.appoint(int(facts["team_id"]), Office.CAPTAIN, person_id, on=read["on"])
        return _("{name} is captain from {day} on.").format(name=who, day=read["on"].isoformat())
    elif name == "end":
        register.end_employment(person_id, on=read["on"])
        return _("{name} is no longer employed from {day} on.").format(name=who, day=read["on"].isoformat())
    return _("Recorded for {name}.").format(name=who)
