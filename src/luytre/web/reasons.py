"""Why somebody looks back or takes out: the purposes of the rules in force, offered by pages and demanded by tokens."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import get_language

from luytre.civic.access.looks import Reason
from luytre.civic.regulations.enforce import purposes_for
from luytre.civic.regulations.force import in_force_now
from luytre.civic.regulations.rules import Purpose


def offered(way: str, now: datetime) -> tuple[Purpose, ...]:
    return purposes_for(in_force_now(now).rules, way)


def lacking(reason: Reason, purposes: tuple[Purpose, ...]) -> str:
    """Empty where the reason holds; else `purpose` (it names none of these) or `reference` (its purpose wants a number)."""
    named = next((purpose for purpose in purposes if purpose.key == reason.purpose_key), None)
    if named is None:
        return "purpose"
    return "reference" if named.reference and not reason.reference else ""


def shown(purposes: tuple[Purpose, ...]) -> list[dict[str, object]]:
    """As a page's script gets them, in the reader's language."""
    english = get_language() == "en"
    return [
        {"key": purpose.key, "words": purpose.en if english and purpose.en else purpose.vi, "reference": purpose.reference}
        for purpose in purposes
    ]
