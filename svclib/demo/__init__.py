"""The demo province: invented people only, the same from the same seed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from svclib.demo.accounts import DEMO_PASSWORD, USERNAMES, choose_accounts
from svclib.demo.province import SIZES, generate
from svclib.demo.rows import TODAY, Province
from svclib.errors import DatabaseState
from svclib.i18n import gettext as _
from svclib.settings import Settings
from svclib.workspace import init_database, open_workspace
from svclib.workspace.filling import database_content, database_facts, fill_accounts, fill_database
from svclib.workspace.frames import records

__all__ = ["DEMO_PASSWORD", "SIZES", "TODAY", "Province", "choose_accounts", "demo_accounts", "generate", "make_demo"]


def make_demo(settings: Settings, *, size: str = "small", seed: int = 2026) -> str:
    """Create the database and its keys where needed and fill it; a demo that is there already is left as it is.

    Every role gets an account, also in a demo that an older version made.

    Returns the sentence for the terminal. Raises DatabaseState, having changed nothing, for a database that holds
    anything but a demo, and BadSetting for an unknown size.
    """
    content = database_content(settings)
    if content == "data":
        raise DatabaseState(
            _(
                "The database holds data that is not a demo; nothing was changed. "
                "For a demo beside it, name another folder: SVC_DATA_DIR=demo-data svc demo"
            )
        )
    if content == "demo":
        init_database(settings)
        facts = database_facts(settings)
        if not demo_accounts(settings):
            _make_accounts(settings, generate(facts["demo_size"], int(facts["demo_seed"])))
        return _("The demo of {today} is here already ({size}, seed {seed}); it was left as it is.").format(
            today=facts["demo_today"], size=facts["demo_size"], seed=facts["demo_seed"]
        )
    province = generate(size, seed)
    init_database(settings)
    facts = {"demo_today": province.today.isoformat(), "demo_size": size, "demo_seed": str(seed)}
    fill_database(settings, province.rows, facts)
    _make_accounts(settings, province)
    chosen = SIZES[size]
    return _(
        "Demo province ready, anchored at {today}: {teams} teams, {stations} stations, {members} members, "
        "{people} people in all. Open it with: svc serve"
    ).format(
        today=province.today,
        teams=chosen.teams,
        stations=chosen.stations,
        members=chosen.members,
        people=len(province.rows["person"]),
    )


def demo_accounts(settings: Settings) -> list[Mapping[str, Any]]:
    """The demo's accounts as they are now, rows of `access.users`."""
    ws = open_workspace(settings)
    rows = ws.access.users()
    ws.close()
    held = {str(row["username"]): row for row in records(rows)}
    return [held[username] for username in USERNAMES if username in held]


def _make_accounts(settings: Settings, province: Province) -> None:
    fill_accounts(settings, choose_accounts(province.rows), DEMO_PASSWORD)
