"""Scans of signed papers: told by their content, not by their ending."""

from __future__ import annotations

import hashlib
import re
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePath

from svclib.errors import BadFile
from svclib.i18n import gettext as _
from svclib.tabular.files import Source, content_of

_MEGABYTE = 1_000_000
_TAIL_BYTES = 1024
"""Within so many last bytes a file says that it ends: scanners write a little behind."""
_NAME_MAX = 120
_NOT_IN_NAMES = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]+')


@dataclass(frozen=True, slots=True)
class _Kind:
    """How files of a kind begin, end and are called."""

    media_type: str
    endings: tuple[str, ...]
    start: bytes
    end: bytes


_KINDS = (
    _Kind("application/pdf", (".pdf",), b"%PDF-", b"%%EOF"),
    _Kind("image/jpeg", (".jpg", ".jpeg"), b"\xff\xd8\xff", b"\xff\xd9"),
    _Kind("image/png", (".png",), b"\x89PNG\r\n\x1a\n", b"IEND"),
)


@dataclass(frozen=True)
class Scan:
    """A scanned paper: a file name that every system takes, its media type, its bytes."""

    file_name: str
    media_type: str
    content: bytes

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def read_scan(source: Source, *, max_mb: int) -> Scan:
    """Read a PDF, JPEG or PNG of at most so many megabytes (10⁶ bytes).

    Raises BadFile for another kind of file, one that is cut off or too large, or one that can't be read.
    """
    if isinstance(source, Path):
        # Not read at all when it is too large; whatever else is wrong with it is told by reading it.
        with suppress(OSError):
            _require_size(source.name, source.stat().st_size, max_mb)
    given, content = content_of(source)
    _require_size(given, len(content), max_mb)
    kind = next((one for one in _KINDS if content.startswith(one.start)), None)
    if kind is None:
        raise BadFile(
            _("{file} is no PDF, JPEG or PNG, whatever its ending says. Scan it as one of them.").format(file=given)
        )
    if kind.end not in content[-_TAIL_BYTES:]:
        raise BadFile(_("{file} is cut off: its end is missing. Scan or send it again.").format(file=given))
    return Scan(_file_name(given, kind), kind.media_type, content)


def _require_size(file_name: str, size: int, max_mb: int) -> None:
    if size > max_mb * _MEGABYTE:
        told = _("{file} is larger than {limit} MB. Scan it in grey, or with fewer dots per inch.")
        raise BadFile(told.format(file=file_name, limit=max_mb))


def _file_name(given: str, kind: _Kind) -> str:
    """The given name without folders and forbidden characters, with an ending that is true."""
    name = _NOT_IN_NAMES.sub("_", re.split(r"[\\/]", given)[-1]).strip(". ")
    ending = PurePath(name).suffix.lower()
    stem, ending = (name[: -len(ending)], ending) if ending in kind.endings else (name, kind.endings[0])
    return (stem[: _NAME_MAX - len(ending)] or "_") + ending
