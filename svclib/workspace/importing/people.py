"""From tables of people to a plan: each row judged, found in the register, and written into the book or refused."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from svclib.errors import RuleBroken
from svclib.i18n import gettext as _
from svclib.models import IntakeKind
from svclib.tabular import Form, Table
from svclib.workspace.importing.book import Book
from svclib.workspace.importing.entry import Entry
from svclib.workspace.importing.facts import Facts, Means
from svclib.workspace.importing.identify import Directory
from svclib.workspace.importing.judging import judge_cells, judge_party_date
from svclib.workspace.importing.names import Organisation
from svclib.workspace.importing.periods import open_period
from svclib.workspace.importing.places import Places, find_places

PEOPLE_FORMS = (Form.PEOPLE, Form.GRADUATES, Form.MEMBERS, Form.ACTIVISTS)
"""In this order: an activist may be somebody whom another sheet of the same file brings."""
_EVERY_ROWS = 200


def plan_people(
    tables: Sequence[Table], book: Book, means: Means, progress: Callable[[int, int], None] | None = None
) -> list[Entry]:
    """Judge every row and write what is accepted into the book. Return the rows in the file's order."""
    # Who works with a part of the register can neither import units nor have them made.
    no_unit = (
        _("There is no unit {text} in the register. Import the organisation first, or choose to make units.")
        if means.bounds.places is None
        else ""
    )
    org = Organisation(book, means.bounds.knows, no_unit=no_unit)
    directory = Directory(book, org, means.fingerprint, means.today, means.bounds.holds)
    total = sum(len(table.rows) for table in tables)
    entries: list[Entry] = []
    for table in sorted(tables, key=lambda one: PEOPLE_FORMS.index(one.form)):
        for_table = replace(means, intake_kind=_intake_kind(table.form, means))
        for row in table.rows:
            entry = Entry(table, row)
            _take(entry, book, org, directory, for_table)
            entries.append(entry)
            if progress is not None and len(entries) % _EVERY_ROWS == 0:
                progress(len(entries), total)
    order = {id(table): number for number, table in enumerate(tables)}
    return sorted(entries, key=lambda entry: (order[id(entry.table)], entry.row.number))


def _intake_kind(form: Form, means: Means) -> IntakeKind | None:
    """Which intake a row of this form goes into: graduates always into one, others only when a year is named."""
    if means.intake_kind is not None:
        return means.intake_kind
    if form == Form.GRADUATES:
        return IntakeKind.GRADUATE
    if means.intake_year is None:
        return None
    if form == Form.ACTIVISTS:
        return IntakeKind.ACTIVIST
    raise RuleBroken(_("Say which kind of intake this is: graduate or activist."), field="kind")


def _take(entry: Entry, book: Book, org: Organisation, directory: Directory, means: Means) -> None:
    judge_cells(entry, today=means.today, hiring_age_min_years=means.hiring_age_min_years)
    means.bounds.judge_cells(entry)
    person_id = _person(entry, directory)
    places = _places(entry, book, org, directory, means, person_id)
    status = entry.text("status")
    if status is None and person_id is not None:
        known = open_period(book, "status_period", person_id, today=means.today)
        status = None if known is None else known["status"]
    party_date = judge_party_date(entry, status)
    if not entry.faults:
        entry.created = person_id is None
        written = Facts(book, org, means, entry, places, person_id, party_date).write()
        if not entry.faults:
            means.bounds.judge_changes(entry, written, book.touched())
        if not entry.faults:
            if book.pending:
                directory.learn(book.get("person", written))
            entry.known_as = book.get("person", written)["employee_no"]
            entry.wrote = book.pending
            book.keep()
            return
    book.roll_back()


def _person(entry: Entry, directory: Directory) -> int | None:
    numbered = any((cell := entry.cell(name)) is not None and cell.text for name in ("employee_no", "id_number"))
    if entry.table.form == Form.ACTIVISTS and not numbered:
        found = directory.find_activist(entry)
        return found if found is not None and directory.first_row_for(entry, found) else None
    if not directory.first_row_of(entry):
        return None
    return directory.find(entry)


def _places(
    entry: Entry, book: Book, org: Organisation, directory: Directory, means: Means, person_id: int | None
) -> Places:
    works_in = in_team = None
    if person_id is not None:
        works_in = directory.unit_of(person_id)
        member = open_period(book, "membership", person_id, today=means.today)
        in_team = None if member is None else int(member["team_id"])
    places = find_places(entry, org, works_in=works_in, in_team=in_team, create_units=means.create_units)
    named = entry.text("unit") or entry.text("team")
    if person_id is None and named is None and not entry.faults:
        entry.fault("unit", _("The unit is missing; somebody new needs one."))
    return places
