"""What somebody has typed survives the loss of a page, and nobody else reads it."""

from sqlalchemy import select

from svclib.models import Draft, table
from svclib.workspace import Workspace


def test_a_draft_comes_back_until_it_is_discarded(ws: Workspace) -> None:
    ws.drafts.save("person/1", {"name": "张三"})
    saved_at = ws.drafts.save("person/1", {"name": "张三丰", "phone": "13800000000"})
    assert ws.drafts.load("person/1") == ({"name": "张三丰", "phone": "13800000000"}, saved_at)
    ws.drafts.discard("person/1")
    assert ws.drafts.load("person/1") is None


def test_a_draft_is_not_readable_in_the_database(ws: Workspace) -> None:
    ws.drafts.save("person/1", {"phone": "13800000000"})
    with ws.engine.connect() as connection:
        (content,) = connection.execute(select(table(Draft).c.content)).scalars()
    assert "13800000000" not in content
