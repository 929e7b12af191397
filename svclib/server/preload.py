"""What a page will ask for anyway is named in its head, so that it loads while the kernel starts."""

from __future__ import annotations

from collections.abc import Sequence


def preloads(labextensions_path: Sequence[str], static_paths: Sequence[str], base: str) -> list[str]:
    return []
