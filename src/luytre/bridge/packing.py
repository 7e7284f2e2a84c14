"""What an evidence package is made with on this machine: the recorder's footage, the copier, the station's key, the outside."""

from __future__ import annotations

from django.conf import settings

from luytre.base.secret_files import node_key
from luytre.bridge.footage import RecorderFootage
from luytre.bridge.recorder import RecorderClient
from luytre.bridge.tokens import TokenMint
from luytre.bridge.tsa import StampServer
from luytre.bridge.viewing import ViewingChild
from luytre.civic.evidence.making import Means
from luytre.civic.evidence.offline import verifier_page
from luytre.civic.evidence.shelf import shelf_here
from luytre.civic.evidence.station import station_key
from luytre.civic.ports import TimeStamper


def means_here() -> Means:
    """Needs Django set up. Errors: OSError of the node key."""
    mint = TokenMint(node_key(settings.LUYTRE_SECRETS_DIR))
    client = RecorderClient(settings.ENVIRONMENT.media, mint, settings.ENVIRONMENT.time_zone)
    footage = RecorderFootage(settings.ENVIRONMENT.media, mint)
    return Means(footage, ViewingChild(), client, shelf_here(), station_key, verifier_page, settings.ENVIRONMENT.c2pa)


def stamper_here() -> TimeStamper | None:
    url = settings.ENVIRONMENT.tsa_url
    return StampServer(url) if url else None
