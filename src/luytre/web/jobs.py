"""`python -m luytre.web.jobs`: the worker of the database queue, the clock that puts the daily work into it, and the look at
the recorder each minute."""

from __future__ import annotations

import logging
import os
import sys
import threading

import django

from luytre.base.clock import Clock, SystemClock, to_datetime
from luytre.civic.ports import DeviceControl, RecorderStatus

DAY_S = 86_400.0
MINUTE_S = 60.0
POLL_S = 5.0
PATROL_S = 1.0
LISTEN_S = 5.0
SETTLE_S = 300.0
CLOCKS_S = 10.0
DISPATCH_S = 1.0
FACES_S = 20.0
RINGS_S = 5.0
NIGHTS_S = 60.0
FILMS_S = 5.0
PACKAGES_S = 3.0
QUIET = 5
_log = logging.getLogger(__name__)


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


def look_each_minute(stop: threading.Event, clock: Clock, recorder: RecorderStatus, every_s: float = MINUTE_S) -> None:
    """Asks the recorder what it sees and writes what changed, now and each minute until `stop` is set. A thread of its own: work
    that takes long must not make a hole in what is known. A look that fails is a minute that nobody looked (`civic.upkeep`)."""
    from django.db import Error, close_old_connections

    from luytre.base.errors import LuytreError
    from luytre.civic.upkeep.minute import minute

    while True:
        close_old_connections()
        try:
            minute(recorder, to_datetime(clock.utc_90k()))
        except (Error, LuytreError) as error:
            _log.warning("this minute's look at the recorder failed: %s", error)
        close_old_connections()
        if stop.wait(every_s):
            return


def go_on_patrol(stop: threading.Event, clock: Clock, devices: DeviceControl, every_s: float = PATROL_S) -> None:
    """Sends cameras on patrol to their next position, each second until `stop` is set; each fifth while none is on patrol."""
    from django.db import Error, close_old_connections

    from luytre.base.errors import LuytreError
    from luytre.civic.devices.patrols import Rounds

    rounds = Rounds(devices)
    while True:
        close_old_connections()
        rest_s = every_s * QUIET
        try:
            if not rounds.is_quiet():
                rest_s = every_s
                rounds.tick(to_datetime(clock.utc_90k()))
        except (Error, LuytreError) as error:
            _log.warning("a patrol did not go on: %s", error)
        close_old_connections()
        if stop.wait(rest_s):
            return


def listen_for_motion(stop: threading.Event, clock: Clock, devices: DeviceControl, every_s: float = LISTEN_S) -> None:
    """Counts the motion that cameras tell of, where somebody switched it on, until `stop` is set."""
    from django.db import Error, close_old_connections

    from luytre.civic.devices.listening import Listeners

    listeners = Listeners(devices)
    while True:
        close_old_connections()
        try:
            listeners.tick(to_datetime(clock.utc_90k()))
        except Error as error:
            _log.warning("motion was not counted: %s", error)
        close_old_connections()
        if stop.wait(every_s):
            return


def keep_nights(stop: threading.Event, clock: Clock, devices: DeviceControl, every_s: float = NIGHTS_S) -> None:
    """Tells cameras their data rate of the night and of the day, each minute until `stop` is set (`civic.upkeep.nights`)."""
    from django.db import Error, close_old_connections

    from luytre.base.errors import LuytreError
    from luytre.civic.upkeep.nights import tick

    while True:
        close_old_connections()
        try:
            tick(devices, to_datetime(clock.utc_90k()))
        except (Error, LuytreError) as error:
            _log.warning("cameras' rates by night were not set: %s", error)
        close_old_connections()
        if stop.wait(every_s):
            return


def settle_passwords(
    stop: threading.Event, clock: Clock, devices: DeviceControl, recorder: RecorderStatus, every_s: float = SETTLE_S
) -> None:
    """Finds out, every few minutes until `stop` is set, which password a camera has whose change was left open."""
    from django.db import Error, close_old_connections

    from luytre.base.errors import LuytreError
    from luytre.civic.devices.passwords import settle_left_open

    while True:
        close_old_connections()
        try:
            if settle_left_open(devices, to_datetime(clock.utc_90k())):
                recorder.refresh()
        except (Error, LuytreError) as error:
            _log.warning("a camera's password is still not settled: %s", error)
        close_old_connections()
        if stop.wait(every_s):
            return


def keep_clocks(stop: threading.Event, clock: Clock, every_s: float = CLOCKS_S) -> None:
    """Passes on incidents whose time ran out, every few seconds until `stop` is set (`civic.incidents.clocks`)."""
    from django.db import Error, close_old_connections

    from luytre.civic.incidents.clocks import escalate

    while True:
        close_old_connections()
        try:
            escalate(to_datetime(clock.utc_90k()))
        except Error as error:
            _log.warning("incidents' clocks were not looked at: %s", error)
        close_old_connections()
        if stop.wait(every_s):
            return


def send_word_out(stop: threading.Event, clock: Clock, every_s: float = DISPATCH_S) -> None:
    """Sends what was approved, each second until `stop` is set; without a rest while something goes (`dispatch.sending`)."""
    from zoneinfo import ZoneInfo

    from django.conf import settings
    from django.db import Error, close_old_connections

    from luytre.base.errors import LuytreError
    from luytre.civic.dispatch.sending import Sender, take_up
    from luytre.web import senders

    sender, begun = None, False
    while True:
        close_old_connections()
        tried = 0
        try:
            sender = sender or Sender(
                senders.channels(), senders.letter_for, clock.mono_s, senders.quiet(), ZoneInfo(settings.TIME_ZONE)
            )
            begun = begun or take_up() >= 0
            tried = sender.tick(to_datetime(clock.utc_90k()))
        except (Error, LuytreError, OSError) as error:
            _log.warning("messages to residents did not go out: %s", error)
        if tried and not stop.is_set():
            continue
        close_old_connections()
        if stop.wait(every_s):
            return


def ring_staff(stop: threading.Event, clock: Clock, every_s: float = RINGS_S) -> None:
    """Rings the telephones of those whom something calls, and brings the morning's summary, until `stop` is set."""
    from django.db import Error, close_old_connections

    from luytre.base.errors import LuytreError
    from luytre.web.ringing import ring_once

    while True:
        close_old_connections()
        try:
            ring_once(to_datetime(clock.utc_90k()))
        except (Error, LuytreError, OSError) as error:
            _log.warning("telephones did not ring: %s", error)
        close_old_connections()
        if stop.wait(every_s):
            return


def look_for_faces(stop: threading.Event, clock: Clock, every_s: float = FACES_S) -> None:
    """In residents' photos, until `stop` is set. No task of the queue: its row would tell to the second when one came."""
    from django.conf import settings
    from django.db import Error, close_old_connections

    from luytre.civic.tips.copies import seek

    while True:
        close_old_connections()
        try:
            seek(settings.ENVIRONMENT.data / "tips", to_datetime(clock.utc_90k()))
        except Error as error:
            _log.warning("faces were not looked for: %s", error)
        close_old_connections()
        if stop.wait(every_s):
            return


def make_films(stop: threading.Event, every_s: float = FILMS_S) -> None:
    """Makes copies for watching of owners' films, one at a time until `stop` is set. A thread of its own: a film takes long, and
    the queue's work must not wait for it."""
    from django.db import Error, close_old_connections

    from luytre.bridge.films import FilmChild
    from luytre.civic.appeals.shelf import shelf_here
    from luytre.civic.appeals.watching import left_behind, make_next

    copier, begun = FilmChild(), False
    while True:
        close_old_connections()
        made = False
        try:
            begun = begun or left_behind() >= 0
            made = make_next(copier, shelf_here())
        except (Error, OSError) as error:
            begun = False
            _log.warning("a film's copy was not made: %s", error)
        close_old_connections()
        if not (made and not stop.is_set()) and stop.wait(every_s):
            return


def make_packages(stop: threading.Event, clock: Clock, every_s: float = PACKAGES_S) -> None:
    """Makes evidence packages and fetches their time stamps, one at a time until `stop` is set. A thread of its own, as films
    have."""
    from django.db import Error, close_old_connections

    from luytre.base.errors import LuytreError
    from luytre.bridge.packing import means_here, stamper_here
    from luytre.civic.evidence.making import left_behind, make_next
    from luytre.civic.evidence.shelf import shelf_here
    from luytre.civic.evidence.stamps import stamp_next
    from luytre.civic.evidence.station import station_key
    from luytre.civic.registry.models import Commune

    begun, keyed = False, False
    while True:
        close_old_connections()
        made = False
        try:
            begun = begun or left_behind(shelf_here()) >= 0
            if not keyed and Commune.here().name:  # whose name its certificate bears; a backup from then on has the key
                keyed = bool(station_key(to_datetime(clock.utc_90k())))
            stamper = stamper_here()
            made = make_next(means_here(), lambda: to_datetime(clock.utc_90k()))
            made = (stamper is not None and stamp_next(stamper, shelf_here(), to_datetime(clock.utc_90k()))) or made
        except (Error, OSError, LuytreError) as error:
            begun = False
            _log.warning("an evidence package was not made: %s", error)
        close_old_connections()
        if not (made and not stop.is_set()) and stop.wait(every_s):
            return


def end_process(failed: threading.ExceptHookArgs) -> None:
    """A thread that ended by a fault of ours would leave a process that looks well and looks at nothing: the supervisor starts
    another one."""
    name = failed.thread.name if failed.thread is not None else ""
    _log.critical("%s ended: the jobs' process ends too", name, exc_info=failed.exc_value)
    os._exit(1)


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

    from luytre.web.ports import ports

    resume_plans()
    threading.excepthook = end_process
    threading.Thread(target=enqueue_daily, args=(threading.Event(),), daemon=True).start()
    threading.Thread(target=look_each_minute, args=(threading.Event(), SystemClock(), ports().recorder), daemon=True).start()
    threading.Thread(target=go_on_patrol, args=(threading.Event(), SystemClock(), ports().devices), daemon=True).start()
    threading.Thread(target=keep_clocks, args=(threading.Event(), SystemClock()), daemon=True).start()
    threading.Thread(target=send_word_out, args=(threading.Event(), SystemClock()), daemon=True).start()
    threading.Thread(target=look_for_faces, args=(threading.Event(), SystemClock()), daemon=True).start()
    threading.Thread(target=ring_staff, args=(threading.Event(), SystemClock()), daemon=True).start()
    threading.Thread(target=listen_for_motion, args=(threading.Event(), SystemClock(), ports().devices), daemon=True).start()
    threading.Thread(target=keep_nights, args=(threading.Event(), SystemClock(), ports().devices), daemon=True).start()
    threading.Thread(target=make_films, args=(threading.Event(),), daemon=True).start()
    threading.Thread(target=make_packages, args=(threading.Event(), SystemClock()), daemon=True).start()
    asked = (threading.Event(), SystemClock(), ports().devices, ports().recorder)
    threading.Thread(target=settle_passwords, args=asked, daemon=True).start()
    call_command("db_worker", interval=POLL_S, verbosity=1, reload=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
