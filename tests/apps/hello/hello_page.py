"""A page small enough to see what the base page does by itself."""

from __future__ import annotations

import logging
import os
from typing import Any

from IPython.core.getipython import get_ipython
from pydantic import BaseModel, Field
from traitlets import Dict, Int, List, Unicode

from svclib.errors import NotFound
from svclib.i18n import noop as N_
from svclib.pages.base import Page, event

TOTAL = 186


class Turn(BaseModel):
    """Which part of the list the table wants."""

    page: int = Field(ge=1)
    rows: int = Field(ge=1, le=100)


class HelloPage(Page):
    """A counter, a list in pages, and things that go wrong."""

    template_file = (__file__, "hello.vue")
    WORDS = {"title": N_("Register")}  # noqa: RUF012

    count = Int(0).tag(sync=True)
    rows = List(Dict()).tag(sync=True)
    trace = Unicode("untouched").tag(sync=True)

    def start(self) -> None:
        self.page_title = self.words["title"]
        self.vue_turn(Turn(page=1, rows=10))

    @event(int)
    def vue_add(self, number: int) -> None:
        self.count += number

    @event(Turn)
    def vue_turn(self, data: Turn) -> None:
        first = (data.page - 1) * data.rows
        self.rows = [{"number": number} for number in range(first, min(first + data.rows, TOTAL))]

    @event()
    def vue_fail(self) -> None:
        raise RuntimeError("a secret value")

    @event()
    def vue_print(self) -> None:
        """Print, and leave a trace as a library does that knows nothing of the page."""
        print("a secret value")
        logging.getLogger("a library").warning("a secret value")
        try:
            raise RuntimeError("a secret value")
        except RuntimeError:
            shell = get_ipython()
            assert shell is not None
            shell.showtraceback()

    @event()
    def vue_miss(self) -> None:
        raise NotFound("没有编号为 7 的人员，请重新查找。")

    @event(int)
    def vue_fill(self, megabytes: int) -> None:
        self.filled = bytearray(megabytes * 1024**2)
        self.count = megabytes

    @event(str)
    def vue_recall(self, name: str) -> None:
        self.trace = os.environ.get(name, "")

    def touch(self, *_args: Any) -> None:
        """What a browser must never reach."""
        self.trace = "touched"
