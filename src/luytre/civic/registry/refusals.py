"""What is wrong with the fields of a draft, gathered and said: message ids with figures, translated where they are shown."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from luytre.base import i18n
from luytre.base.errors import UsageError


class Refusals:
    """Gathers what is wrong by field, so that everything is told at once."""

    def __init__(self) -> None:
        self.found: dict[str, list[ValidationError]] = {}

    def tell(self, field: str, words: str, **figures: object) -> None:
        """`words`: a message id marked with N_(); `figures` stand in it as `%(name)s`."""
        self.add(field, ValidationError(words, params=figures or None))

    def add(self, field: str, error: ValidationError | UsageError | None) -> None:
        """None adds nothing."""
        if isinstance(error, UsageError):
            self.found.setdefault(field, []).extend(ValidationError(words) for words in (error.cause, error.hint) if words)
        elif error is not None:
            self.found.setdefault(field, []).append(error)

    def raise_any(self) -> None:
        """Errors: ValidationError by field, where anything was told."""
        if self.found:
            raise ValidationError(dict(self.found))


def said(error: ValidationError, language: str = "") -> dict[str, str]:
    """The sentences for each field, translated (into the context's language, where none is named) and with their figures.

    Of what belongs to no field, under `__all__`.
    """
    language = language or i18n.language()
    by_field = error.error_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.error_list}
    return {field: " ".join(_sentences(errors, language)) for field, errors in by_field.items()}


def _sentences(errors: Iterable[ValidationError], language: str) -> Iterable[str]:
    for one in errors:
        text = i18n.translate(str(one.message), language)
        text = text % {name: _figure(value, language) for name, value in one.params.items()} if one.params else text
        yield f"{text[:1].upper()}{text[1:]}{'' if text.endswith(('.', '!', '?')) else '.'}"


def _figure(value: object, language: str) -> str:
    """A number as it is read: `0,5` in Vietnamese."""
    if isinstance(value, float):
        return f"{value:g}".replace(".", "," if language == "vi" else ".")
    return str(value)
