"""The chain of the trail: whatever is done to its rows past the program is found, and the first bad row is named."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select, text, update

from svclib import DatabaseState
from svclib.models import AuditHead, AuditRow, table
from svclib.workspace import Workspace, init_database, open_workspace
from svclib.workspace.audit import ChainCheck
from svclib.workspace.base import Area, Transaction, verb
from svclib.workspace.chain import FIELDS, chained, link, written_out
from svclib.workspace.vault import Vault
from tests.examples import examples

_AUDIT, _HEAD = table(AuditRow), table(AuditHead)
ROWS = 8
Rows = list[dict[str, Any]]


class Notes(Area):
    @verb("notes.write", writes=True)
    def write(self, tx: Transaction, *notes: dict[str, Any]) -> None:
        for number, note in enumerate(notes):
            tx.record(None, number, before=None if number % 2 else {"was": None}, after=note)


@pytest.fixture
def trail(ws: Workspace) -> Workspace:
    """A trail of ROWS rows in several transactions."""
    for number in range(ROWS // 2):
        Notes(ws).write({"n": number, "name": "王伟", "at": None}, {"n": number, "share": 0.1})
    return ws


def _rows(ws: Workspace) -> Rows:
    with ws.engine.connect() as connection:
        return [dict(row) for row in connection.execute(select(_AUDIT).order_by(_AUDIT.c.number)).mappings()]


def _put(ws: Workspace, rows: Rows, **head: Any) -> None:
    with ws.engine.begin() as connection:
        connection.execute(delete(_AUDIT))
        if rows:
            connection.execute(insert(_AUDIT), rows)
        if head:
            connection.execute(update(_HEAD).values(**head))


class Tampering:
    """A trail that can be tampered with: `check` puts other rows in its place, verifies, and puts it back."""

    def __init__(self, ws: Workspace) -> None:
        self.ws, self.rows = ws, _rows(ws)
        self.head = {"number": ROWS, "mac": self.rows[-1]["mac"]}

    def copy(self) -> Rows:
        return [dict(row) for row in self.rows]

    def check(self, rows: Rows, **head: Any) -> ChainCheck:
        _put(self.ws, rows, **(self.head | head))
        found = self.ws.audit.verify()
        _put(self.ws, self.rows, **self.head)
        return found


@pytest.fixture
def tampering(trail: Workspace) -> Tampering:
    """A trail with an anchor at its end."""
    trail.audit.anchor()
    return Tampering(trail)


# What a row can hold comes back from the database as it was sealed -----------------------------------------------

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
leaves = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts
)
notes = st.dictionaries(texts, leaves | st.lists(leaves, max_size=3) | st.dictionaries(texts, leaves, max_size=3))
several, few = (
    hypothesis_settings(max_examples=examples(count), suppress_health_check=[HealthCheck.function_scoped_fixture])
    for count in (15, 3)
)


@several
@given(written=st.lists(notes, min_size=1, max_size=5))
def test_whatever_a_row_holds_it_is_found_as_it_was_sealed(ws: Workspace, written: list[dict[str, Any]]) -> None:
    Notes(ws).write(*written)
    found = ws.audit.verify()
    assert found.whole, found.sentence


def test_moments_of_every_precision_are_sealed_alike(ws: Workspace) -> None:
    for micros in (0, 5, 500_000, 999_999):
        at = datetime(2026, 8, 20, 10, 11, 12, micros, tzinfo=UTC)
        with ws.transaction("notes.write", writes=True) as tx:
            tx.now = at
            tx.record(None, None, after={"on": at})
    assert ws.audit.verify().whole


def test_nothing_and_a_missing_key_are_two_things(ws: Workspace) -> None:
    Notes(ws).write({"note": None}, {})
    with_none, without = _rows(ws)
    assert written_out(with_none | {"after": {}}) != written_out(with_none)
    assert (with_none["after"], without["after"]) == ({"note": None}, {})


def test_a_moment_is_sealed_as_the_same_moment_in_every_zone(ws: Workspace) -> None:
    Notes(ws).write({})
    (row,) = _rows(ws)
    elsewhere = row | {"at": row["at"].astimezone(ZoneInfo("Asia/Shanghai"))}
    assert written_out(elsewhere) == written_out(row)


def test_an_untouched_trail_is_whole_and_the_check_says_how_far_it_can_tell(trail: Workspace) -> None:
    first = trail.audit.verify()
    assert (first.whole, first.rows, first.number, first.anchored) == (True, ROWS, None, 0)
    assert "没有锚点" in first.sentence
    again = trail.audit.verify()
    assert again.anchored == ROWS
    assert f"第 {ROWS} 行" in again.sentence


def test_an_empty_trail_is_whole(ws: Workspace) -> None:
    assert ws.audit.verify().whole


# What an intruder with the database but without the key can do ---------------------------------------------------

OTHER: dict[str, st.SearchStrategy[Any]] = {
    "at": st.timedeltas(min_value=timedelta(microseconds=1), max_value=timedelta(days=900)),
    "actor": st.text("abcdef王", min_size=1, max_size=8),
    "origin": st.text("0123456789.", min_size=1, max_size=8),
    "verb": st.text("abcdef.", min_size=1, max_size=8),
    "table_name": st.none() | st.text("abcdef", min_size=1, max_size=8),
    "row_id": st.none() | st.integers(0, 9999),
    "before": st.none() | notes,
    "after": st.none() | notes,
    "mac": st.text("0123456789abcdef", min_size=64, max_size=64),
}


numbers = st.integers(1, ROWS)


def test_every_column_of_the_trail_is_tampered_with_here() -> None:
    assert OTHER.keys() | {"number"} == set(table(AuditRow).c.keys())


# Each column in turn: left to chance, one that is not sealed would be found on some days and not on others.
@pytest.mark.parametrize("column", sorted(OTHER))
@few
@given(data=st.data(), number=numbers)
def test_any_changed_column_of_any_row_is_found(
    tampering: Tampering, data: st.DataObject, number: int, column: str
) -> None:
    rows = tampering.copy()
    row = rows[number - 1]
    value = data.draw(OTHER[column].filter(lambda other: other != row[column]))
    row[column] = row["at"] + value if column == "at" else value
    found = tampering.check(rows)
    assert found.number == number
    # No row follows the last one, to vouch for its seal.
    assert found.fault == ("changed" if column != "mac" and number < ROWS else "replaced")


@several
@given(gone=st.sets(numbers, min_size=1), renumbered=st.booleans(), head=st.booleans())
def test_removed_rows_are_found_whatever_is_done_to_numbers_and_head(
    tampering: Tampering, gone: set[int], renumbered: bool, head: bool
) -> None:
    rows = [row for row in tampering.copy() if row["number"] not in gone]
    if renumbered:
        rows = [row | {"number": number} for number, row in enumerate(rows, start=1)]
    last = {"number": rows[-1]["number"], "mac": rows[-1]["mac"]} if rows else {"number": 0, "mac": ""}
    assert tampering.check(rows, **(last if head else {})).number == min(gone)


@several
@given(pair=st.sets(numbers, min_size=2, max_size=2), seals_too=st.booleans())
def test_rows_that_changed_places_are_found(tampering: Tampering, pair: set[int], seals_too: bool) -> None:
    rows = tampering.copy()
    first, second = sorted(pair)
    one, other = rows[first - 1], rows[second - 1]
    for name in (*FIELDS[1:], *(["mac"] if seals_too else [])):
        one[name], other[name] = other[name], one[name]
    assert tampering.check(rows).number == first


@several
@given(place=st.integers(1, ROWS + 1), like=numbers, head=st.booleans())
def test_a_row_put_in_is_found(tampering: Tampering, place: int, like: int, head: bool) -> None:
    rows = tampering.copy()
    rows.insert(place - 1, dict(rows[like - 1]))
    rows = [row | {"number": number} for number, row in enumerate(rows, start=1)]
    last = {"number": ROWS + 1, "mac": rows[-1]["mac"]} if head else {}
    found = tampering.check(rows, **last)
    # A copy of the very row that stood here is that row: the first wrong one is what follows.
    assert found.number == (place + 1 if like == place else place)


@several
@given(start=numbers)
def test_a_trail_sealed_anew_with_another_key_is_found(
    tampering: Tampering, tmp_path_factory: pytest.TempPathFactory, start: int
) -> None:
    path = tmp_path_factory.mktemp("other") / "secret.json"
    Vault.create(path)
    rows = tampering.copy()
    before = rows[start - 2]["mac"] if start > 1 else ""
    rows = rows[: start - 1] + chained(Vault.open(path), start - 1, before, rows[start - 1 :])
    assert tampering.check(rows, mac=rows[-1]["mac"]).number == start


@pytest.mark.parametrize("number", [1, 4, ROWS])
def test_even_who_holds_the_key_cannot_rewrite_what_was_anchored(tampering: Tampering, number: int) -> None:
    rows = tampering.copy()
    rows[number - 1]["actor"] = "somebody else"
    before = rows[number - 2]["mac"] if number > 1 else ""
    rows = rows[: number - 1] + chained(tampering.ws.vault, number - 1, before, rows[number - 1 :])
    found = tampering.check(rows, mac=rows[-1]["mac"])
    assert (found.fault, found.number) == ("rewritten", ROWS)


@pytest.mark.parametrize("head", [{"number": ROWS - 1}, {"number": ROWS + 3}, {"mac": "0" * 64}])
def test_a_changed_head_is_found(tampering: Tampering, head: dict[str, Any]) -> None:
    found = tampering.check(tampering.copy(), **head)
    assert not found.whole
    assert found.number == {ROWS - 1: ROWS, ROWS + 3: ROWS + 1}.get(head.get("number", 0), ROWS)


def test_a_missing_head_is_found(trail: Workspace) -> None:
    with trail.engine.begin() as connection:
        connection.execute(delete(_HEAD))
    assert trail.audit.verify().fault == "head"


def test_what_no_row_can_hold_is_found_and_not_stumbled_over(trail: Workspace) -> None:
    if trail.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL's types keep such values out by themselves.")
    for number, change in enumerate(["at = 'yesterday'", "after = '{'", "actor = x'ff00'", "row_id = 'x'"], start=1):
        with trail.engine.begin() as connection:
            kept = connection.execute(
                text("SELECT at, after, actor, row_id FROM audit_row WHERE number = :n"), {"n": number}
            )
            values = dict(kept.mappings().one())
            connection.execute(text(f"UPDATE audit_row SET {change} WHERE number = :n"), {"n": number})
        assert trail.audit.verify().number == number
        with trail.engine.begin() as connection:
            back = "UPDATE audit_row SET at = :at, after = :after, actor = :actor, row_id = :row_id WHERE number = :n"
            connection.execute(text(back), values | {"n": number})
    assert trail.audit.verify().whole


def test_an_end_cut_off_is_found_up_to_the_last_anchor_and_no_further(trail: Workspace) -> None:
    trail.audit.anchor()
    Notes(trail).write({}, {}, {})
    rows = _rows(trail)
    _put(trail, rows[: ROWS + 1], number=ROWS + 1, mac=rows[ROWS]["mac"])
    unnoticed = trail.audit.verify()
    assert unnoticed.whole
    assert unnoticed.anchored == ROWS
    _put(trail, rows[: ROWS - 1], number=ROWS - 1, mac=rows[ROWS - 2]["mac"])
    found = trail.audit.verify()
    assert (found.fault, found.number) == ("cut", ROWS)


def test_a_broken_trail_is_not_noted_as_whole(tampering: Tampering) -> None:
    before = tampering.ws.settings.anchors.read_text()
    assert not tampering.check(tampering.copy()[1:]).remembered
    assert tampering.ws.settings.anchors.read_text() == before


# A database of before -----------------------------------------------------------------------------------------------


def test_an_upgrade_seals_the_trail_that_is_there_and_says_so_in_it(trail: Workspace) -> None:
    """As `svc init` finds it after the migration: rows without seals, a key file without an audit key."""
    rows = [row | {"mac": "", "origin": ""} for row in _rows(trail)]
    _put(trail, rows, mac="")
    content = json.loads(trail.settings.keys.read_text())
    del content["audit"]
    trail.settings.keys.write_text(json.dumps(content))
    with pytest.raises(DatabaseState, match="svc init"):
        open_workspace(trail.settings)
    init_database(trail.settings)
    upgraded = open_workspace(trail.settings)
    found = upgraded.audit.verify()
    assert (found.whole, found.rows, found.anchored) == (True, ROWS + 1, ROWS + 1)
    told = _rows(upgraded)[-1]
    assert (told["verb"], told["after"]) == ("audit.seal", {"rows": ROWS})
    kept = json.loads(trail.settings.keys.read_text())
    init_database(trail.settings)
    assert json.loads(trail.settings.keys.read_text()) == kept
    assert _rows(upgraded)[-1] == told
    Notes(upgraded).write({})
    assert upgraded.audit.verify().whole
    upgraded.close()


def test_a_sealed_trail_is_never_sealed_with_another_key(trail: Workspace) -> None:
    content = json.loads(trail.settings.keys.read_text())
    del content["audit"]
    trail.settings.keys.write_text(json.dumps(content))
    with pytest.raises(DatabaseState, match="密钥"):
        init_database(trail.settings)
    assert "audit" not in json.loads(trail.settings.keys.read_text())


def test_a_thousand_rows_in_one_transaction_are_chained(ws: Workspace) -> None:
    Notes(ws).write(*({"n": number} for number in range(1_000)))
    rows = _rows(ws)
    assert [row["number"] for row in rows] == list(range(1, 1_001))
    assert rows[-1]["mac"] == link(ws.vault, rows[-2]["mac"], rows[-1])
    assert ws.audit.verify().whole
