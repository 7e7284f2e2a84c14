"""Lengths of time in words, as pages tell them."""

from __future__ import annotations

from django.utils.translation import ngettext


def length_words(seconds: float) -> str:
    """`40 seconds`, `12 minutes`, `5 hours`: in the largest unit that still tells it well."""
    if seconds < 120:
        return ngettext("%(count)d second", "%(count)d seconds", round(seconds)) % {"count": round(seconds)}
    minutes = round(seconds / 60)
    if minutes < 120:
        return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}
    hours = round(minutes / 60)
    return ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}
