"""Requests as they are stored: about which days, from where to where, and what who acts has to do with them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from svclib.errors import NotFound, RuleBroken
from svclib.i18n import gettext as _
from svclib.models import (
    Account,
    Person,
    RequestKind,
    RequestState,
    RotationPlacement,
    RotationRequest,
    table,
)
from svclib.rules.requests import Part, Step, days_missed, leads_to, stage_of_days, touches_year
from svclib.rules.rotation import Stage
from svclib.workspace.base import Transaction
from svclib.workspace.policy import SYSTEM
from svclib.workspace.register.versions import require_version, save_row
from svclib.workspace.rotation.missing import Missing, Span
from svclib.workspace.rotation.places import Place
from svclib.workspace.rotation.plans import stages_of
from svclib.workspace.rotation.reading import Names
from svclib.workspace.rotation.reasons import absence_days, wrote
from svclib.workspace.rotation.standing import in_version

_REQUEST = table(RotationRequest)
_PLACED = table(RotationPlacement)
_PERSON = table(Person)
_ACCOUNT = table(Account)
_PRESENT_LENGTH = 400
_BETWEEN = "；"
_STORED_STAGE = re.compile(r"^(?:(\d+): |第 (\d+) 阶段 |Stage (\d+) )")
Row = dict[str, Any]


@dataclass(frozen=True)
class When:
    """The days that a request is about (`ends_on` exclusive), and the stage of a change."""

    starts_on: date
    ends_on: date
    stage: int | None = None

    def columns(self) -> Row:
        """The same as a row's columns."""
        return {"starts_on": self.starts_on, "ends_on": self.ends_on, "stage_number": self.stage}


@dataclass(frozen=True)
class Present:
    """Where somebody stands: in words, and for a change the place that would be left."""

    text: str | None = None
    place: Place | None = None

    def columns(self) -> Row:
        """The same as a row's columns."""
        return {"present": self.text, "present_team_id": self.place.team_id if self.place is not None else None}


def wanted_columns(place: Place | None) -> Row:
    """The place that is asked for as a row's columns; None: any other."""
    known = place.columns() if place is not None else dict.fromkeys(("team_id", "station_id", "crew_id"))
    return {f"wanted_{name}": value for name, value in known.items()}


def wanted_place(row: Mapping[str, Any]) -> Place | None:
    """The place that a request asks for; None where any other would do."""
    return Place.of({name: row[f"wanted_{name}"] for name in ("team_id", "station_id", "crew_id")})


def approved_changes(tx: Transaction, plan_id: int) -> dict[tuple[int, int], Row]:
    """The change that was approved last for each person and stage of a plan."""
    asked = (_REQUEST.c.plan_id == plan_id) & (_REQUEST.c.kind == RequestKind.CHANGE)
    listed = select(_REQUEST).where(asked, _REQUEST.c.state == RequestState.APPROVED)
    rows = tx.rows(listed.order_by(_REQUEST.c.decided_at, _REQUEST.c.id))
    return {(row["person_id"], row["stage_number"]): row for row in rows}


def when_asked(
    tx: Transaction,
    stages: Sequence[Stage],
    kind: RequestKind,
    stage: int | None,
    starts_on: date | str | None,
    ends_on: date | str | None,
) -> When:
    """The days that are meant: those of the stage, or those told. Raises NotFound, RuleBroken naming the field."""
    if stage is not None and (starts_on is not None or ends_on is not None):
        raise RuleBroken(_("Say either the stage or the days: a stage stands for all of its days."), field="starts_on")
    if stage is not None:
        found = next((one for one in stages if one.number == stage), None)
        if found is None:
            raise NotFound(_("The plan has no stage {number}.").format(number=stage))
        days = found.starts_on, found.ends_on
    elif starts_on is None or ends_on is None:
        raise RuleBroken(_("Say which stage or which days it is about."), field="starts_on")
    else:
        days = absence_days(starts_on, ends_on)
    return when_of(stages, kind, days, today=tx.today)


def when_of(stages: Sequence[Stage], kind: RequestKind, days: Span, *, today: date) -> When:
    """What these days mean for a request of this kind. Raises RuleBroken where they cannot be asked about."""
    if kind == RequestKind.ABSENCE:
        if not touches_year(stages, *days):
            raise RuleBroken(_("No stage of the plan has any of these days."), field="starts_on")
        return When(*days)
    stage = stage_of_days(stages, *days)
    if stage is None:
        raise RuleBroken(_("A change is about one stage: these days are not of one."), field="stage")
    if stage.ends_on <= today:
        raise RuleBroken(_("Stage {number} is over.").format(number=stage.number), field="stage")
    return When(stage.starts_on, stage.ends_on, stage.number)


def standing_of(tx: Transaction, plan_id: int, people: Collection[int]) -> list[Row]:
    """What is published of these people, by person and stage."""
    here = (_PLACED.c.plan_id == plan_id) & in_version(None) & _PLACED.c.person_id.in_(sorted(people))
    return tx.rows(select(_PLACED).where(here).order_by(_PLACED.c.person_id, _PLACED.c.stage_number))


def present_of(tx: Transaction, plan_id: int, person_id: int, when: When) -> Present:
    """Where somebody stands on these days by what is published."""
    rows = standing_of(tx, plan_id, [person_id])
    return present_among(rows, Names(tx, rows), stages_of(tx, plan_id), when)


def present_among(rows: Sequence[Row], names: Names, stages: Sequence[Stage], when: When) -> Present:
    """The same by what is published of the person, given with its names."""
    here = rows_near(rows, stages, when)
    if when.stage is None:
        # Worded for whoever reads it: see `present_words`.
        told = (f"{row['stage_number']}: {place_words(names, row)}" for row in here)
        return Present(_BETWEEN.join(told)[:_PRESENT_LENGTH] or None)
    if not here:
        return Present()
    return Present(place_words(names, here[0]), Place.of(here[0]))


def rows_near(rows: Sequence[Row], stages: Sequence[Stage], when: When) -> list[Row]:
    """Those of the rows whose stage has any of these days."""
    near = {one.number for one in stages if days_missed(one, when.starts_on, when.ends_on)}
    return [row for row in rows if row["stage_number"] in near]


def present_words(text: str | None) -> str | None:
    """Where somebody stood, as stored, in the reader's language.

    Stages are stored by number; requests of before this have them in the words of whoever filed them.
    """
    if text is None:
        return None
    return _BETWEEN.join(_STORED_STAGE.sub(_stage_word, part, count=1) for part in text.split(_BETWEEN))


def _stage_word(found: re.Match[str]) -> str:
    return f"{_('Stage {number}').format(number=found[1] or found[2] or found[3])} "


def objection_to_place(wanted: Place | None, present: Present) -> str | None:
    """Say why nobody can ask for this place (None: any other) from the present one; None where they can."""
    if wanted is None and present.place is None:
        return _("Nothing is published for the person in this stage: name the team asked for.")
    if wanted is not None and present.place is not None and wanted.holds(present.place):
        return _("That is where the person stands already.")
    return None


def place_words(names: Names, row: Mapping[str, Any]) -> str:
    """What a place is called: the team, and its station or crew."""
    told = names.of(row)
    return " ".join(part for part in (told["team"], told["station"] or told["crew"]) if part)


def placement_words(names: Names, row: Mapping[str, Any]) -> str:
    """A placement in words: stage and place."""
    return f"{_('Stage {number}').format(number=row['stage_number'])} {place_words(names, row)}"


# Who acts -----------------------------------------------------------------------------------------------------------


def acting_name(tx: Transaction) -> str:
    """The name under which who acts decides: an account's own."""
    if tx.actor.account_id is None:
        return tx.actor.name
    return str(tx.scalar(select(_ACCOUNT.c.display_name).where(_ACCOUNT.c.id == tx.actor.account_id)))


def is_about(tx: Transaction, row: Mapping[str, Any]) -> bool:
    """Whether a request is about the person of the account that acts."""
    return tx.actor.person_id is not None and tx.actor.person_id == row["person_id"]


def part_of(tx: Transaction, row: Mapping[str, Any], name: str, *, person: str | None = None) -> Part:
    """What who acts, under this name, has to do with a request; `person`: what its subject is called, where known."""
    filed = wrote(tx, row["recorded_by"])
    if tx.actor != SYSTEM:
        # Of accounts several may be shown under one name.
        return Part(about=is_about(tx, row), asked=filed and not row["by_person"], filed=filed)
    called = person or tx.scalar(select(_PERSON.c.name).where(_PERSON.c.id == row["person_id"]))
    return Part(about=name == called, asked=name == row["asked_by"] and not row["by_person"], filed=filed)


def request_row(tx: Transaction, request_id: int) -> Row:
    """A request as stored, locked where it may be written. Raises NotFound, also where the person is not in scope."""
    mine = tx.scope.standing(_REQUEST.c.person_id, tx.today)
    chosen = select(_REQUEST).where(_REQUEST.c.id == request_id, *mine)
    rows = tx.rows(chosen.with_for_update() if tx.writes else chosen)
    if not rows:
        raise NotFound(_("There is no request number {number}.").format(number=request_id))
    return rows[0]


def settle(tx: Transaction, row: Row, step: Step, *, version: int | None, by: str, answer: str | None = None) -> int:
    """Note what became of a request and return its version. Raises StaleRecord when it was changed since `version`.

    Of a request that waits again nobody has decided; `answer` then tells why.
    """
    waits = leads_to(step) == RequestState.PENDING
    decided = {"decided_by": None if waits else by[:60], "decided_at": None if waits else tx.now}
    after = {"state": leads_to(step).value, **decided, "answer": answer}
    if version is not None:
        require_version(tx, _REQUEST, row, {"state": after["state"]}, version, shown=lambda _name, value: value)
    return save_row(tx, _REQUEST, row, after)


# What is not carried out yet ----------------------------------------------------------------------------------------


def unsettled(tx: Transaction, stored: Mapping[str, Any], rows: Collection[Row]) -> set[int]:
    """Ids of the approved requests that what is published does not follow yet."""
    approved = newest(row for row in rows if row["state"] == RequestState.APPROVED)
    if not approved:
        return set()
    people = {row["person_id"] for row in approved}
    stand = standing_of(tx, stored["id"], people)
    missing = Missing(tx, stored, people)
    return {row["id"] for row in approved if contradicting(row, stand, missing, asked=False)}


def newest(approved: Iterable[Row]) -> list[Row]:
    """Approved requests without the changes of which a later one, of the same person and stage, has taken the place."""
    found: dict[tuple[Any, ...], Row] = {}
    for row in sorted(approved, key=lambda row: (row["decided_at"], row["id"])):
        change = row["kind"] == RequestKind.CHANGE
        found[(row["person_id"], row["stage_number"]) if change else ("absence", row["id"])] = row
    return list(found.values())


def contradicting(row: Row, stand: Iterable[Row], missing: Missing, *, asked: bool) -> list[Row]:
    """Those of these placements that are not as a request has them; `asked`: it is not approved yet."""
    own = [one for one in stand if one["person_id"] == row["person_id"]]
    if row["kind"] == RequestKind.CHANGE:
        return [one for one in own if one["stage_number"] == row["stage_number"] and not _is_as_asked(row, one)]
    missed = missing.stages(row["person_id"], (row["starts_on"], row["ends_on"]), asked=asked)
    return [one for one in own if one["stage_number"] in missed]


def _is_as_asked(row: Row, placement: Row) -> bool:
    wanted, here = wanted_place(row), Place.of(placement)
    if wanted is None or here is None:
        return bool(placement["team_id"] != row["present_team_id"])
    return wanted.holds(here)
