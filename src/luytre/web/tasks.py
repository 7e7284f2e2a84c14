"""Work that nobody waits for, run by the jobs' process."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from django_tasks import task

from luytre.base.verdicts import FAULTS
from luytre.civic.acceptance.acceptances import accepted_eyes
from luytre.civic.access.models import User
from luytre.civic.appeals.ending import end_old
from luytre.civic.appeals.shelf import shelf_here
from luytre.civic.bulletins import erasing as bulletins
from luytre.civic.chain.checkpoints import folder, make_checkpoint, secrets
from luytre.civic.chain.proof import Proof, prove
from luytre.civic.chain.text import microseconds
from luytre.civic.committee import erasing as committee
from luytre.civic.dispatch.channels import ChannelName, End
from luytre.civic.dispatch.models import Subscriber
from luytre.civic.dispatch.sending import MOST_TRIES, wait_after
from luytre.civic.dispatch.subscribing import forget_unconfirmed
from luytre.civic.evidence import making as evidence
from luytre.civic.evidence.shelf import shelf_here as evidence_shelf
from luytre.civic.ground.parcels import Parcel, bring, forget_old, look
from luytre.civic.incidents.people import forget_old as forget_people
from luytre.civic.ledger import erasing as ledger
from luytre.civic.mobilisation import erasing as mobilisation
from luytre.civic.movement import erasing as movement
from luytre.civic.petitions import erasing as petitions
from luytre.civic.planning.plans import run
from luytre.civic.ports import RecorderDown
from luytre.civic.registry.models import Camera
from luytre.civic.registry.seal import unseal
from luytre.civic.reports.drafts import draft_ended
from luytre.civic.rights import erasing as rights
from luytre.civic.signals import erasing as alarms
from luytre.civic.tips.erasing import erase_old
from luytre.web import senders
from luytre.web.ports import ports
from luytre.web.views.health import WELL

MOST_FAULTS_SHOWN = 50
AXES_LOG_AGE_DAYS = 90
RESULT_AGE_DAYS = 7
_log = logging.getLogger(__name__)


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
def erase_tips() -> None:
    """Words, photos and numbers of tips that were closed long ago."""
    erase_old(timezone.now(), settings.ENVIRONMENT.data / "tips")


@task()
def ask_to_confirm(subscriber: int, tries: int = 1) -> None:
    """The link by which an address is confirmed, by the row's number; again later where it surely did not arrive. One that was
    ended meanwhile is left alone, one that is no address is erased."""
    one = Subscriber.objects.filter(pk=subscriber).first()
    channel = senders.channels().get(ChannelName(one.channel)) if one is not None else None
    if one is None or channel is None:
        return
    outcome = channel.send(unseal(one.sealed_address), senders.letter_to_confirm(one))
    if outcome.end is End.LATER and tries < MOST_TRIES:
        at = timezone.now() + wait_after(tries, outcome.again_s)
        ask_to_confirm.using(run_after=at).enqueue(subscriber, tries + 1)
    elif outcome.end is End.GONE:
        one.delete()
    if outcome.end is not End.SENT:
        _log.warning("a link to confirm was not sent (%s): %s %s", one.channel, outcome.end, outcome.why)


@task()
def forget_subscribers() -> None:
    """Addresses that nobody confirmed in time."""
    forget_unconfirmed(timezone.now())


@task()
def end_appeals() -> None:
    """Files of owners whose incident is long closed, and what was only half sent."""
    end_old(timezone.now(), settings.ENVIRONMENT.appeals_kept_days, shelf_here())


@task()
def erase_petitions() -> None:
    """Words, names, numbers and scans of requests to see footage that ended long ago."""
    petitions.erase_old(timezone.now(), settings.ENVIRONMENT.data / "petitions")


@task()
def erase_claims() -> None:
    """Words, names and numbers of claims to data that ended long ago."""
    rights.erase_old(timezone.now())


@task()
def sweep_packages() -> None:
    """Files of evidence packages that were destroyed while the disk could not be written."""
    evidence.sweep(evidence_shelf())


@task()
def erase_bulletins() -> None:
    """Descriptions, pictures and sightings of bulletins that ended long ago."""
    bulletins.erase_old(timezone.now(), settings.ENVIRONMENT.data / "bulletins")


@task()
def erase_agreements() -> None:
    """Signatures of agreements that others took the place of long ago, and offers that nobody answered."""
    movement.erase_old(timezone.now(), settings.ENVIRONMENT.data / "movement")


@task()
def erase_commitments() -> None:
    """Names of who committed in campaigns that ended long ago."""
    mobilisation.erase_old(timezone.now())


@task()
def sweep_ledger() -> None:
    """Invoices of forms that were refused and never sent again."""
    ledger.sweep(settings.ENVIRONMENT.data / "ledger", timezone.now().timestamp())
    ledger.erase_names(timezone.now())


@task()
def sweep_committee() -> None:
    """Files of documents whose forms were refused and never sent again."""
    committee.sweep(settings.ENVIRONMENT.data / "committee", timezone.now().timestamp())


@task()
def draft_reports() -> None:
    """Reports of the week, month, quarter, half-year and year that ended, as drafts with proposed words."""
    draft_ended(timezone.now())


@task()
def sign_logs() -> None:
    """The day's checkpoint of the access log and all other chains."""
    make_checkpoint(timezone.now(), folder(), secrets())


@task()
def prove_logs() -> dict[str, Any]:
    """All logs row by row; the auditor's page shows what was found."""
    return told(prove(folder()))


def told(proof: Proof) -> dict[str, Any]:
    """A proof as the page keeps it: numbers and the first faults, as codes. The words are made when it is shown."""
    faults = [[fault.table, str(fault.kind), fault.first, fault.last, fault.at_us, fault.detail] for fault in proof.faults]
    return {
        "at_us": microseconds(timezone.now()), "rows": proof.rows, "seconds": round(proof.seconds, 1),
        "checkpoints": proof.checkpoints, "count": len(faults), "faults": faults[:MOST_FAULTS_SHOWN],
    }  # fmt: skip


@task()
def look_at_parcel(key: str) -> None:
    """Reads a file that was handed in, and says what it would do to the land."""
    look(Parcel(Path(settings.LUYTRE_IMPORTS_DIR), key), timezone.now())


@task()
def forget_people_concerned() -> None:
    """People concerned by incidents that were closed long ago."""
    forget_people(timezone.now())


@task()
def forget_telephone_trees() -> None:
    """Names of telephone trees in alarms that ended long ago."""
    alarms.forget_old(timezone.now())


@task()
def empty_write_ahead_log() -> None:
    """What was erased stands in SQLite's log until the log is written over, which on a quiet day nobody does: so the log is
    emptied, the last of each day's work; never within a transaction, which stands in it itself. PostgreSQL keeps its own by
    its administrator's settings."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


@task()
def bring_parcel(key: str, by: int) -> None:
    """Does it; `by` is the number of the account that said so."""
    bring(Parcel(Path(settings.LUYTRE_IMPORTS_DIR), key), User.objects.get(pk=by), timezone.now())


@task()
def forget_parcels() -> None:
    """Files that were handed in a day ago and brought in or not."""
    forget_old(Path(settings.LUYTRE_IMPORTS_DIR), timezone.now().timestamp())


@task()
def compute_plan(version: int) -> None:
    """A plan's version, by its row's number. With the cameras that work now, where the recorder says."""
    run(version, timezone.now(), timezone.localdate(), counting_now().cameras)


@dataclass(frozen=True, slots=True)
class Counting:
    """Cameras (keys) that coverage and plans count. `told`: the recorder said which work; else all that are in use count."""

    cameras: frozenset[str]
    accepted: frozenset[str]
    told: bool


def counting_now() -> Counting:
    """Accepted as they hang now, main stream comes, and nothing is wrong with what it shows."""
    eyes = accepted_eyes()
    accepted = frozenset(Camera.objects.filter(eye__key__in=eyes, archived=False, enabled=True).values_list("key", flat=True))
    try:
        found = ports().recorder.status("vi")
    except RecorderDown:
        return Counting(accepted, accepted, told=False)
    main = [stream for stream in found.streams if stream.stream == "main" and stream.state in WELL]
    well = {one.camera for one in main if one.picture is None or one.picture.verdict not in FAULTS}
    return Counting(accepted & well, accepted, told=True)


DAILY = (
    clear_sessions,
    forget_old_tries,
    sign_logs,
    forget_parcels,
    erase_tips,
    erase_petitions,
    erase_claims,
    sweep_packages,
    erase_bulletins,
    sweep_ledger,
    sweep_committee,
    erase_agreements,
    erase_commitments,
    forget_subscribers,
    end_appeals,
    forget_people_concerned,
    forget_telephone_trees,
    draft_reports,
    empty_write_ahead_log,
)
