"""The register of eyes: adding, changing, removing, putting back, connecting. Page, map, telephone and sheet all come here.

Each change is one step of the history. Who changes says which revision he stood on; what somebody else changed meanwhile is
`Stale`, never overwritten. A connected eye's name and place are its camera's, and are changed there.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from luytre.base.errors import LuytreError, UsageError
from luytre.base.i18n import N_
from luytre.base.letters import one_line
from luytre.civic.access.models import User
from luytre.civic.registry.bounds import Land, land
from luytre.civic.registry.eye_checks import check
from luytre.civic.registry.figures import parse_sensor
from luytre.civic.registry.history import NOTHING, Entry, Fields, record_all
from luytre.civic.registry.models import Camera, Eye, Hamlet, Site, SiteKind
from luytre.civic.registry.position import STEP, format_position
from luytre.civic.registry.refusals import Refusals
from luytre.civic.registry.register import (
    Condition,
    Label,
    Network,
    OwnerKind,
    Power,
    RecorderKind,
    RegisterCode,
    Thing,
    Tier,
)
from luytre.civic.registry.sites import Known, Position, hamlet_known, is_alone, same_name, site_named
from luytre.civic.registry.terms import terms_of

PRIVATE = frozenset({"owner_name", "owner_phone", "note", "homes_in_view"})
"""Whose values are in no step. `homes_in_view` too: people write there who lives where."""
PRIVATE_AT_HOME = PRIVATE | {"name", "site", "camera", "address", "position", "sees"}
"""Of a household's device also whatever says which home it is: people call it "Nhà ông Bảy", and a chain cannot forget."""


class Stale(LuytreError):
    """Somebody else changed it since. `present` is the revision that it has now."""

    def __init__(self, subject: str, present: int) -> None:
        super().__init__(
            N_("somebody else changed this meanwhile"), operation=N_("Saving"), subject=subject,
            hint=N_("Look at what it is now, and make your change again."),
        )  # fmt: skip
        self.present = present


@dataclass(frozen=True, slots=True)
class EyeDraft:
    """What is to be kept of an eye, whole: what is empty here is empty afterwards. Units as of `register.Eye`.

    `site`: the mounting place's name, empty for the eye's own. `hamlet`: the name of one that there is. `site_kind`: of
    `SiteKind`, counts where the place is new or the eye's alone. `position`: where the eye is.
    """

    name: str
    site: str = ""
    hamlet: str = ""
    site_kind: str = ""
    road: str = ""
    position: Position | None = None
    address: str = ""
    owner_kind: str = OwnerKind.HOUSEHOLD.value
    owner_name: str = ""
    owner_phone: str = ""
    tier: str = Tier.LISTED.value
    bearing_deg: float | None = None
    tilt_deg: float | None = None
    height_m: float | None = None
    hfov_deg: float | None = None
    focal_mm: float | None = None
    sensor: str = ""
    width_px: int | None = None
    height_px: int | None = None
    ir_range_m: float | None = None
    recorder: str = RecorderKind.UNKNOWN.value
    days_kept: int | None = None
    clock_error_s: float | None = None
    power: str = Power.UNKNOWN.value
    network: str = Network.UNKNOWN.value
    label: str = Label.UNKNOWN.value
    maker: str = ""
    model: str = ""
    firmware: str = ""
    condition: str = Condition.UNKNOWN.value
    condition_day: date | None = None
    sees: str = ""
    homes_in_view: str = ""
    note: str = ""
    warranty_until: date | None = None


OF_THE_SITE = ("name", "site", "hamlet", "site_kind", "road", "position")
"""Fields of the draft that are no columns of the eye by themselves."""
COLUMNS = tuple(field.name for field in fields(EyeDraft) if field.name not in OF_THE_SITE)


def draft_of(eye: Eye) -> EyeDraft:
    """The eye as it is: `replace` what is to change, and save."""
    site = eye.site
    hamlet = site.hamlet.name if site.hamlet else ""
    kept = {name: getattr(eye, name) for name in COLUMNS}
    return EyeDraft(eye.name, site.name, hamlet, site.kind, site.road, eye.position, **kept)


def fields_of(eye: Eye) -> dict[str, str | float | None]:
    """The eye for its steps. Private values are among them: `record` is told to leave them out (`PRIVATE`)."""
    draft = draft_of(eye)
    found: dict[str, str | float | None] = {
        name: getattr(draft, name) for name in ("name", "site", "hamlet", "site_kind", "road")
    }
    found["position"] = format_position(draft.position)
    found["camera"] = eye.camera.name if eye.camera else ""
    for name in COLUMNS:
        value = getattr(draft, name)
        found[name] = value.isoformat() if isinstance(value, date) else value
    return found


def tidied(draft: EyeDraft) -> EyeDraft:
    """Texts in one line, a bearing of 360° as 0°, a position to the millionth of a degree."""
    texts = {field.name: one_line(str(getattr(draft, field.name))) for field in fields(draft) if field.type == "str"}
    bearing = 0.0 if draft.bearing_deg == 360 else draft.bearing_deg
    position = draft.position and (draft.position[0].quantize(STEP), draft.position[1].quantize(STEP))
    texts["sensor"] = _sensor(draft.sensor)
    return replace(draft, **texts, bearing_deg=bearing, position=position)  # type: ignore[arg-type]


def _sensor(typed: str) -> str:
    """As it is kept; what is no sensor stays, and is refused."""
    try:
        return parse_sensor(typed)
    except UsageError:
        return one_line(typed)


@transaction.atomic
def save_eye(
    by: User | None, draft: EyeDraft, at: datetime, eye: Eye | None = None, revision: int | None = None, here: Land | None = None
) -> Eye:
    """A new eye, or a changed one. `revision`: the one on which the change stands; None asks nothing. `here`: see `bounds`.

    Errors: ValidationError by field (`refusals.said` has the words), Stale.
    """
    steps: list[Entry] = []
    made = put_eye(draft, at, steps, here or land(), None, eye, revision)
    record_all(by, at, steps)
    return made


def put_eye(
    draft: EyeDraft, at: datetime, steps: list[Entry], here: Land, known: Known | None,
    eye: Eye | None = None, revision: int | None = None,
) -> Eye:  # fmt: skip
    """As `save_eye`, but the step is left to the caller, who writes many at once in his own transaction. `known`: places by
    their names, where they were asked already."""
    draft = tidied(draft)
    present = locked(eye, revision) if eye is not None else None
    hamlet = known.hamlet(draft.hamlet) if known else hamlet_known(draft.hamlet)
    refused = check(draft, at, here, hamlet)
    if present is not None and present.camera is not None:
        connected_refusals(draft, present, refused)
    if present is not None and (draft.tier, draft.owner_kind) != (present.tier, present.owner_kind):
        _agreed_on(draft, present, refused)
    refused.raise_any()
    before: Fields = fields_of(present) if present is not None else NOTHING
    made = present or Eye()
    for name in COLUMNS:
        setattr(made, name, getattr(draft, name))
    if made.camera is None:
        made.name, made.site = draft.name, _site_for(made, draft, hamlet, known)
    _put_position(made, draft.position)
    steps.extend(_written(made, before))
    return made


def _agreed_on(draft: EyeDraft, eye: Eye, refused: Refusals) -> None:
    """What was agreed on with the owner is changed with the owner alone, and by no form that calls the device the commune's."""
    if terms_of(eye.key) is None:
        return
    if draft.tier != eye.tier:
        refused.tell("tier", N_("This was agreed on with the owner, and is changed where owners' agreements are."))
    if draft.owner_kind != eye.owner_kind and draft.owner_kind == OwnerKind.COMMUNE:
        refused.tell("owner_kind", N_("Its owner lends it under an agreement. If it is given to the commune, enter a new eye."))


def connected_refusals(draft: EyeDraft, eye: Eye, refused: Refusals) -> None:
    """A connected eye is called and hangs as its camera, whose hamlet gives rights and whose kind of place keeps footage."""
    now = draft_of(eye)
    for name in ("name", "site", "hamlet", "site_kind", "road"):
        wanted = getattr(draft, name)
        if wanted and not same_name(wanted, getattr(now, name)):
            refused.tell(name, N_("This eye is connected: change this at its camera."))


def _site_for(eye: Eye, draft: EyeDraft, hamlet: Hamlet | None, known: Known | None) -> Site:
    """The eye's own site follows it; one where others hang, too, only takes what it did not know yet."""
    name = draft.site or draft.name
    present = eye.site if eye.site_id is not None else None
    is_called_so = present is not None and same_name(present.name, name) and present.hamlet == hamlet
    if (
        present is not None
        and is_called_so
        and (present.name, present.road) == (name, draft.road)
        and _is_of_kind(present, draft)
    ):
        return present
    if present is not None and is_alone(present, eye=eye):
        return _moved(present, draft, name, hamlet)
    if present is not None and is_called_so:
        return present
    found = known.site(name, hamlet) if known else site_named(name, hamlet)
    if found is None:
        made = _moved(Site(), draft, name, hamlet)
        if known:
            known.remember(made)
        return made
    if draft.road and not found.road:
        found.road = draft.road
        found.save(update_fields=["road"])
    return found


def _moved(site: Site, draft: EyeDraft, name: str, hamlet: Hamlet | None) -> Site:
    site.name, site.hamlet, site.road = name, hamlet, draft.road
    site.kind = draft.site_kind or site.kind or SiteKind.RESIDENTIAL
    site.save()
    return site


def _is_of_kind(site: Site, draft: EyeDraft) -> bool:
    return not draft.site_kind or site.kind == draft.site_kind


def _put_position(eye: Eye, position: Position | None) -> None:
    """An eye alone at its site is where the site is; else it keeps a place of its own where it differs."""
    site = eye.site
    own = position if position != site.position else None
    if position != site.position and (site.position is None or is_alone(site, eye=eye)):
        site.latitude, site.longitude = position or (None, None)
        site.save(update_fields=["latitude", "longitude"])
        own = None
    eye.latitude, eye.longitude = own or (None, None)


def _written(eye: Eye, before: Fields, code: str = RegisterCode.CHANGED) -> list[Entry]:
    """Saves it where anything changed, and returns the step to be written. Removed and put back say nothing of single fields."""
    code = RegisterCode.ADDED if eye.pk is None else code
    in_full = code in (RegisterCode.ADDED, RegisterCode.CHANGED)
    after: Fields = fields_of(eye) if in_full else NOTHING
    before = before if in_full else NOTHING
    if code == RegisterCode.CHANGED and before == after:
        return []
    eye.revision = 1 if eye.pk is None else eye.revision + 1
    eye.save()
    at_home = OwnerKind.HOUSEHOLD in (eye.owner_kind, before.get("owner_kind"))
    name, private = ("", PRIVATE_AT_HOME) if at_home else (eye.name, PRIVATE)
    return [Entry(Thing.EYE, eye.key, name, code, before, after, private)]


def locked(eye: Eye, revision: int | None = None) -> Eye:
    """The eye as it is in the database, its row locked. Errors: Stale."""
    present = Eye.objects.select_for_update(of=("self",)).select_related("site__hamlet", "camera").get(pk=eye.pk)
    if revision is not None and present.revision != revision:
        raise Stale(present.name, present.revision)
    return present


@transaction.atomic
def remove_eye(by: User | None, eye: Eye, at: datetime, revision: int | None = None) -> Eye:
    """Out of the register; its history stays, and `restore_eye` puts it back. Errors: Stale; ValidationError while connected."""
    present = locked(eye, revision)
    if present.camera is not None:
        raise ValidationError(N_("This eye is connected: take its camera out of use first."))
    if present.archived:
        return present
    present.archived = True
    record_all(by, at, _written(present, NOTHING, RegisterCode.REMOVED))
    return present


@transaction.atomic
def restore_eye(by: User | None, eye: Eye, at: datetime) -> Eye:
    present = locked(eye)
    if not present.archived:
        return present
    present.archived = False
    record_all(by, at, _written(present, NOTHING, RegisterCode.RESTORED))
    return present


def put_tier(by: User | None, eye: Eye, tier: str, at: datetime) -> None:
    """What was agreed on with the owner (`registry.lending`), as the register and plans count it. `eye` is `locked`."""
    before = fields_of(eye)
    eye.tier = tier
    record_all(by, at, _written(eye, before))


def camera_saved(camera: Camera, by: User | None, at: datetime) -> Eye:
    """Every connected camera is an eye: a new one gets its own (the commune's, live), and name and place are followed."""
    eye = Eye.objects.select_for_update(of=("self",)).select_related("site__hamlet", "camera").filter(camera=camera).first()
    if eye is None:
        made = Eye(name=camera.name, site=camera.site, camera=camera, owner_kind=OwnerKind.COMMUNE, tier=Tier.LIVE)
        record_all(by, at, _written(made, NOTHING))
        return made
    before = fields_of(eye)
    eye.name, eye.site, eye.camera = camera.name, camera.site, camera
    record_all(by, at, _written(eye, before))
    return eye


def camera_archived(camera: Camera, by: User | None, at: datetime) -> None:
    """The eye stays in the register, and is connected no longer."""
    for eye in Eye.objects.select_for_update(of=("self",)).select_related("site__hamlet", "camera").filter(camera=camera):
        before = fields_of(eye)
        eye.camera = None
        record_all(by, at, _written(eye, before))


@transaction.atomic
def connect_eye(by: User | None, eye: Eye, camera: Camera, at: datetime, revision: int | None = None) -> Eye:
    """A listed eye becomes the camera's; the one the camera got by itself goes. Errors: Stale; ValidationError (`camera`)."""
    present = locked(eye, revision)
    if present.camera_id == camera.pk:
        return present
    camera = Camera.objects.select_for_update(of=("self",)).select_related("site__hamlet").get(pk=camera.pk)
    if present.camera is not None or present.archived or camera.archived:
        raise ValidationError({"camera": [N_("This eye is connected already, or one of the two is out of use.")]})
    before = fields_of(present)
    for other in Eye.objects.select_related("site__hamlet", "camera").filter(camera=camera):
        other.camera, other.archived = None, True
        record_all(by, at, _written(other, NOTHING, RegisterCode.REMOVED))
    position = present.position
    present.camera, present.name, present.site = camera, camera.name, camera.site
    if terms_of(present.key) is None:
        present.tier = Tier.LIVE
    _put_position(present, position)
    record_all(by, at, _written(present, before))
    return present
