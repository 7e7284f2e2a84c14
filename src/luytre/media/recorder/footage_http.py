"""What `/v1/footage` answers: an export with where its bytes come from, and why there is nothing between its parts."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from typing import Any

from luytre.base.clock import to_datetime
from luytre.media.archive import Gap
from luytre.media.playback import ExportPlan, Origin, media_offset_bytes, origins_of


def footage_answer(plans: Sequence[ExportPlan], gaps: Sequence[Gap]) -> dict[str, Any]:
    """Reads the head of each whole segment: to be called in a thread. Moments have microseconds. NotFound: a file is gone."""
    parts = [_part(number, plan) for number, plan in enumerate(plans, 1)]
    told = [{"from": _iso(gap.from_utc_90k), "to": _iso(gap.to_utc_90k), "reason": gap.reason} for gap in gaps]
    return {"parts": parts, "gaps": told}


def _part(number: int, plan: ExportPlan) -> dict[str, Any]:
    last = plan.segments[-1]
    return {
        "part": number,
        "from": _iso(plan.from_utc_90k),
        "to": _iso(plan.to_utc_90k),
        "key_from": _iso(plan.key_utc_90k),
        "bytes": plan.size_bytes,
        "codec": plan.codec,
        "width_px": last.width_px,
        "height_px": last.height_px,
        "samples": plan.samples,
        "media_offset_bytes": media_offset_bytes(plan),
        "segments": [_segment(origin) for origin in origins_of(plan)],
    }


def _segment(origin: Origin) -> dict[str, Any]:
    found = origin.segment
    return {
        "id": found.id,
        "run": found.run_key,
        "seq": found.seq,
        "from": _iso(found.start_utc_90k),
        "to": _iso(found.end_utc_90k),
        "bytes": found.size_bytes,
        "sha256": found.sha256.hex() if found.sha256 and found.is_closed else None,
        "whole": origin.is_whole,
        "media_bytes": origin.media_bytes,
        "head": b64encode(origin.head).decode("ascii"),
    }


def _iso(utc_90k: int) -> str:
    return to_datetime(utc_90k).isoformat()
