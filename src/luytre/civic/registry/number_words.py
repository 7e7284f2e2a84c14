"""Figures as they are read and typed here."""

from __future__ import annotations

from django.utils.formats import number_format


def figure_words(value: float) -> str:
    """`3,5` in Vietnamese, `3.5` in English; no group marks, so that it can be typed again."""
    rounded = round(float(value), 6)
    places = len(f"{rounded:.6f}".rstrip("0").partition(".")[2])
    return str(number_format(rounded, places, use_l10n=True, force_grouping=False))
