"""Protected fields: encryption, search index and masks.

Two separate keys, made by `svc init` and `svc demo` only: one encrypts, one makes the index by which an ID number is
found again. Ciphertext carries the id of its key, so that keys can be rotated.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from svclib.errors import DatabaseState
from svclib.i18n import gettext as _

PROTECTED = ("id_number", "phone", "address")
_NONCE_BYTES = 12


class Vault:
    """Encrypt, decrypt and index protected fields with the keys of one file."""

    def __init__(self, keys: dict[str, str], current: str, search: str) -> None:
        self._ciphers = {name: AESGCM(base64.b64decode(key)) for name, key in keys.items()}
        self._current = current
        self._search = base64.b64decode(search)

    @classmethod
    def open(cls, path: Path) -> Vault:
        """Read the keys. Raises DatabaseState when the file is missing or damaged: it is never made on the way."""
        try:
            content = json.loads(path.read_text("utf-8"))
            return cls(content["encryption"], content["current"], content["search"])
        except FileNotFoundError as error:
            raise DatabaseState(
                _(
                    "The key file {path} is missing. Put it back from where you keep it; for a new start run: svc init"
                ).format(path=path)
            ) from error
        except (ValueError, KeyError, TypeError) as error:
            raise DatabaseState(_("The key file {path} is damaged.").format(path=path)) from error

    @staticmethod
    def create(path: Path) -> None:
        """Write new keys to a file that only its owner can read; an existing file is left as it is."""
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = {
            "current": "k1",
            "encryption": {"k1": base64.b64encode(secrets.token_bytes(32)).decode()},
            "search": base64.b64encode(secrets.token_bytes(32)).decode(),
        }
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(fresh, file, indent=1)

    def encrypt(self, field: str, value: str | None) -> str | None:
        """Ciphertext of a value; the field's name is bound in, so that a phone cannot be passed off as an address."""
        if value is None:
            return None
        nonce = secrets.token_bytes(_NONCE_BYTES)
        sealed = self._ciphers[self._current].encrypt(nonce, value.encode(), field.encode())
        return f"{self._current}:{base64.b64encode(nonce + sealed).decode()}"

    def decrypt(self, field: str, sealed: str | None) -> str | None:
        """The value behind a ciphertext. Raises DatabaseState when the keys do not fit it."""
        if sealed is None:
            return None
        name, _colon, body = sealed.partition(":")
        try:
            raw = base64.b64decode(body)
            return self._ciphers[name].decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], field.encode()).decode()
        except (KeyError, InvalidTag, ValueError) as error:
            raise DatabaseState(
                _("A protected field does not open with the keys in use. Is it the right key file for this database?")
            ) from error

    def index(self, value: str | None) -> str | None:
        """A keyed fingerprint by which an ID number is found without storing it."""
        if value is None:
            return None
        return hmac.new(self._search, value.encode(), hashlib.sha256).hexdigest()


def mask(field: str, value: str | None) -> str | None:
    """What a screen may show of a protected value: 138****5678, 5101**********1234, an address up to its district."""
    if value is None:
        return None
    if field == "address":
        return value[:6] + "****"
    keep = 3 if field == "phone" else 4
    if len(value) < keep + 6:
        return "*" * len(value)
    return value[:keep] + "*" * (len(value) - keep - 4) + value[-4:]
