"""Taking an import back as a whole, while nothing stands on it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Table, bindparam, delete, select, update
from sqlmodel import SQLModel

from svclib.errors import NotFound, RuleBroken
from svclib.i18n import gettext as _
from svclib.i18n import noop as N_
from svclib.models import Account, AuditRow, ImportChange, ImportRun, Person, table
from svclib.tabular import Form
from svclib.workspace.base import Transaction
from svclib.workspace.importing.book import Change
from svclib.workspace.importing.saving import restored, stored, write
from svclib.workspace.scope import Conditions

_RUN, _CHANGE, _AUDIT, _PERSON = table(ImportRun), table(ImportChange), table(AuditRow), table(Person)
_ACCOUNT = table(Account)
_EXAMPLES = 3
_AT_ONCE = 5000

TABLE_WORDS = {
    "person": N_("Person"),
    "employment": N_("Work"),
    "membership": N_("Membership"),
    "status_period": N_("Political status"),
    "development_period": N_("Stage of development"),
    "branch_membership": N_("Party branch"),
    "trainee": N_("Trainee"),
    "activist_file": N_("Activist's file"),
    "training_contact": N_("Training contact"),
    "intake": N_("Intake"),
    "unit": N_("Unit"),
    "party_body": N_("Party body"),
    "crew": N_("Crew"),
    "team": N_("Service team"),
    "station": N_("Service station"),
    "team_office": N_("Office"),
    "account": N_("Account"),
    "rotation_plan": N_("Rotation plan"),
    "rotation_version": N_("Publication of a plan"),
    "rotation_intake": N_("Intake of a plan"),
    "rotation_stage": N_("Stage of a plan"),
    "rotation_bound": N_("Places of a team"),
    "rotation_trainee": N_("Trainee of a plan"),
    "rotation_exception": N_("Exception: another unit"),
    "rotation_wish": N_("Wish"),
    "rotation_pair": N_("Pair"),
    "rotation_pin": N_("Fixed placement"),
    "rotation_placement": N_("Placement"),
    "absence": N_("Absence"),
    "rotation_request": N_("Request"),
    "safety_record": N_("Safety education or examination"),
}


def undo(tx: Transaction, run_id: int) -> None:
    """Take the run back. Raises NotFound, RuleBroken, Forbidden."""
    runs = tx.rows(select(_RUN).where(_RUN.c.id == run_id, *runs_in_scope(tx)))
    if not runs:
        raise NotFound(_("There is no import {run}. See: svc register imports").format(run=run_id))
    if runs[0]["undone_at"] is not None:
        raise RuleBroken(_("Import {run} has been undone already.").format(run=run_id))
    done = tx.rows(select(_CHANGE).where(_CHANGE.c.run_id == run_id))
    by_table: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in done:
        by_table[row["table_name"]].append(row)
    # Asked before, too: what is taken away belongs to nobody afterwards.
    written = (
        (SQLModel.metadata.tables[row["table_name"]], row["row_id"], values)
        for row in done
        for values in (row["before"], row["after"])
        if values is not None
    )
    tx.scope.refuse_outside(written, tx.today)
    now = {name: _current(tx, SQLModel.metadata.tables[name], rows) for name, rows in by_table.items()}
    _refuse_if_built_upon(tx, run_id, by_table, now)
    for place in reversed(SQLModel.metadata.sorted_tables):
        _take_back(tx, place, by_table.get(place.name, ()), now.get(place.name, {}))
    gone = {"undone_at": tx.now, "undone_by": tx.actor.name}
    tx.connection.execute(update(_RUN).where(_RUN.c.id == run_id).values(gone))
    tx.record(_RUN, run_id, before={"undone_at": None}, after=gone)


def runs_in_scope(tx: Transaction) -> Conditions:
    """The conditions that an import was made by an account of the scope, and is of what the role keeps."""
    found: Conditions = () if not tx.policy.keeps_safety_alone else (_RUN.c.form == Form.SAFETY,)
    if tx.scope.everything:
        return found
    return (*found, _RUN.c.actor.in_(select(_ACCOUNT.c.username).where(*tx.scope.accounts(_ACCOUNT))))


def _current(tx: Transaction, place: Table, rows: Sequence[Mapping[str, Any]]) -> dict[int, dict[str, Any]]:
    ids = [row["row_id"] for row in rows]
    return {
        row["id"]: row
        for start in range(0, len(ids), _AT_ONCE)
        for row in tx.rows(select(place).where(place.c.id.in_(ids[start : start + _AT_ONCE])))
    }


def _take_back(
    tx: Transaction, place: Table, rows: Sequence[Mapping[str, Any]], now: Mapping[int, Mapping[str, Any]]
) -> None:
    created = sorted((row["row_id"] for row in rows if row["before"] is None), reverse=True)
    if created:
        keys = [{"key": row_id} for row_id in created]
        tx.connection.execute(delete(place).where(place.c.id == bindparam("key")), keys)
    changes = []
    for row in rows:
        if row["before"] is not None:
            before = restored(place, row["before"])
            held = None if row["after"] is None else now[row["row_id"]]
            if held is not None and "version" in before:
                # Never back: a page that still shows the imported state must be told that it is stale.
                before["version"] = held["version"] + 1
            changes.append(Change(place.name, row["row_id"], held, before))
        tx.record(place, row["row_id"], before=row["after"], after=row["before"])
    write(tx, place, changes)


def _refuse_if_built_upon(
    tx: Transaction,
    run_id: int,
    by_table: Mapping[str, Sequence[Mapping[str, Any]]],
    now: Mapping[str, Mapping[int, Mapping[str, Any]]],
) -> None:
    changed = [
        (name, row["row_id"])
        for name, rows in by_table.items()
        for row in rows
        if _facts(stored(now[name].get(row["row_id"]))) != _facts(row["after"])
    ]
    newer = list(_newer_references(tx, run_id, by_table))
    standing = list(dict.fromkeys(changed + newer))
    if not standing:
        return
    examples = "；".join(_describe(tx, name, row_id) for name, row_id in standing[:_EXAMPLES])
    raise RuleBroken(
        _(
            "Import {run} cannot be undone: {count} records were changed or added on top of it, e.g. {examples}. "
            "Undo what came later first."
        ).format(run=run_id, count=len(standing), examples=examples)
    )


def _facts(row: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The row without its version: what was changed and taken back since is no change."""
    return None if row is None else {name: value for name, value in row.items() if name != "version"}


def _newer_references(
    tx: Transaction, run_id: int, by_table: Mapping[str, Sequence[Mapping[str, Any]]]
) -> Iterator[tuple[str, int]]:
    """Rows that point at a row this run created and that this run did not write."""
    own = {name: {row["row_id"] for row in rows} for name, rows in by_table.items()}
    created = {name: {row["row_id"] for row in rows if row["before"] is None} for name, rows in by_table.items()}
    for place in SQLModel.metadata.sorted_tables:
        for column in place.columns:
            for key in column.foreign_keys:
                name = key.column.table.name
                if not created.get(name):
                    continue
                pointing = select(place.c.id, column).where(
                    column == _CHANGE.c.row_id, _CHANGE.c.run_id == run_id, _CHANGE.c.table_name == name
                )
                for row_id, target in tx.connection.execute(pointing):
                    if target in created[name] and row_id not in own.get(place.name, set()):
                        yield place.name, row_id


def _describe(tx: Transaction, name: str, row_id: int) -> str:
    """A record as the sentence names it: what, whose, and who last touched it when."""
    place = SQLModel.metadata.tables[name]
    rows = tx.rows(select(place).where(place.c.id == row_id))
    whose = ""
    if rows:
        row = rows[0]
        person_id = row["id"] if name == "person" else row.get("person_id")
        if person_id is not None:
            whose = tx.scalar(select(_PERSON.c.name).where(_PERSON.c.id == person_id)) or ""
        else:
            whose = str(row.get("short_name") or row.get("name") or row.get("year") or "")
    trail = (
        select(_AUDIT.c.at, _AUDIT.c.actor)
        .where(_AUDIT.c.table_name == name, _AUDIT.c.row_id == row_id)
        .order_by(_AUDIT.c.number.desc())
        .limit(1)
    )
    last = tx.rows(trail)
    what = f"{_(TABLE_WORDS[name])} {whose}".strip()
    if not last:
        return what
    return _("{what} ({actor}, {day})").format(what=what, actor=last[0]["actor"], day=last[0]["at"].date())
