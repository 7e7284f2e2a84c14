"""The list the recorder pulls (design/recorder-http.md). The one place, beside a test, where camera passwords come out."""

from __future__ import annotations

import json
from datetime import UTC, datetime, time
from typing import Any

from django.utils import timezone

from luytre.civic.access.endings import EVERYBODY, TOLD_FOR, endings, passed_hour
from luytre.civic.registry.holds import spans_held
from luytre.civic.registry.keeping import Keeping, keeping_now
from luytre.civic.registry.lending import Lending, lending
from luytre.civic.registry.masks import masks_in_force
from luytre.civic.registry.models import Camera, Commune, HeldSpan, MaskVersion
from luytre.civic.regulations.force import in_force_now


def recorder_config(now: datetime | None = None) -> dict[str, Any]:
    """The answer of `GET /internal/recorder/config`, ready for JSON; the same content gives the same answer."""
    now = now or timezone.now()
    commune, keeping = Commune.here(), keeping_now(now)
    cameras = Camera.objects.filter(archived=False).select_related("site").order_by("key")
    masks, lent = masks_in_force(), lending(now)
    return {
        "not_before": _not_before(now),
        "cameras": [_camera(camera, keeping, lent) | {"masks": _masks(masks.get(camera.key))} for camera in cameras],
        "holds": [_held(span, reason) for span, reason in spans_held(now)],
        "settings": {"retention_days": keeping.default_days(), "free_floor_bytes": commune.free_floor_bytes},
    }


def _not_before(now: datetime) -> dict[str, str]:
    """Whose tokens from before which moment are worth nothing: rights that were ended, hours that are over, new rules."""
    found = endings(now)
    changed = [moment for moment in _rules_changed(now) if now - TOLD_FOR < moment <= now]
    if changed:
        found[EVERYBODY] = max([*changed, *([found[EVERYBODY]] if EVERYBODY in found else [])])
    return {subject: _iso(moment) for subject, moment in sorted(found.items())}


def _rules_changed(now: datetime) -> list[datetime]:
    """When the rules in force began, and when hours that they give last ended."""
    current = in_force_now(now)
    ends = {span.end for right in current.rules.rights for span in right.hours}
    hours = [passed_hour(time(end // 60, end % 60), now) for end in ends]
    return [*([current.since] if current.since else []), *hours]


def _camera(camera: Camera, keeping: Keeping, lent: Lending) -> dict[str, Any]:
    """What its owner does not lend now is off; of what somebody lends no sound is ever kept."""
    return {
        "key": camera.key,
        "name": camera.name,
        "enabled": camera.enabled and lent.of(camera.key).recorded,
        "kind": camera.kind,
        "main_url": camera.main_url,
        "sub_url": camera.sub_url or None,
        "username": camera.username,
        "password": camera.password,
        "sound": camera.sound and keeping.sound and camera.key not in lent.terms,
        "retention_days": keeping.days(camera),
        "retention_bytes": camera.retention_bytes,
    }


def _masks(masks: MaskVersion | None) -> dict[str, Any] | None:
    """As they were kept: whether they are understood, the recorder asks too, and shows nothing where they are not."""
    return {"version": masks.number, "polygons": json.loads(masks.polygons)} if masks is not None else None


def _held(span: HeldSpan, reason: str) -> dict[str, Any]:
    return {"id": span.key, "camera": span.camera, "from": _iso(span.start), "to": _iso(span.end), "reason": reason}


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
