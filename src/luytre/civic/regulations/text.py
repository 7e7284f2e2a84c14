"""Rules to and from JSON: one parser, which refuses what it does not know and names the place (`rights[2].hours[0]`).

The text that `write` gives is canonical (keys in order, no spaces): equal rules, equal digest.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import asdict

from luytre.base.errors import UsageError
from luytre.base.i18n import N_
from luytre.civic.regulations.nodes import LINE, Node, canonical, day, heading, read_json, wrong
from luytre.civic.regulations.rules import (
    MINUTES_A_DAY,
    Actor,
    Approvals,
    Group,
    Hours,
    Kept,
    Purpose,
    Right,
    Rules,
    Way,
)

PURPOSE_KEY = re.compile(r"[a-z][a-z0-9_]{0,63}")
_HOURS = re.compile(r"([01]\d|2[0-3]):([0-5]\d)[-–]([01]\d|2[0-3]):([0-5]\d)")


def write(rules: Rules) -> str:
    """The canonical text of rules."""
    told = asdict(rules)
    for right in told["rights"]:
        right["hours"] = [str(Hours(**hours)).replace("–", "-") for hours in right["hours"]]
    told["kept"] = {kept["group"]: kept["days"] for kept in told["kept"]}
    told["review"] = rules.review.isoformat() if rules.review else None
    return canonical(told)


def digest(text: str) -> str:
    """SHA-256 of the text's UTF-8, 64 hex digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def read(text: str) -> Rules:
    """Errors: UsageError whose subject is the path of what is wrong."""
    whole = read_json(text)
    rules = Rules(
        purposes=whole.take("purposes").items(_purpose),
        rights=whole.take("rights").items(_right),
        kept=_kept(whole.take("kept")),
        export=_approvals(whole.take("export")),
        sound=whole.take("sound").switch(),
        masked_for=whole.take("masked_for").kinds(Actor),
        watermark=whole.take("watermark").switch(),
        prohibited=whole.take("prohibited").items(Node.line),
        notice=whole.take("notice").text(),
        contact=whole.take("contact").text(),
        review=day(whole.take("review")),
        heading=heading(whole.take("heading")),
    )
    whole.done()
    seen = [(right.role, right.way) for right in rules.rights]
    if len(set(seen)) < len(seen):
        raise wrong("rights", N_("one role has one way of looking twice"))
    return rules


def read_hours(text: str) -> Hours:
    """`18:00-06:00`. Errors: UsageError."""
    found = _HOURS.fullmatch(text)
    if found is None:
        raise UsageError(N_("hours are written like 18:00-06:00"), subject=text[:40])
    start, end = (int(found[number]) * 60 + int(found[number + 1]) for number in (1, 3))
    if start == end:
        raise UsageError(N_("hours are written like 18:00-06:00"), subject=text[:40])
    assert max(start, end) < MINUTES_A_DAY
    return Hours(start, end)


def _purpose(node: Node) -> Purpose:
    key = node.take("key")
    if not isinstance(key.value, str) or not PURPOSE_KEY.fullmatch(key.value):
        raise wrong(key.path, N_("a key has small letters, digits and _"))
    found = Purpose(
        key=key.value,
        vi=node.take("vi").line(),
        en=node.take("en").line(),
        ways=node.take("ways").kinds(Way),
        reference=node.take("reference").switch(),
    )
    node.done()
    return found


def _right(node: Node) -> Right:
    found = Right(node.take("role").kind(Actor), node.take("way").kind(Way), node.take("hours").items(_hours))
    node.done()
    return found


def _hours(node: Node) -> Hours:
    try:
        return read_hours(node.text(LINE))
    except UsageError as error:
        raise wrong(node.path, error.cause) from error


def _kept(node: Node) -> tuple[Kept, ...]:
    found = tuple(Kept(group, node.take(group).number(1, 100_000)) for group in Group)
    node.done()
    return found


def _approvals(node: Node) -> Approvals:
    found = Approvals(node.take("persons").number(0, 9), node.take("roles").kinds(Actor))
    node.done()
    return found
