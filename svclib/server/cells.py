"""Running a notebook's cells in a page's kernel, without a wait that is not the kernel's own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from jupyter_client.session import Session
from zmq.eventloop.zmqstream import ZMQStream

from svclib.server.kernels import PageGone, PageKernel

_SHOWN = frozenset({"execute_result", "display_data", "error"})
_ASK_SECONDS = 0.02
_PATIENCE_SECONDS = 60


@dataclass
class Cell:
    """A cell that has been sent to the kernel."""

    outputs: list[dict[str, Any]] = field(default_factory=list)
    """What it shows, as a notebook would keep it: execute_result, display_data, error."""
    done: asyncio.Event = field(default_factory=asyncio.Event)


class Cells:
    """The cells of one page. Use as an asynchronous context."""

    def __init__(self, kernel: PageKernel, over: asyncio.Event) -> None:
        self._kernel, self._over = kernel, over
        self._session = Session(key=kernel.session.key)
        self._heard = asyncio.Event()
        self._by_message: dict[str, Cell] = {}

    async def __aenter__(self) -> Cells:
        self._shell: ZMQStream = self._kernel.connect_shell()
        self._told: ZMQStream = self._kernel.connect_iopub()
        self._told.on_recv(self._hear)
        return self

    async def __aexit__(self, *_error: object) -> None:
        self._shell.close()
        self._told.close()

    async def run(self, sources: Sequence[str]) -> AsyncIterator[list[dict[str, Any]]]:
        """Run cells and yield what each shows, up to and with the first that raises. Raises PageGone."""
        await self._listen()
        cells = [self._send(source) for source in sources]
        for cell in cells:
            await self._unless_over(cell.done)
            yield cell.outputs
            if any(output["output_type"] == "error" for output in cell.outputs):
                return

    async def _listen(self) -> None:
        # What the kernel publishes before our subscription has reached it is lost: ask until something is heard.
        tries = 0
        while not self._heard.is_set():
            if tries * _ASK_SECONDS > _PATIENCE_SECONDS:
                raise PageGone
            self._session.send(self._shell, "kernel_info_request")
            await self._unless_over(self._heard, _ASK_SECONDS)
            tries += 1

    def _send(self, source: str) -> Cell:
        content = {"code": source, "silent": False, "store_history": False, "user_expressions": {}}
        content |= {"allow_stdin": False, "stop_on_error": True}
        message = self._session.msg("execute_request", content)
        cell = self._by_message[message["header"]["msg_id"]] = Cell()
        self._session.send(self._shell, message)
        return cell

    def _hear(self, parts: list[bytes]) -> None:
        message = self._session.deserialize(self._session.feed_identities(parts)[1])
        kind, content = message["msg_type"], message["content"]
        self._heard.set()
        cell = self._by_message.get(message["parent_header"].get("msg_id", ""))
        if cell is None:
            return
        if kind in _SHOWN:
            cell.outputs.append({"output_type": kind} | content)
        elif kind == "status" and content["execution_state"] == "idle":
            cell.done.set()

    async def _unless_over(self, event: asyncio.Event, seconds: float | None = None) -> None:
        waits = [asyncio.ensure_future(event.wait()), asyncio.ensure_future(self._over.wait())]
        try:
            await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
        if self._over.is_set():
            raise PageGone
