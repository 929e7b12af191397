"""How many examples a property is tried with."""

from __future__ import annotations

import os

IN_THE_WHOLE_SUITE = "PYTEST_XDIST_WORKER" in os.environ
"""Whether this is one of the workers that share all tests, and not somebody's look at a few of them."""
_FEWEST = 10


def examples(count: int) -> int:
    """So many where a property is tried alone; in line with all other tests a third of them, but ten if it can be."""
    return max(count // 3, min(count, _FEWEST)) if IN_THE_WHOLE_SUITE else count
