"""Dated histories as people edit them: a new period ends the one before, and nothing that was is overwritten."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Table, delete, select, update

from svclib.errors import RuleBroken
from svclib.i18n import gettext as _
from svclib.workspace.base import Transaction

Row = dict[str, Any]


def begin_period(tx: Transaction, place: Table, owner: Mapping[str, Any], on: date, values: Mapping[str, Any]) -> int:
    """Let these values hold from the day on, open-ended, and end what held before. Return the period's id.

    What already holds open-ended with the same values stays. A period that began on this very day is corrected in
    place. Raises RuleBroken (field `on`) when a later period is recorded already.
    """
    history = _locked(tx, place, owner)
    _nothing_later(history, on)
    current = _covering(history, on)
    if current is None:
        return _insert(tx, place, {**owner, **values, "valid_from": on})
    same = all(current[name] == value for name, value in values.items())
    if same or current["valid_from"] == on:
        _update(tx, place, current, {**values, "valid_to": None})
        return int(current["id"])
    _update(tx, place, current, {"valid_to": on})
    return _insert(tx, place, {**owner, **values, "valid_from": on})


def end_period(tx: Transaction, place: Table, owner: Mapping[str, Any], on: date) -> Row | None:
    """End what holds on the day, with this day as the first one after it. Return it as it was, None if nothing held.

    A period that would begin on this very day has never held and is taken back. Raises RuleBroken (field `on`) when a
    later period is recorded already.
    """
    history = _locked(tx, place, owner)
    _nothing_later(history, on)
    current = _covering(history, on)
    if current is None:
        return None
    if current["valid_from"] == on:
        tx.connection.execute(delete(place).where(place.c.id == current["id"]))
        tx.record(place, current["id"], before=current)
    else:
        _update(tx, place, current, {"valid_to": on})
    return current


def _locked(tx: Transaction, place: Table, owner: Mapping[str, Any]) -> list[Row]:
    mine = [place.c[name] == value for name, value in owner.items()]
    return tx.rows(select(place).where(*mine).order_by(place.c.valid_from).with_for_update())


def _nothing_later(history: list[Row], on: date) -> None:
    later = [row["valid_from"] for row in history if row["valid_from"] > on]
    if later:
        raise RuleBroken(
            _("A later change is recorded already, from {day} on. Choose that day or a later one.").format(
                day=max(later).isoformat()
            ),
            field="on",
        )


def _covering(history: list[Row], on: date) -> Row | None:
    held = (row for row in history if row["valid_from"] <= on and (row["valid_to"] is None or row["valid_to"] > on))
    return next(held, None)


def _insert(tx: Transaction, place: Table, values: Row) -> int:
    row_id = tx.insert(place, {**values, "recorded_at": tx.now})
    tx.record(place, row_id, after=values)
    return row_id


def _update(tx: Transaction, place: Table, row: Row, values: Row) -> None:
    differing = {name: value for name, value in values.items() if row[name] != value}
    if not differing:
        return
    if "valid_to" not in differing or len(differing) > 1:
        # Other than an end, this is new knowledge, learnt now.
        differing["recorded_at"] = tx.now
    tx.connection.execute(update(place).where(place.c.id == row["id"]).values(**differing))
    tx.record(place, row["id"], before={name: row[name] for name in differing}, after=differing)
