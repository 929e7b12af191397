"""All commands put together, and those that belong to no area: `svc init`, `svc demo`, `svc serve`."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import Annotated

import typer

from svclib.cli import BETWEEN_LOOKS, backup, imports, rotation_given, rotation_notices, rotation_requests
from svclib.cli.audit import audit
from svclib.cli.common import act_as, show, table
from svclib.cli.keys import keys
from svclib.cli.register import register
from svclib.cli.rotation import rotation
from svclib.cli.users import scope_words, users
from svclib.i18n import gettext as _
from svclib.settings import load_settings

app = typer.Typer(name="svc", no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False)
imports.mount(register)
rotation_given.mount(rotation)
rotation_notices.mount(rotation)
rotation_requests.mount(rotation)
app.add_typer(register, name="register")
app.add_typer(rotation, name="rotation")
app.add_typer(audit, name="audit")
app.add_typer(keys, name="keys")
backup.mount(app)
app.add_typer(users, name="user")


@app.callback()
def _start(
    as_user: Annotated[
        str | None,
        typer.Option("--as", metavar="NAME", help="Act as this account, with its limits · 以此账号的权限执行"),
    ] = None,
) -> None:
    """Volunteer and training management for community service teams · 服务队志愿与培训管理."""
    load_settings()
    act_as(as_user)


@app.command()
def init() -> None:
    """Create or upgrade the database, make its keys and the first account · 建立或升级数据库."""
    from svclib.workspace import init_database, open_workspace

    settings = load_settings()
    revision = init_database(settings)
    typer.echo(_("Database ready (revision {revision}). Keys: {path}").format(revision=revision, path=settings.keys))
    ws = open_workspace(settings)
    made = ws.access.first_administrator()
    ws.close()
    if made is not None:
        typer.echo(
            _("First account: {name}, password (shown this once, to be changed at login): {password}").format(
                name=made[0], password=made[1]
            )
        )


@app.command()
def demo(
    size: Annotated[
        str, typer.Option(help="small, or today: the province of 2021 · small 或 today（全省规模）")
    ] = "small",
    seed: Annotated[int, typer.Option(help="Another seed, another province · 随机种子")] = 2026,
) -> None:
    """Fill an empty database with an invented province, and tell its accounts · 生成演示数据."""
    from svclib.demo import DEMO_PASSWORD, demo_accounts, make_demo
    from svclib.models import Role, label

    settings = load_settings()
    typer.echo(make_demo(settings, size=size, seed=seed))
    shown = table(_("User name"), _("Role"), _("Scope"), _("Password"))
    for account in demo_accounts(settings):
        shown.add_row(account["username"], label(Role(account["role"])), scope_words(account), DEMO_PASSWORD)
    show(shown)


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address of this machine to listen on · 监听地址")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port; 0 takes a free one · 端口")] = 8866,
    base_url: Annotated[str | None, typer.Option(help="Path to serve under, like /svc/ · 网址前缀")] = None,
    behind_proxy: Annotated[bool, typer.Option(help="A proxy with TLS stands in front · 前面有 TLS 反向代理")] = False,
    apps: Annotated[Path | None, typer.Option(help="Folder of app notebooks · 应用所在文件夹")] = None,
    open_browser: Annotated[bool, typer.Option("--open", help="Open the browser · 打开浏览器")] = False,
) -> None:
    """Serve the apps, with a login · 打开应用（需要登录）."""
    from svclib.logs import configure_logs
    from svclib.server import serve as start

    configure_logs()
    # Unlike other commands it goes on and on.
    gc.set_threshold(*BETWEEN_LOOKS)
    settings = load_settings(base_url=base_url) if base_url else load_settings()
    start(settings, host=host, port=port, behind_proxy=behind_proxy, apps=apps, open_browser=open_browser)
