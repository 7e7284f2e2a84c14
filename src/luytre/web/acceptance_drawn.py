"""What is drawn over an acceptance's pictures, and what its minutes are made of: the commune's land and figures put together."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import datetime
from io import BytesIO

import shapely
from django.utils import translation
from django.utils.translation import gettext as _
from PIL import Image

from luytre.civic.acceptance.acceptances import Acceptance
from luytre.civic.acceptance.drawn import DrawnWords, Landmark, hung_for, view_svg
from luytre.civic.acceptance.facts import HungFacts, WalkFacts
from luytre.civic.acceptance.minutes import LANGUAGE, Minutes
from luytre.civic.acceptance.models import AcceptanceStep, StepCode
from luytre.civic.geometry.metric import Metric
from luytre.civic.geometry.optics import Level
from luytre.civic.ground.models import Place
from luytre.civic.planning.figures import figures
from luytre.civic.planning.paper_words import usual_heading
from luytre.civic.planning.words import LEVEL_WORDS
from luytre.civic.registry.models import Commune, Eye
from luytre.civic.regulations.force import in_force_now

NEAR_M = 150.0


def level_names() -> dict[str, str]:
    """By a level's code, in short, in the language that is on."""
    return {code: _(words).partition(":")[0] for code, words in LEVEL_WORDS.items()}


def over_picture(
    eye: Eye, hung: HungFacts | None, size: HungFacts, levels: dict[str, str], walk: WalkFacts | None = None, jpeg: bytes = b""
) -> str:
    """SVG over a picture of `size`'s pixels. `hung` None: only the marks of the walk test."""
    width, height = int(size.width_px or 1920), int(size.height_px or 1080)
    known = hung_for(hung, width, height) if hung is not None else None
    words = DrawnWords({level: levels[level.value] for level in Level})
    places = landmarks(eye) if known is not None else ()
    return view_svg(known, figures().levels, words, places, walk, (width, height), jpeg)


def landmarks(eye: Eye) -> tuple[Landmark, ...]:
    """Places within reach, as points from the eye's foot; routes have none."""
    if eye.position is None:
        return ()
    metric = Metric.about(float(eye.position[0]), float(eye.position[1]))
    found = []
    for place in Place.objects.filter(archived=False).exclude(kind="route"):
        at = metric.metres(shapely.from_geojson(place.geometry)).centroid
        if at.distance(shapely.Point(0, 0)) <= NEAR_M:
            found.append(Landmark(place.name, at.x, at.y))
    return tuple(found)


def minutes_of(found: Acceptance, eye: Eye, read: Callable[[str], bytes], at: datetime) -> Minutes:
    """`read`: a picture's bytes by its digest, empty where it is gone."""
    commune, rules = Commune.here().name, in_force_now(at)
    with translation.override(LANGUAGE):
        levels = level_names()
        svgs = {str(code): svg for code in (StepCode.PICTURE, StepCode.WALK) if (svg := _drawn(eye, found, code, levels, read))}
        sign = found.last(StepCode.SIGN)
        owner = eye.owner_name or _(eye.get_owner_kind_display())
        return Minutes(
            acceptance=found, eye=eye.name, hamlet=str(eye.site.hamlet or ""), address=eye.address or eye.site.road, owner=owner,
            commune=commune, heading=usual_heading(commune) if rules.is_built_in else rules.rules.heading, levels=levels,
            svgs=svgs, sign=_photo(read(sign.picture)) if sign is not None and sign.picture else "", made=at,
        )  # fmt: skip


def _drawn(eye: Eye, found: Acceptance, code: StepCode, levels: dict[str, str], read: Callable[[str], bytes]) -> str:
    step = found.last(code)
    data = read(step.picture) if step is not None and step.picture else b""
    if step is None or not data:
        return ""
    size = _size(data)
    if code == StepCode.WALK:
        return over_picture(eye, None, size, levels, WalkFacts.read(step.facts), data)
    return over_picture(eye, HungFacts.read(step.facts), size, levels, None, data)


def _size(jpeg: bytes) -> HungFacts:
    with Image.open(BytesIO(jpeg), formats=("JPEG",)) as found:
        return HungFacts(width_px=float(found.width), height_px=float(found.height))


def _photo(jpeg: bytes) -> str:
    """An SVG that holds it, for the paper."""
    if not jpeg:
        return ""
    size, data = _size(jpeg), base64.b64encode(jpeg).decode("ascii")
    width, height = int(size.width_px or 1), int(size.height_px or 1)
    image = f'<image width="{width}" height="{height}" href="data:image/jpeg;base64,{data}"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">{image}</svg>'


def picture_step(found: Acceptance, code: StepCode) -> AcceptanceStep | None:
    """The step's picture, where it has one."""
    step = found.last(code)
    return step if step is not None and step.picture else None
