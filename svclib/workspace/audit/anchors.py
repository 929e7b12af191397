"""Anchors: number and seal of the trail's last row, noted in a file outside the database.

Whoever holds the database alone can cut the trail's end off, and nothing in it would tell. The file tells, up to its
last line; so it belongs where the database's keeper cannot write. Each line is sealed, together with the line before.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Literal, get_args
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from svclib.errors import DatabaseState
from svclib.i18n import gettext as _
from svclib.models import AuditHead, table
from svclib.settings import Settings
from svclib.workspace.engine import make_engine
from svclib.workspace.vault import Vault

_HEAD = table(AuditHead)
Kind = Literal["anchor", "verified", "begin", "restore"]
"""anchor: noted daily and at a backup; verified: the whole trail was found whole up to here; begin: a new database;
restore: a backup was put back. The last two end what earlier lines say about rows after their number."""


@dataclass(frozen=True)
class Anchor:
    """One line: the trail ended with this number and this seal at this moment (UTC)."""

    kind: Kind
    number: int
    mac: str
    at: datetime

    def written_out(self) -> str:
        return json.dumps([self.kind, self.number, self.mac, self.at.isoformat(timespec="microseconds")])


@dataclass(frozen=True)
class Anchors:
    """What the file says. `bad_line` is the first line (from 1) that was changed, moved or damaged."""

    lines: tuple[Anchor, ...] = ()
    bad_line: int | None = None

    @property
    def standing(self) -> list[Anchor]:
        """The lines that speak of the database as it is: not those that a new start or a restore has overtaken."""
        found: list[Anchor] = []
        for line in self.lines:
            if line.kind in {"begin", "restore"}:
                found = [one for one in found if one.number <= line.number]
            found.append(line)
        return found

    def up_to(self, number: int) -> Anchors:
        """Only the standing lines that speak of rows up to this one."""
        return Anchors(tuple(one for one in self.standing if one.number <= number), self.bad_line)

    def last(self, *kinds: Kind) -> Anchor | None:
        """The newest standing line, of these kinds if any are named."""
        return next((one for one in reversed(self.standing) if not kinds or one.kind in kinds), None)


def read_anchors(path: Path, vault: Vault) -> Anchors:
    """Read the file; nothing where there is none. Raises DatabaseState when it cannot be read."""
    try:
        text = path.read_text("utf-8", errors="replace")
    except FileNotFoundError:
        return Anchors()
    except OSError as error:
        raise _unusable(path) from error
    return _judged(text, vault)[0]


def write_anchor(settings: Settings, vault: Vault, kind: Kind, number: int, mac: str) -> Anchor:
    """Append one line and wait until it is on the disk. Raises DatabaseState when the file cannot be written."""
    path = settings.anchors
    try:
        with _alone(path) as file:
            text = file.read().decode("utf-8", errors="replace")
            anchor = Anchor(kind, number, mac, datetime.now(UTC))
            seal = _seal(vault, _judged(text, vault)[1], anchor)
            line = json.dumps([*json.loads(anchor.written_out()), seal])
            # A line that a failing machine left half written must not spoil the next one, too.
            file.write(f"{'' if not text or text.endswith(chr(10)) else chr(10)}{line}\n".encode())
            file.flush()
    except OSError as error:
        raise _unusable(path) from error
    return anchor


def head_of(connection: Connection) -> tuple[int, str]:
    """Number and seal of the last row."""
    head = connection.execute(select(_HEAD.c.number, _HEAD.c.mac).where(_HEAD.c.id == 1)).one()
    return int(head.number), str(head.mac)


def anchor_daily(settings: Settings) -> Anchor | None:
    """Note an anchor unless the office's day has one already; for the server to call now and then. Return the new one.

    Works as the machine itself, with neither account nor permission. Raises DatabaseState when the file or the keys
    cannot be used.
    """
    vault = Vault.open(settings.keys)
    zone = ZoneInfo(settings.timezone)
    last = read_anchors(settings.anchors, vault).last()
    if last is not None and last.at.astimezone(zone).date() == datetime.now(zone).date():
        return None
    engine = make_engine(settings.url)
    try:
        with engine.connect() as connection:
            return write_anchor(settings, vault, "anchor", *head_of(connection))
    finally:
        engine.dispose()


def _judged(text: str, vault: Vault) -> tuple[Anchors, str]:
    """The lines, and the seal that the next one follows: the last text in the place of a seal, be it right or not."""
    lines: list[Anchor] = []
    bad, previous = None, ""
    for place, line in enumerate(text.splitlines(), start=1):
        found = _parsed(line)
        if found is None:
            bad = bad or place
            continue
        anchor, seal = found
        if seal != _seal(vault, previous, anchor):
            bad = bad or place
        else:
            lines.append(anchor)
        previous = seal
    return Anchors(tuple(lines), bad), previous


def _parsed(line: str) -> tuple[Anchor, str] | None:
    try:
        kind, number, mac, at, seal = json.loads(line)
        anchor = Anchor(kind, number, mac, datetime.fromisoformat(at))
    except (ValueError, TypeError):
        return None
    fits = kind in get_args(Kind) and isinstance(number, int) and isinstance(mac, str) and isinstance(seal, str)
    return (anchor, seal) if fits and anchor.at.tzinfo is not None else None


def _seal(vault: Vault, previous: str, anchor: Anchor) -> str:
    # The word before it keeps an anchor's seal from being passed off as a row's.
    return vault.seal(f"anchor {previous}\n{anchor.written_out()}")


@contextmanager
def _alone(path: Path) -> Iterator[IO[bytes]]:
    """The file, open for reading and appending, with no other process at it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b") as file:
        path.chmod(0o600)
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        yield file
        os.fsync(file.fileno())


def _unusable(path: Path) -> DatabaseState:
    return DatabaseState(
        _("The anchor file {path} cannot be used. May this user read and write it? See SVC_ANCHOR_FILE.").format(
            path=path
        )
    )
