"""What the server looks after beside answering: ended logins, logins in use, the anchor of each day."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from itertools import count

from svclib.logs import log_unexpected
from svclib.server.asking import Asking
from svclib.server.kernels import PageKernel, PageKernels
from svclib.settings import Settings
from svclib.workspace.audit.anchors import anchor_daily

EVERY_SECONDS = 3.0
NOTED_EVERY = 10
"""Looks between two notes of which logins are in use: a note is a write, for which others wait."""
ANCHOR_LOOK_SECONDS = 600.0
"""Between two looks whether the office's day has its anchor yet."""
_IN_USE = timedelta(seconds=EVERY_SECONDS * NOTED_EVERY)


async def watch_logins(asking: Asking, kernels: PageKernels) -> None:
    """Look every three seconds, until cancelled."""
    for turn in count():
        await asyncio.sleep(EVERY_SECONDS)
        try:
            await look_once(asking, kernels, note=turn % NOTED_EVERY == 0)
        except Exception as error:
            # A database that does not answer now may answer in three seconds: the watch must not end.
            log_unexpected(error, where="watch_logins")


async def anchor_each_day(settings: Settings) -> None:
    """Note where the trail ends, once on each day of the office, until cancelled; the first time at once."""
    while True:
        try:
            await asyncio.to_thread(anchor_daily, settings)
        except Exception as error:
            # A full disk now is no reason to note nothing tomorrow.
            log_unexpected(error, where="anchor_each_day")
        await asyncio.sleep(ANCHOR_LOOK_SECONDS)


async def look_once(asking: Asking, kernels: PageKernels, *, note: bool) -> None:
    """End the pages of logins that have ended; note those in use, where asked to."""
    owners = {kernel_id: page.owner.session_id for kernel_id, page in kernels.pages.items() if page.owner}
    if not owners:
        return
    living = await asking(asking.access.living, set(owners.values()))
    for session_id in set(owners.values()) - living:
        await kernels.end_pages(session_id=session_id)
    used = {session_id for kernel_id, session_id in owners.items() if _in_use(kernels, kernel_id)}
    if note and used & living:
        await asking(asking.access.touch, used & living)


def _in_use(kernels: PageKernels, kernel_id: str) -> bool:
    kernel = kernels.get_kernel(kernel_id) if kernel_id in kernels else None
    used = kernel.last_used() if isinstance(kernel, PageKernel) else None
    return used is not None and datetime.now(UTC) - used < _IN_USE
