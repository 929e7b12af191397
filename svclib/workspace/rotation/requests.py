"""Requests of trainees (form 9): filed, listed, taken back. Deciding about them: `deciding`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from svclib.errors import Duplicate, Forbidden, RuleBroken
from svclib.i18n import gettext as _
from svclib.models import Person, RequestKind, RequestState, RotationRequest, Station, Team, label, table
from svclib.rules.requests import Step, objection
from svclib.workspace.base import Area, Transaction, verb
from svclib.workspace.frames import frame, records
from svclib.workspace.policy import SYSTEM
from svclib.workspace.register.days import as_day
from svclib.workspace.rotation.asking import member_of
from svclib.workspace.rotation.drafting import require_place
from svclib.workspace.rotation.learning import NOWHERE, read_known, trainees
from svclib.workspace.rotation.missing import absences_of
from svclib.workspace.rotation.places import PERSON_COLUMNS, PLACE_COLUMNS, Place
from svclib.workspace.rotation.plans import PlanRef, plan_row, stages_of
from svclib.workspace.rotation.reading import Names
from svclib.workspace.rotation.reasons import is_hr_of, is_own_hr, reveal, sealed, wrote
from svclib.workspace.rotation.request_rows import (
    Row,
    acting_name,
    is_about,
    newest,
    objection_to_place,
    part_of,
    place_words,
    present_of,
    present_words,
    request_row,
    settle,
    unsettled,
    wanted_columns,
    when_asked,
)

if TYPE_CHECKING:
    import pandas as pd

REQUEST_COLUMNS = {
    "id": "id",
    "version": "int",
    **PERSON_COLUMNS,
    "kind": "text",
    "state": "text",
    "stage": "int",
    "starts_on": "day",
    "ends_on": "day",
    "present": "text",
    "wanted": "text",
    "wanted_team_id": "id",
    "wanted_station_id": "id",
    "wanted_crew_id": "id",
    "has_reason": "flag",
    "reason_readable": "flag",
    "claim": "text",
    "asked_on": "day",
    "by_person": "flag",
    "asked_by": "text",
    "recorded_by": "text",
    "recorded_at": "instant",
    "decided_by": "text",
    "decided_at": "instant",
    "answer": "text",
    "open": "flag",
    "decidable": "text",
    "withdrawable": "text",
    "revocable": "text",
}
"""Columns of `requests()`. `ends_on` is the first day after; `wanted` is empty where any other team would do.

`open`: approved, and what is published does not say so yet. `reason_readable`: who reads this may read why. `answer`
is shown to the person and to the own unit's HR; of a pending request it tells why its approval was revoked.
`decidable`, `withdrawable` and `revocable`: why who reads this cannot decide it, take it back or revoke its approval,
empty where they can.
"""
ANSWER = "answer"

_REQUEST = table(RotationRequest)
_PERSON = table(Person)
_TEAM = table(Team)
_STATION = table(Station)


class Requests(Area):
    """Requests of trainees."""

    @verb("rotation.request", writes=True)
    def request(
        self,
        tx: Transaction,
        plan: PlanRef,
        person_id: int,
        kind: str,
        *,
        stage: int | None = None,
        starts_on: date | str | None = None,
        ends_on: date | str | None = None,
        team_id: int | None = None,
        station_id: int | None = None,
        crew_id: int | None = None,
        reason: str | None = None,
        asked_on: date | str | None = None,
        asked_by: str | None = None,
    ) -> int:
        """File a request for leave (kind "absence") or for another placement ("change") and return its id.

        A stage stands for its days; `ends_on` is the first day after. A change is about one stage, and without a team
        asks for any other than the published one; a team as such means any of its places; leave names no place.
        `reason` is stored encrypted. `asked_by` names who asks for the unit (an account: in its own name); left out,
        the person asks. Nothing of the plan changes. Raises RuleBroken naming the field, Duplicate for one that is
        filed or holds already, NotFound for a stage, a place, or somebody who takes no part or is not in scope.
        """
        stored = member_of(tx, plan, person_id)
        chosen = _kind(kind)
        when = when_asked(tx, stages_of(tx, stored["id"]), chosen, stage, starts_on, ends_on)
        place = _asked_place(chosen, team_id, station_id, crew_id)
        if place is not None:
            require_place(tx, place)
        day = tx.today if asked_on is None else as_day(asked_on, field="asked_on")
        if day > tx.today:
            raise RuleBroken(_("What was asked for lies in the past, or is of today."), field="asked_on")
        present = present_of(tx, stored["id"], person_id, when)
        if chosen == RequestKind.CHANGE:
            told = objection_to_place(place, present)
            if told is not None:
                raise RuleBroken(told, field="team_id")
        slot = {"plan_id": stored["id"], "person_id": person_id, "kind": chosen.value, **when.columns()}
        _refuse_twice(tx, slot, wanted_columns(place))
        values = {
            **slot,
            **present.columns(),
            **wanted_columns(place),
            "reason": sealed(tx, reason),
            "claim": None,
            "state": RequestState.PENDING.value,
            "asked_on": day,
            **_asker(tx, person_id, asked_by),
            "recorded_by": tx.actor.name,
            "version": 1,
        }
        row_id = tx.insert(_REQUEST, {**values, "recorded_at": tx.now})
        tx.record(_REQUEST, row_id, after=values)
        return row_id

    @verb("rotation.requests", writes=False)
    def requests(self, tx: Transaction, plan: PlanRef, *, state: str | None = None) -> pd.DataFrame:
        """List the requests about people in scope, those to be decided first, then the newest; as `REQUEST_COLUMNS`.

        Nothing says why. Raises RuleBroken for a state that there is not.
        """
        stored = plan_row(tx, plan)
        chosen = select(_REQUEST).where(
            _REQUEST.c.plan_id == stored["id"], *tx.scope.standing(_REQUEST.c.person_id, tx.today)
        )
        if state is not None:
            chosen = chosen.where(_REQUEST.c.state == _state(state).value)
        pending = _REQUEST.c.state != RequestState.PENDING.value
        rows = tx.rows(chosen.order_by(pending, _REQUEST.c.recorded_at.desc(), _REQUEST.c.id.desc()))
        waiting, told = unsettled(tx, stored, rows), _Telling(tx, rows)
        return frame([told.row(row) | {"open": row["id"] in waiting} for row in rows], REQUEST_COLUMNS)

    def requests_workbook(self, plan: PlanRef, *, state: str | None = None, unit: int | None = None) -> bytes:
        """Write the list of requests as form 9 (.xlsx), never why; brought in again it changes nothing.

        `unit` (id): only those of its people. Raises NotFound, Forbidden, RuleBroken for a state that there is not.
        """
        # Only who writes a workbook pays for it.
        from svclib.tabular.requests import RequestLine, requests_workbook

        rows = [row for row in records(self.requests(plan, state=state)) if unit is None or row["unit_id"] == unit]
        names = [one.name for one in fields(RequestLine)]
        return requests_workbook(
            self._called(plan),
            (RequestLine(**{name: _plain(row[name]) for name in names}) for row in rows),
        )

    @verb("rotation.requests", writes=False)
    def _called(self, tx: Transaction, plan: PlanRef) -> str:
        return str(plan_row(tx, plan)["name"])

    @verb("rotation.withdraw_request", writes=True)
    def withdraw_request(self, tx: Transaction, request_id: int, *, version: int | None = None) -> int:
        """Take a request back that nobody has decided yet and return its version; None: as it stands.

        Raises RuleBroken for one that is settled, Forbidden for who neither asked nor filed it, StaleRecord, NotFound.
        """
        row = request_row(tx, request_id)
        told = objection(Step.WITHDRAW, RequestState(row["state"]), part_of(tx, row, acting_name(tx)))
        if told is not None:
            raise (RuleBroken if row["state"] != RequestState.PENDING else Forbidden)(told)
        return settle(tx, row, Step.WITHDRAW, version=version, by=acting_name(tx))

    @verb("rotation.request_reason", writes=True)
    def request_reason(self, tx: Transaction, request_id: int) -> str | None:
        """Read why somebody asks; the trail tells that it was read.

        Read by the person, by who filed it, and by HR of the unit that employs the person. Raises Forbidden for all
        others, NotFound.
        """
        row = request_row(tx, request_id)
        if not (is_about(tx, row) or wrote(tx, row["recorded_by"]) or is_own_hr(tx, row["person_id"])):
            raise Forbidden(_("Only the person, who filed the request, or the own unit's HR may read the reason."))
        return reveal(tx, _REQUEST, row)

    @verb("rotation.request", writes=False)
    def places_to_ask(self, tx: Transaction, plan: PlanRef, person_id: int) -> pd.DataFrame:
        """List the teams, and their stations, that somebody may ask for: the own unit's and those of the exceptions.

        Columns as in `PLACE_COLUMNS`. Raises NotFound for somebody who takes no part or is not in scope.
        """
        stored = member_of(tx, plan, person_id)
        known = read_known(tx, stored["id"], select(_PERSON.c.id).where(_PERSON.c.id == person_id))
        units = {known.units.get(person_id, NOWHERE), *known.exceptions[person_id]}
        here = (_TEAM.c.unit_id.in_(sorted(units)), _TEAM.c.closed_on.is_(None))
        teams = tx.rows(select(_TEAM.c.id, _TEAM.c.short_name).where(*here).order_by(_TEAM.c.unit_id, _TEAM.c.id))
        stations = tx.rows(
            select(*_STATION.c["id", "team_id", "name"])
            .where(_STATION.c.team_id.in_([team["id"] for team in teams]), _STATION.c.closed_on.is_(None))
            .order_by(_STATION.c.id)
        )
        blank = dict.fromkeys(PLACE_COLUMNS)
        rows = []
        for team in teams:
            named = {**blank, "team_id": team["id"], "team": team["short_name"]}
            of_team = [one for one in stations if one["team_id"] == team["id"]]
            rows += [named, *({**named, "station_id": one["id"], "station": one["name"]} for one in of_team)]
        return frame(rows, PLACE_COLUMNS)

    @verb("rotation.request", writes=False)
    def people_to_ask(self, tx: Transaction, plan: PlanRef) -> pd.DataFrame:
        """List for whom who acts may file a request: the plan's trainees in scope, with name and employee number."""
        columns = {"person_id": "id", "name": "text", "employee_no": "text"}
        listed = select(_PERSON.c.id.label("person_id"), *_PERSON.c["name", "employee_no"])
        here = _PERSON.c.id.in_(trainees(tx, plan_row(tx, plan)["id"]))
        return frame(tx.rows(listed.where(here).order_by(_PERSON.c.pinyin, _PERSON.c.id)), columns)


class _Telling:
    """Requests in the words of a list."""

    def __init__(self, tx: Transaction, rows: Sequence[Row]) -> None:
        self.tx, self.me = tx, acting_name(tx)
        self.names = Names(tx, [_wanted(row) for row in rows])

    def row(self, row: Row) -> Row:
        tx, named = self.tx, self.names.of(_wanted(row))
        state, part = RequestState(row["state"]), part_of(tx, row, self.me, person=named["name"])
        own_hr = is_hr_of(tx, named["unit_id"])
        hears = tx.actor == SYSTEM or part.about or own_hr
        return {
            **row,
            **{name: named[name] for name in PERSON_COLUMNS if name in named},
            "stage": row["stage_number"],
            "present": present_words(row["present"]),
            "wanted": None if row["wanted_team_id"] is None else place_words(self.names, _wanted(row)),
            "has_reason": row["reason"] is not None,
            "reason_readable": row["reason"] is not None and (part.about or part.filed or own_hr),
            "answer": tx.vault.decrypt(ANSWER, row["answer"]) if hears else None,
            "decidable": objection(Step.APPROVE, state, part),
            "withdrawable": objection(Step.WITHDRAW, state, part),
            "revocable": objection(Step.REVOKE, state, part),
        }


def _plain(value: Any) -> Any:
    """A day of a frame as a day."""
    return value.date() if hasattr(value, "date") else value


def _wanted(row: Row) -> Row:
    """The row with the place that is asked for, as a placement names it."""
    place = {name: row[f"wanted_{name}"] for name in ("team_id", "station_id", "crew_id")}
    return {"person_id": row["person_id"], "mentor_id": None, **place}


def _kind(kind: str) -> RequestKind:
    if kind not in {one.value for one in RequestKind}:
        raise RuleBroken(_("A request is for leave (absence) or for a change (change)."), field="kind")
    return RequestKind(kind)


def _asked_place(kind: RequestKind, team_id: int | None, station_id: int | None, crew_id: int | None) -> Place | None:
    """The place that is asked for. Raises RuleBroken where a place is told that would be left out of account."""
    told = any(one is not None for one in (team_id, station_id, crew_id))
    if kind == RequestKind.ABSENCE and told:
        raise RuleBroken(_("Leave asks for no team: to ask for another team file a change."), field="team_id")
    if team_id is None and told:
        raise RuleBroken(_("A station or crew is asked for together with its team."), field="team_id")
    return Place.at(team_id, station_id, crew_id)


def _state(state: str) -> RequestState:
    known = [one.value for one in RequestState]
    if state not in known:
        raise RuleBroken(
            _("There is no state {state}. Known are: {known}.").format(state=state, known="、".join(known))
        )
    return RequestState(state)


def _refuse_twice(tx: Transaction, slot: Row, wanted: Row) -> None:
    """Raise Duplicate for what waits for a decision, and for what was approved and holds.

    An approved change holds until something else was asked and approved, leave as long as it is written down.
    """
    standing = (RequestState.PENDING.value, RequestState.APPROVED.value)
    same = [_REQUEST.c[name] == slot[name] for name in ("plan_id", "person_id", "kind", "starts_on", "ends_on")]
    rows = tx.rows(select(_REQUEST).where(*same, _REQUEST.c.state.in_(standing)))
    waiting = [row for row in rows if row["state"] == RequestState.PENDING]
    approved = newest(row for row in rows if row["state"] == RequestState.APPROVED)
    if slot["kind"] == RequestKind.ABSENCE:
        away = absences_of(tx, [slot["person_id"]]).get(slot["person_id"], [])
        if not any(first <= slot["starts_on"] and slot["ends_on"] <= last for first, last in away):
            approved = []
    for row in (*waiting, *(one for one in approved if all(one[name] == value for name, value in wanted.items()))):
        told = _("The same is asked already ({state}).")
        raise Duplicate(told.format(state=label(RequestState(row["state"]))))


def _asker(tx: Transaction, person_id: int, asked_by: str | None) -> Row:
    """Who asks: the person, or the unit by somebody of this name; a trainee asks for nobody else."""
    name = (asked_by or "").strip()
    if name and not tx.policy.allows("rotation.approve_request"):
        raise Forbidden(_("Your role files its own requests only."))
    if len(name) > 60:
        raise RuleBroken(_("At most {limit} characters fit here.").format(limit=60), field="asked_by")
    person = tx.scalar(select(_PERSON.c.name).where(_PERSON.c.id == person_id))
    if name and tx.actor != SYSTEM:
        # An account asks in its own name.
        name = acting_name(tx)
    return {"by_person": not name, "asked_by": name or str(person)[:60]}
