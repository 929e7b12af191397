"""Stages and periods as offices write them: 第1阶段, 二; 2026-09-01 至 2026-10-31, 9月1日－10月31日."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

from svclib.i18n import gettext as _
from svclib.tabular.model import Flaw
from svclib.tabular.texts import half_width

Period = tuple[date, date]
"""First day and exclusive last day."""

_HAN_DIGITS = "一二三四五六七八九十"
_CIRCLED = {ord(digit): str(number) for number, digit in enumerate("①②③④⑤⑥⑦⑧⑨⑩", start=1)}
_ROMAN = {ord(digit): str(number) for number, digit in enumerate("ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ", start=1)}
_STAGE = re.compile(
    r"(?:轮岗)?(?:第|阶段|S)?(?:(\d{1,4})(?:\.0+)?|([一二三四五六七八九十]))个?(?:阶段|期|轮|次)?", re.IGNORECASE
)
_DIGITS = re.compile(r"\d+")
# Whatever may stand between the figures of two days.
_BETWEEN = re.compile(r"[-/.,、~〜_\s年月日号至到起止从自由()—–－-]*")


def stage_text(number: int) -> str:
    """A stage as it is written: 第1阶段."""
    return f"第{number}阶段"


def stage_of(text: str) -> int | None:
    """The number of the stage that a cell names; None when it names none."""
    found = _STAGE.fullmatch("".join(half_width(text.translate(_CIRCLED | _ROMAN)).split()))
    if found is None:
        return None
    return int(found[1]) if found[1] else _HAN_DIGITS.index(found[2]) + 1


def period_text(starts_on: date, ends_on: date) -> str:
    """A period as it is written, with its last day (`ends_on` is exclusive): 2026-09-01 至 2026-10-31."""
    return f"{starts_on.isoformat()} 至 {(ends_on - timedelta(days=1)).isoformat()}"


def period_of(text: str, near: date | None = None, *, single: bool = False) -> tuple[Period | None, Flaw | None]:
    """Read a period of two days, or of two whole months; `near` gives the year where none is written.

    `single`: one day alone is the first and the last.
    """
    plain = re.sub(r"(?<=\d)[T\s]+\d{1,2}:\d{2}(?::\d{2})?", "", half_width(text))
    figures = _DIGITS.findall(plain)
    if not figures or not all(_BETWEEN.fullmatch(part) for part in _DIGITS.split(plain)):
        return None, Flaw(_("This is no period."), _write_like())
    if all(len(figure) == 8 for figure in figures):
        figures = [part for figure in figures for part in (figure[:4], figure[4:6], figure[6:])]
    if single and _one_day([len(figure) == 4 for figure in figures]):
        figures = figures * 2
    ends = _ends(figures, [int(figure) for figure in figures], near)
    if ends is None:
        return None, Flaw(_("It takes two days, the first and the last."), _write_like())
    try:
        first, last = (date(*end) if end[2] else _last_of_month(end) for end in ends)
    except ValueError:
        return None, Flaw(_("There is no such day in the calendar."), _write_like())
    if last < first:
        return None, Flaw(_("The last day lies before the first."), _write_like())
    return (first, last + timedelta(days=1)), None


def _ends(
    written: Sequence[str], numbers: Sequence[int], near: date | None
) -> tuple[tuple[int, int, int], tuple[int, int, int]] | None:
    """First and last day as year, month and day, from the figures in their order; day 0 is a month's last one."""
    years = tuple(len(figure) == 4 for figure in written)
    match years, tuple(numbers):
        case (True, False, False, True, False, False), (y1, m1, d1, y2, m2, d2):
            return (y1, m1, d1), (y2, m2, d2)
        case (True, False, False, False, False), (y1, m1, d1, m2, d2):
            return (y1, m1, d1), (y1 + ((m2, d2) < (m1, d1)), m2, d2)
        case (True, False, True, False), (y1, m1, y2, m2):
            return (y1, m1, 1), (y2, m2, 0)
        case (False, False, False, False), (m1, d1, m2, d2) if near is not None:
            year = _year_of(m1, near)
            return (year, m1, d1), (year + ((m2, d2) < (m1, d1)), m2, d2)
    return None


def _one_day(years: Sequence[bool]) -> bool:
    """Whether the figures, of which these are years, tell year, month and day, or month and day, once."""
    return tuple(years) in {(True, False, False), (False, False)}


def _year_of(month: int, near: date) -> int:
    """The year in which this month lies nearest to a day."""
    months = month - near.month
    return near.year + (months < -6) - (months > 6)


def _last_of_month(end: tuple[int, int, int]) -> date:
    first = date(end[0], end[1], 1)
    return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _write_like() -> str:
    return _("Write it like {example}.").format(example="2026-09-01 至 2026-10-31")
