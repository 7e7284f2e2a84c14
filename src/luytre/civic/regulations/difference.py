"""What differs between two sets of rules, rule by rule, in words for people (in the reader's language)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from luytre.base.i18n import N_, _, language
from luytre.civic.regulations.enforce import right_of
from luytre.civic.regulations.rules import ACTOR_WORDS, GROUP_WORDS, WAY_WORDS, Actor, Purpose, Right, Rules, Way

SECTION_WORDS = {
    "purposes": N_("Purposes"),
    "rights": N_("Who may do what"),
    "kept": N_("Retention"),
    "export": N_("Taking clips out"),
    "privacy": N_("Privacy"),
    "conduct": N_("Prohibited acts"),
    "notice": N_("Notice and complaints"),
    "paper": N_("Review and paper"),
}
"""The sections of the regulation, as the draft's form has them."""


@dataclass(frozen=True, slots=True)
class Change:
    """One rule that differs. `before` or `after` is empty where the rule is not there."""

    section: str
    what: str
    before: str
    after: str

    def sentence(self) -> str:
        """`Days kept, hot spots: 30 days → 20 days`."""
        what = f"{_(SECTION_WORDS[self.section])}, {self.what}" if self.what else _(SECTION_WORDS[self.section])
        return f"{what}: {self.before or '—'} → {self.after or '—'}"


def diff(old: Rules, new: Rules) -> tuple[Change, ...]:
    """Empty exactly when the two are equal."""
    found = (
        *_purposes(old, new), *_rights(old, new), *_kept(old, new), *_export(old, new), *_privacy(old, new),
        *_lines("conduct", _("prohibited acts"), old.prohibited, new.prohibited), *_texts(old, new), *_heading(old, new),
    )  # fmt: skip
    return tuple(found)


def _purposes(old: Rules, new: Rules) -> Iterator[Change]:
    before, after = ({purpose.key: purpose for purpose in rules.purposes} for rules in (old, new))
    for key in dict.fromkeys([*before, *after]):
        one, other = before.get(key), after.get(key)
        if one != other:
            name = _name(other or one)  # type: ignore[arg-type]
            yield Change("purposes", name, _purpose(one), _purpose(other))
    if set(before) == set(after) and old.purposes != new.purposes and before == after:
        yield Change("purposes", _("order"), ", ".join(map(_name, old.purposes)), ", ".join(map(_name, new.purposes)))


def _name(purpose: Purpose) -> str:
    return purpose.en if language() == "en" else purpose.vi


def _purpose(purpose: Purpose | None) -> str:
    if purpose is None:
        return ""
    ways = ", ".join(_(WAY_WORDS[way]) for way in purpose.ways) or _("for nothing")
    reference = _("with a reference") if purpose.reference else _("without a reference")
    return f"{purpose.vi} / {purpose.en}: {ways}; {reference}"


def _rights(old: Rules, new: Rules) -> Iterator[Change]:
    for role in Actor:
        for way in Way:
            before, after = right_of(old, role, way), right_of(new, role, way)
            if before != after:
                yield Change("rights", f"{_(ACTOR_WORDS[role])}: {_(WAY_WORDS[way])}", right_words(before), right_words(after))


def right_words(right: Right | None) -> str:
    """No; at any hour; 18:00–06:00."""
    if right is None:
        return _("no")
    return ", ".join(map(str, right.hours)) if right.hours else _("at any hour")


def _kept(old: Rules, new: Rules) -> Iterator[Change]:
    before = {kept.group: kept.days for kept in old.kept}
    for kept in new.kept:
        if before[kept.group] != kept.days:
            yield Change("kept", _(GROUP_WORDS[kept.group]), _days(before[kept.group]), _days(kept.days))


def _days(days: int) -> str:
    return _("{days} days").format(days=days)


def _export(old: Rules, new: Rules) -> Iterator[Change]:
    if old.export.persons != new.export.persons:
        yield Change("export", _("persons who approve"), str(old.export.persons), str(new.export.persons))
    if old.export.roles != new.export.roles:
        yield Change("export", _("who may approve"), _roles(old.export.roles), _roles(new.export.roles))


def _roles(roles: tuple[Actor, ...]) -> str:
    return ", ".join(_(ACTOR_WORDS[role]) for role in roles)


def _privacy(old: Rules, new: Rules) -> Iterator[Change]:
    if old.sound != new.sound:
        yield Change("privacy", _("sound"), _switch(old.sound), _switch(new.sound))
    if old.masked_for != new.masked_for:
        yield Change("privacy", _("masks burned in for"), _roles(old.masked_for), _roles(new.masked_for))
    if old.watermark != new.watermark:
        yield Change("privacy", _("watermark with name and time"), _switch(old.watermark), _switch(new.watermark))


def _switch(value: bool) -> str:
    return _("yes") if value else _("no")


def _lines(section: str, what: str, old: tuple[str, ...], new: tuple[str, ...]) -> Iterator[Change]:
    """Line by line; where only the order differs, as one change."""
    gone, come = [line for line in old if line not in new], [line for line in new if line not in old]
    yield from (Change(section, what, line, "") for line in gone)
    yield from (Change(section, what, "", line) for line in come)
    if old != new and not gone and not come:
        yield Change(section, what, " | ".join(old), " | ".join(new))


def _texts(old: Rules, new: Rules) -> Iterator[Change]:
    if old.notice != new.notice:
        yield Change("notice", _("notice"), old.notice, new.notice)
    if old.contact != new.contact:
        yield Change("notice", _("whom to ask and where to complain"), old.contact, new.contact)
    if old.review != new.review:
        yield Change("paper", _("to be looked at again by"), _day(old.review), _day(new.review))


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""


def _heading(old: Rules, new: Rules) -> Iterator[Change]:
    labels = {
        "superior": _("body above"), "issuer": _("body that issues"), "sign": _("number and sign"), "place": _("place"),
        "signer_title": _("title of who signs"), "signer": _("name of who signs"),
    }  # fmt: skip
    for name, words in labels.items():
        before, after = getattr(old.heading, name), getattr(new.heading, name)
        if before != after:
            yield Change("paper", words, before, after)
    yield from _lines("paper", _("legal basis"), old.heading.basis, new.heading.basis)
    yield from _lines("paper", _("recipients"), old.heading.recipients, new.heading.recipients)
