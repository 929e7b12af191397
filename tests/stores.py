"""Databases for the store tests, on both engines: filled once for all tests that begin alike, copied for each.

A copy takes a fraction of what the migrations take, and a hundredth of what a province with accounts takes.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, text

from svclib.settings import Settings
from svclib.workspace import Workspace, init_database, open_workspace

# A test's database lives for a second: nothing in it has to outlast the machine, or to be tidied up.
_QUICK = {
    "listen_addresses": "",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
    "max_wal_size": "64MB",
}
_MEMORY = Path("/dev/shm")
_ROOM_BYTES = 1 << 30
"""A server needs a third of it: databases come and go one by one."""
_STARTING_SECONDS = 20


@dataclass(frozen=True)
class Template:
    """What tests begin with: `fill` writes it into an empty database, and what it returns is kept beside it."""

    name: str
    fill: Callable[[Workspace], Any]


EMPTY = Template("empty", lambda _ws: None)


class Stores:
    """The templates of one engine, each filled when it is first asked for. `address` is a PostgreSQL server's."""

    def __init__(self, home: Path, address: str = "") -> None:
        self._home, self._address = home, address
        self._kept: dict[str, Any] = {}
        self._names = (f"test{number}" for number in count())

    def filled(self, template: Template) -> Any:
        """What filling the template has returned."""
        self._fill(template)
        return self._kept[template.name]

    @contextmanager
    def copy(self, template: Template, data_dir: Path) -> Iterator[str]:
        """Copy a template into a data folder; the address of its database, which is gone afterwards."""
        self._fill(template)
        shutil.copytree(self._home / template.name, data_dir)
        if not self._address:
            yield ""
            return
        name = next(self._names)
        self._admin.execute(text(f"CREATE DATABASE {name} TEMPLATE template_{template.name}{self._strategy}"))
        yield self._address.format(name=name)
        self._admin.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))

    def close(self) -> None:
        """Let go of the server, so that it can be stopped."""
        if "_admin" in self.__dict__:
            self._admin.close()
            self._admin.engine.dispose()

    def _fill(self, template: Template) -> None:
        if template.name in self._kept:
            return
        database = ""
        if self._address:
            name = f"template_{template.name}"
            self._admin.execute(text(f"CREATE DATABASE {name}"))
            database = self._address.format(name=name)
        settings = Settings(data_dir=self._home / template.name, database_url=database)
        init_database(settings)
        ws = open_workspace(settings)
        self._kept[template.name] = template.fill(ws)
        ws.close()

    @cached_property
    def _strategy(self) -> str:
        """Copy files, not rows through the log: what every release before 15 does."""
        return " STRATEGY FILE_COPY" if (self._admin.dialect.server_version_info or ()) >= (15,) else ""

    @cached_property
    def _admin(self) -> Connection:
        engine = create_engine(self._address.format(name="postgres"), isolation_level="AUTOCOMMIT")
        return engine.connect()


@contextmanager
def postgres() -> Iterator[str]:
    """Run a PostgreSQL server of our own, on a socket in a temporary folder; its address with a gap for the name.

    A database is hundreds of files: in memory, where there is room, they are copied twenty times as fast as on a disk.
    """
    binaries = _postgres_binaries()
    roomy = os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > _ROOM_BYTES
    # Not below pytest's folders: the path of a socket may have no more than 107 bytes.
    home = Path(mkdtemp(prefix="svcpg.", dir=_MEMORY if roomy else None))
    user = None
    if os.getuid() == 0:
        # PostgreSQL refuses to run as root.
        user = "postgres" if any(entry.pw_name == "postgres" for entry in pwd.getpwall()) else "nobody"
        shutil.chown(home, user)
    made = ["initdb", "-D", home / "db", "-U", "svc", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N"]
    done = subprocess.run([binaries / made[0], *made[1:]], check=False, user=user, cwd=home, capture_output=True)
    if done.returncode:
        pytest.fail(f"initdb failed: {done.stderr.decode(errors='replace')}")
    command = [binaries / "postgres", "-D", home / "db", "-k", home]
    command += [word for name, value in _QUICK.items() for word in ("-c", f"{name}={value}")]
    # Into a file: a pipe that nobody reads is full after some hundred lines, and the server then stands still.
    log = home.with_name(f"{home.name}.log")
    with log.open("wb") as lines:
        server = subprocess.Popen(command, user=user, cwd=home, stdout=subprocess.DEVNULL, stderr=lines)
    try:
        end = time.monotonic() + _STARTING_SECONDS
        while subprocess.run([binaries / "pg_isready", "-q", "-h", home], check=False).returncode:
            if server.poll() is not None or time.monotonic() > end:
                pytest.fail(f"PostgreSQL did not start: {log.read_text(errors='replace')}")
            time.sleep(0.05)
        yield f"postgresql+psycopg://svc@/{{name}}?host={home}"
    finally:
        server.terminate()
        server.wait(20)
        shutil.rmtree(home, ignore_errors=True)
        log.unlink()


def _postgres_binaries() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    on_path = shutil.which("initdb")
    if found:
        return found[-1].parent
    if on_path:
        return Path(on_path).resolve().parent
    pytest.fail("PostgreSQL's server is not installed. Run: make test (as root), or apt-get install postgresql")
