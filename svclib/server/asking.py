"""Questions to the database from the server: never in its one thread, for a writer may have to wait."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from typing import ParamSpec, TypeVar

from svclib.workspace import Workspace
from svclib.workspace.access import Access

P = ParamSpec("P")
R = TypeVar("R")


class Asking:
    """The server's way to the verbs of access: `await asking(asking.access.living, ids)`."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self._quick = ThreadPoolExecutor(4, thread_name_prefix="svc-ask")
        # A password check takes 64 MiB and a tenth of a second: two at a time, however many arrive.
        self._slow = ThreadPoolExecutor(2, thread_name_prefix="svc-login")

    @property
    def access(self) -> Access:
        return self.workspace.access

    async def __call__(self, verb: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """The verb's answer; what it raises is raised here."""
        return await self._run(self._quick, partial(verb, *args, **kwargs))

    async def slowly(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """The same for what checks or makes a password."""
        return await self._run(self._slow, partial(function, *args, **kwargs))

    def close(self) -> None:
        self._quick.shutdown()
        self._slow.shutdown()
        self.workspace.close()

    async def _run(self, pool: ThreadPoolExecutor, call: Callable[[], R]) -> R:
        # With this task's context the sentences come in the visitor's language.
        return await asyncio.get_running_loop().run_in_executor(pool, copy_context().run, call)
