"""The session description (RFC 4566) of a simulated camera, with the parameters of RFC 6184 §8, RFC 7798 §7 and RFC 3640 §4."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Literal

from luytre.simulate.quirks import NAT_HOST, Quirks
from luytre.simulate.units import AudioDescription, VideoDescription

TrackKind = Literal["video", "audio", "metadata"]
PAYLOAD_TYPES: dict[TrackKind, int] = {"video": 96, "audio": 97, "metadata": 107}
RATES_HZ: dict[TrackKind, int] = {"video": 90_000, "metadata": 90_000}


@dataclass(frozen=True, slots=True)
class Track:
    kind: TrackKind
    token: str
    """What tells the track apart in a SETUP URL; empty for `*`."""
    control: str
    """The value of a=control."""


def tracks(quirks: Quirks, url: str) -> list[Track]:
    """The tracks in the order of the SDP. `url` is the presentation's address as the client wrote it, no slash at its end."""
    kinds: list[TrackKind] = []
    if quirks.video:
        kinds.append("video")
    if quirks.audio:
        kinds.append("audio")
    if quirks.metadata_track == "first":
        kinds.insert(0, "metadata")
    elif quirks.metadata_track == "last":
        kinds.append("metadata")
    return [_track(quirks, url, kind, number) for number, kind in enumerate(kinds, start=1)]


def _track(quirks: Quirks, url: str, kind: TrackKind, number: int) -> Track:
    token = f"trackID={number}"
    path = "/" + url.split("://", 1)[-1].partition("/")[2]
    control = {
        "relative": token,
        "absolute": f"{url}/{token}",
        "query": f"{url}/{token}?transportmode=unicast&profile=Profile_1",
        "star": "*",
        "nat": f"rtsp://{NAT_HOST}{path}/{token}",
        "leading_slash": f"{path}/{token}",
    }[quirks.control]
    return Track(kind, "" if quirks.control == "star" else token, control)


def describe(
    quirks: Quirks, url: str, video: VideoDescription, audio: AudioDescription | None, session_id: int, host: str
) -> str:
    """The whole SDP, CRLF line ends."""
    lines = [
        "v=0",
        f"o=- {session_id} 1 IN IP4 {host}",
        "s=Simulated camera",
        "c=IN IP4 0.0.0.0",
        "t=0 0",
        *_session_control(quirks, url),
        "a=range:npt=now-",
    ]
    for track in tracks(quirks, url):
        if track.kind == "video":
            lines += _video_lines(quirks, video)
        elif track.kind == "audio" and audio is not None:
            lines += _audio_lines(audio)
        elif track.kind == "metadata":
            lines += ["m=application 0 RTP/AVP 107", "a=rtpmap:107 vnd.onvif.metadata/90000", "a=recvonly"]
        lines.append(f"a=control:{track.control}")
    return "\r\n".join(lines) + "\r\n"


def _session_control(quirks: Quirks, url: str) -> list[str]:
    if quirks.session_control == "missing":
        return []
    path = "/" + url.split("://", 1)[-1].partition("/")[2]
    value = {"star": "*", "absolute": url, "nat": f"rtsp://{NAT_HOST}{path}"}[quirks.session_control]
    return [f"a=control:{value}"]


def _video_lines(quirks: Quirks, video: VideoDescription) -> list[str]:
    name = "H264" if video.codec == "h264" else "H265"
    lines = ["m=video 0 RTP/AVP 96", f"a=rtpmap:96 {name}/90000", f"a=framerate:{video.fps:g}"]
    parameters = ["packetization-mode=1"] if video.codec == "h264" else []
    if video.codec == "h264" and video.parameter_sets:
        parameters.append(f"profile-level-id={video.parameter_sets[0][1:4].hex()}")
    if quirks.parameter_sets != "band" and video.parameter_sets:
        parameters += _sprop(quirks, video)
    return [*lines, f"a=fmtp:96 {'; '.join(parameters)}"] if parameters else lines


def _sprop(quirks: Quirks, video: VideoDescription) -> list[str]:
    def coded(nal: bytes) -> str:
        text = base64.b64encode(nal).decode()
        return text if quirks.sprop == "right" else "!" + text[1:-1] + "%="

    if video.codec == "h264":
        return ["sprop-parameter-sets=" + ",".join(coded(nal) for nal in video.parameter_sets)]
    names = {32: "sprop-vps", 33: "sprop-sps", 34: "sprop-pps"}
    by_name: dict[str, list[str]] = {}
    for nal in video.parameter_sets:
        by_name.setdefault(names[nal[0] >> 1 & 0x3F], []).append(coded(nal))
    return [f"{name}={','.join(values)}" for name, values in by_name.items()]


def _audio_lines(audio: AudioDescription) -> list[str]:
    return [
        "m=audio 0 RTP/AVP 97",
        f"a=rtpmap:97 mpeg4-generic/{audio.sample_rate_hz}/{audio.channels}",
        "a=fmtp:97 streamtype=5; profile-level-id=1; mode=AAC-hbr; sizelength=13; indexlength=3; indexdeltalength=3; "
        f"config={audio.config.hex()}",
    ]
