"""The recorder's HTTP as the civic plane uses it: status, refresh, probe, and the address of a clip.

Short time-outs and one try: a page never hangs because the recorder does. Its answers are read with care, since an
older or newer recorder may answer something else.
"""

from __future__ import annotations

import base64
import http.client
import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import quote, urlencode

from luytre.base.environment import Listen
from luytre.base.i18n import N_, translate
from luytre.bridge.tokens import EXPORT_LIFETIME_S, Right, TokenMint
from luytre.civic.ports import (
    AcceptAnswer,
    Alarm,
    ArchiveState,
    DayKept,
    ErasedLine,
    ErasedPage,
    ErasedQuery,
    PictureState,
    ProbeAnswer,
    RecorderDown,
    Status,
    StreamState,
    ViewMark,
)

STATUS_TIMEOUT_S = 3.0
REFRESH_TIMEOUT_S = 2.0
PROBE_TIMEOUT_S = 25.0
PICTURE_TIMEOUT_S = 5.0
ACCEPT_TIMEOUT_S = 15.0
PICTURE_WIDTH_PX = 1280
LARGEST_NUMBER = 1 << 63
LARGEST_ANSWER_BYTES = 16 * 1024 * 1024

RECORDER_DOWN = N_("the recorder does not answer")
RECORDER_DOWN_HINT = N_(
    "It is started again by itself. If this lasts for more than a minute, look at the output of luytre serve."
)


@dataclass(frozen=True, slots=True)
class RecorderClient:
    """CameraProbe, RecorderStatus, ViewKeeper and ClipExporter over HTTP on this machine."""

    address: Listen
    mint: TokenMint
    time_zone: str = "Asia/Ho_Chi_Minh"

    def status(self, language: str) -> Status:
        """Errors: RecorderDown."""
        return _status(self._call("GET", "/v1/status", "status", language, STATUS_TIMEOUT_S))

    def refresh(self) -> bool:
        try:
            self._call("POST", "/v1/refresh", "manage", "en", REFRESH_TIMEOUT_S)
        except RecorderDown:
            return False
        return True

    def days(self, camera: str, start: datetime, end: datetime) -> tuple[DayKept, ...]:
        """Errors: RecorderDown."""
        query = urlencode({"from": f"{start.timestamp():.0f}", "to": f"{end.timestamp():.0f}", "zone": self.time_zone})
        answer = self._call("GET", f"/v1/days/{quote(camera, safe='')}/main?{query}", "status", "en", STATUS_TIMEOUT_S)
        days = [_day(item) for item in _objects(answer, "days")]
        return tuple(day for day in days if day is not None)

    def erased(self, query: ErasedQuery) -> ErasedPage:
        """Errors: RecorderDown. A line that is not understood is left out."""
        said: dict[str, object] = {"limit": query.limit, "cams": ",".join(query.cameras), "before": query.before or ""}
        said |= {name: f"{moment.timestamp():.3f}" for name, moment in (("from", query.start), ("to", query.end)) if moment}
        asked = urlencode({name: value for name, value in said.items() if value != ""})
        answer = self._call("GET", f"/v1/erased?{asked}", "status", "en", STATUS_TIMEOUT_S)
        lines = [_erased(item) for item in _objects(answer, "erased")]
        return ErasedPage(tuple(line for line in lines if line is not None), answer.get("more") is True)

    def probe(self, url: str, username: str, password: str, language: str) -> ProbeAnswer:
        body = {"url": url, "username": username, "password": password}
        try:
            return _probe_answer(self._call("POST", "/v1/probe", "manage", language, PROBE_TIMEOUT_S, body))
        except RecorderDown:
            return ProbeAnswer(
                ok=False,
                problem="recorder_down",
                sentence=translate(RECORDER_DOWN, language),
                hint=translate(RECORDER_DOWN_HINT, language),
            )

    def picture(self, camera: str) -> bytes:
        """Errors: RecorderDown."""
        token = self.mint.mint("live", cameras=[camera], unmasked=[camera])
        return self._jpeg(f"/v1/picture/{quote(camera, safe='')}/main?w={PICTURE_WIDTH_PX}", token)

    def _jpeg(self, path: str, token: str) -> bytes:
        """Empty where there is none. Errors: RecorderDown."""
        status, body = self._ask("GET", path, {"Authorization": f"Bearer {token}"}, None, PICTURE_TIMEOUT_S)
        if status == 404:
            return b""
        if status != 200 or not body.startswith(b"\xff\xd8"):
            raise _down()
        return body

    def accept(self, camera: str, language: str) -> AcceptAnswer:
        """Errors: RecorderDown."""
        headers = {"Authorization": f"Bearer {self.mint.mint('manage', cameras=[camera])}", "Accept-Language": language}
        status, body = self._ask("POST", f"/v1/views/{quote(camera, safe='')}", headers, None, ACCEPT_TIMEOUT_S)
        answer = _object(body)
        if status in (404, 409):
            return AcceptAnswer(None, _text(answer, "message"), _text(answer, "hint"))
        mark = _view(camera, answer)
        if status != 200 or mark is None:
            raise _down()
        return AcceptAnswer(mark)

    def views(self, camera: str) -> tuple[ViewMark, ...]:
        """Errors: RecorderDown. A line that is not understood is left out."""
        answer = self._call("GET", f"/v1/views/{quote(camera, safe='')}", "manage", "en", STATUS_TIMEOUT_S)
        views = [_view(camera, item) for item in _objects(answer, "views")]
        return tuple(view for view in views if view is not None)

    def view_picture(self, camera: str, view: str, *, unmasked: bool = False) -> bytes:
        """Errors: RecorderDown."""
        token = self.mint.mint("manage", cameras=[camera], unmasked=[camera] if unmasked else [])
        path = f"/v1/views/{quote(camera, safe='')}/{quote(view, safe='')}.jpg"
        return self._jpeg(path, token)

    def forget_view(self, camera: str, view: str) -> bool:
        """Errors: RecorderDown."""
        headers = {"Authorization": f"Bearer {self.mint.mint('manage', cameras=[camera])}"}
        path = f"/v1/views/{quote(camera, safe='')}/{quote(view, safe='')}.jpg"
        status, _body = self._ask("DELETE", path, headers, None, STATUS_TIMEOUT_S)
        if status not in (200, 404):
            raise _down()
        return status == 200

    def export_url(self, user_id: str, camera: str, start: datetime, end: datetime, unmasked: bool) -> str:
        token = self.mint.mint(
            "export",
            subject=user_id,
            cameras=[camera],
            start=start,
            end=end,
            lifetime_s=EXPORT_LIFETIME_S,
            unmasked=[camera] if unmasked else [],
        )
        query = urlencode({"from": f"{start.timestamp():.6f}", "to": f"{end.timestamp():.6f}", "token": token})
        return f"/v1/mp4/{quote(camera, safe='')}/main?{query}"

    def _call(
        self, method: str, path: str, right: Right, language: str, timeout_s: float, body: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self.mint.mint(right)}", "Accept-Language": language}
        if body is not None:
            headers["Content-Type"] = "application/json"
        status, found = self._ask(method, path, headers, json.dumps(body) if body is not None else None, timeout_s)
        if status >= 400:
            raise _down()
        return _object(found)

    def _ask(self, method: str, path: str, headers: dict[str, str], body: str | None, timeout_s: float) -> tuple[int, bytes]:
        """Status and body. Errors: RecorderDown where there is no answer."""
        host = self.address.for_url.rpartition(":")[0].strip("[]")
        connection = http.client.HTTPConnection(host, self.address.port, timeout=timeout_s)
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            return response.status, response.read(LARGEST_ANSWER_BYTES)
        except (OSError, http.client.HTTPException) as error:
            raise _down() from error
        finally:
            connection.close()


def _down() -> RecorderDown:
    return RecorderDown(RECORDER_DOWN, hint=RECORDER_DOWN_HINT)


def _object(body: bytes) -> dict[str, Any]:
    """Errors: RecorderDown."""
    try:
        answer = json.loads(body or b"{}")
    except (ValueError, RecursionError) as error:
        raise _down() from error
    if not isinstance(answer, dict):
        raise _down()
    return answer


def _text(source: dict[str, Any], name: str) -> str:
    value = source.get(name)
    return value if isinstance(value, str) else ""


def _number(source: dict[str, Any], name: str) -> float:
    """0 for what is none; JSON knows `Infinity` and numbers of any length to Python."""
    value = source.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < LARGEST_NUMBER:
        return 0.0
    return float(value)


def _told(source: dict[str, Any], name: str) -> float | None:
    """Not below 0; None for what is none, or is not known."""
    value = source.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < LARGEST_NUMBER:
        return None
    return float(value)


def _count(source: dict[str, Any], name: str) -> int | None:
    value = _told(source, name)
    return int(value) if value is not None else None


def _moment(source: dict[str, Any], name: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(_text(source, name))
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None


def _objects(source: dict[str, Any], name: str) -> list[dict[str, Any]]:
    value = source.get(name)
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _status(answer: dict[str, Any]) -> Status:
    at = _moment(answer, "utc")
    if at is None:
        raise _down()
    archive = answer.get("archive")
    return Status(
        at=at,
        streams=tuple(_stream(item) for item in _objects(answer, "cameras")),
        archive=_archive(archive if isinstance(archive, dict) else {}),
        alarms=tuple(
            Alarm(_text(item, "code"), _text(item, "sentence"), _moment(item, "since"), _text(item, "camera"))
            for item in _objects(answer, "alarms")
        ),
    )


def _stream(item: dict[str, Any]) -> StreamState:
    return StreamState(
        camera=_text(item, "camera"),
        stream=_text(item, "stream"),
        state=_text(item, "state"),
        problem=_text(item, "problem"),
        sentence=_text(item, "sentence"),
        hint=_text(item, "hint"),
        since=_moment(item, "since"),
        last_frame=_moment(item, "last_frame"),
        frames=int(_number(item, "frames")),
        gaps=int(_number(item, "gaps")),
        reconnects=int(_number(item, "reconnects")),
        packets=_count(item, "packets"),
        packets_lost=_count(item, "packets_lost"),
        jitter_ms=_told(item, "jitter_ms"),
        bitrate_bps=_number(item, "bitrate_bps"),
        fps=_number(item, "fps"),
        codec=_text(item, "codec"),
        width_px=int(_number(item, "width")),
        height_px=int(_number(item, "height")),
        clock_offset_s=None if item.get("clock_offset_s") is None else _number(item, "clock_offset_s"),
        viewers=int(_number(item, "viewers")),
        picture=_picture(item.get("picture")),
    )


def _picture(item: object) -> PictureState | None:
    if not isinstance(item, dict) or not _text(item, "verdict"):
        return None
    verdict, sentence, hint, light = (_text(item, name) for name in ("verdict", "sentence", "hint", "light"))
    return PictureState(verdict, sentence, hint, _moment(item, "since"), _moment(item, "seen"), light, _number(item, "score"))


def _view(camera: str, item: dict[str, Any]) -> ViewMark | None:
    at, number = _moment(item, "at"), int(_number(item, "acceptance"))
    name, light, why = (_text(item, key) for key in ("id", "light", "why"))
    return ViewMark(name, camera, at, light, why, number, item.get("in_force") is True) if at is not None and name else None


def _day(item: dict[str, Any]) -> DayKept | None:
    try:
        day = date.fromisoformat(_text(item, "day"))
    except ValueError:
        return None
    return DayKept(
        day, _number(item, "covered_s"), int(_number(item, "gaps")), _number(item, "longest_gap_s"), int(_number(item, "bytes"))
    )


def _erased(item: dict[str, Any]) -> ErasedLine | None:
    at, start, end = (_moment(item, name) for name in ("at", "from", "to"))
    if at is None or start is None or end is None:
        return None
    camera, stream, rule = (_text(item, name) for name in ("camera", "stream", "rule"))
    return ErasedLine(int(_number(item, "id")), at, camera, stream, start, end, int(_number(item, "bytes")), rule)


def _keys(value: object) -> frozenset[str] | None:
    return frozenset(key for key in value if isinstance(key, str)) if isinstance(value, list) else None


def _archive(item: dict[str, Any]) -> ArchiveState:
    return ArchiveState(
        state=_text(item, "state") or "unknown",
        sentence=_text(item, "sentence"),
        bytes_used=int(_number(item, "bytes_used")),
        bytes_free=int(_number(item, "bytes_free")),
        days_left=_number(item, "days_left") if isinstance(item.get("days_left"), int | float) else None,
        oldest=_moment(item, "oldest"),
        holds=_keys(item.get("holds")),
    )


def _probe_answer(answer: dict[str, Any]) -> ProbeAnswer:
    try:
        picture = base64.b64decode(_text(answer, "picture_jpeg_base64"), validate=True)
    except ValueError:  # binascii.Error is one too
        picture = b""
    return ProbeAnswer(
        ok=answer.get("ok") is True,
        problem=_text(answer, "problem"),
        sentence=_text(answer, "sentence"),
        hint=_text(answer, "hint"),
        codec=_text(answer, "codec"),
        width_px=int(_number(answer, "width")),
        height_px=int(_number(answer, "height")),
        fps=_number(answer, "fps"),
        audio=answer.get("audio") is True,
        picture_jpeg=picture,
    )
