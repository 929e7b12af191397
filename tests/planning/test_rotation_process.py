"""The planner's own process: heard of while it searches, stopped at once, and never silently gone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import psutil
import pytest

from svclib.planning.rotation import Planner, PlannerGone, Status
from svclib.planning.rotation.search import Search
from svclib.rules.rotation import Problem, judge
from tests.planning.province import province
from tests.planning.test_rotation_search import small


def large() -> Problem:
    """So many trainees in one unit that a proof takes a while."""
    from dataclasses import replace
    from random import Random

    rng = Random(3)
    problem = small(places=12, learners=220, stage_count=4, teams=24)
    sites = tuple(replace(site, position=(30 + rng.random(), 104 + rng.random())) for site in problem.sites)
    learners = tuple(
        replace(one, home=(30 + rng.random(), 104 + rng.random()), wishes=tuple(rng.sample(range(1, 25), 3)))
        for one in problem.learners
    )
    return replace(problem, sites=sites, learners=learners)


def planners() -> list[psutil.Process]:
    return [one for one in psutil.Process().children(recursive=True) if "spawn_main" in command(one)]


def command(process: psutil.Process) -> str:
    """Its command line; nothing of one that has ended, whoever started it."""
    try:
        return " ".join(process.cmdline())
    except psutil.NoSuchProcess:
        return ""


def test_a_plan_comes_back_with_its_proof() -> None:
    problem = small(places=2, learners=4, stage_count=2, teams=3)
    with Planner(problem, seed=3) as planner:
        outcome = planner.outcome()
    assert outcome.status == Status.OPTIMAL
    assert judge(problem, outcome.placements).cost == pytest.approx(outcome.objective)


def test_a_stopped_search_gives_the_best_plan_so_far() -> None:
    problem = large()
    with Planner(problem, gap=0.0) as planner:
        for progress in planner.progress():
            if progress.placements:
                planner.stop()
        stopped_at = time.monotonic()
        outcome = planner.outcome()
    assert time.monotonic() - stopped_at < 5
    assert outcome.status in {Status.STOPPED, Status.OPTIMAL}
    assert outcome.objective == pytest.approx(judge(problem, outcome.placements).cost, rel=1e-6)
    assert outcome.bound is None or outcome.bound <= outcome.objective + 1e-6


def test_the_time_limit_is_kept_even_when_the_solver_looks_at_no_clock() -> None:
    began = time.monotonic()
    with Planner(large(), gap=0.0, time_limit_s=1.0) as planner:
        os.kill(planners()[0].pid, signal.SIGSTOP)
        outcome = planner.outcome()
        assert time.monotonic() - began < 3
    assert outcome.status == Status.UNKNOWN


def test_the_time_limit_is_kept_by_a_province_whose_units_are_tied_by_exceptions() -> None:
    problem = province(trainees=600, units=6, teams=96, exceptions=0.2)
    began = time.monotonic()
    outcome = Search(problem, gap=0.0, time_limit_s=3.0).run()
    assert time.monotonic() - began < 4
    assert outcome.bound is not None
    assert outcome.objective is None or outcome.bound <= outcome.objective + 1e-6


def test_leaving_ends_the_process() -> None:
    with Planner(large(), gap=0.0):
        assert planners()
    assert not planners()


def test_a_search_that_is_killed_is_told() -> None:
    with Planner(large(), gap=0.0) as planner:
        os.kill(planners()[0].pid, signal.SIGKILL)
        with pytest.raises(PlannerGone):
            planner.outcome()


def test_who_only_plans_and_shows_loads_no_solver() -> None:
    code = "import sys, svclib.planning.rotation, svclib.rules.rotation; sys.exit('highspy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
