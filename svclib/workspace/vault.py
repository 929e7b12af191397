"""Protected fields: encryption, search index, masks; and the seals of the trail.

Ciphertext carries the id of its key, so that keys can be rotated. The keys themselves: `svclib.workspace.keys`.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from svclib.errors import DatabaseState
from svclib.i18n import gettext as _
from svclib.workspace.keys import Keys, create_keys, read_keys

PROTECTED = ("id_number", "phone", "address")
SEALED: Mapping[str, tuple[str, ...]] = {
    "person": PROTECTED,
    "rotation_pair": ("reason",),
    "absence": ("reason",),
    "rotation_request": ("reason", "answer"),
}
"""Table → the columns that hold ciphertext."""
CIPHERED = frozenset(field for fields in SEALED.values() for field in fields)
"""Fields that hold ciphertext in some table; no table has one of this name in clear."""
_NONCE_BYTES = 12


class Vault:
    """Encrypt, decrypt and index protected fields, and seal the trail, with the keys of one file."""

    def __init__(self, keys: Keys, path: Path) -> None:
        self._path = path
        self._take(keys)

    @classmethod
    def open(cls, path: Path) -> Vault:
        """Read the keys. Raises DatabaseState when the file is missing, damaged or older than this program."""
        return cls(read_keys(path), path)

    @staticmethod
    def create(path: Path) -> None:
        """Write new keys to a file that only its owner can read; an existing file is left as it is."""
        create_keys(path)

    def _take(self, keys: Keys) -> None:
        if keys.audit is None:
            raise DatabaseState(
                _("The key file {path} is of an older version of this program. Complete it with: svc init").format(
                    path=self._path
                )
            )
        self.keys = keys
        self._ciphers = {name: AESGCM(key) for name, key in keys.encryption.items()}
        self._audit = keys.audit

    def refresh(self) -> None:
        """Read the keys anew: another process may have rotated them. To be called by a writer that is in its turn."""
        keys = read_keys(self._path)
        if keys != self.keys:
            self._take(keys)

    def seal(self, text: str) -> str:
        """The seal (HMAC-SHA256, 64 hexadecimal digits) of a text by the audit key."""
        return hmac.digest(self._audit, text.encode(), "sha256").hex()

    def encrypt(self, field: str, value: str | None) -> str | None:
        """Ciphertext of a value; the field's name is bound in, so that a phone cannot be passed off as an address."""
        if value is None:
            return None
        return self._sealed(field, value, secrets.token_bytes(_NONCE_BYTES))

    def _sealed(self, field: str, value: str, nonce: bytes) -> str:
        current = self.keys.current
        sealed = self._ciphers[current].encrypt(nonce, value.encode(), field.encode())
        return f"{current}:{base64.b64encode(nonce + sealed).decode()}"

    def opens(self, sealed: str | None) -> bool:
        """Whether the key of a ciphertext is still there: old keys may have been forgotten on purpose."""
        return sealed is None or sealed.partition(":")[0] in self._ciphers

    def encrypt_anew(self, field: str, sealed: str | None) -> str | None:
        """The same value under the current key; equal ciphertexts give equal ones, so that equal rows stay equal."""
        if sealed is None or sealed.startswith(f"{self.keys.current}:"):
            return sealed
        value = self.decrypt(field, sealed)
        # A nonce is never used for two values: it is made of the old ciphertext, which stands for one.
        current = self.keys.current
        nonce = hmac.digest(self.keys.encryption[current], f"nonce {sealed}".encode(), "sha256")[:_NONCE_BYTES]
        return self._sealed(field, value or "", nonce)

    def decrypt(self, field: str, sealed: str | None) -> str | None:
        """The value behind a ciphertext. Raises DatabaseState when the keys do not fit it."""
        if sealed is None:
            return None
        name, _colon, body = sealed.partition(":")
        if name not in self._ciphers:
            self.refresh()
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
        return hmac.new(self.keys.search, value.encode(), hashlib.sha256).hexdigest()


def mask(field: str, value: str | None) -> str | None:
    """What a screen may show of a protected value: 138****5678, 5101**********1234, an address up to its district."""
    if value is None:
        return None
    if field not in PROTECTED:
        return "****"
    if field == "address":
        return value[:6] + "****"
    keep = 3 if field == "phone" else 4
    if len(value) < keep + 6:
        return "*" * len(value)
    return value[:keep] + "*" * (len(value) - keep - 4) + value[-4:]
