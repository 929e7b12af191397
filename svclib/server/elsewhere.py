"""Requests that did not come from a page of this server: refused before any handler of ours is asked.

A login's cookie is sent along with whatever a browser asks of this server, also when another site's page made it ask.
So what a browser itself says about a request's origin is looked at once, for every address there is and will be.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from jupyter_server.base.handlers import JupyterHandler
from tornado.httputil import HTTPMessageDelegate, HTTPServerRequest, split_host_and_port
from tornado.routing import Router
from tornado.web import Application

from svclib.i18n import gettext as _
from svclib.server.errors import TellsErrors
from svclib.server.proxy import is_loopback

_READING = frozenset({"GET", "HEAD"})


class OwnSiteOnly(Router):
    """Hands requests on to the application, and those from elsewhere to one that refuses them.

    `only_local`: the server listens on this machine alone, so that a request under any other name comes from a site
    that has given this machine's address to a name of its own.
    """

    def __init__(self, application: Application, *, only_local: bool) -> None:
        self.application, self.only_local = application, only_local

    def find_handler(self, request: HTTPServerRequest, **kwargs: Any) -> HTTPMessageDelegate | None:
        if comes_from_elsewhere(request) or (self.only_local and not _names_this_machine(request)):
            refused: Callable[..., HTTPMessageDelegate] = self.application.get_handler_delegate
            return refused(request, ElsewhereHandler)
        return self.application.find_handler(request, **kwargs)


class ElsewhereHandler(TellsErrors, JupyterHandler):
    """Says why nothing was done."""

    async def prepare(self, **_options: Any) -> None:
        self.send_error(403)

    def explain(self, _status_code: int) -> tuple[str, str]:
        return _("This did not work"), _(
            "This request came from another site, so nothing was done. Please open the suite by its own address. "
            "If that is where you are, its proxy must pass on the host that the browser asked for."
        )


def comes_from_elsewhere(request: HTTPServerRequest) -> bool:
    """Whether the browser says that another site made it ask. Programs that say nothing of it are no browsers.

    Following a link to a page is no such thing: nothing is changed, and the site that has the link learns nothing.
    """
    headers, host = request.headers, request.host.lower()
    origin = headers.get("Origin", headers.get("Sec-Websocket-Origin"))
    if origin is not None and _host(origin) != host:
        return True
    if request.method not in _READING and "Referer" in headers and _host(headers["Referer"]) != host:
        return True
    if headers.get("Sec-Fetch-Site", "none") in {"none", "same-origin"}:
        return False
    followed = headers.get("Sec-Fetch-Mode") == "navigate" and headers.get("Sec-Fetch-Dest", "document") == "document"
    return not (followed and request.method in _READING)


def _host(address: str) -> str:
    """Host and port of an address, "" for "null" and for what is no address."""
    try:
        return urlsplit(address).netloc.lower()
    except ValueError:
        return ""


def _names_this_machine(request: HTTPServerRequest) -> bool:
    return is_loopback(split_host_and_port(request.host.lower())[0].strip("[]"))
