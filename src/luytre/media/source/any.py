"""Cameras that are not RTSP over TCP, through PyAV (FFmpeg): UDP, RTSPS, RTMP, HTTP, MJPEG, files. Same seam as ours.

FFmpeg reads in a thread of its own; samples cross to the loop in batches. H.264 and H.265 pass untouched; any other picture
(MJPEG, MPEG-4) is coded to H.264 here, the only place where the recorder codes anything, because no browser plays them.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

import av
import av.error
from av.video.stream import VideoStream

from luytre.base.clock import Clock
from luytre.base.errors import CameraError, Problem
from luytre.base.redact import split_credentials
from luytre.media.source.any_sound import SoundTrack, choose_sound
from luytre.media.source.guard import Guard, is_guarded
from luytre.media.source.timeline import JUMP_BACK_90K, NOMINAL_90K, Reorder
from luytre.media.unit import AudioFormat, FormatChange, Item, Sample, Sink, StreamFormat, VideoFormat
from luytre.media.unit.byte_stream import split_byte_stream
from luytre.media.unit.parameter_sets import ParameterSetError, nal_type, video_format

SCHEMES = ("rtsp", "rtsps", "rtmp", "rtmps", "http", "https", "udp", "rtp", "srt", "tcp", "file")
NETWORK_PROTOCOLS = "rtsp,rtsps,rtp,rtmp,rtmps,http,https,udp,tcp,tls,srt,crypto"
"""What FFmpeg may open for a network address, also when a playlist it reads says otherwise: never a file of this machine."""
FLUSH_S = 0.1
_WITHOUT_TIMES = ("mpjpeg",)
"""Formats whose pictures have no times: FFmpeg counts 25 a second, however many come. They are stamped as they come."""
MAX_REDIRECTS = 5
_SETS = {"h264": (7, 8), "h265": (32, 33, 34)}
_DELIMITERS = {"h264": (9, 12), "h265": (35, 38)}
_FILTERS = {"h264": "h264_mp4toannexb", "hevc": "hevc_mp4toannexb"}


@dataclass(frozen=True, slots=True)
class Waits:
    open_s: float = 10.0
    frozen_s: float = 10.0


class Assembler:
    """Packets of a byte stream into items: parameter sets taken out, lengths put before, times on a line from 0."""

    def __init__(self, codec: str, extra: bytes, audio: AudioFormat | None = None) -> None:
        self._codec, self._audio = codec, audio
        self._sets = [nal for nal in split_byte_stream(extra) if nal_type(codec, nal) in _SETS[codec]]
        self._format: VideoFormat | None = None
        self._base: int | None = None
        self._reorder = Reorder(0)
        self._last_dts = -1
        self._frame_90k = 3600

    def items(self, data: bytes, pts_90k: int | None, dts_90k: int | None, is_key: bool) -> list[Item]:
        nals = split_byte_stream(data)
        sets = [nal for nal in nals if nal_type(self._codec, nal) in _SETS[self._codec]]
        found: list[Item] = []
        if is_key and (change := self._take_sets(sets)):
            found.append(change)
        skip = (*_SETS[self._codec], *_DELIMITERS[self._codec])
        pieces = [part for nal in nals if nal_type(self._codec, nal) not in skip for part in (len(nal).to_bytes(4, "big"), nal)]
        if self._format is None or not pieces or (self._base is None and not is_key):
            return found
        pts, dts = self._times(pts_90k, dts_90k)
        found.append(Sample(is_key, pts, dts, sum(map(len, pieces)), pieces))
        return found

    def _take_sets(self, sets: list[bytes]) -> FormatChange | None:
        self._sets = sets or self._sets
        try:
            fmt = video_format(self._codec, self._sets)
        except ParameterSetError:
            return None
        if self._format is not None and fmt.parameter_sets == self._format.parameter_sets:
            return None
        self._format, self._reorder = fmt, Reorder(fmt.reorder_depth)
        return FormatChange(StreamFormat(fmt, self._audio))

    @property
    def has_begun(self) -> bool:
        """The first picture has come."""
        return self._base is not None

    def _times(self, pts: int | None, dts: int | None) -> tuple[int, int]:
        if pts is None:
            pts = dts if dts is not None else self._last_dts + self._frame_90k + (self._base or 0)
        if self._base is None:
            self._base = pts
        shown = pts - self._base
        if shown < self._last_dts - JUMP_BACK_90K:  # a clock was set back: the line goes on by one frame
            self._base += shown - self._last_dts - self._frame_90k
            shown = pts - self._base
        decoded = dts - self._base if dts is not None else self._reorder.dts(shown, self._frame_90k)
        if decoded <= self._last_dts and self._last_dts >= 0:
            decoded = self._last_dts + 1
        elif self._last_dts >= 0 and decoded - self._last_dts < 90_000:
            self._frame_90k = decoded - self._last_dts
        self._last_dts = decoded
        return shown, decoded


class Recoder:
    """Pictures of another kind into H.264, at the pace and size at which they come."""

    def __init__(self, stream: VideoStream) -> None:
        self._stream = stream
        self._encoder: av.VideoCodecContext | None = None
        self._last_pts_90k: int | None = None
        self._shift_90k = 0

    def packets(self, packet: av.Packet[Any]) -> Iterator[tuple[bytes, int | None, int | None, bool]]:
        for frame in self._stream.codec_context.decode(packet):
            pts_90k = self._onward(round(float(frame.time or 0.0) * 90_000))
            encoder = self._encoder or self._open(frame)
            plain = frame.reformat(format="yuv420p")
            plain.pts, plain.time_base = pts_90k, Fraction(1, 90_000)
            for made in encoder.encode(plain):
                yield bytes(made), made.pts, made.dts, made.is_keyframe

    def _onward(self, told_90k: int) -> int:
        """The encoder wants times that rise: a small step back is made one tick, a clock that was set back one frame."""
        pts = told_90k + self._shift_90k
        if self._last_pts_90k is not None and pts <= self._last_pts_90k:
            step = 1 if pts >= self._last_pts_90k - JUMP_BACK_90K else NOMINAL_90K
            if step > 1:
                self._shift_90k += self._last_pts_90k + step - pts
            pts = self._last_pts_90k + step
        self._last_pts_90k = pts
        return pts

    def _open(self, frame: av.VideoFrame) -> av.VideoCodecContext:
        encoder = av.CodecContext.create("libx264", "w")
        assert isinstance(encoder, av.VideoCodecContext)
        encoder.width, encoder.height, encoder.pix_fmt = frame.width & ~1, frame.height & ~1, "yuv420p"
        encoder.time_base = Fraction(1, 90_000)
        encoder.options = {"preset": "veryfast", "tune": "zerolatency", "x264-params": "keyint=50:repeat-headers=1:bframes=0"}
        self._encoder = encoder
        return encoder


def _with_credentials(url: str, user: str, password: str) -> str:
    if not user or "://" not in url:
        return url
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{quote(user, safe='')}:{quote(password, safe='')}@{rest}"


def _problem(error: Exception, is_file: bool, had_password: bool) -> Problem:
    """FFmpeg's error as ours. Order matters: PyAV's errors inherit from Python's."""
    kinds: list[tuple[type[Exception] | tuple[type[Exception], ...], Problem]] = [
        (av.error.HTTPUnauthorizedError, Problem.WRONG_PASSWORD if had_password else Problem.PASSWORD_NEEDED),
        (av.error.HTTPForbiddenError, Problem.WRONG_PASSWORD),
        (av.error.HTTPNotFoundError, Problem.NO_SUCH_STREAM),
        (av.error.InvalidDataError, Problem.NOT_A_VIDEO_FILE if is_file else Problem.NOT_RTSP),
        (FileNotFoundError, Problem.NO_SUCH_STREAM),
        (IsADirectoryError, Problem.NOT_A_VIDEO_FILE),
        (ConnectionRefusedError, Problem.PORT_CLOSED),
        (TimeoutError, Problem.TIMEOUT),
        (av.error.ExitError, Problem.TIMEOUT),
        (av.error.ProtocolNotFoundError, Problem.BAD_URL),
        (av.error.EOFError, Problem.LOST),
        (ConnectionError, Problem.LOST),
        (OSError, Problem.UNREACHABLE),
    ]
    return next((problem for kind, problem in kinds if isinstance(error, kind)), Problem.REFUSED)


class AnySource:
    """Runs once, like `RtspSource`. `files_allowed`: also paths on this machine (the command line only). `udp`: for RTSP.

    `sound`: AAC is taken too (`any_sound`).
    """

    def __init__(
        self,
        url: str,
        *,
        clock: Clock,
        user: str = "",
        password: str = "",
        files_allowed: bool = False,
        udp: bool = False,
        sound: bool = False,
        waits: Waits | None = None,
    ) -> None:
        bare, url_user, url_password = split_credentials(url.strip())
        self._url, self._user, self._password = bare, user or url_user, password or url_password
        self._clock, self._waits = clock, waits or Waits()
        self._is_file = "://" not in bare or bare.startswith("file:")
        self._files_allowed, self._udp, self._sound = files_allowed, udp, sound
        self._stopped = threading.Event()
        self._ended: asyncio.Future[None] | None = None

    def watch(self, watched: bool) -> None:
        """Nothing to do: FFmpeg's thread hands over every 100 ms."""

    def reception(self) -> None:
        """FFmpeg tells neither the numbers of packets nor when they came: nothing is known."""

    def close(self) -> None:
        self._stopped.set()

    def _check(self) -> None:
        scheme = self._url.partition("://")[0].lower() if "://" in self._url else "file"
        if scheme not in SCHEMES or (self._is_file and not self._files_allowed):
            raise CameraError(Problem.BAD_URL, subject=self._url)
        if self._is_file and not Path(self._url.removeprefix("file://")).exists():
            unknown = Problem.NO_SUCH_STREAM if "://" in self._url else Problem.BAD_URL
            raise CameraError(unknown, subject=self._url)

    async def run(self, sink: Sink) -> None:
        """Delivers until `close`; raises CameraError when the stream fails or ends."""
        self._check()
        if not (self._user and is_guarded(self._url)):
            await self._run_once(sink, self._url)
            return
        own_host = urlsplit(self._url).hostname
        for _ in range(MAX_REDIRECTS + 1):
            async with Guard(self._url, self._waits.open_s) as guard:
                try:
                    await self._run_once(sink, guard.address)
                except CameraError:
                    if guard.error is not None:
                        raise guard.error from None
                    if guard.location is None:
                        raise
                else:
                    return
            self._follow(guard.location, own_host)
        raise CameraError(Problem.REFUSED, subject=self._url, detail="redirected in a circle")

    def _follow(self, location: str, own_host: str | None) -> None:
        """As our own RTSP does it: the login is for the camera's host alone; elsewhere, what the address itself says."""
        try:
            there, user, password = split_credentials(urljoin(self._url, location))
            host = urlsplit(there).hostname if is_guarded(there) else None
        except ValueError:
            host = None
        if not host:
            raise CameraError(Problem.BAD_URL, subject=self._url, detail="redirected to what is no camera")
        self._url = there
        if user or host != own_host:
            self._user, self._password = user, password

    async def _run_once(self, sink: Sink, address: str) -> None:
        loop = asyncio.get_running_loop()
        self._ended = loop.create_future()
        thread = threading.Thread(target=self._work, args=(loop, sink, address), name="camera through FFmpeg", daemon=True)
        thread.start()
        try:
            await self._ended
        except asyncio.CancelledError:
            self._stopped.set()
            raise

    # -- in the thread -----------------------------------------------------------------------------------------------

    def _work(self, loop: asyncio.AbstractEventLoop, sink: Sink, address: str) -> None:
        """Whatever happens here, whoever waits for `run` is told."""
        error = CameraError(Problem.LOST, subject=self._url, detail="the reading thread failed")
        try:
            self._read(loop, sink, address)
            error = CameraError(Problem.LOST, subject=self._url, detail="the stream ended")
        except CameraError as failed:
            error = failed
        except (OSError, ValueError, av.error.FFmpegError) as failed:  # PyAV's errors are any of these
            problem = _problem(failed, self._is_file, bool(self._user))
            error = CameraError(problem, subject=self._url, detail=f"{type(failed).__name__} {failed}")
        finally:
            with contextlib.suppress(RuntimeError):  # the loop is gone: so is whoever waited
                loop.call_soon_threadsafe(self._finish, error)

    def _finish(self, error: CameraError) -> None:
        if self._ended is None or self._ended.done():
            return
        if self._stopped.is_set():
            self._ended.set_result(None)
        else:
            self._ended.set_exception(error)

    def _read(self, loop: asyncio.AbstractEventLoop, sink: Sink, address: str) -> None:
        options = {"protocol_whitelist": "file" if self._is_file else NETWORK_PROTOCOLS}
        if self._url.lower().startswith(("rtsp://", "rtsps://")):
            options["rtsp_transport"] = "udp" if self._udp else "tcp"
        with self._open(address, options) as container:
            if not container.streams.video:
                raise CameraError(Problem.NO_VIDEO, subject=self._url)
            stream = container.streams.video[0]
            batch: list[Item] = []
            began_s, sent_s = self._clock.mono_s(), self._clock.mono_s()
            track = choose_sound(container, self._url) if self._sound else None
            for items, line_90k in self._items(container, stream, track):
                batch += items
                if self._is_file:
                    self._stopped.wait(max(0.0, began_s + line_90k / 90_000 - self._clock.mono_s()))
                now_s = self._clock.mono_s()
                if batch and now_s - sent_s >= FLUSH_S:
                    self._hand_over(loop, sink, batch)
                    batch, sent_s = [], now_s
                if self._stopped.is_set():
                    return
            self._hand_over(loop, sink, batch)

    def _open(self, address: str, options: dict[str, str]) -> av.container.InputContainer:
        whole = _with_credentials(address, self._user, self._password)
        waits = (self._waits.open_s, self._waits.frozen_s)
        container = av.open(whole, options=options, timeout=waits)
        if container.format.name not in _WITHOUT_TIMES:
            return container
        container.close()
        return av.open(whole, options=options | {"use_wallclock_as_timestamps": "1"}, timeout=waits)

    def _hand_over(self, loop: asyncio.AbstractEventLoop, sink: Sink, batch: list[Item]) -> None:
        loop.call_soon_threadsafe(sink.deliver, batch, self._clock.utc_90k(), self._clock.mono_s())

    def _items(
        self, container: av.container.InputContainer, stream: VideoStream, track: SoundTrack | None
    ) -> Iterator[tuple[list[Item], int]]:
        """(items, time on the line) a packet; a picture that is not H.264 or H.265 is coded on the way."""
        name = stream.codec_context.name
        recoder = None if name in _FILTERS else Recoder(stream)
        made_filter = av.BitStreamFilterContext(_FILTERS[name], stream) if recoder is None else None
        audio = track.format if track is not None else None
        assembler = Assembler("h265" if name == "hevc" else "h264", bytes(stream.codec_context.extradata or b""), audio)
        for packet in container.demux(stream, *([track.stream] if track is not None else [])):
            if not packet.size:
                continue
            if track is not None and packet.stream_index == track.stream.index:
                heard = track.sample(packet) if assembler.has_begun else None
                yield [heard] if heard is not None else [], 0
                continue
            pieces = list(recoder.packets(packet)) if recoder else _filtered(made_filter, packet)
            for data, pts, dts, is_key in pieces:
                items = assembler.items(data, pts, dts, is_key)
                yield items, next((item.dts_90k for item in items if isinstance(item, Sample)), 0)


def _filtered(
    made_filter: av.BitStreamFilterContext | None, packet: av.Packet[Any]
) -> list[tuple[bytes, int | None, int | None, bool]]:
    assert made_filter is not None
    scale = packet.time_base * 90_000 if packet.time_base else Fraction(1)
    made = []
    for out in made_filter.filter(packet):
        pts, dts = (None if value is None else round(value * scale) for value in (out.pts, out.dts))
        made.append((bytes(out), pts, dts, out.is_keyframe))
    return made
