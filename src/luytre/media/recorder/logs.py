"""structlog over the standard library's handlers: events with fields, one line each, redacted, on standard error."""

from __future__ import annotations

import logging

import structlog

from luytre.base.logs import set_up_logs


def set_up(*, level: int = logging.INFO, to_terminal: bool = False) -> None:
    set_up_logs(level=level, to_terminal=to_terminal)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.processors.format_exc_info,
            structlog.processors.KeyValueRenderer(key_order=["event"], sort_keys=True),
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
