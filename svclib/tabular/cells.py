"""What one cell says: each field's way of reading a raw value. Nothing is guessed; what is unclear becomes a flaw."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from svclib.i18n import gettext as _
from svclib.rules.identity import ID_NUMBER, MOBILE, PLAIN_NAME, phone_flaw, supervision_phone_flaw
from svclib.rules.safety import FOREVER
from svclib.tabular.dates import day_of_moment, day_of_number, day_of_text
from svclib.tabular.files import Raw
from svclib.tabular.looks import Looks, Position
from svclib.tabular.model import Cell, Flaw
from svclib.tabular.safety import is_forever, read_hours, read_passed, read_score
from svclib.tabular.texts import PLACEHOLDERS, clean_name, clean_text, half_width, several_names
from svclib.tabular.words import CODE_FIELDS, code_of

Value = str | date | int | float | None

DATE_FIELDS = frozenset(
    {
        "birth_date",
        "party_joined_on",
        "joined_team_on",
        "hired_on",
        "work_started_on",
        "graduated_on",
        "applied_on",
        "talked_on",
        "decided_on",
        "filed_on",
        "contact_joined_on",
        "founded_on",
        "opened_on",
        "valid_from",
        "starts_on",
        "ends_on",
        "taken_on",
        "asked_on",
        "valid_until",
    }
)
NAME_FIELDS = frozenset({"name", "mentor", "contact"})
_DEGREE_FIELDS = {"latitude": 90.0, "longitude": 180.0}

ERROR_WORDS = frozenset(
    {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", "#GETTING_DATA"}
)
# A spreadsheet keeps 15 significant digits; longer numbers are rounded (Excel specifications and limits).
_EXACT_MAX = 10**15
_SCIENTIFIC = re.compile(r"\d(\.\d+)?E\+?\d+", re.IGNORECASE)
_DECIMALS = re.compile(r"(\d+)\.\d+")
_NUMBER = re.compile(r"[-+]?\d+(\.\d+)?")
_EMPLOYEE_NO = re.compile(r"[A-Za-z0-9][A-Za-z0-9_./-]*")
_ID_SIGNS = re.compile(r"[\s'\"-]+")
# What nearly every cell of the column looks like: nothing in it needs cleaning.
_PLAIN_NUMBER = re.compile(r"[0-9]{1,32}")
_FORMAT_PART = re.compile(r'"([^"]*)"|\\(.)|(\[[^\]]*\])|([_*].)|([0#?])|(.)', re.DOTALL)


class Context(NamedTuple):
    """What a value alone doesn't tell: how the cell's number is shown, the workbook's epoch, and the kind of file."""

    looks: Looks
    position: Position
    plain_text: bool = False

    def number_format(self) -> str:
        return self.looks.number_format(self.position)


def error_cell(word: str, column: int) -> Cell:
    """A cell whose formula has failed."""
    flaw = Flaw(_("The cell shows the error {error}.").format(error=word), _("Type the value itself."))
    return Cell(word, None, flaw, column)


def read_cell(field: str, raw: Raw, column: int, context: Context) -> Cell:
    """Read one cell as a field. Never raises: what can't be taken is a Cell without value and with a flaw."""
    if isinstance(raw, str):
        stripped = raw.strip()
        if stripped in PLACEHOLDERS or (not stripped.isascii() and half_width(stripped) in PLACEHOLDERS):
            return Cell(stripped, None, None, column)
        if stripped.startswith("#") and stripped.upper() in ERROR_WORDS:
            return error_cell(stripped, column)
        if context.plain_text and stripped.startswith("'") and len(stripped) > 1:
            # The mark that keeps a number a text in a cell, when it was exported along.
            stripped = stripped[1:]
        raw = stripped if field not in NAME_FIELDS else raw
    if field in DATE_FIELDS:
        if field == "valid_until" and isinstance(raw, str) and is_forever(raw):
            return Cell(raw, FOREVER, None, column)
        return _read_date(raw, column, context)
    if field in NAME_FIELDS:
        return _read_name(field, raw, column, context)
    if field in _DEGREE_FIELDS:
        return _read_degrees(raw, column, _DEGREE_FIELDS[field])
    text, flaw = _as_text(field, raw, context)
    if flaw is not None:
        return Cell(text, None, flaw, column)
    if field in CODE_FIELDS:
        code, flaw = code_of(field, text)
        return Cell(text, code, flaw, column)
    read = _TEXT_READERS.get(field)
    value, flaw = read(text) if read else (clean_text(text), None)
    return Cell(text, value, flaw, column)


def _as_text(field: str, raw: Raw, context: Context) -> tuple[str, Flaw | None]:
    """The text that the spreadsheet shows for a value."""
    if isinstance(raw, str):
        return raw, None
    if isinstance(raw, bool):
        return str(raw).upper(), None
    if isinstance(raw, int | float):
        if abs(raw) >= _EXACT_MAX:
            return f"{raw:.5E}", _damaged()
        if raw != int(raw):
            return repr(raw), Flaw(_("A number with decimals can't stand here.")) if field in _WHOLE else None
        return shown_number(int(raw), context.number_format()), None
    text = raw.isoformat() if isinstance(raw, date | time) else str(raw)
    if field in _WHOLE:
        return text, Flaw(_("The cell is formatted as a date."), _("Format it as text and type the value again."))
    return text, None


def _damaged() -> Flaw:
    return Flaw(
        _("The spreadsheet has damaged this number: it keeps only 15 digits."),
        _("Format the column as text and type or paste the number again from its source."),
    )


def shown_number(number: int, number_format: str) -> str:
    """Show a whole number as its format does: leading zeros and fixed letters ("SC"000000) are part of it."""
    if number_format in ("General", "@", "0", "#") or number < 0:
        return str(number)
    section = number_format.split(";", 1)[0]
    if "0" not in section or any(mark in section for mark in ".,/%eEyYdD"):
        return str(number)
    shape: list[str | None] = []
    for literal, escaped, _bracket, _padding, digit, plain in _FORMAT_PART.findall(section):
        if digit:
            shape.append("0" if digit == "0" else None)
        elif literal or escaped or plain:
            shape.append(f"={literal or escaped or plain}")
    digits = list(str(number))
    shown: list[str] = []
    places = sum(1 for part in shape if part is None or part == "0")
    for part in reversed(shape):
        if part is not None and part.startswith("="):
            shown.append(part[1:])
            continue
        places -= 1
        if places == 0:
            shown.append("".join(digits) if digits else part or "")
            digits = []
        elif digits:
            shown.append(digits.pop())
        else:
            shown.append(part or "")
    return "".join(reversed(shown))


def _employee_no(text: str) -> tuple[Value, Flaw | None]:
    if _PLAIN_NUMBER.fullmatch(text):
        return text, None
    number = "".join(half_width(text).split())
    if _SCIENTIFIC.fullmatch(number):
        return None, _damaged()
    if decimals := _DECIMALS.fullmatch(number):
        return None, Flaw(_("A number with decimals can't stand here."), decimals[1])
    if not _EMPLOYEE_NO.fullmatch(number):
        return None, Flaw(_("An employee number has only letters and digits."))
    if len(number) > 32:
        return None, Flaw(_("An employee number has at most {limit} characters.").format(limit=32))
    return number, None


def _id_number(text: str) -> tuple[Value, Flaw | None]:
    if ID_NUMBER.fullmatch(text):
        return text, None
    number = _ID_SIGNS.sub("", half_width(text)).upper()
    if _SCIENTIFIC.fullmatch(number):
        return None, _damaged()
    return number, None


def _phone(text: str) -> tuple[Value, Flaw | None]:
    if MOBILE.fullmatch(text):
        return text, None
    number = _tidy_phone(text)
    reason = phone_flaw(number)
    if reason is None:
        return number, None
    if len([part for part in re.split(r"[/、,;]| {2,}|\s", half_width(text)) if len(part) >= 7]) > 1:
        return None, Flaw(_("There are two phone numbers in one cell."), _("Leave the one that is answered."))
    return None, Flaw(reason)


def _tidy_phone(text: str) -> str:
    number = re.sub(r"[‐-―−－]", "-", half_width(text))
    number = re.sub(r"^(\+86|0086|86(?=1\d{10}$)|\(\+?86\))[\s-]*", "", number)
    digits = re.sub(r"[\s\-.]", "", number)
    if re.fullmatch(r"1\d{10}", digits):
        return digits
    # 0086 in front of an area code drops its 0.
    bracketed = re.sub(r"^\((0\d{2,3})\)\s*-?\s*", r"\1-", number)
    found = re.fullmatch(r"(0(?:10|2\d|[3-9]\d{2}))[\s-]*([1-9][\d\s-]{5,10}\d)", bracketed)
    if found:
        return f"{found[1]}-{re.sub('[ -]', '', found[2])}"
    return re.sub(r"\s+", "", number)


def _supervision_phone(text: str) -> tuple[Value, Flaw | None]:
    number = _tidy_phone(text)
    reason = supervision_phone_flaw(number)
    return (None, Flaw(reason)) if reason else (number, None)


_WHOLE = frozenset({"employee_no", "id_number", "phone", "supervision_phone"})
_TEXT_READERS: dict[str, Callable[[str], tuple[Value, Flaw | None]]] = {
    "employee_no": _employee_no,
    "id_number": _id_number,
    "phone": _phone,
    "supervision_phone": _supervision_phone,
    "hours": read_hours,
    "score": read_score,
    "passed": read_passed,
}


def _read_date(raw: Raw, column: int, context: Context) -> Cell:
    day: date | None
    flaw: Flaw | None
    if isinstance(raw, bool | time | timedelta):
        day, flaw, month_only = None, Flaw(_("This is no date."), _("Write it like 1998-07-01.")), False
        text = str(raw)
    elif isinstance(raw, str):
        day, flaw, month_only = day_of_text(raw, plain_text=context.plain_text)
        text = raw
    elif isinstance(raw, date):
        day, flaw, month_only = day_of_moment(raw)
        text = (raw.date() if isinstance(raw, datetime) else raw).isoformat()
    else:
        shown = "General"
        if raw != int(raw) or 1900 <= raw <= 2100:
            shown = context.number_format()
        is_1904 = 0 < raw < 100_000 and context.looks.epoch_1904
        day, flaw, month_only = day_of_number(raw, number_format=shown, epoch_1904=is_1904)
        text = f"{raw:.10g}"
    return Cell(text, day, flaw, column, month_only)


def _read_name(field: str, raw: Raw, column: int, context: Context) -> Cell:
    if isinstance(raw, str) and PLAIN_NAME.fullmatch(raw):
        return Cell(raw, raw, None, column)
    text, flaw = _as_text("name", raw, context)
    names = several_names(text) if field == "contact" else clean_name(text)
    return Cell(text.strip(), None if flaw else names or None, flaw, column)


def _read_degrees(raw: Raw, column: int, limit: float) -> Cell:
    text = half_width(raw) if isinstance(raw, str) else str(raw)
    text = text.rstrip("°EN东经北纬 ")
    if not _NUMBER.fullmatch(text):
        return Cell(text, None, Flaw(_("Degrees are written like 104.0657.")), column)
    number = float(text)
    if abs(number) > limit:
        return Cell(text, None, Flaw(_("Degrees lie between -{limit} and {limit}.").format(limit=round(limit))), column)
    return Cell(text, number, None, column)
