"""Which columns are planned together: people who may cross tie units, but only where they really go to both."""

from __future__ import annotations

import numpy as np

from svclib.planning.rotation.linear import Floats, Ints
from svclib.planning.rotation.model import Model

_A_LITTLE = 1e-9


def crossing_blocks(model: Model, values: Floats) -> list[Ints]:
    """Cut the columns into blocks, each person in each stage in the unit where the relaxed values have most of it."""
    if not model.placements:
        return []
    units, unit = np.unique(model.unit, return_inverse=True)
    slots = int(model.slot.max(initial=-1)) + 1
    # At home where the relaxation says nothing.
    weights = values + _A_LITTLE * model.at_home
    share = np.bincount(model.slot * len(units) + unit, weights=weights, minlength=slots * len(units))
    return model.blocks(unit == share.reshape(slots, len(units)).argmax(axis=1)[model.slot])
