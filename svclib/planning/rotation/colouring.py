"""Colouring the edges of a bipartite graph so that every vertex meets the colours as evenly as whole numbers allow."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt


def colour_edges(left: npt.NDArray[np.int64], right: npt.NDArray[np.int64], colours: int) -> npt.NDArray[np.int64]:
    """Colour the edges (left[i], right[i]) with 0…colours-1; no left vertex may have more edges than colours.

    A left vertex meets no colour twice, a right vertex of d edges meets each colour ⌊d/colours⌋ or ⌈d/colours⌉ times:
    it is cut into vertices of at most `colours` edges, and those are coloured along alternating paths (König, 1916).
    """
    if len(left) and max(Counter(left.tolist()).values()) > colours:
        raise ValueError("a left vertex has more edges than there are colours")
    pieces: list[int] = []
    seen: Counter[int] = Counter()
    named: dict[tuple[int, int], int] = {}
    for vertex in right.tolist():
        piece = (vertex, seen[vertex] // colours)
        seen[vertex] += 1
        pieces.append(named.setdefault(piece, len(named)))
    start = int(left.max(initial=-1)) + 1
    ends = [(one, start + piece) for one, piece in zip(left.tolist(), pieces, strict=True)]
    return np.array(_coloured(ends, start + len(named), colours), dtype=np.int64)


def _coloured(ends: list[tuple[int, int]], vertices: int, colours: int) -> list[int]:
    edge_at: Slots = [[None] * colours for _ in range(vertices)]
    colour = [0] * len(ends)
    for edge, (one, other) in enumerate(ends):
        here, there = _free(edge_at[one]), _free(edge_at[other])
        if here != there and edge_at[other][here] is not None:
            _swap_path(ends, edge_at, colour, other, here, there)
        colour[edge] = here
        edge_at[one][here] = edge_at[other][here] = edge
    return colour


def _free(edges: Iterable[int | None]) -> int:
    return next(number for number, edge in enumerate(edges) if edge is None)


Slots = list[list[int | None]]
"""By vertex and colour: the edge there."""


def _swap_path(
    ends: list[tuple[int, int]],
    edge_at: Slots,
    colour: list[int],
    vertex: int,
    first: int,
    second: int,
) -> None:
    """Exchange two colours along the path that leaves `vertex` with the first; it never meets the edge's other end."""
    path: list[int] = []
    wanted = first
    while (edge := edge_at[vertex][wanted]) is not None:
        path.append(edge)
        vertex = ends[edge][0] + ends[edge][1] - vertex
        wanted = second if wanted == first else first
    for edge in path:
        for end in ends[edge]:
            edge_at[end][colour[edge]] = None
    for edge in path:
        colour[edge] = second if colour[edge] == first else first
        for end in ends[edge]:
            edge_at[end][colour[edge]] = edge
