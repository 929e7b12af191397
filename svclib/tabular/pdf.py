"""PDF from Word documents, by the LibreOffice that Debian packages, where it is installed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from svclib.errors import SvcError
from svclib.i18n import gettext as _

_PROGRAMS = ("soffice", "libreoffice")
_START_SECONDS, _DOCUMENT_SECONDS = 90.0, 10.0
"""How long a run may take: to start, and for each document."""
_LOOK_SECONDS = 0.1


def pdf_blocker() -> str | None:
    """Say why no PDF can be made on this machine; None when it can."""
    if _program() is not None:
        return None
    return _(
        "No PDF can be made: LibreOffice is not installed on this server (apt install libreoffice-writer-nogui). "
        "The Word documents say the same."
    )


def _program() -> str | None:
    return next((found for name in _PROGRAMS if (found := shutil.which(name)) is not None), None)


def to_pdf(documents: Sequence[bytes], *, waiting: Callable[[], None] = lambda: None) -> list[bytes]:
    """Turn Word documents (.docx) into PDF, in their order, in one run of LibreOffice.

    `waiting` is called every tenth of a second meanwhile; what it raises ends the run and is passed on. Raises SvcError
    when LibreOffice is missing, fails or takes too long.
    """
    blocker = pdf_blocker()
    if blocker is not None:
        raise SvcError(blocker)
    if not documents:
        return []
    with tempfile.TemporaryDirectory(prefix="svc-pdf-") as name:
        folder = Path(name)
        sources = [folder / f"{number:06d}.docx" for number in range(len(documents))]
        for source, content in zip(sources, documents, strict=True):
            source.write_bytes(content)
        _convert(folder, sources, waiting)
        made = [source.with_suffix(".pdf") for source in sources]
        if not all(path.is_file() for path in made):
            raise SvcError(_("LibreOffice made no PDF of a document. The Word document can be printed instead."))
        return [path.read_bytes() for path in made]


def _convert(folder: Path, sources: Sequence[Path], waiting: Callable[[], None]) -> None:
    """Run LibreOffice with a profile of its own: two runs at a time would share one, and the second do nothing."""
    program = _program()
    assert program is not None
    profile = (folder / "profile").as_uri()
    options = ["--headless", "--norestore", "--nolockcheck", f"-env:UserInstallation={profile}", "--convert-to", "pdf"]
    # No settings of ours, and above all no key, are handed on.
    environment = {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(folder), "LANG": "C.UTF-8"}
    process = subprocess.Popen(  # noqa: S603 - a found program and names of our own
        [program, *options, "--outdir", str(folder), *map(str, sources)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment,
        cwd=folder,
        start_new_session=True,
    )
    deadline = time.monotonic() + _START_SECONDS + _DOCUMENT_SECONDS * len(sources)
    try:
        while True:
            with suppress(subprocess.TimeoutExpired):
                process.wait(_LOOK_SECONDS)
                return
            if time.monotonic() > deadline:
                raise SvcError(_("LibreOffice takes too long to make the PDF. Try again with fewer documents."))
            waiting()
    finally:
        # The program is a script that starts another one: all of them end.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
