"""Run by Alembic with the connection that `upgrade` hands over."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import DateTime, String, TypeDecorator
from sqlmodel import SQLModel

import svclib.models  # noqa: F401


def plain_types(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Migrations name the engine's own types: they must go on running when our classes have changed."""
    if kind == "type" and isinstance(item, TypeDecorator):
        inner = item.impl_instance if hasattr(item, "impl_instance") else item.impl
        if isinstance(inner, String):
            return f"sa.String(length={inner.length})" if inner.length else "sa.String()"
        if isinstance(inner, DateTime):
            return "sa.DateTime()"
    return False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
    compare_type=True,
    render_item=plain_types,
)
context.run_migrations()
