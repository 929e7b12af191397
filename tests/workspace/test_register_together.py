"""Many write at once: exactly one save wins, no membership is doubled, the trail has no gap."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlalchemy import func, select

from svclib import RuleBroken, StaleRecord
from svclib.models import AuditRow, Employment, Membership, table
from svclib.workspace import Workspace, open_workspace
from tests.workspace import factory


def at_once(ws: Workspace, jobs: list[Callable[[Workspace], object]]) -> list[object]:
    """Run each job in a thread and workspace of its own, all started together; what each gave or raised."""
    start = Barrier(len(jobs))

    def run(job: Callable[[Workspace], object]) -> object:
        own = open_workspace(ws.settings)
        try:
            start.wait(20)
            return job(own)
        except (RuleBroken, StaleRecord) as error:
            return error
        finally:
            own.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def trail_numbers(ws: Workspace) -> list[int]:
    with ws.engine.connect() as connection:
        return list(connection.execute(select(table(AuditRow).c.number).order_by(table(AuditRow).c.number)).scalars())


def open_periods(ws: Workspace, model: type, person_id: int) -> int:
    place = table(model)
    with ws.engine.connect() as connection:
        mine = (place.c.person_id == person_id) & place.c.valid_to.is_(None)
        return int(connection.execute(select(func.count()).select_from(place).where(mine)).scalar_one())


def test_of_two_saves_of_the_same_version_one_wins_and_the_other_is_told(ws: Workspace) -> None:
    person_id = factory.person(ws, "王芳")
    schools = ["四川大学", "重庆大学"]
    saves = [
        lambda own, name=name: own.register.edit_person(person_id, {"school": name}, version=1) for name in schools
    ]
    done = at_once(ws, saves)
    assert done.count(2) == 1
    stale = next(result for result in done if isinstance(result, StaleRecord))
    won = schools[done.index(2)]
    assert stale.conflicts["school"][:2] == (None, won)
    assert ws.register.person(person_id).facts["school"] == won


def test_eight_writers_leave_one_open_membership_and_one_open_employment(ws: Workspace) -> None:
    units = [factory.unit(ws, f"{name}供电公司") for name in "东南西北"]
    teams = [factory.team(ws, unit_id, f"第{unit_id}服务队") for unit_id in units]
    person_id = factory.person(ws, "王芳", unit_id=units[0], team_id=teams[0])
    joining = [lambda own, t=t: own.register.join_team(person_id, t, on="2026-09-01") for t in teams]
    moving = [lambda own, u=u: own.register.transfer(person_id, on="2026-09-01", unit_id=u) for u in units]
    done = at_once(ws, joining + moving)
    assert not [result for result in done if isinstance(result, StaleRecord)]
    assert open_periods(ws, Membership, person_id) <= 1
    assert open_periods(ws, Employment, person_id) == 1
    assert len(ws.register.people("2026-09-01")) == 1
    numbers = trail_numbers(ws)
    assert numbers == list(range(1, len(numbers) + 1))
