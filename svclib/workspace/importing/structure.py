"""From tables of units, party bodies, crews, teams, stations and offices to a plan, in any order of the sheets."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from svclib.i18n import gettext as _
from svclib.models import Office, TeamLevel, TeamSetting, UnitKind
from svclib.rules.imports import PROVINCE_KEY, crew_kind, plain, short_unit_name, unit_key
from svclib.tabular import Form, Table
from svclib.tabular.names import Names
from svclib.workspace.importing.book import Book, Row
from svclib.workspace.importing.entry import Entry, keep_or_forget
from svclib.workspace.importing.names import Organisation
from svclib.workspace.importing.periods import Clash, Told, open_period, tell
from svclib.workspace.importing.places import pick
from svclib.workspace.importing.structure_rules import (
    NAME_FIELD,
    OPTIONAL,
    body_kind,
    coded,
    judge_structure,
    same_names,
)

STRUCTURE_FORMS = (Form.UNITS, Form.BODIES, Form.CREWS, Form.TEAMS, Form.STATIONS, Form.OFFICES)
"""Each may point at those before it."""


def plan_structure(
    tables: Sequence[Table],
    book: Book,
    *,
    today: date,
    progress: Callable[[int, int], None] | None = None,
) -> list[Entry]:
    """Judge every row and write what is accepted into the book. Return the rows in the file's order."""
    plan = _Plan(book, Organisation(book), today)
    order = {id(table): number for number, table in enumerate(tables)}
    total = sum(len(table.rows) for table in tables)
    entries: list[Entry] = []
    for form in STRUCTURE_FORMS:
        waiting = [Entry(table, row) for table in tables if table.form == form for row in table.rows]
        entries += waiting
        plan.announce(waiting)
        # A parent may stand below its child: take what can be taken until nothing more moves.
        while waiting:
            later = [entry for entry in waiting if plan.waits(entry, waiting)]
            taken = [entry for entry in waiting if entry not in later] or waiting
            for entry in taken:
                plan.take(entry)
            waiting = [entry for entry in waiting if entry not in taken]
        if progress is not None:
            progress(len(entries), total)
    return sorted(entries, key=lambda entry: (order[id(entry.table)], entry.row.number))


@dataclass
class _Plan:
    book: Book
    org: Organisation
    today: date

    def announce(self, entries: Sequence[Entry]) -> None:
        """Refuse what the file names twice: the first row stands."""
        seen: dict[tuple[str, tuple[str, ...]], Entry] = {}
        for entry in entries:
            form = entry.table.form
            short = "team_short" if form == Form.TEAMS else "short_name"
            owner = {Form.UNITS: (), Form.STATIONS: ("unit", "team")}.get(form, ("unit",))
            if form == Form.OFFICES:
                owner = ("unit", "office")
            keys = [(NAME_FIELD[form], tuple(plain(entry.text(name) or "") for name in (NAME_FIELD[form], *owner)))]
            if entry.text(short) is not None:
                within = entry.text("unit") or "" if form == Form.TEAMS else ""
                keys.append((short, (plain(within), plain(entry.text(short) or ""))))
            for field, key in keys:
                first = seen.setdefault((field, key), entry)
                if first is not entry and entry.text(field) is not None:
                    reason = _("Row {row} says the same already; that row counts.")
                    entry.fault(field, reason.format(row=first.row.number))

    def waits(self, entry: Entry, others: Sequence[Entry]) -> bool:
        """Whether the row's parent is another row that has not been taken yet."""
        parent = entry.text("parent")
        if parent is None:
            return False
        field = NAME_FIELD[entry.table.form]
        names = self.org.units if entry.table.form == Form.UNITS else self.org.bodies
        wanted = names.key(parent)
        return any(other is not entry and wanted in self._keys(other, field, names) for other in others)

    @staticmethod
    def _keys(entry: Entry, field: str, names: Names) -> set[str]:
        return {names.key(text) for text in (entry.text(field), entry.text("short_name")) if text is not None}

    def take(self, entry: Entry) -> None:
        """Judge one row and plan it, or roll it back."""
        judge_structure(entry, self.today)
        form = entry.table.form
        if entry.text(NAME_FIELD[form]) is not None:
            {
                Form.UNITS: self._unit,
                Form.BODIES: self._body,
                Form.CREWS: self._crew,
                Form.TEAMS: self._team,
                Form.STATIONS: self._station,
                Form.OFFICES: self._office,
            }[form](entry)
        keep_or_forget(entry, self.book)

    # One row of each form

    def _unit(self, entry: Entry) -> None:
        name = entry.text("unit") or ""
        found = self.org.units.find(name)
        short = entry.text("short_name")
        if not found and short is not None:
            found = self.org.units.find(short)
        parent = self._parent(entry, "unit", self.org.units, None)
        kind = entry.text("kind")
        told: dict[str, Any] = {"name": name, "short_name": short, "kind": kind, "parent_id": parent}
        if not found:
            below = self.book.get("unit", parent)["kind"] if parent is not None else None
            usual = UnitKind.COUNTY if below == UnitKind.COMPANY else UnitKind.COMPANY
            usual = UnitKind.PROVINCE if unit_key(name) == PROVINCE_KEY else usual
            told["short_name"], told["kind"] = short or short_unit_name(name), kind or usual.value
        elif short is None and len(plain(name)) < len(plain(self.book.get("unit", found[0])["name"])):
            # The short name alone says nothing against the official one.
            told["name"] = None
        self._write(entry, "unit", found, told, {"unit": "name", "short_name": "short_name", "kind": "kind"})

    def _body(self, entry: Entry) -> None:
        unit_id = self._owner(entry)
        if unit_id is None:
            return
        name, kind = entry.text("body") or "", entry.text("body_kind")
        found = self.org.bodies.find(name, unit_id)
        parent = self._parent(entry, "party_body", self.org.bodies, unit_id)
        told = {"unit_id": unit_id, "name": name, "kind": kind, "parent_id": parent}
        if not found:
            told["kind"] = kind or body_kind(name).value
        self._write(entry, "party_body", found, told, {"body": "name", "body_kind": "kind"})

    def _crew(self, entry: Entry) -> None:
        unit_id = self._owner(entry)
        if unit_id is None:
            return
        name = entry.text("crew") or ""
        found = self.org.crews.find(name, unit_id)
        told = {"unit_id": unit_id, "name": name, "kind": entry.text("crew_kind")}
        if not found:
            told["kind"] = told["kind"] or crew_kind(name).value
        self._write(entry, "crew", found, told, {"crew": "name", "crew_kind": "kind"})

    def _team(self, entry: Entry) -> None:
        unit_id = self._owner(entry)
        if unit_id is None:
            return
        name, short = entry.text("team") or "", entry.text("team_short")
        found = self.org.teams.find(name, unit_id) or (self.org.teams.find(short, unit_id) if short else ())
        told: dict[str, Any] = {
            "unit_id": unit_id,
            "official_name": name,
            "short_name": short,
            "crew_id": self._below(entry, "crew", self.org.crews, unit_id, _("There is no crew {text} in the unit.")),
            "party_body_id": self._below(
                entry, "body", self.org.bodies, unit_id, _("There is no party body {text} in the unit.")
            ),
            **{one: entry.value(one) for one in ("setting", "level", "supervision_phone", "latitude", "longitude")},
            "founded_on": entry.day("founded_on"),
        }
        if not found:
            told["short_name"] = short or name[:60]
            told["setting"] = told["setting"] or TeamSetting.URBAN.value
            told["level"] = told["level"] or TeamLevel.TEAM.value
            told["founded_on"] = told["founded_on"] or self.today
        elif short is None and name != self.book.get("team", found[0])["official_name"]:
            told["official_name"] = None
        names = {"team": "official_name", "team_short": "short_name", "crew": "crew_id", "body": "party_body_id"}
        same = ("setting", "level", "supervision_phone", "latitude", "longitude", "founded_on")
        self._write(entry, "team", found, told, names | {one: one for one in same})

    def _station(self, entry: Entry) -> None:
        unit_id = self._unit_told(entry)
        team = entry.text("team")
        if team is None:
            entry.fault("team", _("The service team is missing."))
        if team is None or (unit_id is None and entry.text("unit") is not None):
            return
        team_id = self._find_team(entry, unit_id)
        if team_id is None:
            return
        name = entry.text("station") or ""
        found = self.org.stations.find(name, team_id)
        told: dict[str, Any] = {
            "team_id": team_id,
            "name": name,
            **{one: entry.value(one) for one in ("address", "latitude", "longitude")},
            "opened_on": entry.day("opened_on"),
        }
        if not found:
            told["opened_on"] = told["opened_on"] or self.today
        same = ("address", "latitude", "longitude", "opened_on")
        self._write(entry, "station", found, told, {"station": "name"} | {one: one for one in same})

    def _office(self, entry: Entry) -> None:
        unit_id = self._unit_told(entry)
        office = entry.text("office")
        if office is None and not any(one.field == "office" for one in entry.faults):
            entry.fault("office", _("The office is missing."))
        team_id = None if unit_id is None and entry.text("unit") is not None else self._find_team(entry, unit_id)
        if team_id is None:
            return
        person_id = self._person(entry, int(self.book.get("team", team_id)["unit_id"]))
        if person_id is None or office is None:
            return
        day = entry.day("valid_from")
        before = open_period(self.book, "team_office", team_id, office, today=self.today)
        told = Told(
            "team_office",
            {"team_id": team_id, "office": office},
            {"person_id": person_id},
            {},
            self.today,
            day,
            entry.month_only("valid_from"),
        )
        try:
            outcome = tell(self.book, told, today=self.today)
        except Clash as clash:
            entry.fault("valid_from", str(clash))
            return
        entry.created = before is None and self.book.pending
        if before is None or before["person_id"] != outcome.after["person_id"]:
            who = None if before is None else self.book.get("person", before["person_id"])["name"]
            entry.note("name", who, self.book.get("person", person_id)["name"])
            entry.note("office", None, Office(office))

    # Finding what a row points at

    def _unit_told(self, entry: Entry) -> int | None:
        text = entry.text("unit")
        if text is None:
            return None
        unknown = _("There is no unit {text} in the register.")
        several = _("Several units may be meant by {text}; write the official name.")
        return pick(entry, "unit", self.org.units, text, None, unknown, several)

    def _owner(self, entry: Entry) -> int | None:
        if entry.text("unit") is None and not any(one.field == "unit" for one in entry.faults):
            entry.fault("unit", _("The unit is missing."))
        return self._unit_told(entry)

    def _find_team(self, entry: Entry, unit_id: int | None) -> int | None:
        unknown = _("There is no service team {text} in the register.")
        several = _("Several service teams may be meant by {text}; write the official name.")
        return pick(entry, "team", self.org.teams, entry.text("team") or "", unit_id, unknown, several)

    def _below(self, entry: Entry, field: str, names: Names, unit_id: int, unknown: str) -> int | None:
        text = entry.text(field)
        if text is None:
            return None
        return pick(entry, field, names, text, unit_id, unknown, _("Several may be meant by {text}."))

    def _parent(self, entry: Entry, table: str, names: Names, owner: int | None) -> int | None:
        text = entry.text("parent")
        if text is None:
            return None
        unknown, several = _("There is no {text} that this could belong to."), _("Several may be meant by {text}.")
        parent = pick(entry, "parent", names, text, owner, unknown, several)
        own = names.find(entry.text(NAME_FIELD[entry.table.form]) or "", owner)
        above = parent
        while above is not None:
            if above in own:
                entry.fault("parent", _("Nothing can belong to itself."))
                return None
            above = self.book.get(table, above)["parent_id"]
        return parent

    def _person(self, entry: Entry, unit_id: int) -> int | None:
        number, name = entry.text("employee_no"), entry.text("name")
        people = list(self.book.all("person"))
        if number is not None:
            found = [row for row in people if row["employee_no"] == number]
            if not found:
                entry.fault("employee_no", _("Nobody in the register has this employee number."))
            elif name is not None and plain(found[0]["name"]) != plain(name):
                reason = _("In the register this employee number belongs to {name}.")
                entry.fault("employee_no", reason.format(name=found[0]["name"]))
            return found[0]["id"] if found else None
        if name is None:
            entry.fault("name", _("The name is missing."))
            return None
        found = [row for row in people if plain(row["name"]) == plain(name) and self._works_in(row["id"], unit_id)]
        if len(found) == 1:
            return int(found[0]["id"])
        hint = _("Add a column with the employee number (人员编码).")
        if found:
            entry.fault("name", _("Several people of this name work in the team's unit."), hint)
        else:
            entry.fault("name", _("Nobody of this name works in the team's unit."), hint)
        return None

    def _works_in(self, person_id: int, unit_id: int) -> bool:
        work = open_period(self.book, "employment", person_id, today=self.today)
        return work is not None and work["unit_id"] == unit_id

    # Writing

    def _write(self, entry: Entry, table: str, found: tuple[int, ...], told: Row, fields: Mapping[str, str]) -> None:
        """Create the record or change what differs; blank cells change nothing."""
        if len(found) > 1:
            entry.fault(
                NAME_FIELD[entry.table.form], _("Several in the register may be meant; write the official name.")
            )
        if entry.faults:
            return
        old: Row = self.book.get(table, found[0]) if found else {}
        changes = {name: value for name, value in told.items() if value is not None and old.get(name) != value}
        field_of = {column: field for field, column in fields.items()}
        for column in same_names(self.book, table, {"id": found[0] if found else None, **old, **changes}):
            entry.fault(field_of[column], _("{text} is the name of another one already.").format(text=changes[column]))
        if entry.faults:
            return
        if found:
            self.book.update(table, found[0], changes)
            if changes:
                self.book.also(self.org.learn(table, self.book.get(table, found[0])))
        else:
            entry.created = True
            self.org.create(table, {**dict.fromkeys(OPTIONAL[table]), **changes})
        for field, column in fields.items():
            if column in changes:
                entry.note(field, self._shown(column, old.get(column)), self._shown(column, changes[column]))
        if "parent_id" in changes:
            named = self.org.name
            entry.note("parent", named(table, old.get("parent_id")), named(table, changes["parent_id"]))

    def _shown(self, column: str, value: Any) -> Any:
        if value is None:
            return None
        if column in ("crew_id", "party_body_id"):
            return self.org.name("crew" if column == "crew_id" else "party_body", value)
        return coded(value) if column in ("kind", "setting", "level") else value
