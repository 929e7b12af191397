"""Dated histories: how one told fact becomes, changes or corrects a period."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from svclib.i18n import gettext as _
from svclib.rules.imports import same_day
from svclib.workspace.importing.book import Book, Row


class Clash(Exception):
    """The told fact contradicts the history; the text says how."""


class Told(NamedTuple):
    """What a row says of one owner's history.

    `main` are the columns that make it another fact (the team), `details` those that may be filled in or change beside
    (station, duty). `day` is the row's own date of it, `first` the earliest honest day when nothing was known.
    """

    table: str
    owner: Row
    main: Row
    details: Row
    first: date
    day: date | None = None
    month_only: bool = False
    corrects_start: bool = True


class Outcome(NamedTuple):
    """The row that held until now, and the one that holds with the told fact."""

    before: Row | None
    after: Row


def tell(book: Book, told: Told, *, today: date) -> Outcome:
    """Plan what the told fact changes; the same fact again changes nothing. Raises Clash."""
    history = book.owned(told.table, *told.owner.values())
    if not history:
        return _begin(book, told, history, today)
    current = next((row for row in history if row["valid_from"] <= today and _lasts(row, today)), None)
    ahead = [row for row in history if row["valid_from"] > today]
    for row in (current, *ahead):
        if row is not None and _says(row, told.main) and _says(row, told.details):
            return Outcome(row, _corrected(book, told, history, row) if row is current else row)
    if ahead or (current is not None and current["valid_to"] is not None):
        planned = ahead[0]["valid_from"] if ahead else current["valid_to"]  # type: ignore[index]
        raise Clash(_("A change on {day} is planned already and this row says otherwise.").format(day=planned))
    if current is None:
        return _begin(book, told, history, today)
    if _says(current, told.main):
        # What was unknown is filled in; what was known and differs begins a period of its own.
        known = {name: value for name, value in told.details.items() if current[name] is not None}
        if _says(current, known):
            book.update(told.table, current["id"], told.details)
            filled = book.get(told.table, current["id"])
            return Outcome(current, _corrected(book, told, book.owned(told.table, *told.owner.values()), filled))
        changed = _change(book, told, history, current, today)
        # The row's own day counts now, too: else the same file would find something to mend the next time.
        return Outcome(current, _corrected(book, told, book.owned(told.table, *told.owner.values()), changed))
    start = told.day or today
    if told.corrects_start and start < current["valid_from"]:
        raise Clash(
            _("The register has another entry from {day}, which is later than {told}.").format(
                day=current["valid_from"], told=start
            )
        )
    if start < current["valid_from"] or (start == current["valid_from"] and not told.corrects_start):
        start = today
    return Outcome(current, _change(book, told, history, current, start))


def move_first_start(book: Book, table: str, person_id: int, old: date | None, new: date) -> None:
    """Let a history begin at a corrected or newly known day, where it began at the old one or on an unknown day."""
    history = book.owned(table, person_id)
    if not history:
        return
    first = history[0]
    began_there = first["valid_from"] == old
    began_late = old is None and len(history) == 1 and new < first["valid_from"]
    if (began_there or began_late) and (first["valid_to"] is None or new < first["valid_to"]):
        book.update(table, first["id"], {"valid_from": new})


def _begin(book: Book, told: Told, history: Sequence[Row], today: date) -> Outcome:
    last = history[-1] if history else None
    if last is not None and told.day is not None and _says(last, told.main) and last["valid_from"] == told.day:
        # An old list again: this very membership has ended since, and the list doesn't know.
        return Outcome(last, last)
    start = told.day or told.first
    if last is not None:
        start = told.day if told.day is not None and told.day >= last["valid_to"] else max(today, last["valid_to"])
    blank = {name: None for name in _DETAILS.get(told.table, ()) if name not in told.details}
    row_id = book.insert(
        told.table,
        {
            **told.owner,
            **told.main,
            **blank,
            **told.details,
            "valid_from": start,
            "valid_to": None,
            "recorded_at": None,
        },
    )
    return Outcome(None, book.get(told.table, row_id))


def _change(book: Book, told: Told, history: Sequence[Row], current: Row, start: date) -> Row:
    """End the current period and begin the next; on its own first day correct it instead: no period may be empty."""
    same = _says(current, told.main)
    kept = {name: current[name] for name in _DETAILS.get(told.table, ()) if same}
    values = {**dict.fromkeys(_DETAILS.get(told.table, ())), **kept, **told.main, **told.details}
    if start > current["valid_from"]:
        book.update(told.table, current["id"], {"valid_to": start})
        period = {**told.owner, **values, "valid_from": start, "valid_to": None, "recorded_at": None}
        return book.get(told.table, book.insert(told.table, period))
    previous = next((row for row in history if row["valid_to"] == current["valid_from"]), None)
    if previous is not None and _says(previous, values):
        book.delete(told.table, current["id"])
        book.update(told.table, previous["id"], {"valid_to": None})
        return book.get(told.table, previous["id"])
    book.update(told.table, current["id"], values)
    return book.get(told.table, current["id"])


def _corrected(book: Book, told: Told, history: Sequence[Row], current: Row) -> Row:
    """Let the run of periods that say the same begin on the row's own day, where it names another one."""
    if told.day is None or not told.corrects_start:
        return current
    run = [current]
    for row in reversed(history[: [row["id"] for row in history].index(current["id"])]):
        if row["valid_to"] != run[0]["valid_from"] or not _says(row, told.main):
            break
        run.insert(0, row)
    first = run[0]
    if same_day(first["valid_from"], told.day, month_only=told.month_only):
        return current
    earlier = [row for row in history if row["valid_from"] < first["valid_from"]]
    if (earlier and told.day <= earlier[-1]["valid_from"]) or (first["valid_to"] and told.day >= first["valid_to"]):
        raise Clash(
            _("The register has this from {day}, and {told} does not fit what came before or after.").format(
                day=first["valid_from"], told=told.day
            )
        )
    if earlier and (earlier[-1]["valid_to"] == first["valid_from"] or earlier[-1]["valid_to"] > told.day):
        book.update(told.table, earlier[-1]["id"], {"valid_to": told.day})
    book.update(told.table, first["id"], {"valid_from": told.day})
    return book.get(told.table, current["id"])


def _says(row: Row, values: Row) -> bool:
    return all(row[name] == value for name, value in values.items())


def _lasts(row: Row, day: date) -> bool:
    return row["valid_to"] is None or row["valid_to"] > day


_DETAILS: dict[str, tuple[str, ...]] = {"employment": ("crew_id", "post"), "membership": ("station_id", "duty")}


def open_period(book: Book, table: str, *owner: Any, today: date) -> Row | None:
    """The period that holds today."""
    held = (row for row in book.owned(table, *owner) if row["valid_from"] <= today and _lasts(row, today))
    return next(held, None)
