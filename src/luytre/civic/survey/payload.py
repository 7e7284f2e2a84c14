"""What a telephone sends, read strictly: any bytes are an entry or a fault, and what somebody typed wrong is told by field.

{"id": UUID, "kind": "eye" | "need" | "nothing_here", "made": seconds since 1970 by the telephone's clock,
 "campaign": key or "", "hamlet": number or null, "place": key or "", "target": key or "", "base": revision or null,
 "fields": {name: text or number or null}, "before": {the same, as the telephone knew them}, "photos": [{"sha256", "kind"}]}
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeGuard
from uuid import UUID

from luytre.base.errors import UsageError
from luytre.base.i18n import N_
from luytre.civic.registry.figures import parse_number, parse_whole
from luytre.civic.registry.history import Fields, Plain
from luytre.civic.registry.position import format_position, parse_position
from luytre.civic.registry.refusals import Refusals
from luytre.civic.registry.register import Condition, Label, Network, OwnerKind, Power, RecorderKind, Tier
from luytre.civic.survey.models import EntryKind, PhotoKind, Reason, Urgency

MOST_BYTES = 256 * 1024
MOST_PHOTOS = 30
_KEY = re.compile(r"[a-z0-9]{0,20}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_TEXTS = {
    "name": 120, "owner_name": 120, "owner_phone": 40, "address": 200, "maker": 80, "model": 80, "sees": 400,
    "homes_in_view": 400, "note": 400, "to_see": 400, "words": 400,
}  # fmt: skip
_CHOICES: dict[str, frozenset[str]] = {
    "owner_kind": frozenset(OwnerKind.values), "tier": frozenset(Tier.values), "recorder": frozenset(RecorderKind.values),
    "power": frozenset(Power.values), "network": frozenset(Network.values), "label": frozenset(Label.values),
    "condition": frozenset(Condition.values), "reason": frozenset(Reason.values),
}  # fmt: skip
FIELDS: dict[str, frozenset[str]] = {
    EntryKind.EYE: frozenset(
        {
            "name", "owner_kind", "owner_name", "owner_phone", "address", "position", "bearing_deg", "height_m", "maker", "model",
            "recorder", "days_kept", "clock_error_s", "power", "network", "label", "condition", "sees", "homes_in_view", "tier",
            "note",
        }
    ),
    EntryKind.NEED: frozenset({"name", "position", "to_see", "reason", "words", "urgency"}),
    EntryKind.NOTHING_HERE: frozenset({"position", "note"}),
}  # fmt: skip
_REQUIRED: dict[str, tuple[str, ...]] = {
    EntryKind.EYE: ("name", "position"), EntryKind.NEED: ("name", "position", "reason"), EntryKind.NOTHING_HERE: (),
}  # fmt: skip


class PayloadFault(UsageError):
    """It is no entry: a program sent it, not a form. `subject` names the place in it."""


@dataclass(frozen=True, slots=True)
class Announced:
    """A photo that will follow: the SHA-256 of its bytes, and what it shows."""

    sha256: str
    kind: str


@dataclass(frozen=True, slots=True)
class EntryDraft:
    """What was filled in. `fields` holds what was typed or changed; of something new, all that was typed."""

    number: UUID
    kind: str
    made_at: datetime
    campaign: str = ""
    hamlet: int | None = None
    place: str = ""
    target: str = ""
    base: int | None = None
    fields: Fields = field(default_factory=dict)
    before: Fields = field(default_factory=dict)
    photos: tuple[Announced, ...] = ()

    @property
    def is_new(self) -> bool:
        return not self.target


def read_entry(body: bytes) -> EntryDraft:
    """Errors: PayloadFault; ValidationError by field for what a person typed wrong."""
    content = _object(_parsed(body), "")
    kind = content.get("kind")
    if not isinstance(kind, str) or kind not in FIELDS:
        raise _fault("kind")
    target, base = _key(content, "target"), _whole(content, "base")
    if (base is None) != (target == ""):
        raise _fault("base")
    return EntryDraft(
        number=_uuid(content), kind=kind, made_at=_moment(content), campaign=_key(content, "campaign"),
        hamlet=_whole(content, "hamlet"), place=_key(content, "place"), target=target, base=base,
        before=_plain(kind, content, "before"), photos=_photos(content),
        fields=_checked(kind, _fields(kind, content, "fields"), is_new=not target),
    )  # fmt: skip


def _parsed(body: bytes) -> Any:
    if len(body) > MOST_BYTES:
        raise _fault("")
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise _fault("") from error


def _fault(path: str) -> PayloadFault:
    return PayloadFault(
        N_("what was sent is no entry of the survey"), subject=path or "JSON",
        hint=N_("Load the survey's page anew; what was filled in stays on the telephone."),
    )  # fmt: skip


def _object(value: Any, path: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise _fault(path)
    return value


def _uuid(content: Mapping[str, Any]) -> UUID:
    try:
        return UUID(_text(content.get("id"), "id", 36))
    except ValueError as error:
        raise _fault("id") from error


def _moment(content: Mapping[str, Any]) -> datetime:
    made = content.get("made")
    if not _is_number(made):
        raise _fault("made")
    try:
        return datetime.fromtimestamp(made, UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise _fault("made") from error


def _is_number(value: Any) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e15 and math.isfinite(value)


def _whole(content: Mapping[str, Any], name: str) -> int | None:
    value = content.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**31:
        raise _fault(name)
    return value


def _key(content: Mapping[str, Any], name: str) -> str:
    text = _text(content.get(name, ""), name, 20)
    if _KEY.fullmatch(text) is None:
        raise _fault(name)
    return text


def _text(value: Any, path: str, most: int) -> str:
    """Without control characters, which no form sends and PostgreSQL refuses, and without half a surrogate pair."""
    if not isinstance(value, str) or len(value) > most or "\0" in value:
        raise _fault(path)
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise _fault(path) from error
    return value


def _photos(content: Mapping[str, Any]) -> tuple[Announced, ...]:
    listed = content.get("photos", [])
    if not isinstance(listed, list) or len(listed) > MOST_PHOTOS:
        raise _fault("photos")
    found: dict[str, Announced] = {}
    for number, one in enumerate(listed):
        path = f"photos[{number}]"
        said = _object(one, path)
        sha256, kind = _text(said.get("sha256"), path, 64), _text(said.get("kind"), path, 20)
        if _SHA256.fullmatch(sha256) is None or kind not in PhotoKind.values:
            raise _fault(path)
        found[sha256] = Announced(sha256, kind)
    return tuple(found.values())


def _fields(kind: str, content: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = _object(content.get(name, {}), name)
    if unknown := set(found) - FIELDS[kind]:
        raise _fault(f"{name}.{min(unknown)[:40]}")
    return found


def _plain(kind: str, content: Mapping[str, Any], name: str) -> dict[str, Plain]:
    """What the telephone knew before: compared only, never kept as a value of anything."""
    found: dict[str, Plain] = {}
    for one, value in _fields(kind, content, name).items():
        found[one] = value if value is None or _is_number(value) else _text(value, f"{name}.{one}", 400)
    return found


def _checked(kind: str, fields: Mapping[str, Any], *, is_new: bool) -> dict[str, Plain]:
    """Errors: PayloadFault, ValidationError by field."""
    refusals, found = Refusals(), dict[str, Plain]()
    for name, value in sorted(fields.items()):
        typed = "" if value is None else str(value) if _is_number(value) else _text(value, f"fields.{name}", 2000)
        try:
            found[name] = _value(name, " ".join(typed.split()), refusals)
        except UsageError as error:
            refusals.add(name, error)
    for name in _REQUIRED[kind]:
        if (is_new or name in found) and found.get(name) in ("", None) and name not in refusals.found:
            refusals.tell(name, N_("Something is missing here."))
    refusals.raise_any()
    return found


def _value(name: str, text: str, refusals: Refusals) -> Plain:
    """Errors: UsageError."""
    if name in _TEXTS:
        if len(text) > _TEXTS[name]:
            refusals.tell(name, N_("At most %(most)s characters."), most=_TEXTS[name])
        return text
    if name in _CHOICES:
        if text and text not in _CHOICES[name]:
            refusals.tell(name, N_("Choose one of the list."))
        return text
    if not text:
        return None
    return _FIGURES[name](text)


def _figure(low: float, high: float) -> Callable[[str], Plain]:
    def read(text: str) -> Plain:
        value = parse_number(text)
        if not low <= value <= high:
            raise UsageError(N_("this number is out of bounds"), hint=N_("Look at the unit once more."))
        return value

    return read


def _whole_figure(low: int, high: int) -> Callable[[str], Plain]:
    def read(text: str) -> Plain:
        value = parse_whole(text.removesuffix(".0"))
        if not low <= value <= high:
            raise UsageError(N_("this number is out of bounds"), hint=N_("Look at the unit once more."))
        return value

    return read


def _bearing(text: str) -> Plain:
    value = parse_number(text)
    if not 0 <= value <= 360:
        raise UsageError(N_("a direction lies between 0 and 359 degrees"), hint=N_("0 is north, 90 east, 180 south, 270 west."))
    return value % 360


_FIGURES: dict[str, Callable[[str], Plain]] = {
    "position": lambda text: format_position(parse_position(text)),
    "bearing_deg": _bearing,
    "height_m": _figure(0, 100),
    "clock_error_s": _figure(-10 * 366 * 86_400, 10 * 366 * 86_400),
    "days_kept": _whole_figure(0, 3650),
    "urgency": _whole_figure(min(Urgency.values), max(Urgency.values)),
}
