"""The one place where the pages get hold of the media plane: bridge's client behind civic's ports."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest

from luytre.base.secret_files import node_key
from luytre.bridge.onvif import OnvifControl, OnvifFinder
from luytre.bridge.recorder import RecorderClient
from luytre.bridge.tokens import TokenMint
from luytre.civic.ports import CameraFinder, CameraProbe, ClipExporter, DeviceControl, RecorderStatus, ViewKeeper


@dataclass(frozen=True, slots=True)
class Ports:
    probe: CameraProbe
    recorder: RecorderStatus
    clips: ClipExporter
    mint: TokenMint
    finder: CameraFinder
    views: ViewKeeper
    devices: DeviceControl


@lru_cache(maxsize=1)
def ports() -> Ports:
    """Made at the first use, so that set-up commands do not need the node key."""
    mint = TokenMint(node_key(settings.LUYTRE_SECRETS_DIR))
    client = RecorderClient(settings.ENVIRONMENT.media, mint, settings.ENVIRONMENT.time_zone)
    return Ports(client, client, client, mint, OnvifFinder(settings.ENVIRONMENT.find_from), client, OnvifControl())


def recorder_origin(request: HttpRequest) -> str:
    """How this browser reaches the recorder: the setting, or the page's own host with the recorder's port."""
    environment = settings.ENVIRONMENT
    if environment.media_url:
        return str(environment.media_url)
    host = request.get_host()
    name = host[: host.rindex("]") + 1] if host.startswith("[") else host.partition(":")[0]
    return f"{request.scheme}://{name}:{environment.media.port}"
