"""HLS playlists (RFC 8216, version 7) over a span: fMP4, byte ranges of segment files, UTC of every piece.

A span that reaches beyond now grows (RFC 8216 §6.2.1, EVENT): what was listed stays as it is, pieces come behind it, and only
those that will not change any more; the player asks again for them until the span is over.

The URIs are those of the recorder's HTTP: `{base}/{segment id}.mp4`, with the viewer's token passed through; for pieces
that are coded again `{coded base}/{segment id}/{from byte}-{to byte}.mp4`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import quote

from luytre.base.clock import TICKS_PER_S, to_iso
from luytre.base.errors import UsageError
from luytre.base.i18n import N_
from luytre.media.archive import Queries, Segment
from luytre.media.playback.coded import is_h264
from luytre.media.playback.spans import RunPart, gop_index_at, no_footage, run_parts

MAX_SPAN_90K = 24 * 3600 * TICKS_PER_S
_PIECE_90K = 2 * TICKS_PER_S
"""GOPs are put together until a piece is this long: few requests, and a seek fetches a GOP or two."""
_GROWING_TARGET_90K = 4 * TICKS_PER_S
"""A growing playlist's longest piece is told before it is known, and must not change: GOPs beyond are told as they come."""
_CODED_PIECE_90K = 2 * TICKS_PER_S
"""One that is coded again is made while somebody waits for it."""


def hls_playlist(
    queries: Queries,
    camera: str,
    stream: str,
    from_utc_90k: int,
    to_utc_90k: int,
    *,
    base_url: str,
    token: str = "",
    coded_url: str = "",
    all_coded: bool = False,
    now_utc_90k: int | None = None,
) -> str:
    """The playlist of [from, to), from the key frame at or before its start. NotFound without footage.

    `coded_url`: what is not H.264 is named by the addresses of pieces that are coded again; what is H.264 stays as it is,
    unless `all_coded` (then no file is named at all).

    `now_utc_90k`: where the span ends later than this, the playlist grows; None: it is closed whatever it holds.

    UsageError if the span is longer than a day: a player would read a list of tens of thousands of lines.
    """
    if to_utc_90k - from_utc_90k > MAX_SPAN_90K:
        raise UsageError(
            N_("the span is too long to be played in one piece"), operation=N_("Playback"), subject=camera,
            hint=N_("Ask for at most 24 hours at a time."),
        )  # fmt: skip
    query = f"?token={quote(token, safe='')}" if token else ""
    body: list[str] = []
    grows = now_utc_90k is not None and to_utc_90k > now_utc_90k
    longest_90k = _GROWING_TARGET_90K if grows else TICKS_PER_S
    for number, part in enumerate(run_parts(queries, camera, stream, from_utc_90k, to_utc_90k)):
        if number:
            body.append("#EXT-X-DISCONTINUITY")
        coded = coded_url if coded_url and (all_coded or not is_h264(part.segments[0])) else ""
        piece = _PieceUrl(coded or base_url, query, bool(coded))
        longest_90k = max(longest_90k, _part(body, part, piece, grows))
    if not any(line.startswith("#EXTINF") for line in body):  # not one piece is whole yet
        raise no_footage(camera, from_utc_90k)
    head = [
        "#EXTM3U", "#EXT-X-VERSION:7", f"#EXT-X-TARGETDURATION:{-(-longest_90k // TICKS_PER_S)}", "#EXT-X-MEDIA-SEQUENCE:0",
        f"#EXT-X-PLAYLIST-TYPE:{'EVENT' if grows else 'VOD'}", "#EXT-X-INDEPENDENT-SEGMENTS",
    ]  # fmt: skip
    return "\n".join([*head, *body, *([] if grows else ["#EXT-X-ENDLIST"]), ""])


class _Piece(NamedTuple):
    start_bytes: int
    end_bytes: int
    duration_90k: int
    utc_90k: int


class _PieceUrl(NamedTuple):
    """How pieces are named: by byte ranges of files, or by addresses of pieces that are coded again."""

    base_url: str
    query: str
    is_coded: bool

    def map_line(self, first: Segment) -> str:
        if self.is_coded:
            return f'#EXT-X-MAP:URI="{self.base_url}/{first.id}/init.mp4{self.query}"'
        return f'#EXT-X-MAP:URI="{self.base_url}/{first.id}.mp4{self.query}",BYTERANGE="{first.init_bytes}@0"'

    def lines(self, segment: Segment, piece: _Piece) -> list[str]:
        if self.is_coded:
            return [f"{self.base_url}/{segment.id}/{piece.start_bytes}-{piece.end_bytes}.mp4{self.query}"]
        range_line = f"#EXT-X-BYTERANGE:{piece.end_bytes - piece.start_bytes}@{piece.start_bytes}"
        return [range_line, f"{self.base_url}/{segment.id}.mp4{self.query}"]


def _part(body: list[str], part: RunPart, url: _PieceUrl, grows: bool) -> int:
    """Appends the pieces of one run; the longest piece. `grows`: without what may still become longer."""
    longest_90k = 0
    body.append(url.map_line(part.segments[0]))
    for index, segment in enumerate(part.segments):
        start = gop_index_at(segment, part.from_utc_90k) if index == 0 else 0
        stop = gop_index_at(segment, part.to_utc_90k - 1) + 1
        is_written = grows and not segment.is_closed
        if is_written:
            stop = min(stop, len(segment.gops) - 1)
        for piece in _pieces(segment, start, stop, _CODED_PIECE_90K if url.is_coded else _PIECE_90K, whole_only=is_written):
            longest_90k = max(longest_90k, piece.duration_90k)
            body += [f"#EXT-X-PROGRAM-DATE-TIME:{to_iso(piece.utc_90k)}", f"#EXTINF:{piece.duration_90k / TICKS_PER_S:.6f},"]
            body += url.lines(segment, piece)
    return longest_90k


def _pieces(segment: Segment, start: int, stop: int, length_90k: int, *, whole_only: bool) -> Iterator[_Piece]:
    """The GOPs [start, stop) of a segment, put together until a piece is so long; the rest too, unless `whole_only`."""
    if stop <= start:
        return
    ends = [(gop.offset_bytes, gop.dts_90k) for gop in segment.gops[start + 1 :]]
    ends.append((segment.size_bytes, segment.end_dts_90k))
    offset, dts, first = segment.gops[start].offset_bytes, segment.gops[start].dts_90k, start
    for number, (end_bytes, end_dts) in enumerate(ends[: stop - start]):
        if end_dts - dts < length_90k and (whole_only or number + 1 < stop - start):
            continue
        yield _Piece(offset, end_bytes, end_dts - dts, segment.gops[first].utc_90k)
        offset, dts, first = end_bytes, end_dts, start + number + 1
