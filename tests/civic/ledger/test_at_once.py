"""Several who enter at the same moment on SQLite, as threads of the web do: no number is given twice, none is left out."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from tests.web.test_processes import DEADLINE_S, environment

SCRIPT = """
from luytre.bridge.django import start_django
start_django()
import threading
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Sum
from luytre.civic.access.assignments import Wanted, assign
from luytre.civic.access.models import Role, User
from luytre.civic.chain.proof import prove
from luytre.civic.ledger import desk
from luytre.civic.ledger.desk import Draft, Spending
from luytre.civic.ledger.models import Line, Posting
from django.utils import timezone
now = timezone.now()
today = timezone.localdate(now)
by = User.objects.create_user("thuquy")
assign(None, by, Wanted(Role.TREASURER, "", first_day=today), now)
gate, refused = threading.Barrier(4), []
def enter(number):
    gate.wait()
    for turn in range(6):
        once = "same" if turn == 3 else f"{number}-{turn}"
        desk.receive_money(by, Draft(once, today, 10_000, "góp"), "given_people", "cash", now)
    try:
        desk.reverse(by, Posting.objects.get(once="same"), "nhầm", now)
        desk.spend(by, Draft(f"out{number}", today, 70_000, "cột"), Spending("pole", "cash"), now)
    except ValidationError:
        refused.append(number)
    connection.close()
threads = [threading.Thread(target=enter, args=(number,)) for number in range(4)]
[one.start() for one in threads]
[one.join() for one in threads]
numbers = lambda series: sorted(Posting.objects.filter(series=series).values_list("number", flat=True))
print(numbers("PT") == list(range(1, 22)), numbers("KT"), numbers("PC") == list(range(1, 5 - len(refused))))
on = lambda **asked: Line.objects.filter(**asked).aggregate(sum=Sum("amount_vnd"))["sum"]
print(on(), on(account="cash") >= 0)
print(len(refused) >= 2, prove().whole)
"""


def test_numbers_have_no_hole_and_the_book_balances(tmp_path: Path, database_as_migrated: Path) -> None:
    shutil.copy(database_as_migrated, tmp_path / "luytre.sqlite3")
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], env=environment(tmp_path), capture_output=True, text=True, timeout=DEADLINE_S, check=False
    )
    assert done.stdout.splitlines() == ["True [1] True", "0 True", "True True"], done.stderr
