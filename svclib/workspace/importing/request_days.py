"""Which days a row of form 9 is about: told as days, as a stage, or as both, which then must agree."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from svclib.i18n import gettext as _
from svclib.rules.imports import plain
from svclib.tabular.requests import title_of
from svclib.tabular.rotation.periods import period_of, stage_of
from svclib.workspace.importing.entry import Entry

if TYPE_CHECKING:
    from svclib.workspace.rotation.request_years import PlanYear

Span = tuple[date, date]
_CELLS = ("period", "rotation_stage")
_STAGES_MAX = 99


@dataclass(frozen=True)
class TimeTold:
    """What a row tells of its time. `spans`: the days, as often as they can be read where no year is written, none for
    a stage alone; `column`: where it stands."""

    column: str
    spans: tuple[Span, ...]
    stage: int | None

    def in_year(self, year: PlanYear) -> Span | None:
        """The days that are meant if it is about this year; None where the year has none of them."""
        days = next((one for one in self.spans if year.covers(one)), None)
        if self.stage is None:
            return days
        own = year.days_of(self.stage)
        if own is None or not self.spans:
            return own
        return next((one for one in self.spans if own[0] <= one[0] and one[1] <= own[1]), None)

    def contradicts(self, years: Iterable[PlanYear]) -> bool:
        """Whether one of these years has the stage, but not with these days."""
        return self.stage is not None and bool(self.spans) and any(year.days_of(self.stage) for year in years)


def read_time(entry: Entry, years: Sequence[PlanYear]) -> TimeTold | None:
    """Read the time of a row about one of these years; None after a fault."""
    before = len(entry.faults)
    nears = sorted({one.starts_on for year in years for one in year.stages})
    spans, column = _two_columns(entry)
    stage: int | None = None
    for name in _CELLS:
        cell = entry.cell(name)
        if cell is None or not cell.text.strip():
            continue
        told, text = _stage_and_days(cell.text)
        found = _spans(entry, name, text, nears) if text else ()
        if spans and found and spans[0] not in found:
            entry.fault(name, _("These days are not those of the other column."))
        if told is not None and stage not in (None, told):
            entry.fault(name, _("This stage is not that of the other column."))
        spans, stage = spans or found, stage if told is None else told
        column = column or name
    if len(entry.faults) > before or any(one.field in ("starts_on", "ends_on") for one in entry.faults):
        return None
    if column is None:
        entry.fault("period", _("Neither days nor a stage are told."))
        return None
    return TimeTold(column, spans, stage)


def _two_columns(entry: Entry) -> tuple[tuple[Span, ...], str | None]:
    """The days of the columns for the first and the last day; a fault where one of them is missing."""
    first, last = entry.day("starts_on"), entry.day("ends_on")
    if first is None and last is None:
        return (), None
    if first is None or last is None:
        missing = "starts_on" if first is None else "ends_on"
        if not any(one.field == missing for one in entry.faults):
            told = _("The first day is missing.") if first is None else _("The last day is missing.")
            entry.fault(missing, told)
        return (), None
    if last < first:
        entry.fault("ends_on", _("The last day lies before the first."))
        return (), None
    return ((first, last + timedelta(days=1)),), "starts_on"


def _stage_and_days(text: str) -> tuple[int | None, str]:
    """The stage that a cell tells, and the text of its days: the form that we write has both."""
    stage = stage_of(text)
    if stage is not None:
        return stage, ""
    head, *rest = text.split(maxsplit=1)
    beside = stage_of(head) if rest else None
    # A year with a blank behind it is none.
    return (None, text) if beside is None or beside > _STAGES_MAX else (beside, rest[0])


def _spans(entry: Entry, name: str, text: str, nears: Sequence[date]) -> tuple[Span, ...]:
    """The days that a text may mean, by where a year is missing: near any of these days; else a fault."""
    flaws = []
    found: dict[Span, None] = {}
    for near in nears:
        days, flaw = period_of(text, near=near, single=True)
        if days is not None:
            found[days] = None
        elif flaw is not None:
            flaws.append(flaw)
    if not found and flaws:
        entry.fault(name, flaws[0].reason, flaws[0].suggestion)
    return tuple(found)


def meant_year(years: Sequence[PlanYear], title: str) -> PlanYear | None:
    """Which of several years a table is about; None where it may be any of them.

    The one for which we have written the title, unless its name is a year of the calendar, of which any table may be;
    else what is published before what is tried; of several published the one that the title names.
    """
    published = [one for one in years if one.published]
    choices = (
        [one for one in years if len(years) == 1],
        [one for one in _named(years, title, title_of) if not one.name.isdigit()],
        published,
        _named(published or years, title, str),
    )
    return next((some[0] for some in choices if len(some) == 1), None)


def _named(years: Sequence[PlanYear], title: str, written: Callable[[str], str]) -> list[PlanYear]:
    """Those of which the title has the name, written in this way; of several names the longest."""
    lengths = {one.plan_id: len(plain(written(one.name))) for one in years}
    found = [one for one in years if plain(written(one.name)) in plain(title)]
    longest = max((lengths[one.plan_id] for one in found), default=0)
    return [one for one in found if lengths[one.plan_id] == longest]
