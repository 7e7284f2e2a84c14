"""The list the recorder pulls (design/recorder-http.md). The one place, beside a test, where camera passwords come out."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from luytre.civic.registry.models import Camera, Commune, Hold


def recorder_config() -> dict[str, Any]:
    """The answer of `GET /internal/recorder/config`, ready for JSON; the same content gives the same answer."""
    commune = Commune.here()
    cameras = Camera.objects.filter(archived=False).order_by("key")
    return {
        "cameras": [_camera(camera, commune.retention_days) for camera in cameras],
        "holds": [_hold(hold) for hold in Hold.objects.select_related("camera").order_by("key")],
        "settings": {"retention_days": commune.retention_days, "free_floor_bytes": commune.free_floor_bytes},
    }


def _camera(camera: Camera, default_retention_days: int) -> dict[str, Any]:
    return {
        "key": camera.key,
        "name": camera.name,
        "enabled": camera.enabled,
        "kind": camera.kind,
        "main_url": camera.main_url,
        "sub_url": camera.sub_url or None,
        "username": camera.username,
        "password": camera.password,
        "sound": camera.sound,
        "retention_days": camera.retention_days or default_retention_days,
        "retention_bytes": camera.retention_bytes,
    }


def _hold(hold: Hold) -> dict[str, Any]:
    return {
        "id": hold.key,
        "camera": hold.camera.key,
        "from": _iso(hold.start),
        "to": _iso(hold.end),
        "reason": hold.reason,
    }


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
