"""What is drawn of a plan: the boards as timelines, and how a stage is spread over teams, mentors, people, the map."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, Literal

from svclib.errors import RuleBroken
from svclib.i18n import current_language
from svclib.i18n import gettext as _
from svclib.pages.parts.charts import Chart, workbook
from svclib.pages.rotation.board import Board, stage_days, stage_name
from svclib.pages.rotation.chosen import Chosen, Row
from svclib.pages.rotation.distributions import mentor_loads, team_loads
from svclib.pages.rotation.facts import Facts
from svclib.pages.rotation.fairness import fairness
from svclib.pages.rotation.province import province_map
from svclib.pages.rotation.teams import Teams
from svclib.pages.rotation.timeline import matrix_said, person_spans, team_matrix

Name = Literal["matrix", "teams", "mentors", "fairness", "map"]


class Pictures:
    """Which stage is looked at, and whether the boards are drawn or listed."""

    def __init__(self, chosen: Chosen, board: Board, teams: Teams) -> None:
        self.chosen, self.board, self.teams = chosen, board, teams
        self.drawn = False
        self._stage: int | None = None
        self._facts: Facts | None = None
        self._kept: dict[Name | Literal["timeline"], tuple[Hashable, Chart]] = {}

    # What a person can do with it ------------------------------------------------------------------------------

    def draw(self, *, drawn: bool) -> None:
        """Draw the boards, or list them."""
        self.drawn = drawn

    def choose_stage(self, stage: int) -> None:
        """Look at another stage. Raises NotFound."""
        self.chosen.plan.stage(stage)
        self._stage = stage

    def choose_any_stage(self) -> None:
        """Look at the stage that is nearest, as at first."""
        self._stage = None

    def file(self, name: Name) -> tuple[str, bytes]:
        """Name and content of a workbook with what a chart shows. Raises RuleBroken while it shows nothing."""
        shown = [self.matrix()] if name == "matrix" else self._spread()
        made = next(one for one in shown if one["name"] == name)
        if made["option"] is None:
            raise RuleBroken(made["empty"])
        return f"{made['file']}.xlsx", workbook(made)

    # What it shows ---------------------------------------------------------------------------------------------

    @property
    def facts(self) -> Facts:
        """What is known of the plan as it stands, read once for each of its versions."""
        plan = self.chosen.plan
        if self._facts is None or self._facts.plan is not plan:
            self._facts = Facts(plan)
        return self._facts

    @property
    def stage(self) -> int:
        """The stage that is looked at: what was chosen, else the one that today is in or that comes next."""
        plan = self.chosen.plan
        numbers = [int(one["number"]) for one in plan.stages]
        if self._stage in numbers:
            return int(self._stage or 0)
        later = [int(one["number"]) for one in plan.stages if one["ends_on"].date() > plan.ws.today]
        return later[0] if later else numbers[-1]

    def view(self) -> dict[str, Any]:
        """Everything that the screen shows of a stage."""
        plan, now = self.chosen.plan, self.stage
        return {
            "label": _("Stage"),
            "stages": [
                {"number": one, "label": stage_name(row), "days": stage_days(row), "chosen": one == now}
                for row in plan.stages
                for one in [int(row["number"])]
            ],
            "charts": self._spread(),
        }

    def timeline(self) -> Chart:
        """The people of the board over the days of the year."""
        people, title = self.board.people(), " · ".join((self._plan, self.board.sentence()))
        return self._once("timeline", (title, *people), lambda: person_spans(self.facts, people, title=title))

    def matrix(self) -> Chart:
        """The teams over the stages: those that are listed, which the title says where they were searched for."""
        search, unit = self.board.search, self.chosen.unit_id

        def make() -> Chart:
            listed, seen = self.teams.rows(search), self.teams.view(search)
            sought = _("Search: {words}").format(words=search) if search else ""
            title = " · ".join(filter(None, (self._plan, sought, seen["title"])))
            empty = seen["empty"]["text"] if seen["empty"] else ""
            return team_matrix(self.chosen.plan, listed, title=title, lead=matrix_said(listed), empty=empty)

        return self._once("matrix", (search, unit), make)

    def _once(self, name: Name | Literal["timeline"], about: Hashable, make: Callable[[], Chart]) -> Chart:
        """The chart as it was made last, unless something that it says has changed: it is large."""
        key = (self.facts, self.chosen.plan.ws.today, current_language(), about)
        if name not in self._kept or self._kept[name][0] != key:
            self._kept[name] = key, make()
        return self._kept[name][1]

    @property
    def _plan(self) -> str:
        """Of which plan a picture is, which may be looked at far from this page."""
        return _("Plan {name}").format(name=self.chosen.plan.name)

    def _spread(self) -> list[Chart]:
        plan, stage, unit = self.chosen.plan, self.stage, self.chosen.unit_id
        # A search is for people or teams of a list; what is said of the stage is said of all of the unit's.
        loads: list[Row] = [row for _team, rows in self.teams.rows("") for row in rows if int(row["stage"]) == stage]
        narrowed = {int(row["team_id"]) for row in loads} if unit is not None else None
        return [
            team_loads(plan, loads, stage),
            mentor_loads(self.facts, loads, stage, narrowed),
            fairness(self.facts, unit),
            province_map(self.facts, loads, stage, None if unit is None else {unit}),
        ]
