"""What the recorder says of itself: cameras, archive, alarms; as JSON for the web, and as metrics for Prometheus."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from luytre.base.clock import TICKS_PER_S, to_iso
from luytre.base.errors import PROBLEM_WORDS, Problem
from luytre.base.i18n import _
from luytre.base.verdicts import VERDICT_WORDS, Verdict
from luytre.media.archive import StateKind
from luytre.media.recorder.fleet import Camera, Fleet, Stream
from luytre.media.recorder.looking import Looker
from luytre.media.recorder.session import Session, State
from luytre.media.recorder.transcoders import Transcoders


@dataclass(slots=True)
class Rate:
    """Bytes and frames a second over the time since it was last asked, at least `SPAN_S` apart."""

    at_s: float = 0.0
    bytes: int = 0
    frames: int = 0
    bitrate_bps: float = 0.0
    fps: float = 0.0
    SPAN_S = 2.0

    def note(self, now_s: float, session: Session) -> None:
        passed = now_s - self.at_s
        if session.bytes < self.bytes:
            self.at_s = 0.0  # another session
        if self.at_s and passed < self.SPAN_S:
            return
        if self.at_s:
            self.bitrate_bps = (session.bytes - self.bytes) * 8 / passed
            self.fps = (session.frames - self.frames) / passed
        self.at_s, self.bytes, self.frames = now_s, session.bytes, session.frames


class StatusBoard:
    """Reads the fleet; keeps only what rates need."""

    def __init__(self, fleet: Fleet, looker: Looker | None = None) -> None:
        self._fleet, self._looker = fleet, looker
        self._rates: dict[tuple[str, str], Rate] = {}

    def tick(self) -> None:
        """Called every few seconds, so that rates are there when somebody asks."""
        now_s = self._fleet.clock.mono_s()
        for stream in self._streams():
            if stream.session is not None:
                self._rate(stream).note(now_s, stream.session)

    def _rate(self, stream: Stream) -> Rate:
        return self._rates.setdefault((stream.config.key, stream.kind.value), Rate())

    def _streams(self) -> Iterable[Stream]:
        return [stream for camera in self._fleet.cameras.values() for stream in camera.streams()]

    def as_json(self, covers: Any = lambda camera: True, *, whole: bool = True) -> dict[str, Any]:
        """The status document; `covers(key)` picks cameras, `whole` adds archive and alarms."""
        cameras = [self._camera(camera) for camera in self._fleet.cameras.values() if covers(camera.config.key)]
        document: dict[str, Any] = {"utc": to_iso(self._fleet.clock.utc_90k()), "cameras": cameras}
        if whole:
            document |= {"archive": self._archive(), "alarms": self._alarms()}
        return document

    def _camera(self, camera: Camera) -> dict[str, Any]:
        stream = camera.main
        session = stream.session
        if session is None:
            return {"camera": camera.config.key, "stream": "main", "state": "disabled", "problem": None} | _NOTHING
        rate = self._rate(stream)
        problem = session.problem
        words = PROBLEM_WORDS[problem] if problem is not None else None
        video = session.format.video if session.format is not None else None
        last = session.last_frame_utc_90k
        offset = session.clock_offset_90k
        return {
            "camera": camera.config.key,
            "stream": "main",
            "state": _STATES[session.state],
            "problem": problem.value if problem is not None else None,
            "sentence": _(words.cause) if words else "",
            "hint": _(words.hint) if words else "",
            "since": to_iso(session.since_utc_90k),
            "frames": session.frames,
            "bytes": session.bytes,
            "bitrate_bps": round(rate.bitrate_bps),
            "fps": round(rate.fps, 1),
            "gaps": session.gaps,
            "reconnects": session.reconnects,
            "last_frame": to_iso(last) if last is not None else None,
            "clock_offset_s": round(offset / TICKS_PER_S, 3) if offset is not None else None,
            **_reception(session),
            "viewers": sum(stream.hub.viewers for stream in camera.streams()),
            "viewer_frames_lost": sum(stream.hub.viewer_frames_lost for stream in camera.streams()),
            "codec": video.rfc6381 if video else None,
            "width": video.width_px if video else None,
            "height": video.height_px if video else None,
            "picture": self._looker.told(camera.config.key) if self._looker is not None else None,
        }

    def _archive(self) -> dict[str, Any]:
        state, usage = self._fleet.archive.state, self._fleet.archive.usage()
        return {
            "identity": self._fleet.archive.id,
            "state": state.kind.value,
            "sentence": _(state.words.cause),
            "hint": _(state.words.hint) if state.words.hint else "",
            "since": to_iso(state.since_utc_90k),
            "bytes_used": usage.bytes_used,
            "bytes_free": usage.bytes_free,
            "bytes_total": usage.bytes_total,
            "days_left": round(usage.days_left, 1) if usage.days_left is not None else None,
            "oldest": to_iso(usage.oldest_utc_90k) if usage.oldest_utc_90k is not None else None,
            "holds": sorted(hold.id for hold in self._fleet.archive.holds()),
        }

    def _alarms(self) -> list[dict[str, Any]]:
        state = self._fleet.archive.state
        disk = {"code": f"disk_{state.kind.value}", "sentence": _(state.words.cause), "since": to_iso(state.since_utc_90k)}
        return [*([] if state.kind is StateKind.OK else [disk]), *self._unstable(), *self._pictures()]

    def _unstable(self) -> Iterable[dict[str, Any]]:
        """Cameras of which only a part is recorded, though their picture comes."""
        for camera in self._fleet.cameras.values():
            session = camera.main.session
            since = session.unstable_since_utc_90k if session is not None else None
            if since is not None:
                sentence = f"{camera.config.name}: {_(PROBLEM_WORDS[Problem.UNSTABLE].cause)}"
                yield {"code": "camera_unstable", "camera": camera.config.key, "sentence": sentence, "since": to_iso(since)}

    def _pictures(self) -> Iterable[dict[str, Any]]:
        """Cameras that send, and show what they should not."""
        for key, verdict, since in self._looker.faults() if self._looker is not None else ():
            camera = self._fleet.cameras.get(key)
            if camera is not None and camera.config.enabled:
                sentence = f"{camera.config.name}: {_(VERDICT_WORDS[verdict].cause)}"
                yield {"code": f"picture_{verdict.value}", "camera": key, "sentence": sentence, "since": to_iso(since)}


_STATES = {State.CONNECTING: "connecting", State.RECORDING: "recording", State.WAITING: "waiting", State.STOPPED: "disabled"}
_ZERO = ("frames", "bytes", "bitrate_bps", "fps", "gaps", "reconnects", "viewers", "viewer_frames_lost")
_UNKNOWN = (
    "since", "last_frame", "clock_offset_s", "packets", "packets_lost", "jitter_ms", "codec", "width", "height", "picture"
)  # fmt: skip
_NOTHING: dict[str, Any] = {"sentence": "", "hint": ""} | dict.fromkeys(_ZERO, 0) | dict.fromkeys(_UNKNOWN)


def _reception(session: Session) -> dict[str, Any]:
    found = session.reception
    jitter = found.jitter_90k if found is not None else None
    return {
        "packets": found.packets if found is not None else None,
        "packets_lost": found.lost if found is not None else None,
        "jitter_ms": round(jitter / TICKS_PER_S * 1000, 2) if jitter is not None else None,
    }


class FleetCollector(Collector):
    """Prometheus's view: counters straight from the sessions, nothing counted twice."""

    def __init__(self, fleet: Fleet) -> None:
        self._fleet = fleet

    def collect(self) -> Iterable[Metric]:
        labels = ["camera", "stream"]
        frames = CounterMetricFamily("luytre_frames", "Frames received whole", labels=labels)
        sizes = CounterMetricFamily("luytre_bytes", "Bytes of those frames", labels=labels)
        gaps = CounterMetricFamily("luytre_gaps", "Holes in what was received", labels=labels)
        reconnects = CounterMetricFamily("luytre_reconnects", "Times a camera was connected again", labels=labels)
        faults = CounterMetricFamily("luytre_faults", "Faults in our own code for a camera", labels=labels)
        lost = CounterMetricFamily("luytre_viewer_frames_lost", "Frames that slow viewers lost", labels=labels)
        packets = CounterMetricFamily("luytre_packets", "RTP packets of the picture that came", labels=labels)
        missing = CounterMetricFamily("luytre_packets_lost", "RTP packets of the picture that never came", labels=labels)
        jitter = GaugeMetricFamily("luytre_jitter_seconds", "Interarrival jitter of the picture (RFC 3550)", labels=labels)
        up = GaugeMetricFamily("luytre_camera_up", "1 while pictures come", labels=labels)
        viewers = GaugeMetricFamily("luytre_viewers", "Viewers", labels=labels)
        for camera in self._fleet.cameras.values():
            for stream in camera.streams():
                where = [stream.config.key, stream.kind.value]
                viewers.add_metric(where, stream.hub.viewers)
                lost.add_metric(where, stream.hub.viewer_frames_lost)
                if (session := stream.session) is None:
                    continue
                for family, value in ((frames, session.frames), (sizes, session.bytes), (gaps, session.gaps)):
                    family.add_metric(where, value)
                reconnects.add_metric(where, session.reconnects)
                faults.add_metric(where, session.faults)
                up.add_metric(where, session.state is State.RECORDING)
                if (received := session.reception) is not None:
                    packets.add_metric(where, received.packets)
                    missing.add_metric(where, received.lost)
                    if received.jitter_90k is not None:
                        jitter.add_metric(where, received.jitter_90k / TICKS_PER_S)
        yield from (frames, sizes, gaps, reconnects, faults, lost, packets, missing, jitter, up, viewers)
        usage = self._fleet.archive.usage()
        yield GaugeMetricFamily("luytre_archive_free_bytes", "Free space on the archive's disk", value=usage.bytes_free)
        yield GaugeMetricFamily("luytre_archive_used_bytes", "Size of the archive", value=usage.bytes_used)
        ok = self._fleet.archive.state.kind is StateKind.OK
        yield GaugeMetricFamily("luytre_archive_ok", "1 while footage reaches the disk", value=ok)


class TranscodeCollector(Collector):
    """How much is being coded again for browsers that cannot show H.265."""

    def __init__(self, transcoders: Transcoders) -> None:
        self._transcoders = transcoders

    def collect(self) -> Iterable[Metric]:
        now = self._transcoders
        yield GaugeMetricFamily("luytre_transcodes", "Pictures being coded again", value=len(now.seats))
        yield CounterMetricFamily("luytre_transcodes_refused", "Times the limit stood in the way", value=now.refused)
        yield CounterMetricFamily("luytre_transcodes_failed", "Times a child ended by itself", value=now.failures)


class LookCollector(Collector):
    """What the pictures tell, and how the child does that looks at them."""

    def __init__(self, looker: Looker) -> None:
        self._looker = looker

    def collect(self) -> Iterable[Metric]:
        now = self._looker
        verdicts = GaugeMetricFamily("luytre_picture", "1 for what a camera's picture tells", labels=["camera", "verdict"])
        for key, told in now.verdicts():
            for verdict in Verdict:
                verdicts.add_metric([key, verdict.value], verdict is told)
        yield verdicts
        yield CounterMetricFamily("luytre_looks", "Pictures that were looked at", value=now.looks)
        yield CounterMetricFamily("luytre_looks_late", "Looks that came more than their interval too late", value=now.late)
        yield GaugeMetricFamily("luytre_look_interval_seconds", "Between two looks at a camera, for now", value=now.every_s)
        yield CounterMetricFamily("luytre_looks_undecoded", "Key frames that did not decode", value=now.undecoded)
        yield CounterMetricFamily(
            "luytre_looks_failed", "Times the looking child ended by itself or was too slow", value=now.failures
        )


def registry(fleet: Fleet, transcoders: Transcoders, looker: Looker | None = None) -> CollectorRegistry:
    made = CollectorRegistry(auto_describe=False)
    made.register(FleetCollector(fleet))
    made.register(TranscodeCollector(transcoders))
    if looker is not None:
        made.register(LookCollector(looker))
    return made
