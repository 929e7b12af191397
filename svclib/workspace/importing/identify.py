"""Whom a row means: by employee number, else ID number; activists by name and birth month within the branch's unit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date

from svclib.i18n import gettext as _
from svclib.rules.imports import plain
from svclib.tabular import Form
from svclib.workspace.importing.book import Book, Row
from svclib.workspace.importing.entry import Entry
from svclib.workspace.importing.names import Organisation
from svclib.workspace.importing.periods import open_period
from svclib.workspace.importing.places import find_unit


class Directory:
    """The people of the book by number, ID fingerprint and name; grows with those the file creates."""

    def __init__(
        self,
        book: Book,
        org: Organisation,
        fingerprint: Callable[[str], str],
        today: date,
        holds: Callable[[int], bool] = lambda _person_id: True,
    ) -> None:
        self._book = book
        self._holds = holds
        self._org = org
        self._today = today
        self.fingerprint = fingerprint
        self._by_number: dict[str, int] = {}
        self._by_id: dict[str, int] = {}
        self._by_name: defaultdict[str, list[int]] = defaultdict(list)
        self._seen: dict[tuple[Form, str, str], Entry] = {}
        for row in book.all("person"):
            self.learn(row)

    def learn(self, person: Row) -> None:
        """Know a person under the present number, ID fingerprint and name."""
        if person["employee_no"] is not None:
            self._by_number[person["employee_no"]] = person["id"]
        if person["id_number_index"] is not None:
            self._by_id[person["id_number_index"]] = person["id"]
        same_name = self._by_name[plain(person["name"])]
        if person["id"] not in same_name:
            same_name.append(person["id"])

    def named(self, name: str) -> list[Row]:
        """Everybody of this name who is in scope."""
        found = self._by_name.get(plain(name), ())
        return [self._book.get("person", row_id) for row_id in found if self._holds(row_id)]

    def first_row_of(self, entry: Entry) -> bool:
        """Whether the file has not named this person before; else note a fault.

        The first row stands, also while it has faults of its own: else mending it would give one number to two people.
        """
        free = True
        for name in ("employee_no", "id_number"):
            value = entry.text(name)
            if value is None:
                continue
            first = self._seen.setdefault((entry.table.form, name, value), entry)
            if first is entry or not free:
                continue
            free = False
            self._tell_twice(entry, first, name)
        return free

    def first_row_for(self, entry: Entry, person_id: int) -> bool:
        """The same for a person who was found without a number of their own in the row."""
        first = self._seen.setdefault((entry.table.form, "person", str(person_id)), entry)
        if first is not entry:
            self._tell_twice(entry, first, "name")
        return first is entry

    def find(self, entry: Entry) -> int | None:
        """The person's id; None for a new person, or where the row is at fault."""
        number, id_number = entry.text("employee_no"), entry.text("id_number")
        flawed = {one.field for one in entry.faults}
        if number is None and id_number is None:
            if not flawed & {"employee_no", "id_number"}:
                self._key_missing(entry)
            return None
        by_number = None if number is None else self._by_number.get(number)
        by_id = None if id_number is None else self._by_id.get(self.fingerprint(id_number))
        for field, someone in (("id_number", by_id), ("employee_no", by_number)):
            if someone is not None and not self._holds(someone):
                # Not even the name: who has the number is told to the own unit only.
                entry.fault(field, _("This number belongs to somebody outside your scope."))
                return None
        if by_number is not None and by_id is not None and by_number != by_id:
            one, other = self._name(by_number), self._name(by_id)
            reason = _("In the register the employee number belongs to {one} and the ID number to {other}.")
            entry.fault("employee_no", reason.format(one=one, other=other))
            return None
        if by_id is not None:
            return by_id
        if by_number is not None and "name" not in flawed and not self._same_name(by_number, entry.text("name")):
            known = self._name(by_number)
            hint = _("Correct the number, or add the ID number if {name} has changed the name.").format(name=known)
            entry.fault(
                "employee_no",
                _("In the register this employee number belongs to {name}.").format(name=known),
                None if entry.table.form in (Form.SAFETY, Form.REQUESTS) else hint,
            )
            return None
        return by_number

    def find_activist(self, entry: Entry) -> int | None:
        """The person of a form without numbers. Notes a fault unless exactly one fits."""
        name, born, branch = entry.text("name"), entry.day("birth_date"), entry.text("branch")
        if name is None or entry.faults:
            return None
        if born is None:
            entry.fault(
                "birth_date", _("Without a number the birth month is needed to find the person."), _number_column()
            )
            return None
        units = self._units(entry, branch)
        fitting = [
            row
            for row in self.named(name)
            if row["birth_date"] is not None
            and (row["birth_date"].year, row["birth_date"].month) == (born.year, born.month)
            and (units is None or self.unit_of(row["id"]) in units)
        ]
        nobody = _("Nobody in the register has this name and birth month.")
        if units is not None:
            nobody = _("Nobody of this name and birth month works in the unit of this branch.")
        return _the_one(entry, fitting, nobody, _("Several people in the register have this name and birth month."))

    def find_known(self, entry: Entry) -> int | None:
        """The person of a list that brings nobody: by number, ID number, or else by name, within the unit where one is
        told. Notes a fault unless exactly one fits."""
        number, id_number = entry.text("employee_no"), entry.text("id_number")
        if number is None and id_number is None:
            return self._by_name_alone(entry)
        faults = len(entry.faults)
        found = self.find(entry)
        if len(entry.faults) > faults:
            return None
        if found is None:
            field = "employee_no" if number is not None else "id_number"
            entry.fault(field, _("Nobody in the register has this number."), _("Bring the person in first."))
            return None
        return found if self._agrees(entry, self._book.get("person", found)) else None

    def _agrees(self, entry: Entry, person: Row) -> bool:
        """Whether name and both numbers are those of the person who was found; else note a fault."""
        number, id_number = entry.text("employee_no"), entry.text("id_number")
        index = None if id_number is None else self.fingerprint(id_number)
        name = entry.text("name")
        if name is not None and not self._same_name(person["id"], name):
            reason = _("In the register this ID number belongs to {name}.")
            entry.fault("id_number", reason.format(name=person["name"]))
        elif number is not None and person["employee_no"] not in (None, number):
            reason = _("In the register {name} has another employee number.")
            entry.fault("employee_no", reason.format(name=person["name"]))
        elif index is not None and person["id_number_index"] not in (None, index):
            entry.fault("id_number", _("In the register {name} has another ID number.").format(name=person["name"]))
        else:
            return True
        return False

    def _by_name_alone(self, entry: Entry) -> int | None:
        if {one.field for one in entry.faults} & {"name", "unit", "employee_no", "id_number"}:
            return None
        unit_id = None if entry.text("unit") is None else find_unit(entry, self._org)
        if unit_id is None and entry.text("unit") is not None:
            return None
        named = self.named(entry.text("name") or "")
        fitting = [row for row in named if unit_id is None or self.unit_of(row["id"]) == unit_id]
        nobody = _("Nobody in the register has this name.")
        if unit_id is not None:
            nobody = _("Nobody of this name works in this unit.")
        return _the_one(entry, fitting, nobody, _("Several people in the register have this name."))

    def unit_of(self, person_id: int) -> int | None:
        """Where the person works today."""
        work = open_period(self._book, "employment", person_id, today=self._today)
        return None if work is None else int(work["unit_id"])

    def _units(self, entry: Entry, branch: str | None) -> set[int] | None:
        told = entry.text("unit")
        if told is not None:
            return set(self._org.units.find(told))
        if branch is None:
            return None
        bodies = self._org.bodies.find(branch)
        return {self._book.get("party_body", body)["unit_id"] for body in bodies} or None

    def _key_missing(self, entry: Entry) -> None:
        if entry.table.form == Form.GRADUATES:
            entry.fault("id_number", _("The ID number is missing; graduates are known by it."))
        else:
            entry.fault("employee_no", _("The employee number is missing, and there is no ID number either."))

    def _tell_twice(self, entry: Entry, first: Entry, field: str) -> None:
        name = first.text("name") or "?"
        if first.table.sheet != entry.table.sheet:
            reason = _("Row {row} of sheet {sheet} has this person already ({name}); that row counts.")
        elif plain(name) != plain(entry.text("name") or "?") and field != "name":
            reason = _("Row {row} gives the same number to {name}; that row counts.")
        else:
            reason = _("Row {row} has this person already ({name}); that row counts.")
        entry.fault(field, reason.format(row=first.row.number, sheet=first.table.sheet, name=name))

    def _name(self, person_id: int) -> str:
        return str(self._book.get("person", person_id)["name"])

    def _same_name(self, person_id: int, name: str | None) -> bool:
        return name is not None and plain(self._name(person_id)) == plain(name)


def _the_one(entry: Entry, fitting: Sequence[Row], nobody: str, several: str) -> int | None:
    if len(fitting) == 1:
        return int(fitting[0]["id"])
    entry.fault("name", several if fitting else nobody, _number_column())
    return None


def _number_column() -> str:
    return _("Add a column with the employee number (人员编码) or the ID number (身份证号).")
