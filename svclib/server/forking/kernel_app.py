"""An IPython kernel without what only a person at a keyboard or a debugger needs.

What a fork touches of its parent's memory becomes its own: what is left out here is about 20 MB and 60 ms of each page.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from ipykernel import ipkernel
from ipykernel.kernelapp import IPKernelApp
from traitlets.config import Config


def page_app(connection_file: str) -> IPKernelApp:
    """The kernel of this process, listening where the connection file says."""
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "NoColor"
    # Large messages are copied: sending them in place takes a further context with three threads.
    config.Session.copy_threshold = 2**31
    # 1: no other parent is to be watched, and no hint for people at terminals is to be printed.
    app: IPKernelApp = PageApp.instance(
        config=config, connection_file=connection_file, parent_handle=1, capture_fd_output=False
    )
    app.initialize([])  # type: ignore[no-untyped-call]
    return app


class PageApp(IPKernelApp):
    """The kernel's application: told what to do in code, by no command line and no file."""

    def parse_command_line(self, argv: Any = None) -> None:
        """Nothing: options are given as objects."""

    def load_config_file(self, *_args: Any, **_kwargs: Any) -> None:
        """Nothing: no file of this machine changes a page."""

    def init_code(self) -> None:
        """Nothing: nobody's start-up scripts run in a page."""

    def init_extensions(self) -> None:
        """Nothing: IPython's extensions serve people who type."""

    def init_gui_pylab(self) -> None:
        """Nothing: charts are drawn by the browser."""

    def init_heartbeat(self) -> None:
        """Nothing: the server sees the process itself."""

    def init_pdb(self) -> None:
        """Nothing: nobody debugs here."""

    def init_kernel(self) -> None:
        # For a debugger the kernel lists the files of all modules, which alone makes 8 MB of memory this page's own.
        with patch.object(ipkernel, "sys", SimpleNamespace(modules={})):
            super().init_kernel()  # type: ignore[no-untyped-call]
