"""What everything on the page is about: the day, the unit, and the choices that follow from them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pandas as pd

from svclib.errors import RuleBroken
from svclib.i18n import gettext as _
from svclib.pages.parts.forms import read_day
from svclib.pages.parts.texts import present, records
from svclib.workspace import Workspace
from svclib.workspace.policy import Reach
from svclib.workspace.register.names import name_keys

Options = list[dict[str, Any]]


class Scope:
    """The chosen day and unit of one page, with the units, teams, stations and crews to choose from.

    Frames are read when first needed and forgotten by `forget`, which every change calls.
    """

    def __init__(self, ws: Workspace) -> None:
        self.ws = ws
        self.on: date = ws.today
        self.unit_id: int | None = None
        self.spelt = False
        """Whether choices can be searched by initials: their dictionary takes a third of a second to load."""
        self._frames: dict[str, pd.DataFrame] = {}

    def choose(self, *, on: str | None = None, unit_id: int | None = None) -> None:
        """Look at another day, or at another unit. Raises RuleBroken for what is no day or no unit."""
        if on is not None:
            day = read_day(on)
            if day is None:
                raise RuleBroken(_("“{value}” is not a day. Write it like 2026-07-01.").format(value=on), field="on")
            self.on = day
        if unit_id is not None and unit_id not in set(self.units["id"]):
            raise RuleBroken(_("There is no such unit."), field="unit_id")
        self.unit_id = unit_id
        self.forget()

    def forget(self) -> None:
        """Read everything anew when it is next needed."""
        self._frames.clear()

    def _read(self, name: str, read: Callable[[], pd.DataFrame]) -> pd.DataFrame:
        if name not in self._frames:
            self._frames[name] = read()
        return self._frames[name]

    @property
    def lists_teams(self) -> bool:
        """Whether teams can be listed and chosen: not where the role is about single persons."""
        return self.ws.may("register.teams")

    @property
    def of_one(self) -> bool:
        """Whether the role is about the person's own record and nothing else."""
        return self.ws.policy.reach("register.page") == Reach.SELF

    @property
    def units(self) -> pd.DataFrame:
        return self._read("units", lambda: self.ws.register.units(self.on))

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
        return str(self.units.loc[self.units["id"] == self.unit_id, "short_name"].iloc[0])

    def unit_options(self, *, everything: bool) -> Options:
        """Units as a choice; with `everything` all that the role reaches comes first, as None."""
        listed = _options(self.units, "short_name", spelt=self.spelt)
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
        return _options(self.teams, "short_name", spelt=self.spelt, hint="unit" if self.unit_id is None else None)

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
        {
            "id": int(row["id"]),
            "label": str(row[name]),
            "hint": str(row[hint]) if hint and present(row[hint]) else "",
            "find": name_keys(str(row[name]))[1] if spelt else "",
        }
        for row in records(frame)
    ]
