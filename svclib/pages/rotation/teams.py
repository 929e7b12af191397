"""The teams over the stages: how many trainees each has, beside its places and what its mentors can take."""

from __future__ import annotations

from typing import Any

from svclib.i18n import gettext as _
from svclib.i18n import ngettext
from svclib.models import TeamSetting
from svclib.pages.parts.texts import number, present, text, word
from svclib.pages.rotation.board import stage_days, stage_name
from svclib.pages.rotation.chosen import Chosen, Plan, Row

PAGE = 20


class Teams:
    """What of the teams is shown."""

    def __init__(self, chosen: Chosen) -> None:
        self.chosen = chosen
        self.offset = 0

    def turn(self, offset: int) -> None:
        self.offset = max(offset, 0) // PAGE * PAGE

    def rows(self, search: str) -> list[tuple[int, list[Row]]]:
        """Each team with its stages: those of the chosen unit, those that the search meets."""
        plan = self.chosen.plan
        found: dict[int, list[Row]] = {}
        for row in plan.loads:
            found.setdefault(int(row["team_id"]), []).append(row)
        unit = self.chosen.unit_id
        return [
            (team_id, stages)
            for team_id, stages in found.items()
            if (unit is None or not plan.team_units or plan.team_units.get(team_id, {}).get("unit_id") == unit)
            and search in f"{stages[0]['team']} {text(plan.team_units.get(team_id, {}).get('unit'))}"
        ]

    def view(self, search: str) -> dict[str, Any]:
        """Everything that the screen shows of the teams: only this page's."""
        plan, listed = self.chosen.plan, self.rows(search)
        if self.offset and self.offset >= len(listed):
            self.turn(max(len(listed) - 1, 0))
        page = listed[self.offset : self.offset + PAGE]
        over = sum(any(_tone(plan, row) == "trouble" for row in rows) for _team, rows in listed)
        title = (
            self._empty(search)["title"]
            if not listed
            else _("Every team keeps its places and mentors")
            if not over
            else ngettext(
                "{over} of {n} teams has too many or too few trainees",
                "{over} of {n} teams have too many or too few trainees",
                over,
            ).format(over=number(over), n=number(len(listed)))
        )
        return {
            "title": title if plan.judges or not listed else _("Trainees in the teams"),
            "lead": _("Trainees in each stage, beside the team's places; on a shadow place nobody counts as strength"),
            "stages": [
                {"number": int(one["number"]), "label": stage_name(one), "days": stage_days(one)} for one in plan.stages
            ],
            "rows": [self._row(plan, team_id, rows) for team_id, rows in page],
            "total": len(listed),
            "offset": self.offset,
            "limit": PAGE,
            "range": _("{first}–{last} of {total}").format(
                first=number(self.offset + 1 if page else 0),
                last=number(self.offset + len(page)),
                total=number(len(listed)),
            ),
            "empty": None if listed else self._empty(search),
        }

    def _row(self, plan: Plan, team_id: int, rows: list[Row]) -> dict[str, Any]:
        team = plan.team_units.get(team_id, {})
        about = [text(team.get("unit")), word(TeamSetting, team.get("setting"))]
        mentees = rows[0].get("mentees_max")
        if mentees is not None and present(mentees):
            about.append(_("mentors take {n}").format(n=number(int(mentees))))
        return {
            "id": team_id,
            "name": str(rows[0]["team"]),
            "about": " · ".join(filter(None, about)),
            "cells": [self._cell(plan, team_id, row) for row in rows],
        }

    def _cell(self, plan: Plan, team_id: int, row: Row) -> dict[str, Any]:
        stage, load = int(row["stage"]), int(row["trainees"])
        bounds = bounds_words(row)
        broken = plan.by_team.get((team_id, stage), [])
        upper = row.get("upper")
        full = int(upper) if upper is not None and present(upper) else 0
        said = [str(row["team"]), _("Stage {number}").format(number=stage)]
        said.append(ngettext("{n} person", "{n} people", load).format(n=number(load)))
        said += [bounds] * bool(bounds) + [str(one["sentence"]) for one in broken]
        return {
            "stage": stage,
            "load": number(load),
            "bounds": bounds,
            "percent": min(100, round(100 * load / full)) if full else (100 if load else 0),
            "tone": _tone(plan, row),
            "said": " · ".join(said),
        }

    def _empty(self, search: str) -> dict[str, Any]:
        if search:
            return {
                "icon": "mdi-magnify",
                "title": _("No team matches"),
                "text": _("Try part of the name of a team or unit."),
                "acts": [
                    {"act": "clear_filters", "label": _("Clear all filters"), "icon": "mdi-filter-remove-outline"}
                ],
            }
        return {
            "icon": "mdi-account-group-outline",
            "title": _("No team receives anybody"),
            "text": _("As soon as somebody is placed, here stands how many each team has in each stage."),
            "acts": [],
        }


def bounds_words(row: Row) -> str:
    """The places of a team: "0–10"; nothing for a role that is not told."""
    upper = row.get("upper")
    if upper is None or not present(upper):
        return ""
    return _("of {lower}–{upper}").format(lower=int(row["lower"]), upper=int(upper))


def _tone(plan: Plan, row: Row) -> str:
    broken = plan.by_team.get((int(row["team_id"]), int(row["stage"])), [])
    if any(one["hard"] for one in broken):
        return "trouble"
    return "attention" if broken else ""
