"""Files between a page and its browser: through the page's own events, never through the server's disk.

A page that wants it derives from `Transfer`, adds the component and places it once in its view:

    components = {"svc-transfer": transfer_view(), …}

    <svc-transfer ref="transfer" :file="file_sent" :received="file_received" :limit="upload_limit_bytes" :waiting="busy"
                  @piece="upload" @saved="file_saved" @large="upload_too_large" @underway="sending = $event" />

A chosen or dropped file goes up with `this.$refs.transfer.send(file)` and arrives whole in `uploaded(name, content)`;
`file_received` ({name, bytes, size}) follows it. `self.download(name, content)` saves a file on the person's machine.
"""

from __future__ import annotations

import base64
import mimetypes
import re
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from traitlets import Dict, Int

from svclib.errors import BadFile
from svclib.i18n import gettext as _
from svclib.pages.base import Page, event

UPLOAD_LIMIT_BYTES = 20 * 1024 * 1024
_PIECE_CHARACTERS = 1_000_000
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


class Piece(BaseModel):
    """One piece of a file on its way up: `content` is base64, `offset` and `size` are in bytes."""

    model_config = ConfigDict(extra="forbid", strict=True)

    name: FileName
    size: int = Field(ge=0)
    offset: int = Field(ge=0)
    content: str = Field(max_length=_PIECE_CHARACTERS)


class Transfer(Page):
    """A page that takes files and hands out files."""

    file_received = Dict().tag(sync=True)
    file_sent = Dict().tag(sync=True)
    upload_limit_bytes = Int(UPLOAD_LIMIT_BYTES).tag(sync=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._arriving = bytearray()
        self._arriving_name = ""
        super().__init__(*args, **kwargs)

    def uploaded(self, name: str, content: bytes) -> None:
        """Take a file that has arrived whole. Runs in the guard of its last piece. A page that takes none refuses."""
        raise BadFile(_("This page takes no files."))

    def download(self, name: str, content: bytes) -> None:
        """Save a file of this name on the person's machine."""
        kind = _TYPES.get(Path(name).suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
        self.file_sent = {"name": name, "type": kind, "content": base64.b64encode(content).decode("ascii")}

    @event()
    def vue_file_saved(self) -> None:
        """The browser has it: the page need not keep the bytes."""
        self.file_sent = {}

    @event(FileName)
    def vue_upload_too_large(self, name: str) -> None:
        raise self._too_large(name)

    @event(Piece)
    def vue_upload(self, piece: Piece) -> None:
        """Take the next piece; the first starts anew, whatever was underway."""
        if piece.size > self.upload_limit_bytes:
            raise self._too_large(piece.name)
        if piece.offset == 0:
            self._arriving, self._arriving_name = bytearray(), piece.name
        try:
            content = base64.b64decode(piece.content, validate=True)
        except ValueError as error:
            raise self._torn(piece.name) from error
        arrived = len(self._arriving) + len(content)
        fits = piece.offset == len(self._arriving) and piece.name == self._arriving_name
        if not fits or arrived > piece.size or (not content and arrived < piece.size):
            raise self._torn(piece.name)
        self._arriving += content
        self.file_received = {"name": piece.name, "bytes": arrived, "size": piece.size}
        if arrived == piece.size:
            whole, self._arriving = bytes(self._arriving), bytearray()
            self.uploaded(piece.name, whole)

    def _too_large(self, name: str) -> BadFile:
        return BadFile(
            _("{name} is larger than {limit} MB. Please split it, or import it with: svc register import").format(
                name=name, limit=self.upload_limit_bytes // 1024**2
            )
        )

    def _torn(self, name: str) -> BadFile:
        self._arriving, self._arriving_name, self.file_received = bytearray(), "", {}
        return BadFile(_("{name} did not arrive whole. Please choose it again.").format(name=name))
