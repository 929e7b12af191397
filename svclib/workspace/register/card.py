"""One person: every fact of a day, and the whole history."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Table, and_, or_, select

from svclib.errors import NotFound, RuleBroken
from svclib.i18n import gettext as _
from svclib.i18n import noop as N_
from svclib.models import (
    ActivistFile,
    BranchMembership,
    Crew,
    DevelopmentPeriod,
    DevelopmentStage,
    Employment,
    ImportChange,
    ImportRun,
    Intake,
    IntakeKind,
    Membership,
    Office,
    PartyBody,
    Person,
    PoliticalStatus,
    Recommendation,
    SafetyKind,
    SafetyRecord,
    Station,
    StatusPeriod,
    Team,
    TeamOffice,
    Trainee,
    TrainingContact,
    Unit,
    label,
    table,
)
from svclib.rules.safety import FOREVER, last_day
from svclib.workspace.base import Area, Transaction, verb
from svclib.workspace.frames import frame
from svclib.workspace.policy import FIELDS, Group, Shown
from svclib.workspace.register.sight import COLUMNS, sight_of
from svclib.workspace.vault import PROTECTED, mask

if TYPE_CHECKING:
    import pandas as pd

HISTORY_COLUMNS = {
    "kind": "text",
    "what": "text",
    "valid_from": "day",
    "valid_to": "day",
    "recorded_at": "instant",
    "source": "text",
}
HISTORY_KINDS = {
    "employment": N_("Employment"),
    "membership": N_("Service team"),
    "status": N_("Political status"),
    "stage": N_("Stage of development"),
    "branch": N_("Party body"),
    "office": N_("Office"),
    "intake": N_("Intake"),
    "activist": N_("Activist file"),
    "contact": N_("Training contact"),
    "safety": N_("Safety"),
    "import": N_("Import"),
}
"""Kinds of history and the word for each."""
HISTORY_GROUPS = {
    "employment": Group.PLAIN,
    "membership": Group.PLAIN,
    "office": Group.PLAIN,
    "intake": Group.PLAIN,
    "status": Group.PARTY,
    "branch": Group.PARTY,
    "stage": Group.STAGE,
    "activist": Group.CULTIVATION,
    "contact": Group.CULTIVATION,
    "safety": Group.SAFETY,
}
"""Kind of history → the field group that it belongs to."""

_PERSON = table(Person)
_HIDDEN_COLUMNS = {"id_number_index", "pinyin", "initials"}
_STEPS = {
    "applied_on": N_("Applied for membership"),
    "talked_on": N_("Talk held"),
    "decided_on": N_("Decided to be an activist"),
    "filed_on": N_("Filed with the superior body"),
}


@dataclass(frozen=True)
class PersonCard:
    """One person: `facts` of the day (protected ones masked), the `version` to save against, the `history`."""

    facts: dict[str, Any]
    version: int
    history: pd.DataFrame


class Cards(Area):
    """One person: every fact of a day, and the whole history."""

    @verb("register.person", writes=False)
    def person(self, tx: Transaction, person_id: int, on: date | str | None = None) -> PersonCard:
        """Show one person: every stored fact, what holds on the day, and the whole history, newest first.

        `facts` holds the columns of the person and those of `people()`; ID number, phone and address are masked.
        `history` has columns kind, what (in words), valid_from, valid_to, recorded_at, source (the imported file, where
        it came from one). Fields that the role is not shown are None, their history is left out. Raises NotFound, also
        for somebody who stands outside the scope today.
        """
        stored = person_row(tx, person_id)
        sight = sight_of(tx, on)
        today = tx.rows(sight.full().where(sight.person.c.id == person_id))[0]
        facts = {name: value for name, value in stored.items() if name not in _HIDDEN_COLUMNS}
        facts |= {name: today[name] for name in COLUMNS if name not in facts}
        absent = {name for name in facts if tx.shown(FIELDS[name]) == Shown.ABSENT}
        facts |= {name: mask(name, tx.vault.decrypt(name, stored[name])) for name in PROTECTED if name not in absent}
        facts |= dict.fromkeys(absent)
        return PersonCard(facts, stored["version"], frame(_history(tx, person_id), HISTORY_COLUMNS))

    @verb("register.reveal", writes=True)
    def reveal(self, tx: Transaction, person_id: int, field: str) -> str | None:
        """Give one protected value in clear, for the audit trail to remember.

        `field`: id_number, phone or address. Raises NotFound, Forbidden where the role is shown a mask at most,
        RuleBroken for another field.
        """
        if field not in PROTECTED:
            raise RuleBroken(_("{field} is not a protected field.").format(field=field), field="field")
        tx.require_sight([field])
        stored = person_row(tx, person_id)
        tx.record(_PERSON, person_id, after={"revealed": field})
        return tx.vault.decrypt(field, stored[field])


def person_row(tx: Transaction, person_id: int, *, lock: bool = False) -> dict[str, Any]:
    """The person as stored, locked if asked. Raises NotFound, also for somebody outside the scope."""
    chosen = select(_PERSON).where(_PERSON.c.id == person_id, *tx.scope.standing(_PERSON.c.id, tx.today))
    rows = tx.rows(chosen.with_for_update() if lock else chosen)
    if not rows:
        raise NotFound(_("There is no person number {ids}.").format(ids=person_id))
    return rows[0]


@dataclass(frozen=True)
class _Entry:
    kind: str
    what: str
    place: Table
    row: dict[str, Any]
    starts: str = "valid_from"
    ends: str | None = "valid_to"


def _history(tx: Transaction, person_id: int) -> list[dict[str, Any]]:
    entries = [
        entry
        for entry in (*_work(tx, person_id), *_party(tx, person_id), *_training(tx, person_id), *_safety(tx, person_id))
        if tx.shown(HISTORY_GROUPS[entry.kind]) == Shown.SHOWN
    ]
    # The name of a file tells what its rows are, e.g. activists.
    tells_files = tx.policy.allows("register.imports") and not tx.policy.keeps_safety_alone
    sources = _sources(tx, entries) if tells_files else {}
    rows = [
        {
            "kind": entry.kind,
            "what": entry.what,
            "valid_from": entry.row[entry.starts],
            "valid_to": entry.row[entry.ends] if entry.ends else None,
            "recorded_at": entry.row.get("recorded_at"),
            "source": sources.get((entry.place.name, entry.row["id"])),
        }
        for entry in entries
    ]
    rows += _imports(tx, person_id) if tells_files else []
    return sorted(rows, key=lambda row: (row["valid_from"], list(HISTORY_KINDS).index(row["kind"])), reverse=True)


def _work(tx: Transaction, person_id: int) -> Iterable[_Entry]:
    work, unit, crew = table(Employment), table(Unit), table(Crew)
    joined = work.join(unit, unit.c.id == work.c.unit_id).outerjoin(crew, crew.c.id == work.c.crew_id)
    columns = (work, unit.c.short_name.label("unit_name"), crew.c.name.label("crew_name"))
    for row in tx.rows(select(*columns).select_from(joined).where(work.c.person_id == person_id)):
        yield _Entry("employment", _words(row["unit_name"], row["crew_name"], row["post"]), work, row)
    stay, team, station = table(Membership), table(Team), table(Station)
    joined = stay.join(team, team.c.id == stay.c.team_id).outerjoin(station, station.c.id == stay.c.station_id)
    columns = (stay, team.c.short_name.label("team_name"), station.c.name.label("station_name"))
    for row in tx.rows(select(*columns).select_from(joined).where(stay.c.person_id == person_id)):
        yield _Entry("membership", _words(row["team_name"], row["station_name"], row["duty"]), stay, row)
    office = table(TeamOffice)
    offices = select(office, team.c.short_name.label("team_name")).join(team, team.c.id == office.c.team_id)
    for row in tx.rows(offices.where(office.c.person_id == person_id)):
        yield _Entry("office", _words(label(Office(row["office"])), row["team_name"]), office, row)


def _party(tx: Transaction, person_id: int) -> Iterable[_Entry]:
    status, stage = table(StatusPeriod), table(DevelopmentPeriod)
    for row in tx.rows(select(status).where(status.c.person_id == person_id)):
        yield _Entry("status", label(PoliticalStatus(row["status"])), status, row)
    for row in tx.rows(select(stage).where(stage.c.person_id == person_id)):
        yield _Entry("stage", label(DevelopmentStage(row["stage"])), stage, row)
    branch, body = table(BranchMembership), table(PartyBody)
    branches = select(branch, body.c.name.label("body_name")).join(body, body.c.id == branch.c.party_body_id)
    for row in tx.rows(branches.where(branch.c.person_id == person_id)):
        yield _Entry("branch", row["body_name"], branch, row)
    file = table(ActivistFile)
    for row in tx.rows(select(file).where(file.c.person_id == person_id)):
        for step, words in _STEPS.items():
            if row[step] is not None:
                what = _(words)
                if step == "decided_on" and row["recommended_by"]:
                    what = _words(what, label(Recommendation(row["recommended_by"])))
                yield _Entry("activist", what, file, row, starts=step, ends=None)
    contact = table(TrainingContact)
    for row in tx.rows(select(contact).where(contact.c.person_id == person_id)):
        yield _Entry("contact", row["contact_name"], contact, row)


def _training(tx: Transaction, person_id: int) -> Iterable[_Entry]:
    trainee, intake = table(Trainee), table(Intake)
    trainings = select(trainee, intake.c.year, intake.c.kind).join(intake, intake.c.id == trainee.c.intake_id)
    for row in tx.rows(trainings.where(trainee.c.person_id == person_id)):
        what = _("{year} intake").format(year=row["year"])
        if tx.policy.sees("trainee_kind"):
            what = _("{year} intake: {kind}").format(year=row["year"], kind=label(IntakeKind(row["kind"])))
        yield _Entry("intake", what, trainee, row, starts="starts_on", ends="ends_on")


def _safety(tx: Transaction, person_id: int) -> Iterable[_Entry]:
    record = table(SafetyRecord)
    for row in tx.rows(select(record).where(record.c.person_id == person_id)):
        last = last_day(row["taken_on"], row["valid_until"], valid_days=tx.settings.safety_valid_days)
        until = _("valid without end") if last == FOREVER else _("valid until {day}").format(day=last)
        what = _words(
            label(SafetyKind(row["kind"])),
            row["level"],
            None if row["hours"] is None else _("{hours:g} class hours").format(hours=row["hours"]),
            None if row["score"] is None else _("{score:g} points").format(score=row["score"]),
            _("passed") if row["passed"] else _("not passed"),
            until if row["passed"] else None,
        )
        # What was not passed holds for no day; the history's end is the first day after.
        ends = last + timedelta(days=1) if row["passed"] else row["taken_on"]
        yield _Entry("safety", what, record, row | {"ends_on": ends}, starts="taken_on", ends="ends_on")


def _sources(tx: Transaction, entries: list[_Entry]) -> dict[tuple[str, int], str]:
    """The file behind each row that an import made or changed last."""
    change, run = table(ImportChange), table(ImportRun)
    places: dict[str, set[int]] = {}
    for entry in entries:
        places.setdefault(entry.place.name, set()).add(entry.row["id"])
    if not places:
        return {}
    wanted = [and_(change.c.table_name == name, change.c.row_id.in_(ids)) for name, ids in places.items()]
    found = select(change.c.table_name, change.c.row_id, run.c.file_name).join(run, run.c.id == change.c.run_id)
    rows = tx.rows(found.where(or_(*wanted), run.c.undone_at.is_(None)).order_by(change.c.id))
    return {(row["table_name"], row["row_id"]): row["file_name"] for row in rows}


def _imports(tx: Transaction, person_id: int) -> list[dict[str, Any]]:
    change, run = table(ImportChange), table(ImportRun)
    mine = select(change.c.run_id).where(change.c.table_name == _PERSON.name, change.c.row_id == person_id)
    runs = tx.rows(select(run).where(run.c.id.in_(mine), run.c.undone_at.is_(None)))
    return [
        {
            "kind": "import",
            "what": _("Imported from {file}").format(file=row["file_name"]),
            "valid_from": row["recorded_at"].date(),
            "valid_to": None,
            "recorded_at": row["recorded_at"],
            "source": row["file_name"],
        }
        for row in runs
    ]


def _words(*parts: str | None) -> str:
    return " · ".join(part for part in parts if part)
