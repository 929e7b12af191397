"""Work in a thread: what becomes of its errors, and of those of what it tells the page."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Callable
from pathlib import Path

import pytest

from svclib.errors import Forbidden, RuleBroken
from svclib.pages import RegisterPage
from svclib.pages.parts.background import Background
from svclib.pages.register.scope import Scope
from svclib.workspace import Workspace
from svclib.workspace.register.organisation import Choice

from .conftest import Send

GRADUATES = Path(__file__).parents[2] / "data" / "sample" / "新入职毕业生名册2026.xlsx"
ENDED = "您的登录已结束，请重新登录。"


class Failing(Background):
    """Work that goes wrong."""

    def __init__(self, error: Exception) -> None:
        super().__init__(lambda: None)
        self._error = error

    def work(self) -> None:
        raise self._error


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (RuleBroken("已停止。"), "已停止。"),
        (MemoryError(), "内存"),
        (ZeroDivisionError("a secret value"), "编号"),
    ],
)
def test_work_that_goes_wrong_says_what_a_page_would_say(page: RegisterPage, error: Exception, sentence: str) -> None:
    work = Failing(error)
    work.begin()
    work.wait(10)
    assert work.ended
    assert sentence in work.problem
    assert "secret" not in work.problem


async def _ended(page: RegisterPage) -> None:
    while page.importing_now is not None:
        await asyncio.sleep(0.01)


def _upload(page: RegisterPage, send: Send) -> None:
    content = GRADUATES.read_bytes()
    send(
        page,
        "upload",
        name=GRADUATES.name,
        size=len(content),
        offset=0,
        content=base64.b64encode(content).decode(),
    )


def test_a_page_that_may_not_show_the_end_of_an_import_says_why_and_no_longer_that_it_goes_on(
    page: RegisterPage, send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object, **_kwargs: object) -> None:
        raise Forbidden(ENDED)

    async def visit() -> None:
        send(page, "choose_view", view="import")
        answered = page.answered
        _upload(page, send)
        answered += 1
        monkeypatch.setattr(page, "show", refuse)
        await _ended(page)
        await asyncio.sleep(0)
        assert page.problem == ENDED
        assert page.importing["busy"] is None
        assert page.answered == answered, "the browser has asked for nothing else"

    asyncio.run(visit())


def test_an_import_that_ends_while_another_view_is_open_says_what_has_come_of_it(
    page: RegisterPage, send: Send
) -> None:
    async def visit() -> None:
        send(page, "choose_view", view="import")
        _upload(page, send)
        send(page, "choose_view", view="people")
        await _ended(page)
        assert page.frame["notice"]["text"] == f"{GRADUATES.name} 已读取，还没有写入，请到“导入”中查看。"
        send(page, "choose_view", view="import")
        assert page.frame["notice"] is None
        send(page, "confirm_import")
        send(page, "choose_view", view="people")
        await _ended(page)
        assert page.frame["notice"]["text"].startswith(f"{GRADUATES.name} 已导入：新增 ")
        assert page.frame["said"] == page.frame["notice"]["text"]

    asyncio.run(visit())


def test_a_choice_without_a_file_comes_to_nothing_and_says_nothing(page: RegisterPage, send: Send) -> None:
    async def visit() -> None:
        wrong: list[object] = []
        asyncio.get_running_loop().set_exception_handler(lambda _loop, said: wrong.append(said))
        send(page, "set_import_choice", key="create_units", value=True)
        await _ended(page)
        assert wrong == []
        assert page.problem == ""
        assert page.frame["notice"] is None

    asyncio.run(visit())


def test_what_the_page_has_read_is_forgotten_in_its_own_thread_when_an_import_ends(
    page: RegisterPage, send: Send
) -> None:
    async def visit() -> None:
        send(page, "choose_view", view="import")
        _upload(page, send)
        await _ended(page)
        send(page, "confirm_import")
        inside: list[bool] = []
        forget = page.scope.forget

        def watched() -> None:
            try:
                asyncio.get_running_loop()
            except RuntimeError:
                inside.append(False)
            else:
                inside.append(True)
            forget()

        page.scope.forget = watched  # type: ignore[method-assign]
        await _ended(page)
        assert inside == [True]

    asyncio.run(visit())


def test_what_is_forgotten_while_it_is_read_is_given_all_the_same(demo: Workspace) -> None:
    scope = Scope(demo)

    def read() -> list[int]:
        return [7]

    class Forgetful(dict):  # type: ignore[type-arg]
        def __setitem__(self, name: str, value: object) -> None:
            """Keep nothing, as if everything were forgotten in this very moment."""

    scope._kept = Forgetful()
    assert scope._read("anything", read) == [7]


def test_another_day_and_a_unit_that_is_none_change_nothing(demo: Workspace) -> None:
    scope = Scope(demo)
    before = scope.on
    with pytest.raises(RuleBroken):
        scope.choose(on="2026-01-31", unit_id=9_999)
    assert (scope.on, scope.unit_id) == (before, None)


def test_a_unit_that_is_not_there_on_another_day_is_left_for_everything(
    demo: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    scope = Scope(demo)
    unit = scope.units[0]
    scope.choose(unit_id=unit.id)
    choices: Callable[..., list[Choice]] = demo.register.unit_choices

    def then(on: object = None) -> list[Choice]:
        return [one for one in choices(on) if str(on) > "2026-06-30" or one.id != unit.id]

    monkeypatch.setattr(type(demo.register), "unit_choices", lambda _self, on=None: then(on))
    scope.choose(on="2026-01-31", unit_id=unit.id)
    assert (scope.on.isoformat(), scope.unit_id, scope.unit_name) == ("2026-01-31", None, "全省")
    with pytest.raises(RuleBroken):
        scope.choose(unit_id=unit.id)
    scope.choose(on="2026-08-20", unit_id=unit.id)
    assert scope.unit_name == unit.name


def test_a_unit_that_is_no_longer_there_is_said_as_everything(demo: Workspace) -> None:
    scope = Scope(demo)
    scope.unit_id = 9_999
    assert scope.unit_name == "全省"
