"""The signals agreed upon, on one sheet for the cultural house: sign, what it means, what to do. Vietnamese."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.utils.timezone import localtime

from luytre.civic import typeset
from luytre.civic.coordination.force import InForce
from luytre.civic.registry.models import Commune
from luytre.civic.signals.meaning import parted

LAYOUT = Path(__file__).parent / "layout" / "signals.typ"
_PROPOSED = "Hiệu lệnh có sẵn của phần mềm, là đề xuất; xã chưa phê duyệt Quy chế phối hợp."


def table_pdf(found: InForce, now: datetime) -> bytes:
    """PDF, A4, of the matrix in force."""
    version = found.version
    source = _PROPOSED
    if version is not None:
        source = f"Theo Quy chế phối hợp, bản số {version.number}, áp dụng từ {localtime(version.in_force_from):%d/%m/%Y}."
    commune = Commune.here().name
    said = {
        "issuer": f"CÔNG AN {commune.upper()}" if commune else "CÔNG AN XÃ",
        "rows": [[one.sign, *parted(one.meaning)] for one in found.matrix.signals],
        "source": source, "printed": f"In ngày {localtime(now):%d/%m/%Y}",
    }  # fmt: skip
    return typeset.as_pdf(LAYOUT, said, now)
