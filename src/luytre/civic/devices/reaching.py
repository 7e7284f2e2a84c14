"""Where a camera's device is: its ONVIF service, whom it lets in, and whether its address is open to the internet."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from luytre.base.errors import UsageError
from luytre.base.i18n import N_
from luytre.civic.devices.models import Device
from luytre.civic.ports import DeviceAccess
from luytre.civic.registry.models import Camera

ONVIF_PATH = "/onvif/device_service"
_LOCAL_NAMES = (".local", ".lan", ".home", ".internal", ".intranet", ".localdomain", ".arpa")
DDNS = (
    "ddns.net", "dyndns.org", "no-ip.org", "no-ip.biz", "hopto.org", "zapto.org", "duckdns.org", "dynu.net", "freeddns.org",
    "hik-online.com", "hik-connect.com", "ezvizlife.com", "dahuaddns.com", "quickddns.com", "easyddns.com", "kbvision.tv",
    "cameraddns.net", "cameraddns.vn", "smartddns.tv", "tplinkdns.com", "univiewddns.com", "ipcam.hk", "synology.me", "myds.me",
)  # fmt: skip
"""Services that give a changing address of the internet a name; makers run some themselves."""

PUBLIC_ADDRESS = N_(
    "This camera's address is one of the internet: anybody in the world can knock at it. Take it behind the router, close the"
    " forwarded port there, and enter its address of the local network."
)
DDNS_NAME = N_(
    "This camera is reached by a name that the internet knows (DDNS): a port of the router leads to it, and anybody in the world"
    " can knock at it. Close that port, switch DDNS and UPnP off in the camera, and enter its address of the local network."
)
PUBLIC_NAME = N_(
    "This camera's address is a name that the internet may know. If it is, anybody in the world can knock at it: enter its number"
    " address of the local network (like 192.168.1.64)."
)
UPNP = N_("Whether the router forwards a port to the camera by itself (UPnP) cannot be seen from here: look into the router.")


@dataclass(frozen=True, slots=True)
class Exposure:
    """`code`: `public_address`, `ddns`, `public_name`. `words`: a message id."""

    code: str
    words: str


def host_of(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def exposure_of(url: str) -> Exposure | None:
    """Whether the internet may reach a camera, by its address alone; None where it does not look so. Nothing is asked."""
    host = host_of(url).rstrip(".").lower()
    try:
        return Exposure("public_address", PUBLIC_ADDRESS) if ipaddress.ip_address(host).is_global else None
    except ValueError:
        pass
    if any(host == name or host.endswith(f".{name}") for name in DDNS):
        return Exposure("ddns", DDNS_NAME)
    is_local = "." not in host or host.endswith(_LOCAL_NAMES)
    return None if is_local else Exposure("public_name", PUBLIC_NAME)


def exposed(cameras: list[Camera]) -> list[tuple[Camera, Exposure]]:
    found = [(camera, exposure_of(camera.main_url_shown) or exposure_of(camera.sub_url_shown)) for camera in cameras]
    return [(camera, exposure) for camera, exposure in found if exposure is not None]


def sharing_address(camera: Camera) -> list[Camera]:
    """Other cameras in use with the very same picture: one of them is entered twice, or has another's address."""
    others = Camera.objects.filter(archived=False, main_url_shown=camera.main_url_shown).exclude(pk=camera.pk)
    return [one for one in others.select_related("site__hamlet") if one.main_url == camera.main_url]


def device_of(camera: Camera) -> Device:
    """Its row, or one that is not written yet."""
    return Device.objects.filter(camera=camera).first() or Device(camera=camera)


def address_of(camera: Camera, device: Device | None = None) -> str:
    """The ONVIF service: as typed, else on port 80 of the picture's host."""
    found = device or device_of(camera)
    host = host_of(camera.main_url_shown)
    return found.address or (f"http://{f'[{host}]' if ':' in host else host}{ONVIF_PATH}" if host else "")


def keep_address(camera: Camera, found: str) -> None:
    """Where the device answered when it was found, for a camera that was just added. Left out where it is another host's."""
    try:
        address = parse_address(found)
    except UsageError:
        return
    if address and host_of(address) == host_of(camera.main_url_shown):
        Device.objects.update_or_create(camera=camera, defaults={"address": address})


def typed_addresses(cameras: list[Camera]) -> dict[int, str]:
    """The ONVIF services that were kept, by the camera's row."""
    return dict(Device.objects.filter(camera__in=cameras).exclude(address="").values_list("camera_id", "address"))


def port_of(url: str) -> int:
    """0 for what is no address."""
    try:
        parts = urlsplit(url)
        return parts.port or {"http": 80, "https": 443}.get(parts.scheme, 0)
    except ValueError:
        return 0


def parse_address(typed: str) -> str:
    """`192.168.1.64`, `192.168.1.64:8000` or a whole address. Empty stays empty. Errors: UsageError."""
    typed = "".join(typed.split())
    if not typed:
        return ""
    url = typed if "://" in typed else f"http://{typed}"
    try:
        parts = urlsplit(url)
        host, port = ipaddress.ip_address(parts.hostname or ""), parts.port
    except ValueError as error:
        raise UsageError(NOT_AN_ADDRESS, hint=NOT_AN_ADDRESS_HINT) from error
    is_near = host.is_private and not host.is_unspecified and not host.is_multicast and not host.is_reserved
    if parts.scheme not in ("http", "https") or parts.username or not is_near or len(url) > 150:
        raise UsageError(NOT_AN_ADDRESS, hint=NOT_AN_ADDRESS_HINT)
    authority = f"[{host}]" if host.version == 6 else str(host)
    path = parts.path if parts.path not in ("", "/") else ONVIF_PATH
    return f"{parts.scheme}://{authority}{f':{port}' if port else ''}{path}"


NOT_AN_ADDRESS = N_("this is no address of a camera on the local network")
NOT_AN_ADDRESS_HINT = N_("Write it like 192.168.1.64, with the port of ONVIF where it is another than 80: 192.168.1.64:2020.")


def access_of(camera: Camera, language: str, password: str | None = None) -> DeviceAccess:
    """With the login that is kept for the pictures. Errors: LuytreError where it cannot be unsealed."""
    known = camera.password if password is None else password
    return DeviceAccess(address_of(camera), camera.username, known, language, camera.main_url_shown)
