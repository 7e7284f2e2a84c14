"""What can be wrong with a camera or with the machine, and how patient one is with it. Words are message ids."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import TextChoices

from luytre.base.i18n import N_


class Fault(TextChoices):
    """Kept in tables: never renamed. The last two are no faults: time that nobody saw, and time that we switched off."""

    DOWN = "down", N_("nothing is recorded")
    FROZEN = "frozen", N_("the picture stands still")
    DARK = "dark", N_("the picture is dark")
    COVERED = "covered", N_("the camera is covered")
    BLURRED = "blurred", N_("the picture is out of focus")
    TURNED = "turned", N_("the camera looks elsewhere")
    CLOCK_OFF = "clock_off", N_("its clock is wrong")
    UNSTABLE = "unstable", N_("only a part is recorded: the connection is unsteady")
    DAYS_SHORT = "days_short", N_("footage is kept for fewer days than promised")
    DISK = "disk", N_("the recording disk has a fault")
    UNKNOWN = "unknown", N_("the recorder did not answer, or nobody looked")
    OFF = "off", N_("switched off by us")


MACHINE = ""
"""Stands in the place of a camera's key for what is the machine's: its disk, and that it did not answer."""
PICTURE_FAULTS = frozenset({Fault.FROZEN, Fault.DARK, Fault.COVERED, Fault.BLURRED, Fault.TURNED})
NOT_WORKING = PICTURE_FAULTS | {Fault.DOWN, Fault.DISK}
"""While one of these stands a camera does not do what it hangs there for: its time is `down`."""
NEEDS_PICTURES = PICTURE_FAULTS | {Fault.CLOCK_OFF, Fault.UNSTABLE}
"""Of a camera from which nothing comes nobody can tell these: they stay as they were."""
PATIENCE: dict[Fault, timedelta] = {
    **dict.fromkeys(PICTURE_FAULTS, timedelta(minutes=10)),
    Fault.DOWN: timedelta(minutes=10),
    Fault.CLOCK_OFF: timedelta(hours=1),
    Fault.UNSTABLE: timedelta(hours=1),
    Fault.DAYS_SHORT: timedelta(0),
    Fault.DISK: timedelta(0),
    Fault.UNKNOWN: timedelta(minutes=10),
}
"""So long a fault stands before somebody is called. What is missing here calls nobody."""
