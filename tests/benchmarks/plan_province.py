"""A province's rotation: the demo's size, growth to 10,000 trainees, today's with exceptions, a leave re-planned."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from svclib.planning.rotation import Outcome, Planner
from svclib.rules.rotation import Placement, Problem, moves
from tests.benchmarks.measure import Figure, Measure, seconds
from tests.planning.province import province

LIMIT_S = 300.0
DEMO, TODAY = 180, 2000
SIZES = (DEMO, 200, 560, TODAY, 5000, 10_000)
"""The demo province's trainees of one year, and what the province has and may come to have."""


def run(_folder: Path) -> Iterator[Measure | Figure]:
    sized = {count: _sized(count) for count in SIZES}
    found: dict[int, _Told] = {count: _plan(problem) for count, problem in sized.items()}
    today = found[TODAY]
    for count, told in found.items():
        yield from _lines(f"{count:,} trainees", told, today)
    tied = _plan(province(trainees=TODAY, exceptions=0.02))
    yield from _lines(f"{TODAY:,}, 2 % of them with exceptions", tied, today)
    changed = _with_a_leave(sized[TODAY], today.outcome.placements)
    again = _plan(changed, only_touched=True)
    yield from _lines(f"{TODAY:,}, a leave re-planned", again, today)
    yield Figure("its published placements that move", len(moves(changed, again.outcome.placements)))


class _Told:
    """What a search told, and when: seconds from its start in a process of its own, and that process's figures."""

    def __init__(self) -> None:
        self.first: float | None = None
        self.one_per_cent: float | None = None
        self.seconds = self.cpu_seconds = self.memory_mb = 0.0
        self.outcome: Outcome


def _plan(problem: Problem, *, only_touched: bool = False) -> _Told:
    told = _Told()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)

    def search() -> None:
        with Planner(problem, time_limit_s=LIMIT_S, only_touched=only_touched) as planner:
            for progress in planner.progress():
                if told.first is None and progress.objective is not None:
                    told.first = progress.seconds
                if told.one_per_cent is None and progress.gap is not None and progress.gap < 0.01:
                    told.one_per_cent = progress.seconds
            told.outcome = planner.outcome()

    told.seconds = seconds(search)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    told.memory_mb = after.ru_maxrss / 1024
    told.cpu_seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return told


def _lines(what: str, told: _Told, beside: _Told) -> Iterator[Measure | Figure]:
    yield Measure(f"{what}: whole search", told.seconds, f"{TODAY:,} trainees", beside.seconds)
    yield Measure("  processor time", told.cpu_seconds, f"{TODAY:,} trainees", beside.cpu_seconds)
    for when, at in (("first plan", told.first), ("gap under 1 %", told.one_per_cent)):
        if at is not None:
            yield Measure(f"  {when} after", at)
    yield Figure("  memory of the largest search up to here, MB", told.memory_mb)
    gap = told.outcome.gap
    yield Figure("  gap proved at its end, in hundredths of a per cent", -1.0 if gap is None else gap * 10_000)


def _sized(trainees: int) -> Problem:
    return province(trainees=trainees, units=max(2, trainees * 21 // TODAY), teams=trainees * 337 // TODAY)


def _with_a_leave(problem: Problem, published: tuple[Placement, ...]) -> Problem:
    """The plan published, and one of its trainees away in the second stage."""
    away = ((problem.stages[1].starts_on, problem.stages[1].ends_on),)
    first, *others = problem.learners
    return replace(
        problem,
        learners=(replace(first, away=away), *others),
        published=published,
        terms=replace(problem.terms, change_cost=5000.0),
    )
