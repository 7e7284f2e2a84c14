"""Adding, changing and archiving cameras: the same steps for the pages and for the command line."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from luytre.civic.access.models import User
from luytre.civic.registry.address import Address
from luytre.civic.registry.eyes import camera_archived, camera_saved
from luytre.civic.registry.grants import cut_at, place_key
from luytre.civic.registry.models import Camera
from luytre.civic.registry.sites import SiteDraft, site_for


@dataclass(frozen=True, slots=True)
class CameraDraft:
    """What is to be kept of a camera. `password` None keeps the one that is there; without a user name none is kept.

    `site` None keeps the site that is there; a new camera then gets one of its own, named as itself.
    """

    name: str
    main: Address
    sub: Address | None = None
    site: SiteDraft | None = None
    username: str = ""
    password: str | None = None
    retention_days: int | None = None
    sound: bool | None = None


@dataclass(frozen=True, slots=True)
class Credentials:
    username: str
    password: str | None


def credentials_of(main: Address, sub: Address | None, username: str, password: str | None) -> Credentials:
    """Those that were typed in their own fields count; where these are empty, those typed inside an address."""
    inside = next((address for address in (main, sub) if address is not None and address.username), None)
    if username or inside is None:
        return Credentials(username, password or (inside.password if inside and inside.username == username else None))
    return Credentials(inside.username, password or inside.password)


@transaction.atomic
def save_camera(draft: CameraDraft, camera: Camera | None = None, by: User | None = None) -> Camera:
    """A new camera, or a changed one, and its eye with it (`eyes.camera_saved`). `by` None: a command on this machine.

    One that hangs in another hamlet now is lost to whoever had it by the old one, at once.
    """
    camera = camera or Camera()
    before = camera.site.hamlet if camera.site_id is not None else None
    camera.name = " ".join(draft.name.split())
    if draft.site is not None or camera.site_id is None:
        camera.site = site_for(draft.site or SiteDraft(), camera)
    camera.set_main(draft.main)
    camera.set_sub(draft.sub)
    if draft.password is not None or not draft.username:
        camera.set_password(draft.password or "")
    camera.username = draft.username
    camera.retention_days = draft.retention_days
    if draft.sound is not None:
        camera.sound = draft.sound
    camera.save()
    if before is not None and before != camera.site.hamlet:
        cut_at(place_key(before), timezone.now())
    camera_saved(camera, by, timezone.now())
    return camera


@transaction.atomic
def archive_camera(camera: Camera, by: User | None = None) -> None:
    """Takes the camera out of use for good. Its footage stays until its time is over; its password is forgotten now, and its eye
    is only listed from now on."""
    camera.archived, camera.enabled = True, False
    camera.sealed_password = ""
    camera.save(update_fields=["archived", "enabled", "sealed_password", "changed"])
    camera_archived(camera, by, timezone.now())
