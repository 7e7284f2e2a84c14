"""Masks: what is hidden in a camera's picture, as versions that are never changed (`MaskVersion`, a chained table).

Who is shown a camera without them is `registry.scope.unmasked_of`; the recorder burns them in (`registry.config` tells it).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from luytre.base.errors import UsageError
from luytre.base.i18n import N_
from luytre.base.polygons import Polygon, read_polygons, write_polygons
from luytre.civic.access.models import User
from luytre.civic.registry.models import Camera, Eye, MaskVersion
from luytre.civic.registry.register import OwnerKind
from luytre.civic.registry.terms import hides, terms_of


class MasksMeanwhile(UsageError):
    """Somebody else has drawn since."""


def masks_of(camera: Camera) -> MaskVersion | None:
    """The version in force; None while nobody has ever drawn."""
    return MaskVersion.objects.filter(camera=camera.key).order_by("-number").first()


def versions_of(camera: Camera) -> list[MaskVersion]:
    """The newest first."""
    return list(MaskVersion.objects.filter(camera=camera.key).select_related("by").order_by("-number"))


def drawn_of(version: MaskVersion | None) -> tuple[Polygon, ...]:
    """Errors: PolygonError where a row was written by something else than this program."""
    return read_polygons(version.polygons) if version is not None else ()


def masks_in_force() -> dict[str, MaskVersion]:
    """By the camera's key."""
    newest = MaskVersion.objects.values("camera").annotate(last=Max("seq")).values("last")
    return {one.camera: one for one in MaskVersion.objects.filter(seq__in=newest)}


class AreaPromised(UsageError):
    """The owner was promised that more is hidden."""


def _agreed_on(camera: Camera, text: str) -> None:
    """Errors: AreaPromised, where something would be shown that the terms in force hide."""
    eye = Eye.objects.filter(camera=camera).exclude(owner_kind=OwnerKind.COMMUNE).first()
    terms = terms_of(eye.key) if eye is not None else None
    if terms is not None and not terms.withdrawn and not hides(text, terms.areas):
        raise AreaPromised(
            N_("the owner of this camera was promised that more of its picture is hidden"), subject=camera.name,
            hint=N_("Keep those areas hidden. To show more, the owner signs again first, without them."),
        )  # fmt: skip


@transaction.atomic
def save_masks(by: User, camera: Camera, polygons: Sequence[Polygon], drawn_over: int, at: datetime) -> MaskVersion | None:
    """The next version; None where nothing is different. `drawn_over`: the number that the page was opened with (0: none).

    Errors: MasksMeanwhile, AreaPromised, PolygonError.
    """
    text = write_polygons(polygons)
    read_polygons(text)
    Camera.objects.select_for_update().get(pk=camera.pk)
    newest = masks_of(camera)
    number = newest.number if newest is not None else 0
    if number != drawn_over:
        raise MasksMeanwhile(
            N_("somebody else has changed what is hidden since this page was opened"), subject=camera.name,
            hint=N_("What you drew is still here. Open the page once more beside it, look at what is new, and save again."),
        )  # fmt: skip
    _agreed_on(camera, text)
    if text == (newest.polygons if newest is not None else "[]"):
        return None
    made = MaskVersion(at=at, by=by, camera=camera.key, number=number + 1, polygons=text)
    made.save()
    return made
