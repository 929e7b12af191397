"""The demo province: invented people only, the same from the same seed."""

from __future__ import annotations

from svclib.settings import Settings


def make_demo(settings: Settings, *, size: str, seed: int) -> str:
    raise NotImplementedError
