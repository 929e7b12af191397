"""What everything on the page is about: the day, the unit, and the choices that follow from them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, TypeVar, cast

import pandas as pd

from svclib.errors import RuleBroken
from svclib.i18n import gettext as _
from svclib.pages.parts.forms import read_day
from svclib.pages.parts.texts import present, records
from svclib.workspace import Workspace
from svclib.workspace.policy import Reach
from svclib.workspace.register.names import name_keys
from svclib.workspace.register.organisation import Choice

Options = list[dict[str, Any]]
T = TypeVar("T")


class Scope:
    """The chosen day and unit of one page, with the units, teams, stations and crews to choose from.

    Frames and choices are read when first needed and forgotten by `forget`, which every change calls.
    """

    def __init__(self, ws: Workspace) -> None:
        self.ws = ws
        self.on: date = ws.today
        self.unit_id: int | None = None
        self.spelt = False
        """Whether choices can be searched by initials: their dictionary takes a third of a second to load."""
        self._kept: dict[str, Any] = {}

    def choose(self, *, on: str | None = None, unit_id: int | None = None) -> None:
        """Look at another day, or at another unit. Raises RuleBroken for what is no day, or no unit on that day.

        The unit of before is left for everything where it is not there on that day.
        """
        day = self.on if on is None else read_day(on)
        if day is None:
            raise RuleBroken(_("“{value}” is not a day. Write it like 2026-07-01.").format(value=on), field="on")
        units = self.units if day == self.on else self.ws.register.unit_choices(day)
        if unit_id is not None and all(unit_id != unit.id for unit in units):
            if unit_id != self.unit_id:
                raise RuleBroken(_("There is no such unit."), field="unit_id")
            unit_id = None
        self.on, self.unit_id = day, unit_id
        self.forget()

    def forget(self) -> None:
        """Read everything anew when it is next needed."""
        self._kept.clear()

    def _read(self, name: str, read: Callable[[], T]) -> T:
        if name in self._kept:
            return cast("T", self._kept[name])
        value = self._kept[name] = read()
        return value

    @property
    def lists_teams(self) -> bool:
        """Whether teams can be listed and chosen: not where the role is about single persons."""
        return self.ws.may("register.teams")

    @property
    def of_one(self) -> bool:
        """Whether the role is about the person's own record and nothing else."""
        return self.ws.policy.reach("register.page") == Reach.SELF

    @property
    def units(self) -> list[Choice]:
        return self._read("units", lambda: self.ws.register.unit_choices(self.on))

    @property
    def teams(self) -> pd.DataFrame:
        """Teams of the day in the chosen unit; see `lists_teams`."""
        return self._read("teams", lambda: self.ws.register.teams(self.on, unit=self.unit_id))

    @property
    def stations(self) -> pd.DataFrame:
        return self._read("stations", lambda: self.ws.register.stations(self.on))

    @property
    def composition(self) -> pd.DataFrame:
        """One row per team and rule on the day."""
        return self._read("composition", lambda: self.ws.register.composition(self.on, unit=self.unit_id))

    @property
    def unit_name(self) -> str:
        """The chosen unit as people say it, or what all of them are: the whole province, or one's own duties."""
        if self.unit_id is None:
            return self._everything
        return next((unit.name for unit in self.units if unit.id == self.unit_id), self._everything)

    def unit_options(self, *, everything: bool) -> Options:
        """Units as a choice; with `everything` all that the role reaches comes first, as None."""
        listed = self._chosen_from(self.units)
        if not everything:
            return listed
        # One unit that is not all of it would be a choice between the same and the same.
        chooses = len(listed) > 1 or self.ws.policy.reaches_all("register.page")
        return [{"id": None, "label": self._everything}, *(listed if chooses else ())]

    @property
    def _everything(self) -> str:
        if self.ws.policy.reaches_all("register.page"):
            return _("Whole province")
        return _("All within my duties")

    def team_options(self) -> Options:
        return self._chosen_from(self._team_choices, hint=self.unit_id is None)

    def has_team(self, team_id: int) -> bool:
        """Whether the team is among those of the day in the chosen unit."""
        return any(team_id == team.id for team in self._team_choices)

    @property
    def _team_choices(self) -> list[Choice]:
        return self._read("team choices", lambda: self.ws.register.team_choices(self.on, unit=self.unit_id))

    def _chosen_from(self, choices: list[Choice], *, hint: bool = False) -> Options:
        return [_option(one.id, one.name, one.unit if hint else "", spelt=self.spelt) for one in choices]

    def crew_options(self, unit_id: int) -> Options:
        return _options(self.ws.register.crews(unit=unit_id), "name", spelt=self.spelt)

    def station_options(self, team_id: int) -> Options:
        return _options(self.ws.register.stations(self.on, team=team_id), "name", spelt=self.spelt)

    def people_options(self, people: pd.DataFrame) -> Options:
        """These people as a choice, told apart by their employee numbers."""
        return _options(people, "name", spelt=self.spelt, hint="employee_no")

    def days(self) -> list[dict[str, str]]:
        """Days that are often asked for: today, the first of this month, of the year, and a year ago."""
        today = self.ws.today
        offered = [
            (today, _("Today")),
            (today.replace(day=1), _("First of this month")),
            (today.replace(month=1, day=1), _("First of this year")),
            (today - timedelta(days=365), _("A year ago")),
        ]
        return [{"on": day.isoformat(), "label": word} for day, word in offered]

    @property
    def on_label(self) -> str:
        """The day as the bar shows it."""
        day = self.on.isoformat()
        return _("{day} (today)").format(day=day) if self.on == self.ws.today else day


def _options(frame: pd.DataFrame, name: str, *, spelt: bool, hint: str | None = None) -> Options:
    return [
        _option(int(row["id"]), str(row[name]), str(row[hint]) if hint and present(row[hint]) else "", spelt=spelt)
        for row in records(frame)
    ]


def _option(number: int, label: str, hint: str, *, spelt: bool) -> dict[str, Any]:
    return {"id": number, "label": label, "hint": hint, "find": name_keys(label)[1] if spelt else ""}
