"""What a person reads of an error: a sentence, or a reference number whose trace is in the log."""

from __future__ import annotations

from svclib.errors import SvcError
from svclib.i18n import gettext as _
from svclib.logs import log_unexpected


def problem_of(error: Exception, *, where: str) -> str:
    """Say what went wrong. What nobody has foreseen is logged with its trace as of `where`."""
    if isinstance(error, SvcError):
        return str(error)
    if isinstance(error, MemoryError):
        return _(
            "This needs more memory than one page may take; nothing was saved. Please narrow it down, or do it "
            "with svc on the server."
        )
    reference = log_unexpected(error, where=where)
    return _(
        "Something unexpected happened; nothing was saved. Please try again. If it happens again, tell the "
        "administrator this number: {reference}"
    ).format(reference=reference)
