"""Logs of every process: one line an event on standard error, redacted. Uses the standard library; structlog plugs in above."""

from __future__ import annotations

import logging
import sys

from luytre.base.redact import redact


class RedactingFormatter(logging.Formatter):
    """Takes secrets out of the whole line, tracebacks included."""

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))


def set_up_logs(*, level: int = logging.INFO, to_terminal: bool = False) -> None:
    """One handler on standard error. On a terminal only warnings, so that a progress bar stays whole."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(RedactingFormatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING if to_terminal else level)
