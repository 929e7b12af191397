"""The register that the rehearsal plays on: one unit with one team and one person, and one login that looks at them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from svclib.models import Role
from svclib.settings import Settings
from svclib.workspace import init_database
from svclib.workspace.filling import fill_database
from svclib.workspace.identity import fingerprint

TICKET = "rehearsal"
"""Lets in to this register, which nobody else can reach, and to no other."""

_DAY = date(2026, 1, 1)


def make_register(settings: Settings) -> None:
    """Make the register. What a page reads at first has one row each, so that it reads as it will read others."""
    now = datetime.now(UTC)
    team = {
        "unit_id": 1,
        "level": "team",
        "setting": "urban",
        "official_name": "-",
        "short_name": "-",
        "founded_on": _DAY,
    }
    account = {"username": "-", "display_name": "-", "role": Role.HR, "must_change": False, "created_at": now}
    login = {"account_id": 1, "token_hash": "-", "method": "password", "origin": "-", "begun_at": now, "seen_at": now}
    ticket = {"ticket_hash": fingerprint(TICKET), "session_id": 1, "kernel_id": "-", "issued_at": now}
    since = {"valid_from": _DAY, "recorded_at": now}
    rows: dict[str, list[dict[str, Any]]] = {
        "unit": [{"name": "-", "short_name": "-", "kind": "company"}],
        "team": [team],
        "person": [{"name": "-", "pinyin": "", "initials": ""}],
        "employment": [{"person_id": 1, "unit_id": 1} | since],
        "membership": [{"person_id": 1, "team_id": 1, "duty": "member"} | since],
        "account": [account],
        "login_session": [login | {"ends_at": now + timedelta(hours=1)}],
    }
    init_database(settings)
    numbered = {name: [row | {"id": 1} for row in few] for name, few in rows.items()}
    fill_database(settings, numbered | {"page_ticket": [ticket]}, {"demo_today": _DAY.isoformat()})
