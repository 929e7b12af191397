"""Passwords are kept as argon2id hashes; what nobody is to know is drawn at random."""

from __future__ import annotations

import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from svclib.rules.passwords import normal

HASHER = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=4)
"""RFC 9106's second choice: 64 MiB. A hash made with other parameters is renewed at its owner's next login."""
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def hash_password(password: str) -> str:
    """The hash of a password, with a salt of its own; takes a tenth of a second by intention."""
    return HASHER.hash(normal(password))


def verified(password_hash: str | None, password: str) -> bool:
    """Whether the password is right; without a hash the same work is done, and it is not."""
    # Made for everybody: else the first unknown name of all would take twice as long.
    nobody = _nobody()
    try:
        HASHER.verify(password_hash or nobody, normal(password))
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


def renewed(password_hash: str, password: str) -> str | None:
    """A new hash where the parameters have changed since the old one was made, else None."""
    return hash_password(password) if HASHER.check_needs_rehash(password_hash) else None


def first_password() -> str:
    """A password to be passed on once: readable, without letters that look alike, 79 bits."""
    return "-".join("".join(secrets.choice(_LETTERS) for _letter in range(4)) for _group in range(4))


def new_token() -> str:
    """A token that nobody can guess: 256 bits, fit for a cookie."""
    return secrets.token_urlsafe(32)


@cache
def _nobody() -> str:
    return HASHER.hash(new_token())
