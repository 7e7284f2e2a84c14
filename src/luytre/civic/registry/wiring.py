"""What hangs on what: switches, lines, power supplies and poles, and the firms that mend them; with the history of it all.

A camera may hang on any number of them. What hangs on a switch hangs on the line that the switch hangs on: `hanging` tells it
for all at once. A circle is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from luytre.base.i18n import N_
from luytre.base.letters import one_line
from luytre.civic.access.models import User
from luytre.civic.registry.eye_checks import PHONE, check_lengths
from luytre.civic.registry.eyes import Stale
from luytre.civic.registry.history import NOTHING, Fields, record
from luytre.civic.registry.models import Camera, Hamlet
from luytre.civic.registry.refusals import Refusals
from luytre.civic.registry.register import RegisterCode, Thing
from luytre.civic.registry.sites import hamlet_known, same_name
from luytre.civic.registry.wires import Feed, FeedKind, Firm

LIMITS = {"name": 120, "hamlet": 120, "note": 400, "phone": 40}
PRIVATE = frozenset({"note", "phone"})


@dataclass(frozen=True, slots=True)
class FeedDraft:
    """What is to be kept, whole. `hamlet`: the name of one. `parent`, `firm`, `cameras`: keys."""

    kind: str
    name: str
    hamlet: str = ""
    parent: str = ""
    firm: str = ""
    note: str = ""
    cameras: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class FirmDraft:
    name: str
    phone: str = ""
    note: str = ""


def feed_draft(feed: Feed) -> FeedDraft:
    """As it is: `replace` what is to change, and save."""
    return FeedDraft(
        feed.kind, feed.name, feed.hamlet.name if feed.hamlet else "", feed.parent.key if feed.parent else "",
        feed.firm.key if feed.firm else "", feed.note, frozenset(Camera.objects.filter(feeds=feed).values_list("key", flat=True)),
    )  # fmt: skip


def hanging() -> dict[str, frozenset[str]]:
    """By a feed's key: the keys of all cameras that hang on it, over its children too. Those out of use left out. Two queries."""
    parents = dict(Feed.objects.filter(archived=False).values_list("key", "parent__key"))
    own: dict[str, set[str]] = {key: set() for key in parents}
    pairs = Camera.objects.filter(archived=False, feeds__archived=False).values_list("feeds__key", "key")
    for feed, camera in pairs:
        own[feed].add(camera)
    return spread(parents, own)


def spread(parents: Mapping[str, str | None], own: Mapping[str, Iterable[str]]) -> dict[str, frozenset[str]]:
    """Cameras of each feed and of all that hang below it. `parents`: of each feed, None for what hangs on nothing. Pure."""
    found = {feed: set(own.get(feed, ())) for feed in parents}
    for feed in parents:
        for above in chain_up(feed, parents)[1:]:
            found[above] |= set(own.get(feed, ()))
    return {feed: frozenset(cameras) for feed, cameras in found.items()}


def chain_up(feed: str, parents: Mapping[str, str | None]) -> list[str]:
    """The feed and all that it hangs on, each once, also where somebody wrote a circle past this program."""
    met = [feed]
    while (above := parents.get(met[-1])) is not None and above not in met and above in parents:
        met.append(above)
    return met


@transaction.atomic
def save_feed(by: User | None, draft: FeedDraft, at: datetime, feed: Feed | None = None, revision: int | None = None) -> Feed:
    """A new one, or a changed one. Errors: ValidationError by field (`refusals.said` has the words), Stale."""
    present = _locked_feed(feed, revision) if feed is not None else None
    before: Fields = _feed_fields(feed_draft(present)) if present is not None else NOTHING
    draft, found = _checked(draft, present)
    made = present or Feed()
    made.kind, made.name, made.note = draft.kind, draft.name, draft.note
    made.hamlet, made.parent, made.firm = found.hamlet, found.parent, found.firm
    after = _feed_fields(draft)
    if before != after:
        made.revision = made.revision + 1 if present is not None else 1
        made.save()
        made.cameras.set(found.cameras)
        code = RegisterCode.CHANGED if present is not None else RegisterCode.ADDED
        record(by, at, Thing.FEED, made.key, made.name, code, before, after, PRIVATE)
    return made


def _feed_fields(draft: FeedDraft) -> Fields:
    """For its step. Cameras by their keys: the name of a household's camera is mostly the owner's."""
    return {
        "kind": draft.kind, "name": draft.name, "hamlet": draft.hamlet, "hangs_on": draft.parent, "firm": draft.firm,
        "note": draft.note, "cameras": " ".join(sorted(draft.cameras)),
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Found:
    hamlet: Hamlet | None
    parent: Feed | None
    firm: Firm | None
    cameras: list[Camera]


def _checked(draft: FeedDraft, present: Feed | None) -> tuple[FeedDraft, _Found]:
    """Tidied, with what its keys and names stand for. Errors: ValidationError by field."""
    texts = {name: one_line(str(getattr(draft, name))) for name in ("name", "hamlet", "note")}
    refused = Refusals()
    check_lengths(refused, texts, LIMITS)
    if draft.kind not in FeedKind.values:
        refused.tell("kind", N_("Choose one of the list."))
    if not texts["name"]:
        refused.tell("name", N_("A switch, line, power supply or pole needs a name."))
    elif any(same_name(texts["name"], one.name) for one in _others(present).filter(kind=draft.kind)):
        refused.tell("name", N_("There is another of this kind with this name."))
    hamlet = hamlet_known(texts["hamlet"])
    if texts["hamlet"] and hamlet is None:
        refused.tell("hamlet", N_("There is no hamlet of this name. Hamlets are added in the settings."))
    parent = _parent(draft.parent, present, refused)
    firm = Firm.objects.filter(key=draft.firm, archived=False).first() if draft.firm else None
    if draft.firm and firm is None:
        refused.tell("firm", N_("Choose one of the list."))
    cameras = list(Camera.objects.filter(key__in=draft.cameras, archived=False))
    gone = Camera.objects.filter(key__in=draft.cameras, archived=True).count()
    if len(cameras) + gone < len(draft.cameras):
        refused.tell("cameras", N_("One of these cameras is not there."))
    refused.raise_any()
    kept = FeedDraft(
        draft.kind, texts["name"], hamlet.name if hamlet else "", parent.key if parent else "", firm.key if firm else "",
        texts["note"], frozenset(one.key for one in cameras),
    )  # fmt: skip
    return kept, _Found(hamlet, parent, firm, cameras)


def _others(present: Feed | None) -> QuerySet[Feed]:
    found = Feed.objects.filter(archived=False)
    return found.exclude(pk=present.pk) if present is not None else found


def _parent(key: str, present: Feed | None, refused: Refusals) -> Feed | None:
    """Errors are told: what is not there, and what hangs on this one itself."""
    if not key:
        return None
    parent = Feed.objects.select_for_update(of=("self",)).filter(key=key, archived=False).first()
    if parent is None:
        refused.tell("parent", N_("Choose one of the list."))
    elif present is not None:
        parents = dict(Feed.objects.filter(archived=False).values_list("key", "parent__key"))
        if present.key in chain_up(parent.key, parents):
            refused.tell("parent", N_("That one hangs on this one itself: it would be a circle."))
    return parent


def _locked_feed(feed: Feed, revision: int | None) -> Feed:
    present = Feed.objects.select_for_update(of=("self",)).select_related("hamlet", "parent", "firm").get(pk=feed.pk)
    if revision is not None and present.revision != revision:
        raise Stale(present.name, present.revision)
    return present


@transaction.atomic
def remove_feed(by: User | None, feed: Feed, at: datetime) -> Feed:
    """Out of use; its history stays. What hangs on it hangs on what it hung on. Errors: Stale."""
    present = _locked_feed(feed, None)
    if present.archived:
        return present
    for child in Feed.objects.select_related("hamlet", "parent", "firm").filter(parent=present, archived=False):
        before = feed_draft(child)
        child.parent, child.revision = present.parent, child.revision + 1
        child.save()
        after = _feed_fields(feed_draft(child))
        record(by, at, Thing.FEED, child.key, child.name, RegisterCode.CHANGED, _feed_fields(before), after, PRIVATE)
    present.archived, present.revision = True, present.revision + 1
    present.save()
    record(by, at, Thing.FEED, present.key, present.name, RegisterCode.REMOVED)
    return present


@transaction.atomic
def save_firm(by: User | None, draft: FirmDraft, at: datetime, firm: Firm | None = None, revision: int | None = None) -> Firm:
    """Errors: ValidationError by field (name, phone, note), Stale."""
    present = Firm.objects.select_for_update().get(pk=firm.pk) if firm is not None else None
    if present is not None and revision is not None and present.revision != revision:
        raise Stale(present.name, present.revision)
    texts = {name: one_line(getattr(draft, name)) for name in ("name", "phone", "note")}
    _check_firm(texts, present)
    before: Fields = _firm_fields(present) if present is not None else NOTHING
    made = present or Firm()
    made.name, made.phone, made.note = texts["name"], texts["phone"], texts["note"]
    if before != _firm_fields(made):
        made.revision = made.revision + 1 if present is not None else 1
        made.save()
        code = RegisterCode.CHANGED if present is not None else RegisterCode.ADDED
        record(by, at, Thing.FIRM, made.key, made.name, code, before, _firm_fields(made), PRIVATE)
    return made


def _firm_fields(firm: Firm) -> Fields:
    return {"name": firm.name, "phone": firm.phone, "note": firm.note}


def _check_firm(texts: Mapping[str, str], present: Firm | None) -> None:
    refused = Refusals()
    check_lengths(refused, dict(texts), LIMITS)
    others = Firm.objects.filter(archived=False)
    if not texts["name"]:
        refused.tell("name", N_("A firm needs a name."))
    elif any(same_name(texts["name"], one.name) for one in (others.exclude(pk=present.pk) if present else others)):
        refused.tell("name", N_("There is another firm of this name."))
    if PHONE.fullmatch(texts["phone"]) is None:
        refused.tell("phone", N_("A telephone number has digits only, like 0912 345 678."))
    refused.raise_any()


@transaction.atomic
def remove_firm(by: User | None, firm: Firm, at: datetime) -> Firm:
    """Nothing is given to it any more; what it was given stays as it was written. Its feeds are left without a firm."""
    present = Firm.objects.select_for_update().get(pk=firm.pk)
    if not present.archived:
        Feed.objects.filter(firm=present).update(firm=None)
        present.archived, present.revision = True, present.revision + 1
        present.save()
        record(by, at, Thing.FIRM, present.key, present.name, RegisterCode.REMOVED)
    return present
