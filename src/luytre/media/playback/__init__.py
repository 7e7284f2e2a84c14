"""playback: yesterday evening, found and taken out: HLS, MP4 by range, export, single pictures. Bytes are copied, never coded.

Owns: which samples a span needs, the `moov` of an export, playlists, thumbnails, which pieces are to be coded again.
Never: writes into the archive, checks a right or a token, re-encodes (a thumbnail alone is decoded; pieces are coded again
by `transcode`, in a process of its own). Runs in: the recorder (in a thread, beside the loop), the CLI.

Invariants:
- What is shown begins with the picture that stood at the moment asked for and ends before the first one after the span;
  what is copied begins at the key frame before it and ends with the last sample that is needed, byte for byte.
- A file never spans two runs: where parameters change or a hole stands, another file follows.
- A sample's time is that of the archive: the line of its run, anchored to UTC by its segment's GOP table.
"""

from luytre.media.playback.coded import CodedPiece, clip_pieces, coded_init, coded_piece
from luytre.media.playback.export import ExportPart, ExportResult, export
from luytre.media.playback.hls import MAX_SPAN_90K, hls_playlist
from luytre.media.playback.overview import Day, days_of, joined_spans
from luytre.media.playback.picture import KeyFrame, key_frame_at, picture_at, thumbnail
from luytre.media.playback.plan import ExportPlan, Slice, plan_export
from luytre.media.playback.provenance import Origin, media_offset_bytes, origins_of
from luytre.media.playback.spans import RunPart, run_parts

__all__ = [
    "MAX_SPAN_90K",
    "CodedPiece",
    "Day",
    "ExportPart",
    "ExportPlan",
    "ExportResult",
    "KeyFrame",
    "Origin",
    "RunPart",
    "Slice",
    "clip_pieces",
    "coded_init",
    "coded_piece",
    "days_of",
    "export",
    "hls_playlist",
    "joined_spans",
    "key_frame_at",
    "media_offset_bytes",
    "origins_of",
    "picture_at",
    "plan_export",
    "run_parts",
    "thumbnail",
]
