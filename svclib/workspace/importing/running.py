"""One import from file to result: read, plan, compare with the preview, save, tell."""

from __future__ import annotations

import gc
import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from svclib.errors import BadFile, StaleRecord
from svclib.i18n import gettext as _
from svclib.models import ImportRun, IntakeKind, table
from svclib.tabular import Form, Table, read_tables
from svclib.workspace.base import Transaction
from svclib.workspace.importing.book import Book, Change, Row
from svclib.workspace.importing.bounds import bounds_of
from svclib.workspace.importing.entry import Entry
from svclib.workspace.importing.facts import Means
from svclib.workspace.importing.people import PEOPLE_FORMS, plan_people
from svclib.workspace.importing.requests import plan_requests
from svclib.workspace.importing.result import Action, ImportResult
from svclib.workspace.importing.safety import notes_on_safety, plan_safety, unnumbered_names
from svclib.workspace.importing.saving import digest, save
from svclib.workspace.importing.snapshot import people_book, structure_book
from svclib.workspace.importing.structure import STRUCTURE_FORMS, plan_structure

Progress = Callable[[int, int], None]
STRUCTURE = "structure"
MIXED = "mixed"
_RUN = table(ImportRun)
_FILE_NAME_MAX = 255


@dataclass(frozen=True)
class Incoming:
    """A file that was read: its name, its fingerprint, its tables of the kind asked for."""

    file_name: str
    sha256: str
    tables: tuple[Table, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Options:
    strict: bool = False
    create_units: bool = False
    intake_year: int | None = None
    intake_kind: IntakeKind | None = None
    expected: str | None = None


@contextmanager
def without_collecting() -> Iterator[None]:
    """Hold Python's search for cyclic garbage: among the million living objects of a large file it finds nothing and
    costs a fifth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def read_incoming(
    source: Path | str | tuple[str, bytes], sheet: str | None, words: Path, *, structure: bool
) -> Incoming:
    """Read a file. Raises BadFile when it can't be read or holds nothing of the kind asked for."""
    place = Path(source) if isinstance(source, str) else source
    tables = read_tables(place, sheet=sheet, extra_words=words)
    forms = STRUCTURE_FORMS if structure else (*PEOPLE_FORMS, Form.SAFETY, Form.REQUESTS)
    wanted = tuple(one for one in tables if one.form in forms)
    if all(one.form == Form.PLACEMENTS for one in tables):
        raise BadFile(_("The file holds a rotation plan, no people and no structure: it is taken back with the plan."))
    if not wanted and structure:
        raise BadFile(_("The file holds people, no structure. Bring it in with: svc register import"))
    if not wanted:
        raise BadFile(_("The file holds units and teams, no people. Bring it in with: svc register import-structure"))
    notes = [note for one in wanted for note in one.notes]
    left = [one.sheet for one in tables if one not in wanted]
    if left:
        notes.append(_left_out(left))
    if any("mentor" in one.columns for one in wanted):
        notes.append(_("Mentors are not taken from this list: they come with the mentor agreements."))
    name, content = place if isinstance(place, tuple) else (place.name, place.read_bytes())
    return Incoming(name[:_FILE_NAME_MAX], hashlib.sha256(content).hexdigest(), wanted, tuple(notes))


def run_people(tx: Transaction, incoming: Incoming, options: Options, progress: Progress | None) -> ImportResult:
    """Plan, and in a writing transaction save, a file of people, of their safety records and requests, or of several.

    Raises BadFile when it holds nothing that the role keeps.
    """
    vault = tx.vault
    if tx.policy.keeps_safety_alone:
        incoming = _safety_alone(incoming)
    safety = [one for one in incoming.tables if one.form == Form.SAFETY]
    requests = [one for one in incoming.tables if one.form == Form.REQUESTS]
    people = [one for one in incoming.tables if one.form in PEOPLE_FORMS]

    @cache
    def fingerprint(value: str) -> str:
        return vault.index(value) or ""

    def reveal(field: str, sealed: str) -> str:
        return vault.decrypt(field, sealed) or ""

    book = people_book(
        tx,
        numbers=_texts(incoming.tables, "employee_no"),
        fingerprints={fingerprint(number) for number in _texts(incoming.tables, "id_number")},
        names=_texts([one for one in people if one.form == Form.ACTIVISTS], "name")
        | unnumbered_names(safety + requests),
        safety=bool(safety),
        requests=bool(requests),
    )
    means = Means(
        today=tx.today,
        hiring_age_min_years=tx.settings.hiring_age_min_years,
        fingerprint=fingerprint,
        reveal=reveal,
        bounds=bounds_of(tx, book, create_units=options.create_units),
        create_units=options.create_units,
        intake_year=options.intake_year,
        intake_kind=options.intake_kind,
    )
    entries = plan_people(people, book, means, progress)
    if safety:
        entries += plan_safety(safety, book, means, tx.settings.safety_pass_score)
        notes = notes_on_safety(safety, means.bounds, tx.settings.safety_valid_days)
        incoming = replace(incoming, notes=(*incoming.notes, *notes))
    if requests:
        # Here alone: who brings in people waits for nothing of the rotation.
        from svclib.workspace.rotation.request_years import years_of

        years, zone = years_of(tx, book.all("person")), tx.settings.timezone
        asked, notes = plan_requests(requests, book, means, years, actor=tx.actor.name, timezone=zone)
        entries += asked
        incoming = replace(incoming, notes=(*incoming.notes, *notes))
    forms = {one.form for one in incoming.tables}
    form = next(iter(forms)).value if len(forms) == 1 else MIXED
    return _finish(tx, incoming, form, entries, book, options, progress)


def _safety_alone(incoming: Incoming) -> Incoming:
    kept = tuple(one for one in incoming.tables if one.form == Form.SAFETY)
    if not kept:
        raise BadFile(_("Your role brings in safety education and examinations only."))
    left = [one.sheet for one in incoming.tables if one.form != Form.SAFETY]
    notes = (*incoming.notes, _left_out(left)) if left else incoming.notes
    return replace(incoming, tables=kept, notes=notes)


def _left_out(sheets: Sequence[str]) -> str:
    return _("Left out, being of another kind: {sheets}").format(sheets="、".join(sheets))


def run_structure(tx: Transaction, incoming: Incoming, options: Options, progress: Progress | None) -> ImportResult:
    """Plan, and in a writing transaction save, a file of units, teams and what belongs to them."""
    offices = tuple(one for one in incoming.tables if one.form == Form.OFFICES)
    book = structure_book(tx, numbers=_texts(offices, "employee_no"), names=_texts(offices, "name"))
    entries = plan_structure(incoming.tables, book, today=tx.today, progress=progress)
    return _finish(tx, incoming, STRUCTURE, entries, book, options, progress)


def _finish(
    tx: Transaction,
    incoming: Incoming,
    form: str,
    entries: Sequence[Entry],
    book: Book,
    options: Options,
    progress: Progress | None,
) -> ImportResult:
    changes = book.changes()
    rejected = tuple(one for entry in entries for one in entry.rejections())
    # Only a preview and its confirmation need the plan's name: it costs a tenth of an import.
    named = ""
    if options.expected is not None or not tx.writes:
        named = digest(changes, (incoming.sha256, *rejected), lambda value: tx.vault.index(value) or "")
    if options.expected is not None and options.expected != named:
        raise StaleRecord(
            _("The register has changed since the preview. Look at the preview again; nothing was saved."),
            version=0,
            conflicts={},
        )
    counts = Counter(entry.action for entry in entries)
    saving = tx.writes and not (options.strict and rejected)
    run_id = _save(tx, incoming, form, entries, counts, changes) if saving and changes else None
    if progress is not None:
        progress(len(entries), len(entries))
    return ImportResult(
        file_name=incoming.file_name,
        form=form,
        sheets=tuple(one.sheet for one in incoming.tables),
        rows=len(entries),
        created=counts["created"],
        updated=counts["updated"],
        unchanged=counts["unchanged"],
        rejected=rejected,
        saved=saving,
        dry_run=not tx.writes,
        run_id=run_id,
        digest=named,
        notes=(*incoming.notes, *_limits(tx), *_made(book, changes, form)),
        entries=tuple(entries),
    )


def _save(
    tx: Transaction,
    incoming: Incoming,
    form: str,
    entries: Sequence[Entry],
    counts: Mapping[Action, int],
    changes: Sequence[Change],
) -> int:
    facts = {
        "actor": tx.actor.name,
        "recorded_at": tx.now,
        "file_name": incoming.file_name,
        "sha256": incoming.sha256,
        "form": form,
        "rows": len(entries),
        "created": counts.get("created", 0),
        "updated": counts.get("updated", 0),
        "unchanged": counts.get("unchanged", 0),
        "rejected": counts.get("rejected", 0),
    }
    run_id = tx.insert(_RUN, facts)
    tx.record(_RUN, run_id, after=facts)
    save(tx, changes, run_id)
    return run_id


def _limits(tx: Transaction) -> list[str]:
    if tx.scope.everything:
        return []
    return [_("Only people, units, teams and party bodies within your duties are looked for.")]


def _made(book: Book, changes: Sequence[Change], form: str) -> list[str]:
    """Places that came into being because people were listed in them."""
    if form == STRUCTURE:
        return []
    units = [str(row["short_name"]) for row in _new(changes, "unit")]
    crews = [f"{book.get('unit', row['unit_id'])['short_name']} {row['name']}" for row in _new(changes, "crew")]
    return [
        text.format(names="、".join(names))
        for text, names in ((_("New units: {names}"), units), (_("New crews: {names}"), crews))
        if names
    ]


def _new(changes: Sequence[Change], name: str) -> Iterator[Row]:
    for change in changes:
        if change.table == name and change.before is None and change.after is not None:
            yield change.after


def _texts(tables: Sequence[Table], field: str) -> set[str]:
    """Every text in a column."""
    return {
        str(cell.value)
        for one in tables
        for row in one.rows
        if (cell := row.cells.get(field)) is not None and cell.value is not None
    }
