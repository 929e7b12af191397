"""The board: who is where in which stage, one row for each trainee, read for the page that is shown."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Literal

import pandas as pd

from svclib.errors import RuleBroken
from svclib.i18n import gettext as _
from svclib.i18n import ngettext, run_on
from svclib.pages.parts.texts import number, present, text
from svclib.pages.rotation.chosen import Chosen, Plan, Row
from svclib.tabular import ColumnSpec, write_table
from svclib.workspace.register.names import name_keys

Only = Literal["open", "hard", "weighted", "draft"]
SIZES = (10, 20, 50)


class Board:
    """What of the board is shown: one unit or all, a search, one of the figures above."""

    def __init__(self, chosen: Chosen) -> None:
        self.chosen = chosen
        self.search = ""
        self.only: Only | None = None
        self.offset, self.limit = 0, SIZES[0]
        self._keys: dict[str, str] = {}

    # What a person can do with it ------------------------------------------------------------------------------

    def press(self, card: Only) -> None:
        """List whom the figure counts; pressed again, everybody."""
        self.only = None if card == self.only else card
        self.offset = 0

    def find(self, words: str) -> None:
        self.search, self.offset = words.strip(), 0

    def drop(self, key: str) -> None:
        if key == "search":
            self.search = ""
        elif key == "only":
            self.only = None
        self.offset = 0

    def clear(self) -> None:
        self.search, self.only, self.offset = "", None, 0

    def show(self, key: str, shown: bool) -> None:
        """The board has a column for each stage, and all of them stand."""
        raise RuleBroken(_("The columns of the board are fixed."))

    def turn(self, offset: int) -> None:
        self.offset = max(offset, 0) // self.limit * self.limit

    def resize(self, limit: int) -> None:
        self.limit = min(SIZES, key=lambda size: abs(size - limit))
        self.turn(self.offset)

    def turn_to(self, person_id: int) -> None:
        """Show the page on which somebody stands, if anybody so is listed."""
        people = self.people()
        if person_id in people:
            self.turn(people.index(person_id))

    # What it shows ---------------------------------------------------------------------------------------------

    def people(self) -> list[int]:
        """Ids of everybody listed, over all pages."""
        plan = self.chosen.plan
        chosen = self._only(plan)
        words = self.search.casefold()
        return [
            person_id
            for person_id, row in plan.people.items()
            if (self.chosen.unit_id is None or row["unit_id"] == self.chosen.unit_id)
            and (chosen is None or person_id in chosen)
            and (not words or words in self._key(plan, person_id, row))
        ]

    def export(self) -> tuple[str, bytes]:
        """Name and content of a workbook of everybody listed: a row for each person, a column for each stage."""
        plan = self.chosen.plan
        heads = [_("Name"), _("Employee number"), _("Unit"), *(stage_words(one) for one in plan.stages)]
        rows = [
            [text(row["name"]), text(row["employee_no"]), text(row["unit"])]
            + [place_words(plan.placements.get((person_id, int(one["number"])))) for one in plan.stages]
            for person_id in self.people()
            for row in [plan.people[person_id]]
        ]
        content = write_table([ColumnSpec(head, "text") for head in heads], rows, sheet=_("Rotation"))
        return f"{_('Rotation')}-{plan.name}.xlsx", content

    def view(self) -> dict[str, Any]:
        """Everything that the screen shows of the board: only this page's rows."""
        plan, people = self.chosen.plan, self.people()
        if self.offset and self.offset >= len(people):
            self.turn(max(len(people) - 1, 0))
        page = people[self.offset : self.offset + self.limit]
        stages = [
            {"number": int(one["number"]), "label": stage_name(one), "days": stage_days(one)} for one in plan.stages
        ]
        return {
            "title": _("Trainees and stages"),
            "judged": plan.judges,
            "stages": stages,
            "rows": [self._row(plan, person_id) for person_id in page],
            "total": len(people),
            "offset": self.offset,
            "limit": self.limit,
            "sizes": list(SIZES),
            "sentence": self._sentence(plan, len(people)),
            "chips": self._chips(),
            "range": _("{first}–{last} of {total}").format(
                first=number(self.offset + 1 if people else 0),
                last=number(self.offset + len(page)),
                total=number(len(people)),
            ),
            "export_label": _("Export these {n} rows as a workbook (.xlsx)").format(n=number(len(people))),
            "empty": None if people else self._empty(plan),
        }

    def _row(self, plan: Plan, person_id: int) -> dict[str, Any]:
        row = plan.people[person_id]
        year = [one for one in plan.by_person.get(person_id, ()) if not present(one["stage"])]
        return {
            "id": person_id,
            "name": str(row["name"]),
            "unit": text(row["unit"]),
            "year": run_on(*(str(one["sentence"]) for one in year)),
            "broken": any(one["hard"] for one in year),
            "cells": [self._cell(plan, person_id, int(one["number"])) for one in plan.stages],
        }

    def _cell(self, plan: Plan, person_id: int, stage: int) -> dict[str, Any]:
        placed = plan.placements.get((person_id, stage))
        broken = [one for one in plan.by_person.get(person_id, ()) if _is_here(one, stage)]
        cell: dict[str, Any] = {"stage": stage, "team": "", "place": "", "tone": "", "icon": "", "word": ""}
        if placed is not None:
            cell |= {"team": text(placed["team"]), "place": text(placed["station"]) or text(placed["crew"])}
            cell |= {"draft": placed["state"] == "draft" and bool(plan.row["published_version"])}
        cell |= {"pinned": (person_id, stage) in plan.pins, "draft": cell.get("draft", False)}
        cell |= _mark(plan, (person_id, stage), placed is not None, broken)
        said = [text(plan.people[person_id]["name"]), stage_name(plan.stage(stage))]
        said += [part for part in (cell["team"], cell["place"], cell["word"]) if part]
        said += [_("fixed")] * cell["pinned"] + [_("draft")] * cell["draft"]
        return cell | {"said": " · ".join(said)}

    def _only(self, plan: Plan) -> set[int] | None:
        if self.only is None:
            return None
        if self.only == "open":
            return {person_id for person_id, _stage in plan.open} | {int(one["person_id"]) for one in plan.waiting}
        if self.only == "draft":
            return {person_id for (person_id, _stage), row in plan.placements.items() if row["state"] == "draft"}
        hard = self.only == "hard"
        return {
            person_id
            for person_id, broken in plan.by_person.items()
            if any(bool(one["hard"]) == hard and (hard or present(one["cost"])) for one in broken)
        }

    def _key(self, plan: Plan, person_id: int, row: Row) -> str:
        name = str(row["name"])
        if name not in self._keys:
            self._keys[name] = " ".join((name, *name_keys(name))).casefold()
        teams = (text(plan.placements.get((person_id, int(one["number"])), {}).get("team")) for one in plan.stages)
        return " ".join((self._keys[name], text(row["employee_no"]), text(row["unit"]), *teams)).casefold()

    def sentence(self) -> str:
        """Who is listed, in words."""
        return self._sentence(self.chosen.plan, len(self.people()))

    def _sentence(self, plan: Plan, total: int) -> str:
        only = only_words().get(self.only or "", _("All trainees"))
        unit = plan.units.get(self.chosen.unit_id or 0, "")
        amount = ngettext("{n} person", "{n} people", total).format(n=number(total))
        return " · ".join(part for part in (only, unit, amount, _("by unit and name")) if part)

    def _chips(self) -> list[dict[str, str]]:
        found = []
        if self.search:
            found.append({"key": "search", "label": _("Search: {words}").format(words=self.search)})
        if self.only:
            found.append({"key": "only", "label": only_words()[self.only]})
        return found

    def _empty(self, plan: Plan) -> dict[str, Any]:
        if self.search or self.only or self.chosen.unit_id is not None:
            leave = {"act": "clear_filters", "label": _("Clear all filters"), "icon": "mdi-filter-remove-outline"}
            return {
                "icon": "mdi-account-search-outline",
                "title": _("Nobody matches"),
                "text": _("Try fewer filters, or part of a name."),
                "acts": [leave],
            }
        if plan.ws.may("rotation.create_plan"):
            acts = [{"act": "new_plan", "label": _("New plan"), "icon": "mdi-calendar-plus"}]
            said = _("It is another unit's. Make a plan of your own.")
            if plan.takes_in:
                more = _("Take in who has come since")
                acts.append({"act": "take_in", "label": more, "icon": "mdi-account-plus-outline"})
                said = _("Make a plan of your own, or take in who has come to this plan's intakes since.")
            return {
                "icon": "mdi-calendar-sync-outline",
                "title": _("None of your trainees takes part in this plan"),
                "text": said,
                "acts": acts,
            }
        return {
            "icon": "mdi-calendar-account-outline",
            "title": _("Nothing is published for you yet"),
            "text": _("As soon as the plan is published, here stands who goes to which team when."),
            "acts": [],
        }


def only_words() -> dict[str, str]:
    """What is listed, by the figure that was pressed."""
    return {
        "open": _("Without a placement"),
        "hard": _("Rules that must hold are broken"),
        "weighted": _("Weighed rules are missed"),
        "draft": _("Changed in the draft"),
    }


def stage_name(stage: Row) -> str:
    return _("Stage {number}").format(number=stage["number"])


def stage_days(stage: Row) -> str:
    """First and last day: 2026-09-01 – 10-15; the year again where it is another."""
    first, last = _day(stage["starts_on"]), _day(stage["ends_on"]) - timedelta(days=1)
    return f"{first.isoformat()} – {last.isoformat() if last.year != first.year else last.strftime('%m-%d')}"


def stage_words(stage: Row) -> str:
    return f"{stage_name(stage)} {stage_days(stage)}"


def place_words(placed: Row | None) -> str:
    """Team, and station or crew where there is one."""
    if placed is None:
        return ""
    return " ".join(part for part in (text(placed["team"]), text(placed["station"]) or text(placed["crew"])) if part)


def _day(value: pd.Timestamp) -> date:
    return value.date()


def _is_here(violation: Row, stage: int) -> bool:
    """Whether what is broken is about this stage; over the year it is about none alone."""
    return present(violation["stage"]) and int(violation["stage"]) == stage


def _mark(plan: Plan, key: tuple[int, int], placed: bool, broken: list[Row]) -> dict[str, str]:
    """What stands in a cell besides its team: what is wrong there, or why nobody is."""
    if key in plan.open:
        return {"tone": "trouble", "icon": "mdi-account-question-outline", "word": _("not placed")}
    if any(one["hard"] for one in broken):
        return {"tone": "trouble", "icon": "mdi-alert-circle-outline", "word": _("breaks a rule")}
    if any(not one["hard"] and not present(one["cost"]) for one in broken):
        return {"tone": "attention", "icon": "mdi-shield-alert-outline", "word": _("safety gate shut")}
    if not placed:
        return {"tone": "", "icon": "", "word": _("not due") if plan.judges else "–"}
    if any(present(one["cost"]) for one in broken):
        return {"tone": "attention", "icon": "mdi-scale-balance", "word": _("rule missed")}
    return {"tone": "", "icon": "", "word": ""}
