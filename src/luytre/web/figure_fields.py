"""Fields of forms for figures: a comma or a point before the fraction; what was typed stays in the field when it is wrong."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from luytre.base.errors import UsageError
from luytre.civic.registry.figures import parse_number, parse_whole
from luytre.civic.registry.position import parse_position
from luytre.civic.registry.sites import Position


def in_words(error: UsageError) -> ValidationError:
    """The error as a form's field says it: a sentence and its advice."""
    cause = error.sentence()
    return ValidationError(f"{cause[:1].upper()}{cause[1:]}. {error.advice()}".strip())


class FigureField(forms.CharField):
    """A number, or None for nothing. `whole`: without a fraction, and not below 0."""

    def __init__(self, *, whole: bool = False, **more: Any) -> None:
        super().__init__(max_length=20, required=False, **more)
        self.whole = whole
        self.widget.attrs |= {"inputmode": "numeric" if whole else "decimal"}

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            return (parse_whole(text) if self.whole else parse_number(text)) if text else None
        except UsageError as error:
            raise in_words(error) from error


class PositionField(forms.CharField):
    """Latitude and longitude as a map on a telephone shows them, or None for nothing."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            found: Position | None = parse_position(text) if text else None
        except UsageError as error:
            raise in_words(error) from error
        return found
