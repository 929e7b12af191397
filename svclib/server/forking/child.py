"""What a forked process does first: become a page's kernel, with nothing of its parent's but the imports."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Sequence


def run_page(arguments: Sequence[str], environment: dict[str, str], folder: str) -> None:
    """Run a kernel until it is told to end, or its server has ended.

    `environment` is handed over in memory: it stands in no command line and in no other process.
    """
    # All imported already where this runs; the server, which imports this module for the name, does without.
    import numpy
    from ipykernel.kernelapp import IPKernelApp

    from svclib.pages.guard import seal_kernel

    # A group of its own: what the page starts ends with it, and Ctrl+C in the server's terminal does not reach it.
    os.setsid()
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    # The standard library's generator is seeded anew by itself.
    numpy.random.seed()
    threading.Thread(target=_end_with_server, name="server", daemon=True).start()
    # 1: no other parent is to be watched, and no hint for people at terminals is to be printed.
    app = IPKernelApp.instance(parent_handle=1)
    app.initialize(list(arguments))  # type: ignore[no-untyped-call]
    # The page classes sealed nothing when they were imported: there was no kernel yet.
    seal_kernel(app.kernel)
    app.start()  # type: ignore[no-untyped-call]


def _end_with_server() -> None:
    server = multiprocessing.parent_process()
    if server is not None:
        server.join()
    os.killpg(0, signal.SIGKILL)
