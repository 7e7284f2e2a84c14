"""Log lines of the web: whatever a library writes, secrets are taken out on the way."""

from __future__ import annotations

import logging

from luytre.base.redact import redact


class RedactFilter(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = redact(record.getMessage()), ()
        return True


class RedactFormatter(logging.Formatter):
    """Also the traceback, where a URL may stand in an error's words."""

    def formatException(self, ei: object) -> str:
        return redact(super().formatException(ei))  # type: ignore[arg-type]
