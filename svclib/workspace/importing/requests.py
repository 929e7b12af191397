"""From tables of requests (form 9) to a plan: found people, requests written or corrected. Nothing is approved here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from svclib.errors import RuleBroken
from svclib.i18n import gettext as _
from svclib.models import RequestKind, RequestState, label
from svclib.tabular import Table, TableRow
from svclib.tabular.request_words import is_anywhere, place_parts, read_verdict
from svclib.tabular.rotation.periods import period_of, stage_of
from svclib.workspace.importing.book import Book, Clear, Row
from svclib.workspace.importing.entry import Entry, keep_or_forget, refuse_second
from svclib.workspace.importing.facts import Means
from svclib.workspace.importing.identify import Directory
from svclib.workspace.importing.judging import judge_texts
from svclib.workspace.importing.names import Organisation
from svclib.workspace.importing.places import pick

if TYPE_CHECKING:
    from svclib.workspace.rotation.request_rows import Present, When
    from svclib.workspace.rotation.request_years import PlanYear

_TABLE = "rotation_request"
_REASON_LENGTH = 200
_WANTED = ("wanted_team_id", "wanted_station_id", "wanted_crew_id")
Key = tuple[int, int, str, date, date]
"""Plan, person, kind and days: of these a file has one, and the same again changes nothing."""
Span = tuple[date, date]


def plan_requests(
    tables: Sequence[Table], book: Book, means: Means, years: Sequence[PlanYear], *, actor: str
) -> list[Entry]:
    """Judge every row and write what is accepted into the book. Return the rows in the file's order."""
    organisation = Organisation(book, means.bounds.knows)
    directory = Directory(book, organisation, means.fingerprint, means.today, means.bounds.holds)
    plan = _Plan(book, organisation, directory, means, years, actor)
    return [plan.take(table, row) for table in tables for row in table.rows]


def notes_on_requests(tables: Sequence[Table]) -> list[str]:
    """What whoever brings these tables in should know beside the rows."""
    if not any("verdict" in one.columns for one in tables):
        return []
    return [_("What the paper says of its approval is noted beside the request; it is decided here.")]


@dataclass
class _Plan:
    """Of two rows about one request the first stands, also while it has faults of its own."""

    book: Book
    organisation: Organisation
    directory: Directory
    means: Means
    years: Sequence[PlanYear]
    actor: str
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
        if not self._first(entry, key, column):
            return
        known = self._known(key)
        present = year.present(person_id, when)
        place = self._place(entry, person_id, present, known) if kind == RequestKind.CHANGE else dict.fromkeys(_WANTED)
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
        for year in mine:
            days, column = self._days(entry, year)
            if days is None and entry.faults:
                return None
            if days is not None and year.covers(days):
                try:
                    return year, year.when(kind, days, self.means.today), column
                except RuleBroken as error:
                    entry.fault(column, str(error))
                    return None
        told = _("No rotation plan of this person has these days or this stage.")
        entry.fault(
            next((name for name in ("period", "starts_on", "rotation_stage") if entry.cell(name)), "period"), told
        )
        return None

    @staticmethod
    def _days(entry: Entry, year: PlanYear) -> tuple[Span | None, str]:
        """The days that the row tells, and in which column; a stage alone stands for its days."""
        first, last = entry.day("starts_on"), entry.day("ends_on")
        if first is not None and last is not None:
            if last < first:
                entry.fault("ends_on", _("The last day lies before the first."))
                return None, "ends_on"
            return (first, last + timedelta(days=1)), "starts_on"
        for name in ("period", "rotation_stage"):
            cell = entry.cell(name)
            if cell is None or not cell.text.strip():
                continue
            stage = stage_of(cell.text)
            if stage is not None:
                return year.days_of(stage), name
            # A stage and its days, as the form that we write has both.
            written = cell.text.split(maxsplit=1)
            text = written[1] if len(written) == 2 and stage_of(written[0]) is not None else cell.text
            days, flaw = period_of(text, near=year.stages[0].starts_on)
            if flaw is not None:
                entry.fault(name, flaw.reason, flaw.suggestion)
            return days, name
        entry.fault("period", _("Neither days nor a stage are told."))
        return None, "period"

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
        """The place asked for, None after a fault. What the paper says of the present one must be what is published."""
        told = entry.cell("wanted")
        text = "" if told is None else told.text.strip()
        if not text:
            entry.fault("wanted", _("It is not said which team is asked for."), "其他")
            return None
        if known is None and not self._stands_there(entry, person_id, present):
            return None
        if is_anywhere(text):
            return dict.fromkeys(_WANTED)
        place = self._named(entry, "wanted", text, person_id)
        if place is None:
            return None
        if known is None and present.place is not None and place == _columns(present):
            entry.fault("wanted", _("That is where the person stands already."))
            return None
        return place

    def _stands_there(self, entry: Entry, person_id: int, present: Present) -> bool:
        told = entry.cell("present")
        if told is None or not told.text.strip() or present.place is None:
            return True
        place = self._named(entry, "present", told.text, person_id)
        if place is None:
            return False
        if place["wanted_team_id"] != present.place.team_id:
            entry.fault("present", _("By what is published the person is elsewhere in this stage."), present.text)
            return False
        return True

    def _named(self, entry: Entry, column: str, text: str, person_id: int) -> dict[str, Any] | None:
        """The place that a text names: a team, and a station of it or a crew of its unit. Else a fault."""
        org, parts, home = self.organisation, place_parts(text), self.directory.unit_of(person_id)
        whole = "".join(parts)
        if not parts or org.teams.find(whole, home) or org.teams.find(whole):
            parts = [whole or text]
        owner = home if home is not None and org.teams.find(parts[0], home) else None
        unknown, several = _("There is no service team {text}."), _("Several service teams may be meant by {text}.")
        team = pick(entry, column, org.teams, parts[0], owner, unknown, several)
        if team is None:
            return None
        place: dict[str, Any] = {**dict.fromkeys(_WANTED), "wanted_team_id": team}
        if len(parts) == 1:
            return place
        rest, unit = parts[1], self.book.get("team", team)["unit_id"]
        for name, names, inside in (("station", org.stations, team), ("crew", org.crews, unit)):
            if len(names.find(rest, inside)) == 1:
                return place | {f"wanted_{name}_id": names.find(rest, inside)[0]}
        told = _("The team {team} has no station or crew {text}.").format(team=parts[0], text=rest)
        entry.fault(column, told, org.stations.nearest(rest, team))
        return None

    # What is written --------------------------------------------------------------------------------------------

    def _known(self, key: Key) -> Row | None:
        """The newest request about the same."""
        columns = ("plan_id", "person_id", "kind", "starts_on", "ends_on")
        found = [row for row in self.book.owned(_TABLE, key[1]) if tuple(row[name] for name in columns) == key]
        return max(found, key=lambda row: row["id"], default=None)

    def _write(
        self, entry: Entry, key: Key, when: When, present: Present, place: dict[str, Any], known: Row | None
    ) -> None:
        told = {**place, "claim": _claim(entry), "asked_on": entry.day("asked_on"), "reason": _reason(entry)}
        if known is not None:
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


def _columns(present: Present) -> dict[str, Any]:
    assert present.place is not None
    return {f"wanted_{name}": value for name, value in present.place.columns().items()}


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
