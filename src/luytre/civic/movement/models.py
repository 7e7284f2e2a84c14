"""Offers, signatures, owners' links, and the steps of all that was agreed on."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from luytre.base.i18n import N_
from luytre.base.ids import new_id
from luytre.civic.chain.models import ChainedModel

MOST_NAME = 120
MOST_PHONE = 40
MOST_WORDS = 400


class OfferState(models.TextChoices):
    WAITING = "waiting", N_("to be called back")
    JOINED = "joined", N_("joined")
    ENDED = "ended", N_("finished with")
    """Whatever came of it: why somebody does not join after all is nobody's business, and is not kept."""


class Offer(models.Model):
    """Somebody offers a camera by the public form, and is called back."""

    key = models.CharField(max_length=20, unique=True, editable=False, default=new_id)
    once = models.CharField(max_length=64, unique=True)
    """SHA-256 of the number that the browser made for this sending."""
    made = models.DateTimeField(db_index=True)
    hamlet = models.ForeignKey("registry.Hamlet", null=True, on_delete=models.SET_NULL, related_name="+")
    state = models.CharField(max_length=10, choices=OfferState.choices, default=OfferState.WAITING)
    sealed_name = models.TextField(blank=True)
    sealed_phone = models.TextField(blank=True)
    sealed_place = models.TextField(blank=True)
    words = models.CharField(max_length=MOST_WORDS, blank=True)
    """What it looks at."""
    ended = models.DateTimeField(null=True)
    erased = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[Offer]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-made", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(state__in=OfferState.values), name="movement_offer_state_known"),
            models.CheckConstraint(
                condition=models.Q(erased=None) | models.Q(sealed_name="", sealed_phone="", sealed_place="", words=""),
                name="movement_offer_erased_is_empty",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.state}"


class SignedOn(models.TextChoices):
    SCREEN = "screen", N_("on the screen")
    PAPER = "paper", N_("on paper")


class Signature(models.Model):
    """What was signed for one version of an eye's terms: the text word by word, and the strokes or the scan."""

    eye = models.ForeignKey("registry.Eye", on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    """Of the terms."""
    at = models.DateTimeField()
    witness = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    way = models.CharField(max_length=6, choices=SignedOn.choices)
    digest = models.CharField(max_length=64)
    """SHA-256 of the text."""
    sealed_text = models.TextField(blank=True)
    sealed_strokes = models.TextField(blank=True)
    scan = models.CharField(max_length=70, blank=True)
    """`filed.Filed.name`: its SHA-256 and what it is."""
    erased = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[Signature]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["eye", "number"], name="movement_signed_once"),
            models.CheckConstraint(
                condition=models.Q(erased__isnull=False, sealed_text="", sealed_strokes="", scan="")
                | (models.Q(erased=None, way="screen", scan="") & ~models.Q(sealed_strokes=""))
                | (models.Q(erased=None, way="paper", sealed_strokes="") & ~models.Q(scan="")),
                name="movement_signed_somehow",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.eye_id} {self.number} {self.way}"


class OwnerLink(models.Model):
    """By which an owner without an account reads of the own camera. Only the digest of its secret is kept."""

    eye = models.OneToOneField("registry.Eye", on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    made = models.DateTimeField()
    by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")

    objects: ClassVar[models.Manager[OwnerLink]] = models.Manager()

    def __str__(self) -> str:
        return f"{self.eye_id} {self.made:%Y-%m-%d}"


class StepCode(models.TextChoices):
    """What happened between the commune and an owner."""

    SIGNED = "signed", N_("agreement signed")
    NARROWED = "narrowed", N_("less is allowed, by the owner's word")
    WITHDRAWN = "withdrawn", N_("withdrawn by the owner")
    LINK = "link", N_("owner's link made")
    UNLINK = "unlink", N_("owner's link ended")
    READ = "read", N_("signed agreement read")
    OPENED = "opened", N_("opened for an incident")
    SHUT = "shut", N_("closed again")
    OFFER = "offer", N_("who offers a camera was read")
    OFFER_END = "offer_end", N_("offer finished with")


class MovementStep(ChainedModel):
    """One step. No name, telephone or word of an owner is here; `note` is an officer's."""

    at = models.DateTimeField(db_index=True)
    by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    """Empty: the owner, by the link."""
    thing = models.CharField(max_length=20, db_index=True)
    """The key of the eye or of the offer."""
    code = models.CharField(max_length=10, choices=StepCode.choices)
    number = models.PositiveIntegerField(default=0)
    """Of the terms that it made or is about."""
    way = models.CharField(max_length=6, blank=True)
    text_digest = models.CharField(max_length=64, blank=True)
    """SHA-256 of the text that was signed."""
    sign_digest = models.CharField(max_length=64, blank=True)
    """SHA-256 of the strokes or of the scan."""
    note = models.CharField(max_length=MOST_WORDS, blank=True)

    objects: ClassVar[models.Manager[MovementStep]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["seq"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(code__in=StepCode.values), name="movement_step_known"),
            models.CheckConstraint(
                condition=~models.Q(code="signed") | ~models.Q(text_digest="", sign_digest=""), name="movement_signed_is_told"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%dT%H:%MZ} {self.thing} {self.code}"
