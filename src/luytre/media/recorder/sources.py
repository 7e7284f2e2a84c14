"""Which source serves which address: RTSP over TCP is ours; what it cannot take, and all else, goes through PyAV."""

from __future__ import annotations

from luytre.base.clock import Clock
from luytre.base.errors import CameraError, Problem
from luytre.base.redact import split_credentials
from luytre.media.recorder.session import Source
from luytre.media.source.reception import Reception
from luytre.media.source.rtsp import RtspSource
from luytre.media.source.ticker import Ticker
from luytre.media.unit import Sink

UDP_PREFIX = "rtsp+udp://"
"""How an address says that its camera sends over UDP only."""


class WithFallback:
    """Our RTSP first; a camera that refuses TCP, or sends a picture that is not H.264 or H.265, is read through PyAV."""

    def __init__(self, ours: RtspSource, clock: Clock) -> None:
        self._ours, self._clock = ours, clock
        self._current: Source = ours
        self._closed = False

    async def run(self, sink: Sink) -> None:
        """As `RtspSource.run`."""
        try:
            await self._ours.run(sink)
            return
        except CameraError as error:
            no_tcp = error.detail.startswith("461 ")  # Unsupported Transport (RFC 2326 §7.1.1)
            if self._closed or not (no_tcp or error.problem is Problem.UNSUPPORTED_CODEC):
                raise
        from luytre.media.source.any import AnySource

        ours = self._ours
        self._current = AnySource(
            ours.url, clock=self._clock, user=ours.user, password=ours.password, udp=no_tcp, sound=ours.sound
        )
        await self._current.run(sink)

    def watch(self, watched: bool) -> None:
        self._current.watch(watched)

    def reception(self) -> Reception | None:
        return self._current.reception()

    def close(self) -> None:
        self._closed = True
        self._current.close()


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
    """`other`: the camera's settings say that our RTSP is not for it. `files_allowed`: paths on this machine too."""
    typed = url.strip()
    if typed.lower().startswith("rtsp://") and not other:
        return WithFallback(RtspSource(typed, clock=clock, ticker=ticker, user=user, password=password, sound=sound), clock)
    from luytre.media.source.any import AnySource  # PyAV brings FFmpeg: loaded only where it is needed

    udp = typed.lower().startswith(UDP_PREFIX)
    if udp:
        typed = "rtsp://" + typed[len(UDP_PREFIX) :]
    bare, url_user, url_password = split_credentials(typed)
    return AnySource(
        bare,
        clock=clock,
        user=user or url_user,
        password=password or url_password,
        files_allowed=files_allowed,
        udp=udp,
        sound=sound,
    )
