"""How far everybody goes: what each placement costs the person, in kilometres and in wishes passed over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from svclib.workspace.base import Area, Transaction, verb
from svclib.workspace.frames import frame
from svclib.workspace.policy import Group, Shown
from svclib.workspace.rotation.loading import Loaded, load
from svclib.workspace.rotation.places import PERSON_COLUMNS, PLACE_COLUMNS, Placed
from svclib.workspace.rotation.plans import PlanRef, plan_row
from svclib.workspace.rotation.reading import Which, rows_of
from svclib.workspace.rotation.standing import placed

if TYPE_CHECKING:
    import pandas as pd

WAY_COLUMNS = {
    **PERSON_COLUMNS,
    "stage": "int",
    **PLACE_COLUMNS,
    "km": "float",
    "burden": "float",
    "fair_burden": "float",
    "home_latitude": "float",
    "home_longitude": "float",
    "latitude": "float",
    "longitude": "float",
}
"""Columns of `ways()`. `km` from home to the place as the crow flies, missing where one of them is not known; `burden`:
what the placement costs the person; `fair_burden`: of a whole year, the same in each row, beyond it somebody is badly
off. Home (where nobody has told it, the seat of the unit) and place are in degrees."""


class Ways(Area):
    """What the placements cost those who are placed."""

    @verb("rotation.violations", writes=False)
    def ways(self, tx: Transaction, plan: PlanRef, *, version: Which = None) -> pd.DataFrame:
        """List how far each placement of the people in scope is from home and what it costs them, as the rules see it.

        Columns as in `WAY_COLUMNS`, one row a person and stage; `version` as for `placements()`. Raises NotFound.
        """
        stored = plan_row(tx, plan)
        everybody = placed(rows_of(tx, stored, version))
        loaded = load(tx, stored, also=everybody if isinstance(version, int) else ())
        fair = loaded.problem.fair_burden
        hidden = () if tx.shown(Group.PLANNING) == Shown.SHOWN else ("home_latitude", "home_longitude")
        rows = [
            {**_way(loaded, one), "fair_burden": fair} | dict.fromkeys(hidden)
            for one in loaded.known(everybody)
            if one.person_id in loaded.own
        ]
        return frame(rows, WAY_COLUMNS)


def _way(loaded: Loaded, one: Placed) -> dict[str, Any]:
    problem = loaded.problem
    learner, site = problem.learner[one.person_id], problem.site[loaded.numbers.numbers[one.place]]
    home, place = learner.home or (None, None), site.position or (None, None)
    told = learner.home is not None and site.position is not None
    return {
        **loaded.people[one.person_id],
        **one.place.columns(),
        **loaded.places[one.place],
        "person_id": one.person_id,
        "stage": one.stage,
        "km": problem.distance_km(learner, site) if told else None,
        "burden": problem.burden(learner, site),
        "home_latitude": home[0],
        "home_longitude": home[1],
        "latitude": place[0],
        "longitude": place[1],
    }
