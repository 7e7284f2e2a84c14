"""HLS playlists (RFC 8216, version 7) over a span: fMP4, byte ranges of segment files, UTC of every piece.

The URIs are those of the recorder's HTTP: `{base}/{segment id}.mp4`, with the viewer's token passed through.
"""

from __future__ import annotations

from urllib.parse import quote

from luytre.base.clock import TICKS_PER_S, to_iso
from luytre.base.errors import UsageError
from luytre.base.i18n import N_
from luytre.media.archive import Queries, Segment
from luytre.media.playback.spans import gop_index_at, run_parts

MAX_SPAN_90K = 24 * 3600 * TICKS_PER_S
_PIECE_90K = 4 * TICKS_PER_S
"""GOPs are put together until a piece is this long: few requests, and a seek still fetches little."""


def vod_playlist(
    queries: Queries, camera: str, stream: str, from_utc_90k: int, to_utc_90k: int, *, base_url: str, token: str = ""
) -> str:
    """The playlist of [from, to), from the key frame at or before its start. NotFound without footage.

    UsageError if the span is longer than a day: a player would read a list of tens of thousands of lines.
    """
    if to_utc_90k - from_utc_90k > MAX_SPAN_90K:
        raise UsageError(
            N_("the span is too long to be played in one piece"), operation=N_("Playback"), subject=camera,
            hint=N_("Ask for at most 24 hours at a time."),
        )  # fmt: skip
    query = f"?token={quote(token, safe='')}" if token else ""
    body: list[str] = []
    longest_90k = TICKS_PER_S
    for number, part in enumerate(run_parts(queries, camera, stream, from_utc_90k, to_utc_90k)):
        if number:
            body.append("#EXT-X-DISCONTINUITY")
        first = part.segments[0]
        body.append(f'#EXT-X-MAP:URI="{base_url}/{first.id}.mp4{query}",BYTERANGE="{first.init_bytes}@0"')
        for index, segment in enumerate(part.segments):
            start = gop_index_at(segment, part.from_utc_90k) if index == 0 else 0
            stop = gop_index_at(segment, part.to_utc_90k - 1) + 1
            longest_90k = max(longest_90k, _pieces(body, segment, start, stop, f"{base_url}/{segment.id}.mp4{query}"))
    head = [
        "#EXTM3U", "#EXT-X-VERSION:7", f"#EXT-X-TARGETDURATION:{-(-longest_90k // TICKS_PER_S)}", "#EXT-X-MEDIA-SEQUENCE:0",
        "#EXT-X-PLAYLIST-TYPE:VOD", "#EXT-X-INDEPENDENT-SEGMENTS",
    ]  # fmt: skip
    return "\n".join([*head, *body, "#EXT-X-ENDLIST", ""])


def _pieces(body: list[str], segment: Segment, start: int, stop: int, uri: str) -> int:
    """Appends the GOPs [start, stop) of a segment in pieces; the longest piece."""
    ends = [(gop.offset_bytes, gop.dts_90k) for gop in segment.gops[start + 1 :]]
    ends.append((segment.size_bytes, segment.end_dts_90k))
    offset, dts, first = segment.gops[start].offset_bytes, segment.gops[start].dts_90k, start
    longest = 0
    for number, (end_bytes, end_dts) in enumerate(ends[: stop - start]):
        if end_dts - dts < _PIECE_90K and number + 1 < stop - start:
            continue
        longest = max(longest, end_dts - dts)
        body.append(f"#EXT-X-PROGRAM-DATE-TIME:{to_iso(segment.gops[first].utc_90k)}")
        body += [f"#EXTINF:{(end_dts - dts) / TICKS_PER_S:.6f},", f"#EXT-X-BYTERANGE:{end_bytes - offset}@{offset}", uri]
        offset, dts, first = end_bytes, end_dts, start + number + 1
    return longest
