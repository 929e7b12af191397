"""Finding the table in a sheet: title and note lines, a header of one or two rows, what each column holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from svclib.i18n import gettext as _
from svclib.tabular.files import Grid, Raw
from svclib.tabular.forms import GRADUATES_NAMED, PATTERNS, SAFETY_NAMED, Pattern
from svclib.tabular.headers import SERIAL, SOMEONE_ELSE, HeaderWords, Meaning

_HEADER_SEARCH_ROWS = 40
_TELLING_WORDS = {
    GRADUATES_NAMED: ("毕业生", "录用单位", "签约单位", "接收单位"),
    SAFETY_NAMED: ("安规", "安全规程", "工作规程", "安全教育", "安全培训"),
}
# Under such a group a bare 姓名 or 电话 is somebody else's.
_PEOPLE_GROUPS = frozenset({SOMEONE_ELSE, "mentor", "contact"})


@dataclass(frozen=True)
class Heading:
    """The heading of one column: as written, and the texts to look up, the most exact one first."""

    column: int
    written: str
    keys: tuple[str, ...]


@dataclass(frozen=True)
class Layout:
    """A table found in a sheet: its form, its header rows (0-based), the column and heading of each field.

    `title` is the sheet's name with what stands above the header.
    """

    pattern: Pattern
    header: tuple[int, ...]
    columns: dict[str, int]
    headings: dict[str, str]
    notes: tuple[str, ...]
    title: str


@dataclass(frozen=True)
class Near:
    """The best header row of a sheet in which no form was found."""

    sheet: str
    found: tuple[str, ...]
    fields: frozenset[str]
    score: int


def text_of(raw: Raw) -> str:
    """A cell as trimmed text."""
    return raw.strip() if isinstance(raw, str) else str(raw)


def find_layout(grid: Grid, words: HeaderWords) -> Layout | Near:
    """Search a sheet for the header of a known form, from the top; the nearest miss otherwise."""
    near = Near(grid.name, (), frozenset(), 0)
    title = grid.name
    merges = _HeaderMerges(grid)
    for row in range(min(len(grid.rows), _HEADER_SEARCH_ROWS)):
        texts = [text_of(raw) for raw in grid.rows[row]]
        if sum(1 for text in texts if text) < 2:
            title += "".join(texts)
            continue
        best: Layout | None = None
        for headings, header in _candidates(grid, row, texts, words, merges):
            found = _recognise(headings, header, title, words)
            if isinstance(found, Layout):
                if best is None or len(found.columns) >= len(best.columns):
                    best = found
            elif found.score > near.score:
                near = Near(grid.name, found.found, found.fields, found.score)
        if best is not None:
            return best
    return near


class _HeaderMerges:
    """Merged ranges by the row in which they start."""

    def __init__(self, grid: Grid) -> None:
        self.by_row: dict[int, list[tuple[int, int, int, int]]] = {}
        for merge in grid.merged:
            if merge[0] < _HEADER_SEARCH_ROWS:
                self.by_row.setdefault(merge[0], []).append(merge)

    def spread(self, row: int, texts: Sequence[str]) -> list[str]:
        """A row in which a heading merged over several columns stands in each of them."""
        spread = list(texts)
        for top, left, _bottom, right in self.by_row.get(row, []):
            if top == row and left < len(spread):
                spread[left : right + 1] = [texts[left]] * (min(right, len(spread) - 1) - left + 1)
        return spread

    def tall(self, row: int) -> bool:
        """Whether some heading of this row is merged with the cell below."""
        return any(bottom > row for _top, _left, bottom, _right in self.by_row.get(row, []))


def _candidates(
    grid: Grid, row: int, texts: list[str], words: HeaderWords, merges: _HeaderMerges
) -> list[tuple[list[Heading], tuple[int, ...]]]:
    """The ways in which a header may start in this row: one row, or a row of groups with one of headings below."""
    top = merges.spread(row, texts)
    single = [Heading(column, text, (text,)) for column, text in enumerate(top) if text]
    ways: list[tuple[list[Heading], tuple[int, ...]]] = [(single, (row,))]
    if row + 1 >= len(grid.rows):
        return ways
    below = [text_of(raw) for raw in grid.rows[row + 1]]
    filled = {column for column, text in enumerate(below) if text}
    # Below a header without merges (a text file) a second header row holds nothing but known words.
    both = _two_rows(top, below)
    lower = [heading for heading in both if heading.column in filled]
    if filled and (merges.tall(row) or all(any(map(words.is_known, heading.keys[:2])) for heading in lower)):
        ways.append((both, (row, row + 1)))
    return ways


def _two_rows(top: Sequence[str], below: Sequence[str]) -> list[Heading]:
    headings = []
    group = ""
    for column in range(max(len(top), len(below))):
        above = top[column] if column < len(top) else ""
        under = below[column] if column < len(below) else ""
        # A text file keeps only the first cell of a merged group.
        group = above or group
        if not under:
            if above:
                headings.append(Heading(column, above, (above,)))
            continue
        if not group or group == under:
            headings.append(Heading(column, under, (under,)))
        else:
            headings.append(Heading(column, f"{group} {under}", (group + under, under, group)))
    return headings


def _recognise(headings: Sequence[Heading], header: tuple[int, ...], title: str, words: HeaderWords) -> Layout | Near:
    near = Near("", (), frozenset(), 0)
    marks = title + "".join(heading.written for heading in headings)
    named = {mark for mark, telling in _TELLING_WORDS.items() if any(word in marks for word in telling)}
    for pattern in PATTERNS:
        placed, present = _assign(headings, pattern, words)
        if pattern.fits(placed, present | named):
            columns = {field: heading.column for field, heading in placed.items()}
            written = {field: heading.written for field, heading in placed.items()}
            return Layout(pattern, header, columns, written, _unused(headings, placed, pattern, words), title)
        if len(placed) > near.score:
            found = sorted(placed.values(), key=lambda heading: heading.column)
            near = Near("", tuple(dict.fromkeys(heading.written for heading in found)), present, len(placed))
    return near


def _assign(
    headings: Sequence[Heading], pattern: Pattern, words: HeaderWords
) -> tuple[dict[str, Heading], frozenset[str]]:
    """Give each field of a form its column. A word with two meanings takes the second when the first is taken.

    Also tells every field that the headings name, whether it belongs to the form or not.
    """
    claims: list[tuple[int, int, int, int, Meaning, Heading]] = []
    for heading in headings:
        fitting = [
            meaning for meaning in _meanings(heading, pattern, words) if set(meaning.field.split("+")) <= pattern.fields
        ]
        for preference, meaning in enumerate(fitting):
            # First what has a single meaning, then what has two.
            claims.append((len(fitting), preference, meaning.rank, heading.column, meaning, heading))
    placed: dict[str, Heading] = {}
    used: set[int] = set()
    for *_order, meaning, heading in sorted(claims, key=lambda claim: claim[:4]):
        wanted = [part for part in meaning.field.split("+") if part not in placed]
        if wanted and heading.column not in used:
            used.add(heading.column)
            placed.update((part, heading) for part in wanted)
    named = (
        part
        for heading in headings
        if heading.column not in used
        for meaning in _meanings(heading, pattern, words)
        for part in meaning.field.split("+")
    )
    return placed, frozenset(placed) | frozenset(named)


def _unused(
    headings: Sequence[Heading], placed: dict[str, Heading], pattern: Pattern, words: HeaderWords
) -> tuple[str, ...]:
    """A sentence for each column that isn't read, so that nothing is left out in silence."""
    used = {heading.column for heading in placed.values()}
    notes = []
    for heading in headings:
        if heading.column in used:
            continue
        fields = [part for meaning in _meanings(heading, pattern, words) for part in meaning.field.split("+")]
        if SERIAL in fields:
            continue
        twin = next((placed[field] for field in fields if field in placed), None)
        if twin is not None:
            note = _("The column “{heading}” was not read: “{other}” says the same.")
            notes.append(note.format(heading=flat(heading.written), other=flat(twin.written)))
        else:
            notes.append(_("The column “{heading}” was not read.").format(heading=flat(heading.written)))
    return tuple(dict.fromkeys(notes))


def _meanings(heading: Heading, pattern: Pattern, words: HeaderWords) -> tuple[Meaning, ...]:
    if len(heading.keys) == 1:
        return words.meanings(heading.keys[0], pattern.form)
    joined, under, group = heading.keys
    found = words.meanings(joined, pattern.form)
    if found:
        return found
    about = words.meanings(group, pattern.form)
    if any(meaning.field in _PEOPLE_GROUPS for meaning in about):
        return ()
    return words.meanings(under, pattern.form) or about


def flat(heading: str) -> str:
    """A heading in one line."""
    return " ".join(heading.split())
