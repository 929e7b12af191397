"""`svc register …`: import, check, export."""

from __future__ import annotations

import typer

register = typer.Typer(no_args_is_help=True, help="The register: people, teams, imports · 花名册")
