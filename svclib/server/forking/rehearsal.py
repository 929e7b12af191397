"""Each page opened once on a register that nobody uses, in the warm process: what that makes once is made before forks.

Python specialises code that has run a few times, compiles patterns, fills caches and makes many objects at their first
use. Made in the parent, all of that is shared by the pages; made after the fork, each page makes its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psutil
import structlog
from ipywidgets.widgets.widget import _instances
from sqlalchemy import Engine, make_url
from sqlalchemy.exc import SQLAlchemyError

import svclib.pages
from svclib.server.forking.stage import TICKET, make_register
from svclib.server.forking.statements import Statement, compile_ahead, listening
from svclib.settings import Settings, keep_settings
from svclib.workspace import Workspace
from svclib.workspace.database import check_database
from svclib.workspace.engine import elsewhere, keep_engine, make_engine
from svclib.workspace.identity import by_ticket

_TIMES = 3


def rehearse() -> None:
    """Open and close each page a few times on a register of its own, of which nothing remains.

    That register lies in a folder that is removed again, with its keys. The pages get an engine for the server's own
    database with all that was compiled: where that is a SQLite file, the engine that has opened the other one. A page
    that cannot be rehearsed is logged and left out, all of them where no register can be made: it opens all the same,
    and makes for itself what the others share. Raises RuntimeError when a file of the register is still open, which
    forks would share.
    """
    real = keep_settings().url
    with TemporaryDirectory(prefix="svc-rehearsal-") as name:
        folder = Path(name).resolve()
        own: dict[str, Any] = {"data_dir": folder, "database_url": "", "secret_file": None, "anchor_file": None}
        settings = Settings(**own)
        # By a process of its own: what makes tables is never needed by a page, and would lie between what pages share.
        making = get_context("fork").Process(target=make_register, args=(settings,))
        making.start()
        making.join()
        if making.exitcode != 0:
            structlog.get_logger().warning("pages not rehearsed", register_exit_code=making.exitcode)
            return
        alike = real.startswith("sqlite")
        engine = make_engine(real if alike else settings.url)
        with elsewhere(engine, Path(make_url(settings.url).database or "")), listening(engine) as statements:
            for page in svclib.pages.__all__:
                try:
                    for _time in range(_TIMES):
                        with _workspace(settings, engine) as workspace, _no_widget_left():
                            getattr(svclib.pages, page)(workspace)
                except Exception as error:
                    structlog.get_logger().warning("page not rehearsed", page=page, reason=repr(error))
            engine.dispose()
        if alike:
            keep_engine(real, engine)
        else:
            _keep_for(real, statements)
        if any(Path(file.path).is_relative_to(folder) for file in psutil.Process().open_files()):
            raise RuntimeError("the fork server still has a database open")


def _keep_for(address: str, statements: Sequence[Statement]) -> None:
    """Have the pages get an engine for this address that has compiled these; the server opens without, if it must."""
    engine = make_engine(address)
    try:
        compile_ahead(engine, statements)
    except SQLAlchemyError as error:
        structlog.get_logger().warning("statements not compiled ahead", reason=type(error).__name__)
    keep_engine(address, engine)


@contextmanager
def _workspace(settings: Settings, engine: Engine) -> Iterator[Workspace]:
    workspace = Workspace(settings, engine=engine, identity=by_ticket(TICKET, settings))
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
