"""Logs go to standard error, a line per event; the unexpected gets a reference number that a person can quote."""

from __future__ import annotations

import logging
import secrets
import sys
from typing import TextIO

import structlog


def configure_logs(level: int = logging.WARNING, *, stream: TextIO | None = None) -> None:
    """Send log lines to standard error, or to `stream`: standard output belongs to results."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"]),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(stream or sys.stderr),
        cache_logger_on_first_use=False,
    )


def log_unexpected(error: BaseException, *, where: str) -> str:
    """Log an unforeseen error with its trace and return the reference number to show in its place."""
    reference = secrets.token_hex(3).upper()
    structlog.get_logger().error("unexpected", reference=reference, where=where, exc_info=error)
    return reference
