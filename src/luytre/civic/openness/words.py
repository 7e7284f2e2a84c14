"""The public figures in words, for page, files and paper alike; in either language. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from luytre.base.i18n import N_, translate
from luytre.civic.incidents.models import Result
from luytre.civic.openness.few import LEAST, Share, Told
from luytre.civic.openness.figures import (
    BREACHES,
    CLAIMS,
    COMPLAINTS,
    EXPORT,
    FOOTAGE,
    HISTORY,
    IN_TIME,
    INCIDENTS,
    LATE,
    LIVE,
    NO_FOOTAGE,
    OTHERWISE,
    REFUSED,
    REQUESTS,
    SHOWN,
    WITHDRAWN,
    Line,
    Money,
    PublicFigures,
)
from luytre.civic.openness.page import Today
from luytre.civic.periods import Period, period_words
from luytre.civic.registry.sheet_file import csv_bytes
from luytre.civic.regulations.rules import Rules

GROUPS = {
    LIVE: N_("Looks at live pictures"),
    HISTORY: N_("Looks back at footage, by purpose"),
    EXPORT: N_("Clips taken out, by purpose (one for each camera)"),
    INCIDENTS: N_("Incidents that were closed"),
    REQUESTS: N_("Requests to see footage that ended"),
    COMPLAINTS: N_("What residents told about a camera"),
    CLAIMS: N_("Claims of people to data on themselves"),
    BREACHES: N_("Breaches of data"),
}
"""In the order of the page."""
_WORDS = {
    (LIVE, ""): N_("looks, one for each camera"),
    (INCIDENTS, FOOTAGE): N_("solved, footage was looked at for it"),
    (INCIDENTS, NO_FOOTAGE): N_("solved without footage"),
    **{(INCIDENTS, str(one)): str(one.label) for one in Result if one != Result.SOLVED},
    (REQUESTS, SHOWN): N_("footage was shown or handed over"),
    (REQUESTS, REFUSED): N_("refused"),
    (REQUESTS, OTHERWISE): N_("withdrawn, or nobody came"),
    (COMPLAINTS, ""): N_("broken, turned, looks into a home"),
    (CLAIMS, IN_TIME): N_("decided within the term"),
    (CLAIMS, LATE): N_("the term ended without a decision"),
    (CLAIMS, WITHDRAWN): N_("withdrawn before a decision"),
    (BREACHES, ""): N_("confirmed as a breach"),
}
FORMAT = "luytre-open-1"


@dataclass(frozen=True, slots=True)
class Row:
    """`told`: `12`, `fewer than 5`, `at least 12`. `hamlets`: each with its count, in words."""

    words: str
    told: str
    hamlets: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Group:
    words: str
    rows: tuple[Row, ...]


def purposes_of(*rules: Rules) -> dict[str, tuple[str, str]]:
    """Vietnamese and English, by key; the first that has one counts."""
    return {one.key: (one.vi, one.en) for each in reversed(rules) for one in each.purposes}


def told_words(told: Told, language: str) -> str:
    if told.exact:
        return _numeral(told.value, language)
    if not told.value:
        return translate(N_("few: not told exactly"), language)
    return translate(N_("at least %(count)s"), language) % {"count": _numeral(told.value, language)}


def _numeral(value: int, language: str) -> str:
    return f"{value:,}" if language == "en" else f"{value:,}".replace(",", ".")


def line_words(line: Line, purposes: Mapping[str, tuple[str, str]], language: str) -> str:
    if line.group in (HISTORY, EXPORT):
        if not line.key:
            return translate(N_("no purpose was named"), language)
        return purposes.get(line.key, (line.key, line.key))[language == "en"]
    return translate(_WORDS[line.group, line.key], language)


def groups_of(figures: PublicFigures, purposes: Mapping[str, tuple[str, str]], language: str) -> list[Group]:
    found = []
    for key, words in GROUPS.items():
        rows = tuple(
            Row(line_words(line, purposes, language), told_words(line.told, language),
                tuple(_share(one, language) for one in line.hamlets))
            for line in figures.of(key)
        )  # fmt: skip
        found.append(Group(translate(words, language), rows))
    return found


def _share(share: Share, language: str) -> tuple[str, str]:
    return ", ".join(hamlet_words(one, language) for one in share.hamlets), _numeral(share.value, language)


def hamlet_words(name: str, language: str) -> str:
    return name or translate(N_("hamlet not given"), language)


def money_rows(money: Money, language: str) -> list[tuple[str, str]]:
    """Words and amount; of a month what came in is not told."""
    said = []
    for words, value in ((N_("Money received"), money.came_vnd), (N_("Gifts in kind, as they were estimated"), money.kind_vnd)):
        if value is None:
            told = translate(N_("told by quarter"), language)
        elif not money.exact and not value:
            told = translate(N_("few: not told exactly"), language)
        else:
            amount = translate(N_("%(amount)s dong"), language) % {"amount": _numeral(value, language)}
            told = amount if money.exact else translate(N_("at least %(count)s"), language) % {"count": amount}
        said.append((translate(words, language), told))
    spent = translate(N_("%(amount)s dong"), language) % {"amount": _numeral(money.spent_vnd, language)}
    return [*said, (translate(N_("Money spent"), language), spent)]


def gift_rows(shares: Iterable[Share], language: str) -> list[tuple[str, str]]:
    """What was given by hamlet; those whose hamlets are not told are the whole commune's."""
    commune = translate(N_("hamlet not known, or the whole commune"), language)
    amount = translate(N_("%(amount)s dong"), language)
    return [(", ".join(one.hamlets) or commune, amount % {"amount": _numeral(one.value, language)}) for one in shares]


def uptime_words(figures: PublicFigures, language: str) -> str:
    """`98,7 %`; a dash where nothing was watched."""
    if not figures.watched_s:
        return "—"
    text = f"{100 * figures.up_s / figures.watched_s:.1f}\u00a0%"
    return text if language == "en" else text.replace(".", ",")


# --- files ------------------------------------------------------------------------------------------------------------
def as_csv(figures: PublicFigures, period: Period, purposes: Mapping[str, tuple[str, str]], language: str) -> bytes:
    """A row a count: what, which, hamlets (of parts of it), how it is told, the number where it is told exactly."""
    heads = [
        translate(one, language) for one in (N_("Group"), N_("Line of the table"), N_("Hamlet"), N_("Count"), N_("Exact number"))
    ]
    lines = []
    for line in figures.lines:
        which = line_words(line, purposes, language)
        exact = str(line.told.value) if line.told.exact else ""
        group = translate(GROUPS[line.group], language)
        lines.append([group, which, "", told_words(line.told, language), exact])
        for share in line.hamlets:
            names, value = _share(share, language)
            lines.append([group, which, names, value, str(share.value)])
    money = translate(N_("Money and gifts"), language)
    lines += [[money, words, "", told, ""] for words, told in money_rows(figures.money, language)]
    lines.append([translate(N_("Time that cameras worked"), language), "", "", uptime_words(figures, language), ""])
    return csv_bytes([f"{heads[0]} ({period_words(period, language)})", *heads[1:]], lines)


SCHEMA = {
    "period": "YYYY-MM, YYYY-Qn or YYYY; days of Asia/Ho_Chi_Minh",
    "counts": "one object a count. count: the number, or null where it is not told exactly; at_least: what is known of it",
    "counts.hamlets": "parts of an exact count by hamlet; several names: they stand together, since one of them has few",
    "least": "counts from 1 up to one less than this are never told",
    "money": "whole dong; null: not told of a month; exact false: quarters with few gifts are left out",
    "uptime": "seconds that all cameras together worked, of those that somebody watched",
    "checkpoint": "newest signed checkpoint of the logs; digest is the SHA-256 of its text, to compare with the file you hold",
}
"""What the names of the JSON file mean."""


def as_json(
    figures: PublicFigures, period: Period, today: Today, purposes: Mapping[str, tuple[str, str]]
) -> bytes:  # fmt: skip
    checked, money = today.checked, figures.money
    proof = {"at": checked.at.isoformat(), "digest": checked.digest, "public_key": checked.public_key} if checked else None
    said: dict[str, Any] = {
        "format": FORMAT, "schema": SCHEMA, "period": period.key, "first_day": period.first.isoformat(),
        "last_day": period.last.isoformat(), "least": LEAST,
        "counts": [_count(line, purposes) for line in figures.lines],
        "money": {"came_vnd": money.came_vnd, "kind_vnd": money.kind_vnd, "spent_vnd": money.spent_vnd, "exact": money.exact},
        "uptime": {"worked_s": figures.up_s, "watched_s": figures.watched_s},
        "cameras_today": [{"hamlet": name, "count": count} for name, count in today.eyes],
        "checkpoint": proof,
    }  # fmt: skip
    return (json.dumps(said, ensure_ascii=False, indent=1) + "\n").encode()


def _count(line: Line, purposes: Mapping[str, tuple[str, str]]) -> dict[str, Any]:
    return {
        "group": line.group, "key": line.key, "vi": line_words(line, purposes, "vi"), "en": line_words(line, purposes, "en"),
        "count": line.told.value if line.told.exact else None, "at_least": line.told.value,
        "hamlets": [{"names": list(one.hamlets), "count": one.value} for one in line.hamlets],
    }  # fmt: skip
