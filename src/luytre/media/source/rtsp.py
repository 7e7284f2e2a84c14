"""The RTSP conversation (RFC 2326): from a URL to a playing stream, and what keeps it alive.

`RtspSource.run` connects, asks, plays and then lives in the ticker's polls until the camera goes or `close` is called.
"""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass
from urllib.parse import urljoin

from luytre import __version__
from luytre.base.clock import Clock
from luytre.base.errors import CameraError, GapReason, Problem
from luytre.base.redact import split_credentials
from luytre.media.source import text
from luytre.media.source.aac import AacDepacketizer
from luytre.media.source.auth import Authenticator
from luytre.media.source.depacket import Depacketizer
from luytre.media.source.h264 import H264Depacketizer
from luytre.media.source.h265 import H265Depacketizer
from luytre.media.source.reception import Reception
from luytre.media.source.rtp import Interleaved
from luytre.media.source.sdp import SessionDescription, Track, audio_config, parameter_sets, parse_sdp
from luytre.media.source.ticker import Entry, Ticker
from luytre.media.source.wire import Wire, connect, split_host
from luytre.media.unit import AudioFormat, Break, Sink

MAX_REDIRECTS = 5
MAX_CHALLENGES = 3
MAX_AUDIO_CONFIG = 64
MAX_ANSWERS = 32
MAX_WAIT_BYTES = 16 << 20
"""So much that is no answer while an answer is due: the camera floods us."""
QUIET_S = 2.5
"""After so long without a byte an answer whose body is shorter than it announced is taken as it is."""
_DEPACKETIZERS: dict[str, type[Depacketizer]] = {"H264": H264Depacketizer, "H265": H265Depacketizer, "HEVC": H265Depacketizer}


@dataclass(frozen=True, slots=True)
class Limits:
    """How long to wait, in seconds. `frozen_s`: no whole frame for so long, though the connection stands."""

    connect_s: float = 6.0
    answer_s: float = 8.0
    first_frame_s: float = 10.0
    frozen_s: float = 10.0


class Redirected(Exception):
    """The camera is elsewhere; `url` says where."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.url = url


class Dialogue:
    """Requests and answers over one wire: CSeq, credentials, session."""

    def __init__(self, wire: Wire, auth: Authenticator, limits: Limits) -> None:
        self.wire, self._auth, self._limits = wire, auth, limits
        self._cseq = 0
        self._answers: list[text.Message] = []
        self.session = ""
        self.timeout_s = 60.0
        self._proven = False
        """The camera has taken our password on this connection: a later 401 is about its nonce."""
        wire.on_message = self._take

    def _take(self, message: text.Message) -> None:
        if message.status:
            self._answers = [*self._answers[1 - MAX_ANSWERS :], message]
        elif message.method == "REDIRECT":
            raise Redirected(message.get("location"))
        else:
            self.wire.answer(message)

    def write(self, method: str, url: str, headers: list[tuple[str, str]]) -> bytes:
        self._cseq += 1
        session = [("Session", self.session)] if self.session else []
        ours = [*self._auth.header(method, url), ("User-Agent", f"LuyTre/{__version__}"), *session, *headers]
        return text.build_request(method, url, self._cseq, ours)

    async def ask(self, method: str, url: str, *headers: tuple[str, str]) -> text.Message:
        """The camera's answer, after credentials were settled. Raises CameraError; Redirected on 3xx."""
        for attempt in range(MAX_CHALLENGES + 1):
            await self.wire.send(self.write(method, url, list(headers)))
            answer = await self._answer()
            if answer.status == 401:
                self._authenticate(answer, attempt)
                continue
            self._proven = self._proven or attempt > 0
            if answer.status in (301, 302, 303, 305, 307) and answer.get("location"):
                raise Redirected(answer.get("location"))
            if session := answer.get("session"):
                self.session, timeout_s = text.parse_session(session)
                self.timeout_s = timeout_s or self.timeout_s
            return answer
        raise CameraError(Problem.WRONG_PASSWORD, subject=self.wire.peer)

    def _authenticate(self, answer: text.Message, attempt: int) -> None:
        if not self._auth.can_answer:
            raise CameraError(Problem.PASSWORD_NEEDED, subject=self.wire.peer)
        challenge = self._auth.challenged(answer.all("www-authenticate"))
        if challenge is None:
            raise CameraError(Problem.REFUSED, subject=self.wire.peer, detail="no known way to give the password")
        # an old nonce is no wrong password; but who has never taken ours may say so once, not for ever
        if attempt and not self._proven and (attempt > 1 or not challenge.stale):
            raise CameraError(Problem.WRONG_PASSWORD, subject=self.wire.peer)

    async def _answer(self) -> text.Message:
        """The answer to the last request; answers to older ones are passed over."""
        deadline = asyncio.get_running_loop().time() + self._limits.answer_s
        before = self.wire.received_bytes
        while True:
            while self._answers:
                message = self._answers.pop(0)
                if message.cseq in (-1, self._cseq):
                    return message
            await asyncio.sleep(0)  # reading a socket that is never empty gives nobody else a turn
            left_s = deadline - asyncio.get_running_loop().time()
            if self.wire.received_bytes - before > MAX_WAIT_BYTES:
                raise CameraError(Problem.LOST, subject=self.wire.peer, detail="the camera sends everything but its answer")
            try:
                if left_s <= 0:
                    raise CameraError(Problem.TIMEOUT, subject=self.wire.peer)
                await self.wire.fill(min(left_s, QUIET_S))
            except CameraError as error:
                if error.problem is Problem.TIMEOUT:
                    self.wire.take_cut_short()
                if not self._answers and (error.problem is not Problem.TIMEOUT or left_s <= QUIET_S):
                    raise

    def answers_in_stream(self) -> list[text.Message]:
        answers, self._answers = self._answers, []
        return answers

    def stale(self, answer: text.Message) -> bool:
        """Takes a new nonce from a 401 in mid-stream."""
        return self._auth.can_answer and self._auth.challenged(answer.all("www-authenticate")) is not None


_STATUS_PROBLEMS = {
    400: Problem.NO_SUCH_STREAM,
    401: Problem.WRONG_PASSWORD,
    403: Problem.WRONG_PASSWORD,
    404: Problem.NO_SUCH_STREAM,
    451: Problem.NO_SUCH_STREAM,
    453: Problem.TOO_MANY_VIEWERS,
    454: Problem.LOST,
    503: Problem.TOO_MANY_VIEWERS,
}


def refusal(answer: text.Message, peer: str) -> CameraError:
    problem = _STATUS_PROBLEMS.get(answer.status, Problem.REFUSED)
    return CameraError(problem, subject=peer, detail=f"{answer.status} {answer.reason}")


def choose_picture(description: SessionDescription, peer: str) -> Track:
    """The first picture track that we understand. Raises CameraError NO_VIDEO or UNSUPPORTED_CODEC."""
    pictures = [track for track in description.tracks if track.media == "video"]
    if not pictures:
        raise CameraError(Problem.NO_VIDEO, subject=peer)
    for track in pictures:
        if track.encoding in _DEPACKETIZERS:
            return track
    raise CameraError(Problem.UNSUPPORTED_CODEC, subject=peer, detail=pictures[0].encoding)


def choose_sound(description: SessionDescription) -> tuple[Track, AudioFormat] | None:
    for track in description.tracks:
        config = audio_config(track) if track.encoding == "MPEG4-GENERIC" else b""
        sane = 0 < len(config) <= MAX_AUDIO_CONFIG and track.channels <= 8 and 7350 <= track.clock_hz <= 96_000
        if track.media == "audio" and sane:
            return track, AudioFormat(track.clock_hz, track.channels, config)
    return None


def control_candidates(base: str, request_url: str, control: str, reached: str) -> list[str]:
    """URLs to try for a track, best first: as makers do it, then from the request's URL, then by RFC 3986."""
    own_base = text.same_host(base, reached) if base.lower().startswith("rtsp") else request_url
    tries = [
        text.same_host(text.resolve_control(own_base, control), reached),
        text.same_host(text.resolve_control(request_url, control), reached),
    ]
    with contextlib.suppress(ValueError):
        tries.append(text.same_host(urljoin(own_base, control), reached))
    return list(dict.fromkeys(tries))


class RtspSource:
    """One camera over RTSP/TCP. Runs once; `close` ends it. Credentials in the URL are understood."""

    def __init__(
        self,
        url: str,
        *,
        clock: Clock,
        ticker: Ticker,
        user: str = "",
        password: str = "",
        sound: bool = False,
        limits: Limits | None = None,
    ) -> None:
        bare, url_user, url_password = split_credentials(url.strip())
        self._url = text.escape_url(bare)
        self.user, self.password = user or url_user, password or url_password
        """Those in force: none at another host that the camera sends us to."""
        self._own_login = (self.user, self.password)
        self._auth = Authenticator(self.user, self.password)
        self._clock, self._ticker, self.sound = clock, ticker, sound
        self._limits = limits or Limits()
        self._wire: Wire | None = None
        self._dialogue: Dialogue | None = None
        self._entry: Entry | None = None
        self._ended: asyncio.Future[None] | None = None
        self._watched = False
        self._keepalive = "OPTIONS"
        self._last_frame_s = self._next_keepalive_s = 0.0
        self._playing_since_s = 0.0
        self._sink: Sink | None = None
        self._frames_seen = 0
        self._before: Reception | None = None
        """Of connections before a redirect."""
        self._aggregate = ""
        self._track_urls: list[str] = []

    @property
    def url(self) -> str:
        """Without user and password."""
        return self._url

    @property
    def received_bytes(self) -> int:
        return self._wire.received_bytes if self._wire else 0

    def reception(self) -> Reception | None:
        """How its packets came so far; None before any could."""
        frames = self._wire.frames if self._wire is not None else None
        if frames is None:
            return self._before
        return frames.reception() if self._before is None else self._before + frames.reception()

    async def run(self, sink: Sink) -> None:
        """Delivers until `close`; raises CameraError when the camera fails. Follows redirects, also in mid-stream."""
        own_host, _ = split_host(self._url)
        for _ in range(MAX_REDIRECTS + 1):
            try:
                await self._run_once(sink)
                return
            except Redirected as elsewhere:
                if self._frames_seen:  # sent away in mid-stream: what follows is on a line of its own
                    moved = Break(GapReason.CAMERA_LOST, detail="redirected")
                    sink.deliver([moved], self._clock.utc_90k(), self._clock.mono_s())
                self._follow(elsewhere.url, own_host)
            finally:
                self._hang_up()
        raise CameraError(Problem.REFUSED, subject=split_host(self._url)[0], detail="redirected in a circle")

    def _follow(self, location: str, own_host: str) -> None:
        """Goes where the camera sends us. Our login is for its own host alone: elsewhere, what the address itself says.

        Raises CameraError BAD_URL where that is no RTSP address.
        """
        try:
            bare, user, password = split_credentials(urljoin(self._url, location))
        except ValueError:
            raise CameraError(Problem.BAD_URL, subject=split_host(self._url)[0], detail="redirected to no address") from None
        self._url = text.escape_url(bare)
        at_home = split_host(self._url)[0] == own_host
        self.user, self.password = (user, password) if user or not at_home else self._own_login
        self._auth = Authenticator(self.user, self.password)

    async def _run_once(self, sink: Sink) -> None:
        loop = asyncio.get_running_loop()
        self._sink, self._ended, self._frames_seen, self._track_urls = sink, loop.create_future(), 0, []
        self._wire = await connect(self._url, self._limits.connect_s)
        self._dialogue = Dialogue(self._wire, self._auth, self._limits)
        await self._options(self._dialogue)
        aggregate = await self._set_up(self._dialogue)
        self._wire.on_pass = self._deliver
        await self._play(self._dialogue, aggregate)
        now = loop.time()
        self._last_frame_s = self._playing_since_s = now
        self._next_keepalive_s = now + self._keepalive_interval_s()
        self._entry = self._ticker.add(self._poll, self._end)
        self._ticker.watch(self._entry, self._watched)
        await self._ended

    async def _options(self, dialogue: Dialogue) -> None:
        """Learns whether GET_PARAMETER is there to keep the session alive. A camera that refuses OPTIONS is asked on."""
        answer = await dialogue.ask("OPTIONS", self._url)
        if "GET_PARAMETER" in answer.get("public").upper():
            self._keepalive = "GET_PARAMETER"

    async def _describe(self, dialogue: Dialogue) -> tuple[SessionDescription, str]:
        answer = await dialogue.ask("DESCRIBE", self._url, ("Accept", "application/sdp"))
        if answer.status != 200:
            raise refusal(answer, dialogue.wire.peer)
        base = answer.get("content-base") or answer.get("content-location") or self._url
        return parse_sdp(answer.body.decode("utf-8", "replace")), base

    async def _set_up(self, dialogue: Dialogue) -> str:
        """DESCRIBE and SETUP; returns the aggregate's URL."""
        description, base = await self._describe(dialogue)
        track = choose_picture(description, dialogue.wire.peer)
        candidates = control_candidates(base, self._url, track.control, self._url)
        channels = await self._set_up_track(dialogue, candidates, (0, 1))
        depacketizer = _DEPACKETIZERS[track.encoding](
            dialogue.wire.buffer, parameter_sets=parameter_sets(track), clock_hz=track.clock_hz, fps=track.framerate
        )
        frames = Interleaved(depacketizer, channels)
        frames.with_clock(self._clock.utc_90k)
        sound = choose_sound(description) if self.sound else None
        if sound is not None:
            await self._set_up_sound(dialogue, frames, sound, base)
        dialogue.wire.frames = frames
        return control_candidates(base, self._url, description.control or "*", self._url)[0]

    async def _set_up_sound(self, dialogue: Dialogue, frames: Interleaved, sound: tuple[Track, AudioFormat], base: str) -> None:
        track, audio = sound
        candidates = control_candidates(base, self._url, track.control, self._url)
        try:
            channel, _ = await self._set_up_track(dialogue, candidates, (2, 3))
        except CameraError as error:
            if error.problem in (Problem.LOST, Problem.TIMEOUT):
                raise
            return  # a picture without its sound is better than none
        frames.with_sound(AacDepacketizer(dialogue.wire.buffer), channel)
        frames.picture.audio_format = audio

    async def _set_up_track(self, dialogue: Dialogue, candidates: list[str], channels: tuple[int, int]) -> tuple[int, int]:
        transport = f"RTP/AVP/TCP;unicast;interleaved={channels[0]}-{channels[1]}"
        first: text.Message | None = None
        for url in candidates:
            answer = await dialogue.ask("SETUP", url, ("Transport", transport))
            if answer.status == 200:
                self._track_urls.append(url)
                return text.parse_interleaved(answer.get("transport"), channels)
            first = first or answer
            if answer.status in (453, 461, 503):
                break
        assert first is not None
        raise refusal(first, dialogue.wire.peer)

    async def _play(self, dialogue: Dialogue, aggregate: str) -> None:
        """PLAY on the aggregate; cameras that want the request's URL, no Range, or each track by itself, get that."""
        from_now = ("Range", "npt=0.000-")
        tries = [([aggregate], [from_now]), ([self._url], [from_now]), ([aggregate], []), (self._track_urls, [from_now])]
        first: text.Message | None = None
        for urls, headers in tries:
            answers = [await dialogue.ask("PLAY", url, *headers) for url in urls]
            refused = next((answer for answer in answers if answer.status != 200), None)
            if refused is None:
                self._aggregate = urls[0]
                return
            first = first or refused
            if refused.status in (453, 454, 503):
                break
        assert first is not None
        raise refusal(first, dialogue.wire.peer)

    # -- while it plays ----------------------------------------------------------------------------------------------

    def _keepalive_interval_s(self) -> float:
        timeout_s = self._dialogue.timeout_s if self._dialogue else 60.0
        return max(0.5, min(timeout_s * 0.5, 30.0))

    def _poll(self, now_s: float) -> bool:
        """The ticker's call: read, deliver, keep alive, notice silence."""
        assert self._wire is not None
        assert self._ended is not None
        if self._ended.done():
            return False
        try:
            backlog = self._wire.poll()
            self._mind_answers()
            if now_s >= self._next_keepalive_s:
                self._keep_alive(now_s)
            self._mind_silence(now_s)
        except (CameraError, Redirected) as error:
            self._end(error)
            return False
        return backlog

    def _deliver(self) -> None:
        """After each pass over the receive buffer: the items go to the sink while their views are valid."""
        assert self._wire is not None
        frames, sink = self._wire.frames, self._sink
        if frames is None or sink is None:
            return
        loop_s = asyncio.get_running_loop().time()
        before = frames.picture.frames
        items = frames.take()
        if items:
            sink.deliver(items, self._clock.utc_90k(), self._clock.mono_s())
        if before != self._frames_seen:
            self._frames_seen, self._last_frame_s = before, loop_s

    def _mind_silence(self, now_s: float) -> None:
        assert self._wire is not None
        if now_s - self._last_frame_s < min(self._limits.frozen_s, self._limits.first_frame_s):
            return
        if self._frames_seen:
            if now_s - self._last_frame_s >= self._limits.frozen_s:
                raise CameraError(Problem.FROZEN, subject=self._wire.peer)
        elif now_s - self._playing_since_s >= self._limits.first_frame_s:
            raise CameraError(Problem.NO_PICTURE, subject=self._wire.peer)

    def _mind_answers(self) -> None:
        """Answers to keep-alives: a lost session ends the run, a new nonce is taken, an unknown method replaced."""
        assert self._dialogue is not None
        for answer in self._dialogue.answers_in_stream():
            if answer.status == 454:
                raise CameraError(Problem.LOST, subject=self._dialogue.wire.peer, detail="the camera forgot the session")
            if answer.status == 401 and self._dialogue.stale(answer):
                self._next_keepalive_s = 0.0
            elif answer.status in (405, 501, 551):
                self._keepalive, self._next_keepalive_s = "OPTIONS", 0.0

    def _keep_alive(self, now_s: float) -> None:
        assert self._wire is not None
        assert self._dialogue is not None
        self._wire.send_now(self._dialogue.write(self._keepalive, self._aggregate, []))
        self._next_keepalive_s = now_s + self._keepalive_interval_s()

    def watch(self, watched: bool) -> None:
        """Somebody watches: read more often."""
        self._watched = watched
        if self._entry is not None:
            self._ticker.watch(self._entry, watched)

    def _end(self, error: BaseException | None) -> None:
        if self._wire is not None and self._wire.frames is not None and error is not None:
            self._wire.frames.picture.flush()
            with contextlib.suppress(CameraError):
                self._deliver()
        if self._ended is not None and not self._ended.done():
            if error is None:
                self._ended.set_result(None)
            else:
                self._ended.set_exception(error)

    def close(self) -> None:
        """Ends `run` without an error, after telling the camera."""
        self._end(None)

    def _hang_up(self) -> None:
        if self._entry is not None:
            self._ticker.remove(self._entry)
            self._entry = None
        if self._wire is not None:
            if self._wire.frames is not None:
                self._wire.frames.picture.losses.ended()
            self._before = self.reception()
            if self._dialogue is not None and self._dialogue.session:
                with contextlib.suppress(CameraError, OSError):
                    self._wire.send_now(self._dialogue.write("TEARDOWN", self._aggregate or self._url, []))
            self._wire.close()
        self._wire = self._dialogue = None
