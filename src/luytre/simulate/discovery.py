"""Simulated devices answer WS-Discovery (April 2005, as ONVIF has it): a Probe to 239.255.255.250:3702 gets a ProbeMatches each.

On this machine alone unless an address is named: a device that is not there must not stand among a commune's cameras. Nothing is
said unasked (no Hello, no Bye), and who asked from elsewhere than the named interfaces is not answered.
"""

from __future__ import annotations

import ipaddress
import socket
import struct
import threading
import uuid
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import quote
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

from luytre.simulate.onvif import DeviceState, Fault, local, parse
from luytre.simulate.onvif_server import VirtualDevice

GROUP, PORT = "239.255.255.250", 3702
LOOPBACK = "127.0.0.1"
TYPES = ("NetworkVideoTransmitter", "Device")
LONGEST = 65_535
_IP_MULTICAST_ALL = 49
"""Linux: a socket hears only the groups that it joined itself, on the interfaces where it did."""

ENVELOPE = (
    '<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"'
    ' xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery"'
    ' xmlns:dn="http://www.onvif.org/ver10/network/wsdl" xmlns:tds="http://www.onvif.org/ver10/device/wsdl"><s:Header>'
    "<a:MessageID>urn:uuid:{own}</a:MessageID><a:RelatesTo>{asked}</a:RelatesTo>"
    "<a:To>http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</a:To>"
    "<a:Action>http://schemas.xmlsoap.org/ws/2005/04/discovery/ProbeMatches</a:Action></s:Header><s:Body><d:ProbeMatches>"
    "<d:ProbeMatch><a:EndpointReference><a:Address>urn:uuid:{device}</a:Address></a:EndpointReference>"
    "<d:Types>dn:NetworkVideoTransmitter tds:Device</d:Types><d:Scopes>{scopes}</d:Scopes><d:XAddrs>{address}</d:XAddrs>"
    "<d:MetadataVersion>1</d:MetadataVersion></d:ProbeMatch></d:ProbeMatches></s:Body></s:Envelope>"
)


@dataclass(frozen=True)
class Announced:
    """A device as it makes itself known: its state, and where its service is. `{host}` there: the address that was asked."""

    state: DeviceState
    address: str


def announced(device: VirtualDevice) -> Announced:
    everywhere = ipaddress.ip_address(device.host).is_unspecified
    return Announced(device.state, device.address.replace(device.host, "{host}", 1) if everywhere else device.address)


@dataclass(frozen=True)
class Probe:
    """What was asked for; `types` without their prefixes."""

    message: str
    types: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()


def probe_of(sent: bytes) -> Probe | None:
    """None for what is no Probe: other kinds, broken XML, anything."""
    try:
        header, body = parse(sent)
    except (Fault, ValueError, LookupError):
        return None
    if local(body.tag) != "Probe":
        return None
    message = next((one for one in (header if header is not None else ()) if local(one.tag) == "MessageID"), None)
    types = tuple(one.rpartition(":")[2] for one in _words(body, "Types"))
    return Probe((message.text or "").strip() if message is not None else "", types, _words(body, "Scopes"))


def _words(body: ET.Element, name: str) -> tuple[str, ...]:
    found = next((one for one in body if local(one.tag) == name), None)
    return tuple((found.text or "").split()) if found is not None else ()


def scopes_of(state: DeviceState) -> tuple[str, ...]:
    """Percent-encoded as the standard wants them, or with raw spaces as some cameras send them (`raw_scopes`)."""
    said = {"name": state.name or state.model, "hardware": state.model, "location": state.location}
    named = [f"onvif://www.onvif.org/{kind}/{text if state.raw_scopes else quote(text)}" for kind, text in said.items() if text]
    return ("onvif://www.onvif.org/type/video_encoder", "onvif://www.onvif.org/Profile/Streaming", *named)


def match(probe: Probe, one: Announced, host: str) -> bytes | None:
    """The answer; None where something else was asked for."""
    scopes = scopes_of(one.state)
    if any(kind not in TYPES for kind in probe.types) or any(not _within(scope, scopes) for scope in probe.scopes):
        return None
    address = one.address.replace("{host}", host)
    return ENVELOPE.format(
        own=uuid.uuid4(), asked=escape(probe.message), device=uuid.uuid5(uuid.NAMESPACE_URL, address),
        scopes=escape(" ".join(scopes)), address=escape(address),
    ).encode()  # fmt: skip


def _within(asked: str, scopes: Sequence[str]) -> bool:
    """RFC 3986 matching by segments: `onvif://www.onvif.org/name` is any name."""
    wanted = asked.rstrip("/").lower()
    return any(scope.lower() == wanted or scope.lower().startswith(f"{wanted}/") for scope in scopes)


@dataclass
class Discovery:
    """Answers for `devices` between `start` and `stop`, on the interfaces that have the addresses `found_on`. Errors: OSError."""

    devices: Sequence[Announced]
    found_on: Sequence[str] = (LOOPBACK,)
    _sockets: list[socket.socket] = field(default_factory=list)
    _threads: list[threading.Thread] = field(default_factory=list)
    _ended: threading.Event = field(default_factory=threading.Event)

    def start(self) -> None:
        for host in self.found_on:
            heard = listener(host)
            self._sockets.append(heard)
            thread = threading.Thread(target=self._answer, args=(heard, host), daemon=True, name=f"discovery on {host}")
            self._threads.append(thread)
            thread.start()

    def stop(self) -> None:
        self._ended.set()
        for heard in self._sockets:
            with suppress(OSError):
                heard.shutdown(socket.SHUT_RDWR)  # wakes its thread; says that nothing is connected
        for thread in self._threads:
            thread.join()
        for heard in self._sockets:
            heard.close()

    def _answer(self, heard: socket.socket, host: str) -> None:
        while not self._ended.is_set():
            with suppress(OSError):  # an asker that is gone; the next one is answered
                sent, asker = heard.recvfrom(LONGEST)
                if not self._ended.is_set() and is_near(asker[0], host):
                    self._tell(heard, host, sent, asker)

    def _tell(self, heard: socket.socket, host: str, sent: bytes, asker: tuple[str, int]) -> None:
        probe = probe_of(sent)
        for said in (match(probe, one, host) for one in self.devices) if probe is not None else ():
            if said is not None:
                heard.sendto(said, asker)


def listener(host: str) -> socket.socket:
    """Hears the group on that interface. Errors: OSError."""
    heard = socket.socket(socket.AF_INET, socket.SOCK_DGRAM, socket.IPPROTO_UDP)
    try:
        heard.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # several programs of one machine hear the same group
        with suppress(OSError):
            heard.setsockopt(socket.IPPROTO_IP, _IP_MULTICAST_ALL, 0)
        heard.bind((GROUP, PORT))
        heard.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, struct.pack("4s4s", *map(socket.inet_aton, (GROUP, host))))
    except OSError:
        heard.close()
        raise
    return heard


def is_near(asker: str, host: str) -> bool:
    """Whether this asker may know: on the loopback, this machine alone."""
    return not ipaddress.ip_address(host).is_loopback or ipaddress.ip_address(asker).is_loopback
