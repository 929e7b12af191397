"""Which rows below a header are data: not the empty ones, repeated headers, totals, signatures and remarks."""

from __future__ import annotations

import re
from dataclasses import dataclass

from svclib.i18n import gettext as _
from svclib.tabular.files import Grid, Raw
from svclib.tabular.forms import PERSON_KEYS
from svclib.tabular.layout import Layout, text_of
from svclib.tabular.texts import half_width

_FOOTER_WORDS = (
    "合计|小计|总计|共计|累计|本页小计|本页合计|制表人?|制表单位|填表人?|填报人?|填报单位|填表单位|审核人?|复核人?|审批人?|审批|批准人?|经办人?"
    "|单位负责人|部门负责人|支部书记|党支部书记|负责人|分管领导|联系人|联系电话|填表日期|填报日期|填表时间|填报时间|制表日期|制表时间|日期"
    "|备注|说明|备注说明|填表说明|填报说明|注意事项|注|以上|单位盖章|盖章|公章|签字|签章|领导签字"
)
# What no footer starts with is told by its first character alone, which nearly every cell is.
_FOOTER_STARTS = frozenset(word[0] for word in _FOOTER_WORDS.split("|"))
_FOOTER = re.compile(rf"(?:{_FOOTER_WORDS})(?:\([^)]*\))?(?:[:].*|)", re.DOTALL)
_REAL_KEY = re.compile(r"[A-Za-z]{0,6}-?\d{4,18}[Xx]?")
_WIDE_MERGE_COLUMNS = 3
_ROWS_NAMED_MAX = 12


@dataclass(frozen=True)
class DataRows:
    """Rows (0-based) that hold data, values that merged cells give to the cells below, and what was skipped."""

    rows: list[int]
    filled: dict[tuple[int, int], Raw]
    notes: tuple[str, ...]


def data_rows(grid: Grid, layout: Layout) -> DataRows:
    """Walk over the rows below the header and keep what is data."""
    first = layout.header[-1] + 1
    headers = {_squeezed_row(grid.rows[row]) for row in layout.header}
    starts = {header[0] for header in headers if header}
    mapped = set(layout.columns.values())
    keys = _key_columns(layout)
    name, proof = layout.columns.get("name"), layout.columns.get("placement_key")
    anchors = set(keys) | ({name} if name is not None else set())
    wide = {(top, left) for top, left, _bottom, right in grid.merged if right - left + 1 >= _WIDE_MERGE_COLUMNS}
    errors = {row for row, _column in grid.looks.errors}
    kept: list[int] = []
    repeats: list[int] = []
    remarks: list[int] = []
    for number in range(first, len(grid.rows)):
        row = grid.rows[number]
        filled = [
            column for column, value in enumerate(row) if value != "" and not (type(value) is str and value.isspace())
        ]
        if not filled:
            if number in errors:
                kept.append(number)
            continue
        if len(filled) >= 2 and _squeezed(row[filled[0]]) in starts and _squeezed_row(row) in headers:
            repeats.append(number)
        elif proof in filled and len(filled) > 1 and not _footer_word(text_of(row[proof])):
            # A key of our own: whatever the first cell says, this is no footer.
            kept.append(number)
        elif _is_footer(row, filled, name, keys) or _is_remark(number, filled, anchors, wide):
            remarks.append(number)
        elif number in errors or not mapped.isdisjoint(filled):
            kept.append(number)
    notes = []
    if repeats:
        notes.append(_("Repeated header rows were skipped: {rows}.").format(rows=_named(repeats)))
    if remarks:
        notes.append(_("Totals, signatures and remarks were skipped: rows {rows}.").format(rows=_named(remarks)))
    return DataRows(kept, filled_down(grid, layout, first), tuple(notes))


def _squeezed_row(row: object) -> tuple[str, ...]:
    assert isinstance(row, list | tuple)
    return tuple(text for value in row if (text := _squeezed(value)))


def _squeezed(value: Raw) -> str:
    return "".join(text_of(value).split())


def _named(rows: list[int]) -> str:
    numbers = "、".join(str(row + 1) for row in rows[:_ROWS_NAMED_MAX])
    return numbers + (" …" if len(rows) > _ROWS_NAMED_MAX else "")


def _key_columns(layout: Layout) -> list[int]:
    """Columns whose value proves that a row is about somebody or something."""
    keys = PERSON_KEYS if "name" in layout.columns else layout.pattern.key
    return [layout.columns[field] for field in keys if field in layout.columns]


def _is_footer(row: object, filled: list[int], name: int | None, keys: list[int]) -> bool:
    """A total or a signature line: a footer word at its start or in place of the name, and no key beside it."""
    assert isinstance(row, list | tuple)
    starts = [row[filled[0]]] + ([row[name]] if name is not None and name < len(row) else [])
    if not any(isinstance(start, str) and _footer_word(start) for start in starts):
        return False
    for column in keys:
        key = half_width(text_of(row[column])) if column < len(row) else ""
        # The key of a thing is its name; that of a person is a number, and no count (25人) or day of signing.
        is_key = key and not _footer_word(key) if name is None else _REAL_KEY.fullmatch(key.removesuffix(".0"))
        if is_key:
            return False
    return True


def _footer_word(text: str) -> bool:
    first = text.lstrip()[:1]
    if first.isalnum() and first not in _FOOTER_STARTS:
        return False
    return bool(_FOOTER.fullmatch("".join(half_width(text).split())))


def _is_remark(number: int, filled: list[int], anchors: set[int], wide: set[tuple[int, int]]) -> bool:
    """A single text in a row, merged over several columns or standing where neither name nor key stands."""
    if len(filled) != 1:
        return False
    return (number, filled[0]) in wide or filled[0] not in anchors


def filled_down(grid: Grid, layout: Layout, first: int) -> dict[tuple[int, int], Raw]:
    """Values of vertically merged cells for the rows below their first; never for names and keys."""
    columns = {column for field, column in layout.columns.items() if field not in layout.pattern.key}
    columns -= {column for field, column in layout.columns.items() if field in layout.pattern.key}
    filled: dict[tuple[int, int], Raw] = {}
    for top, left, bottom, _right in grid.merged:
        if bottom > top >= first and left in columns and top < len(grid.rows) and left < len(grid.rows[top]):
            value = grid.rows[top][left]
            if value != "":
                filled.update(((row, left), value) for row in range(top + 1, min(bottom, len(grid.rows) - 1) + 1))
    return filled
