"""Statements that one engine was told, compiled ahead for another.

Pages are rehearsed on a SQLite file. Where the office's database is a PostgreSQL, each page would compile the same
statements for it once more: a third of what it takes to open one, and ten megabytes of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, event


@dataclass(frozen=True)
class Statement:
    """What was told, and the names of the values that came with it."""

    clause: Any
    names: tuple[str, ...]
    many: bool


@contextmanager
def listening(engine: Engine) -> Iterator[list[Statement]]:
    """Every statement that the engine is told inside."""
    heard: list[Statement] = []

    def hear(
        _connection: Connection,
        clause: Any,
        many: Sequence[Mapping[str, Any]],
        values: Mapping[str, Any],
        _options: Mapping[str, Any],
    ) -> None:
        heard.append(Statement(clause, tuple(sorted(many[0] if many else values)), len(many) > 1))

    event.listen(engine, "before_execute", hear)
    try:
        yield heard
    finally:
        event.remove(engine, "before_execute", hear)


def compile_ahead(engine: Engine, statements: Sequence[Statement]) -> None:
    """Have the engine compile these now. Raises SQLAlchemyError when its server does not answer."""
    # How to write for its server an engine learns from the server itself, when it first connects.
    engine.connect().close()
    for one in statements:
        # As Connection.execute does before it asks the server: SQLAlchemy has no public way to do this alone.
        one.clause._compile_w_cache(
            engine.dialect,
            compiled_cache=engine._compiled_cache,
            column_keys=list(one.names),
            for_executemany=one.many,
        )
