"""The README names every command and shows every picture it promises."""

import re
from pathlib import Path

import pytest
import typer

from svclib.cli.commands import app

ROOT = Path(__file__).parent.parent
README = ROOT.joinpath("README.md").read_text("utf-8")


def _commands(command: typer.core.TyperGroup, prefix: str) -> list[str]:
    names: list[str] = []
    for name, child in command.commands.items():
        path = f"{prefix} {name}"
        names += _commands(child, path) if hasattr(child, "commands") else [path]
    return names


@pytest.mark.parametrize("half", ["中文", "English"])
def test_every_command_stands_in_both_halves(half: str) -> None:
    chinese, english = README.split("\n# Volunteer and training management", 1)
    text = chinese if half == "中文" else english
    commands = _commands(typer.main.get_command(app), "svc")
    assert "svc register import" in commands
    # In the table a second command of the same group is written by its last word alone: `svc a b` / `c`.
    missing = [name for name in commands if name not in text and f"`{name.rsplit(' ', 1)[1]}`" not in text]
    assert missing == []


def test_every_picture_and_file_linked_is_there() -> None:
    links = re.findall(r"\]\((?!#)([^)]+)\)", README)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def _options(command: typer.core.TyperGroup, prefix: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, child in command.commands.items():
        path = f"{prefix} {name}"
        if hasattr(child, "commands"):
            found |= _options(child, path)
        else:
            found[path] = [one for parameter in child.params for one in parameter.opts if one.startswith("--")]
    return found


@pytest.mark.parametrize("half", ["中文", "English"])
def test_every_option_stands_beside_its_command_in_both_halves(half: str) -> None:
    chinese, english = README.split("\n# Volunteer and training management", 1)
    text = chinese if half == "中文" else english
    # A row of a table, or a passage up to the next empty line.
    passages = [one for passage in text.split("\n\n") for one in passage.split("\n| ")]
    options = _options(typer.main.get_command(app), "svc")
    assert "--create-units" in options["svc register import"]
    missing = [
        f"{command} {option}"
        for command, listed in options.items()
        for option in listed
        if not any(command in one and re.search(rf"{option}(?![a-z-])", one) for one in passages)
    ]
    assert missing == []
