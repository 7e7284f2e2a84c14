"""Every way in which a simulated camera may misbehave. Fields are independent and may be put together.

Counts of access units (`…_unit`, `…_units`) are counted for each connection from its PLAY, the first being number 0.
`NAMED` holds one named set for each habit, for `luytre simulate --quirk` and for tests that walk through all of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Literal

NAT_HOST = "192.168.1.10:554"
"""The address that a camera behind a router believes to have."""


@dataclass(frozen=True, slots=True)
class Drop:
    """From access unit `at_unit` on, each `every_units` (0: once), leave out `packets` packets after the first `skip`."""

    at_unit: int
    packets: int = 1
    skip: int = 0
    every_units: int = 0

    def hits(self, unit_number: int) -> bool:
        if self.every_units:
            return unit_number >= self.at_unit and (unit_number - self.at_unit) % self.every_units == 0
        return unit_number == self.at_unit


@dataclass(frozen=True, slots=True)
class Jump:
    """At access unit `at_unit` the RTP timestamp jumps by `ticks_90k` (negative: backwards) and goes on from there."""

    at_unit: int
    ticks_90k: int


@dataclass(frozen=True, slots=True)
class Quirks:
    # --- what the RTSP text looks like
    header_style: Literal["usual", "lower", "folded", "lf"] = "usual"
    """`lower` names in lower case; `folded` long values go on in the next line; `lf` lines end without CR."""
    missing_cseq: bool = False
    byte_pause_s: float | None = None
    """Answers leave one byte at a time with this pause between bytes."""
    content_length: Literal["right", "missing", "zero_with_body", "too_long"] = "right"
    status: Mapping[str, int] = field(default_factory=dict)
    """Method → status that it is always refused with: 404, 453, 503, …"""
    http_instead: bool = False
    """A web server sits on the port."""
    get_parameter: Literal["ok", "405", "501"] = "ok"

    # --- addresses
    content_base: Literal["right", "missing", "nat", "elsewhere"] = "right"
    """`nat`: with the address that the camera believes to have; `elsewhere`: a path at which nothing can be set up."""
    control: Literal["relative", "absolute", "query", "star", "nat", "leading_slash"] = "relative"
    """The tracks' a=control. `query` as Hikvision and Dahua write it; `star` is `*`, for a single track."""
    session_control: Literal["star", "missing", "absolute", "nat"] = "star"
    aggregate: bool = True
    """False: PLAY on the whole presentation is refused (459); it wants the track's URL."""

    # --- session
    session_header: Literal["timeout", "plain"] = "timeout"
    session_timeout_s: int = 60
    enforce_timeout: bool = False
    """Closes when nothing was heard from the client for the timeout."""

    # --- access (schemes, realm and qop are in `Auth`)
    nonce_uses: int | None = None
    stale_shown: bool = True

    # --- redirects and requests from the camera's side
    redirect_status: Literal[301, 302] | None = None
    redirect_to: str = ""
    """Location of a redirect; empty: the same server under `/moved` before the path, which is served."""
    redirect_request_at_unit: int | None = None
    """An RTSP REDIRECT request in mid-stream, to `redirect_to` or the same address."""
    requests: tuple[str, ...] = ()
    """Methods that the camera sends to the client in mid-stream, in turn, each `requests_every_units`."""
    requests_every_units: int = 10
    requests_must_be_answered: bool = False
    """Closes when a request stands unanswered while the next one is due."""

    # --- interleaving
    channel_offset: int = 0
    """Channels told in the answer to SETUP (and used) are those that were asked for, plus this."""
    unknown_channel_every_units: int = 0
    garbage: bytes = b""
    garbage_every_units: int = 0

    # --- tracks
    video: bool = True
    audio: bool = False
    metadata_track: Literal["none", "first", "last"] = "none"
    metadata_every_units: int = 5

    # --- RTP
    marker: Literal["last", "never", "every_nal", "every_slice"] = "last"
    parameter_sets: Literal["both", "sdp", "band", "each_slice"] = "both"
    """Where they travel. `each_slice`: in SDP and before each slice of a key frame, as GStreamer's payloader does."""
    sprop: Literal["right", "broken"] = "right"
    sets_change: bool = False
    """H.264: the level in the SPS goes up and down from key frame to key frame."""
    aggregation: bool = True
    payload_bytes: int = 1400
    first_timestamp: int | None = None
    first_sequence: int | None = None
    drops: tuple[Drop, ...] = ()
    duplicate_every_packets: int = 0
    reorder_every_packets: int = 0
    """Each n-th packet changes places with the one after it."""
    jumps: tuple[Jump, ...] = ()
    stuck_timestamp_at_unit: int | None = None
    timestamp_rate: float = 1.0
    """Its RTP clock counts so many ticks for each it should: 1.25 says 25 frames a second and sends 20."""
    padding_bytes: int = 0
    csrcs: int = 0
    header_extension: bool = False
    key_padding_bytes: int = 0
    """Each key frame is preceded by a user-data SEI of this size."""

    # --- sender reports
    sender_reports: bool = True
    sender_report_offset_s: float = 0.0

    # --- life and death
    start_mid_gop: int = 0
    """So many access units of a new client's first GOP are left out, its key frame first."""
    freeze_at_unit: int | None = None
    close_at_unit: int | None = None
    reset_mid_packet_at_unit: int | None = None
    away_s: float = 0.0
    """After `close_at_unit` or `reset_mid_packet_at_unit` new connections are refused for so long."""

    def __or__(self, other: Quirks) -> Quirks:
        """Both: what `other` changes from the default wins."""
        plain = Quirks()
        changed = {
            item.name: getattr(other, item.name)
            for item in fields(other)
            if getattr(other, item.name) != getattr(plain, item.name)
        }
        return replace(self, **changed)


WELL_BEHAVED = Quirks()

NAMED: dict[str, Quirks] = {
    "content-base-missing": Quirks(content_base="missing"),
    "content-base-nat": Quirks(content_base="nat"),
    "content-base-elsewhere": Quirks(content_base="elsewhere"),
    "control-absolute": Quirks(control="absolute"),
    "control-query": Quirks(control="query"),
    "control-star": Quirks(control="star"),
    "control-nat": Quirks(control="nat", session_control="nat", content_base="nat"),
    "control-leading-slash": Quirks(control="leading_slash"),
    "aggregate-missing": Quirks(session_control="missing"),
    "aggregate-absolute": Quirks(session_control="absolute", control="absolute"),
    "aggregate-refused": Quirks(session_control="missing", aggregate=False),
    "session-plain": Quirks(session_header="plain"),
    "session-short": Quirks(session_timeout_s=4, enforce_timeout=True),
    "no-get-parameter-405": Quirks(get_parameter="405", session_timeout_s=4, enforce_timeout=True),
    "no-get-parameter-501": Quirks(get_parameter="501", session_timeout_s=4, enforce_timeout=True),
    "nonce-each-request": Quirks(nonce_uses=1),
    "nonce-each-request-not-stale": Quirks(nonce_uses=1, stale_shown=False),
    "redirect-301": Quirks(redirect_status=301),
    "redirect-302": Quirks(redirect_status=302),
    "redirect-mid-stream": Quirks(redirect_request_at_unit=30),
    "camera-asks": Quirks(requests=("OPTIONS", "SET_PARAMETER", "ANNOUNCE"), requests_must_be_answered=True),
    "other-channels": Quirks(channel_offset=10),
    "unknown-channel": Quirks(unknown_channel_every_units=3),
    "garbage": Quirks(garbage=b"\x00\xffnoise\r\n\r\n\x80", garbage_every_units=7),
    "metadata-first": Quirks(metadata_track="first"),
    "metadata-last": Quirks(metadata_track="last"),
    "marker-never": Quirks(marker="never"),
    "marker-every-nal": Quirks(marker="every_nal"),
    "marker-every-slice": Quirks(marker="every_slice"),
    "sets-only-sdp": Quirks(parameter_sets="sdp"),
    "sets-only-band": Quirks(parameter_sets="band"),
    "sets-each-slice": Quirks(parameter_sets="each_slice"),
    "sets-change": Quirks(sets_change=True),
    "sprop-broken": Quirks(sprop="broken"),
    "drop": Quirks(drops=(Drop(at_unit=20, packets=2, every_units=60),)),
    "duplicate": Quirks(duplicate_every_packets=10),
    "reorder": Quirks(reorder_every_packets=25),
    "timestamp-wrap": Quirks(first_timestamp=(1 << 32) - 180_000),
    "sequence-wrap": Quirks(first_sequence=65_500),
    "timestamp-jump-forward": Quirks(jumps=(Jump(at_unit=40, ticks_90k=90_000 * 3600),)),
    "timestamp-jump-back": Quirks(jumps=(Jump(at_unit=40, ticks_90k=-90_000 * 60),)),
    "timestamp-fast": Quirks(timestamp_rate=1.25),
    "timestamp-slow": Quirks(timestamp_rate=0.8),
    "timestamp-stuck": Quirks(stuck_timestamp_at_unit=40),
    "rtp-padding": Quirks(padding_bytes=8),
    "rtp-csrc": Quirks(csrcs=3),
    "rtp-extension": Quirks(header_extension=True),
    "key-4-megabytes": Quirks(key_padding_bytes=4 << 20),
    "freeze": Quirks(freeze_at_unit=40),
    "close": Quirks(close_at_unit=40, away_s=2.0),
    "reset-mid-packet": Quirks(reset_mid_packet_at_unit=40),
    "start-mid-gop": Quirks(start_mid_gop=5),
    "slow-answers": Quirks(byte_pause_s=0.001),
    "headers-folded": Quirks(header_style="folded"),
    "headers-lower": Quirks(header_style="lower"),
    "lines-lf": Quirks(header_style="lf"),
    "cseq-missing": Quirks(missing_cseq=True),
    "content-length-missing": Quirks(content_length="missing"),
    "content-length-zero": Quirks(content_length="zero_with_body"),
    "content-length-too-long": Quirks(content_length="too_long"),
    "no-video": Quirks(video=False, audio=True),
    "audio": Quirks(audio=True),
    "web-server": Quirks(http_instead=True),
    "not-found": Quirks(status={"DESCRIBE": 404}),
    "no-bandwidth": Quirks(status={"SETUP": 453}),
    "unavailable": Quirks(status={"PLAY": 503}),
    "sender-report-wrong": Quirks(sender_report_offset_s=-3600.0),
    "sender-report-none": Quirks(sender_reports=False),
}
