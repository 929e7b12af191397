"""Each page opened once on a register that nobody uses, in the warm process: what that makes once is made before forks.

Python specialises code that has run a few times, compiles patterns, fills caches and makes many objects at their first
use. Made in the parent, all of that is shared by the pages; made after the fork, each page makes its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psutil
import structlog
from ipywidgets.widgets.widget import _instances
from sqlalchemy import Engine, make_url

import svclib.pages
from svclib.settings import Settings, load_settings
from svclib.workspace import Workspace, init_database
from svclib.workspace.database import check_database
from svclib.workspace.engine import elsewhere, keep_engine, make_engine

_TIMES = 3


def rehearse() -> None:
    """Open and close each page a few times on an empty register of its own, of which nothing remains.

    No setting of the server names that register: its address and its keys are of a folder that is removed again.
    A page that cannot be rehearsed is logged and left out: it opens all the same, and makes for itself what the others
    share. Raises RuntimeError when a file of the register is still open, which forks would share.
    """
    with TemporaryDirectory(prefix="svc-rehearsal-") as name:
        folder = Path(name).resolve()
        own: dict[str, Any] = {"data_dir": folder, "database_url": "", "secret_file": None, "anchor_file": None}
        settings = Settings(**own)
        # By a process of its own: what makes tables is never needed by a page, and would lie between what pages share.
        making = get_context("fork").Process(target=init_database, args=(settings,))
        making.start()
        making.join()
        with _engine(settings) as engine:
            for page in svclib.pages.__all__:
                try:
                    for _time in range(_TIMES):
                        with _workspace(settings, engine) as workspace, _no_widget_left():
                            getattr(svclib.pages, page)(workspace)
                except Exception as error:
                    structlog.get_logger().warning("page not rehearsed", page=page, reason=repr(error))
        if any(Path(file.path).is_relative_to(folder) for file in psutil.Process().open_files()):
            raise RuntimeError("the fork server still has a database open")


@contextmanager
def _engine(settings: Settings) -> Iterator[Engine]:
    """The engine of the server's own register, where that is a SQLite file, opening the rehearsal's file instead.

    The pages find it with all that was compiled. What is in another database speaks another dialect of SQL: that is
    compiled anew by each page.
    """
    url = load_settings().url
    url = url if url.startswith("sqlite") else settings.url
    engine = make_engine(url)
    with elsewhere(engine, Path(make_url(settings.url).database or "")):
        yield engine
    keep_engine(url, engine)


@contextmanager
def _workspace(settings: Settings, engine: Engine) -> Iterator[Workspace]:
    workspace = Workspace(settings, engine=engine)
    try:
        check_database(workspace.engine)
        yield workspace
    finally:
        workspace.close()


@contextmanager
def _no_widget_left() -> Iterator[None]:
    """Close the widgets made inside: those that live are told to each browser that asks."""
    before = set(_instances)
    try:
        yield
    finally:
        for model in set(_instances) - before:
            widget = _instances.get(model)
            if widget is not None:
                widget.close()
