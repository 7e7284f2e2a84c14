"""Which source serves which address: RTSP over TCP is ours, all else goes through PyAV."""

from __future__ import annotations

from luytre.base.clock import Clock
from luytre.media.recorder.session import Source
from luytre.media.source.rtsp import RtspSource
from luytre.media.source.ticker import Ticker


def make_source(
    url: str,
    *,
    clock: Clock,
    ticker: Ticker,
    user: str = "",
    password: str = "",
    sound: bool = False,
    other: bool = False,
    files_allowed: bool = False,
) -> Source:
    """`other`: the camera's settings say that our RTSP is not for it (UDP only, MJPEG)."""
    if url.strip().lower().startswith("rtsp://") and not other:
        return RtspSource(url, clock=clock, ticker=ticker, user=user, password=password, sound=sound)
    from luytre.media.source.any import AnySource  # PyAV brings FFmpeg: loaded only where it is needed

    return AnySource(url, clock=clock, user=user, password=password, files_allowed=files_allowed)
