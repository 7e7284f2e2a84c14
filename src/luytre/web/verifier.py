"""The page that checks packages without a network: packed into each of them, and offered at a public address."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

_POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">')


def verifier_page() -> Path:
    """As `make setup` built it, one file for itself. Errors: OSError at its reading where nothing was built."""
    return Path(__file__).resolve().parent / "static" / "build" / "kiem-tra.html"


def verifier_policy() -> str:
    """The Content-Security-Policy that the page itself has: whoever hands it out over HTTP must not have a narrower one, and
    needs no wider one. Errors: OSError, ValueError for a page without one."""
    found = _POLICY.search(verifier_page().read_text("utf-8")[:4096])
    if found is None:
        raise ValueError("the page has no policy")
    return unescape(found[1])
