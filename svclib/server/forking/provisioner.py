"""The server's side of a forked page: start it, watch it, end it."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import active_children, forkserver, get_context
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

import structlog
from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.manager import KernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from svclib.server.forking.child import run_page
from svclib.server.forking.memory import limit_memory

PRELOAD = ["svclib.server.forking.warm"]
# Where forking failed it is not tried again for so long: each try waits for the imports.
_REST_SECONDS = 300

# A fork takes milliseconds, but a fork server that is still importing lets wait: never in the server's event loop.
_forks = ThreadPoolExecutor(1, thread_name_prefix="forks")


def start_fork_server() -> None:
    """Let the fork server begin its imports, which take some seconds, while nobody waits for a page yet."""
    # Libraries for linear algebra start a thread for each core when imported; a process that forks may have one only.
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    get_context("forkserver").set_forkserver_preload(PRELOAD)
    try:
        forkserver.ensure_running()
    except OSError as error:
        structlog.get_logger().warning("no fork server, pages are started as ordinary processes", reason=repr(error))


def end_forks() -> None:
    """Kill what may be left of pages: a process that ends waits for its children, which wait for it."""
    _forks.shutdown(cancel_futures=True)
    for process in active_children():
        process.kill()


class Fork:
    """A forked process, with as much of `subprocess.Popen` as `LocalProvisioner` uses."""

    stdin = stdout = stderr = None

    def __init__(self, process: ForkServerProcess) -> None:
        self._process = process
        self.pid = process.pid

    def poll(self) -> int | None:
        """The exit code, negative for a signal; None while it runs."""
        return self._process.exitcode

    def wait(self) -> int | None:
        """Wait for its end and let go of what the server holds of it."""
        self._process.join()
        code = self._process.exitcode
        self._process.close()
        return code

    def send_signal(self, number: int) -> None:
        """Signal the page and whatever it has started; nothing when it has ended."""
        if self.pid is None or self.poll() is not None:
            return
        try:
            os.killpg(self.pid, number)
        except ProcessLookupError:
            # So young that it leads no group yet.
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


class ForkingProvisioner(LocalProvisioner):
    """Pages as forks of the warm process; where forking fails, as ordinary processes, with a line in the log."""

    memory_bytes = 0
    """How much memory a page may take for itself; 0 for no limit."""
    _rest_until = 0.0

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Fork a page's process. `cmd` is the command of an ordinary kernel, `kwargs` what Popen would take."""
        environment = plain(kwargs.pop("env", os.environ))
        if time.monotonic() >= ForkingProvisioner._rest_until:
            folder = str(kwargs.get("cwd") or Path.cwd())
            start = asyncio.get_running_loop().run_in_executor
            try:
                process = await start(_forks, _fork, self.connection_file(), environment, folder)
            except (OSError, EOFError) as error:
                ForkingProvisioner._rest_until = time.monotonic() + _REST_SECONDS
                structlog.get_logger().warning("page not forked, started as an ordinary process", reason=repr(error))
            else:
                self.process = Fork(process)  # type: ignore[assignment]
                self.pid = process.pid
                limit_memory(process.pid, self.memory_bytes, shared=True)
                return self.connection_info
        launched = await super().launch_kernel(cmd, env=environment, **kwargs)
        limit_memory(self.pid, self.memory_bytes, shared=False)
        return launched

    def connection_file(self) -> str:
        """The file that says where the kernel listens, and with which key its messages are signed."""
        manager = self.parent
        assert isinstance(manager, KernelManager)
        return str(manager.connection_file)


def plain(environment: Mapping[str, str]) -> dict[str, str]:
    """The same variables as plain strings: Voila's enum keys would make each fork import Voila to unpickle them."""
    return {str.__str__(name): str.__str__(value) for name, value in environment.items()}


def _fork(connection_file: str, environment: dict[str, str], folder: str) -> ForkServerProcess:
    process = get_context("forkserver").Process(target=run_page, args=(connection_file, environment, folder))
    process.start()
    return process
