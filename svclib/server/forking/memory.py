"""A ceiling for the memory of a page's process, set from outside so that the page needs no part in it."""

from __future__ import annotations

import resource
from pathlib import Path

# What an ordinary process, which shares nothing, takes for its imports and threads before any work of its own.
_IMPORTS_BYTES = 1024**3


def limit_memory(pid: int | None, own_bytes: int, *, shared: bool) -> None:
    """Let a process take so much memory of its own, and no more: what goes beyond is a MemoryError in it.

    Counted is private writable memory (RLIMIT_DATA), from what a fork has at birth (`shared`). Does nothing for 0
    bytes, for a process that is gone, and where the system knows no such limit for other processes.
    """
    if not own_bytes or not pid or not hasattr(resource, "prlimit"):
        return
    try:
        born_with = _data_bytes(pid) if shared else _IMPORTS_BYTES
        # The hard limit stays: a search for a plan, which is a process of its own, sets itself another one.
        _soft, hard = resource.prlimit(pid, resource.RLIMIT_DATA)
        resource.prlimit(pid, resource.RLIMIT_DATA, (born_with + own_bytes, hard))
    except (FileNotFoundError, ProcessLookupError):
        return


def _data_bytes(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmData:"))
    return int(line.split()[1]) * 1024
