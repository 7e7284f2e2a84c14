"""How long does proving a million rows of the access log take, and what does writing one row cost?

    python -m bench.audit [--rows N] [--writes N]

SQLite, as a commune has it. The rows are chained and written many at once, then proved by `luytre audit verify`'s own code; then
single looks are written as the web does, each in its own transaction.
Exit 1: the proof took more processor time than the bound, or the median of the writes did; what 95 % took is told beside it.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from time import perf_counter, process_time

from bench.measure import print_table

MOST_PROOF_S = 15.0
"""For a million rows; fewer have less."""
MOST_WRITE_MS = 5.0
START = datetime(2026, 11, 24, tzinfo=UTC)


def start(folder: Path) -> None:
    os.environ.update(LUYTRE_DATA=str(folder), DJANGO_SETTINGS_MODULE="luytre.web.settings")
    os.environ.pop("LUYTRE_DATABASE_URL", None)
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


def fill(rows: int) -> None:
    """Looks back of 200 people at 35 cameras, one a minute, chained without the head's lock."""
    from luytre.civic.access.models import Look, LookKind, User
    from luytre.civic.chain.columns import own_columns
    from luytre.civic.chain.models import ChainHead
    from luytre.civic.chain.text import FIRST, digest_of, row_text

    people = [User.objects.create_user(f"person-{number}") for number in range(200)]
    digest = FIRST

    def looks() -> object:
        nonlocal digest
        for seq in range(1, rows + 1):
            at = START + timedelta(minutes=seq, microseconds=seq)
            look = Look(
                seq=seq, previous=digest, at=at, user=people[seq % 200], kind=LookKind.HISTORY, camera=f"c{seq % 35:011d}",
                span_start=at - timedelta(days=1), span_end=at, purpose="xác minh tin báo mất xe", reference=f"VV-{seq % 900}",
            )  # fmt: skip
            look.digest = digest = digest_of(row_text(look.previous, "access_look", own_columns(look)))
            yield look

    made = looks()
    while chunk := list(islice(made, 5000)):  # type: ignore[call-overload]
        Look.objects.bulk_create(chunk)
    ChainHead.objects.update_or_create(name="access_look", defaults={"seq": rows, "digest": digest})


def writes_ms(count: int) -> list[float]:
    from luytre.civic.access.looks import record_look
    from luytre.civic.access.models import LookKind, User

    user = User.objects.order_by("pk")[0]
    took = []
    for number in range(count):
        began = perf_counter()
        record_look(user, LookKind.LIVE, [f"c{number % 35:011d}"])
        took.append((perf_counter() - began) * 1000)
    return sorted(took)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--writes", type=int, default=500)
    parser.add_argument(
        "--disk", type=Path, default=None, help="where the database is written; temporary files' place by default"
    )
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="luytre-bench-", dir=asked.disk) as folder:
        start(Path(folder))
        fill(asked.rows)
        from luytre.civic.chain.proof import prove

        before = process_time()
        found = prove()
        cpu_s = process_time() - before
        took = writes_ms(asked.writes)
    median, most = took[len(took) // 2], took[int(len(took) * 0.95)]
    head = ["rows", "proved in", "processor time", "rows a second of it", "one row written (median)", "95 %"]
    each = [
        f"{found.rows:,}",
        f"{found.seconds:.1f} s",
        f"{cpu_s:.1f} s",
        f"{found.rows / cpu_s:,.0f}",
        f"{median:.2f} ms",
        f"{most:.2f} ms",
    ]
    print_table(head, [each])
    return 0 if found.whole and found.seconds <= MOST_PROOF_S * asked.rows / 1_000_000 + 1 and most <= MOST_WRITE_MS else 1


if __name__ == "__main__":
    sys.exit(main())
