"""Run `svc` as the command it is, in this process: starting another one for each costs seconds."""

from __future__ import annotations

import contextlib
import io
from dataclasses import dataclass
from unittest.mock import patch

from svclib.cli import main


@dataclass(frozen=True)
class Done:
    """How a command ended and what it said."""

    returncode: int
    stdout: str
    stderr: str


def svc(*words: str) -> Done:
    """Run `svc …` and return its exit status, standard output and standard error."""
    out, err, status = io.StringIO(), io.StringIO(), 0
    with patch("sys.argv", ["svc", *words]), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            main()
        except SystemExit as ended:
            status = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    return Done(status, out.getvalue(), err.getvalue())
