"""What people are told of a camera where it films: who runs it, why, how long, whom to ask (design/rules.md, "Notice").

Made of the regulation in force and the camera alone, for the sign and for the public page alike. Nothing here names an owner, a
person, a picture or a position, nor what the police call the place: a camera is known to the public by its code, hamlet and road.
(Its own name and its site's may be somebody's: "before Mr Năm's house".)
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from luytre.base.errors import UsageError
from luytre.base.i18n import N_
from luytre.base.ids import new_code
from luytre.base.letters import one_line
from luytre.civic.registry.keeping import keeping_now
from luytre.civic.registry.lending import lending
from luytre.civic.registry.masks import masks_in_force
from luytre.civic.registry.models import Camera, Commune
from luytre.civic.regulations.force import InForce, in_force_now
from luytre.civic.regulations.rules import Purpose, Rules

_CODE = re.compile(r"[0-9a-z]{4,16}")
_MISREAD = str.maketrans("oil", "011")
"""Letters that no code has (`base.ids`), for what they are taken for on a sign."""
_POLICE = "Công an"
NOTHING_HIDDEN = "[]"


@dataclass(frozen=True, slots=True)
class Notice:
    """One camera as the public may know it. `regulation` 0: none is in force. Texts are the commune's own, in Vietnamese."""

    code: str
    in_use: bool
    commune: str
    operator: str
    """Who runs it; empty while neither the regulation nor the settings name the commune."""
    hamlet: str
    road: str
    days: int
    sound: bool
    masked: bool
    """That areas of its picture are hidden from whoever has no right to see them."""
    purposes: tuple[Purpose, ...]
    notice: str
    contact: str
    prohibited: tuple[str, ...]
    regulation: int
    sign: str
    """The regulation's own number, like `12/QC-CAX`; empty where it is written in by hand."""
    since: datetime | None


def give_new_code(camera: Camera) -> None:
    """For a sign that is lost or hangs where it must not: what it says leads nowhere from now on."""
    camera.code = new_code()
    camera.save(update_fields=["code", "changed"])


class NoSign(UsageError):
    """A sign cannot be printed: it would tell nothing, or something untrue."""


def notice_of(camera: Camera, now: datetime) -> Notice:
    """`camera` with its site and hamlet. Errors: RegulationDamaged."""
    return notices_of([camera], now)[0]


def notices_of(cameras: list[Camera], now: datetime) -> list[Notice]:
    """In the order given. Errors: RegulationDamaged."""
    found, keeping, commune, lent = in_force_now(now), keeping_now(now), Commune.here(), lending(now)
    rules, hidden = found.rules, {key for key, version in masks_in_force().items() if version.polygons != NOTHING_HIDDEN}
    return [
        Notice(
            code=camera.code, in_use=not camera.archived and lent.of(camera.key).back, commune=commune.name,
            operator=_operator(found, commune.name), hamlet=camera.site.hamlet.name if camera.site.hamlet else "",
            road=camera.site.road, days=keeping.days(camera),
            sound=camera.sound and keeping.sound and camera.key not in lent.terms, masked=camera.key in hidden,
            purposes=rules.purposes, notice=one_line(rules.notice), contact=one_line(rules.contact),
            prohibited=rules.prohibited, regulation=found.number, sign=rules.heading.sign, since=found.since,
        )
        for camera in cameras
    ]  # fmt: skip


def find_notice(code: str, now: datetime) -> Notice | None:
    """By the code of a sign, however it was typed; None for a code that no camera has. Errors: RegulationDamaged."""
    camera = camera_by_code(code)
    return notice_of(camera, now) if camera is not None else None


def camera_by_code(code: str) -> Camera | None:
    """The camera of a sign's code, however it was typed, with its place."""
    code = code.strip().lower().translate(_MISREAD)
    return Camera.objects.select_related("site__hamlet").filter(code=code).first() if _CODE.fullmatch(code) else None


def whom_to_ask(now: datetime) -> tuple[str, str]:
    """Who runs the commune's cameras, and how the public reaches them; either may be empty. Errors: RegulationDamaged."""
    found = in_force_now(now)
    return _operator(found, Commune.here().name), one_line(found.rules.contact)


def why_no_sign(now: datetime, public_url: str) -> tuple[NoSign, ...]:
    """Everything that keeps signs from being printed; empty: nothing. Errors: RegulationDamaged."""
    found, missing = in_force_now(now), []
    if not public_url:
        missing.append(
            NoSign(
                N_("nobody has said under which address a telephone in the street reaches this machine"),
                hint=N_("Whoever looks after the machine sets LUYTRE_PUBLIC_URL: the code on the sign leads there."),
            )
        )
    if found.is_built_in:
        missing.append(
            NoSign(
                N_("no usage regulation is in force"),
                hint=N_("The sign tells purposes, days and whom to ask as the regulation has them: draft one and approve it."),
            )
        )
    if not _operator(found, Commune.here().name):
        missing.append(NoSign(N_("the commune has no name yet"), hint=N_("Type it in the settings.")))
    return tuple(missing)


def signs_say_otherwise(hanging: Rules, coming: Rules) -> bool:
    """Whether signs of the rules in force would be untrue under others, and must be printed and hung again."""
    return _on_signs(hanging) != _on_signs(coming)


def _on_signs(rules: Rules) -> tuple[object, ...]:
    said = (rules.notice, rules.contact, rules.heading.issuer)
    return tuple(purpose.vi for purpose in rules.purposes), rules.kept, rules.sound, *map(one_line, said)


def _operator(found: InForce, commune: str) -> str:
    """The body that issued the regulation; else the police of the commune. A name with dots in it is one to be filled in."""
    issuer = one_line(found.rules.heading.issuer)
    if issuer and "…" not in issuer and "..." not in issuer:
        return issuer
    if not commune:
        return ""
    kind, _space, rest = commune.partition(" ")
    known = kind.lower() in ("xã", "phường") and rest
    return f"{_POLICE} {kind.lower()} {rest}" if known else f"{_POLICE} xã {commune}"
