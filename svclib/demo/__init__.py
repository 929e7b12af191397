"""The demo province: invented people only, the same from the same seed."""

from __future__ import annotations

from svclib.demo.province import SIZES, generate
from svclib.demo.rows import TODAY, Province
from svclib.errors import DatabaseState
from svclib.i18n import gettext as _
from svclib.settings import Settings
from svclib.workspace import init_database
from svclib.workspace.filling import database_content, database_facts, fill_database

__all__ = ["SIZES", "TODAY", "Province", "generate", "make_demo"]


def make_demo(settings: Settings, *, size: str = "small", seed: int = 2026) -> str:
    """Create the database and its keys where needed and fill it; a demo that is there already is left as it is.

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
        return _("The demo of {today} is here already ({size}, seed {seed}); it was left as it is.").format(
            today=facts["demo_today"], size=facts["demo_size"], seed=facts["demo_seed"]
        )
    province = generate(size, seed)
    init_database(settings)
    facts = {"demo_today": province.today.isoformat(), "demo_size": size, "demo_seed": str(seed)}
    fill_database(settings, province.rows, facts)
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
