"""The page that verifies packages in a browser without a network: built with the other pages, packed into every package."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

NAME = "kiem-tra.html"


def verifier_page() -> bytes:
    """Errors: OSError where the pages were never built (`make run` does)."""
    return (Path(settings.LUYTRE_BUILD_DIR) / NAME).read_bytes()
