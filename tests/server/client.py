"""A browser of its own making: opens a page, connects to it, sends events and reads what the page shows.

    async with PageClient(server.address, "hello") as page:
        await page.event("add", 2)
        assert page.state["count"] == 2

It speaks as a browser does (the page by HTTP, then the kernel's websocket) and runs no script, so that hundreds of them
can stand in for people. `cookie` is what a logged-in browser would send. `open`, `connect`, `cut`, `leave` are the
steps one by one.
"""

from __future__ import annotations

import asyncio
import json
import re
import uuid
from collections.abc import Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from http.cookies import SimpleCookie
from typing import Any, Self, TypeVar

from jupyter_server.services.kernels.connection.base import deserialize_msg_from_ws_v1, serialize_msg_to_ws_v1
from tornado.httpclient import AsyncHTTPClient, HTTPRequest, HTTPResponse
from tornado.websocket import WebSocketClientConnection, websocket_connect

from svclib.server.connection import PROTOCOL

R = TypeVar("R")
PATIENCE_SECONDS = 60
_KERNEL = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")
_MODEL = re.compile(r'"model_id": ?"([0-9a-f]+)"')


def run(work: Coroutine[Any, Any, R]) -> R:
    """Run a coroutine to its end in a thread of its own: a browser's driver may hold a loop in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


class PageEnded(Exception):
    """The server has said that the page's process is gone, or closed the connection."""


class PageClient:
    """One open page. `status`, `headers` and `html` are of its opening, `state` is what the page shows now."""

    patience_seconds = PATIENCE_SECONDS
    """How long each answer is waited for."""
    reads_on = False
    """Whether it takes in what comes while nobody waits for anything, as browsers do: else pings go unanswered then."""

    def __init__(self, address: str, app: str, *, cookie: str = "") -> None:
        self.address, self.app, self.cookie = address, app, cookie
        self.status, self.html, self.kernel_id = 0, "", ""
        self.headers: dict[str, str] = {}
        self.states: dict[str, dict[str, Any]] = {}
        self.session = uuid.uuid4().hex
        self.answered: set[str] = set()
        """Ids of the messages that the page has said anything about."""
        self._socket: WebSocketClientConnection | None = None
        self._arrived: asyncio.Queue[str | bytes | None] = asyncio.Queue()

    async def __aenter__(self) -> Self:
        await self.open()
        await self.connect()
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self.leave()
        self.cut()

    @property
    def page(self) -> str:
        """The model of the page itself."""
        return self._model

    @property
    def state(self) -> dict[str, Any]:
        """The synced traits of the page itself."""
        return self.states[self._model]

    async def open(self) -> HTTPResponse:
        """Ask for the page and read it to its end. A status such as 503 is kept, not raised."""
        answer = await self._fetch(f"voila/render/{self.app}.ipynb")
        self.status, self.html = answer.code, answer.body.decode()
        self.headers = dict(answer.headers)
        self._remember(answer)
        found = _KERNEL.search(self.html)
        self.kernel_id = found.group() if found else ""
        return answer

    async def connect(self) -> None:
        """Connect to the page's kernel and read the state of all its widgets. Again after `cut`: reconnect."""
        await self.join()
        found = _MODEL.search(self.html)
        self._model = found.group(1) if found else ""
        self.states = await self.read_states()

    async def join(self) -> None:
        """Connect, and ask for nothing."""
        address = self.address.replace("http", "ws", 1)
        request = HTTPRequest(
            f"{address}api/kernels/{self.kernel_id}/channels?session_id={self.session}", headers=self._headers()
        )
        arrived = self._arrived.put_nowait if self.reads_on else None
        connecting = websocket_connect(request, subprotocols=[PROTOCOL], on_message_callback=arrived)
        self._socket = await asyncio.wait_for(connecting, PATIENCE_SECONDS)

    async def read_states(self) -> dict[str, dict[str, Any]]:
        """What every widget's traits are now, asked for anew."""
        comm = uuid.uuid4().hex
        await self.send("comm_open", {"comm_id": comm, "target_name": "jupyter.widget.control", "data": {}})
        await self.send("comm_msg", {"comm_id": comm, "data": {"method": "request_states"}})
        while True:
            content = (await self.receive("comm_msg"))["content"]
            if content["comm_id"] == comm:
                return {model: widget["state"] for model, widget in content["data"]["states"].items()}

    async def event(self, name: str, data: Any = None) -> None:
        """Send an event as the page's view does, and return when the page has done with it."""
        content = {"event": name, "data": {} if data is None else data}
        sent = await self.send("comm_msg", {"comm_id": self._model, "data": {"method": "custom", "content": content}})
        while True:
            message = await self.receive()
            if message["msg_type"] != "status" or message["parent_header"].get("msg_id") != sent:
                continue
            if message["content"]["execution_state"] == "idle":
                return

    async def send(self, kind: str, content: Any, *, channel: str = "shell", buffers: Sequence[bytes] = ()) -> str:
        """Send any message a browser could send, and return its id."""
        message_id = uuid.uuid4().hex
        header = {"msg_id": message_id, "msg_type": kind, "username": "", "session": self.session, "version": "5.4"}
        # The versions that ipywidgets' two protocols ask for, without which it does nothing.
        version = "2.1.0" if content.get("target_name") == "jupyter.widget" else "1.0.0"
        parts = (header | {"date": "2026-01-01T00:00:00Z"}, {}, {"version": version}, content)
        packed = [json.dumps(part).encode() for part in parts]
        await self.send_bytes(serialize_msg_to_ws_v1([*packed, *buffers], channel))
        return message_id

    async def send_bytes(self, message: str | bytes) -> None:
        """Send what is or is not a message, as it stands."""
        assert self._socket is not None
        await self._socket.write_message(message, binary=isinstance(message, bytes))

    async def receive(self, kind: str = "") -> dict[str, Any]:
        """The next message (of a kind), its changes taken into `states`. Raises PageEnded, TimeoutError."""
        assert self._socket is not None
        while True:
            taking = self._arrived.get() if self.reads_on else self._socket.read_message()
            raw = await asyncio.wait_for(taking, self.patience_seconds)
            if raw is None:
                raise PageEnded("the connection was closed")
            assert isinstance(raw, bytes)
            _channel, parts = deserialize_msg_from_ws_v1(raw)
            header, parent, metadata, content = map(json.loads, parts[:4])
            message = {"msg_type": header["msg_type"], "header": header, "parent_header": parent}
            message |= {"metadata": metadata, "content": content}
            self.answered.add(parent.get("msg_id", ""))
            if message["msg_type"] == "status" and content["execution_state"] == "dead":
                raise PageEnded("the page's process is gone")
            if message["msg_type"] == "comm_msg" and content["data"].get("method") == "update":
                self.states.setdefault(content["comm_id"], {}).update(content["data"]["state"])
            if not kind or message["msg_type"] == kind:
                return message

    async def wait_until_ended(self) -> None:
        """Return when the server says that the page's process is gone, or closes the connection."""
        try:
            while True:
                await self.receive()
        except PageEnded:
            return

    def twin(self) -> Self:
        """Another connection to the same page, not connected yet."""
        other = type(self)(self.address, self.app, cookie=self.cookie)
        other.kernel_id, other.html = self.kernel_id, self.html
        return other

    async def leave(self) -> int:
        """Say, as a closing tab does, that the page is no longer needed. The status of the answer."""
        form = f"_xsrf={self._cookies().get('_xsrf', '')}"
        return (await self._fetch(f"voila/api/shutdown/{self.kernel_id}", body=form)).code

    def cut(self) -> None:
        """Close the connection without a word, as a browser that dies."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    async def _fetch(self, path: str, *, body: str | None = None) -> HTTPResponse:
        request = HTTPRequest(
            self.address + path,
            method="GET" if body is None else "POST",
            body=body,
            headers=self._headers(),
            request_timeout=PATIENCE_SECONDS,
            follow_redirects=False,
        )
        return await AsyncHTTPClient(max_clients=500).fetch(request, raise_error=False)

    def _headers(self) -> dict[str, str]:
        return {"Cookie": self.cookie} if self.cookie else {}

    def _cookies(self) -> dict[str, str]:
        return {name: morsel.value for name, morsel in SimpleCookie(self.cookie).items()}

    def _remember(self, answer: HTTPResponse) -> None:
        kept = self._cookies()
        for line in answer.headers.get_list("Set-Cookie"):
            kept |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        self.cookie = "; ".join(f"{name}={value}" for name, value in kept.items())
