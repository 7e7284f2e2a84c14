"""`python -m luytre.web.jobs`: the worker of the database queue, and the clock that puts the daily work into it."""

from __future__ import annotations

import os
import sys
import threading

import django

DAY_S = 86_400.0
POLL_S = 5.0


def enqueue_daily(stop: threading.Event, every_s: float = DAY_S) -> None:
    """Puts the daily work into the queue now and once a day, until `stop` is set. Doing it twice harms nothing."""
    from django.db import close_old_connections

    from luytre.web.tasks import DAILY

    while True:
        close_old_connections()
        for task in DAILY:
            task.enqueue()
        close_old_connections()
        if stop.wait(every_s):
            return


def resume_plans() -> None:
    """Versions of plans that a killed process left are computed again."""
    from luytre.civic.planning.models import PlanVersion, VersionState
    from luytre.civic.planning.plans import left_behind
    from luytre.web.tasks import compute_plan

    left_behind()
    for number in PlanVersion.objects.filter(state=VersionState.WAITING).values_list("pk", flat=True):
        compute_plan.enqueue(number)


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "luytre.web.settings")
    django.setup()
    from django.core.management import call_command

    resume_plans()
    threading.Thread(target=enqueue_daily, args=(threading.Event(),), daemon=True).start()
    call_command("db_worker", interval=POLL_S, verbosity=1, reload=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
