"""Postings and their lines (chained, never changed), who gave (sealed), pledges, estimates, and what was done with those."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models

from luytre.base.i18n import N_
from luytre.base.ids import new_id
from luytre.civic.chain.models import ChainedModel
from luytre.civic.ledger.accounts import ACCOUNT_WORDS, SORT_WORDS, Account

MOST_WORDS = 300
MOST_NAME = 120
MOST_ITEM_WORDS = 120
MOST_PHONE = 40
MOST_MINUTES = 4000
_ACCOUNTS = [(str(one), ACCOUNT_WORDS[one]) for one in Account]
_SORTS = list(SORT_WORDS.items())


class Kind(models.TextChoices):
    """What a posting tells."""

    MONEY = "money", N_("money received")
    GIFT = "gift", N_("gift in kind received")
    SPENT = "spent", N_("money spent")
    MOVED = "moved", N_("moved between cash box and bank")
    REVERSAL = "reversal", N_("reversal")


SERIES = {Kind.MONEY: "PT", Kind.SPENT: "PC", Kind.GIFT: "HV", Kind.MOVED: "KT", Kind.REVERSAL: "KT"}
"""Each counted for itself: phiếu thu, phiếu chi, biên nhận hiện vật, phiếu kế toán."""


class Party(models.Model):
    """Who gave, or who was paid. Without a name: somebody who wished not to be written down."""

    key = models.CharField(max_length=20, unique=True, editable=False, default=new_id)
    sealed_name = models.TextField(blank=True)
    sealed_phone = models.TextField(blank=True)
    public = models.BooleanField(default=False)
    """Agreed to be named publicly."""

    objects: ClassVar[models.Manager[Party]] = models.Manager()

    def __str__(self) -> str:
        return self.key


class Posting(ChainedModel):
    """One entry of the book. What is in it stays for ever: no name of a giver is here."""

    at = models.DateTimeField()
    by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=20, unique=True)
    once = models.CharField(max_length=40, unique=True)
    """Made by the form: what is pressed twice is one."""
    kind = models.CharField(max_length=10, choices=Kind.choices)
    series = models.CharField(max_length=2)
    year = models.PositiveIntegerField()
    number = models.PositiveIntegerField()
    """Within series and year, from 1, without a hole."""
    iso = models.CharField(max_length=10, db_index=True)
    """The day it happened, YYYY-MM-DD, since chained rows hold no dates."""
    place = models.CharField(max_length=40, blank=True, db_index=True)
    """The hamlet, as `registry.grants.place_key` names it also when it is no more; empty: the whole commune."""
    words = models.CharField(max_length=MOST_WORDS, blank=True)
    party = models.CharField(max_length=20, blank=True, db_index=True)
    pledge = models.CharField(max_length=20, blank=True, db_index=True)
    estimate = models.CharField(max_length=20, blank=True, db_index=True)
    repair = models.BigIntegerField(null=True, db_index=True)
    """The number of the repair's row in `upkeep`."""
    document = models.CharField(max_length=70, blank=True)
    """`filed.Filed.name`: its SHA-256 and what it is."""
    reverses = models.BigIntegerField(null=True, unique=True)
    """The row that this one takes back."""

    objects: ClassVar[models.Manager[Posting]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["seq"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["series", "year", "number"], name="ledger_numbered_once"),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="ledger_counts_from_one"),
            models.CheckConstraint(condition=models.Q(kind__in=Kind.values), name="ledger_kind_known"),
            models.CheckConstraint(
                condition=models.Q(kind="reversal", reverses__isnull=False)
                | (~models.Q(kind="reversal") & models.Q(reverses=None)),
                name="ledger_reversal_names_what",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.sign

    @property
    def sign(self) -> str:
        """Its number as people say it."""
        return f"{self.series} {self.number}/{self.year}"

    @property
    def day(self) -> date:
        return date.fromisoformat(self.iso)


class Line(ChainedModel):
    """A line of a posting: dong on one account, debit above zero, credit below. Of a gift without a worth both lines are zero."""

    posting = models.ForeignKey(Posting, on_delete=models.PROTECT, related_name="lines")
    account = models.CharField(max_length=20, choices=_ACCOUNTS, db_index=True)
    amount_vnd = models.BigIntegerField()

    objects: ClassVar[models.Manager[Line]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["seq"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(account__in=[str(one) for one in Account]), name="ledger_account_known"),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.amount_vnd}"


class Pledge(models.Model):
    """What somebody promised. Nobody owes a gift: it is no account of the book; what came of it is read from the postings."""

    key = models.CharField(max_length=20, unique=True, editable=False, default=new_id)
    once = models.CharField(max_length=40, unique=True)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    place = models.CharField(max_length=40, blank=True)
    sort = models.CharField(max_length=10, choices=[("money", N_("money")), *_SORTS])
    amount_vnd = models.BigIntegerField(default=0)
    """0: in kind, without a worth."""
    words = models.CharField(max_length=MOST_WORDS, blank=True)
    due = models.DateField(null=True)
    made = models.DateTimeField()
    by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    forgiven = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[Pledge]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-made", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(amount_vnd__gte=0), name="ledger_pledge_not_below_zero"),
            models.CheckConstraint(
                condition=~models.Q(sort="money") | models.Q(amount_vnd__gt=0), name="ledger_pledged_money_counts"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.key


class Standing(models.TextChoices):
    """Where an estimate stands. Once decided it stays as it was voted on."""

    OPEN = "open", N_("not voted on yet")
    AGREED = "agreed", N_("agreed")
    REFUSED = "refused", N_("not agreed")


class Estimate(models.Model):
    """What a hamlet's meeting was asked to agree to."""

    key = models.CharField(max_length=20, unique=True, editable=False, default=new_id)
    once = models.CharField(max_length=40, unique=True)
    place = models.CharField(max_length=40, blank=True)
    title = models.CharField(max_length=MOST_NAME)
    made = models.DateTimeField()
    by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=Standing.choices, default=Standing.OPEN)
    met = models.DateField(null=True)
    votes_for = models.PositiveIntegerField(default=0)
    votes_against = models.PositiveIntegerField(default=0)
    votes_abstained = models.PositiveIntegerField(default=0)
    minutes = models.TextField(blank=True)
    document = models.CharField(max_length=70, blank=True)

    objects: ClassVar[models.Manager[Estimate]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-made", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(state="open", met=None) | (~models.Q(state="open") & models.Q(met__isnull=False)),
                name="ledger_estimate_decided_on_a_day",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class EstimateLine(models.Model):
    """One item: three poles at 900.000 dong each."""

    estimate = models.ForeignKey(Estimate, on_delete=models.CASCADE, related_name="lines")
    sort = models.CharField(max_length=10, choices=_SORTS)
    words = models.CharField(max_length=MOST_ITEM_WORDS, blank=True)
    quantity = models.PositiveIntegerField(default=1)
    unit_vnd = models.BigIntegerField()

    objects: ClassVar[models.Manager[EstimateLine]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(unit_vnd__gt=0, quantity__gt=0), name="ledger_estimated_above_zero"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.unit_vnd} {self.sort}"

    @property
    def amount_vnd(self) -> int:
        return self.quantity * self.unit_vnd


class StepCode(models.TextChoices):
    """What was done beside the book."""

    PLEDGED = "pledged", N_("pledge written down")
    AMENDED = "amended", N_("pledge corrected")
    FORGIVEN = "forgiven", N_("pledge let go")
    ESTIMATED = "estimated", N_("estimate written")
    DECIDED = "decided", N_("estimate voted on")
    CONSENT = "consent", N_("agreed to be named")
    NO_CONSENT = "no_consent", N_("wishes not to be named")
    NAMES = "names", N_("names read")
    DOCUMENT = "document", N_("document read")
    ERASED = "erased", N_("names erased")


class LedgerStep(ChainedModel):
    """One step. No name is here; `note` is the treasurer's reason."""

    at = models.DateTimeField()
    by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    """Empty: the program, when a term was over."""
    code = models.CharField(max_length=10, choices=StepCode.choices)
    thing = models.CharField(max_length=70, blank=True, db_index=True)
    """The key of the party, pledge, estimate or posting; of documents their name."""
    amount_vnd = models.BigIntegerField(null=True)
    note = models.CharField(max_length=400, blank=True)

    objects: ClassVar[models.Manager[LedgerStep]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["seq"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(code__in=StepCode.values), name="ledger_step_known"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%dT%H:%MZ} {self.code} {self.thing}"
