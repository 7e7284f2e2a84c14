"""A device's ONVIF as `VirtualDevice` answers it: its state, and what it says to each operation. No network here.

Written from the ONVIF core, media, media2, PTZ and event specifications, not from the client that asks it. XML is read with
the standard library: what is asked comes from our own programs.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape, quoteattr

NAMESPACES = (
    'xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:tds="http://www.onvif.org/ver10/device/wsdl"'
    ' xmlns:trt="http://www.onvif.org/ver10/media/wsdl" xmlns:tr2="http://www.onvif.org/ver20/media/wsdl"'
    ' xmlns:tptz="http://www.onvif.org/ver20/ptz/wsdl" xmlns:tev="http://www.onvif.org/ver10/events/wsdl"'
    ' xmlns:tt="http://www.onvif.org/ver10/schema" xmlns:wsnt="http://docs.oasis-open.org/wsn/b-2"'
    ' xmlns:wsa="http://www.w3.org/2005/08/addressing" xmlns:ter="http://www.onvif.org/ver10/error"'
)
OPEN = frozenset({"GetSystemDateAndTime", "GetServices", "GetCapabilities"})
"""Answered to anybody, as the specification has it."""
MAY_BE_LATE = timedelta(seconds=300)
ADMINISTRATION = frozenset(
    {"GetUsers", "SetUser", "SetNTP", "SetSystemDateAndTime", "SystemReboot", "SetVideoEncoderConfiguration"}
)


class Fault(Exception):
    """A SOAP fault: its reason, and ONVIF's code."""

    def __init__(self, reason: str, code: str = "ter:InvalidArgVal") -> None:
        super().__init__(reason)
        self.reason, self.code = reason, code


@dataclass
class Encoder:
    token: str
    path: str
    codec: str = "H264"
    width: int = 1920
    height: int = 1080
    fps: int = 25
    gop: int = 50
    kbps: int = 4096
    source: str = "source"
    """The lens or channel that it shows."""
    turns: bool = True
    """There is a motor to it, where the device has one at all."""


@dataclass
class User:
    password: str
    level: str = "Administrator"


@dataclass
class DeviceState:
    """What the device is at this moment. Tests look at it, and change it under the client's feet."""

    maker: str = "Lũy Tre"
    model: str = "Virtual 1"
    firmware: str = "V1.0.0"
    serial: str = "VT-0001"
    name: str = ""
    """As it makes itself known in its scopes; empty: its model."""
    location: str = ""
    raw_scopes: bool = False
    """Leaves spaces as they are, where scopes are divided by spaces: some cameras do."""
    users: dict[str, User] = field(default_factory=lambda: {"admin": User("Hidden-1")})
    clock_off: timedelta = timedelta()
    has_clock: bool = True
    ntp: bool = False
    ntp_server: str = ""
    time_zone: str = "CST-8"
    encoders: list[Encoder] = field(
        default_factory=lambda: [
            Encoder("enc1", "/main"),
            Encoder("enc2", "/sub", width=640, height=360, fps=15, gop=30, kbps=512),
        ]
    )
    media2: bool = True
    ptz: bool = True
    ptz_nodes: bool = True
    presets: dict[str, str] = field(default_factory=dict)
    turns: list[str] = field(default_factory=list)
    """What it was told to turn: `move 0.5 0 0 PT1.0S`, `stop`, `go p1`."""
    moving: bool = False
    motion: list[bool] = field(default_factory=list)
    """Told with the next PullMessages, then gone."""
    moves_every: timedelta = timedelta()
    """Something moves by itself so often; 0: never."""
    moved: datetime | None = None
    subscriptions: int = 0
    renewals: int = 0
    reboots: int = 0
    most_kbps: int = 8192
    """What it takes of a wish for more."""
    failed_logins: int = 0
    """Real cameras lock themselves after a few."""
    lock: threading.RLock = field(default_factory=threading.RLock)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.clock_off


@dataclass(frozen=True)
class Asked:
    """One operation, as it was asked."""

    operation: str
    body: ET.Element
    url: str
    """How the device was reached: scheme, host and port."""
    rtsp_port: int

    def text(self, name: str) -> str:
        found = next((one for one in self.body.iter() if local(one.tag) == name), None)
        return (found.text or "").strip() if found is not None else ""

    def attribute(self, element: str, name: str) -> str:
        found = next((one for one in self.body.iter() if local(one.tag) == element), None)
        return found.attrib.get(name, "") if found is not None else ""


def local(tag: str) -> str:
    return tag.rpartition("}")[2]


def parse(envelope: bytes) -> tuple[ET.Element | None, ET.Element]:
    """The header and the operation's own element. Errors: Fault."""
    try:
        root = ET.fromstring(envelope)
    except ET.ParseError as error:
        raise Fault("not well formed", "ter:WellFormed") from error
    header = next((one for one in root if local(one.tag) == "Header"), None)
    body = next((one for one in root if local(one.tag) == "Body"), None)
    if body is None or not len(body):
        raise Fault("nothing asked")
    return header, body[0]


def admit(state: DeviceState, header: ET.Element | None, operation: str) -> None:
    """WS-UsernameToken with a digest, no older than five minutes by the device's own clock. Errors: Fault."""
    if operation in OPEN:
        return
    said = {local(one.tag): (one.text or "").strip() for one in (header.iter() if header is not None else ())}
    user = state.users.get(said.get("Username", ""))
    if user is None or not _matches(user.password, said) or not _is_fresh(state, said.get("Created", "")):
        state.failed_logins += 1
        raise Fault("Sender not Authorized", "ter:NotAuthorized")
    if operation in ADMINISTRATION and user.level != "Administrator":
        raise Fault("Sender not Authorized", "ter:NotAuthorized")


def _matches(password: str, said: dict[str, str]) -> bool:
    try:
        nonce = base64.b64decode(said.get("Nonce", ""), validate=True)
    except ValueError:
        return False
    digest = hashlib.sha1(nonce + said.get("Created", "").encode() + password.encode(), usedforsecurity=False).digest()
    return hmac.compare_digest(base64.b64encode(digest).decode(), said.get("Password", ""))


def _is_fresh(state: DeviceState, created: str) -> bool:
    try:
        return abs(datetime.fromisoformat(created) - state.now()) <= MAY_BE_LATE
    except ValueError:
        return False


def answer(state: DeviceState, asked: Asked, *, pretends: bool = False) -> str:
    """The body. `pretends`: says done, and does nothing. Errors: Fault."""
    found = ANSWERS.get(asked.operation)
    if found is None:
        raise Fault("Action not supported", "ter:ActionNotSupported")
    if pretends:
        return f"<tds:{asked.operation}Response/>"
    with state.lock:
        return found(state, asked)


def envelope(body: str) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?><s:Envelope {NAMESPACES}><s:Body>{body}</s:Body></s:Envelope>'.encode()


def fault(error: Fault) -> bytes:
    return envelope(
        f"<s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>{error.code}</s:Value></s:Subcode></s:Code>"
        f'<s:Reason><s:Text xml:lang="en">{escape(error.reason)}</s:Text></s:Reason></s:Fault>'
    )


# --- device


def _date_and_time(state: DeviceState, _asked: Asked) -> str:
    if not state.has_clock:
        return "<tds:GetSystemDateAndTimeResponse><tds:SystemDateAndTime/></tds:GetSystemDateAndTimeResponse>"
    now, kind = state.now(), "NTP" if state.ntp else "Manual"
    return (
        f"<tds:GetSystemDateAndTimeResponse><tds:SystemDateAndTime><tt:DateTimeType>{kind}</tt:DateTimeType>"
        f"<tt:DaylightSavings>false</tt:DaylightSavings><tt:TimeZone><tt:TZ>{escape(state.time_zone)}</tt:TZ></tt:TimeZone>"
        f"<tt:UTCDateTime><tt:Time><tt:Hour>{now.hour}</tt:Hour><tt:Minute>{now.minute}</tt:Minute><tt:Second>{now.second}</tt:Second>"
        f"</tt:Time><tt:Date><tt:Year>{now.year}</tt:Year><tt:Month>{now.month}</tt:Month><tt:Day>{now.day}</tt:Day></tt:Date>"
        "</tt:UTCDateTime></tds:SystemDateAndTime></tds:GetSystemDateAndTimeResponse>"
    )


def _set_date_and_time(state: DeviceState, asked: Asked) -> str:
    state.ntp = asked.text("DateTimeType") == "NTP"
    state.time_zone = asked.text("TZ") or state.time_zone
    if asked.text("Year"):
        year, month, day, hour, minute, second = (
            int(asked.text(name)) for name in ("Year", "Month", "Day", "Hour", "Minute", "Second")
        )
        state.clock_off = datetime(year, month, day, hour, minute, second, tzinfo=UTC) - datetime.now(UTC)
    return "<tds:SetSystemDateAndTimeResponse/>"


def _information(state: DeviceState, _asked: Asked) -> str:
    return (
        f"<tds:GetDeviceInformationResponse><tds:Manufacturer>{escape(state.maker)}</tds:Manufacturer><tds:Model>{escape(state.model)}"
        f"</tds:Model><tds:FirmwareVersion>{escape(state.firmware)}</tds:FirmwareVersion><tds:SerialNumber>{escape(state.serial)}"
        "</tds:SerialNumber><tds:HardwareId>1</tds:HardwareId></tds:GetDeviceInformationResponse>"
    )


def _services(state: DeviceState, asked: Asked) -> str:
    names = {"ver10/device/wsdl": "device", "ver10/media/wsdl": "media", "ver10/events/wsdl": "events"}
    names |= {"ver20/media/wsdl": "media2"} if state.media2 else {}
    names |= {"ver20/ptz/wsdl": "ptz"} if state.ptz else {}
    services = "".join(
        f"<tds:Service><tds:Namespace>http://www.onvif.org/{name}</tds:Namespace><tds:XAddr>{asked.url}/onvif/{path}</tds:XAddr>"
        "<tds:Version><tt:Major>2</tt:Major><tt:Minor>60</tt:Minor></tds:Version></tds:Service>"
        for name, path in names.items()
    )
    return f"<tds:GetServicesResponse>{services}</tds:GetServicesResponse>"


def _users(state: DeviceState, _asked: Asked) -> str:
    users = "".join(
        f"<tds:User><tt:Username>{escape(name)}</tt:Username><tt:UserLevel>{user.level}</tt:UserLevel></tds:User>"
        for name, user in state.users.items()
    )
    return f"<tds:GetUsersResponse>{users}</tds:GetUsersResponse>"


def _set_user(state: DeviceState, asked: Asked) -> str:
    user = state.users.get(asked.text("Username"))
    if user is None:
        raise Fault("no such user")
    user.password = asked.text("Password") or user.password
    user.level = asked.text("UserLevel") or user.level
    return "<tds:SetUserResponse/>"


def _ntp(state: DeviceState, _asked: Asked) -> str:
    server = f"<tt:NTPManual><tt:Type>IPv4</tt:Type><tt:IPv4Address>{escape(state.ntp_server)}</tt:IPv4Address></tt:NTPManual>"
    told = server if state.ntp_server else ""
    inside = f"<tds:NTPInformation><tt:FromDHCP>false</tt:FromDHCP>{told}</tds:NTPInformation>"
    return f"<tds:GetNTPResponse>{inside}</tds:GetNTPResponse>"


def _set_ntp(state: DeviceState, asked: Asked) -> str:
    state.ntp_server = asked.text("IPv4Address")
    return "<tds:SetNTPResponse/>"


def _reboot(state: DeviceState, _asked: Asked) -> str:
    state.reboots += 1
    return "<tds:SystemRebootResponse><tds:Message>Rebooting</tds:Message></tds:SystemRebootResponse>"


# --- media


def _profiles(state: DeviceState, asked: Asked) -> str:
    newer = "ver20/media" in asked.body.tag
    made = "".join(_profile2(state, one) if newer else _profile1(state, one) for one in state.encoders)
    prefix = "tr2" if newer else "trt"
    return f"<{prefix}:GetProfilesResponse>{made}</{prefix}:GetProfilesResponse>"


def _source(tag: str, one: Encoder) -> str:
    inside = f"<tt:Name>{one.source}</tt:Name><tt:UseCount>1</tt:UseCount><tt:SourceToken>{one.source}</tt:SourceToken>"
    return f'<{tag} token="c-{one.source}">{inside}</{tag}>'


def _profile1(state: DeviceState, one: Encoder) -> str:
    """The older service knows H.264 and JPEG: a picture in H.265 has no encoder there."""
    encoder = (
        f'<tt:VideoEncoderConfiguration token="{one.token}"><tt:Name>{one.token}</tt:Name><tt:UseCount>1</tt:UseCount>'
        f"<tt:Encoding>{one.codec}</tt:Encoding><tt:Resolution><tt:Width>{one.width}</tt:Width><tt:Height>{one.height}</tt:Height>"
        f"</tt:Resolution><tt:Quality>5</tt:Quality><tt:RateControl><tt:FrameRateLimit>{one.fps}</tt:FrameRateLimit>"
        f"<tt:EncodingInterval>1</tt:EncodingInterval><tt:BitrateLimit>{one.kbps}</tt:BitrateLimit></tt:RateControl>"
        f"<tt:H264><tt:GovLength>{one.gop}</tt:GovLength><tt:H264Profile>Main</tt:H264Profile></tt:H264></tt:VideoEncoderConfiguration>"
    )
    turns = '<tt:PTZConfiguration token="ptz"><tt:Name>ptz</tt:Name><tt:NodeToken>node</tt:NodeToken></tt:PTZConfiguration>'
    source = _source("tt:VideoSourceConfiguration", one)
    inside = source + (encoder if one.codec != "H265" else "") + (turns if state.ptz and one.turns else "")
    return f'<trt:Profiles fixed="true" token="p-{one.token}"><tt:Name>{one.path.strip("/")}</tt:Name>{inside}</trt:Profiles>'


def _profile2(state: DeviceState, one: Encoder) -> str:
    encoder = (
        f'<tr2:VideoEncoder token="{one.token}" GovLength="{one.gop}" Profile="Main"><tt:Name>{one.token}</tt:Name>'
        f"<tt:UseCount>1</tt:UseCount><tt:Encoding>{one.codec}</tt:Encoding><tt:Resolution><tt:Width>{one.width}</tt:Width>"
        f'<tt:Height>{one.height}</tt:Height></tt:Resolution><tt:RateControl ConstantBitRate="false">'
        f"<tt:FrameRateLimit>{one.fps}.0</tt:FrameRateLimit><tt:BitrateLimit>{one.kbps}</tt:BitrateLimit></tt:RateControl>"
        "<tt:Quality>5</tt:Quality></tr2:VideoEncoder>"
    )
    turns = (
        '<tr2:PTZ token="ptz"><tt:Name>ptz</tt:Name><tt:NodeToken>node</tt:NodeToken></tr2:PTZ>'
        if state.ptz and one.turns
        else ""
    )
    return (
        f'<tr2:Profiles token="p-{one.token}" fixed="true"><tr2:Name>{one.path.strip("/")}</tr2:Name>'
        f"<tr2:Configurations>{_source('tr2:VideoSource', one)}{encoder}{turns}</tr2:Configurations></tr2:Profiles>"
    )


def _stream_uri(state: DeviceState, asked: Asked) -> str:
    one = next((one for one in state.encoders if f"p-{one.token}" == asked.text("ProfileToken")), None)
    if one is None:
        raise Fault("no such profile", "ter:NoProfile")
    host = asked.url.partition("://")[2].rpartition(":")[0]
    uri = escape(f"rtsp://{host}:{asked.rtsp_port}{one.path}")
    return f"<trt:GetStreamUriResponse><trt:MediaUri><tt:Uri>{uri}</tt:Uri></trt:MediaUri></trt:GetStreamUriResponse>"


def _options(state: DeviceState, asked: Asked) -> str:
    sizes = "".join(
        f"<tt:ResolutionsAvailable><tt:Width>{width}</tt:Width><tt:Height>{height}</tt:Height></tt:ResolutionsAvailable>"
        for width, height in ((1920, 1080), (1280, 720), (640, 360))
    )
    if "ver20/media" in asked.body.tag:
        made = "".join(
            f'<tr2:Options GovLengthRange="1 250" FrameRatesSupported="5 10 15 25"><tt:Encoding>{codec}</tt:Encoding>{sizes}'
            f"<tt:BitrateRange><tt:Min>64</tt:Min><tt:Max>{state.most_kbps}</tt:Max></tt:BitrateRange></tr2:Options>"
            for codec in ("H264", "H265")
        )
        return f"<tr2:GetVideoEncoderConfigurationOptionsResponse>{made}</tr2:GetVideoEncoderConfigurationOptionsResponse>"
    ranges = "".join(
        f"<tt:{name}><tt:Min>{least}</tt:Min><tt:Max>{most}</tt:Max></tt:{name}>"
        for name, least, most in (("GovLengthRange", 1, 250), ("FrameRateRange", 1, 25), ("EncodingIntervalRange", 1, 1))
    )
    return (
        f"<trt:GetVideoEncoderConfigurationOptionsResponse><trt:Options><tt:H264>{sizes}{ranges}</tt:H264></trt:Options>"
        "</trt:GetVideoEncoderConfigurationOptionsResponse>"
    )


def _set_encoder(state: DeviceState, asked: Asked) -> str:
    one = next((one for one in state.encoders if one.token == asked.attribute("Configuration", "token")), None)
    if one is None:
        raise Fault("no such configuration", "ter:NoConfig")
    newer = "ver20/media" in asked.body.tag
    one.codec = asked.text("Encoding") or one.codec
    one.width, one.height = int(asked.text("Width")), int(asked.text("Height"))
    one.fps, one.kbps = int(asked.text("FrameRateLimit")), min(state.most_kbps, int(asked.text("BitrateLimit")))
    one.gop = int(asked.attribute("Configuration", "GovLength") if newer else asked.text("GovLength"))
    return "<trt:SetVideoEncoderConfigurationResponse/>"


# --- PTZ


def _nodes(state: DeviceState, _asked: Asked) -> str:
    most = "<tt:MaximumNumberOfPresets>8</tt:MaximumNumberOfPresets>"
    node = f'<tptz:PTZNode token="node"><tt:Name>node</tt:Name>{most}</tptz:PTZNode>'
    return f"<tptz:GetNodesResponse>{node if state.ptz_nodes else ''}</tptz:GetNodesResponse>"


def _move(state: DeviceState, asked: Asked) -> str:
    pan, tilt, zoom = asked.attribute("PanTilt", "x"), asked.attribute("PanTilt", "y"), asked.attribute("Zoom", "x")
    state.turns.append(f"move {pan or 0} {tilt or 0} {zoom or 0} {asked.text('Timeout')}")
    state.moving = True
    return "<tptz:ContinuousMoveResponse/>"


def _stop(state: DeviceState, _asked: Asked) -> str:
    state.turns.append("stop")
    state.moving = False
    return "<tptz:StopResponse/>"


def _presets(state: DeviceState, _asked: Asked) -> str:
    made = "".join(
        f"<tptz:Preset token={quoteattr(token)}><tt:Name>{escape(name)}</tt:Name></tptz:Preset>"
        for token, name in state.presets.items()
    )
    return f"<tptz:GetPresetsResponse>{made}</tptz:GetPresetsResponse>"


def _set_preset(state: DeviceState, asked: Asked) -> str:
    token = asked.text("PresetToken") or f"p{len(state.presets) + 1}"
    state.presets[token] = asked.text("PresetName")
    return f"<tptz:SetPresetResponse><tptz:PresetToken>{escape(token)}</tptz:PresetToken></tptz:SetPresetResponse>"


def _go(state: DeviceState, asked: Asked) -> str:
    if asked.text("PresetToken") not in state.presets:
        raise Fault("no such preset", "ter:NoToken")
    state.turns.append(f"go {asked.text('PresetToken')}")
    return "<tptz:GotoPresetResponse/>"


def _forget_preset(state: DeviceState, asked: Asked) -> str:
    if state.presets.pop(asked.text("PresetToken"), None) is None:
        raise Fault("no such preset", "ter:NoToken")
    return "<tptz:RemovePresetResponse/>"


# --- events


def _subscribe(state: DeviceState, asked: Asked) -> str:
    state.subscriptions += 1
    now = state.now()
    return (
        f"<tev:CreatePullPointSubscriptionResponse><tev:SubscriptionReference><wsa:Address>{asked.url}/onvif/pull/1</wsa:Address>"
        f"</tev:SubscriptionReference><wsnt:CurrentTime>{now:%Y-%m-%dT%H:%M:%SZ}</wsnt:CurrentTime>"
        f"<wsnt:TerminationTime>{now + timedelta(minutes=1):%Y-%m-%dT%H:%M:%SZ}</wsnt:TerminationTime>"
        "</tev:CreatePullPointSubscriptionResponse>"
    )


def _pull(state: DeviceState, _asked: Asked) -> str:
    told, state.motion = state.motion, []
    if state.moves_every and (state.moved is None or state.now() - state.moved >= state.moves_every):
        told, state.moved = [*told, True, False], state.now()
    messages = "".join(
        '<wsnt:NotificationMessage><wsnt:Topic Dialect="d">tns1:RuleEngine/CellMotionDetector/Motion</wsnt:Topic><wsnt:Message>'
        f'<tt:Message UtcTime="{state.now():%Y-%m-%dT%H:%M:%SZ}" PropertyOperation="Changed"><tt:Data>'
        f'<tt:SimpleItem Name="IsMotion" Value="{str(one).lower()}"/></tt:Data></tt:Message></wsnt:Message>'
        "</wsnt:NotificationMessage>"
        for one in told
    )
    return f"<tev:PullMessagesResponse>{messages}</tev:PullMessagesResponse>"


def _renew(state: DeviceState, _asked: Asked) -> str:
    state.renewals += 1
    ends = state.now() + timedelta(minutes=1)
    return f"<wsnt:RenewResponse><wsnt:TerminationTime>{ends:%Y-%m-%dT%H:%M:%SZ}</wsnt:TerminationTime></wsnt:RenewResponse>"


def _unsubscribe(state: DeviceState, _asked: Asked) -> str:
    state.subscriptions -= 1
    return "<wsnt:UnsubscribeResponse/>"


ANSWERS: dict[str, Callable[[DeviceState, Asked], str]] = {
    "GetSystemDateAndTime": _date_and_time,
    "SetSystemDateAndTime": _set_date_and_time,
    "GetDeviceInformation": _information,
    "GetServices": _services,
    "GetUsers": _users,
    "SetUser": _set_user,
    "GetNTP": _ntp,
    "SetNTP": _set_ntp,
    "SystemReboot": _reboot,
    "GetProfiles": _profiles,
    "GetStreamUri": _stream_uri,
    "GetVideoEncoderConfigurationOptions": _options,
    "SetVideoEncoderConfiguration": _set_encoder,
    "GetNodes": _nodes,
    "ContinuousMove": _move,
    "Stop": _stop,
    "GetPresets": _presets,
    "SetPreset": _set_preset,
    "GotoPreset": _go,
    "RemovePreset": _forget_preset,
    "CreatePullPointSubscription": _subscribe,
    "PullMessages": _pull,
    "Renew": _renew,
    "Unsubscribe": _unsubscribe,
}
