"""`svc user …`: accounts."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from svclib.cli.common import body_id, door, person_id, show, table, team_id, unit_id
from svclib.errors import BadFile
from svclib.i18n import gettext as _

if TYPE_CHECKING:
    from svclib.workspace import Workspace

users = typer.Typer(no_args_is_help=True, help="Accounts: who may log in, with which role · 账号")

Name = Annotated[str, typer.Argument(help="User name · 用户名", show_default=False)]
RoleOption = Annotated[
    str,
    typer.Option(
        help="hr, secretary, organiser, contact, captain, mentor, trainee, safety, leader, analyst, auditor or "
        "administrator · 角色"
    ),
]
RoleArgument = Annotated[str, typer.Argument(help="The new role · 新角色", show_default=False)]
Unit = Annotated[str | None, typer.Option(help="Limited to this unit (hr, safety, leader) · 限定单位")]
Body = Annotated[str | None, typer.Option(help="Party body of that unit (secretary, organiser) · 党组织（须指明单位）")]
Team = Annotated[str | None, typer.Option(help="Service team (captain) · 服务队")]
Person = Annotated[str | None, typer.Option(help="Who it is: an employee number · 本人工号")]
FromStdin = Annotated[bool, typer.Option("--password-stdin", help="Read it from standard input · 从标准输入读密码")]


@users.command()
def add(
    name: Name,
    role: RoleOption,
    display_name: Annotated[str, typer.Option(help="Name on the screen · 显示的姓名")] = "",
    unit: Unit = None,
    party_body: Body = None,
    team: Team = None,
    person: Person = None,
    password_stdin: FromStdin = False,
    no_password: Annotated[
        bool, typer.Option("--no-password", help="Single sign-on alone lets in · 只能统一登录")
    ] = False,
) -> None:
    """Make an account; its first password is printed once and must be changed · 新增账号."""
    from svclib.workspace.access.hashing import first_password

    ws = door()
    password = None if no_password else (_read_password() if password_stdin else first_password())
    own_unit, own_body, own_team, own_person = _scope(ws, unit, party_body, team, person)
    ws.access.add_user(
        name,
        role,
        display_name=display_name,
        password=password,
        unit_id=own_unit,
        party_body_id=own_body,
        team_id=own_team,
        person_id=own_person,
    )
    typer.echo(_("Account {name} made.").format(name=name))
    if password is not None and not password_stdin:
        _tell_password(password)


@users.command("list")
def list_users(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on standard output · 输出 JSON")] = False,
) -> None:
    """List all accounts with role and scope · 列出账号."""
    from svclib.models import Role, label
    from svclib.workspace.frames import records

    listed = door().access.users()
    rows = [
        {
            "username": row["username"],
            "display_name": row["display_name"],
            "role": row["role"],
            "scope": scope_words(row),
            "must_change": bool(row["must_change"]),
            "disabled": bool(row["disabled"]),
            "last_login_at": row["last_login_at"] and row["last_login_at"].isoformat(),
        }
        for row in records(listed)
    ]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    shown = table(_("User name"), _("Name"), _("Role"), _("Scope"), _("State"))
    for row in rows:
        state = _("disabled") if row["disabled"] else _("first password") if row["must_change"] else _("in use")
        shown.add_row(row["username"], row["display_name"], label(Role(row["role"])), row["scope"], state)
    show(shown)


@users.command()
def disable(name: Name) -> None:
    """Let nobody in by this account any more, and end its logins · 停用账号."""
    door().access.disable(name)
    typer.echo(_("Account {name} is disabled; its logins have ended.").format(name=name))


@users.command()
def enable(name: Name) -> None:
    """Let a disabled account in again · 恢复账号."""
    door().access.enable(name)
    typer.echo(_("Account {name} is in use again.").format(name=name))


@users.command()
def role(
    name: Name,
    role: RoleArgument,
    unit: Unit = None,
    party_body: Body = None,
    team: Team = None,
    person: Person = None,
) -> None:
    """Give an account another role and scope; its logins end · 更改角色和范围."""
    ws = door()
    own_unit, own_body, own_team, own_person = _scope(ws, unit, party_body, team, person)
    ws.access.set_role(name, role, unit_id=own_unit, party_body_id=own_body, team_id=own_team, person_id=own_person)
    typer.echo(_("Account {name} has its new role; its logins have ended.").format(name=name))


@users.command()
def password(name: Name, password_stdin: FromStdin = False) -> None:
    """Give an account a new password, to be changed at its next login · 重设密码."""
    given = _read_password() if password_stdin else None
    chosen = door().access.set_password(name, given)
    typer.echo(_("Account {name} has a new password; its logins have ended.").format(name=name))
    if given is None:
        _tell_password(chosen)


@users.command()
def logout(name: Name) -> None:
    """End all logins of an account, e.g. when a phone is lost · 让账号在各处退出登录."""
    count = door().access.end_sessions_of(name)
    typer.echo(_("Logins ended: {count}").format(count=count))


def scope_words(row: Mapping[str, Any]) -> str:
    """What an account is limited to, in words: a team, a party body, a unit, a person, or nothing."""
    words = [str(row[name]) for name in ("team", "party_body", "unit", "person") if row[name]]
    if not words and row["role"] in {"hr", "safety", "leader"}:
        return _("Whole province")
    return " ".join(words)


def _scope(
    ws: Workspace, unit: str | None, body: str | None, team: str | None, person: str | None
) -> tuple[int | None, int | None, int | None, int | None]:
    """Ids of unit, party body, team and person."""
    own_unit = unit_id(ws, unit)
    return (
        # Beside a party body the unit only says which body is meant: they are named alike everywhere.
        own_unit if body is None else None,
        body_id(ws, body, own_unit),
        team_id(ws, team),
        None if person is None else person_id(ws, person),
    )


def _read_password() -> str:
    given = sys.stdin.readline().rstrip("\r\n")
    if not given:
        raise BadFile(_("There is no password on standard input."))
    return given


def _tell_password(password: str) -> None:
    typer.echo(_("Password, shown this once: {password}").format(password=password))
