"""Work that nobody waits for, run by the jobs' process."""

from __future__ import annotations

from io import StringIO

from django.core.management import call_command
from django.utils import timezone
from django_tasks import task

from luytre.civic.chain.checkpoints import folder, make_checkpoint, secrets

AXES_LOG_AGE_DAYS = 90
RESULT_AGE_DAYS = 7


@task()
def clear_sessions() -> None:
    """Sessions that ended: each would otherwise stay in the database for ever."""
    call_command("clearsessions", verbosity=0)


@task()
def forget_old_tries() -> None:
    """Log-in tries and finished jobs, once they are too old to tell anything."""
    call_command("axes_reset_logs", age=AXES_LOG_AGE_DAYS, verbosity=0, stdout=StringIO())
    call_command("prune_db_task_results", min_age_days=RESULT_AGE_DAYS, verbosity=0)


@task()
def sign_logs() -> None:
    """The day's checkpoint of the access log and all other chains."""
    make_checkpoint(timezone.now(), folder(), secrets())


DAILY = (clear_sessions, forget_old_tries, sign_logs)
