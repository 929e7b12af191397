"""The list of the trail: what is chosen of it, and how a row reads."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from svclib.errors import RuleBroken
from svclib.i18n import gettext as _
from svclib.i18n import ngettext
from svclib.i18n import noop as N_
from svclib.pages.parts.forms import read_day
from svclib.pages.parts.texts import number, records
from svclib.workspace import Workspace
from svclib.workspace.audit import AuditQuery, AuditSummary
from svclib.workspace.audit.words import actor_word, origin_word
from svclib.workspace.verbs import VERB_WORDS, verb_word

Card = Literal["today", "reveals", "unanchored"]
SIZES = (10, 20, 50)
_COLUMNS = (
    ("at", N_("Time"), True, False),
    ("actor", N_("Who"), True, False),
    ("doing", N_("What was done"), True, False),
    ("record", N_("Record"), True, False),
    ("changes", N_("Changes"), True, True),
    ("origin", N_("From where"), False, False),
    ("number", N_("Number"), False, False),
)
"""Key, heading, shown at first, left out while the panel takes room."""


class TrailList:
    """What of the trail is listed. Rows are read for the page that is shown."""

    def __init__(self, ws: Workspace) -> None:
        self.ws = ws
        self.query = AuditQuery(limit=SIZES[0])
        self.card: Card | None = None
        self.hidden = {key: not shown for key, _label, shown, _spare in _COLUMNS}
        self.summary: AuditSummary = ws.audit.summary()

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.ws.settings.timezone)

    @property
    def today(self) -> date:
        """The clock's day: the trail knows no pretended one."""
        return datetime.now(self.zone).date()

    # What a person can do with it ------------------------------------------------------------------------------

    def press(self, card: Card) -> None:
        """List what the card counts; pressed again, everything."""
        self.card = None if card == self.card else card
        chosen = {
            "today": AuditQuery(group="writes", since=self.today, until=self.today),
            "reveals": AuditQuery(group="reveals", since=self.today.replace(day=1), until=self.today),
            "unanchored": AuditQuery(after=self.summary.anchored_up_to),
        }
        self.query = replace(chosen[self.card] if self.card else AuditQuery(), limit=self.query.limit)

    def find(self, words: str) -> None:
        self._narrow(record=words.strip())

    def filter(self, key: str, chosen: Any) -> None:
        """Narrow the list to one account (None for all) or to kinds of deeds."""
        if key == "who":
            if chosen is not None and chosen not in self.summary.actors:
                raise RuleBroken(_("There is no such account in the trail."), field="who")
            self._narrow(who=chosen)
        else:
            self._narrow(verbs=tuple(code for code in chosen or () if code in VERB_WORDS))

    def days(self, since: str, until: str) -> None:
        """Only these days, both included; an empty text leaves that end open. Raises RuleBroken."""
        first, last = self._day(since, "since"), self._day(until, "until")
        if first is not None and last is not None and first > last:
            raise RuleBroken(_("The first day lies after the last one."), field="since")
        self._narrow(since=first, until=last)

    def drop(self, key: str) -> None:
        """Take one filter off."""
        empty: dict[str, dict[str, Any]] = {
            "search": {"record": ""},
            "who": {"who": None},
            "verbs": {"verbs": ()},
            "days": {"since": None, "until": None},
        }
        if key == "card" and self.card is not None:
            self.press(self.card)
        elif key in empty:
            self._narrow(**empty[key])

    def clear(self) -> None:
        self.card, self.query = None, AuditQuery(limit=self.query.limit)

    def turn(self, offset: int) -> None:
        limit = self.query.limit or SIZES[0]
        self.query = replace(self.query, offset=max(offset, 0) // limit * limit)

    def resize(self, limit: int) -> None:
        self.query = replace(self.query, limit=min(SIZES, key=lambda size: abs(size - limit)))
        self.turn(self.query.offset)

    def show(self, key: str, shown: bool) -> None:
        """Show or hide a column; the first one always stands."""
        if key in self.hidden and key != _COLUMNS[0][0]:
            self.hidden[key] = not shown

    def _narrow(self, **wanted: Any) -> None:
        self.query = replace(self.query, offset=0, **wanted)

    def _day(self, text: str, field: str) -> date | None:
        if not text.strip():
            return None
        day = read_day(text)
        if day is None:
            raise RuleBroken(_("“{value}” is not a day. Write it like 2026-07-01.").format(value=text), field=field)
        return day

    # What it shows ---------------------------------------------------------------------------------------------

    def export(self) -> tuple[str, bytes]:
        """Name and content of a workbook of the whole list."""
        return f"{_('Trail')}-{self.today.isoformat()}.xlsx", self.ws.audit.export(self.query)

    def view(self) -> dict[str, Any]:
        """Everything that the screen shows of the list: only this page's rows."""
        page = self.ws.audit.page(self.query)
        if self.query.offset and self.query.offset >= page.total:
            self.turn(max(page.total - 1, 0))
            page = self.ws.audit.page(self.query)
        total, offset, limit = page.total, self.query.offset, self.query.limit or SIZES[0]
        return {
            "title": _("Trail"),
            "columns": [
                {
                    "key": key,
                    "label": _(label),
                    "kind": "text",
                    "sortable": False,
                    "shown": not self.hidden[key],
                    "fixed": key == _COLUMNS[0][0],
                    "spare": spare,
                }
                for key, label, _shown, spare in _COLUMNS
            ],
            "rows": [self._row(row) for row in records(page.rows)],
            "total": total,
            "offset": offset,
            "limit": limit,
            "sizes": list(SIZES),
            "sort": "at",
            "descending": True,
            "sentence": self._sentence(total),
            "range": _("{first}–{last} of {total}").format(
                first=number(offset + 1 if total else 0), last=number(min(offset + limit, total)), total=number(total)
            ),
            "filters": self._filters(),
            "chips": self._chips(),
            "opens": True,
            "exports": True,
            "adds": False,
            "export_label": _("Export these {n} rows as a workbook (.xlsx)").format(n=number(total))
            if total
            else _("There is nothing to export"),
            "empty": None if total else self._empty(),
        }

    def range_words(self) -> str:
        """The days shown, as the bar says them."""
        since, until = self.query.since, self.query.until
        if since is None and until is None:
            return _("All days")
        return f"{since or '…'} – {until or '…'}" if since != until else str(since)

    def quick_days(self) -> list[dict[str, str]]:
        """Days that are often asked for."""
        today = self.today
        offered = [
            (today, _("Today")),
            (today - timedelta(days=6), _("The last seven days")),
            (today.replace(day=1), _("This month")),
            (today.replace(month=1, day=1), _("This year")),
        ]
        listed = [{"since": day.isoformat(), "until": today.isoformat(), "label": word} for day, word in offered]
        return [*listed, {"since": "", "until": "", "label": _("All days")}]

    def _row(self, row: dict[str, Any]) -> dict[str, Any]:
        cells = {key: str(row[key]) for key, *_rest in _COLUMNS if key != "at"}
        cells["actor"], cells["origin"] = actor_word(cells["actor"]), origin_word(cells["origin"])
        cells["at"] = row["at"].tz_convert(self.zone).strftime("%Y-%m-%d %H:%M:%S")
        lines = [cells[key] for key in ("actor", "record", "changes") if cells[key]]
        shown = {key: cell for key, cell in cells.items() if not self.hidden[key]}
        marks = [{"icon": "mdi-pencil-outline", "word": cells["doing"], "tone": "primary"}]
        return {"id": int(row["number"]), "cells": shown, "marks": marks, "lines": lines}

    def _sentence(self, total: int) -> str:
        card = {
            "today": _("Written today"),
            "reveals": _("Plain values looked at this month"),
            "unanchored": _("Since the last anchor"),
        }.get(str(self.card), _("Whole trail"))
        amount = ngettext("{n} row", "{n} rows", total).format(n=number(total))
        return " · ".join([card, amount, _("newest first")])

    def _filters(self) -> list[dict[str, Any]]:
        actors = [{"id": one, "label": actor_word(one)} for one in self.summary.actors]
        return [
            {
                "key": "verbs",
                "kind": "many",
                "label": _("What was done"),
                "chosen": list(self.query.verbs),
                "options": [{"id": code, "label": verb_word(code)} for code in VERB_WORDS],
            },
            {
                "key": "who",
                "kind": "one",
                "label": _("Who"),
                "chosen": self.query.who,
                "options": [{"id": None, "label": _("All accounts")}, *actors],
            },
        ]

    def _chips(self) -> list[dict[str, str]]:
        found = []
        if self.query.record:
            found.append({"key": "search", "label": _("Search: {words}").format(words=self.query.record)})
        if self.query.who:
            found.append({"key": "who", "label": actor_word(self.query.who)})
        found += [{"key": "verbs", "label": verb_word(code)} for code in self.query.verbs]
        if self.card is None and (self.query.since or self.query.until):
            found.append({"key": "days", "label": self.range_words()})
        return found

    def _empty(self) -> dict[str, Any]:
        if self.query == AuditQuery(limit=self.query.limit):
            return {
                "icon": "mdi-shield-check-outline",
                "title": _("Nothing has been written yet"),
                "text": _("Here stands who changed what when. The first row appears with the first change."),
                "acts": [],
            }
        leave = {"act": "clear_filters", "label": _("Clear all filters"), "icon": "mdi-filter-remove-outline"}
        return {
            "icon": "mdi-text-box-search-outline",
            "title": _("Nothing matches"),
            "text": _("Try fewer filters, more days, or part of a name."),
            "acts": [leave],
        }


def cards(trail: TrailList) -> list[dict[str, Any]]:
    """The three figures above the list."""
    summary = trail.summary
    loose = summary.rows - summary.anchored_up_to
    figures: list[tuple[Card, str, str, int, str]] = [
        ("today", "mdi-pencil-outline", _("Written today"), summary.writes_today, "plain"),
        ("reveals", "mdi-eye-outline", _("Plain values looked at this month"), summary.reveals_this_month, "plain"),
        ("unanchored", "mdi-anchor", _("Since the last anchor"), loose, "plain"),
    ]
    return [
        {
            "id": card,
            "icon": icon,
            "label": label,
            "figure": number(figure),
            "unit": "",
            "hint": "",
            "tone": tone,
            "pressed": card == trail.card,
        }
        for card, icon, label, figure, tone in figures
    ]
