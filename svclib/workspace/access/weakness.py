"""The rule for new passwords, with what is known of their owner."""

from __future__ import annotations

from svclib.errors import RuleBroken
from svclib.rules.passwords import password_fault
from svclib.workspace.base import Transaction
from svclib.workspace.register.names import name_keys


def refuse_weak(tx: Transaction, password: str, *, username: str, display_name: str) -> None:
    """Raise RuleBroken for a password that the rules refuse."""
    sound, initials = name_keys(display_name)
    names = (display_name, sound.replace(" ", ""), initials)
    fault = password_fault(password, length_min=tx.settings.password_length_min, username=username, names=names)
    if fault:
        raise RuleBroken(fault, field="password")
