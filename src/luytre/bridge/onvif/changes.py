"""Changes of a device, each read back: what came of it as `Done`, in message ids."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape, quoteattr

from luytre.base.i18n import N_
from luytre.base.letters import fold
from luytre.bridge.onvif.asking import NOT_ONVIF, NOT_SUPPORTED_HINT, REFUSED_HINT, Refusal
from luytre.bridge.onvif.facts import clock_of, ntp_of, optional, profiles_of, stream_of, users_of
from luytre.civic.ports import DeviceStream, PtzMove, StreamWish

if TYPE_CHECKING:
    from onveef import OnvifClient

CLOCK_RIGHT_S = 5.0
LONGEST_NAME = 32
LONGEST_MOVE_S = 2.0
_NO_FIGURES: Mapping[str, object] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Done:
    """As `DeviceChange`, with message ids and the figures that stand in `cause`."""

    ok: bool
    problem: str = ""
    cause: str = ""
    hint: str = ""
    token: str = ""
    figures: Mapping[str, object] = field(default_factory=lambda: _NO_FIGURES)


WELL = Done(True)
LIES = Done(
    False, "lies", N_("the camera says that it is done, but nothing is different"),
    N_("Set it on the camera's own web page, or update its firmware."),
)  # fmt: skip
UNSURE = Done(
    False, "unsure", N_("the camera did not answer in time: it may be done or not"),
    N_("Wait a minute and read the device again."),
)  # fmt: skip
NOT_THE_ADMINISTRATOR = Done(
    False, "no_right", N_("this user of the camera may not change passwords"),
    N_("Keep the login of the camera's administrator here, or change the password on the camera's own web page."),
)  # fmt: skip
NTP_SILENT = Done(
    True, "ntp_silent", N_("the clock is set, but the time server does not answer, so that the clock will drift again"),
    N_("Run a time server (chrony) on this machine, or name another one in LUYTRE_NTP_SERVER."),
)  # fmt: skip
NO_SUCH_STREAM = Done(False, "no_stream", N_("the camera no longer has this picture"), N_("Read the device again."))
OTHERWISE = N_("the camera took something else: %(told)s")


def _sent(work: Callable[[], object]) -> bool:
    """Does it; false where the answer did not come, so that it may be done or not. Errors: those of onveef."""
    from onveef.exceptions import OnvifTimeoutError, OnvifTransportError

    try:
        work()
    except OnvifTimeoutError:
        return False
    except OnvifTransportError as error:
        if error.retryable:
            return False
        raise
    return True


def set_clock(device: OnvifClient, time_zone: str) -> Done:
    """Our time, by hand. Logins carry the time, so that what follows needs a connection that begins with the new one."""

    def by_hand() -> None:
        device.set_system_date_time(date_time_type="Manual", timezone=time_zone, utc_datetime=datetime.now(UTC))

    return WELL if _sent(by_hand) else UNSURE


def follow(device: OnvifClient, time_zone: str, server: str, *, is_silent: bool) -> Done:
    """Reads the clock back, then sets the server. `server` empty: none. `is_silent`: one was wished that does not answer."""
    if not _is_right(device):
        return LIES
    if not server:
        return NTP_SILENT if is_silent else WELL
    if not _sent(lambda: device.set_ntp(from_dhcp=False, ipv4_servers=[server])):
        return UNSURE
    if server not in ntp_of(device):
        return LIES
    if not _sent(lambda: device.set_system_date_time(date_time_type="NTP", timezone=time_zone)):
        return UNSURE
    return WELL if clock_of(device).ntp and _is_right(device) else LIES


def _is_right(device: OnvifClient) -> bool:
    offset_s = clock_of(device).offset_s
    return offset_s is not None and abs(offset_s) <= CLOCK_RIGHT_S


def set_password(device: OnvifClient, username: str, new: str) -> Done:
    """Said done is not yet done: whoever asks proves the new one with a connection of its own."""
    level = next((user.level for user in users_of(device) if user.name == username), "")
    if not level:
        return NOT_THE_ADMINISTRATOR
    return WELL if _sent(lambda: device.set_user(username=username, password=new, user_level=level)) else UNSURE


def prove_login(device: OnvifClient) -> Done:
    """Asks what only somebody known is told. Errors: OnvifAuthError."""
    return WELL if device.get_users() else Done(False, "refused", N_("the camera refused this"), REFUSED_HINT)


def set_stream(device: OnvifClient, wish: StreamWish) -> Done:
    service, profiles = profiles_of(device)
    found = next((one for one in profiles if _encoder(one).get("token") == wish.token), None)
    if found is None:
        return NO_SUCH_STREAM
    before, encoder = stream_of(found, ""), _encoder(found)
    if not _sent(lambda: _send_stream(device, service, encoder, wish)):
        return UNSURE
    profiles = profiles_of(device)[1]
    after = next((stream_of(one, "") for one in profiles if _encoder(one).get("token") == wish.token), None)
    return NO_SUCH_STREAM if after is None else compared(before, wish, after)


def compared(before: DeviceStream, wish: StreamWish, after: DeviceStream) -> Done:
    """Whether a device took what was wished, something else, or nothing."""
    wished, told, was = _figures(wish), _figures(after), _figures(before)
    if told == wished:
        return WELL
    if told == was:
        return LIES
    words = f"{after.codec} {after.width_px}×{after.height_px}, {after.fps} fps, GOP {after.gop}, {after.bitrate_kbps} kbit/s"
    return Done(True, "otherwise", OTHERWISE, figures={"told": words})


def _figures(one: StreamWish | DeviceStream) -> tuple[object, ...]:
    return one.codec, one.width_px, one.height_px, one.fps, one.gop, one.bitrate_kbps


def _encoder(profile: dict[str, Any]) -> dict[str, Any]:
    found = profile.get("video_encoder")
    return found if isinstance(found, dict) else {}


def _send_stream(device: OnvifClient, service: str, encoder: dict[str, Any], wish: StreamWish) -> None:
    """By the newer service in our own words: onveef 0.6 writes codec and limits as attributes there, the schema has elements."""
    if service == "media2":
        device.call(service="media2", operation="SetVideoEncoderConfiguration", body_inner=media2_body(encoder, wish))
        return
    if wish.codec not in ("h264", "jpeg"):
        raise Refusal("not_supported", N_("the camera offers this picture format by no way that we speak"), REFUSED_HINT)
    device.set_video_encoder_configuration(
        token=wish.token, name=str(encoder.get("name") or ""), encoding=wish.codec.upper(), width=wish.width_px,
        height=wish.height_px, quality=_quality(encoder), fps=wish.fps, bitrate_kbps=wish.bitrate_kbps, gop=wish.gop,
        h264_profile=str(encoder.get("h264_profile") or ""),
    )  # fmt: skip


def media2_body(encoder: dict[str, Any], wish: StreamWish) -> str:
    """VideoEncoder2Configuration of onvif.xsd: its elements in the schema's order."""
    profile = str(encoder.get("profile") or encoder.get("h264_profile") or "")
    same = str(encoder.get("encoding") or "").lower() == wish.codec
    attributes = f"token={quoteattr(wish.token)} GovLength={quoteattr(str(wish.gop))}"
    if profile and same:
        attributes += f" Profile={quoteattr(profile)}"
    return (
        f"<trt2:SetVideoEncoderConfiguration><trt2:Configuration {attributes}>"
        f"<tt:Name>{escape(str(encoder.get('name') or ''))}</tt:Name><tt:UseCount>1</tt:UseCount>"
        f"<tt:Encoding>{escape(wish.codec.upper())}</tt:Encoding>"
        f"<tt:Resolution><tt:Width>{wish.width_px}</tt:Width><tt:Height>{wish.height_px}</tt:Height></tt:Resolution>"
        f"<tt:RateControl><tt:FrameRateLimit>{wish.fps}</tt:FrameRateLimit>"
        f"<tt:BitrateLimit>{wish.bitrate_kbps}</tt:BitrateLimit></tt:RateControl><tt:Quality>{_quality(encoder)}</tt:Quality>"
        "</trt2:Configuration></trt2:SetVideoEncoderConfiguration>"
    )


def _quality(encoder: dict[str, Any]) -> float:
    try:
        found = float(encoder.get("quality") or 0)
    except (TypeError, ValueError):
        return 0.0
    return found if 0 <= found <= 1000 else 0.0


def reboot(device: OnvifClient) -> Done:
    """Nothing can be read back: the device goes away. Its picture coming again is the proof."""
    return WELL if _sent(device.system_reboot) else UNSURE


def move(device: OnvifClient, profile: str, wish: PtzMove) -> Done:
    """The device's own time-out is sent along; whoever turns stops it too, since many do not know of it."""
    pan, tilt, zoom = (max(-1.0, min(1.0, speed)) for speed in (wish.pan, wish.tilt, wish.zoom))
    for_s = max(0.2, min(LONGEST_MOVE_S, wish.for_s))
    device.ptz_continuous_move(profile_token=profile, pan=pan, tilt=tilt, zoom=zoom, timeout=f"PT{for_s:.1f}S")
    return WELL


def stop(device: OnvifClient, profile: str) -> Done:
    device.ptz_stop(profile_token=profile)
    return WELL


def keep_preset(device: OnvifClient, profile: str, name: str) -> Done:
    """Devices take plain letters; the name as people write it is kept by us. An answer that cannot be read is no lie."""
    from onveef import envelopes, parsers

    asked = envelopes.ptz_set_preset(profile_token=profile, preset_name=fold(name)[:LONGEST_NAME])
    answer = device.call(service="ptz", operation="SetPreset", body_inner=asked)
    if parsers.parse_xml(answer) is None:
        raise Refusal("not_onvif", NOT_ONVIF, NOT_SUPPORTED_HINT)
    token = parsers.parse_set_preset_token(answer)
    known = {str(one.get("token")) for one in device.ptz_get_presets(profile_token=profile)}
    return Done(True, token=token[:80]) if token in known else LIES


def go(device: OnvifClient, profile: str, token: str) -> Done:
    device.ptz_goto_preset(profile_token=profile, preset_token=token)
    return WELL


def forget_preset(device: OnvifClient, profile: str, token: str) -> Done:
    """One that the device no longer knows is forgotten already."""
    from onveef.exceptions import OnvifFaultError

    with suppress(OnvifFaultError):
        device.ptz_remove_preset(profile_token=profile, preset_token=token)
    known = {str(one.get("token")) for one in optional(lambda: device.ptz_get_presets(profile_token=profile)) or ()}
    return LIES if token in known else WELL
