"""Voila, started with our own page template."""

from __future__ import annotations

from pathlib import Path

from svclib.settings import Settings


def serve(settings: Settings, *, port: int, apps: Path | None, open_browser: bool) -> None:
    raise NotImplementedError
