"""What a petition can be about, what can be decided, why it is refused, how it ends."""

from __future__ import annotations

from django.db import models

from luytre.base.i18n import N_


class About(models.TextChoices):
    """In the order in which the page offers them."""

    THEFT = "theft", N_("something was stolen from me")
    ACCIDENT = "accident", N_("a road accident")
    DAMAGE = "damage", N_("something of mine was damaged")
    LOST = "lost", N_("somebody or something is missing")
    OTHER = "other", N_("something else that concerns me")


class Source(models.TextChoices):
    RESIDENT = "resident", N_("a resident")
    AUTHORITY = "authority", N_("another authority")


class State(models.TextChoices):
    NEW = "new", N_("received")
    READ = "read", N_("being looked at")
    DECIDED = "decided", N_("decided, to be carried out")
    CLOSED = "closed", N_("finished with")


class Decision(models.TextChoices):
    SHOWN = "shown", N_("shown at the station by an officer")
    COPY = "copy", N_("a copy in which others are blurred")
    RAW = "raw", N_("the original, to the authority, under a request for a clip")
    REFUSED = "refused", N_("refused")


class Refusal(models.TextChoices):
    """A proposal: neither the regulation nor a law that we know has such a list."""

    GONE = "gone", N_("the footage is erased already")
    UNSEEN = "unseen", N_("no camera has the place in view")
    OTHERS = "others", N_("other people could not be kept out of it")
    INQUIRY = "inquiry", N_("it would harm an investigation")
    NOT_OWN = "not_own", N_("it was not shown that it concerns the sender")
    NEEDLESS = "needless", N_("it is not needed for the purpose that was named")


class End(models.TextChoices):
    SHOWN = "shown", N_("shown at the station")
    HANDED = "handed", N_("given to who asked")
    REFUSED = "refused", N_("refused")
    WITHDRAWN = "withdrawn", N_("withdrawn by the sender")
    ABSENT = "absent", N_("nobody came")


GRANTS = {
    Source.RESIDENT: (Decision.SHOWN, Decision.COPY),
    Source.AUTHORITY: (Decision.SHOWN, Decision.COPY, Decision.RAW),
}
"""What may be granted to whom: a raw copy never to a resident."""
