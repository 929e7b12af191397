"""A new encryption key: everything that lives is encrypted anew, in batches, while others go on writing.

The trail is sealed and stays as it was written: its ciphertext goes on needing the old keys, which therefore stay in
the key file until they are forgotten on purpose. The search key and the audit key are not rotated: an index made by
another search key finds nothing, and a trail sealed by another audit key is no trail.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, Table, bindparam, func, not_, or_, select, update

from svclib.errors import RuleBroken
from svclib.i18n import gettext as _
from svclib.models import Absence, AuditRow, Draft, ImportChange, Person, RotationPair, RotationRequest, table
from svclib.workspace.base import Area, Transaction, verb
from svclib.workspace.drafts import FIELD as DRAFT_FIELD
from svclib.workspace.keys import read_keys, replace_keys
from svclib.workspace.vault import CIPHERED, SEALED

Progress = Callable[[int, int], None]
_PERSON, _CHANGE, _DRAFT, _AUDIT = table(Person), table(ImportChange), table(Draft), table(AuditRow)
_REASONED = tuple(table(model) for model in (RotationPair, Absence, RotationRequest))
_SEALED = {place: SEALED[place.name] for place in (_PERSON, *_REASONED)}
_AT_ONCE = 1_000
_IMPORTED = (_PERSON.name, table(RotationRequest).name)
"""Tables with ciphertext that imports write."""


@dataclass(frozen=True)
class RotationDone:
    """A rotation that is through. `retired` are old keys that the trail may still need."""

    current: str
    people: int
    imports: int
    drafts: int
    reasons: int
    retired: tuple[str, ...]


class KeyRotation(Area):
    """New keys for old ones."""

    def rotate(self, *, progress: Progress | None = None) -> RotationDone:
        """Make a new encryption key and encrypt everything that lives with it. Old keys stay readable.

        Broken off in the middle, nothing is lost and nothing unreadable: called again, it goes on where it was, without
        another new key. `progress` is called with rows done and rows in all. Raises Forbidden, DatabaseState.
        """
        left = self._begin()
        counts = dict.fromkeys(_TASKS, 0)
        for name in _TASKS:
            last: int | None = 0
            while last is not None:
                done, last = self._batch(name, last)
                counts[name] += done
                if progress is not None:
                    progress(sum(counts.values()), max(left, sum(counts.values())))
        current, retired = self._finish(counts)
        return RotationDone(current, **counts, retired=retired)

    @verb("keys.rotate", writes=True)
    def _begin(self, tx: Transaction) -> int:
        """A new key, unless an earlier rotation is not through. Every writer from now on uses it."""
        if not _left(tx):
            keys = read_keys(tx.settings.keys).rotated()
            tx.record(None, None, after={"key": keys.current})
            # All writers take turns and read the key file in theirs: whoever comes after this one sees the new key.
            replace_keys(tx.settings.keys, keys)
            tx.vault.refresh()
        return _left(tx)

    @verb("keys.rotate", writes=True)
    def _batch(self, tx: Transaction, name: str, after: int) -> tuple[int, int | None]:
        """Encrypt some rows after this id anew. Return how many, and the last id; None when there are no more."""
        return _TASKS[name](tx, after)

    @verb("keys.rotate", writes=True)
    def _finish(self, tx: Transaction, counts: Mapping[str, int]) -> tuple[str, tuple[str, ...]]:
        """Tell in the trail what was done."""
        current = tx.vault.keys.current
        tx.record(None, None, after={"key": current, "rows": {name: count for name, count in counts.items() if count}})
        return current, tuple(name for name in tx.vault.keys.encryption if name != current)

    def forget(self, name: str) -> int:
        """Take an old key out of the key file. Return how many rows of the trail nobody can open from then on.

        Backups made while it was there are refused without it: keep a copy of the old key file as long as them. Raises
        RuleBroken for the current key, an unknown one, or one that living data still need.
        """
        lost = self._forget(name)
        # After the trail has it. Nobody encrypts with this key any more: no writer has to wait.
        path = self.workspace.settings.keys
        replace_keys(path, read_keys(path).without(name))
        return lost

    @verb("keys.forget", writes=True)
    def _forget(self, tx: Transaction, name: str) -> int:
        keys = tx.vault.keys
        if name not in keys.encryption:
            raise RuleBroken(_("There is no key {name} in the key file.").format(name=name), field="key")
        if name == keys.current:
            sentence = _("The key {name} is the one in use. First: svc keys rotate").format(name=name)
            raise RuleBroken(sentence, field="key")
        if _left(tx):
            raise RuleBroken(_("Something is still encrypted with an old key. First: svc keys rotate"), field="key")
        fields = dict.fromkeys(field for held in SEALED.values() for field in held)
        values = (_AUDIT.c[side][field].as_string() for side in _SIDES for field in fields)
        sealed = or_(*(value.startswith(f"{name}:") for value in values))
        lost = int(tx.scalar(select(func.count()).select_from(_AUDIT).where(sealed)))
        tx.record(None, None, before={"key": name})
        return lost


_SIDES = ("before", "after")


def _left(tx: Transaction) -> int:
    """How many rows are encrypted with another key than the current one."""
    conditions = {place: _old_fields(tx, place) for place in _SEALED}
    conditions |= {_CHANGE: _old_change(tx), _DRAFT: _old(tx, _DRAFT.c.content)}
    return sum(
        int(tx.scalar(select(func.count()).select_from(place).where(condition)))
        for place, condition in conditions.items()
    )


def _old(tx: Transaction, column: Any) -> Any:
    return not_(column.startswith(f"{tx.vault.keys.current}:", autoescape=True))


def _old_fields(tx: Transaction, place: Table) -> Any:
    return or_(*(_old(tx, place.c[field]) for field in _SEALED[place]))


def _old_change(tx: Transaction) -> Any:
    values = (_CHANGE.c[side][field].as_string() for side in _SIDES for field in sorted(CIPHERED))
    return _CHANGE.c.table_name.in_(_IMPORTED) & or_(*(_old(tx, value) for value in values))


def _fields(tx: Transaction, place: Table, after: int) -> tuple[int, int | None]:
    fields = _SEALED[place]
    rows = tx.rows(_next(select(place.c.id, *place.c[fields]).where(_old_fields(tx, place)), place, after))
    fresh = [
        {"key": row["id"]} | {f"to_{name}": tx.vault.encrypt_anew(name, row[name]) for name in fields} for row in rows
    ]
    return _save(tx, place, fresh, fields)


def _people(tx: Transaction, after: int) -> tuple[int, int | None]:
    return _fields(tx, _PERSON, after)


def _reasons(tx: Transaction, after: int) -> tuple[int, int | None]:
    """Why two are kept apart, why somebody is away: few in number, table after table."""
    for place in _SEALED:
        if place is not _PERSON:
            done, last = _fields(tx, place, 0)
            if done:
                return done, last
    return 0, None


def _imports(tx: Transaction, after: int) -> tuple[int, int | None]:
    """What an undone import puts back must be readable, too."""
    chosen = select(_CHANGE.c.id, _CHANGE.c.before, _CHANGE.c.after).where(_old_change(tx))
    rows = tx.rows(_next(chosen, _CHANGE, after))
    fresh = [{"key": row["id"]} | {f"to_{side}": _sides(tx, row[side]) for side in _SIDES} for row in rows]
    return _save(tx, _CHANGE, fresh, _SIDES)


def _sides(tx: Transaction, values: dict[str, Any] | None) -> dict[str, Any] | None:
    if values is None:
        return None
    return {name: tx.vault.encrypt_anew(name, value) if name in CIPHERED else value for name, value in values.items()}


def _drafts(tx: Transaction, _after: int) -> tuple[int, int | None]:
    rows = tx.rows(select(_DRAFT).where(_old(tx, _DRAFT.c.content)))
    for row in rows:
        mine = (_DRAFT.c.actor == row["actor"]) & (_DRAFT.c.key == row["key"])
        fresh = tx.vault.encrypt_anew(DRAFT_FIELD, row["content"])
        tx.connection.execute(update(_DRAFT).where(mine).values(content=fresh))
    return len(rows), None


def _next(chosen: Select[Any], place: Table, after: int) -> Select[Any]:
    return chosen.where(place.c.id > after).order_by(place.c.id).limit(_AT_ONCE)


def _save(tx: Transaction, place: Table, rows: list[dict[str, Any]], names: Iterable[str]) -> tuple[int, int | None]:
    if not rows:
        return 0, None
    change = update(place).where(place.c.id == bindparam("key"))
    tx.connection.execute(change.values({name: bindparam(f"to_{name}") for name in names}), rows)
    return len(rows), rows[-1]["key"]


_TASKS: Mapping[str, Callable[[Transaction, int], tuple[int, int | None]]] = {
    "people": _people,
    "imports": _imports,
    "drafts": _drafts,
    "reasons": _reasons,
}
