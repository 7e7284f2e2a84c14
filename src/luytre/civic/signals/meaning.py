"""What the regulation says a signal means, in its two parts. No database."""

from __future__ import annotations


def parted(meaning: str) -> tuple[str, str]:
    """What a signal means and what to do then, split at the first colon; without one there is nothing to do beside.

    `Cháy: mọi người mang dụng cụ` → (`Cháy`, `Mọi người mang dụng cụ`).
    """
    what, _colon, to_do = meaning.partition(":")
    what, to_do = what.strip(), to_do.strip()
    if not what or not to_do:
        return meaning.strip(), ""
    return what, to_do[:1].upper() + to_do[1:]
