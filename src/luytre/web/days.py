"""Days as offices here write them, 24/11/2026, in every browser: its own field shows its own order of day and month."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import forms

AS_WRITTEN = "%d/%m/%Y"
FORMATS = (AS_WRITTEN, "%d/%m/%y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d")
"""The last is how links of the program have it."""
ATTRIBUTES = {"inputmode": "numeric", "autocomplete": "off", "placeholder": "24/11/2026", "maxlength": "10"}


class DayField(forms.DateField):
    """Any of `FORMATS`; errors stand at the field, with what was typed."""

    def __init__(self, **more: Any) -> None:
        super().__init__(input_formats=FORMATS, widget=forms.DateInput(attrs=dict(ATTRIBUTES), format=AS_WRITTEN), **more)


def read_day(text: str) -> date | None:
    """Of a filter in an address; None for what is no day, or none that a commune's footage can be of."""
    for form in FORMATS:
        try:
            found = datetime.strptime(text.strip(), form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
        return found if 2000 <= found.year < 3000 else None
    return None
