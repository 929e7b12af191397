"""What a forked process does first: become a page's kernel, with nothing of its parent's but the imports."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading


def run_page(connection_file: str, environment: dict[str, str], folder: str) -> None:
    """Run a kernel until it is told to end, or its server has ended.

    `environment` is handed over in memory: it stands in no command line and in no other process.
    """
    # All imported already where this runs; the server, which imports this module for the name, does without.
    import numpy

    from svclib.pages.guard import seal_kernel
    from svclib.server.forking.kernel_app import page_app

    # A group of its own: what the page starts ends with it, and Ctrl+C in the server's terminal does not reach it.
    os.setsid()
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    # A page's own modules lie in the folder that is served, where nothing is ever written.
    sys.dont_write_bytecode = True
    # The standard library's generator is seeded anew by itself.
    numpy.random.seed()
    threading.Thread(target=_end_with_server, name="server", daemon=True).start()
    app = page_app(connection_file)
    # The page classes sealed nothing when they were imported: there was no kernel yet.
    seal_kernel(app.kernel)
    app.start()  # type: ignore[no-untyped-call]


def _end_with_server() -> None:
    server = multiprocessing.parent_process()
    if server is not None:
        server.join()
    os.killpg(0, signal.SIGKILL)
