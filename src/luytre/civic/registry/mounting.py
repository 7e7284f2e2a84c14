"""A mounting place by itself, as it is drawn on the map: added, moved, renamed, removed, each one step of the history.

Where a camera hangs, the place's name, hamlet and kind are the camera's matter: its hamlet gives rights, its kind keeps footage.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from luytre.base.i18n import N_
from luytre.base.letters import one_line
from luytre.civic.access.models import User
from luytre.civic.registry.bounds import Land, land, too_far
from luytre.civic.registry.history import NO_FIELDS, NOTHING, Fields, record
from luytre.civic.registry.models import Hamlet, Site, SiteKind
from luytre.civic.registry.position import STEP, format_position
from luytre.civic.registry.refusals import Refusals
from luytre.civic.registry.register import OwnerKind, RegisterCode, Thing
from luytre.civic.registry.sites import Position, hamlet_known, site_named

PRIVATE_AT_HOME = frozenset({"name", "position"})
"""Where a household's device hangs or once hung, the place is that home (see `eyes.PRIVATE_AT_HOME`)."""
MOST = 120
"""Characters of a name or a road."""


@dataclass(frozen=True, slots=True)
class MountDraft:
    """`hamlet`: the name of one that there is, or empty. `kind`: of `SiteKind`."""

    name: str
    position: Position | None
    kind: str = SiteKind.RESIDENTIAL.value
    hamlet: str = ""
    road: str = ""


def mount_fields(site: Site) -> Fields:
    hamlet = site.hamlet.name if site.hamlet else ""
    return {"name": site.name, "kind": site.kind, "hamlet": hamlet, "road": site.road, "position": format_position(site.position)}


@transaction.atomic
def save_site(by: User | None, draft: MountDraft, at: datetime, site: Site | None = None, here: Land | None = None) -> Site:
    """A new mounting place, or a changed one. Errors: ValidationError by field (name, kind, hamlet, road, position)."""
    present = Site.objects.select_for_update().get(pk=site.pk) if site is not None else None
    hamlet = hamlet_known(draft.hamlet)
    _check(draft, present, hamlet, here or land()).raise_any()
    before = mount_fields(present) if present is not None else NOTHING
    made = present or Site()
    made.name, made.kind, made.hamlet, made.road = one_line(draft.name), draft.kind, hamlet, one_line(draft.road)
    made.latitude, made.longitude = (part.quantize(STEP) for part in draft.position) if draft.position else (None, None)
    after, is_new = mount_fields(made), made.pk is None
    if is_new or after != before:
        made.save()
        code = RegisterCode.ADDED if is_new else RegisterCode.CHANGED
        at_home = made.eyes.filter(owner_kind=OwnerKind.HOUSEHOLD).exists()
        name, private = ("", PRIVATE_AT_HOME) if at_home else (made.name, NO_FIELDS)
        record(by, at, Thing.SITE, made.key, name, code, before, after, private)
    return made


@transaction.atomic
def remove_site(by: User | None, site: Site, at: datetime) -> None:
    """Its step keeps what it was. Errors: ValidationError while an eye or a camera hangs there, or once did."""
    present = Site.objects.select_for_update().get(pk=site.pk)
    if present.cameras.exists() or present.eyes.exists():
        raise ValidationError(N_("Eyes or cameras hang here, or once did: this mounting place stays."))
    record(by, at, Thing.SITE, present.key, present.name, RegisterCode.REMOVED, mount_fields(present))
    present.delete()


def _check(draft: MountDraft, site: Site | None, hamlet: Hamlet | None, here: Land) -> Refusals:
    refused, name = Refusals(), one_line(draft.name)
    if not name:
        refused.tell("name", N_("A mounting place needs a name."))
    for field, text in (("name", name), ("road", one_line(draft.road))):
        if len(text) > MOST:
            refused.tell(field, N_("At most %(most)s characters."), most=MOST)
    if draft.kind not in SiteKind.values:
        refused.tell("kind", N_("Choose one of the list."))
    if draft.hamlet and hamlet is None:
        refused.tell("hamlet", N_("There is no hamlet of this name. Hamlets are added in the settings."))
    if draft.position is None:
        refused.tell("position", N_("Where is it?"))
    else:
        refused.add("position", too_far(draft.position, here))
    same = site_named(name, hamlet)
    if name and same is not None and (site is None or same.pk != site.pk):
        refused.tell("name", N_("There is a mounting place of this name in this hamlet already."))
    if site is not None and site.cameras.filter(archived=False).exists():
        for field, was, wanted in (("name", site.name, name), ("hamlet", site.hamlet, hamlet), ("kind", site.kind, draft.kind)):
            if was != wanted:
                refused.tell(field, N_("A camera hangs here: change this at the camera."))
    return refused
