"""Opening a page: its head goes to the browser while its kernel starts, its cells as they have run."""

from __future__ import annotations

import asyncio
import json
import os
import secrets
from collections.abc import AsyncIterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import jinja2
import structlog
import tornado.web
from tornado.ioloop import IOLoop
from tornado.iostream import StreamClosedError
from voila.handler import BaseVoilaHandler

from svclib.logs import log_unexpected
from svclib.server.assets import front_end, page_assets
from svclib.server.catalogue import App
from svclib.server.cells import Cells
from svclib.server.errors import TellsErrors
from svclib.server.handlers import ICON
from svclib.server.headers import content_policy
from svclib.server.kernels import Full, PageKernels
from svclib.server.words import frame_words

RETRY_SECONDS = 30
# In the order of preference. The other forms stay here: the text of a page, as Python has it, says all that it holds.
MEDIA = ("application/vnd.jupyter.widget-view+json", "text/html", "image/png", "text/plain")


def page_template(folders: Sequence[str]) -> jinja2.Template:
    """The template of all pages, compiled once."""
    loader = jinja2.FileSystemLoader(list(folders))
    environment = jinja2.Environment(loader=loader, autoescape=True, enable_async=True, auto_reload=False)
    return environment.get_template("app.html")


class PageHandler(TellsErrors, BaseVoilaHandler):  # type: ignore[misc]
    """A page of the suite."""

    kernel_id = ""
    left = False
    """Whether the tab was closed while the page was still being sent."""

    def initialize(self, apps: list[App], folder: Path, template: jinja2.Template, **kwargs: Any) -> None:
        super().initialize(**kwargs)
        self.apps = {f"{app.name}.ipynb": app for app in apps}
        self.folder, self.template = folder, template

    @property
    def kernels(self) -> PageKernels:
        kernels = self.kernel_manager
        assert isinstance(kernels, PageKernels)
        return kernels

    @tornado.web.authenticated
    async def get(self, path: str | None = None) -> None:
        if path not in self.apps:
            raise tornado.web.HTTPError(404)
        visitor = self.current_user.visitor
        # Reading the token sets its cookie, without which the closing tab may not end its kernel (voila issue 1458).
        _ = self.xsrf_token
        try:
            self.kernel_id = self.kernels.reserve(visitor)
        except Full as full:
            self.refuse(full)
            return
        self.set_header("Content-Type", "text/html; charset=UTF-8")
        if self.apps[path].name not in front_end().views:
            self.set_header("Content-Security-Policy", content_policy(compiles=True))
        page = self.kernels.pages[self.kernel_id]
        stream = self.request.connection.stream
        page.line = lambda: not stream.closed()
        ticket = partial(self.identity_provider.issue_ticket, visitor)
        starting = asyncio.ensure_future(self.kernels.start_page(self.kernel_id, env=os.environ, ticket=ticket))
        opening = Opening(self, path, starting, page.over)
        async for text in self.template.generate_async(**self.names(path), **opening.names()):
            self.write(text)
        self.kernels.sent(self.kernel_id)
        try:
            await self.finish()
        except StreamClosedError:
            await self.kernels.end(self.kernel_id, "closed while it opened")

    def names(self, path: str) -> dict[str, Any]:
        """What the template knows before there is a kernel."""
        app = self.apps[path]
        assets = page_assets(app.name, self.base_url)
        page = {"app": app, "assets": assets, "frame_script": assets["frame"], "base_url": self.base_url}
        return page | {"words": frame_words(), "icon": ICON}

    def refuse(self, full: Full) -> None:
        """Say that there is no place for a further page now."""
        words = frame_words()
        said = words["full_own" if full.own else "full"]
        self.set_status(503)
        self.set_header("Retry-After", str(RETRY_SECONDS))
        self.finish(self.render_template("full.html", words=words, said=said))

    def on_connection_close(self) -> None:
        """The tab was closed while the page was still being sent."""
        super().on_connection_close()
        self.left = True
        if self.kernel_id:
            IOLoop.current().add_callback(self.kernels.end, self.kernel_id, "closed while it opened")


class Opening:
    """One page while it opens, as its template sees it."""

    def __init__(self, handler: PageHandler, path: str, starting: asyncio.Future[Any], over: asyncio.Event) -> None:
        self._handler, self._starting, self._over = handler, starting, over
        notebook = json.loads((handler.folder / path).read_text(encoding="utf-8"))
        self._sources = ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]

    def names(self) -> dict[str, Any]:
        """The template's two calls: start the kernel and name it; run the cells one by one."""
        return {"kernel": self.kernel, "outputs": self.outputs}

    async def kernel(self) -> str:
        """The kernel's id. What stands before goes to the browser while the kernel starts."""
        self._handler.flush()
        await asyncio.wait([self._starting])
        return self._handler.kernel_id

    async def outputs(self) -> AsyncIterator[dict[str, Any]]:
        """What the cells show. Of an error only its reference number is told; the log has its trace."""
        self._handler.flush()
        try:
            async with Cells(await self._starting, self._over) as cells:
                async for outputs in cells.run(self._sources):
                    for output in outputs:
                        yield told(output, self._handler.kernel_id)
        except Exception as error:
            # The page's beginning has been sent: the rest must come, whatever it was, and say that it did not work.
            reference = "" if self._handler.left else log_unexpected(error, where="opening a page")
            yield {"reference": reference}


def told(output: dict[str, Any], kernel_id: str) -> dict[str, Any]:
    """An output as a browser may see it: `media` and `content`; of an error only its `reference` in the log."""
    if output["output_type"] == "error":
        reference = secrets.token_hex(3).upper()
        trace = "\n".join(output["traceback"])
        structlog.get_logger().error("a page could not be made", reference=reference, kernel=kernel_id, trace=trace)
        return {"reference": reference}
    shown = output.get("data", {})
    media = next((medium for medium in MEDIA if medium in shown), None)
    return {"media": media, "content": shown[media]} if media else {}
