"""A backup's file: a zip with a file for each table and a sealed manifest. It never holds a key.

Each line of a table's file is a JSON list of rows, each row a list of its values, bytes in base 64. The same
file serves both engines. The manifest names the revision, the fingerprints of the keys that the content needs, and for
each table its columns, its number of rows and the SHA-256 of its lines; its seal (HMAC by the audit key) tells a file
that was changed since.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import secrets
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import LargeBinary, Table

from svclib.errors import BadFile, DatabaseState, Duplicate
from svclib.i18n import gettext as _
from svclib.workspace.vault import Vault

FORMAT = 1
_MANIFEST = "manifest.json"
_PACKING = 3
ROWS_A_LINE = 500
Row = Sequence[Any]


@dataclass(frozen=True)
class Part:
    """One table: its columns in the order of each line, how many rows, and the fingerprint of all lines."""

    columns: tuple[str, ...]
    rows: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What a backup holds and what it needs."""

    format: int
    revision: str
    made_at: str
    keys: Mapping[str, str]
    left_out: tuple[str, ...]
    tables: Mapping[str, Part]

    @property
    def rows(self) -> int:
        return sum(part.rows for part in self.tables.values())

    def written_out(self) -> str:
        return json.dumps(asdict(self), sort_keys=True)


class Writer:
    """An archive while it is written."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._parts: dict[str, Part] = {}

    def table(self, name: str, columns: Sequence[str], rows: Iterable[Row], *, rows_a_line: int = ROWS_A_LINE) -> int:
        """Write a table's rows, values in the order of the columns. Return how many there were."""
        encode = json.JSONEncoder(default=_plain, separators=(",", ":")).encode
        sums, count, coming = hashlib.sha256(), 0, iter(rows)
        with self._archive.open(_place(name), "w", force_zip64=True) as file:
            while batch := [tuple(row) for row in islice(coming, rows_a_line)]:
                line = encode(batch).encode() + b"\n"
                sums.update(line)
                file.write(line)
                count += len(batch)
        self._parts[name] = Part(tuple(columns), count, sums.hexdigest())
        return count

    def finish(self, vault: Vault, revision: str, left_out: Sequence[str]) -> Manifest:
        """Write the manifest of what was written."""
        made_at = datetime.now(UTC).isoformat()
        needed = vault.keys.fingerprints()
        manifest = Manifest(FORMAT, revision, made_at, needed, tuple(left_out), self._parts)
        text = manifest.written_out()
        self._archive.writestr(
            _MANIFEST, json.dumps({"manifest": json.loads(text), "seal": _seal(vault, text)}, indent=1)
        )
        return manifest


class Archive:
    """An archive to read. Everything read is judged by the manifest."""

    def __init__(self, archive: zipfile.ZipFile, path: Path) -> None:
        self._archive = archive
        self._path = path
        try:
            content = json.loads(archive.read(_MANIFEST))
            told = content["manifest"]
            self.seal = str(content["seal"])
            parts = {
                name: Part(tuple(one["columns"]), one["rows"], one["sha256"]) for name, one in told["tables"].items()
            }
            self.manifest = Manifest(
                told["format"], told["revision"], told["made_at"], told["keys"], tuple(told["left_out"]), parts
            )
        except (KeyError, ValueError, TypeError, AttributeError, zipfile.BadZipFile, zlib.error, OSError) as error:
            raise self._damaged() from error

    def require(self, vault: Vault) -> None:
        """Raise DatabaseState unless the content needs the keys in use, BadFile for a manifest changed since."""
        if self.manifest.format != FORMAT:
            raise BadFile(_("{path} was written by a newer version of this program.").format(path=self._path))
        here = vault.keys.fingerprints()
        other = sorted(name for name, told in self.manifest.keys.items() if here.get(name) != told)
        if other:
            raise DatabaseState(
                _(
                    "The backup was made with other keys than those in the key file ({names}). Put the key file of "
                    "that time in place; nothing was changed."
                ).format(names="、".join(other))
            )
        if self.seal != _seal(vault, self.manifest.written_out()):
            raise self._damaged()

    def rows(self, name: str) -> Iterator[list[Any]]:
        """The rows of a table. Raises BadFile, at the end, when they are not those that were written."""
        for line in self._lines(name):
            yield from json.loads(line)

    def check(self, name: str) -> None:
        """Raise BadFile unless the table's rows are those that were written."""
        for _line in self._lines(name):
            pass

    def _lines(self, name: str) -> Iterator[bytes]:
        sums = hashlib.sha256()
        try:
            with self._archive.open(_place(name)) as file:
                for line in file:
                    sums.update(line)
                    yield line
        except (KeyError, EOFError, zipfile.BadZipFile, zlib.error, OSError) as error:
            raise self._damaged() from error
        if sums.hexdigest() != self.manifest.tables[name].sha256:
            raise self._damaged()

    def dicts(self, name: str) -> Iterator[dict[str, Any]]:
        """The same rows by column name."""
        columns = self.manifest.tables[name].columns
        return (dict(zip(columns, row, strict=True)) for row in self.rows(name))

    def _damaged(self) -> BadFile:
        return BadFile(
            _(
                "The backup {path} is damaged or was changed since it was written. Use another one; nothing was "
                "changed."
            ).format(path=self._path)
        )


@contextmanager
def writing(path: Path, check: Callable[[Path], None]) -> Iterator[Writer]:
    """An archive that appears under its name only when it is written, checked by `check` and on the disk.

    Raises Duplicate when there is such a file already, BadFile when it cannot be written.
    """
    if path.exists():
        raise Duplicate(_("There is a file {path} already. Name another one.").format(path=path))
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        # Readable by its owner alone: names and party matters stand in it in clear.
        handle = os.open(beside, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w+b") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=_PACKING) as archive:
                yield Writer(archive)
            file.flush()
            os.fsync(file.fileno())
        check(beside)
        beside.rename(path)
    except OSError as error:
        raise BadFile(
            _("The backup {path} cannot be written: {reason}").format(path=path, reason=error.strerror or error)
        ) from error
    finally:
        beside.unlink(missing_ok=True)


@contextmanager
def reading(path: Path) -> Iterator[Archive]:
    """An archive to read. Raises BadFile when it is none, or damaged."""
    try:
        archive = zipfile.ZipFile(path)
    except FileNotFoundError as error:
        raise BadFile(_("There is no file {path}.").format(path=path)) from error
    except (zipfile.BadZipFile, OSError) as error:
        raise BadFile(_("{path} is no backup of this program.").format(path=path)) from error
    with archive:
        yield Archive(archive, path)


def holds_files(place: Table) -> bool:
    """Whether rows of this table may be megabytes each: they go and come one by one."""
    return any(isinstance(column.type, LargeBinary) for column in place.columns)


def _place(name: str) -> str:
    return f"tables/{name}.jsonl"


def _seal(vault: Vault, text: str) -> str:
    # The word before it keeps a manifest's seal from being passed off as a row's of the trail.
    return vault.seal(f"backup\n{text}")


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    raise TypeError(f"{type(value).__name__} is in no table")
