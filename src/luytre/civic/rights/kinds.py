"""What can be asked, about what, what can be decided, on which grounds it is refused, how it ends."""

from __future__ import annotations

from django.db import models

from luytre.base.i18n import N_


class Right(models.TextChoices):
    """In the order in which the page offers them."""

    ACCESS = "access", N_("know what is kept of me")
    CORRECT = "correct", N_("have it corrected")
    RESTRICT = "restrict", N_("have its use restricted")
    DELETE = "delete", N_("have it deleted")
    OBJECT = "object", N_("object to its use")
    WITHDRAW = "withdraw", N_("withdraw my consent")


class Subject(models.TextChoices):
    """What the claim is about."""

    TIP = "tip", N_("a tip that I sent")
    PETITION = "petition", N_("a request to see footage that I sent")
    CAMERA = "camera", N_("footage of a camera")
    ACCOUNT = "account", N_("my account here")
    LEDGER = "ledger", N_("my name in the book of contributions")
    AGREEMENT = "agreement", N_("the agreement about my camera")
    OTHER = "other", N_("something else that is kept of me")


BY_CODE = frozenset[str]({Subject.TIP, Subject.PETITION})
"""Whose code shows that it is the sender's own: no name is asked for."""


class State(models.TextChoices):
    NEW = "new", N_("received")
    READ = "read", N_("being looked at")
    DECIDED = "decided", N_("decided, to be carried out")
    CLOSED = "closed", N_("finished with")


class Decision(models.TextChoices):
    GRANTED = "granted", N_("granted")
    VIEW = "view", N_("shown at the station by an officer")
    COPY = "copy", N_("a copy in which others are blurred")
    REFUSED = "refused", N_("refused")


MEETS = frozenset[str]({Decision.VIEW, Decision.COPY})
"""For what who asked comes to the station."""


class Ground(models.TextChoices):
    """A proposal, to be confirmed against the law's own text."""

    NONE_KEPT = "none_kept", N_("nothing of the kind is kept, or it is erased already")
    NOT_OWN = "not_own", N_("it was not shown that it is the sender's own data")
    OTHERS = "others", N_("it would give away or harm other people")
    INQUIRY = "inquiry", N_("it would harm an investigation")
    BY_LAW = "by_law", N_("a law has it kept or used as it is")


class End(models.TextChoices):
    DONE = "done", N_("carried out")
    SHOWN = "shown", N_("shown at the station")
    HANDED = "handed", N_("a blurred copy handed over")
    REFUSED = "refused", N_("refused")
    WITHDRAWN = "withdrawn", N_("withdrawn by the person who asked")
    ABSENT = "absent", N_("the person who asked did not come")


def decisions_for(right: str, subject: str) -> tuple[Decision, ...]:
    """Footage has others in it: to know it is to be shown it by an officer, or to get it with them blurred; never as it is."""
    if subject == Subject.CAMERA and right == Right.ACCESS:
        return Decision.VIEW, Decision.COPY, Decision.REFUSED
    return Decision.GRANTED, Decision.REFUSED


def ends_for(decision: str) -> tuple[End, ...]:
    """How what was decided can end."""
    ends = {Decision.VIEW: (End.SHOWN, End.ABSENT), Decision.COPY: (End.HANDED, End.ABSENT)}
    return ends.get(Decision(decision), (End.DONE,)) if decision else ()


class Told(models.TextChoices):
    """Whether people concerned by a breach are told."""

    TOLD = "told", N_("they are told")
    NOT = "not", N_("they are not told")


class Verdict(models.TextChoices):
    CONFIRMED = "confirmed", N_("it was a breach")
    NONE = "none", N_("it was none")
