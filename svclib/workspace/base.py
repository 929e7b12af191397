"""The door's frame: Workspace, Transaction, and the one decorator that every verb passes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property, wraps
from typing import Any, Concatenate, ParamSpec, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, Table, insert, select, update

from svclib.errors import Forbidden
from svclib.i18n import gettext as _
from svclib.models import AuditHead, AuditRow, Fact, table
from svclib.settings import Settings
from svclib.workspace.chain import chained
from svclib.workspace.engine import WRITE, make_engine
from svclib.workspace.identity import Identity, acting
from svclib.workspace.policy import FIELDS, GROUP_WORDS, SYSTEM, Actor, Group, Policy, Reach, Shown
from svclib.workspace.scope import Scope, Touched
from svclib.workspace.vault import Vault
from svclib.workspace.verbs import verb_word

P = ParamSpec("P")
R = TypeVar("R")
A = TypeVar("A", bound="Area")

_HEAD = table(AuditHead)
_AUDIT = table(AuditRow)
_FACT = table(Fact)


@dataclass
class Transaction:
    """What a verb works with: the connection, who acts, the day, the moment, and the trail that is saved with it."""

    connection: Connection
    actor: Actor
    policy: Policy
    verb: str
    writes: bool
    today: date
    now: datetime
    vault: Vault
    settings: Settings
    _trail: list[dict[str, Any]] = field(default_factory=list)
    _touched: list[Touched] = field(default_factory=list)

    def rows(self, statement: Any) -> list[dict[str, Any]]:
        """The statement's rows as dictionaries."""
        found = self.connection.execute(statement)
        names = tuple(found.keys())
        # Each row's own mapping looks every name up again: three times as slow for thousands of rows.
        return [dict(zip(names, row, strict=True)) for row in found.all()]

    def scalar(self, statement: Any) -> Any:
        return self.connection.execute(statement).scalar()

    def insert(self, target: Table, values: Mapping[str, Any]) -> int:
        """Insert one row and return its id."""
        return int(self.connection.execute(insert(target).values(**values).returning(target.c.id)).scalar_one())

    @cached_property
    def scope(self) -> Scope:
        """The rows that this verb reaches for the actor."""
        return Scope(self.connection, self.policy, self.verb)

    def shown(self, group: Group) -> Shown:
        """How the actor is shown a field group."""
        return self.policy.shown(group)

    def require_sight(self, fields: Iterable[str]) -> None:
        """Raise Forbidden unless the actor is shown each of these fields as it is: an order would tell it, too."""
        hidden = {FIELDS[name] for name in fields if not self.policy.sees(name)}
        if hidden:
            raise Forbidden(_("Your role is not shown this: {what}.").format(what=_words(hidden)))

    def require_keeping(self, fields: Iterable[str]) -> None:
        """Raise Forbidden unless the actor may change each of these fields of a person."""
        foreign = {FIELDS[name] for name in fields if name in FIELDS and not self.policy.keeps(FIELDS[name])}
        if foreign:
            raise Forbidden(_("Your role does not change this: {what}.").format(what=_words(foreign)))

    def record(
        self,
        place: Table | None,
        row_id: int | None,
        *,
        before: Mapping[str, Any] | None = None,
        after: Mapping[str, Any] | None = None,
        scoped: bool = True,
    ) -> None:
        """Note one write for the trail. Protected fields must be ciphertext or masked already.

        `scoped`: whether the row must be of people and places in scope; False where the verb has judged that itself.
        """
        if not self.writes:
            raise RuntimeError(f"{self.verb} is declared as reading and wants to write")
        if place is not None and scoped:
            self._touched += [(place, row_id, values) for values in (before, after) if values is not None]
        self._trail.append(
            {
                "table_name": None if place is None else place.name,
                "row_id": row_id,
                "before": None if before is None else jsonable(before),
                "after": None if after is None else jsonable(after),
            }
        )

    def close(self) -> None:
        """Save the trail, numbered without gaps and chained to what was there.

        Raises Forbidden when something outside the scope was written.
        """
        if not self._trail:
            return
        if self.policy.reach(self.verb) != Reach.OWN:
            self.scope.refuse_outside(self._touched, self.today)
        number, mac = self.connection.execute(select(_HEAD.c.number, _HEAD.c.mac).where(_HEAD.c.id == 1)).one()
        common = {"at": self.now, "actor": self.actor.name, "origin": self.actor.origin, "verb": self.verb}
        rows = chained(self.vault, number, mac, [common | row for row in self._trail])
        self.connection.execute(insert(_AUDIT), rows)
        head = {"number": rows[-1]["number"], "mac": rows[-1]["mac"]}
        self.connection.execute(update(_HEAD).where(_HEAD.c.id == 1).values(head))


def _words(groups: Iterable[Group]) -> str:
    return "、".join(_(GROUP_WORDS[group]) for group in sorted(groups))


def lock(connection: Connection) -> None:
    """Put this writer in order behind the others: SQLite has done so by BEGIN IMMEDIATE."""
    connection.execute(select(_HEAD.c.number).where(_HEAD.c.id == 1).with_for_update())


def jsonable(values: Mapping[str, Any]) -> dict[str, Any]:
    """The same values with days and moments as ISO texts."""
    return {key: value.isoformat() if isinstance(value, date) else value for key, value in values.items()}


class Workspace:
    """One user's way into one database. Make it with `open_workspace`."""

    def __init__(self, settings: Settings, *, identity: Identity | None = None, engine: Engine | None = None) -> None:
        self.settings = settings
        self.identity = identity or acting(SYSTEM)
        self.engine = engine or make_engine(settings.url)
        self._policy: Policy | None = None

    @cached_property
    def vault(self) -> Vault:
        return Vault.open(self.settings.keys)

    @cached_property
    def demo_today(self) -> date | None:
        """The day at which a demo database is anchored; None in a real one."""
        with self.engine.connect() as connection:
            value = connection.execute(select(_FACT.c.value).where(_FACT.c.name == "demo_today")).scalar()
        return None if value is None else date.fromisoformat(value)

    @property
    def today(self) -> date:
        """The day that counts as today: set, the demo's, or the clock's in the office's time zone."""
        return self.settings.today or self.demo_today or datetime.now(ZoneInfo(self.settings.timezone)).date()

    @property
    def policy(self) -> Policy:
        """What whoever acts may do, as the last transaction found it: for what a page shows, never for a permission."""
        if self._policy is None:
            with self.engine.connect() as connection:
                self._policy = Policy(self.identity(connection, datetime.now(UTC)))
        return self._policy

    def may(self, verb: str) -> bool:
        """Whether whoever acts has this verb: a page leaves out what it cannot do. The verb asks again."""
        return self.policy.allows(verb)

    def shown(self, group: Group) -> Shown:
        """How whoever acts is shown a field group: a page leaves out what is absent."""
        return self.policy.shown(group)

    @contextmanager
    def transaction(self, verb: str, *, writes: bool) -> Iterator[Transaction]:
        """One short transaction: all of it is saved or nothing. Raises Forbidden unless who acts may use this verb."""
        today = self.today
        with self.engine.connect().execution_options(**{WRITE: writes}) as connection, connection.begin():
            if writes:
                lock(connection)
                # In turn now: whoever rotates the keys waits for us, or we see what it did.
                self.vault.refresh()
            # Behind the lock: whoever was disabled by the writer before is refused.
            now = datetime.now(UTC)
            actor = self.identity(connection, now)
            policy = self._policy = Policy(actor)
            if not policy.allows(verb):
                raise Forbidden(_("{actor} may not do this: {what}.").format(actor=actor.name, what=verb_word(verb)))
            tx = Transaction(connection, actor, policy, verb, writes, today, now, self.vault, self.settings)
            yield tx
            tx.close()

    def close(self) -> None:
        self.engine.dispose()


class Area:
    """A group of verbs of the workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace


def verb(
    name: str, *, writes: bool
) -> Callable[[Callable[Concatenate[A, Transaction, P], R]], Callable[Concatenate[A, P], R]]:
    """Make a method of an area a verb: permission, one transaction, audit trail. It gets the transaction first."""

    def decorate(function: Callable[Concatenate[A, Transaction, P], R]) -> Callable[Concatenate[A, P], R]:
        @wraps(function)
        def call(area: A, /, *args: P.args, **kwargs: P.kwargs) -> R:
            workspace = area.workspace
            with workspace.transaction(name, writes=writes) as tx:
                return function(area, tx, *args, **kwargs)

        call.verb_name, call.verb_writes = name, writes  # type: ignore[attr-defined]
        return call

    return decorate
