"""What telephones send: taken over once, compared with what others changed meanwhile, decided by a person where both differ."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from luytre.base.errors import LuytreError
from luytre.base.i18n import N_
from luytre.civic.access.models import User
from luytre.civic.registry import eyes
from luytre.civic.registry.eyes import EyeDraft, draft_of, fields_of, save_eye
from luytre.civic.registry.history import NOTHING, Fields, Plain
from luytre.civic.registry.models import Eye, Hamlet, Site
from luytre.civic.registry.position import parse_position
from luytre.civic.registry.register import Condition
from luytre.civic.survey.models import Campaign, Entry, EntryKind, EntryState, Need, Photo
from luytre.civic.survey.needs import NeedDraft, draft_of_need, fields_of_need, locked_need, save_need
from luytre.civic.survey.payload import MOST_PHOTOS, EntryDraft
from luytre.civic.survey.scope import reach_of

PRIVATE = eyes.PRIVATE
"""Of an eye: never sent to a telephone, and out of an entry as soon as it is taken over or set aside."""
GONE = N_("This is no longer in the register.")


class OutOfReach(LuytreError):
    """The person does not survey there, or the entry is somebody else's."""

    def __init__(self) -> None:
        super().__init__(
            N_("you do not survey in this hamlet"), operation=N_("Taking over an entry"),
            hint=N_("What was filled in stays on the telephone. Ask the head of the commune police."),
        )  # fmt: skip


class ChangedSince(LuytreError):
    """The number was taken with something else in it: the answer to it was lost, and the person went on filling in.

    `state`, `target` and `fields` are of what was taken: the telephone makes a change of that, under a number of its own.
    """

    def __init__(self, entry: Entry) -> None:
        super().__init__(N_("this entry was taken over before it was changed"), operation=N_("Taking over an entry"))
        self.state, self.target, self.fields = entry.state, entry.target, dict(entry.payload.get("fields", {}))


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of an entry. `missing`: photos that were announced and are not here yet (SHA-256 of what was sent)."""

    state: str
    target: str
    fault: str
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of two versions. `hidden`: a private field of somebody else's version, which the reader may not see."""

    field: str
    theirs: Plain
    mine: Plain
    hidden: bool = False


def take(by: User, draft: EntryDraft, at: datetime) -> Answer:
    """Once for each number, however often and from however many requests at once it is sent.

    Errors: OutOfReach, ChangedSince; ValidationError by field, and then nothing is kept: the telephone still has it.
    """
    if Entry.objects.filter(number=draft.number).exists():
        return _again(by, draft)
    try:
        with transaction.atomic():
            return answer_of(_taken(by, draft, at))
    except IntegrityError:
        if not Entry.objects.filter(number=draft.number).exists():
            raise
        return _again(by, draft)  # the same number at the same moment: the other request has it


@transaction.atomic
def _again(by: User, draft: EntryDraft) -> Answer:
    """Photos may have come and gone since on the telephone."""
    entry = Entry.objects.select_for_update(of=("self",)).get(number=draft.number)
    if entry.by_id != by.pk:
        raise OutOfReach
    if entry.digest != _digest(draft):
        raise ChangedSince(entry)
    here = set(Photo.objects.filter(entry=entry).values_list("sent_sha256", flat=True))
    announced = {photo.sha256: photo.kind for photo in draft.photos}
    kept = [[sha256, kind] for sha256, kind in entry.photos if sha256 in here and sha256 not in announced]
    entry.photos = [*kept, *([sha256, kind] for sha256, kind in announced.items())][: MOST_PHOTOS + len(kept)]
    entry.save(update_fields=["photos"])
    return answer_of(entry)


def _digest(draft: EntryDraft) -> str:
    """Photos are not in it: they are told apart by their own."""
    filled_in = [draft.kind, draft.target, draft.place, draft.hamlet, draft.campaign, dict(sorted(draft.fields.items()))]
    return hashlib.sha256(json.dumps(filled_in, ensure_ascii=False).encode()).hexdigest()


def answer_of(entry: Entry) -> Answer:
    here = set(Photo.objects.filter(entry=entry).values_list("sent_sha256", flat=True))
    missing = tuple(sha256 for sha256, _kind in entry.photos if sha256 not in here)
    return Answer(entry.state, entry.target, entry.fault, missing)


def _taken(by: User, draft: EntryDraft, at: datetime) -> Entry:
    reach, entry = reach_of(by, at), _row(by, draft, at)
    if draft.is_new and not reach.covers(entry.hamlet_id):
        raise OutOfReach
    entry.save()  # first: who comes second with this number waits here, and then finds it
    {EntryKind.EYE: _take_eye, EntryKind.NEED: _take_need, EntryKind.NOTHING_HERE: _take_nothing}[EntryKind(draft.kind)](
        entry, at
    )
    if not reach.covers(entry.hamlet_id):  # of what was there already, its own hamlet counts
        raise OutOfReach
    return _kept(entry)


def _row(by: User, draft: EntryDraft, at: datetime) -> Entry:
    hamlet = Hamlet.objects.filter(pk=draft.hamlet).first() if draft.hamlet is not None else None
    campaign = Campaign.objects.filter(key=draft.campaign).first() if draft.campaign else None
    name = str(draft.fields.get("name") or draft.before.get("name") or "")
    return Entry(
        number=draft.number, kind=draft.kind, campaign=campaign, hamlet=hamlet, by=by, made_at=draft.made_at, received_at=at,
        target=draft.target, place=draft.place, base=draft.base, name=name[:120], state=EntryState.APPLIED, digest=_digest(draft),
        payload={"fields": dict(draft.fields), "before": dict(draft.before)},
        photos=[[photo.sha256, photo.kind] for photo in draft.photos],
    )  # fmt: skip


def _kept(entry: Entry) -> Entry:
    if entry.state in (EntryState.APPLIED, EntryState.DISCARDED):
        entry.payload = {part: _without_private(entry.payload.get(part, {})) for part in ("fields", "before")}
    entry.save()
    return entry


def _without_private(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if name not in PRIVATE}


def _take_nothing(entry: Entry, at: datetime) -> None:
    """A visit that found no camera is the entry itself."""


# --- eyes -------------------------------------------------------------------------------------------------------------
def _take_eye(entry: Entry, at: datetime) -> None:
    fields = _fields(entry)
    if not entry.target:
        hamlet = entry.hamlet.name if entry.hamlet else ""
        site = Site.objects.filter(key=entry.place, hamlet=entry.hamlet).first() if entry.place else None
        draft = EyeDraft(name="", hamlet=hamlet, site=site.name if site else "")
        made = save_eye(entry.by, _changed(draft, fields, entry, at), at)
        entry.target = made.key
        return
    found = Eye.objects.filter(key=entry.target, archived=False).first()
    if found is None:
        entry.state, entry.fault = EntryState.REFUSED, GONE
        return
    present = eyes.locked(found)
    entry.hamlet, entry.name = present.site.hamlet, entry.name or present.name
    if present.revision != entry.base and _differs(fields_of(present), fields, _before(entry)):
        entry.state = EntryState.CONFLICT
        return
    save_eye(entry.by, _changed(draft_of(present), fields, entry, at), at, present, present.revision)


def _changed(draft: EyeDraft, fields: Fields, entry: Entry, at: datetime) -> EyeDraft:
    """Of something that was there, what is private or a choice and left empty stays; somebody has looked at it on that day."""
    wanted: dict[str, Any] = {name: value for name, value in fields.items() if value not in ("", None) or name in _EMPTIED}
    if isinstance(text := wanted.get("position"), str):
        wanted["position"] = parse_position(text)
    day = min(localdate(entry.made_at), localdate(at))
    is_known = wanted.get("condition", draft.condition) != Condition.UNKNOWN
    if is_known and (draft.condition_day is None or draft.condition_day < day):
        wanted["condition_day"] = day  # also where it was found as it had been
    return replace(draft, **wanted)


_EMPTIED = frozenset({"address", "maker", "model", "sees", "bearing_deg", "height_m", "days_kept", "clock_error_s"})
"""Fields that a telephone shows, and that somebody may empty."""


# --- needs ------------------------------------------------------------------------------------------------------------
def _take_need(entry: Entry, at: datetime) -> None:
    fields = _fields(entry)
    if not entry.target:
        draft = NeedDraft("", None, "", entry.hamlet, campaign=entry.campaign)
        entry.target = save_need(entry.by, _changed_need(draft, fields), at).key
        return
    found = Need.objects.filter(key=entry.target).first()
    if found is None:
        entry.state, entry.fault = EntryState.REFUSED, GONE
        return
    present = locked_need(found)
    entry.hamlet, entry.name = present.hamlet, entry.name or present.name
    if present.revision != entry.base and _differs(fields_of_need(present), fields, _before(entry)):
        entry.state = EntryState.CONFLICT
        return
    save_need(entry.by, _changed_need(draft_of_need(present), fields), at, present, present.revision)


def _changed_need(draft: NeedDraft, fields: Fields) -> NeedDraft:
    wanted: dict[str, Any] = {name: value for name, value in fields.items() if value is not None}
    if isinstance(text := wanted.get("position"), str):
        wanted["position"] = parse_position(text) if text else None
    return replace(draft, **wanted)


# --- two versions -----------------------------------------------------------------------------------------------------
def _fields(entry: Entry) -> Fields:
    found: Fields = entry.payload.get("fields", NOTHING)
    return found


def _before(entry: Entry) -> Fields:
    found: Fields = entry.payload.get("before", NOTHING)
    return found


def _differs(theirs: Fields, mine: Fields, before: Fields) -> bool:
    """Whether somebody else changed one of the same fields to something else. What only the others changed stays theirs; of a
    private field the telephone knew nothing, so that any other value of it is another's."""
    return any(
        not _same(theirs.get(name), value) and not (name in before and _same(theirs.get(name), before[name]))
        for name, value in mine.items()
        if value not in ("", None) or name not in PRIVATE
    )


def _same(one: Plain, other: Plain) -> bool:
    return one == other or (one in ("", None) and other in ("", None))


def differences(entry: Entry, *, show_private: bool) -> list[Difference]:
    """Field by field what is in the register and what the telephone sent, where they differ. Empty where the thing is gone."""
    theirs = _theirs(entry)
    if theirs is None:
        return []
    return [
        Difference(name, None if hidden else theirs.get(name), value, hidden)
        for name, value in _fields(entry).items()
        if not _same(theirs.get(name), value) and (value not in ("", None) or name in _EMPTIED)
        for hidden in [name in PRIVATE and not show_private]
    ]


def _theirs(entry: Entry) -> Fields | None:
    if entry.kind == EntryKind.EYE:
        eye = Eye.objects.select_related("site__hamlet", "camera").filter(key=entry.target, archived=False).first()
        return fields_of(eye) if eye is not None else None
    need = Need.objects.select_related("hamlet").filter(key=entry.target).first()
    return fields_of_need(need) if need is not None else None


@transaction.atomic
def decide(by: User, number: UUID, mine: Collection[str], at: datetime) -> Entry:
    """Ends a conflict: of the fields in `mine` the telephone's value is taken, all else stays as it is in the register.

    What is decided already stays so. Errors: ValidationError by field; ValidationError for something that is gone.
    """
    entry = Entry.objects.select_for_update(of=("self",)).get(number=number)
    if entry.state not in (EntryState.CONFLICT, EntryState.REFUSED):
        return entry
    wanted = {name: value for name, value in _fields(entry).items() if name in mine}
    if wanted and entry.state == EntryState.CONFLICT:
        _put(by, entry, wanted, at)
        entry.state = EntryState.APPLIED
    else:
        entry.state = EntryState.DISCARDED
    entry.decided_by, entry.decided_at = by, at
    return _kept(entry)


def _put(by: User, entry: Entry, wanted: Fields, at: datetime) -> None:
    if entry.kind == EntryKind.EYE:
        eye = eyes.locked(Eye.objects.get(key=entry.target))
        save_eye(by, _changed(draft_of(eye), wanted, entry, at), at, eye)
    else:
        need = locked_need(Need.objects.get(key=entry.target))
        save_need(by, _changed_need(draft_of_need(need), wanted), at, need)
