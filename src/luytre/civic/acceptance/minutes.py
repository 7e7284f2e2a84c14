"""The minutes of an acceptance (biên bản nghiệm thu) as PDF, in the layout of Decree 30/2020/NĐ-CP. In Vietnamese: it is the
commune's paper.

What stands on it is read from the acceptance's steps. Names of those who were there are written in by hand, and signed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.utils import translation
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from luytre.base.i18n import N_
from luytre.civic import typeset
from luytre.civic.acceptance.acceptances import NEEDED, Acceptance, State
from luytre.civic.acceptance.facts import CHECK_WORDS, DeviceFacts, HungFacts, OwnerFacts, WalkFacts
from luytre.civic.acceptance.models import AcceptanceStep, Finding, StepCode
from luytre.civic.regulations.rules import Heading

LAYOUT = Path(__file__).resolve().parent / "layout" / "minutes.typ"
LANGUAGE = "vi"
FOUND_WORDS = {"yes": N_("in order"), "no": N_("not in order"), "unknown": N_("could not be asked")}
NO_AGREEMENT = N_("there is no agreement yet")
HOW_WORDS = {
    "paper": N_("the owner has signed an agreement"),
    "own": N_("the device belongs to the commune"),
    "none": NO_AGREEMENT,
}


@dataclass(frozen=True, slots=True)
class Minutes:
    """What the paper is made of. `svgs`: the pictures with what is drawn over them, by step; `sign`: JPEG of the sign's photo."""

    acceptance: Acceptance
    eye: str
    hamlet: str
    address: str
    owner: str
    commune: str
    heading: Heading
    levels: Mapping[str, str]
    svgs: Mapping[str, str]
    sign: str = ""
    """An SVG that holds the photo."""
    made: datetime | None = None


def as_pdf(minutes: Minutes) -> bytes:
    """PDF/A-2b, or 1.7 where a letter was typed that no font has."""
    return typeset.as_pdf(LAYOUT, said(minutes), minutes.made)


def said(minutes: Minutes) -> dict[str, object]:
    """All that stands on the paper, as its layout reads it."""
    with translation.override(LANGUAGE):
        return _said(minutes)


def _said(minutes: Minutes) -> dict[str, object]:
    found, heading = minutes.acceptance, minutes.heading
    end = found.end
    at = end.at if end is not None else found.first.at
    issuer = heading.issuer or _("Police of %(commune)s") % {"commune": minutes.commune}
    return {
        "superior": heading.superior, "issuer": issuer.upper(),
        "eye": minutes.eye, "number": found.key,
        "place_and_date": _place_and_date(heading.place or minutes.commune, at),
        "facts": _facts(minutes), "steps": [_step(found, code) for code in NEEDED],
        "checks": _checks(found.last(StepCode.DEVICE)),
        "walk": _walk(found.last(StepCode.WALK), minutes.levels), "svgs": dict(minutes.svgs), "sign": minutes.sign,
        "verdict": _verdict(found), "recipients": list(heading.recipients),
    }  # fmt: skip


def _place_and_date(place: str, at: datetime) -> str:
    """Days and the first two months in two digits: Decree 30/2020/NĐ-CP, appendix I, II.4."""
    day = localtime(at)
    month = f"{day.month:02d}" if day.month <= 2 else str(day.month)
    told = _("day %(day)s month %(month)s year %(year)s") % {"day": f"{day.day:02d}", "month": month, "year": day.year}
    return f"{place}, {told}" if place else told


def _facts(minutes: Minutes) -> list[tuple[str, str]]:
    found = minutes.acceptance
    device = DeviceFacts.read(_text(found.last(StepCode.DEVICE)))
    hung = HungFacts.read(_text(found.last(StepCode.PICTURE)))
    rows = [
        (_("Eye"), minutes.eye), (_("Hamlet"), minutes.hamlet), (_("Address"), minutes.address),
        (_("Whose it is"), minutes.owner),
        (_("Device"), " ".join(filter(None, (device.maker, device.model)))), (_("Serial number"), device.serial),
        (_("Firmware"), device.firmware), (_("Bearing, degrees"), _number(hung.bearing_deg)),
        (_("Tilt downward, degrees"), _number(hung.tilt_deg)), (_("Height, m"), _number(hung.height_m)),
        (_("Horizontal angle of view, degrees"), _number(hung.hfov_deg)), (_("Agreement"), agreed_words(found)),
    ]  # fmt: skip
    return [(name, value) for name, value in rows if value]


def agreed_words(found: Acceptance) -> str:
    """What the owner agreed to, in the language that is on."""
    owner = OwnerFacts.read(_text(found.last(StepCode.OWNER)))
    number = _("No. %(number)s") % {"number": owner.number} if owner.number else ""
    how = _(HOW_WORDS[owner.how]) if owner.how in HOW_WORDS else ""
    return ", ".join(filter(None, (how, number, owner.day)))


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.1f}".rstrip("0").rstrip(".").replace(".", ",")


def _text(step: AcceptanceStep | None) -> str:
    return step.facts if step is not None else "{}"


def _step(found: Acceptance, code: StepCode) -> dict[str, str]:
    step, name = found.last(code), _capital(_(code.label))
    if step is None:
        return {"name": name, "found": _("not done"), "note": "", "at": "", "by": ""}
    return {
        "name": name, "found": _(str(Finding(step.finding).label)), "note": step.note, "by": str(step.by),
        "at": f"{localtime(step.at):%d/%m/%Y %H:%M}",
    }  # fmt: skip


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def checks_words(facts: DeviceFacts) -> list[tuple[str, str, str]]:
    """What was looked at, what was found in words, and its code (`yes`, `no`, `unknown`); in the language that is on."""
    known = {str(check): words for check, words in CHECK_WORDS.items()}
    return [
        (_(known[check]), _(FOUND_WORDS[found]), found)
        for check, found in facts.checks
        if check in known and found in FOUND_WORDS
    ]


def _checks(step: AcceptanceStep | None) -> list[tuple[str, str]]:
    return [(check, found) for check, found, _code in checks_words(DeviceFacts.read(_text(step)))]


def walk_words(walk: WalkFacts, levels: Mapping[str, str]) -> str:
    """One sentence; empty where nothing was measured. `levels`: a level's words by its code."""
    if walk.px_per_m is None:
        return ""
    where = walk.spot or _("the spot of the test")
    said = {
        "where": f"{where} ({walk.distance_m:.0f} m)" if walk.distance_m is not None else where,
        "px": f"{walk.px_per_m:.0f}",
        "reached": levels.get(walk.reached, _("less than the least level")),
    }
    told = _("At %(where)s a metre takes %(px)s pixels: %(reached)s.") % said
    wanted = _("Wanted: %(level)s.") % {"level": levels[walk.wanted]} if walk.wanted in levels else ""
    return f"{told} {wanted}".strip()


def _walk(step: AcceptanceStep | None, levels: Mapping[str, str]) -> str:
    return walk_words(WalkFacts.read(_text(step)), levels)


def _verdict(found: Acceptance) -> str:
    if found.state is State.LEFT:
        return _("This acceptance was broken off: %(why)s.") % {"why": found.end.note if found.end is not None else ""}
    if found.state is State.OPEN:
        return _("The acceptance is not finished; this paper is for following it only.")
    agreed = _("Everybody present agrees that the eye is accepted and put to use.")
    if not found.remarks:
        return agreed
    notes = "; ".join(f"{_(StepCode(step.code).label)}: {step.note}" for step in found.remarks)
    remarks = _("With these remarks: %(notes)s.") % {"notes": notes}
    return f"{agreed} {remarks}"
