"""Documents of forms that were refused and never sent again: files without a row. What the book names stays with the book."""

from __future__ import annotations

import os
from pathlib import Path

from luytre.civic.ledger.models import Estimate, Posting
from luytre.civic.tips.erasing import STRAY_S


def sweep(folder: Path, now_s: float) -> int:
    """Removes files that no posting and no estimate names, once they are a day old. How many went."""
    if not folder.is_dir():
        return 0
    known = {
        name for model in (Posting, Estimate) for name in model.objects.exclude(document="").values_list("document", flat=True)
    }
    gone = 0
    for path in folder.glob("*/*"):
        if path.name not in known and path.is_file() and now_s - os.stat(path).st_mtime >= STRAY_S:
            path.unlink(missing_ok=True)
            gone += 1
    return gone
