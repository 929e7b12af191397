"""What the fork server imports before the first page asks. Imported by that process alone.

Standing here at import is meant: multiprocessing's fork server prepares itself by importing modules, nothing else.
An error ends the fork server, and pages are then opened as ordinary processes.
"""

from __future__ import annotations

import gc
import os
import sys
from importlib import import_module

import psutil

from svclib.logs import configure_logs

MODULES = (
    "IPython.core.logger",
    "bdb",
    "faulthandler",
    "ipecharts",
    "ipykernel.debugger",
    "ipykernel.subshell_manager",
    "ipyvuetify",
    "numpy.random",
    "openpyxl",
    "pandas.core.methods.to_dict",
    "pandas.io.formats.format",
    "pypinyin",
    "python_calamine",
    "sqlalchemy.dialects.postgresql.psycopg",
    "sqlalchemy.dialects.sqlite.pysqlite",
    "svclib.cli",  # The script that started the server is run anew in each fork: this is all that it imports.
    "svclib.pages.base",
    "svclib.pages.transfer",
    "sqlite3",
    "svclib.server.forking.child",
    "tornado.platform.asyncio",
    "xlrd",
    "xlsxwriter",
)


def warm_up() -> None:
    """Import everything a page may need; refuse to be the parent of pages with more than one thread.

    Raises RuntimeError then: a fork copies only the thread that forks, and the locks that others hold stay shut.
    """
    # Standard output belongs to the server's results; what is written there from here on, or by a page, is a log.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    configure_logs()
    # Nobody debugs a page's kernel: it would cost each of them time and memory.
    sys.modules["debugpy"] = None  # type: ignore[assignment]
    for name in MODULES:
        import_module(name)
    pages = import_module("svclib.pages")
    for name in pages.__all__:
        getattr(pages, name)
    import_module("svclib.server.forking.rehearsal").rehearse()
    # Behind the rehearsal: while there is no kernel, a widget has nobody to send to.
    import_module("svclib.server.forking.kernel_app").prepare()
    threads = psutil.Process().num_threads()
    if threads != 1:
        raise RuntimeError(f"the fork server has {threads} threads after its imports")
    gc.collect()
    import_module("svclib.server.forking.holes").fill_holes()
    gc.freeze()


warm_up()
