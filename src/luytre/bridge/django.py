"""Starts Django for commands that are no web: the command line reaches the registry through here."""

from __future__ import annotations

import os

from luytre.base.errors import LuytreError
from luytre.base.i18n import N_, language, use_language


def start_django() -> None:
    """Errors: LuytreError when the database is not there yet (`luytre serve` makes it)."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "luytre.web.settings")
    import django
    from django.utils import translation

    django.setup()
    spoken = language()
    use_language(spoken)
    translation.activate(spoken)
    from django.db import DatabaseError, connection

    hint = N_("Run `luytre serve` once, or set LUYTRE_DATA to where the data is.")
    try:
        tables = connection.introspection.table_names()
    except DatabaseError as error:
        raise LuytreError(N_("the database cannot be opened"), subject=str(error), hint=hint) from error
    if "registry_camera" not in tables:
        raise LuytreError(N_("there is no database here yet"), hint=hint)
