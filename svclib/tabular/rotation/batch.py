"""Everything that a published plan is announced with, in one archive: notices, letters, calendars."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from svclib.errors import SvcError
from svclib.tabular.documents import Template
from svclib.tabular.pdf import pdf_blocker, to_pdf
from svclib.tabular.rotation.notices import (
    LETTER_TEMPLATE,
    NOTICE_TEMPLATE,
    Announcement,
    calendar_file,
    letter_context,
    notice_context,
)

Progress = Callable[[int, int], None]
"""Told how many files of how many are done. What it raises stops the work and is passed on: that is how to cancel."""

_TOGETHER = 20
"""Documents in one run of LibreOffice: starting it takes as long as some of them."""
_NOT_IN_NAMES = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]+')
_NAME_MAX = 60
_YEAR_MIN = 1980
"""An archive knows no earlier day."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What the archive is to hold. `pdf`: beside each Word document the same as PDF."""

    notices: bool = True
    letters: bool = True
    calendars: bool = True
    pdf: bool = False


@dataclass(frozen=True, slots=True)
class _Job:
    """A file to make."""

    name: str
    day: date
    make: Callable[[], bytes]
    is_document: bool = True


def write_batch(
    out: BinaryIO,
    announcements: Sequence[Announcement],
    *,
    contents: Contents | None = None,
    templates: Path | None = None,
    progress: Progress = lambda _done, _total: None,
) -> int:
    """Write an archive (.zip) with a folder for each unit into `out`, and tell the number of its files.

    The progress is told before the first file, after each one, and every tenth of a second while PDF is made. Raises
    BadFile for a template that can't be filled, SvcError when PDF is asked for and can't be made.
    """
    contents = contents or Contents()
    blocker = pdf_blocker() if contents.pdf else None
    if blocker is not None:
        raise SvcError(blocker)
    jobs = list(_jobs(announcements, contents, templates))
    total = len(jobs) + (sum(job.is_document for job in jobs) if contents.pdf else 0)
    done = 0
    progress(done, total)
    with zipfile.ZipFile(out, "w") as archive:
        for start in range(0, len(jobs), _TOGETHER):
            documents: list[tuple[_Job, bytes]] = []
            for job in jobs[start : start + _TOGETHER]:
                content = job.make()
                _add(archive, job.name, job.day, content)
                done += 1
                progress(done, total)
                if contents.pdf and job.is_document:
                    documents.append((job, content))
            made = to_pdf([content for _job, content in documents], waiting=partial(progress, done, total))
            for (job, _content), pdf in zip(documents, made, strict=True):
                _add(archive, str(PurePosixPath(job.name).with_suffix(".pdf")), job.day, pdf)
                done += 1
                progress(done, total)
    return total


def _jobs(announcements: Sequence[Announcement], contents: Contents, templates: Path | None) -> Iterator[_Job]:
    """The files to make, each under a name of its own; the templates are read once."""
    notice = Template(NOTICE_TEMPLATE, templates) if contents.notices else None
    letter = Template(LETTER_TEMPLATE, templates) if contents.letters else None
    names = _Names()
    for one in announcements:
        folder, day = names.free("", one.unit), one.issued_on
        if notice is not None:
            yield _Job(f"{folder}/{NOTICE_TEMPLATE}", day, partial(_filled, notice, partial(notice_context, one)))
        for trainee in one.trainees:
            number = f"_{trainee.employee_no}" if trainee.employee_no else ""
            name = names.free(folder, f"{trainee.name}{number}")
            if letter is not None:
                context = partial(letter_context, one, trainee)
                yield _Job(f"{name}_通知书.docx", day, partial(_filled, letter, context))
            if contents.calendars:
                yield _Job(f"{name}_日历.ics", day, partial(calendar_file, one, trainee), is_document=False)


def _filled(template: Template, context: Callable[[], dict[str, object]]) -> bytes:
    return template.fill(context())


def _add(archive: zipfile.ZipFile, name: str, day: date, content: bytes) -> None:
    entry = zipfile.ZipInfo(name, (max(day.year, _YEAR_MIN), day.month, day.day, 0, 0, 0))
    entry.external_attr = 0o644 << 16
    # Word and PDF files are compressed in themselves.
    entry.compress_type = zipfile.ZIP_DEFLATED if name.endswith(".ics") else zipfile.ZIP_STORED
    archive.writestr(entry, content)


class _Names:
    """Names that every system can unpack, each given once."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def free(self, folder: str, wanted: str) -> str:
        clean = _NOT_IN_NAMES.sub("_", wanted).strip(". ")[:_NAME_MAX] or "_"
        stem = f"{folder}/{clean}" if folder else clean
        name, number = stem, 1
        while name.casefold() in self._taken:
            number += 1
            name = f"{stem}_{number}"
        self._taken.add(name.casefold())
        return name
