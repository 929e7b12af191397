"""The key file: made by `svc init` and `svc demo` only, outside the database, readable by its owner alone.

Three kinds of keys, each for one thing: encryption keys by id, of which one is current; a search key, by which an ID
number is found again; an audit key, which seals the trail. A file of before the trail was sealed has no audit key yet.
"""

from __future__ import annotations

import base64
import hmac
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from svclib.errors import DatabaseState
from svclib.i18n import gettext as _

KEY_BYTES = 32


@dataclass(frozen=True)
class Keys:
    """What a key file holds. `audit` is None in a file of before the trail was sealed."""

    current: str
    encryption: Mapping[str, bytes]
    search: bytes
    audit: bytes | None

    def fingerprints(self) -> dict[str, str]:
        """A name for each key that tells nothing of it: encryption/k1, search, audit."""
        named = {f"encryption/{name}": key for name, key in self.encryption.items()}
        named |= {"search": self.search} | ({} if self.audit is None else {"audit": self.audit})
        return {name: hmac.digest(key, f"svclib {name}".encode(), "sha256").hex()[:16] for name, key in named.items()}

    def with_audit(self) -> Keys:
        """The same keys and a new audit key."""
        return replace(self, audit=secrets.token_bytes(KEY_BYTES))

    def rotated(self) -> Keys:
        """The same keys and a new, current encryption key, numbered on."""
        name = f"k{1 + max(int(one.removeprefix('k')) for one in self.encryption)}"
        return replace(self, current=name, encryption={**self.encryption, name: secrets.token_bytes(KEY_BYTES)})

    def without(self, name: str) -> Keys:
        """The same keys without an encryption key that is no longer current."""
        return replace(self, encryption={one: key for one, key in self.encryption.items() if one != name})


def new_keys() -> Keys:
    """Fresh keys of all kinds."""
    return Keys(
        "k1", {"k1": secrets.token_bytes(KEY_BYTES)}, secrets.token_bytes(KEY_BYTES), secrets.token_bytes(KEY_BYTES)
    )


def read_keys(path: Path) -> Keys:
    """Read a key file. Raises DatabaseState when it is missing or damaged: it is never made on the way."""
    try:
        content = json.loads(path.read_text("utf-8"))
        encryption = {str(name): _key(text) for name, text in content["encryption"].items()}
        audit = content.get("audit")
        keys = Keys(content["current"], encryption, _key(content["search"]), None if audit is None else _key(audit))
        if keys.current not in encryption:
            raise KeyError(keys.current)
        return keys
    except FileNotFoundError as error:
        raise DatabaseState(
            _(
                "The key file {path} is missing. Put it back from where you keep it; for a new start run: svc init"
            ).format(path=path)
        ) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DatabaseState(_("The key file {path} is damaged.").format(path=path)) from error


def create_keys(path: Path) -> None:
    """Write a file of new keys that only its owner can read; an existing file is left as it is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        _write(path, new_keys())
    except FileExistsError:
        return


def replace_keys(path: Path, keys: Keys) -> None:
    """Put these keys in the place of a key file: a machine that fails meanwhile leaves the old file or the new one."""
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        _write(beside, keys)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _write(path: Path, keys: Keys) -> None:
    content: dict[str, object] = {
        "current": keys.current,
        "encryption": {name: _text(key) for name, key in keys.encryption.items()},
        "search": _text(keys.search),
    }
    if keys.audit is not None:
        content["audit"] = _text(keys.audit)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(content, file, indent=1)
        file.flush()
        os.fsync(file.fileno())


def _key(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


def _text(key: bytes) -> str:
    return base64.b64encode(key).decode()
