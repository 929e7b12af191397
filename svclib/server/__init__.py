"""Voila on the loopback address, started with our own page template and nothing else left open."""

from __future__ import annotations

import sys
from pathlib import Path

from svclib.settings import Settings


def serve(settings: Settings, *, port: int, apps: Path | None, open_browser: bool) -> None:
    """Serve the app notebooks of a folder on this machine alone, until interrupted.

    `port` 0 takes a free one; `apps` None takes the suite's own. The address is told on standard output.
    Raises DatabaseState when there is no database to show, NotFound for a folder without notebooks, PortTaken.
    """
    # Of what Voila imports, this checks addresses that nobody here writes, and takes two seconds to build its grammar.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    # Voila costs a second to import, which the other commands need not pay.
    from svclib.server.app import run

    run(settings, port=port, folder=apps, open_browser=open_browser)
