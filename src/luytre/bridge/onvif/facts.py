"""What a device says of itself, made into `DeviceFacts`: every answer may be missing, odd, or contradict another."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from luytre.base.i18n import N_, translate
from luytre.base.redact import split_credentials
from luytre.bridge.onvif.asking import NOT_ONVIF, NOT_ONVIF_HINT, Refusal, moment_of, number, said
from luytre.civic.ports import Contradiction, DeviceFacts, DeviceStream, DeviceUser, StreamChoice

if TYPE_CHECKING:
    from onveef import OnvifClient

MOST_STREAMS = 8
MOST_CHOICES = 4
MOST_USERS = 32
MOST_SERVERS = 4
MOST_SIZES = 32
CLOCK_FOLLOWS_S = 30.0
"""A clock that follows a server is nearer than this."""
LONGEST_GOP_S = 20

CODECS = {"H264": "h264", "H265": "h265", "HEVC": "h265", "JPEG": "jpeg", "MPEG4": "mpeg4", "MPV4-ES": "mpeg4"}

T = TypeVar("T")

NTP_BUT_OFF = N_("The camera says that its clock follows a time server, but it is wrong by more than half a minute: it does not.")
NOT_AMONG_USERS = N_("The camera lets “%(name)s” in, but does not list it among its users.")
SAME_ADDRESS = N_("The camera gives pictures of different sizes one and the same address.")
ODD_GOP = N_("The camera names a distance of key frames that cannot be right: %(frames)d frames.")
NO_PTZ = N_("The camera says that it can be turned, but names nothing that turns.")


@dataclass(frozen=True, slots=True)
class Clock:
    """As the device told it. `at` None: it named no time that can be."""

    at: datetime | None
    offset_s: float | None
    ntp: bool | None
    time_zone: str = ""


def optional(question: Callable[[], T]) -> T | None:
    """The answer; None where the device refuses it or cannot. Silence and broken lines go up."""
    from onveef.exceptions import OnvifAuthError, OnvifError, OnvifTransportError

    try:
        return question()
    except OnvifTransportError:
        raise
    except OnvifAuthError:
        return None  # a user who may look, but not administer
    except (OnvifError, ValueError, LookupError, AttributeError, TypeError, OverflowError):
        return None


def clock_of(device: OnvifClient) -> Clock:
    """The device tells whole seconds, so that half a second is what it is late on average."""
    before = datetime.now(UTC)
    answer = optional(device.get_system_date_time) or {}
    middle = before + (datetime.now(UTC) - before) / 2
    at = moment_of(answer.get("UTCDateTime"))
    offset_s = round((at - middle).total_seconds() + 0.5, 1) if at is not None else None
    kind = answer.get("date_time_type")
    ntp = kind.upper() == "NTP" if isinstance(kind, str) and kind else None
    zone = answer.get("timezone")
    return Clock(at, offset_s, ntp, zone if isinstance(zone, str) else "")


def users_of(device: OnvifClient) -> tuple[DeviceUser, ...]:
    found = [DeviceUser(said(user.get("username")), said(user.get("user_level"))) for user in optional(device.get_users) or ()]
    return tuple(user for user in found if user.name)[:MOST_USERS]


def ntp_of(device: OnvifClient) -> tuple[str, ...]:
    servers = (optional(device.get_ntp) or {}).get("servers")
    return tuple(dict.fromkeys(said(server) for server in servers if said(server)))[:MOST_SERVERS] if servers else ()


def profiles_of(device: OnvifClient, most: int = MOST_STREAMS) -> tuple[str, list[dict[str, Any]]]:
    """The service that knows them, and the profiles. The newer one first: the older one knows no H.265."""
    if device.endpoint.has("media2"):
        found = optional(lambda: device.media2_get_profiles(types=["All"])) or []
        if any(profile.get("video_encoder") for profile in found):
            return "media2", found[:most]
    return "media", device.get_profiles()[:most]


def source_of(profile: dict[str, Any]) -> str:
    """What it shows: the token of the lens or the channel; empty where it does not say."""
    told = profile.get("video_source") or {}
    return str(told.get("source_token") or told.get("token") or "")


def picture_of(device: OnvifClient, profile: dict[str, Any]) -> str:
    """Its RTSP address without a login; empty where it has none. Errors: those of onveef, but for a refusal of this one."""
    from onveef.exceptions import OnvifFaultError

    try:
        url, _username, _password = split_credentials(device.get_stream_uri(profile_token=profile["token"]))
    except OnvifFaultError:  # a profile without a picture (sound, data)
        return ""
    return url if url.startswith(("rtsp://", "rtsps://")) else ""


def streams_of(device: OnvifClient, profiles: Sequence[dict[str, Any]], until_mono_s: float) -> tuple[DeviceStream, ...]:
    """The largest picture first."""
    found = []
    for profile in profiles:
        if time.monotonic() > until_mono_s:
            break
        address = optional(partial(device.get_stream_uri, profile_token=profile["token"]))
        found.append(stream_of(profile, address or ""))
    return tuple(sorted(found, key=lambda stream: -stream.width_px * stream.height_px))


def stream_of(profile: dict[str, Any], address: str) -> DeviceStream:
    encoder = profile.get("video_encoder") or {}
    url, _username, _password = split_credentials(address)
    encoding = str(encoder.get("encoding") or "").upper()
    return DeviceStream(
        token=str(encoder.get("token") or "")[:80],
        profile=str(profile.get("token") or "")[:80],
        name=said(profile.get("name")),
        codec=CODECS.get(encoding, said(encoding.lower())),
        width_px=number(encoder.get("width")),
        height_px=number(encoder.get("height")),
        fps=number(encoder.get("fps_limit")),
        gop=number(encoder.get("gop")),
        bitrate_kbps=number(encoder.get("bitrate_kbps")),
        url=url[:500] if url.startswith(("rtsp://", "rtsps://")) else "",
    )


def choices_of(
    device: OnvifClient, service: str, streams: Sequence[DeviceStream], until_mono_s: float
) -> tuple[StreamChoice, ...]:
    found: list[StreamChoice] = []
    for stream in streams[:MOST_CHOICES]:
        if not stream.token or time.monotonic() > until_mono_s:
            continue
        asked = partial(device.get_video_encoder_options_normalized, configuration_token=stream.token)
        told = optional(partial(asked, profile_token=stream.profile, prefer=service)) or ()
        found += [choice_of(stream.token, option) for option in told if option.get("encoding")]
    return tuple(found)


def choice_of(token: str, option: dict[str, Any]) -> StreamChoice:
    sizes = [(number(size.get("width")), number(size.get("height"))) for size in option.get("resolutions") or ()]
    encoding = str(option.get("encoding")).upper()
    return StreamChoice(
        token,
        CODECS.get(encoding, said(encoding.lower())),
        tuple(sorted({size for size in sizes if all(size)}, reverse=True))[:MOST_SIZES],
        _range(option.get("fps")), _range(option.get("gop")), _range(option.get("bitrate_kbps")),
    )  # fmt: skip


def _range(told: object) -> tuple[int, int]:
    """Nothing where it is no range: a device that names one from 10 to 5 names none."""
    if not isinstance(told, dict):
        return 0, 0
    least, most = number(told.get("min")), number(told.get("max"))
    return (least, most) if 0 <= least <= most and most > 0 else (0, 0)


def facts_of(device: OnvifClient, username: str, language: str, until_mono_s: float) -> DeviceFacts:
    """All of it. Errors: those of onveef, Refusal."""
    clock = clock_of(device)
    about = device.get_device_information()
    if not about:
        raise Refusal("not_onvif", NOT_ONVIF, NOT_ONVIF_HINT)
    service, profiles = profiles_of(device)
    streams = streams_of(device, profiles, until_mono_s)
    turns = device.endpoint.has("ptz") and any(profile.get("ptz") for profile in profiles)
    nodes = optional(device.ptz_get_nodes) if turns else None
    facts = DeviceFacts(
        ok=True,
        maker=said(about.get("Manufacturer")), model=said(about.get("Model")),
        firmware=said(about.get("FirmwareVersion")), serial=said(about.get("SerialNumber")),
        clock=clock.at, clock_offset_s=clock.offset_s, ntp=clock.ntp, ntp_servers=ntp_of(device),
        users=users_of(device), streams=streams, choices=choices_of(device, service, streams, until_mono_s),
        ptz=turns and bool(nodes), events=device.endpoint.has("events"),
    )  # fmt: skip
    told = contradictions(facts, username, language, turns_nothing=turns and not nodes)
    return DeviceFacts(**{name: getattr(facts, name) for name in DeviceFacts.__slots__} | {"contradictions": told})


def contradictions(facts: DeviceFacts, username: str, language: str, *, turns_nothing: bool) -> tuple[Contradiction, ...]:
    found: list[tuple[str, str, dict[str, object]]] = []
    if facts.ntp and facts.clock_offset_s is not None and abs(facts.clock_offset_s) > CLOCK_FOLLOWS_S:
        found.append(("ntp_but_off", NTP_BUT_OFF, {}))
    if username and facts.users and username not in {user.name for user in facts.users}:
        found.append(("not_among_users", NOT_AMONG_USERS, {"name": username}))
    sizes: dict[str, tuple[int, int]] = {}
    if any(
        sizes.setdefault(one.url, (one.width_px, one.height_px)) != (one.width_px, one.height_px)
        for one in facts.streams
        if one.url
    ):
        found.append(("same_address", SAME_ADDRESS, {}))
    odd = next((one.gop for one in facts.streams if one.fps and one.gop > LONGEST_GOP_S * one.fps), 0)
    if odd:
        found.append(("odd_gop", ODD_GOP, {"frames": odd}))
    if turns_nothing:
        found.append(("no_ptz", NO_PTZ, {}))
    return tuple(Contradiction(code, translate(words, language) % figures) for code, words, figures in found)
