"""An IPython kernel without what only a person at a keyboard or a debugger needs, made in two steps.

What a fork touches of its parent's memory becomes its own. So all that is the same in each page is made before the
fork (`prepare`), and what belongs to one page afterwards (`page_app`): its sockets, threads, keys and names.
"""

from __future__ import annotations

import sys
import uuid
from logging import LogRecord
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import zmq
from ipykernel import ipkernel
from ipykernel.control import ControlThread
from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp
from ipykernel.shellchannel import ShellChannelThread
from jupyter_client.session import Session
from traitlets.config import Config
from zmq.eventloop.zmqstream import ZMQStream


def prepare() -> None:
    """Make this process's kernel as far as one goes without sockets, threads and keys. To be called before a fork."""
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "NoColor"
    # Large messages are copied: sending them in place takes a further context with three threads.
    config.Session.copy_threshold = 2**31
    # 1: no other parent is to be watched, and no hint for people at terminals is to be printed.
    # What is printed goes where the server's log goes, not to the browser.
    streams = {"outstream_class": None, "capture_fd_output": False}
    app: PageApp = PageApp.instance(config=config, parent_handle=1, **streams)
    app.prepare()


def page_app(connection_file: str) -> IPKernelApp:
    """The prepared kernel, listening where the connection file says. To be called once, after the fork."""
    app: PageApp = PageApp.instance()
    app.connect(connection_file)
    return app


def _unforeseen(record: LogRecord) -> bool:
    """Whether a line of the kernel's log tells something. Two warnings of each start are of what is meant to be so."""
    # There is no debugger; and the server talks to its own kernels over loopback, with signed messages.
    return not record.getMessage().startswith(
        ("debugpy_stream undefined", "Kernel is running over TCP without encryption")
    )


class PageApp(IPKernelApp):
    """The kernel's application: told what to do in code, by no command line and no file."""

    def prepare(self) -> None:
        """Take the steps of `initialize` that are the same for all pages."""
        super(IPKernelApp, self).initialize([])  # type: ignore[no-untyped-call]
        self.log.addFilter(_unforeseen)
        # For a debugger the kernel lists the files of all modules, which alone makes 8 MB of memory this page's own.
        with patch.object(ipkernel, "sys", SimpleNamespace(modules={})):
            self.kernel = IPythonKernel.instance(
                parent=self, log=self.log, profile_dir=self.profile_dir, user_ns=self.user_ns
            )
        self.init_shell()  # type: ignore[no-untyped-call]
        # Asking a class without annotations for them gives it some, and voids what Python has noted of all classes
        # below it. zmq asks those of its sockets, down to `Generic`, below which stands most of SQLAlchemy.
        for kind in (*zmq.Socket.__mro__, *zmq.Context.__mro__):
            getattr(kind, "__annotations__", None)

    def connect(self, connection_file: str) -> None:
        """Take the other steps of `initialize`: what belongs to one page."""
        self.connection_file = connection_file
        # A session signs with the page's key, names its sender, and belongs to one process.
        self.session = Session(parent=self)
        self.init_connection_file()  # type: ignore[no-untyped-call]
        self.init_sockets()  # type: ignore[no-untyped-call]
        self.write_connection_file()
        self.log_connection_info()  # type: ignore[no-untyped-call]
        self.init_io()  # type: ignore[no-untyped-call]
        self.init_signal()  # type: ignore[no-untyped-call]
        self._attach(self.kernel)
        # The fork has been given the path of its server's modules anew.
        self.init_path()  # type: ignore[no-untyped-call]
        sys.stdout.flush()
        sys.stderr.flush()

    def _attach(self, kernel: IPythonKernel) -> None:
        """Give the kernel its sockets, as IPKernelApp.init_kernel and IPythonKernel.__init__ do in one."""
        self.shell_channel_thread.shell_stream = ZMQStream(self.shell_socket, self.shell_channel_thread.io_loop)
        kernel.control_stream = ZMQStream(self.control_socket, self.control_thread.io_loop)
        self.control_thread.start()
        self.shell_channel_thread.start()
        kernel.ident = str(uuid.uuid4())
        kernel.session = self.session
        kernel.shell_stream = self.shell_channel_thread.shell_stream
        kernel.control_thread, kernel.shell_channel_thread = self.control_thread, self.shell_channel_thread
        kernel.iopub_thread, kernel.iopub_socket = self.iopub_thread, self.iopub_socket
        kernel.stdin_socket = self.stdin_socket
        kernel._stdout, kernel._stderr = sys.stdout, sys.stderr
        kernel.record_ports({f"{name}_port": port for name, port in self._ports.items()})  # type: ignore[no-untyped-call]
        shell: Any = kernel.shell
        for publisher in (shell.displayhook, shell.display_pub):
            publisher.session, publisher.pub_socket = kernel.session, kernel.iopub_socket
        shell.displayhook.topic = kernel._topic("execute_result")  # type: ignore[no-untyped-call]
        self.displayhook.get_execution_count = lambda: kernel.execution_count

    def init_control(self, context: Any) -> None:
        """The channel of orders alone: without the two sockets of a debugger, and with the threads of all kernels."""
        self.control_socket = context.socket(zmq.ROUTER)
        self.control_socket.linger = 1000
        self._apply_curve_server_options(self.control_socket)
        self.control_port = self._bind_socket(self.control_socket, self.control_port)  # type: ignore[no-untyped-call]
        self.control_socket.router_handover = 1
        self.control_thread = ControlThread(daemon=True)  # type: ignore[no-untyped-call]
        self.shell_channel_thread = ShellChannelThread(context, daemon=True)

    def parse_command_line(self, argv: Any = None) -> None:
        """Nothing: options are given as objects."""

    def load_config_file(self, *_args: Any, **_kwargs: Any) -> None:
        """Nothing: no file of this machine changes a page."""
