"""What a package says of itself, in words, for the people who check it."""

from __future__ import annotations

from datetime import datetime

from luytre.base.i18n import N_, _
from luytre.civic.evidence.package.manifest import LOCAL, Manifest
from luytre.civic.evidence.package.values import ClockFacts, PackageKind, Who

KINDS = {
    PackageKind.FULL: N_("The original, untouched"),
    PackageKind.VIEWING: N_("A copy for watching; the original is not in the package"),
}


def told(manifest: Manifest) -> tuple[tuple[str, str], ...]:
    """(name, value) in the reader's language and in the commune's time; what is empty is left out."""
    facts, camera = manifest.facts, manifest.facts.camera
    segments = [one for part in manifest.footage.parts for one in part.segments]
    gaps = [f"{_moment(gap.start)} – {_moment(gap.end)}: {gap.words}" for gap in manifest.footage.gaps]
    compared = sum(one.whole and one.sha256 is not None for one in segments)
    rows = [
        (_("Number"), facts.number),
        (_("Commune"), facts.commune),
        (_("What the package holds"), _(KINDS[facts.kind])),
        (_("Purpose"), " · ".join(filter(None, (facts.purpose.words, facts.purpose.reference)))),
        (_("Reason"), facts.purpose.reason),
        (_("Camera"), " · ".join(filter(None, (camera.name, camera.hamlet, camera.place)))),
        (_("Span"), f"{_moment(facts.start)} – {_moment(facts.end)}"),
        (_("The camera's clock"), clock_words(facts.clock)),
        (_("Not recorded"), "; ".join(gaps)),
        (_("Requested by"), _who(facts.requester)),
        (_("Approved by"), "; ".join(_who(one) for one in facts.approvers)),
        (_("Made by"), _who(facts.operator)),
        (_("Made at"), _moment(facts.made_at)),
    ]  # fmt: skip
    if facts.kind is PackageKind.FULL:
        words = _("{compared} of {all} (those at the ends are seldom whole)")
        rows.append((_("Recordings compared with their hash from then"), words.format(compared=compared, all=len(segments))))
    return tuple((name, value) for name, value in rows if value)


def clock_words(clock: ClockFacts) -> str:
    if clock.offset_s is None:
        return " · ".join(filter(None, (_("not known how far it is off"), clock.how)))
    seconds = round(clock.offset_s, 1)
    words = _("{seconds} s ahead of the station's") if seconds >= 0 else _("{seconds} s behind the station's")
    return " · ".join(filter(None, (words.format(seconds=f"{abs(seconds):.1f}".replace(".", ",")), clock.how)))


def _who(who: Who) -> str:
    return f"{who.name} ({who.role})" if who.role else who.name


def _moment(at: datetime) -> str:
    return f"{at.astimezone(LOCAL):%H:%M:%S %d/%m/%Y}"
