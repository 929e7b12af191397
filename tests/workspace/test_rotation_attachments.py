"""Scans of signed notices: kept with the version that they announce, never written over, withdrawn with a trace."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import pytest
from sqlalchemy import insert

from svclib import BadFile, Duplicate, Forbidden, NotFound, open_workspace
from svclib.models import Role, RotationVersion, table
from svclib.workspace import Workspace
from svclib.workspace.audit import AuditQuery
from svclib.workspace.frames import records
from tests.workspace.plan_year import PlanYear

FIRST, SECOND = (b"%PDF-1.7\n" + word + b"\n%%EOF\n" for word in (b"first", b"second"))


@pytest.fixture
def published(year: PlanYear) -> PlanYear:
    """The plan year with two published versions; who stands where matters to no scan."""
    told = {"plan_id": 1, "published_by": "王主任", "cost": 0.0, "placements": 0, "moved": 0}
    with year.ws.engine.begin() as connection:
        for number in (1, 2):
            made = insert(table(RotationVersion)).values(**told, number=number, published_at=datetime.now(UTC))
            connection.execute(made)
    return year


def listed(ws: Workspace) -> list[dict[str, Any]]:
    return records(ws.rotation.attachments("2026"))


def test_a_second_scan_stands_beside_the_first(published: PlanYear) -> None:
    ws = published.ws
    first = ws.rotation.attach("2026", 1, ("签字.pdf", FIRST))
    second = ws.rotation.attach("2026", 1, ("签字.pdf", SECOND))
    third = ws.rotation.attach("2026", 2, ("签字.pdf", FIRST), unit=published.units[1])
    assert [ws.rotation.attachment(one).content for one in (first, second, third)] == [FIRST, SECOND, FIRST]
    rows = listed(ws)
    assert [(row["id"], row["version"], row["unit"]) for row in rows] == [
        (third, 2, "成都供电公司"),
        (second, 1, None),
        (first, 1, None),
    ]
    assert rows[2]["sha256"] == sha256(FIRST).hexdigest()
    assert (rows[2]["size_bytes"], rows[2]["media_type"], rows[2]["withdrawn_at"]) == (
        len(FIRST),
        "application/pdf",
        None,
    )
    assert list(ws.rotation.attachments("2026", version=2)["id"]) == [third]


def test_the_very_same_file_is_attached_once(published: PlanYear) -> None:
    ws = published.ws
    first = ws.rotation.attach("2026", 1, ("签字.pdf", FIRST))
    with pytest.raises(Duplicate, match="又名"):
        ws.rotation.attach("2026", 1, ("又名.pdf", FIRST))
    ws.rotation.withdraw(first)
    assert ws.rotation.attach("2026", 1, ("签字.pdf", FIRST)) != first


def test_what_cannot_be_attached_is_refused_and_nothing_is_kept(published: PlanYear) -> None:
    ws = published.ws
    refused: tuple[tuple[type[Exception], Callable[[], object]], ...] = (
        (NotFound, lambda: ws.rotation.attach("2026", 3, ("签字.pdf", FIRST))),
        (NotFound, lambda: ws.rotation.attach("2031", 1, ("签字.pdf", FIRST))),
        (NotFound, lambda: ws.rotation.attach("2026", 1, ("签字.pdf", FIRST), unit=999)),
        (BadFile, lambda: ws.rotation.attach("2026", 1, ("签字.pdf", b"MZ program"))),
    )
    for error, attempt in refused:
        with pytest.raises(error):
            attempt()
    assert listed(ws) == []


def test_the_largest_size_is_a_setting(published: PlanYear) -> None:
    large = FIRST[:9] + b" " * 1_000_000 + b"%%EOF"
    small = published.ws.settings.model_copy(update={"scan_max_mb": 1})
    with pytest.raises(BadFile, match="1 MB"):
        open_workspace(small).rotation.attach("2026", 1, ("签字.pdf", large))
    kept = published.ws.rotation.attach("2026", 1, ("签字.pdf", large))
    assert published.ws.rotation.attachment(kept).content == large


def test_a_withdrawn_scan_is_gone_and_its_record_stays(published: PlanYear) -> None:
    ws = published.ws
    kept = ws.rotation.attach("2026", 1, ("签字.pdf", FIRST))
    ws.rotation.withdraw(kept)
    (row,) = listed(ws)
    assert row["withdrawn_at"] is not None
    assert (row["withdrawn_by"], row["sha256"]) == ("system", sha256(FIRST).hexdigest())
    for attempt in (ws.rotation.attachment, ws.rotation.withdraw):
        with pytest.raises(NotFound, match="撤回"):
            attempt(kept)


def test_the_trail_tells_who_attached_and_withdrew_what_and_holds_no_content(published: PlanYear) -> None:
    hr = published.as_role("hr-here", Role.HR, unit_id=published.units[1])
    hr.rotation.withdraw(hr.rotation.attach("2026", 1, ("签字.pdf", FIRST)))
    rows = records(published.ws.audit.page(AuditQuery(verbs=("rotation.attach", "rotation.withdraw"))).rows)
    assert [(row["actor"], row["verb"]) for row in rows] == [
        ("hr-here", "rotation.withdraw"),
        ("hr-here", "rotation.attach"),
    ]
    assert "first" not in repr(rows)


def test_a_units_coordinator_has_the_own_units_scans_alone(published: PlanYear) -> None:
    ws, units = published.ws, published.units
    here = published.as_role("hr-here", Role.HR, unit_id=units[1])
    own = here.rotation.attach("2026", 1, ("签字.pdf", FIRST))
    whole = ws.rotation.attach("2026", 1, ("全省.pdf", FIRST))
    there = ws.rotation.attach("2026", 1, ("绵阳.pdf", FIRST), unit=units[2])
    assert [(row["id"], row["unit"]) for row in listed(here)] == [(own, "成都供电公司")]
    assert {row["id"] for row in listed(ws)} == {own, whole, there}
    for other in (whole, there):
        for attempt in (here.rotation.attachment, here.rotation.withdraw):
            with pytest.raises(NotFound):
                attempt(other)
    with pytest.raises(Forbidden):
        here.rotation.attach("2026", 1, ("签字.pdf", SECOND), unit=units[2])
    assert len(listed(ws)) == 3


def test_no_other_role_has_to_do_with_scans(published: PlanYear) -> None:
    kept = published.ws.rotation.attach("2026", 1, ("签字.pdf", FIRST))
    member = {"person_id": published.members["a"][0]}
    body = {"party_body_id": published.bodies[1]}
    scopes = {Role.CAPTAIN: {"team_id": published.teams["a"]}, Role.MENTOR: member, Role.CONTACT: member}
    scopes |= {Role.TRAINEE: {"person_id": published.people["甲一"]}, Role.SECRETARY: body, Role.ORGANISER: body}
    for role in sorted(set(Role) - {Role.HR}):
        ws = published.as_role(role.value, role, **scopes.get(role, {}))
        for attempt in (
            lambda ws: ws.rotation.attach("2026", 1, ("签字.pdf", SECOND)),
            lambda ws: ws.rotation.attachments("2026"),
            lambda ws: ws.rotation.attachment(kept),
            lambda ws: ws.rotation.withdraw(kept),
        ):
            with pytest.raises(Forbidden):
                attempt(ws)


def test_new_keys_leave_scans_as_they_are(published: PlanYear) -> None:
    ws = published.ws
    kept = ws.rotation.attach("2026", 1, ("签字.pdf", FIRST))
    ws.keys.rotate()
    ws.keys.forget("k1")
    assert ws.rotation.attachment(kept).content == FIRST
