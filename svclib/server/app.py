"""The server: standalone Voila, told what it may do in code alone."""

from __future__ import annotations

import asyncio
import errno
import logging
import os
import socket
import sys
import tempfile
import threading
import webbrowser
from pathlib import Path
from typing import Any, ClassVar

import typer
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_server.utils import url_path_join
from tornado.ioloop import IOLoop
from tornado.netutil import bind_sockets
from tornado.web import GZipContentEncoding
from traitlets.config import Config
from voila.app import Voila

from svclib.errors import BadSetting, Forbidden, SvcError
from svclib.i18n import gettext as _
from svclib.server.asking import Asking
from svclib.server.assets import AssetHandler, front_end
from svclib.server.catalogue import App, default_folder, find_apps
from svclib.server.connection import SOCKETS, PageConnection, PageInfoHandler, PageSocketHandler, ShutdownHandler
from svclib.server.elsewhere import OwnSiteOnly
from svclib.server.forking.provisioner import end_forks, start_fork_server
from svclib.server.handlers import ICON, LandingHandler, MissingHandler
from svclib.server.headers import SECURITY_HEADERS, SecureHeaders
from svclib.server.kernels import PageKernels
from svclib.server.login import LoginHandler, LogoutHandler, PasswordHandler
from svclib.server.opening import PageHandler, page_template
from svclib.server.process import prepare_process
from svclib.server.proxy import ProxiedServer, is_loopback
from svclib.server.sso import sign_on_handlers
from svclib.server.visitors import SvcIdentity
from svclib.server.watching import anchor_each_day, watch_logins
from svclib.server.words import frame_words
from svclib.settings import OIDC_SECRET, Settings
from svclib.workspace import open_for_server

ADDRESS = "127.0.0.1"
TEMPLATES = Path(__file__).parent / "templates"
# A socket's name may have 103 characters, of which /voila_…/kernel-…-ipc-5 takes 65.
_LONGEST_FOLDER = 38
_KERNEL_ID = r"(?P<kernel_id>\w+-\w+-\w+-\w+-\w+)"


class PortTaken(SvcError):
    """Another program listens on the port."""


class OwnKernelSpecs(KernelSpecManager):
    """One kernel: this very interpreter, whatever specs the machine has elsewhere."""

    def find_kernel_specs(self) -> dict[str, str]:
        return {"python3": str(TEMPLATES)}

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        # No history file and no debugger: nobody types into a page's kernel. No byte code beside the modules of an app.
        argv = [sys.executable, "-B", "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        argv += ["--HistoryManager.enabled=False", "--IPKernelApp.capture_fd_output=False"]
        argv += ["--InteractiveShell.colors=NoColor"]
        return KernelSpec(argv=argv, display_name="svc", language="python", metadata={"debugger": False})


def configuration() -> Config:
    """What differs from Voila's defaults. No file on the machine can change it."""
    config = Config()
    config.Voila.identity_provider_class = SvcIdentity
    pages = config.VoilaConfiguration
    pages.template = "svc"
    pages.allow_template_override = "NO"
    pages.allow_theme_override = "NO"
    pages.file_allowlist = []
    pages.show_tracebacks = False
    pages.kernel_spec_manager_class = OwnKernelSpecs
    pages.multi_kernel_manager_class = PageKernels
    config.MappingKernelManager.allow_tracebacks = False
    config.Voila.kernel_websocket_connection_class = PageConnection
    # Between server and kernel: files in a folder of the server's user, not ports any user of the machine may knock at.
    # A path too long for a socket's name would fail.
    if len(tempfile.gettempdir()) <= _LONGEST_FOLDER:
        config.ConnectionFileMixin.transport = "ipc"
    return config


class SvcServer(Voila):  # type: ignore[misc]
    """Voila that serves only our apps, on sockets that are bound already."""

    config_file_paths: ClassVar[list[str]] = []

    def __init__(
        self, *, apps: list[App], sockets: list[socket.socket], office: Settings, behind_proxy: bool, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.office = office
        self.apps = apps
        self.sockets = sockets
        self.behind_proxy = behind_proxy
        self.only_local = not behind_proxy and all(is_loopback(one.getsockname()[0]) for one in sockets)
        self.asking = Asking(open_for_server(office))

    def init_settings(self) -> dict[str, Any]:
        settings: dict[str, Any] = super().init_settings()
        environment = settings["voila_jinja2_env"]
        environment.globals |= {
            "words": frame_words(),
            "icon": ICON,
            "frame_script": f"{self.base_url}assets/{front_end().frame}",
        }
        identity = self.identity_provider
        identity.asking, identity.office, identity.secure = self.asking, self.office, self.behind_proxy
        self.kernel_manager.withdraw_ticket = identity.withdraw_ticket
        # Read by the page's scripts, which send it back with what they ask for: so not out of their reach.
        form_cookie = {"path": self.base_url, "samesite": "Lax", "secure": self.behind_proxy}
        # Errors of Jupyter's own handlers get our page too.
        changed = {"jinja2_env": environment, "xsrf_cookie_kwargs": form_cookie, "headers": dict(SECURITY_HEADERS)}
        changed["transforms"] = [GZipContentEncoding, SecureHeaders]
        return settings | changed | SOCKETS

    def init_handlers(self) -> list[Any]:
        base = self.server_url
        common = {"voila_configuration": self.voila_configuration}
        apps = common | {"apps": self.apps}
        page = apps | {"folder": Path(self.root_dir), "template": page_template(self.template_paths)}
        return [
            (base, LandingHandler, apps),
            (url_path_join(base, r"/voila/render/(.*)"), PageHandler, page),
            (url_path_join(base, rf"/voila/api/shutdown/{_KERNEL_ID}"), ShutdownHandler),
            (url_path_join(base, rf"/api/kernels/{_KERNEL_ID}"), PageInfoHandler),
            (url_path_join(base, rf"/api/kernels/{_KERNEL_ID}/channels"), PageSocketHandler),
            (url_path_join(base, r"/assets/([\w.-]+)"), AssetHandler),
            (url_path_join(base, r"/login"), LoginHandler, common),
            (url_path_join(base, r"/logout"), LogoutHandler, common),
            (url_path_join(base, r"/password"), PasswordHandler, common),
            *sign_on_handlers(self.office, common),
            (r".*", MissingHandler, common),
        ]

    def listen(self) -> None:
        server = ProxiedServer(OwnSiteOnly(self.app, only_local=self.only_local))
        server.proxy_address = self.office.proxy_address if self.behind_proxy else ""
        server.add_sockets(self.sockets)
        self.ioloop = IOLoop.current()
        self.ioloop.add_callback(self.watch)
        try:
            self.ioloop.start()
        except KeyboardInterrupt:
            self.log.debug("interrupted")
        finally:
            server.stop()
            for task in self.watching:
                task.cancel()
            self.ioloop.run_sync(self.kernel_manager.end_pages)
            end_forks()
            self.stop()
            self.asking.close()

    def watch(self) -> None:
        """Begin to watch over the logins of open pages, and to anchor the trail each day."""
        watches = (watch_logins(self.asking, self.kernel_manager), anchor_each_day(self.office))
        self.watching = [asyncio.create_task(watch) for watch in watches]


def bind(port: int, host: str = ADDRESS) -> list[socket.socket]:
    """Sockets on an address of this machine. Raises PortTaken, BadSetting for an address it does not have."""
    try:
        return bind_sockets(port, host)
    except OSError as error:
        if error.errno == errno.EADDRNOTAVAIL or isinstance(error, socket.gaierror):
            raise BadSetting(_("This machine has no address {host}.").format(host=host)) from error
        if error.errno not in {errno.EADDRINUSE, errno.EACCES}:
            raise
        raise PortTaken(
            _("Port {port} is taken or not allowed. Choose another one, e.g.: svc serve --port {other}").format(
                port=port, other=port + 1 if port >= 1024 else 8866
            )
        ) from error


def warn_of_the_open(settings: Settings, host: str, behind_proxy: bool) -> None:
    """Say what is unsafe about serving here. Raises Forbidden for other machines while nobody has an account."""
    workspace = open_for_server(settings)
    peopled, is_demo = workspace.access.any_account(), workspace.demo_today is not None
    workspace.close()
    if is_loopback(host):
        if not peopled:
            typer.echo(_("Nobody has an account yet. Make the first one: svc init"), err=True)
        return
    if not peopled:
        raise Forbidden(_("Nobody has an account yet, so only this machine is served. Make the first one: svc init"))
    if is_demo:
        typer.echo(_("This is the demo: everybody may know the passwords of its accounts."), err=True)
    if not behind_proxy:
        typer.echo(
            _("Without TLS, passwords can be read on the way. Put a proxy in front: svc serve --behind-proxy"), err=True
        )


def run(
    settings: Settings, *, host: str, port: int, behind_proxy: bool, folder: Path | None, open_browser: bool
) -> None:
    """Serve until interrupted. See `svclib.server.serve`."""
    home = (folder or default_folder()).resolve()
    apps = find_apps(home)
    warn_of_the_open(settings, host, behind_proxy)
    sockets = bind(port, host)
    shown = f"[{host}]" if ":" in host else host
    address = f"http://{shown}:{sockets[0].getsockname()[1]}{settings.base_url}"

    # Kernels inherit the environment: nothing about the database stands in a command line.
    prepare_process()
    os.environ.update(settings.environment())
    os.environ.pop(OIDC_SECRET, None)
    os.environ["JUPYTER_PATH"] = os.pathsep.join(filter(None, [str(TEMPLATES), os.environ.get("JUPYTER_PATH")]))
    with tempfile.TemporaryDirectory(prefix="svc-ipython-") as profile:
        # Nobody's own start-up scripts run in a page's kernel.
        os.environ["IPYTHONDIR"] = profile
        start_fork_server()
        # `instance`: what Voila makes on its way then writes to this log.
        server = SvcServer.instance(
            apps=apps,
            sockets=sockets,
            office=settings,
            behind_proxy=behind_proxy,
            config=configuration(),
            root_dir=str(home),
            base_url=settings.base_url,
            log_level=logging.WARNING,
        )
        server.initialize([])
        if is_loopback(host):
            told = _("The suite is open on this machine only: {address}  Stop it with Ctrl+C.")
        else:
            told = _("The suite is open: {address}  Stop it with Ctrl+C.")
        typer.echo(told.format(address=address))
        sys.stdout.flush()
        if open_browser:
            threading.Timer(0.5, webbrowser.open, [address]).start()
        server.start()
