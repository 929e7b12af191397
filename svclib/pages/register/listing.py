"""The list under the cards: which of five lists, filtered, searched, sorted and paged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import pandas as pd

from svclib.errors import NotFound, RuleBroken
from svclib.i18n import gettext as _
from svclib.i18n import ngettext
from svclib.models import DevelopmentStage, PoliticalStatus, label
from svclib.pages.parts.texts import number, options, text
from svclib.pages.register.columns import BROKEN, PEOPLE, STATIONS, TEAMS, Column, card_line, role_marks
from svclib.pages.register.export import workbook
from svclib.pages.register.scope import Scope
from svclib.pages.register.structure import broken_rows, station_rows, team_rows
from svclib.workspace import Workspace
from svclib.workspace.policy import FIELDS, Reach, Shown
from svclib.workspace.register.listing import PeopleQuery, Summary

Card = Literal["teams", "stations", "members", "trainees", "broken"]
CARDS: Mapping[Card, str] = {
    "teams": "mdi-account-group-outline",
    "stations": "mdi-store-marker-outline",
    "members": "mdi-account-hard-hat-outline",
    "trainees": "mdi-school-outline",
    "broken": "mdi-alert-outline",
}
_COLUMNS: Mapping[Card | None, Sequence[Column]] = {"teams": TEAMS, "stations": STATIONS, "broken": BROKEN}
SIZES = (10, 20, 50)


class ListState:
    """What is listed. Nothing is kept but the choice; rows are read for the page that is shown."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        # Who opens nobody's card gets names only in a list that was asked for.
        self.home: Card | None = None if scope.ws.may("register.person") else "teams"
        self.card: Card | None = self.home
        self.search = ""
        self.statuses: tuple[str, ...] = ()
        self.stages: tuple[str, ...] = ()
        self.team_id: int | None = None
        self.limit = SIZES[0]
        self.hidden: dict[str, bool] = {}
        self._restart()

    def _restart(self, sort: str | None = None) -> None:
        self.offset = 0
        self.descending = False
        self.sort = sort or self.columns[0].key

    @property
    def columns(self) -> Sequence[Column]:
        """The columns of the list, without those that the role is not shown."""
        if not self.lists_people:
            return _COLUMNS[self.card]
        absent = {key for key, group in FIELDS.items() if self.scope.ws.shown(group) == Shown.ABSENT}
        return [column for column in PEOPLE if column.key not in absent]

    @property
    def lists_people(self) -> bool:
        return self.card not in _COLUMNS

    @property
    def opens(self) -> bool:
        """Whether a row can be opened at the side."""
        return self.scope.ws.may("register.person" if self.lists_people else "register.who")

    # What a person can do with it ------------------------------------------------------------------------------

    def press(self, card: Card) -> None:
        """Show what the card counts; pressed again, everybody."""
        before = _COLUMNS.get(self.card)
        self.card = self.home if card == self.card else card
        self.offset = 0
        if _COLUMNS.get(self.card) is not before:
            self._restart()

    def find(self, words: str) -> None:
        self.search, self.offset = words.strip(), 0

    def filter(self, key: str, chosen: Any) -> None:
        """Narrow the list by status, stage (lists of codes) or team (an id, None for all)."""
        if key == "team":
            if chosen is not None and not self.scope.has_team(chosen):
                raise RuleBroken(_("There is no such team."), field="team")
            self.team_id = chosen
        elif key == "status":
            self.statuses = tuple(chosen)
        else:
            self.stages = tuple(chosen)
        self.offset = 0

    def drop(self, key: str) -> None:
        """Take one filter off."""
        if key == "search":
            self.find("")
        elif key == "team":
            self.filter(key, None)
        elif key in {"status", "stage"}:
            self.filter(key, ())
        elif key == "card":
            self.card = self.home
            self._restart()

    def clear(self) -> None:
        """Take every filter off; the cards too."""
        self.card, self.search, self.statuses, self.stages, self.team_id = self.home, "", (), (), None
        self._restart()

    def scope_changed(self) -> None:
        """Another day or unit: start from the first page; a team of another unit is no filter any more."""
        self.offset = 0
        if self.team_id is not None and not self.scope.has_team(self.team_id):
            self.team_id = None

    def order(self, key: str) -> None:
        """Sort by a column; by the same one again, the other way round."""
        if not any(column.key == key and column.sortable for column in self.columns):
            raise RuleBroken(_("A list cannot be sorted by {name}.").format(name=key), field="sort")
        self.descending = key == self.sort and not self.descending
        self.sort, self.offset = key, 0

    def turn(self, offset: int) -> None:
        self.offset = max(offset, 0) // self.limit * self.limit

    def resize(self, limit: int) -> None:
        """So many rows a page; the first row shown stays on the page."""
        self.limit = min(SIZES, key=lambda size: abs(size - limit))
        self.turn(self.offset)

    def show(self, key: str, shown: bool) -> None:
        """Show or hide a column; the first one always stands."""
        self.hidden |= {column.key: not shown for column in self.columns if column.key == key and not column.fixed}

    def shown(self, column: Column) -> bool:
        return not self.hidden.get(column.key, not column.shown)

    def target(self, row: int | str) -> tuple[str, int, str | None]:
        """What a row stands for: person or team, its id, and the rule where the row is about one."""
        if self.lists_people and isinstance(row, int):
            return "person", row, None
        for one in () if self.lists_people else self._structure():
            if one["id"] == row:
                return "team", int(one["team_id"]), one.get("code")
        raise NotFound(_("This row is no longer in the list."))

    # What it shows ---------------------------------------------------------------------------------------------

    @property
    def query(self) -> PeopleQuery:
        """The list of people that is chosen, as the register understands it."""
        return PeopleQuery(
            on=self.scope.on,
            search=self.search,
            unit_id=self.scope.unit_id,
            team_id=self.team_id,
            statuses=self.statuses,
            stages=self.stages,
            group=self.card if self.card in {"members", "trainees"} else "all",
            sort=self.sort,
            descending=self.descending,
            offset=self.offset,
            limit=self.limit,
        )

    def export(self) -> tuple[str, bytes]:
        """Name and content of a workbook of exactly what is shown, all pages of it."""
        shown = [column for column in self.columns if self.shown(column)]
        name = "-".join([self.scope.unit_name, self.title, self.scope.on.isoformat()]) + ".xlsx"
        if self.lists_people:
            keys = [column.key for column in shown if column.kind != "marks"]
            return name, self.scope.ws.register.export(self.query, keys)
        return name, workbook(self.title, shown, self._chosen())

    def read(self) -> tuple[list[dict[str, Any]], int]:
        """The rows of this page and how many there are in all. A page past the end becomes the last one."""
        if self.lists_people:
            page = self.scope.ws.register.page(self.query)
            if self.offset and self.offset >= page.total:
                self.turn(max(page.total - 1, 0))
                page = self.scope.ws.register.page(self.query)
            return [{"marks": role_marks(row), **row} for row in page.people], page.total
        chosen = self._chosen()
        if self.offset >= len(chosen):
            self.turn(max(len(chosen) - 1, 0))
        return chosen[self.offset : self.offset + self.limit], len(chosen)

    def _chosen(self) -> list[dict[str, Any]]:
        """Teams, stations or broken rules: searched, filtered and sorted."""
        wanted = self.search.casefold()
        rows = [
            row
            for row in self._structure()
            if wanted in row["find"].casefold() and self.team_id in {None, row["team_id"]}
        ]
        return sorted(rows, key=lambda row: _sortable(row[self.sort]), reverse=self.descending)

    def _structure(self) -> list[dict[str, Any]]:
        return {"teams": team_rows, "stations": station_rows, "broken": broken_rows}[str(self.card)](self.scope)

    @property
    def title(self) -> str:
        """What is listed, in one word."""
        return {
            "teams": _("Teams"),
            "stations": _("Stations"),
            "members": _("Members"),
            "trainees": _("Trainees"),
            "broken": _("Broken rules"),
        }.get(str(self.card), _("Everybody"))

    def sentence(self, total: int) -> str:
        """What is selected, in words: 成都供电公司 · 队员 · 共 312 人."""
        if self.lists_people:
            amount = ngettext("{n} person", "{n} people", total)
        elif self.card == "broken":
            amount = ngettext("{n} matter", "{n} matters", total)
        else:
            amount = ngettext("{n} in all", "{n} in all", total)
        return " · ".join([self.scope.unit_name, self.title, amount.format(n=number(total))])

    def chips(self) -> list[dict[str, str]]:
        """The filters that are on, each can be taken off."""
        found = []
        if self.search:
            found.append({"key": "search", "label": _("Search: {words}").format(words=self.search)})
        if self.team_id is not None:
            name = next((one["label"] for one in self.scope.team_options() if one["id"] == self.team_id), "")
            found.append({"key": "team", "label": name})
        if self.lists_people:
            found += [{"key": "status", "label": label(PoliticalStatus(code))} for code in self.statuses]
            found += [{"key": "stage", "label": label(DevelopmentStage(code))} for code in self.stages]
        return found

    def filters(self) -> list[dict[str, Any]]:
        """What the list can be narrowed by."""
        found: list[dict[str, Any]] = []
        if self.scope.of_one:
            return found
        if self.lists_people:
            found = [
                {"key": key, "kind": "many", "label": said, "chosen": list(chosen), "options": options(codes)}
                for key, said, chosen, codes in (
                    ("status", _("Political status"), self.statuses, PoliticalStatus),
                    ("stage", _("Stage of development"), self.stages, DevelopmentStage),
                )
                if self.scope.ws.policy.sees(key)
            ]
        if self.scope.lists_teams:
            team = {"key": "team", "kind": "one", "label": _("Service team"), "chosen": self.team_id}
            listed = [{"id": None, "label": _("All service teams")}, *self.scope.team_options()]
            found.append(team | {"options": listed})
        return found

    def view(self) -> dict[str, Any]:
        """Everything that the screen shows of the list: only this page's rows."""
        rows, total = self.read()
        chips = self.chips()
        shown = [column for column in self.columns if self.shown(column)]
        return {
            "title": self.title,
            "columns": [
                {
                    "key": column.key,
                    "label": _(column.label),
                    "kind": column.kind,
                    "sortable": column.sortable,
                    "shown": self.shown(column),
                    "fixed": column.fixed,
                    "spare": column.spare and column.key not in self.hidden,
                }
                for column in self.columns
            ],
            "rows": [self._row(row, shown) for row in rows],
            "total": total,
            "offset": self.offset,
            "limit": self.limit,
            "sizes": list(SIZES),
            "sort": self.sort,
            "descending": self.descending,
            "sentence": self.sentence(total),
            "range": _("{first}–{last} of {total}").format(
                first=number(self.offset + 1 if total else 0),
                last=number(min(self.offset + self.limit, total)),
                total=number(total),
            ),
            "filters": self.filters(),
            "chips": chips,
            "opens": self.opens,
            "exports": self.scope.ws.may("register.export"),
            "adds": self.scope.ws.may("register.add_person"),
            "export_label": _("Export these {n} rows as a workbook (.xlsx)").format(n=number(total))
            if total
            else _("There is nothing to export"),
            "empty": None if total else self._empty(bool(chips) or self.card != self.home),
        }

    def _row(self, row: Mapping[str, Any], shown: Sequence[Column]) -> dict[str, Any]:
        cells = {column.key: column.read(row[column.key]) for column in self.columns if column.kind != "marks"}
        told = [column for column in shown[1:] if cells.get(column.key) and not column.spare]
        lines = [card_line(column, cells[column.key]) for column in told]
        return {
            "id": row["id"],
            "cells": {key: cell for key, cell in cells.items() if any(column.key == key for column in shown)},
            "marks": row["marks"],
            "lines": lines[:5],
        }

    def _empty(self, filtered: bool) -> dict[str, Any]:
        leave = {"act": "clear_filters", "label": _("Clear all filters"), "icon": "mdi-filter-remove-outline"}
        if self.card == "broken" and not self.chips():
            return {
                "icon": "mdi-check-decagram-outline",
                "title": _("Every team keeps every composition rule"),
                "text": _("Nothing has to be done on this day."),
                "acts": [leave],
            }
        if filtered:
            return {
                "icon": "mdi-account-search-outline",
                "title": _("Nothing matches"),
                "text": _("Try fewer filters, part of a name, the initials of its pinyin, or another day."),
                "acts": [leave],
            }
        return nobody_yet(self.scope.ws)


def nobody_yet(ws: Workspace) -> dict[str, Any]:
    """What an empty list says to somebody who may fill it, and to somebody who may not."""
    if not ws.may("register.add_person"):
        texts = {
            Reach.MENTORED: _("Your mentees appear here as soon as mentor agreements are recorded."),
            Reach.CULTIVATED: _("Those whose training contact you are appear here as soon as that is recorded."),
        }
        others = _("Whoever belongs to your duties appears here as soon as HR or the party branch has recorded it.")
        return {
            "icon": "mdi-account-clock-outline",
            "title": _("Nobody is within your duties on this day"),
            "text": texts.get(ws.policy.reach("register.page"), others),
            "acts": [],
        }
    return {
        "icon": "mdi-table-account",
        "title": _("The register is still empty"),
        "text": _(
            "Here stands who is what, where, on any day: units, teams, members and trainees. "
            "Start with the workbook that your office has."
        ),
        "acts": [
            {
                "act": "choose_view",
                "data": {"view": "import"},
                "label": _("Import a file"),
                "icon": "mdi-file-upload-outline",
            },
            {"act": "add_person", "label": _("Add a person"), "icon": "mdi-account-plus-outline"},
        ],
    }


def cards(summary: Summary, pressed: str | None, *, with_teams: bool) -> list[dict[str, Any]]:
    """The five figures above the list; without `with_teams` only the two about people."""
    figures = {
        "teams": (_("Teams"), summary.teams, ""),
        "stations": (_("Stations"), summary.stations, ""),
        "members": (_("Members"), summary.members, ""),
        "trainees": (_("Trainees"), summary.trainees, ""),
        "broken": (
            _("Broken rules"),
            summary.broken_rules,
            ngettext("in {n} team", "in {n} teams", summary.broken_teams).format(n=number(summary.broken_teams)),
        ),
    }
    return [
        {
            "id": card,
            "icon": icon,
            "label": figures[card][0],
            "figure": number(figures[card][1]),
            "hint": figures[card][2] if figures[card][1] else "",
            "tone": "trouble" if card == "broken" and summary.broken_rules else "plain",
            "pressed": card == pressed,
        }
        for card, icon in CARDS.items()
        if with_teams or card in ("members", "trainees")
    ]


def _sortable(value: Any) -> tuple[bool, Any]:
    missing = value is None or pd.isna(value)
    return (missing, "" if missing else value if isinstance(value, (int, float)) else text(value))
