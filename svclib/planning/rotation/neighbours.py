"""Which columns are planned together: people who may cross tie units, but only where they really go to both."""

from __future__ import annotations

import numpy as np

from svclib.planning.rotation.linear import Floats, Ints
from svclib.planning.rotation.model import Model, find

_A_LITTLE = 1e-9
_TIED_MOST = 40_000
"""So many columns may be tied into one block; whoever would tie more is kept in one unit."""


def crossing_blocks(model: Model, values: Floats) -> list[Ints]:
    """Cut the columns into blocks, each person in each stage in the unit where the relaxed values have most of it."""
    if not model.placements:
        return []
    units, unit = np.unique(model.unit, return_inverse=True)
    # At home where the relaxation says nothing.
    weights = values + _A_LITTLE * model.at_home
    slots = int(model.slot.max()) + 1
    share = np.bincount(model.slot * len(units) + unit, weights=weights, minlength=slots * len(units))
    chosen = share.reshape(slots, len(units)).argmax(axis=1)[model.slot]
    _keep_blocks_small(model, unit, chosen, weights)
    return model.blocks(unit == chosen)


def _keep_blocks_small(model: Model, unit: Ints, chosen: Ints, weights: Floats) -> None:
    """Keep people for the whole year in the unit that has most of it, where they would tie too much together."""
    sizes = np.bincount(unit).tolist()
    leader = list(range(len(sizes)))
    for person in np.unique(model.person[~model.at_home]).tolist():
        own = np.flatnonzero(model.person == person)
        tied = sorted({find(leader, one) for one in np.unique(chosen[own]).tolist()})
        if len(tied) > 1 and sum(sizes[one] for one in tied) > _TIED_MOST:
            main = np.bincount(unit[own], weights=weights[own]).argmax()
            # In a stage that cannot be there they stay where they are.
            could = np.isin(model.slot[own], model.slot[own][unit[own] == main])
            chosen[own[could]] = main
            continue
        for one in tied[1:]:
            leader[one] = tied[0]
            sizes[tied[0]] += sizes[one]
