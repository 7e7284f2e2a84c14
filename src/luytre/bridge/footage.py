"""Footage for evidence, over the recorder's HTTP: what it consists of, then each part to the disk, held against the hashes."""

from __future__ import annotations

import contextlib
import hashlib
import http.client
import os
from base64 import b64decode
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, BinaryIO
from urllib.parse import quote, urlencode

import msgspec

from luytre.base.environment import Listen
from luytre.base.errors import GAP_WORDS, GapReason, NotFound
from luytre.base.i18n import N_, _
from luytre.bridge.recorder import RECORDER_DOWN, RECORDER_DOWN_HINT
from luytre.bridge.tokens import EXPORT_LIFETIME_S, TokenMint
from luytre.civic.footage import Footage, GapFacts, PartFacts, SegmentFacts
from luytre.civic.ports import FootageDamaged, RecorderDown

TIMEOUT_S = 60.0
"""Of silence, not of the whole: planning a day reads a lot before the first byte comes."""
LARGEST_ANSWER_BYTES = 64 << 20
CHUNK_BYTES = 1 << 20
_Count = Annotated[int, msgspec.Meta(ge=0)]
_Moment = Annotated[datetime, msgspec.Meta(tz=True)]


class _Segment(msgspec.Struct, frozen=True):
    id: _Count
    run: str
    seq: _Count
    since: _Moment = msgspec.field(name="from")
    until: _Moment = msgspec.field(name="to")
    bytes: _Count
    sha256: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")] | None
    whole: bool
    media_bytes: _Count
    head: str

    def facts(self) -> SegmentFacts:
        return SegmentFacts(
            self.id, self.run, self.seq, self.since, self.until, self.bytes, self.sha256, self.whole, self.media_bytes, self.head
        )


class _Part(msgspec.Struct, frozen=True):
    part: Annotated[int, msgspec.Meta(ge=1)]
    since: _Moment = msgspec.field(name="from")
    until: _Moment = msgspec.field(name="to")
    key_since: _Moment = msgspec.field(name="key_from")
    bytes: _Count
    codec: str
    width_px: _Count
    height_px: _Count
    samples: _Count
    media_offset_bytes: _Count
    segments: tuple[_Segment, ...]

    @property
    def name(self) -> str:
        return "original.mp4" if self.part == 1 else f"original.{self.part}.mp4"

    def facts(self) -> PartFacts:
        return PartFacts(
            self.name, self.since, self.until, self.key_since, self.codec, self.width_px, self.height_px, self.samples,
            self.media_offset_bytes, tuple(segment.facts() for segment in self.segments),
        )  # fmt: skip


class _Gap(msgspec.Struct, frozen=True):
    since: _Moment = msgspec.field(name="from")
    until: _Moment = msgspec.field(name="to")
    reason: str

    def facts(self) -> GapFacts:
        known = GapReason(self.reason) if self.reason in GapReason.__members__.values() else GapReason.UNKNOWN
        return GapFacts(self.since, self.until, self.reason, _(GAP_WORDS[known]))


class _Answer(msgspec.Struct, frozen=True):
    parts: tuple[_Part, ...]
    gaps: tuple[_Gap, ...]


@dataclass(frozen=True, slots=True)
class RecorderFootage:
    """Fills `civic.ports.FootageTaker`."""

    address: Listen
    mint: TokenMint

    def take(self, camera: str, start: datetime, end: datetime, folder: Path) -> Footage:
        token = self.mint.mint(
            "export", cameras=[camera], start=start, end=end, lifetime_s=EXPORT_LIFETIME_S, unmasked=[camera]
        )  # fmt: skip
        query = urlencode({"from": f"{start.timestamp():.6f}", "to": f"{end.timestamp():.6f}"})
        asking = _Asking(self.address, token, f"{quote(camera, safe='')}/main?{query}")
        answer = asking.parts()
        with contextlib.ExitStack() as undo:  # raw footage that is not whole does not stay
            for part in answer.parts:
                path = folder / part.name
                undo.callback(path.unlink, missing_ok=True)
                with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                    asking.fetch(part, file)
            undo.pop_all()
        return Footage(tuple(part.facts() for part in answer.parts), tuple(gap.facts() for gap in answer.gaps))


@dataclass(frozen=True, slots=True)
class _Asking:
    """One camera's span, asked for with one token."""

    address: Listen
    token: str
    what: str

    def parts(self) -> _Answer:
        connection, response = self._get("footage", "")
        try:
            body = response.read(LARGEST_ANSWER_BYTES)
            found = msgspec.json.decode(body, type=_Answer)
            for segment in (one for part in found.parts for one in part.segments):
                b64decode(segment.head, validate=True)
        except (OSError, http.client.HTTPException, msgspec.MsgspecError, ValueError) as error:
            raise _down() from error
        finally:
            connection.close()
        if [part.part for part in found.parts] != list(range(1, len(found.parts) + 1)):
            raise _down()
        return found

    def fetch(self, part: _Part, file: BinaryIO) -> None:
        """Errors: RecorderDown also where another length comes than was said: the recording went on in between."""
        connection, response = self._get("mp4", f"&part={part.part}")
        check, size = _Hashes(part), 0
        try:
            while chunk := _read(response):
                file.write(chunk)
                check.feed(chunk)
                size += len(chunk)
        finally:
            connection.close()
        if size != part.bytes:
            raise _down()
        check.finish()
        file.flush()
        os.fsync(file.fileno())

    def _get(self, route: str, more: str) -> tuple[http.client.HTTPConnection, http.client.HTTPResponse]:
        host = self.address.for_url.rpartition(":")[0].strip("[]")
        connection = http.client.HTTPConnection(host, self.address.port, timeout=TIMEOUT_S)
        try:
            connection.request("GET", f"/v1/{route}/{self.what}{more}", headers={"Authorization": f"Bearer {self.token}"})
            response = connection.getresponse()
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            raise _down() from error
        if response.status != 200:
            connection.close()
            raise _no_footage() if response.status == 404 else _down()
        return connection, response


def _read(response: http.client.HTTPResponse) -> bytes:
    try:
        return response.read(CHUNK_BYTES)
    except (OSError, http.client.HTTPException) as error:
        raise _down() from error


class _Hashes:
    """Held against each whole segment, while the bytes go by."""

    def __init__(self, part: _Part) -> None:
        self._at = 0
        self._ranges = []
        at = part.media_offset_bytes
        for segment in part.segments:
            if segment.whole and segment.sha256:
                self._ranges.append((at, at + segment.media_bytes, segment, hashlib.sha256(b64decode(segment.head))))
            at += segment.media_bytes

    def feed(self, chunk: bytes) -> None:
        view = memoryview(chunk)
        for start, end, _segment, digest in self._ranges:
            low, high = max(start - self._at, 0), min(end - self._at, len(chunk))
            if low < high:
                digest.update(view[low:high])
        self._at += len(chunk)

    def finish(self) -> None:
        for _start, _end, segment, digest in self._ranges:
            if digest.hexdigest() != segment.sha256:
                hint = N_("Look at the disk (`luytre archive check`), and choose a span that leaves this recording out.")
                words = N_("what lies in the archive is not what was written down when it was recorded")
                raise FootageDamaged(words, subject=f"{segment.since:%Y-%m-%dT%H:%M:%SZ} ({segment.id})", hint=hint)


def _down() -> RecorderDown:
    return RecorderDown(RECORDER_DOWN, hint=RECORDER_DOWN_HINT)


def _no_footage() -> NotFound:
    hint = N_("Look at the timeline: its gaps say why nothing was recorded.")
    return NotFound(N_("there is no footage in this span"), hint=hint)
