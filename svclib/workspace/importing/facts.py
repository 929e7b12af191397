"""What an accepted row changes of one person: own data, and the dated histories beside them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from svclib.i18n import gettext as _
from svclib.models import DevelopmentStage, IntakeKind, Person, PoliticalStatus, Recommendation, label, table
from svclib.rules.imports import PARTY, contact_names, intake_days, may_follow, same_day
from svclib.tabular import Form
from svclib.workspace.importing.book import Book, Clear, Row
from svclib.workspace.importing.bounds import Bounds
from svclib.workspace.importing.entry import Entry, Fault, Note
from svclib.workspace.importing.judging import birth_of, judge_against_id, sex_told
from svclib.workspace.importing.names import Organisation
from svclib.workspace.importing.periods import Clash, Told, move_first_start, open_period, tell
from svclib.workspace.importing.places import Places
from svclib.workspace.register.names import name_keys

_TEXTS = frozenset(
    ("name", "employee_no", "ethnicity", "education", "degree", "school", "major", "origin", "skill_level", "note")
)
_DAYS = ("hired_on", "work_started_on", "graduated_on")
_STEPS = ("applied_on", "talked_on", "decided_on", "filed_on")
_IN_TEAM = {"team", "station", "duty"}
_ACTIVIST = {*_STEPS, "recommended_by", "contact"}
_PARTY_STAGES = {
    PoliticalStatus.MEMBER: DevelopmentStage.FULL,
    PoliticalStatus.PROBATIONARY: DevelopmentStage.PROBATIONARY,
}
_BLANK: dict[str, Any] = dict.fromkeys(column.name for column in table(Person).columns if column.name != "id")


@dataclass(frozen=True)
class Means:
    """What the planning needs beside the book: the day, the vault's way of comparing, the bounds, the options."""

    today: date
    hiring_age_min_years: int
    fingerprint: Callable[[str], str]
    reveal: Callable[[str, str], str]
    bounds: Bounds
    create_units: bool = False
    intake_year: int | None = None
    intake_kind: IntakeKind | None = None


@dataclass
class Facts:
    """Writes one accepted row into the book and notes what changed."""

    book: Book
    org: Organisation
    means: Means
    entry: Entry
    places: Places
    person_id: int | None
    party_date: bool

    def write(self) -> int:
        """Plan everything that the row says. Return the person's id; faults found on the way stand in the entry."""
        old = _BLANK if self.person_id is None else self.book.get("person", self.person_id)
        self._write_person(old)
        assert self.person_id is not None
        trainee_from = self._write_trainee()
        parts: tuple[tuple[str, Callable[[], None]], ...] = (
            ("unit", lambda: self._write_employment(old, trainee_from)),
            ("branch", self._write_branch),
            ("team", self._write_membership),
            ("status", lambda: self._write_status(old)),
            ("decided_on", self._write_activist),
        )
        for field, part in parts:
            try:
                part()
            except Clash as clash:
                self.entry.faults.append(Fault(field, str(clash)))
        return self.person_id

    # Own data

    def _write_person(self, old: Row) -> None:
        entry = self.entry
        new: dict[str, Any] = {name: value for name, value in entry.values() if name in _TEXTS}
        for name in _DAYS:
            new[name] = self._day(name, old)
        if self.party_date:
            new["party_joined_on"] = self._day("party_joined_on", old)
        if new["hired_on"] is None and old["hired_on"] in (None, old["work_started_on"]):
            new["hired_on"] = new["work_started_on"]
        new["sex"] = sex_told(entry)
        new["birth_date"] = self._birth(old)
        changes = {name: value for name, value in new.items() if value is not None and value != old[name]}
        changes |= self._protected(old)
        self._judge_known_id(old, changes)
        if not changes:
            return
        self._note_changes(old, changes)
        if "name" in changes:
            changes["pinyin"], changes["initials"] = name_keys(changes["name"])
        if self.person_id is None:
            self.person_id = self.book.insert("person", {**_BLANK, "version": 1, **changes})
        else:
            self.book.update("person", self.person_id, changes)
            self._move_starts(old, changes)

    def _note_changes(self, old: Row, changes: Row) -> None:
        told = [(name, value) for name, value in changes.items() if name != "id_number_index"]
        if old is _BLANK:
            self.entry.changed += [Note(name, None, value) for name, value in told]
            return
        for name, value in told:
            before = old[name]
            if before is not None and isinstance(value, Clear):
                before = Clear(self._open(name, before))
            self.entry.note(name, before, value)

    def _day(self, name: str, old: Row) -> date | None:
        told = self.entry.day(name)
        return None if same_day(old[name], told, month_only=self.entry.month_only(name)) else told

    def _birth(self, old: Row) -> date | None:
        born = birth_of(self.entry)
        month_only = self.entry.month_only("birth_date") and self.entry.text("id_number") is None
        return None if same_day(old["birth_date"], born, month_only=month_only) else born

    def _protected(self, old: Row) -> dict[str, Any]:
        changes: dict[str, Any] = {}
        number = self.entry.text("id_number")
        if number is not None:
            fingerprint = self.means.fingerprint(number)
            if fingerprint != old["id_number_index"]:
                changes |= {"id_number": Clear(number), "id_number_index": fingerprint}
        for name in ("phone", "address"):
            value = self.entry.text(name)
            if value is not None and (old[name] is None or self._open(name, old[name]) != value):
                changes[name] = Clear(value)
        return changes

    def _open(self, name: str, kept: Clear | str) -> str:
        return kept.value if isinstance(kept, Clear) else self.means.reveal(name, kept)

    def _judge_known_id(self, old: Row, changes: Row) -> None:
        """Sex and birth date must not contradict the ID number that the register has already."""
        if old["id_number"] is not None and "id_number" not in changes and changes.keys() & {"sex", "birth_date"}:
            judge_against_id(self.entry, self._open("id_number", old["id_number"]))

    def _move_starts(self, old: Row, changes: Row) -> None:
        """A day corrected in a person's data is corrected where a history began on it."""
        assert self.person_id is not None
        if "hired_on" in changes and self.places.unit_id in (None, self._unit_today()):
            move_first_start(self.book, "employment", self.person_id, old["hired_on"], changes["hired_on"])
        if "party_joined_on" in changes:
            for name, column, party in (
                ("status_period", "status", PARTY),
                ("development_period", "stage", frozenset(_PARTY_STAGES.values())),
            ):
                history = self.book.owned(name, self.person_id)
                if history and history[0][column] in party:
                    move_first_start(
                        self.book, name, self.person_id, old["party_joined_on"], changes["party_joined_on"]
                    )

    # Where somebody works and belongs

    def _unit_today(self) -> int | None:
        work = self._now("employment")
        return None if work is None else int(work["unit_id"])

    def _write_employment(self, old: Row, trainee_from: date | None) -> None:
        unit_id = self.places.unit_id or self._unit_today()
        details: dict[str, Any] = {}
        if self.places.crew_id is not None:
            details["crew_id"] = self.places.crew_id
        if self.entry.text("post") is not None:
            details["post"] = self.entry.text("post")
        if unit_id is None or (self.places.unit_id is None and not details):
            return
        person = self.book.get("person", self.person_id or 0)
        hired = person["hired_on"]
        # A new unit with a new day of entering it: that is the day of the transfer.
        moved = hired if hired != old["hired_on"] else None
        first = hired or min(trainee_from or self.means.today, self.means.today)
        told = Told("employment", self._owner, {"unit_id": unit_id}, details, first, moved, corrects_start=False)
        outcome = tell(self.book, told, today=self.means.today)
        self._compare("unit", outcome.before, outcome.after, "unit_id", "unit")
        self._compare("crew", outcome.before, outcome.after, "crew_id", "crew")
        self._compare("post", outcome.before, outcome.after, "post")

    def _write_branch(self) -> None:
        if self.places.branch_id is None:
            return
        main = {"party_body_id": self.places.branch_id}
        told = Told("branch_membership", self._owner, main, {}, self.means.today)
        outcome = tell(self.book, told, today=self.means.today)
        self._compare("branch", outcome.before, outcome.after, "party_body_id", "party_body")

    def _write_membership(self) -> None:
        if not _IN_TEAM & self.entry.table.columns.keys():
            return
        current = self._now("membership")
        team_id = self.places.team_id or (None if current is None else current["team_id"])
        details: dict[str, Any] = {}
        if self.places.station_id is not None:
            details["station_id"] = self.places.station_id
        if self.entry.text("duty") is not None:
            details["duty"] = self.entry.text("duty")
        if team_id is None or (self.places.team_id is None and not details):
            return
        day = self.entry.day("joined_team_on") if self.places.team_id is not None else None
        month_only = self.entry.month_only("joined_team_on")
        told = Told("membership", self._owner, {"team_id": team_id}, details, self.means.today, day, month_only)
        starts = {row["id"]: row["valid_from"] for row in self.book.owned("membership", self.person_id)}
        outcome = tell(self.book, told, today=self.means.today)
        self._compare("team", outcome.before, outcome.after, "team_id", "team")
        self._compare("station", outcome.before, outcome.after, "station_id", "station")
        self._compare("duty", outcome.before, outcome.after, "duty")
        for row in self.book.owned("membership", self.person_id):
            if starts.get(row["id"]) != row["valid_from"]:
                self.entry.note("joined_team_on", starts.get(row["id"]), row["valid_from"])

    # What somebody is

    def _write_status(self, old: Row) -> None:
        status, current = self.entry.text("status"), self._now("status_period")
        person = self.book.get("person", self.person_id or 0)
        before = None if current is None else current["status"]
        joined = person["party_joined_on"] if status in PARTY and before not in PARTY else None
        if status is not None:
            told = Told(
                "status_period",
                self._owner,
                {"status": status},
                {},
                joined or self.means.today,
                joined if current is not None else None,
                corrects_start=False,
            )
            tell(self.book, told, today=self.means.today)
            if before != status:
                self.entry.note("status", before and PoliticalStatus(before), PoliticalStatus(status))
        self._write_stage(status, before, joined)

    def _write_stage(self, status: str | None, status_before: str | None, joined: date | None) -> None:
        current = self._now("development_period")
        before = None if current is None else current["stage"]
        stage, day = self._told_stage(status, status_before, before), joined
        if stage is None:
            return
        if stage == DevelopmentStage.ACTIVIST:
            day = self.entry.day("decided_on")
        told = Told(
            "development_period",
            self._owner,
            {"stage": stage},
            {},
            day or self.means.today,
            day if current is not None else None,
            corrects_start=False,
        )
        tell(self.book, told, today=self.means.today)
        if before != stage:
            self.entry.note("stage", before and DevelopmentStage(before), DevelopmentStage(stage))

    def _told_stage(self, status: str | None, status_before: str | None, before: str | None) -> str | None:
        """The stage that the row tells or implies: an own column is believed, an implied one moves nobody back."""
        if status in PARTY:
            return _PARTY_STAGES[PoliticalStatus(status)]
        if status is not None and status_before in PARTY:
            return DevelopmentStage.NONE
        told = self.entry.text("stage")
        own = self.entry.table.columns.get("stage")
        if told is not None and own is not None and own != self.entry.table.columns.get("status"):
            return told
        if self.entry.table.form == Form.ACTIVISTS and told is None:
            told = DevelopmentStage.ACTIVIST
        return told if told is not None and (told == before or may_follow(before, told)) else None

    # Activists and trainees

    def _write_activist(self) -> None:
        if not _ACTIVIST & self.entry.table.columns.keys():
            return
        files = self.book.owned("activist_file", self.person_id)
        old = files[0] if files else None
        changes: dict[str, Any] = {}
        for name in _STEPS:
            told, known = self.entry.day(name), None if old is None else old[name]
            if told is not None and not same_day(known, told, month_only=self.entry.month_only(name)):
                changes[name] = told
        way = self.entry.text("recommended_by")
        if way is not None and way != (None if old is None else old["recommended_by"]):
            changes["recommended_by"] = way
        for name, value in changes.items():
            before = None if old is None else old[name]
            if name == "recommended_by":
                self.entry.note(name, before and Recommendation(before), Recommendation(value))
            else:
                self.entry.note(name, before, value)
        if changes and old is None:
            blank = dict.fromkeys((*_STEPS, "recommended_by"))
            self.book.insert("activist_file", {**self._owner, "version": 1, **blank, **changes})
        elif changes and old is not None:
            self.book.update("activist_file", old["id"], changes)
        if "decided_on" in changes:
            self._move_activist(None if old is None else old["decided_on"], changes["decided_on"])
        if self.entry.text("contact") is not None:
            self._write_contacts(contact_names(self.entry.text("contact") or ""))

    def _move_activist(self, old: date | None, new: date) -> None:
        assert self.person_id is not None
        history = self.book.owned("development_period", self.person_id)
        if history and history[0]["stage"] == DevelopmentStage.ACTIVIST:
            move_first_start(self.book, "development_period", self.person_id, old, new)

    def _write_contacts(self, names: tuple[str, ...]) -> None:
        held = {
            row["contact_name"]: row
            for row in self.book.owned("training_contact", self.person_id)
            if row["valid_to"] is None
        }
        if not set(names) - set(held) and not set(held) - set(names):
            self._fill_contacts(held)
            return
        for name, row in held.items():
            if name not in names and row["valid_from"] < self.means.today:
                self.book.update("training_contact", row["id"], {"valid_to": self.means.today})
            elif name not in names:
                self.book.delete("training_contact", row["id"])
        for name in names:
            if name not in held:
                decided = self.entry.day("decided_on")
                self.book.insert(
                    "training_contact",
                    {
                        **self._owner,
                        "contact_id": None,
                        "contact_name": name,
                        "contact_joined_on": self._contact_joined(names),
                        "valid_from": self.means.today if held or decided is None else decided,
                        "valid_to": None,
                        "recorded_at": None,
                    },
                )
        self.entry.note("contact", "、".join(held) or None, "、".join(names))

    def _fill_contacts(self, held: dict[str, Row]) -> None:
        joined = self._contact_joined(tuple(held))
        month_only = self.entry.month_only("contact_joined_on")
        for row in held.values():
            if joined is not None and not same_day(row["contact_joined_on"], joined, month_only=month_only):
                self.book.update("training_contact", row["id"], {"contact_joined_on": joined})
                self.entry.note("contact_joined_on", row["contact_joined_on"], joined)

    def _contact_joined(self, names: tuple[str, ...]) -> date | None:
        return self.entry.day("contact_joined_on") if len(names) == 1 else None

    def _write_trainee(self) -> date | None:
        """Put the person into the intake; return the day the training began. Once in an intake, the year only follows a
        year that is asked for by name: an old list read again next year is no new intake."""
        kind = self.means.intake_kind
        if kind is None:
            return None
        year = self.means.intake_year or self.means.today.year
        mine = [
            (row, self.book.get("intake", row["intake_id"]))
            for row in self.book.owned("trainee", self.person_id)
            if self.book.get("intake", row["intake_id"])["kind"] == kind
        ]
        for row, intake in mine:
            if intake["year"] == year or self.means.intake_year is None:
                began: date = row["starts_on"]
                return began
        if mine and kind == IntakeKind.GRADUATE:
            reason = _("Already in the intake of graduates of {year}.").format(year=mine[0][1]["year"])
            self.entry.fault("name", reason, _("If that was wrong, undo the import that said so."))
            return None
        intakes = (row for row in self.book.all("intake") if row["year"] == year and row["kind"] == kind)
        found = next(intakes, None)
        intake_id = self.book.insert("intake", {"year": year, "kind": kind.value}) if found is None else found["id"]
        starts_on, ends_on = intake_days(year, kind)
        self.book.insert("trainee", {"intake_id": intake_id, **self._owner, "starts_on": starts_on, "ends_on": ends_on})
        self.entry.note("intake", None, f"{year} {label(kind)}")
        return starts_on

    # Helpers

    @property
    def _owner(self) -> dict[str, int]:
        assert self.person_id is not None
        return {"person_id": self.person_id}

    def _now(self, name: str) -> Row | None:
        return open_period(self.book, name, self.person_id, today=self.means.today)

    def _compare(self, field: str, before: Row | None, after: Row, column: str, named: str | None = None) -> None:
        old, new = None if before is None else before[column], after[column]
        if old != new and named is not None:
            self.entry.note(field, self.org.name(named, old), self.org.name(named, new))
        elif old != new:
            self.entry.note(field, old, new)
