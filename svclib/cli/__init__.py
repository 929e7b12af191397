"""`svc`: a thin command per verb. Results go to standard output, progress and logs to standard error.

Exit status: 0 done; 1 done in part or something found, where a command says so; 2 not done, with a sentence why.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from svclib.cli import backup, imports
from svclib.cli.audit import audit
from svclib.cli.register import register
from svclib.errors import SvcError
from svclib.i18n import gettext as _
from svclib.logs import configure_logs, log_unexpected
from svclib.settings import load_settings

app = typer.Typer(name="svc", no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False)
imports.mount(register)
app.add_typer(register, name="register")
app.add_typer(audit, name="audit")
backup.mount(app)


@app.callback()
def _start() -> None:
    """Volunteer and training management for community service teams · 服务队志愿与培训管理."""
    configure_logs()
    load_settings()


@app.command()
def init() -> None:
    """Create or upgrade the database and make its keys · 建立或升级数据库."""
    from svclib.workspace import init_database

    settings = load_settings()
    revision = init_database(settings)
    typer.echo(_("Database ready (revision {revision}). Keys: {path}").format(revision=revision, path=settings.keys))


@app.command()
def demo(
    size: Annotated[
        str, typer.Option(help="small, or today: the province of 2021 · small 或 today（全省规模）")
    ] = "small",
    seed: Annotated[int, typer.Option(help="Another seed, another province · 随机种子")] = 2026,
) -> None:
    """Fill an empty database with an invented province · 生成演示数据."""
    from svclib.demo import make_demo

    typer.echo(make_demo(load_settings(), size=size, seed=seed))


@app.command()
def serve(
    port: Annotated[int, typer.Option(help="Port on the loopback address · 端口")] = 8866,
    apps: Annotated[Path | None, typer.Option(help="Folder of app notebooks · 应用所在文件夹")] = None,
    open_browser: Annotated[bool, typer.Option("--open", help="Open the browser · 打开浏览器")] = False,
) -> None:
    """Serve the apps on this machine only · 在本机打开应用."""
    from svclib.server import serve as start

    start(load_settings(), port=port, apps=apps, open_browser=open_browser)


def main() -> None:
    """Run `svc`; a known failure is one sentence on standard error and exit status 2."""
    try:
        app()
    except SvcError as error:
        typer.echo(str(error), err=True)
        sys.exit(2)
    except Exception as error:
        reference = log_unexpected(error, where="svc")
        typer.echo(
            _("Something unexpected happened (reference {reference}); the log above tells more.").format(
                reference=reference
            ),
            err=True,
        )
        sys.exit(3)
