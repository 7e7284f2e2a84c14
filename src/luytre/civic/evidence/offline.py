"""The page that verifies packages in a browser without a network: built with the other pages, packed into every package."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

from django.conf import settings

NAME = "kiem-tra.html"
_POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">')


def verifier_page() -> bytes:
    """Errors: OSError where the pages were never built (`make run` does)."""
    return (Path(settings.LUYTRE_BUILD_DIR) / NAME).read_bytes()


def policy_of(page: bytes) -> str:
    """The Content-Security-Policy that the page itself has: whoever hands it out over HTTP must not have a narrower one, and
    needs no wider one. Errors: ValueError for a page without one."""
    found = _POLICY.search(page[:4096].decode("utf-8", errors="replace"))
    if found is None:
        raise ValueError("the page has no policy")
    return unescape(found[1])
