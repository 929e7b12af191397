"""The small forms about one team: who answers for it, and the phone by which it is supervised."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from svclib.i18n import gettext as _
from svclib.models import Office
from svclib.pages.parts.forms import Field, Form
from svclib.pages.parts.texts import present, text
from svclib.pages.register.person_forms import Action, compact, only, since
from svclib.pages.register.scope import Options, Scope
from svclib.rules.composition import Rule
from svclib.rules.identity import supervision_phone_flaw
from svclib.workspace import Workspace

Team = Mapping[str, Any]
PHONE = "supervision_phone"
DISMISS = "dismiss"


def team_actions(ws: Workspace) -> list[Action]:
    """Everything that whoever acts may do with a team, the most frequent first."""
    appoint = "register.appoint"
    offered = [
        Action(Office.CAPTAIN, _("Appoint captain"), "mdi-account-star-outline", appoint),
        Action(PHONE, _("Supervision phone"), "mdi-phone-outline", "register.edit_team"),
        Action(Office.PARTY_HEAD, _("Name the party's person responsible"), "mdi-flag-outline", appoint),
        Action(Office.ADMIN_HEAD, _("Name the administration's person responsible"), "mdi-domain", appoint),
        Action(DISMISS, _("Dismiss the captain"), "mdi-account-off-outline", "register.dismiss", _no_captain),
    ]
    return [one for one in offered if ws.may(one.verb)]


def _no_captain(team: Team) -> str | None:
    return None if present(team["captain_id"]) else _("There is no captain on this day.")


def team_form(name: str, scope: Scope, team: Team) -> Form:
    """The form of an action, filled with what is known."""
    called, today = str(team["short_name"]), {"on": scope.on}
    if name == PHONE:
        phone = Field(
            PHONE,
            _("Supervision phone"),
            check=compact(supervision_phone_flaw),
            help=_("The number that customers may call about the team; empty if there is none."),
        )
        known = {PHONE: text(team[PHONE])}
        return Form(name, _("Supervision phone of {team}").format(team=called), _("Save"), only(phone), known)
    if name == DISMISS:
        return Form(
            name,
            _("{name} is captain of {team} no longer").format(name=team["captain"], team=called),
            _("Dismiss the captain"),
            only(since(_("First day without this captain"))),
            today,
            lead=_("The team has no captain then, which breaks a composition rule, until another one is appointed."),
        )
    titles = {
        Office.CAPTAIN: _("Captain of {team}"),
        Office.PARTY_HEAD: _("The party's person responsible for {team}"),
        Office.ADMIN_HEAD: _("The administration's person responsible for {team}"),
    }
    office = Office(name)
    people = _members(scope, team) if office == Office.CAPTAIN else _employed(scope, team)
    who = Field("person_id", _("Who is appointed"), "choice", required=True, options=people)
    return Form(
        name,
        titles[office].format(team=called),
        _("Appoint"),
        only(who, since(_("From"))),
        today,
        lead=_("{name} holds the office so far; that ends on the day.").format(name=team[office])
        if present(team[office])
        else None,
    )


def _members(scope: Scope, team: Team) -> Options:
    everybody = scope.ws.register.who(int(team["id"]), Rule.SIZE, scope.on)
    return scope.people_options(everybody[everybody["counts"]])


def _employed(scope: Scope, team: Team) -> Options:
    return scope.people_options(scope.ws.register.people(scope.on, unit=int(team["unit_id"])))


def save_team(name: str, scope: Scope, team: Team, version: int, read: Mapping[str, Any]) -> str:
    """Do what the form says, and tell it in a sentence."""
    register, team_id, called = scope.ws.register, int(team["id"]), str(team["short_name"])
    if name == PHONE:
        number = read[PHONE] and "".join(read[PHONE].split())
        register.edit_team(team_id, {PHONE: number}, version=version)
        return _("Saved: {name}.").format(name=called)
    day = read["on"].isoformat()
    if name == DISMISS:
        register.dismiss(team_id, Office.CAPTAIN, on=read["on"])
        return _("{team} has no captain from {day} on.").format(team=called, day=day)
    register.appoint(team_id, name, read["person_id"], on=read["on"])
    return _("Recorded for {name}.").format(name=called)
