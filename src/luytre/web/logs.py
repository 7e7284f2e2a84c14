"""Log lines of the web: whatever a library writes, secrets are taken out on the way."""

from __future__ import annotations

import logging
import re

from luytre.base.redact import redact

_SECRET_LINK = re.compile(r"/(enter|gop-hinh|nhan-tin/(?:xac-nhan|thoi))/[^\s\"'?]+")
"""Addresses that are a secret themselves (web.urls): Django writes the address of whatever it refuses into its log."""


class RedactFilter(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = _SECRET_LINK.sub(r"/\1/***", redact(record.getMessage())), ()
        return True


class RedactFormatter(logging.Formatter):
    """Also the traceback, where a URL may stand in an error's words."""

    def formatException(self, ei: object) -> str:
        return redact(super().formatException(ei))  # type: ignore[arg-type]
