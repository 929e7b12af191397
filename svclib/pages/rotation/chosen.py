"""The chosen plan of the page: its people, placements and broken rules, read when needed and again when it changed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from svclib.errors import NotFound, RuleBroken
from svclib.i18n import gettext as _
from svclib.pages.parts.texts import present, records
from svclib.rules.rotation import Rule
from svclib.workspace import Workspace
from svclib.workspace.rotation import Judged, Moved

Row = dict[str, Any]
Key = tuple[int, int]
"""A person, or a team, and a stage."""


class Plan:
    """One plan as it stands at one of its versions. Everything is read when it is first asked for.

    `beside` counts what else of the register has changed: a judgement of the plan reads that, too.
    """

    def __init__(self, ws: Workspace, row: Row, beside: int) -> None:
        self.ws, self.row, self.beside = ws, row, beside
        self.id, self.version = int(row["id"]), int(row["version"])
        self.name = str(row["name"])
        self.judges = ws.may("rotation.violations")
        self._choices: tuple[Key, list[Row]] | None = None

    @property
    def takes_in(self) -> bool:
        """Whether whoever reads may take people in: a unit's plan is that unit's."""
        own = self.row["unit_id"]
        return not present(own) or int(own) in {one.id for one in self.ws.register.unit_choices(self.ws.today)}

    @cached_property
    def stages(self) -> list[Row]:
        return records(self.ws.rotation.stages(self.id))

    @cached_property
    def placements(self) -> dict[Key, Row]:
        """What would stand with the draft, as far as the role is shown it."""
        return {
            (int(row["person_id"]), int(row["stage"])): row for row in records(self.ws.rotation.placements(self.id))
        }

    @cached_property
    def people(self) -> dict[int, Row]:
        """Everybody who takes part, or whom the role is shown as placed, by unit and name."""
        if self.ws.may("rotation.trainees"):
            listed = records(self.ws.rotation.trainees(self.id))
        else:
            listed = list({row["person_id"]: row for row in self.placements.values()}.values())
        places = {int(row["person_id"]): number for number, row in enumerate(listed)}
        ordered = sorted(listed, key=lambda row: (_unit(row), places[int(row["person_id"])]))
        return {int(row["person_id"]): row for row in ordered}

    @cached_property
    def _judged(self) -> Judged:
        return self.ws.rotation.judged(self.id)

    @cached_property
    def violations(self) -> list[Row]:
        return records(self._judged.violations) if self.judges else []

    @cached_property
    def by_person(self) -> dict[int, list[Row]]:
        """What is broken about each person; what is about a team, about everybody who is there then."""
        there: dict[Key, list[int]] = defaultdict(list)
        for (person_id, stage), row in self.placements.items():
            there[int(row["team_id"]), stage].append(person_id)
        found: dict[int, list[Row]] = defaultdict(list)
        for one in self.violations:
            named = _named(one)
            at_team = present(one["team_id"]) and present(one["stage"])
            for person_id in named or (there[int(one["team_id"]), int(one["stage"])] if at_team else []):
                found[person_id].append(one)
        return found

    @cached_property
    def by_team(self) -> dict[Key, list[Row]]:
        """What is broken about a team in a stage."""
        found: dict[Key, list[Row]] = defaultdict(list)
        for one in self.violations:
            if present(one["team_id"]) and present(one["stage"]):
                found[int(one["team_id"]), int(one["stage"])].append(one)
        return found

    @cached_property
    def pins(self) -> dict[Key, Row]:
        if not self.ws.may("rotation.pins"):
            return {}
        return {(int(row["person_id"]), int(row["stage"])): row for row in records(self.ws.rotation.pins(self.id))}

    @cached_property
    def wishes(self) -> dict[int, list[int]]:
        """The teams that each person would like, the dearest first."""
        found: dict[int, list[int]] = {}
        if self.ws.may("rotation.wishes"):
            for row in records(self.ws.rotation.wishes(self.id)):
                found.setdefault(int(row["person_id"]), []).append(int(row["team_id"]))
        return found

    @cached_property
    def loads(self) -> list[Row]:
        """Trainees by team and stage; without bounds for a role that does not judge plans."""
        if self.judges:
            return records(self._judged.loads)
        counts = Counter((int(row["team_id"]), str(row["team"]), stage) for (_p, stage), row in self.placements.items())
        teams = sorted({key[:2] for key in counts})
        return [
            {
                "team_id": team,
                "team": name,
                "stage": int(stage["number"]),
                "trainees": counts[team, name, stage["number"]],
            }
            for team, name in teams
            for stage in self.stages
        ]

    @cached_property
    def units(self) -> dict[int, str]:
        """The units of those who take part."""
        return {_unit(row): str(row["unit"]) for row in self.people.values() if _unit(row)}

    @cached_property
    def team_units(self) -> dict[int, Row]:
        """What the register says of each team, where the role lists teams."""
        if not self.ws.may("register.teams"):
            return {}
        return {int(row["id"]): row for row in records(self.ws.register.teams())}

    def choices(self, key: Key) -> list[Row]:
        """Every place where somebody may stand in a stage, and what it would mean; the last asked for is kept."""
        if self._choices is None or self._choices[0] != key:
            self._choices = key, records(self.ws.rotation.choices(self.id, *key))
        return self._choices[1]

    @property
    def hard(self) -> list[Row]:
        """What stands in the way of publishing."""
        return [one for one in self.violations if one["hard"]]

    @property
    def weighted(self) -> list[Row]:
        return [one for one in self.violations if not one["hard"] and present(one["cost"])]

    @property
    def waiting(self) -> list[Row]:
        """Whom the safety gate keeps from a placement."""
        return [one for one in self.violations if not one["hard"] and not present(one["cost"])]

    @cached_property
    def open(self) -> set[Key]:
        """Who has no placement in a stage in which one is due."""
        return {
            (int(one["person_id"]), int(one["stage"]))
            for one in self.violations
            if one["rule"] == Rule.ONE and one["figure"] == 0
        }

    def carry_over(self, before: Plan, moved: Moved) -> None:
        """Keep of the plan before what a move by hand leaves as it was, and take the rest from what the move told."""
        kept = ("stages", "people", "units", "team_units", "wishes", "pins")
        known = vars(self)
        known.update({name: vars(before)[name] for name in kept if name in vars(before)})
        self._choices = moved.key, records(moved.choices())
        left = [one for one in before.violations if not moved.tells_anew(_named(one), _id(one["team_id"]))]
        told = left + records(moved.broken())
        known["violations"] = sorted(told, key=lambda one: not one["hard"])
        order = {person_id: number for number, (person_id, _stage) in enumerate(before.placements)}
        if moved.key[0] not in order:
            # Whoever had nothing stands among the others as a list says that is read anew.
            return
        placements = {key: row for key, row in before.placements.items() if key != moved.key}
        for row in records(moved.placement()):
            placements[moved.key] = row
        known["placements"] = dict(sorted(placements.items(), key=lambda item: (order[item[0][0]], item[0][1])))
        counts = Counter((int(row["team_id"]), stage) for (_person, stage), row in placements.items())
        loads = [row | {"trainees": counts.pop((int(row["team_id"]), int(row["stage"])), 0)} for row in before.loads]
        # A team that had nobody and no place for anybody is told with its bounds by a fresh look alone.
        if not counts:
            known["loads"] = loads

    def stage(self, number: int) -> Row:
        """The stage of this number. Raises NotFound."""
        for one in self.stages:
            if int(one["number"]) == number:
                return one
        raise NotFound(_("The plan has no stage {number}.").format(number=number))

    def person(self, person_id: int) -> Row:
        """Who takes part and is shown. Raises NotFound."""
        if person_id not in self.people:
            raise NotFound(_("There is no person number {ids}.").format(ids=person_id))
        return self.people[person_id]


class Chosen:
    """Which plan the page is about, always as it stands now."""

    def __init__(self, ws: Workspace) -> None:
        self.ws = ws
        self.plan_id: int | None = None
        self.unit_id: int | None = None
        self._plan: Plan | None = None
        self._heard: int | None = None
        self._beside = 0
        self.listed: list[Row] = []

    def read(self) -> Plan | None:
        """The plan, read again where anybody has changed it or what it is judged by since; None where there is none."""
        # Before anything is read: what is saved meanwhile is heard of at the next time.
        heard = self.ws.rotation.heard(self._heard)
        self._heard, self._beside = heard.number, self._beside + heard.changed
        self.listed = records(self.ws.rotation.plans())
        row = next((one for one in self.listed if one["id"] == self.plan_id), self.listed[0] if self.listed else None)
        if row is None:
            self._plan = None
            return None
        # Another plan that somebody makes is not what this page is about.
        self.plan_id = int(row["id"])
        if self._plan is None or self._plan.beside != self._beside or not _same(self._plan.row, row):
            self._plan = Plan(self.ws, row, self._beside)
        return self._plan

    @property
    def plan(self) -> Plan:
        """The plan as it was last read. Raises NotFound where there is none."""
        if self._plan is None and self.read() is None:
            raise NotFound(_("There is no rotation plan yet."))
        assert self._plan is not None
        return self._plan

    def moved(self, moved: Moved) -> None:
        """Look at the plan after a move by this page: nothing else of it has changed, unless somebody was quicker."""
        before = self.plan
        after = self.read()
        if after is None or after is before or after.beside != before.beside:
            return
        if after.version == moved.version == before.version + 1:
            after.carry_over(before, moved)

    def choose(self, plan_id: int) -> None:
        """Look at another plan. Raises NotFound."""
        if plan_id not in {int(one["id"]) for one in self.listed}:
            raise NotFound(_("There is no such rotation plan."))
        self.plan_id, self.unit_id = plan_id, None

    def turn_to(self, plan_id: int) -> Plan:
        """Look at this plan as it stands now. Raises NotFound where it is gone."""
        if self.read() is None or self.plan.id != plan_id:
            self.choose(plan_id)
            self.read()
        return self.plan

    def narrow(self, unit_id: int | None) -> None:
        """Look at one unit's trainees, or at all. Raises RuleBroken."""
        if unit_id is not None and unit_id not in self.plan.units:
            raise RuleBroken(_("There is no such unit."), field="unit")
        self.unit_id = unit_id

    def forget(self) -> None:
        """Read everything anew when it is next needed."""
        self._plan = None


def _unit(row: Mapping[str, Any]) -> int:
    return int(row["unit_id"]) if present(row["unit_id"]) else 0


def _id(value: Any) -> int | None:
    return int(value) if present(value) else None


def _named(violation: Row) -> list[int]:
    """Whom something that is broken names."""
    return [int(violation[key]) for key in ("person_id", "other_id") if present(violation[key])]


def _same(one: Row, other: Row) -> bool:
    return all(one[name] == other[name] for name in ("id", "version", "published_version", "trainees"))
