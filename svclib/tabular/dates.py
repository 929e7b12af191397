"""Days as offices write them. What can be read in two ways is refused with both readings, never guessed."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from svclib.i18n import gettext as _
from svclib.tabular.model import Flaw
from svclib.tabular.texts import half_width

Day = tuple[date | None, Flaw | None, bool]
"""The day, or what is wrong; whether only the month was given."""

_YEAR_MIN, _YEAR_MAX = 1900, 2100
# Day numbers that can be meant as days. What lies outside is a number of something else.
_SERIAL_FIRST, _SERIAL_LAST = date(1925, 1, 1), date(2060, 12, 31)
_SERIAL_MAX = 99_999
_EPOCH_1900 = date(1899, 12, 30)
_EPOCH_1904 = date(1904, 1, 1)

_FULL = re.compile(r"(\d{4})[-/.年、。\s]+(\d{1,2})[-/.月、。\s]+(\d{1,2})日?号?")
_MONTH = re.compile(r"(\d{4})[-/.年、。\s]+(\d{1,2})月?[-/.]?")
_SHORT_YEAR = re.compile(r"'?(\d{2})[-/.年]\s*(\d{1,2})(?:[-/.月]\s*(\d{1,2})?日?)?")
_YEAR_LAST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})")
_YEAR_ONLY = re.compile(r"(\d{4})年?")
_TIME = re.compile(r"[T\s]+\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?$|(?<=\d)T\d{2}:\d{2}.*$")
_TWO_DECIMALS = re.compile(r"[0#]*\.00(?!0)")


def day_of_text(text: str, *, plain_text: bool = False) -> Day:
    """Read a day from text; `plain_text` says that numbers may have passed through a text file (1998.1 for 1998.10)."""
    text = _TIME.sub("", half_width(text).replace("－", "-").replace("—", "-").replace("–", "-")).strip()
    text = re.sub(r"\s*([-/.年月日])\s*", r"\1", text)
    if text.isdigit() and len(text) in (5, 6, 8):
        return day_of_number(int(text))
    if found := _FULL.fullmatch(text):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    if plain_text and re.fullmatch(r"\d{4}\.1", text):
        return None, _january_or_october(text[:4]), False
    if found := _MONTH.fullmatch(text):
        return _month(int(found[1]), int(found[2]))
    if found := _YEAR_LAST.fullmatch(text):
        if len(found[3]) == 4:
            return None, _order_unclear(int(found[3]), int(found[1]), int(found[2])), False
        if int(found[1]) <= 12 and int(found[2]) <= 12 and int(found[3]) <= 12:
            return None, Flaw(_("It is unclear which part is the year."), _write_like()), False
    if found := _SHORT_YEAR.fullmatch(text):
        return None, _two_digit_year(int(found[1]), int(found[2]), found[3]), False
    if found := _YEAR_ONLY.fullmatch(text):
        return None, _year_alone(), False
    return None, Flaw(_("This is no date."), _write_like()), False


def day_of_number(number: float, *, number_format: str = "General", epoch_1904: bool = False) -> Day:
    """Read a day from a number: a day number of the spreadsheet, 19980701, 199807, or 1998.07."""
    if number == int(number):
        whole = int(number)
        if 10_000_000 <= whole <= 99_999_999:
            return _day(whole // 10_000, whole // 100 % 100, whole % 100)
        if _YEAR_MIN * 100 < whole < _YEAR_MAX * 100:
            return _month(whole // 100, whole % 100)
        if _YEAR_MIN <= whole <= _YEAR_MAX:
            if _TWO_DECIMALS.match(number_format):
                return None, Flaw(_("There is no month 0."), _write_like()), False
            return None, _year_alone(), False
        if 100_000 < whole <= 991_231:
            return None, _two_digit_year(whole // 10_000, whole // 100 % 100, str(whole % 100)), False
    elif _YEAR_MIN <= number < _YEAR_MAX:
        return _decimal_month(number, number_format)
    if 0 < number <= _SERIAL_MAX:
        day = (_EPOCH_1904 if epoch_1904 else _EPOCH_1900) + timedelta(days=int(number))
        if _SERIAL_FIRST <= day <= _SERIAL_LAST:
            return day, None, False
    return None, Flaw(_("This number is no date."), _write_like()), False


def day_of_moment(moment: date) -> Day:
    """Take the day of a date cell; one outside 1900 to 2100 is a number that only looks like a date."""
    day = moment.date() if isinstance(moment, datetime) else moment
    if _YEAR_MIN <= day.year <= _YEAR_MAX:
        # A bare year in a date format: 1998 is shown as 1905-06-20.
        if _YEAR_MIN <= (day - _EPOCH_1900).days <= _YEAR_MAX:
            return None, _year_alone(), False
        return day, None, False
    return None, Flaw(_("The year {year} is impossible.").format(year=day.year), _write_like()), False


def _decimal_month(number: float, number_format: str) -> Day:
    text = f"{number:.6f}".rstrip("0")
    year, decimals = text.split(".")
    if len(decimals) == 1:
        if _TWO_DECIMALS.match(number_format):
            decimals += "0"
        elif decimals == "1":
            return None, _january_or_october(year), False
    if len(decimals) == 4:
        return _day(int(year), int(decimals[:2]), int(decimals[2:]))
    if len(decimals) > 2:
        return None, Flaw(_("This number is no date."), _write_like()), False
    return _month(int(year), int(decimals))


def _day(year: int, month: int, day: int) -> Day:
    try:
        found = date(year, month, day)
    except ValueError:
        return None, Flaw(_("There is no such day in the calendar."), _write_like()), False
    if _YEAR_MIN <= year <= _YEAR_MAX:
        return found, None, False
    return None, Flaw(_("The year {year} is impossible.").format(year=year), _write_like()), False


def _month(year: int, month: int) -> Day:
    if not 1 <= month <= 12:
        return None, Flaw(_("There is no month {month}.").format(month=month), _write_like()), False
    if not _YEAR_MIN <= year <= _YEAR_MAX:
        return None, Flaw(_("The year {year} is impossible.").format(year=year), _write_like()), False
    return date(year, month, 1), None, True


def _write_like() -> str:
    return _("Write it like 1998-07-01.")


def _year_alone() -> Flaw:
    return Flaw(_("This is only a year."), _write_like())


def _january_or_october(year: str) -> Flaw:
    return Flaw(
        _("{text} may be January or October: the number has lost its last 0.").format(text=f"{year}.1"),
        _("Write {january} or {october}.").format(january=f"{year}-01", october=f"{year}-10"),
    )


def _order_unclear(year: int, first: int, second: int) -> Flaw:
    readings = []
    for month, day in dict.fromkeys(((first, second), (second, first))):
        try:
            readings.append(date(year, month, day).isoformat())
        except ValueError:
            continue
    suggestion = _("Write {day}.").format(day=_(" or ").join(readings)) if readings else _write_like()
    return Flaw(_("Day and month can't be told apart: the year must come first."), suggestion)


def _two_digit_year(year: int, month: int, day: str | None) -> Flaw:
    reason = _("The year has two digits only.")
    # Nobody in a register was born or hired after 2030 when this was written with two digits.
    century = 2000 if year <= 30 else 1900
    try:
        meant = date(century + year, month, int(day) if day else 1)
    except ValueError:
        return Flaw(reason, _write_like())
    return Flaw(reason, _("Write {day}.").format(day=meant.isoformat() if day else f"{meant:%Y-%m}"))
