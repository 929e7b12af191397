"""`svc serve` as a process of its own: started on a free port, visited, looked into and stopped.

Whoever tests or measures a running suite starts it here, be it with a real browser, a scripted one or none.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from sqlite3 import connect
from types import MappingProxyType
from urllib.parse import urlsplit

import httpx
import nbformat
import psutil
import pytest

from svclib.demo import DEMO_PASSWORD
from svclib.models import Role, label
from svclib.settings import Settings
from svclib.workspace import Workspace, init_database, open_workspace
from svclib.workspace.filling import fill_accounts
from tests.server.client import PageClient
from tests.visits import visitor

SVC = Path(sys.executable).with_name("svc")
DATABASE = "svc.db"
HELLO = Path(__file__).parent / "apps" / "hello"
HELLO_APPS = {
    "hello": ["from hello_page import HelloPage", "HelloPage()"],
    "broken": ["secret = 'a secret value'", "1 / 0"],
}
"""Apps made of the code in HELLO: one that works, and one whose page cannot be made."""


@dataclass
class Server:
    """A running `svc serve`: its address with the path it serves under, its process, its data folder, its log."""

    address: str
    process: subprocess.Popen[str]
    settings: Settings
    log: Path
    visitors: dict[str, httpx.Client] = field(default_factory=dict)

    @property
    def data_dir(self) -> Path:
        return self.settings.data_dir

    @property
    def port(self) -> int:
        return int(urlsplit(self.address).port or 0)

    @cached_property
    def ws(self) -> Workspace:
        """The server's own database, opened beside it until it stops."""
        return open_workspace(self.settings)

    def visitor(self, username: str = "hr") -> httpx.Client:
        """Somebody who is logged in, once for each server and account."""
        if username not in self.visitors:
            self.visitors[username] = visitor(self.address, username)
        return self.visitors[username]

    def cookies(self, username: str = "hr") -> dict[str, str]:
        """What the browser of somebody who is logged in sends."""
        return {cookie.name: cookie.value or "" for cookie in self.visitor(username).cookies.jar}

    def browser_cookies(self, username: str = "hr") -> list[dict[str, str]]:
        """The same, as a browser's driver takes them."""
        return [{"name": name, "value": value, "url": self.address} for name, value in self.cookies(username).items()]

    def kernels(self) -> set[int]:
        """The process numbers of the pages' kernels that are running: each leads a session of its own."""
        descendants = psutil.Process(self.process.pid).children(recursive=True)
        return {child.pid for child in descendants if _is_kernel(child)}

    def drop_forks(self) -> None:
        """End what it makes ready for its first page, several seconds of work: a page that is opened starts it anew."""
        for child in psutil.Process(self.process.pid).children():
            if "forkserver" in " ".join(child.cmdline()):
                child.kill()

    def restore(self, data_dir: Path) -> None:
        """Make its data what they are in this folder, as a backup put back under a running server would."""
        self._forget()
        with closing(connect(data_dir / DATABASE)) as kept, closing(connect(self.data_dir / DATABASE)) as own:
            kept.backup(own)
        for path in self.data_dir.iterdir():
            if path.is_dir():
                shutil.rmtree(path)
            elif not path.name.startswith(DATABASE):
                path.unlink()
        for path in data_dir.iterdir():
            if path.is_dir():
                shutil.copytree(path, self.data_dir / path.name)
            elif not path.name.startswith(DATABASE):
                shutil.copy(path, self.data_dir)

    def _forget(self) -> None:
        for client in self.visitors.values():
            client.close()
        self.visitors.clear()
        if "ws" in self.__dict__:
            self.ws.close()
            del self.ws

    def stop(self) -> None:
        """End the server as an office does, and let go of its database. Nothing happens to one that has ended."""
        self._forget()
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(20)


def _is_kernel(process: psutil.Process) -> bool:
    try:
        return os.getsid(process.pid) == process.pid and process.status() != psutil.STATUS_ZOMBIE
    except (ProcessLookupError, psutil.NoSuchProcess):
        return False


def environment(settings: Settings) -> dict[str, str]:
    """A child's environment: this data folder and database, the demo's day, no other setting."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SVC_")}
    place = {"SVC_DATA_DIR": str(settings.data_dir), "SVC_DATABASE_URL": settings.database_url}
    return kept | place | {"SVC_TODAY": "2026-08-20"}


def svc(*arguments: str, data_dir: Path) -> subprocess.CompletedProcess[str]:
    """Run `svc` to its end, as a process."""
    command, variables = [str(SVC), *arguments], environment(Settings(data_dir=data_dir))
    return subprocess.run(command, env=variables, capture_output=True, text=True, check=False, timeout=120)


def serve(
    place: Settings | Path, apps: Path | None, log: Path, *options: str, settings: Mapping[str, str] | None = None
) -> Server:
    """Start `svc serve` for a data folder on a free port and wait until it has told its address.

    `apps` is a folder of apps in place of the suite's own; `settings` are further variables.
    """
    place = Settings(data_dir=place) if isinstance(place, Path) else place
    command = [str(SVC), "serve", "--port", "0", *options]
    if apps is not None:
        command += ["--apps", str(apps)]
    variables = environment(place) | dict(settings or {})
    with log.open("w") as errors:
        process = subprocess.Popen(command, env=variables, stdout=subprocess.PIPE, stderr=errors, text=True)
    assert process.stdout is not None
    line = process.stdout.readline()
    told = re.search(r"http://127\.0\.0\.1:\d+/\S*", line)
    if told is None:
        process.kill()
        pytest.fail(f"svc serve did not start: {line}{log.read_text()}")
    return Server(told.group(), process, place, log)


def browse(server: Server, app: str = "hello", username: str = "hr") -> PageClient:
    """A scripted browser of somebody who is logged in, about to open an app."""
    cookie = "; ".join(f"{name}={value}" for name, value in server.cookies(username).items())
    return PageClient(server.address, app, cookie=cookie)


def small_suite(
    home: Path,
    notebooks: Mapping[str, Sequence[str]],
    pages: Path | None = None,
    roles: Mapping[str, str] = MappingProxyType({"hr": "hr"}),
) -> tuple[Path, Path]:
    """A data folder with accounts and nothing else, and a folder of apps: notebooks of these cells, these pages' code.

    `roles` names each account and its role; all have the demo's password.
    """
    settings, apps = Settings(data_dir=home / "data"), home / "apps"
    init_database(settings)
    accounts = [{"username": name, "role": role, "display_name": label(Role(role))} for name, role in roles.items()]
    fill_accounts(settings, accounts, DEMO_PASSWORD)
    if pages is None:
        apps.mkdir()
    else:
        shutil.copytree(pages, apps)
    write_apps(apps, notebooks)
    return settings.data_dir, apps


def write_apps(folder: Path, notebooks: Mapping[str, Sequence[str]]) -> None:
    """Write notebooks of these cells into a folder, each an app."""
    for name, cells in notebooks.items():
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in cells])
        nbformat.write(notebook, folder / f"{name}.ipynb")


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def wait_for(true: Callable[[], bool], seconds: float) -> bool:
    """Whether it became true in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.05)
    return true()
