"""The kinds of this room: by which means an alarm is sounded, what is answered, how it ends."""

from __future__ import annotations

from django.db import models

from luytre.base.i18n import N_


class Means(models.TextChoices):
    GONG = "gong", N_("gong")
    DRUM = "drum", N_("drum")
    LOUDSPEAKER = "loudspeaker", N_("loudspeaker")
    SIREN = "siren", N_("siren")
    WHISTLE = "whistle", N_("whistle, megaphone")
    TELEPHONE = "telephone", N_("telephone tree")
    MOUTH = "mouth", N_("word of mouth")
    OTHER = "other", N_("otherwise")


class Answer(models.TextChoices):
    """Where somebody who is called stands."""

    WAITING = "waiting", N_("no answer yet")
    COMING = "coming", N_("comes")
    HERE = "here", N_("is there")
    CANNOT = "cannot", N_("cannot come")


ANSWERS = (Answer.COMING, Answer.HERE, Answer.CANNOT)
"""What somebody may say, with `BEST` first where several of one party say different things."""
BEST = (Answer.HERE, Answer.COMING, Answer.CANNOT, Answer.WAITING)


class End(models.TextChoices):
    DONE = "done", N_("over: what was to be done is done")
    CALLED_OFF = "called_off", N_("called off")
    FALSE = "false", N_("false alarm")


class StepCode(models.TextChoices):
    """What happened to an alarm."""

    SOUNDED = "sounded", N_("sounded")
    DRILL = "drill", N_("drill sounded")
    COMING = "coming", N_("comes")
    HERE = "here", N_("is there")
    CANNOT = "cannot", N_("cannot come")
    REACHED = "reached", N_("reached by telephone")
    UNREACHED = "unreached", N_("not reached by telephone")
    NOTED = "noted", N_("note")
    INCIDENT = "incident", N_("an incident was opened")
    ENDED = "ended", N_("ended")
