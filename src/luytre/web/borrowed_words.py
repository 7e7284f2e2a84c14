"""Sentences of the libraries that people here read and that the libraries do not have in Vietnamese, or not in good one.

Nothing calls this: it marks the sentences for our catalogue, which Django asks before its own.
"""

from __future__ import annotations

from django.utils.translation import gettext_noop, ngettext_lazy

SENTENCES = (
    ngettext_lazy(
        "This password is too short. It must contain at least %d character.",
        "This password is too short. It must contain at least %d characters.",
        "min_length",
    ),
    gettext_noop("The password is too similar to the %(verbose_name)s."),
    gettext_noop("Enter a whole number."),  # Django's own reads like "a total number"
)
