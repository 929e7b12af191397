"""The holes in the warm process's memory, filled before it forks.

Loading and rehearsing leaves some hundred thousand small pieces of freed memory, scattered over all of it. A fork that
took these for what it makes would write here and there, and each place written to costs it a whole page of 4 KB of its
own. With the holes filled, by blocks that stay in the parent and that all forks share, it takes fresh pages instead and
fills them one after the other.
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from itertools import pairwise, repeat

# Python's allocator: blocks of up to 512 bytes in steps of 16, those of one size side by side in pools of 16 KB.
_POOL, _STEP, _LARGEST = 16 * 1024, 16, 512
# The C library's: each next size half of the one before, and of the small ones every size, since it keeps
# some of those by their exact size. What is larger is mapped apart.
_SIZES = (*(2**power - 8 for power in range(16, 10, -1)), *range(1032, 8, -16))
# Far more than there is to fill: it ends what an allocator that works in another way would never end.
_MOST_ROUNDS, _MOST_BYTES = 64, 32 * 1024**2

_blocks: list[object] = []


def fill_holes() -> None:
    """Take what both allocators of this process have lying about. To be called last before forking."""
    for size in range(_STEP, _LARGEST + 1, _STEP):
        _fill_pools(size)
    _fill_heap()


def _fill_pools(size: int) -> None:
    count = _POOL // size
    for _round in range(_MOST_ROUNDS):
        more = _made(size, count)
        _blocks.extend(more)
        neighbours = sum(id(after) - id(before) == size for before, after in pairwise(more))
        # All in a row, but for the change from one pool to the next: a fresh pool, so that no other has room.
        if neighbours > count - 8:
            return


def _made(size: int, count: int) -> Sequence[object]:
    """So many objects of a size, made without making any other of that size on the way."""
    if size == object().__sizeof__():
        return [object() for _ in repeat(None, count)]
    if size == (0j).__sizeof__():
        return list(map(complex, repeat(1.0, count)))
    return list(map(bytes, repeat(size - b"".__sizeof__(), count)))


def _fill_heap() -> None:
    libc = ctypes.PyDLL(None)
    if not hasattr(libc, "malloc_trim"):
        # Another C library than GNU's.
        return
    libc.malloc.restype = libc.sbrk.restype = ctypes.c_void_p
    libc.malloc.argtypes, libc.free.argtypes = [ctypes.c_size_t], [ctypes.c_void_p]
    # What is free at the end is given back. Whatever lies beyond that end from now on is no hole.
    libc.malloc_trim(0)
    end = libc.sbrk(0) - 8192
    for size in _SIZES:
        for _piece in range(_MOST_BYTES // size):
            place = libc.malloc(size)
            if place is None or place >= end:
                libc.free(place)
                break
