"""Files of forms that were refused and never sent again: files without a row."""

from __future__ import annotations

import os
from pathlib import Path

from luytre.civic.committee.models import Document
from luytre.civic.tips.erasing import STRAY_S


def sweep(folder: Path, now_s: float) -> int:
    """Removes files that no line of the register names, once they are a day old. How many went."""
    if not folder.is_dir():
        return 0
    known = set(Document.objects.exclude(file="").values_list("file", flat=True))
    gone = 0
    for path in folder.glob("*/*"):
        if path.name not in known and path.is_file() and now_s - os.stat(path).st_mtime >= STRAY_S:
            path.unlink(missing_ok=True)
            gone += 1
    return gone
