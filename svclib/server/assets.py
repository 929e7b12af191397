"""The front end as it was built: which files it has, and how they are served.

`make setup` builds it (bundle/) into static/. A file's name carries a hash of what is in it, so a browser keeps it for
good; each script and style sheet lies there compressed, so serving one is sending bytes.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import tornado.web

from svclib.errors import NotFound
from svclib.i18n import gettext as _

FOLDER = Path(__file__).parent / "static"
KEPT_FOR_GOOD = "public, max-age=31536000, immutable"
_TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".woff2": "font/woff2"}
# In the order of preference; a browser that takes neither gets the plain file.
_ENCODINGS = {"br": ".br", "gzip": ".gz"}


@dataclass(frozen=True, slots=True)
class FrontEnd:
    """The names of the built files: the two scripts, the sheet and the font of every page, and each app's views."""

    frame: str
    main: str
    style: str
    font: str
    needs: list[str]
    views: dict[str, str]

    def modules(self, app: str) -> list[str]:
        """The scripts that a page of this app will run, so that its head can ask for all of them at once."""
        own = self.views.get(app)
        return [self.main, *self.needs, *([own] if own else [])]


def front_end() -> FrontEnd:
    """The built front end. Raises NotFound where it has not been built."""
    try:
        return FrontEnd(**json.loads((FOLDER / "manifest.json").read_text(encoding="utf-8")))
    except FileNotFoundError as error:
        raise NotFound(_("The pages' scripts have not been built yet. Run: make setup")) from error


@cache
def _served() -> dict[str, frozenset[str]]:
    """Every file that may be served, with the encodings it lies there in."""
    there = {path.name for path in FOLDER.iterdir()}
    plain = [name for name in there if Path(name).suffix in _TYPES]
    return {name: frozenset(code for code, end in _ENCODINGS.items() if name + end in there) for name in plain}


class AssetHandler(tornado.web.RequestHandler):
    """A file of the front end, as compressed as the browser takes it."""

    async def get(self, name: str) -> None:
        await self._answer(name, body=True)

    async def head(self, name: str) -> None:
        await self._answer(name, body=False)

    async def _answer(self, name: str, *, body: bool) -> None:
        encodings = _served().get(name)
        if encodings is None:
            raise tornado.web.HTTPError(404)
        accepted = _accepted(self.request.headers.get("Accept-Encoding", ""))
        encoding = next((code for code in _ENCODINGS if code in encodings and code in accepted), None)
        path = FOLDER / (name + _ENCODINGS[encoding] if encoding else name)
        self.set_header("Cache-Control", KEPT_FOR_GOOD)
        self.set_header("Content-Type", _TYPES[Path(name).suffix])
        if encoding:
            self.set_header("Content-Encoding", encoding)
        if body:
            await self.finish(path.read_bytes())
        else:
            self.set_header("Content-Length", path.stat().st_size)
            await self.finish()


def _accepted(header: str) -> set[str]:
    """The encodings that a request's Accept-Encoding does not refuse (`;q=0`)."""
    accepted = set()
    for part in header.lower().split(","):
        code, _sep, quality = part.strip().partition(";")
        if quality.replace(" ", "").rstrip("0.") != "q=":
            accepted.add(code.strip())
    return accepted


def page_assets(app: str, base: str) -> dict[str, Any]:
    """What the template of a page names in its head: addresses of the built files."""
    built = front_end()
    return {
        "frame": f"{base}assets/{built.frame}",
        "main": f"{base}assets/{built.main}",
        "style": f"{base}assets/{built.style}",
        "font": f"{base}assets/{built.font}",
        "modules": [f"{base}assets/{name}" for name in built.modules(app)],
    }
