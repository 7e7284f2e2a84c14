"""Starting a blur, saving what was drawn, and answering whoever makes a copy."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Count, OuterRef, QuerySet, Subquery

from luytre.base.errors import NotFound
from luytre.base.i18n import N_
from luytre.base.polygons import SCALE
from luytre.base.tracks import MOST_KEYS, MOST_TRACKS, Key, Track, TrackError, TrackFault, read_tracks, write_tracks
from luytre.civic.access.looks import Reason, Span
from luytre.civic.access.models import User
from luytre.civic.blurring.models import MOST_TITLE, MOST_WORDS, Blur, BlurRevision
from luytre.civic.ports import BlurKey, BlurTrack
from luytre.civic.registry.models import Camera
from luytre.civic.registry.refusals import Refusals

LONGEST = timedelta(hours=2)
"""Of a span: what somebody can look through picture by picture."""
BESIDE = timedelta(seconds=2)
"""So far beyond the span may a key lie: a picture at its edge is shown by where a region is after it."""
PRESSED_TWICE = timedelta(minutes=1)

FAULTS = {
    TrackFault.NOT_UNDERSTOOD: N_("what was drawn is not understood"),
    TrackFault.TOO_MANY: N_("at most %(most)s regions can be hidden in one span"),
    TrackFault.NO_KEYS: N_("region %(number)s has no moment at which it is anywhere"),
    TrackFault.TOO_MANY_KEYS: N_("region %(number)s has more than %(keys)s moments: end it and go on with a new one"),
    TrackFault.ORDER: N_("the moments of region %(number)s do not follow each other"),
    TrackFault.OUTSIDE: N_("region %(number)s lies outside the picture"),
    TrackFault.TOO_SMALL: N_("region %(number)s is too small to hide anything"),
}


@dataclass(frozen=True, slots=True)
class BlurChoice:
    """A blur that a copy may be made with: its newest revision. `made`, `by`: of that revision."""

    key: str
    revision: int
    title: str
    made: datetime
    by: str


# --- who makes a copy asks here
def blurs_of(camera_key: str, span: Span) -> tuple[BlurChoice, ...]:
    """Those that cover the whole span and hide something, what was drawn last first."""
    newest = BlurRevision.objects.filter(blur=OuterRef("blur")).order_by("-number").values("number")[:1]
    found = BlurRevision.objects.filter(
        blur__camera=camera_key, blur__span_start__lte=span.start, blur__span_end__gte=span.end, number=Subquery(newest)
    ).exclude(tracks="[]").select_related("blur", "by").order_by("-seq")  # fmt: skip
    return tuple(BlurChoice(one.blur.key, one.number, one.blur.title, one.at, str(one.by)) for one in found)


def tracks_of(key: str, revision: int) -> tuple[BlurTrack, ...]:
    """What a revision hides. Errors: NotFound; TrackError where its text was written by something else than this program."""
    return tuple(BlurTrack(tuple(_said(key) for key in track)) for track in read_tracks(_revision(key, revision).tracks))


def digest_of(key: str, revision: int) -> str:
    """SHA-256 of the text of a revision's tracks. Errors: NotFound."""
    return _revision(key, revision).tracks_sha256


def _revision(key: str, revision: int) -> BlurRevision:
    found = BlurRevision.objects.filter(blur__key=key, number=revision).first()
    if found is None:
        raise NotFound(N_("there is no such drawing of hidden regions"), subject=f"{key} {revision}")
    return found


def _said(key: Key) -> BlurKey:
    at = datetime.fromtimestamp(key.at_ms // 1000, UTC) + timedelta(milliseconds=key.at_ms % 1000)
    x, y, width, height = (side / SCALE for side in (key.x, key.y, key.width, key.height))
    return BlurKey(at, x, y, width, height)


# --- what pages do
def all_blurs() -> QuerySet[Blur]:
    """The newest first."""
    return Blur.objects.select_related("by")


def times_saved(blurs: Iterable[Blur]) -> dict[int, int]:
    """How many revisions each has, by its `seq`; left out where there is none."""
    found = BlurRevision.objects.filter(blur__in=list(blurs)).order_by("blur").values_list("blur").annotate(Count("seq"))
    return dict(found)


def newest_of(blur: Blur) -> BlurRevision | None:
    return blur.revisions.order_by("-number").first()


def start(by: User, camera: Camera, span: Span, at: datetime, *, title: str, reason: Reason) -> Blur:
    """The caller has seen to scope and purpose. Pressed twice, it is one. Errors: ValidationError by field."""
    title, wrong = " ".join(title.split()), Refusals()
    if not title:
        wrong.tell("title", N_("say in a few words what is hidden"))
    elif len(title) > MOST_TITLE:
        wrong.tell("title", N_("at most %(most)s letters"), most=MOST_TITLE)
    if span.end <= span.start:
        wrong.tell("end", N_("the end must come after the beginning"))
    elif span.end - span.start > LONGEST:
        wrong.tell("end", N_("at most two hours at once: take what is needed"))
    elif span.end > at:
        wrong.tell("end", N_("this time is still to come"))
    wrong.raise_any()
    with transaction.atomic():
        same = Blur.objects.filter(
            by=by, camera=camera.key, span_start=span.start, span_end=span.end, title=title, made__gt=at - PRESSED_TWICE
        ).first()  # fmt: skip
        return same or Blur.objects.create(
            by=by, made=at, camera=camera.key, span_start=span.start, span_end=span.end, title=title,
            purpose_key=reason.purpose_key, reference=reason.reference,
        )  # fmt: skip


def save(by: User, blur: Blur, drawn: str, over: int, at: datetime, words: str = "") -> BlurRevision | None:
    """The next revision, drawn over number `over` (0: over none); None where it is what the newest has already.

    Errors: ValidationError of field `tracks` where it is not understood, or somebody else has drawn since; of `words`.
    """
    text, newest = write_tracks(checked(blur, drawn)), newest_of(blur)
    if newest is not None and newest.tracks == text:
        return None
    if len(words := " ".join(words.split())) > MOST_WORDS:
        raise ValidationError({"words": ValidationError(N_("at most %(most)s letters"), params={"most": MOST_WORDS})})
    if newest is None and text == "[]":
        raise ValidationError({"tracks": N_("Draw at least one region.")})
    if over != (newest.number if newest else 0):
        raise ValidationError({"tracks": _MEANWHILE})
    try:
        with transaction.atomic():
            return BlurRevision.objects.create(
                blur=blur, number=over + 1, by=by, at=at, tracks=text, words=words,
                tracks_sha256=hashlib.sha256(text.encode()).hexdigest(),
            )  # fmt: skip
    except IntegrityError as error:  # at the same moment
        raise ValidationError({"tracks": _MEANWHILE}) from error


_MEANWHILE = N_("Somebody else has drawn since you opened this page. Open it anew beside this, and take over what is missing.")


def checked(blur: Blur, drawn: str) -> tuple[Track, ...]:
    """Errors: ValidationError of field `tracks`."""
    try:
        tracks = read_tracks(drawn)
    except TrackError as error:
        figures = {"number": error.number, "most": MOST_TRACKS, "keys": MOST_KEYS}
        raise ValidationError({"tracks": ValidationError(FAULTS[error.fault], params=figures)}) from error
    first, last = (round(moment.timestamp() * 1000) for moment in (blur.span_start - BESIDE, blur.span_end + BESIDE))
    for number, track in enumerate(tracks, 1):
        if track[0].at_ms < first or track[-1].at_ms > last:
            words = N_("region %(number)s is at a time outside the span")
            raise ValidationError({"tracks": ValidationError(words, params={"number": number})})
    return tracks
