"""`svc`: a thin command per verb. Results go to standard output, progress and logs to standard error.

Exit status: 0 done; 1 done in part or something found, where a command says so; 2 not done, with a sentence why.

The commands are loaded when one runs, not by importing this: the processes that a command starts, a page or a search,
run its script's imports anew.
"""

from __future__ import annotations

import gc
import sys

BETWEEN_LOOKS = gc.get_threshold()
"""How many new objects of each generation Python lets come before it looks for cycles, where nothing else is said."""
_MANY_OBJECTS = 2_000_000


def main() -> None:
    """Run `svc`; a known failure is one sentence on standard error and exit status 2."""
    # What a command loads stays until its end: looking through it for cycles takes a tenth of its time.
    gc.set_threshold(_MANY_OBJECTS)
    import typer

    from svclib.cli.commands import app
    from svclib.errors import SvcError
    from svclib.i18n import gettext as _

    try:
        app()
    except SvcError as error:
        typer.echo(str(error), err=True)
        sys.exit(2)
    except Exception as error:
        from svclib.logs import configure_logs, log_unexpected

        configure_logs()
        reference = log_unexpected(error, where="svc")
        typer.echo(
            _("Something unexpected happened (reference {reference}); the log above tells more.").format(
                reference=reference
            ),
            err=True,
        )
        sys.exit(3)
    finally:
        # What is left in memory ends with the process: to look for cycles in it once more took half a second after
        # a large import.
        gc.freeze()
