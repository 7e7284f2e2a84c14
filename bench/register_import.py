"""How long does bringing 2,000 eyes in from an Excel sheet take?

    python -m bench.register_import [--rows N]

SQLite, as a commune has it, with 30 hamlets that have boundaries. The sheet is the product's own template, filled in nearly every
column. Timed: reading the file and planning every row (the look), then planning again and writing all in one transaction with a
step of the chain each (the confirmation). Then the same sheet once more, with a change in every row.
Exit 1: the look and the confirmation together took more processor time than the bound.
"""

from __future__ import annotations

import argparse
import io
import json
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from bench.audit import start
from bench.measure import print_table

MOST_S = 10.0
NOW = datetime(2026, 11, 24, 7, 5, tzinfo=UTC)


def commune(hamlets: int = 30) -> None:
    """Hamlets side by side, each with a boundary of 64 corners."""
    from math import cos, pi, sin

    from luytre.civic.ground.land import save_boundary
    from luytre.civic.registry.models import Hamlet

    for number in range(hamlets):
        lon, lat = 105.80 + number % 6 * 0.01, 21.00 + number // 6 * 0.01
        ring = [[lon + 0.005 * cos(2 * pi * step / 64), lat + 0.005 * sin(2 * pi * step / 64)] for step in range(64)]
        made = Hamlet.objects.create(name=f"Thôn {number + 1}", order=number)
        save_boundary(None, made, json.dumps({"type": "Polygon", "coordinates": [[*ring, ring[0]]]}), "địa chính", NOW)


def sheet(rows: int, height_m: float) -> bytes:
    """The product's template, its example replaced by so many rows."""
    from openpyxl import load_workbook

    from luytre.civic.registry.eye_book import export_book
    from luytre.civic.registry.eye_sheet import COLUMNS

    book = load_workbook(io.BytesIO(export_book([], "vi", template=True)))
    page = book.worksheets[0]
    example = [cell.value for cell in page[2]]
    names = list(COLUMNS)
    for number in range(rows):
        line: dict[str, Any] = dict(zip(names, example, strict=True)) | {
            "key": None, "name": f"Mắt {number}", "site": f"Cột {number // 2}", "hamlet": f"Thôn {number % 30 + 1}",
            "position": f"{21.0 + number % 50 * 0.0008:.6f}, {105.8 + number // 50 * 0.001:.6f}", "bearing_deg": number % 360,
            "height_m": height_m, "condition_day": date(2026, 11, 20), "homes_in_view": "nhà bên phải", "note": "đã hỏi chủ nhà",
        }  # fmt: skip
        for column, name in enumerate(names, start=1):
            page.cell(number + 2, column, line[name])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def timed(work: Callable[[], Any]) -> tuple[Any, float, float]:
    """What it gives, the seconds on the clock, the seconds of the processor."""
    began, busy = perf_counter(), process_time()
    found = work()
    return found, perf_counter() - began, process_time() - busy


def plans(rows: list[Any]) -> list[Any]:
    from luytre.civic.registry.eye_sheet import Planner
    from luytre.civic.registry.models import Eye

    eyes = list(Eye.objects.filter(archived=False).select_related("site__hamlet", "camera"))
    return Planner(eyes, NOW, "vi").plan(rows)


def once(content: bytes, action: str) -> list[tuple[str, float, float]]:
    from luytre.civic.registry.eye_sheet import carry_out, read_sheet

    rows, read_s, read_cpu = timed(lambda: read_sheet(content))
    first, look_s, look_cpu = timed(lambda: plans(rows))
    found = {item.action for item in first}
    if found != {action}:
        raise SystemExit(f"the rows should all be {action}: {found} {next((i.wrong for i in first if i.wrong), '')}")
    _done, write_s, write_cpu = timed(lambda: carry_out(None, plans(rows), NOW))
    return [
        ("read the file", read_s, read_cpu),
        ("plan the rows", look_s, look_cpu),
        ("plan again and write", write_s, write_cpu),
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=2000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        start(Path(folder))
        commune()
        lines, over = [], False
        for what, height_m, action in (("new", 4.0, "new"), ("changed", 5.0, "changed")):
            parts = once(sheet(options.rows, height_m), action)
            total, busy = sum(part[1] for part in parts), sum(part[2] for part in parts)
            lines += [[f"{what}: {name}", f"{seconds:.2f} s", f"{cpu:.2f} s"] for name, seconds, cpu in parts]
            lines.append([f"{what}: together", f"{total:.2f} s", f"{busy:.2f} s"])
            over |= busy > MOST_S * options.rows / 2000
    print_table([f"{options.rows} rows", "clock", "processor"], lines)
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
