"""Reading: from a file that an office sent to tables of known form, every cell judged."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from svclib.errors import BadFile
from svclib.i18n import gettext as _
from svclib.tabular.cells import Context, error_cell, read_cell
from svclib.tabular.files import Book, Grid, Raw, Source, open_book
from svclib.tabular.forms import PERSON_KEYS
from svclib.tabular.headers import OTHER_FORM, HeaderWords, header_words
from svclib.tabular.layout import Layout, Near, find_layout, flat
from svclib.tabular.model import LISTS_SHEET, Cell, Table, TableRow
from svclib.tabular.request_words import read_kind
from svclib.tabular.rows import data_rows
from svclib.tabular.safety import is_result, kind_and_level
from svclib.tabular.words import education_and_degree, school_and_major, status_of

# These differ in every row: remembering what was read would only cost memory.
_UNIQUE_FIELDS = frozenset({"name", "employee_no", "id_number", "phone", "note", "address"})

Reader = Callable[[Raw, int], tuple[tuple[str, Cell], ...]]
"""From a raw value and its row (0-based) to one or more facts."""


def read_tables(source: Source, *, sheet: str | None = None, extra_words: Path | None = None) -> list[Table]:
    """Read every visible sheet of a known form, or just `sheet`, from a path or from (file name, content).

    `extra_words` is a folder that may hold the office's own `header_words.csv`. Raises BadFile with the reason and
    what to do: unreadable, protected, empty, unknown sheet, no known form.
    """
    words = header_words(extra_words)
    book = open_book(source)
    if sheet is not None and sheet not in book.visible + book.hidden:
        raise BadFile(
            _("{file} has no sheet “{sheet}”. Its sheets: {sheets}.").format(
                file=book.file_name, sheet=sheet, sheets="、".join(book.visible)
            )
        )
    tables: list[Table] = []
    misses: list[Near] = []
    notes: list[str] = []
    for name in (sheet,) if sheet is not None else _without_lists(book.visible):
        grid = book.grid(name)
        if not any(value != "" for row in grid.rows for value in row):
            continue
        layout = find_layout(grid, words)
        if isinstance(layout, Layout):
            tables.append(_table(grid, layout))
        else:
            misses.append(layout)
            notes.append(_("The sheet “{sheet}” holds no known table and was not read.").format(sheet=name))
    if sheet is None and (hidden := _without_lists(book.hidden)):
        notes.append(_("Hidden sheets were not read: {sheets}.").format(sheets="、".join(hidden)))
    if not tables:
        raise _no_table(book, misses, words)
    return [replace(tables[0], notes=(*tables[0].notes, *notes)), *tables[1:]]


def _without_lists(sheets: Sequence[str]) -> list[str]:
    return [name for name in sheets if name != LISTS_SHEET]


def _no_table(book: Book, misses: list[Near], words: HeaderWords) -> BadFile:
    """Say which header words were found and which are missing, in the sheet that came nearest."""
    if not misses:
        return BadFile(_("{file} holds no data in any visible sheet.").format(file=book.file_name))
    near = max(misses, key=lambda miss: miss.score)
    if not near.found:
        return BadFile(
            _(
                "{file}: no column of the sheet “{sheet}” was recognised. The header must name columns like {words}."
            ).format(
                file=book.file_name,
                sheet=near.sheet,
                words="、".join(words.standard(field) for field in ("name", "employee_no", "id_number", "status")),
            )
        )
    found = "、".join(flat(heading) for heading in near.found)
    if OTHER_FORM in near.fields:
        return BadFile(
            _(
                "{file}: the sheet “{sheet}” is another kind of form, which can't be imported here (columns: {found})."
            ).format(file=book.file_name, sheet=near.sheet, found=found)
        )
    missing = []
    if "name" not in near.fields:
        missing.append(words.standard("name"))
    if not PERSON_KEYS & near.fields:
        missing.append(
            _("{first} or {second}").format(first=words.standard("employee_no"), second=words.standard("id_number"))
        )
    if not missing:
        missing.append(
            _("one more column, for example {words}").format(
                words="、".join(words.standard(field) for field in ("unit", "status"))
            )
        )
    return BadFile(
        _("{file}: the sheet “{sheet}” is no known form. Columns recognised: {found}. Missing: {missing}.").format(
            file=book.file_name, sheet=near.sheet, found=found, missing="、".join(missing)
        )
    )


def _table(grid: Grid, layout: Layout) -> Table:
    columns, headings, notes = dict(layout.columns), dict(layout.headings), list(layout.notes)
    readers = [(column, _reader(fields, headings, column, grid)) for column, fields in _by_column(columns).items()]
    lacks_hiring = "hired_on" not in columns and "work_started_on" in columns
    if lacks_hiring:
        columns["hired_on"], headings["hired_on"] = columns["work_started_on"], headings["work_started_on"]
        notes.append(
            _("“{heading}” was also taken as the day of hiring: the table has no other.").format(
                heading=flat(headings["hired_on"])
            )
        )
    errors = grid.looks.errors
    rows: list[TableRow] = []
    found = data_rows(grid, layout)
    for number in found.rows:
        values = grid.rows[number]
        cells: dict[str, Cell] = {}
        for column, read in readers:
            raw: Raw = values[column] if column < len(values) else ""
            if raw == "":
                if (number, column) in errors:
                    cells.update(
                        (field, error_cell(errors[number, column], column)) for field, _cell in read("", number)
                    )
                    continue
                raw = found.filled.get((number, column), "")
            for field, cell in read(raw, number):
                if field not in cells or cells[field].value is None:
                    cells[field] = cell
        if lacks_hiring:
            cells["hired_on"] = cells["work_started_on"]
        rows.append(TableRow(number + 1, cells))
    return Table(
        layout.pattern.form,
        grid.name,
        headings,
        columns,
        tuple(rows),
        tuple(row + 1 for row in layout.header),
        (*notes, *found.notes),
        layout.title,
    )


def _by_column(columns: Mapping[str, int]) -> dict[int, list[str]]:
    """Fields by column: two facts may stand in one."""
    by_column: dict[int, list[str]] = {}
    for field, column in columns.items():
        by_column.setdefault(column, []).append(field)
    return dict(sorted(by_column.items()))


def _reader(fields: list[str], headings: Mapping[str, str], column: int, grid: Grid) -> Reader:
    """How the cells of one column are read; equal texts are read once."""
    looks = grid.looks

    def read_any(raw: Raw, row: int) -> tuple[tuple[str, Cell], ...]:
        context = Context(looks, (row, column), grid.plain_text)
        if len(fields) > 1:
            return _read_two(fields, raw, column, context)
        field = fields[0]
        if field == "status":
            return _read_status(raw, column, context, yes_or_no="是否" in headings[field])
        if field == "safety_kind":
            return _read_safety_kind(raw, column, context)
        if field == "request_kind":
            return _read_request_kind(raw, column, context)
        if field == "score" and isinstance(raw, str) and is_result(raw):
            return ((field, Cell(raw, None, None, column)), ("passed", read_cell("passed", raw, column, context)))
        return ((field, read_cell(field, raw, column, context)),)

    if fields[0] in _UNIQUE_FIELDS:
        return read_any
    known: dict[Raw, tuple[tuple[str, Cell], ...]] = {}

    def read(raw: Raw, row: int) -> tuple[tuple[str, Cell], ...]:
        if isinstance(raw, int | float):
            # The same number may be shown differently in another row.
            return read_any(raw, row)
        facts = known.get(raw)
        if facts is None:
            facts = known[raw] = read_any(raw, row)
        return facts

    return read


def _read_status(raw: Raw, column: int, context: Context, *, yes_or_no: bool) -> tuple[tuple[str, Cell], ...]:
    plain = read_cell("unit", raw, column, context)
    if plain.flaw is not None or plain.value is None:
        return (("status", plain),)
    status, stage, flaw = status_of(plain.text, yes_or_no=yes_or_no)
    facts = (("status", Cell(plain.text, status, flaw, column)),)
    return facts if stage is None else (*facts, ("stage", Cell(plain.text, stage, None, column)))


def _read_safety_kind(raw: Raw, column: int, context: Context) -> tuple[tuple[str, Cell], ...]:
    plain = read_cell("unit", raw, column, context)
    if plain.flaw is not None or plain.value is None:
        return (("safety_kind", plain),)
    kind, level, flaw = kind_and_level(plain.text)
    facts = (("safety_kind", Cell(plain.text, kind, flaw, column)),)
    return (*facts, ("safety_level", Cell(plain.text, level, None, column))) if level else facts


def _read_request_kind(raw: Raw, column: int, context: Context) -> tuple[tuple[str, Cell], ...]:
    plain = read_cell("unit", raw, column, context)
    if plain.flaw is not None or plain.value is None:
        return (("request_kind", plain),)
    kind, leave, flaw = read_kind(plain.text)
    facts = (("request_kind", Cell(plain.text, kind, flaw, column)),)
    return (*facts, ("leave_word", Cell(plain.text, leave, None, column))) if leave else facts


def _read_two(fields: list[str], raw: Raw, column: int, context: Context) -> tuple[tuple[str, Cell], ...]:
    """Two facts in one cell: education and degree, or school and major."""
    whole = read_cell("unit", raw, column, context)
    if whole.value is None:
        return tuple((field, whole) for field in fields)
    cut = education_and_degree if "education" in fields else school_and_major
    # Blanks are what cuts here: the text as written, not the cleaned one.
    values = dict(
        zip(("education", "degree") if "education" in fields else ("school", "major"), cut(whole.text), strict=True)
    )
    return tuple(
        (field, read_cell(field, values[field] or "", column, context)._replace(text=whole.text)) for field in fields
    )
