"""Voila with accounts: our own login, our own page template, and nothing else left open."""

from __future__ import annotations

import sys
from pathlib import Path

from svclib.settings import Settings


def serve(
    settings: Settings,
    *,
    host: str = "127.0.0.1",
    port: int,
    behind_proxy: bool = False,
    apps: Path | None,
    open_browser: bool,
) -> None:
    """Serve the app notebooks of a folder below `settings.base_url`, until interrupted.

    `port` 0 takes a free one; `apps` None takes the suite's own. Behind a proxy cookies go over TLS alone, and what
    `settings.proxy_address` forwards about a client is believed. The address is told on standard output.
    Raises DatabaseState when there is no database to show, NotFound for a folder without notebooks, PortTaken,
    BadSetting for an address this machine does not have, Forbidden for other than this machine without an account.
    """
    # Of what Voila imports, this checks addresses that nobody here writes, and takes two seconds to build its grammar.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    # Voila costs a second to import, which the other commands need not pay.
    from svclib.server.app import run

    run(settings, host=host, port=port, behind_proxy=behind_proxy, folder=apps, open_browser=open_browser)
