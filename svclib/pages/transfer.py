"""Files between a page and its browser: through the page's own events, never through the server's disk.

A page that wants it derives from `Transfer`, adds the component and places it once in its view:

    components = {"svc-transfer": transfer_view(), …}

    <svc-transfer ref="transfer" :file="file_sent" :received="file_received" :limits="upload_limits" :waiting="busy"
                  @piece="upload" @next="file_next" @saved="file_saved" @large="upload_too_large"
                  @underway="sending = $event" />

A chosen or dropped file goes up with `this.$refs.transfer.send(file, zone)` and arrives whole in what its zone takes it
with: `upload_zones` names them; a page that has one only leaves the zone out and takes the file in
`uploaded(name, content)`. `file_received` ({name, bytes, size}) follows it.

`self.download(name, content)` saves a file on the person's machine, of whatever size: it goes down in pieces, each when
the browser has the one before, so that nothing but one piece is ever on its way. Several files go one after the other.
"""

from __future__ import annotations

import base64
import mimetypes
import re
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path, PurePath
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from traitlets import Dict

from svclib.errors import BadFile, RuleBroken
from svclib.i18n import gettext as _
from svclib.pages.base import Page, event

UPLOAD_LIMIT_BYTES = 20 * 1024 * 1024
PIECE_BYTES = 750_000
"""Of a file on its way down: a megabyte as it is written in a message. The server passes on one message at a time."""
_PIECE_CHARACTERS = 1_000_000
_LEAVING_MOST = 8
"""Files that wait to be saved: a browser that takes none would make the page keep them all."""
_FORGOTTEN_SECONDS = 60
"""A browser that has asked for no more of a file for so long has lost it; the next file need not wait for it."""
_UNFIT = re.compile(r"[/\\:\x00-\x1f\x7f]")
_TYPES = {".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


def transfer_view() -> str:
    """The view's part that cuts files into pieces and saves what is sent down."""
    return Path(__file__).with_name("transfer.vue").read_text(encoding="utf-8")


def _file_name(name: str) -> str:
    """The name when it is one: not a path, no control characters, not hidden."""
    if _UNFIT.search(name) or name.startswith(".") or name != name.strip():
        raise ValueError("not a file name")
    return name


FileName = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_file_name)]
ZoneName = Annotated[str, Field(max_length=20, pattern="^[a-z_]*$")]


class Piece(BaseModel):
    """One piece of a file on its way up: `content` is base64, `offset` and `size` are in bytes."""

    model_config = ConfigDict(extra="forbid", strict=True)

    name: FileName
    size: int = Field(ge=0)
    offset: int = Field(ge=0)
    content: str = Field(max_length=_PIECE_CHARACTERS)
    zone: ZoneName = ""


class TooLarge(BaseModel):
    """A file that was not sent because its zone takes none of its size."""

    model_config = ConfigDict(extra="forbid", strict=True)

    name: FileName
    zone: ZoneName = ""


class Next(BaseModel):
    """What of which file the browser wants next: it has all bytes before `offset`."""

    model_config = ConfigDict(extra="forbid", strict=True)

    token: int = Field(ge=1, le=2**53)
    offset: int = Field(ge=0, le=2**53)


@dataclass(frozen=True)
class Zone:
    """A place of the view where files are dropped or chosen, and what is done with one that has arrived whole.

    `endings`: how its files are called, in small letters; none: whatever they are called. `unfit` is the sentence for
    another one, `too_large` for one above `limit_bytes`; both name {name}, the latter {limit} in megabytes (10⁶ bytes).
    """

    take: Callable[[str, bytes], None]
    too_large: str
    limit_bytes: int = UPLOAD_LIMIT_BYTES
    endings: tuple[str, ...] = ()
    unfit: str = ""

    def require(self, name: str, size: int) -> None:
        """Raise BadFile for a file that is not taken here."""
        if self.endings and PurePath(name).suffix.lower() not in self.endings:
            raise BadFile(self.unfit.format(name=name))
        if size > self.limit_bytes:
            raise BadFile(self.too_large.format(name=name, limit=self.limit_bytes // 1_000_000))


@dataclass(frozen=True)
class _Leaving:
    """A file on its way down."""

    token: int
    name: str
    content: bytes

    def piece(self, offset: int) -> dict[str, Any]:
        kind = _TYPES.get(PurePath(self.name).suffix) or mimetypes.guess_type(self.name)[0]
        return {
            "token": self.token,
            "name": self.name,
            "type": kind or "application/octet-stream",
            "size": len(self.content),
            "offset": offset,
            "content": base64.b64encode(memoryview(self.content)[offset : offset + PIECE_BYTES]).decode("ascii"),
        }


class Transfer(Page):
    """A page that takes files and hands out files."""

    file_received = Dict().tag(sync=True)
    file_sent = Dict().tag(sync=True)
    upload_limits = Dict().tag(sync=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._arriving = bytearray()
        self._arriving_as: tuple[str, str] = ("", "")
        self._leaving: deque[_Leaving] = deque()
        self._tokens = count(1)
        self._sent_at = 0.0
        super().__init__(*args, **kwargs)
        self.upload_limits = {name: zone.limit_bytes for name, zone in self.upload_zones().items()}

    def upload_zones(self) -> Mapping[str, Zone]:
        """Where files are taken, by the names that the view gives with them."""
        too_large = _("{name} is larger than {limit} MB. Please split it, or import it with: svc register import")
        return {"": Zone(self.uploaded, too_large)}

    def uploaded(self, name: str, content: bytes) -> None:
        """Take a file that has arrived whole. Runs in the guard of its last piece. A page that takes none refuses."""
        raise BadFile(_("This page takes no files."))

    def download(self, name: str, content: bytes) -> None:
        """Save a file of this name on the person's machine. Raises RuleBroken while too many are on their way."""
        if time.monotonic() - self._sent_at > _FORGOTTEN_SECONDS:
            self._leaving.clear()
        if len(self._leaving) >= _LEAVING_MOST:
            raise RuleBroken(_("Other files are still on their way to you. Please wait until they are saved."))
        self._leaving.append(_Leaving(next(self._tokens), name, content))
        if len(self._leaving) == 1:
            self._send_down(0)

    def _send_down(self, offset: int) -> None:
        self._sent_at = time.monotonic()
        self.file_sent = self._leaving[0].piece(offset)

    @event(Next, own=False)
    def vue_file_next(self, data: Next) -> None:
        """Send the next piece of the file that is on its way."""
        if self._leaving and self._leaving[0].token == data.token and data.offset < len(self._leaving[0].content):
            self._send_down(data.offset)

    @event()
    def vue_file_saved(self) -> None:
        """The browser has it: the page need not keep the bytes, and the next file goes."""
        if self._leaving:
            self._leaving.popleft()
        self.file_sent = {}
        if self._leaving:
            self._send_down(0)

    @event(TooLarge)
    def vue_upload_too_large(self, data: TooLarge) -> None:
        zone = self._zone(data.zone)
        zone.require(data.name, zone.limit_bytes + 1)

    @event(Piece)
    def vue_upload(self, piece: Piece) -> None:
        """Take the next piece; the first starts anew, whatever was underway."""
        zone = self._zone(piece.zone)
        zone.require(piece.name, piece.size)
        if piece.offset == 0:
            self._arriving, self._arriving_as = bytearray(), (piece.zone, piece.name)
        try:
            content = base64.b64decode(piece.content, validate=True)
        except ValueError as error:
            raise self._torn(piece.name) from error
        arrived = len(self._arriving) + len(content)
        fits = piece.offset == len(self._arriving) and (piece.zone, piece.name) == self._arriving_as
        if not fits or arrived > piece.size or (not content and arrived < piece.size):
            raise self._torn(piece.name)
        self._arriving += content
        self.file_received = {"name": piece.name, "bytes": arrived, "size": piece.size}
        if arrived == piece.size:
            whole, self._arriving = bytes(self._arriving), bytearray()
            zone.take(piece.name, whole)

    def _zone(self, name: str) -> Zone:
        zones = self.upload_zones()
        if name not in zones:
            raise BadFile(_("This page takes no files."))
        return zones[name]

    def _torn(self, name: str) -> BadFile:
        self._arriving, self._arriving_as, self.file_received = bytearray(), ("", ""), {}
        return BadFile(_("{name} did not arrive whole. Please choose it again.").format(name=name))
