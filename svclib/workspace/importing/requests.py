"""From tables of requests (form 9) to a plan: found people, requests written or corrected. Nothing is approved here."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from svclib.errors import RuleBroken
from svclib.i18n import gettext as _
from svclib.models import RequestKind, RequestState, label
from svclib.tabular import Table, TableRow
from svclib.tabular.request_places import stage_beside
from svclib.tabular.request_words import is_anywhere, read_verdict
from svclib.tabular.requests import AWAY
from svclib.workspace.importing.book import Book, Clear, Row
from svclib.workspace.importing.entry import Entry, keep_or_forget, refuse_second
from svclib.workspace.importing.facts import Means
from svclib.workspace.importing.identify import Directory
from svclib.workspace.importing.judging import judge_texts
from svclib.workspace.importing.names import Organisation
from svclib.workspace.importing.request_days import meant_year, read_time
from svclib.workspace.importing.request_places import Spot, find_spot, name_spot
from svclib.workspace.rotation.request_rows import objection_to_place, wanted_place

if TYPE_CHECKING:
    from svclib.workspace.rotation.request_rows import Present, When
    from svclib.workspace.rotation.request_years import PlanYear

_TABLE = "rotation_request"
_REASON_LENGTH = 200
_WANTED = ("wanted_team_id", "wanted_station_id", "wanted_crew_id")
Key = tuple[int, int, str, date, date]
"""Plan, person, kind and days: of these a file has one, and the same again changes nothing."""
_BETWEEN = re.compile(r"[；;\n]+")
_GIVEN_UP = (RequestState.RETURNED.value, RequestState.WITHDRAWN.value)


def plan_requests(
    tables: Sequence[Table], book: Book, means: Means, years: Sequence[PlanYear], *, actor: str, timezone: str
) -> tuple[list[Entry], list[str]]:
    """Judge every row and write what is accepted into the book.

    Returns the rows in the file's order, and what whoever brings them in should know beside them.
    """
    organisation = Organisation(book, means.bounds.knows)
    directory = Directory(book, organisation, means.fingerprint, means.today, means.bounds.holds)
    plan = _Plan(book, organisation, directory, means, years, actor, ZoneInfo(timezone))
    entries = [plan.take(table, row) for table in tables for row in table.rows]
    notes = []
    if any("verdict" in one.columns for one in tables):
        notes.append(_("What the paper says of its approval is noted beside the request; it is decided here."))
    if plan.settled:
        told = _(
            "Sent back or taken back before, so not filed again: {rows}. To ask again, change the day of asking to a"
            " later one, or file it on the page."
        )
        notes.append(told.format(rows="、".join(_row_words(entry) for entry in plan.settled)))
    return entries, notes


def _row_words(entry: Entry) -> str:
    return _("row {row} ({name})").format(row=entry.row.number, name=entry.text("name") or "?")


@dataclass
class _Plan:
    """Of two rows about one request the first stands, also while it has faults of its own."""

    book: Book
    organisation: Organisation
    directory: Directory
    means: Means
    years: Sequence[PlanYear]
    actor: str
    zone: ZoneInfo
    settled: list[Entry] = field(default_factory=list)
    """Rows about what was sent back or taken back, that ask nothing anew."""
    _seen: dict[Key, Entry] = field(default_factory=dict)

    def take(self, table: Table, row: TableRow) -> Entry:
        """Judge one row and plan it, or roll it back."""
        entry = Entry(table, row)
        judge_texts(entry)
        kind = self._kind(entry)
        self._judge_asked(entry)
        self.means.bounds.judge_cells(entry)
        person_id = self.directory.find_known(entry)
        if person_id is not None and kind is not None:
            self._ask(entry, person_id, kind)
        keep_or_forget(entry, self.book)
        return entry

    @staticmethod
    def _kind(entry: Entry) -> RequestKind | None:
        told = entry.value("request_kind")
        if told is None and not any(one.field == "request_kind" for one in entry.faults):
            entry.fault("request_kind", _("It is not said whether this is leave or a change."), "请假 / 调整")
        return None if told is None else RequestKind(told)

    def _judge_asked(self, entry: Entry) -> None:
        day = entry.day("asked_on")
        if day is not None and day > self.means.today:
            reason = _("The date {day} lies in the future (today is {today}).")
            entry.fault("asked_on", reason.format(day=day, today=self.means.today))
        if len(_reason(entry) or "") > _REASON_LENGTH:
            entry.fault("reason", _("The text is longer than {limit} characters.").format(limit=_REASON_LENGTH))

    def _ask(self, entry: Entry, person_id: int, kind: RequestKind) -> None:
        found = self._when(entry, person_id, kind)
        if found is None:
            return
        year, when, column = found
        key = (year.plan_id, person_id, kind.value, when.starts_on, when.ends_on)
        stored = self._stored(key)
        if self._tells_again(entry, key, stored) or not self._first(entry, key, column):
            return
        known = stored[-1] if stored and not self._asks_again(entry, stored[-1]) else None
        if known is None and not (
            self._may_ask(entry, year, kind, when, column) and self._stands_there(entry, year, person_id, when)
        ):
            return
        present = year.present(person_id, when)
        place: dict[str, Any] | None = dict.fromkeys(_WANTED)
        if kind == RequestKind.CHANGE:
            place = self._place(entry, person_id, present, known)
            if place is not None and place["wanted_team_id"] is None and _leaves_nothing(known):
                present = self._left(entry, person_id, present)
        if place is not None and not entry.faults:
            self._write(entry, key, when, present, place, known)
            entry.known_as = self.book.get("person", person_id)["employee_no"]

    # When -------------------------------------------------------------------------------------------------------

    def _when(self, entry: Entry, person_id: int, kind: RequestKind) -> tuple[PlanYear, When, str] | None:
        """The year and the days that are meant, and the column that tells them; else a fault."""
        mine = [one for one in self.years if person_id in one.members]
        if not mine:
            entry.fault("name", _("This person takes part in no rotation plan."))
            return None
        told = read_time(entry, mine)
        if told is None:
            return None
        fitting = [(year, days) for year in mine if (days := told.in_year(year)) is not None]
        if not fitting:
            reason = _("No rotation plan of this person has these days or this stage.")
            if told.contradicts(mine):
                reason = _("These days are not of the stage that is told beside them.")
            entry.fault(told.column, reason)
            return None
        year = meant_year([year for year, _days in fitting], entry.table.title)
        if year is None:
            reason = _("Several rotation plans may be meant: {plans}. Write the plan's name above the table.")
            entry.fault(told.column, reason.format(plans="、".join(year.name for year, _days in fitting)))
            return None
        days = next(days for one, days in fitting if one is year)
        try:
            # What is asked already may be about a stage that is over by now.
            return year, year.when(kind, days, date.min), told.column
        except RuleBroken as error:
            entry.fault(told.column, str(error))
            return None

    def _may_ask(self, entry: Entry, year: PlanYear, kind: RequestKind, when: When, column: str) -> bool:
        try:
            year.when(kind, (when.starts_on, when.ends_on), self.means.today)
        except RuleBroken as error:
            entry.fault(column, str(error))
            return False
        return True

    def _tells_again(self, entry: Entry, key: Key, stored: Sequence[Row]) -> bool:
        """Whether the row tells, with what became of it, of a request that nobody waits for: one before the newest, or
        one that was sent back or taken back."""
        claim, asked_on = _claim(entry), entry.day("asked_on")
        place = self._told_place(entry, key)
        return any(
            row["state"] == claim
            and asked_on in (None, row["asked_on"])
            and place == {name: row[name] for name in _WANTED}
            for row in stored
            if row is not stored[-1] or row["state"] in _GIVEN_UP
        )

    def _told_place(self, entry: Entry, key: Key) -> dict[str, Any] | None:
        """The place asked for as columns; None where the row names none that there is."""
        text = _cell(entry) or ""
        if key[2] == RequestKind.ABSENCE.value or is_anywhere(text):
            return dict.fromkeys(_WANTED)
        spot = find_spot(self.organisation, text, self.directory.unit_of(key[1]))
        return None if spot is None else _columns(spot)

    def _first(self, entry: Entry, key: Key, column: str) -> bool:
        first = self._seen.setdefault(key, entry)
        if first is entry:
            return True
        here = _("Row {row} asks for the same already ({name}); that row counts.")
        elsewhere = _("Row {row} of sheet {sheet} asks for the same already ({name}); that row counts.")
        refuse_second(entry, first, column, here, elsewhere)
        return False

    # Where ------------------------------------------------------------------------------------------------------

    def _place(self, entry: Entry, person_id: int, present: Present, known: Row | None) -> dict[str, Any] | None:
        """The place asked for, None after a fault."""
        text = _cell(entry)
        if text is None:
            entry.fault("wanted", _("It is not said which team is asked for."), "其他")
            return None
        if is_anywhere(text):
            return dict.fromkeys(_WANTED)
        spot = name_spot(entry, "wanted", self.organisation, text, self.directory.unit_of(person_id))
        if spot is None:
            return None
        objection = None if known is not None else objection_to_place(wanted_place(_columns(spot)), present)
        if objection is not None:
            entry.fault("wanted", objection)
            return None
        return _columns(spot)

    def _left(self, entry: Entry, person_id: int, present: Present) -> Present:
        """The place to be left for any other: the published one, else the paper's; a fault where neither is known."""
        told = entry.cell("present")
        text = "" if told is None else told.text.strip()
        if present.place is None and text:
            spot = name_spot(entry, "present", self.organisation, text, self.directory.unit_of(person_id))
            return present if spot is None else replace(present, text=text[:400], place=wanted_place(_columns(spot)))
        objection = objection_to_place(None, present)
        if objection is not None:
            entry.fault("wanted", objection)
        return present

    def _stands_there(self, entry: Entry, year: PlanYear, person_id: int, when: When) -> bool:
        """Whether the present place of the paper, where it tells one, is what is published; else a fault.

        Of somebody of whom nothing is published the paper may tell anything.
        """
        told = entry.cell("present")
        if told is None or not year.stand.get(person_id):
            return True
        rows = year.placed(person_id, when)
        home = self.directory.unit_of(person_id)
        for text in (part.strip() for part in _BETWEEN.split(told.text)):
            if not text:
                continue
            stage = stage_beside(text)
            here = [row for row in rows if stage in (None, row["stage_number"])]
            if "".join(text.split()).endswith(AWAY):
                fits = not here
            else:
                spot = name_spot(entry, "present", self.organisation, text, home)
                if spot is None:
                    return False
                fits = any(spot in (_spot(row), Spot(row["team_id"])) for row in here)
            if not fits:
                reason = _("By what is published the person is elsewhere on these days.")
                entry.fault("present", reason, year.present_words(person_id, when))
                return False
        return True

    # What is written --------------------------------------------------------------------------------------------

    def _stored(self, key: Key) -> list[Row]:
        """The requests about the same, the newest last."""
        columns = ("plan_id", "person_id", "kind", "starts_on", "ends_on")
        found = [row for row in self.book.owned(_TABLE, key[1]) if tuple(row[name] for name in columns) == key]
        return sorted(found, key=lambda row: (row["id"] < 0, abs(row["id"])))

    def _write(
        self, entry: Entry, key: Key, when: When, present: Present, place: dict[str, Any], known: Row | None
    ) -> None:
        told = {**place, "claim": _claim(entry), "asked_on": entry.day("asked_on"), "reason": _reason(entry)}
        if known is not None:
            if key[2] == RequestKind.CHANGE and place["wanted_team_id"] is None and _leaves_nothing(known):
                told |= present.columns()
            self._correct(entry, known, told)
            return
        entry.created = True
        reason = told.pop("reason")
        self.book.insert(
            _TABLE,
            {
                **{"plan_id": key[0], "person_id": key[1], "kind": key[2]},
                **when.columns(),
                **present.columns(),
                **told,
                "reason": None if reason is None else Clear(reason),
                **{"state": RequestState.PENDING.value, "by_person": True, "recorded_by": self.actor, "version": 1},
                "asked_by": self.book.get("person", key[1])["name"][:60],
                **dict.fromkeys(("recorded_at", "decided_by", "decided_at", "answer")),
            },
        )
        for name, value in (("request_kind", RequestKind(key[2])), ("period", _shown(when)), ("wanted", _cell(entry))):
            if value:
                entry.note(name, None, value)
        if reason is not None:
            entry.note("reason", None, Clear(reason))

    def _asks_again(self, entry: Entry, known: Row) -> bool:
        """Whether a row about what was sent back or taken back asks anew: by its day it was written after that."""
        asked_on = entry.day("asked_on")
        if known["state"] not in _GIVEN_UP or _claim(entry) in _GIVEN_UP or asked_on is None:
            return False
        decided: date = known["decided_at"].astimezone(self.zone).date()
        return asked_on > decided

    def _correct(self, entry: Entry, known: Row, told: dict[str, Any]) -> None:
        """Bring what is not decided yet up to what the file says; a blank cell erases nothing."""
        reason = told.pop("reason")
        # Any other place is what a change asks for, too.
        new = {name: value for name, value in told.items() if name in _WANTED or value is not None}
        changed = {name: value for name, value in new.items() if known[name] != value}
        if reason is not None and (known["reason"] is None or self.means.reveal("reason", known["reason"]) != reason):
            changed["reason"] = Clear(reason)
        asks_otherwise = changed.keys() & {*_WANTED}
        if known["state"] != RequestState.PENDING:
            if asks_otherwise:
                told_state = label(RequestState(known["state"]))
                reason_ = _("About these days a request is settled already ({state}), and it asked for something else.")
                entry.fault("wanted", reason_.format(state=told_state), _("File a new request on the page."))
            elif known["state"] in _GIVEN_UP and told["claim"] not in _GIVEN_UP:
                self.settled.append(entry)
            return
        if not changed:
            return
        self.book.update(_TABLE, known["id"], changed)
        if asks_otherwise:
            entry.note("wanted", self._called(known), _cell(entry))
        if "claim" in changed:
            entry.note("verdict", _word(known["claim"]), _word(changed["claim"]))
        for name in changed.keys() & {"asked_on", "reason"}:
            before = None if known[name] is None else Clear("*") if name == "reason" else known[name]
            entry.note(name, before, changed[name])

    def _called(self, row: Row) -> str | None:
        return self.organisation.name("team", row["wanted_team_id"])


def _spot(row: Mapping[str, Any]) -> Spot:
    """The place that a row names."""
    return Spot(row["team_id"], row["station_id"], row["crew_id"])


def _columns(spot: Spot) -> dict[str, Any]:
    """A place as the columns of what is asked for."""
    return dict(zip(_WANTED, spot, strict=True))


def _leaves_nothing(known: Row | None) -> bool:
    """Whether it is still to be said which team a change to any other leaves: of a new request or a pending one."""
    return known is None or (known["state"] == RequestState.PENDING and known["present_team_id"] is None)


def _reason(entry: Entry) -> str | None:
    """Why, in one text: what kind of leave it is tells it, too."""
    told = [text for name in ("leave_word", "reason") if (text := entry.text(name))]
    return "：".join(dict.fromkeys(told)) or None


def _claim(entry: Entry) -> str | None:
    cell = entry.cell("verdict")
    verdict = None if cell is None else read_verdict(cell.text)
    return None if verdict is None else verdict.value


def _word(state: str | None) -> str | None:
    return None if state is None else label(RequestState(state))


def _shown(when: When) -> str:
    last = when.ends_on - timedelta(days=1)
    return f"{when.starts_on.isoformat()} – {last.isoformat()}"


def _cell(entry: Entry) -> str | None:
    cell = entry.cell("wanted")
    return None if cell is None else cell.text.strip() or None
