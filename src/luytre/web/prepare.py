"""`python -m luytre.web.prepare`: what must be there before the web starts. Safe to run again and again.

Brings the database to the present form (only when something is to do) and makes the first administrator, whose
one-time password is printed here, once, and kept nowhere.
"""

from __future__ import annotations

import os
import sys

import django
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from luytre.base.environment import read_environment
from luytre.base.errors import LuytreError
from luytre.base.i18n import N_, _, language_from_environment, use_language
from luytre.base.secret_files import node_key
from luytre.web.migrating import migrate_all

FIRST_ADMINISTRATOR = N_("First administrator: user name {username}, one-time password {password}")
CHANGE_IT = N_("Write it down now: it is shown only this once, and must be changed at the first login.")


def migrate() -> bool:
    """True when something had to be done."""
    executor = MigrationExecutor(connection)
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return False
    migrate_all()
    return True


def prepare() -> None:
    """Errors: LuytreError for a folder that cannot be written to, or a database that does not answer."""
    environment = read_environment()
    try:
        environment.data.mkdir(mode=0o750, parents=True, exist_ok=True)
        node_key(environment.secrets)
    except OSError as error:
        raise LuytreError(
            N_("the data folder cannot be used"), subject=f"{error.filename or environment.data} ({error.strerror})",
            hint=N_("Give this account the right to write there, or set LUYTRE_DATA to another folder."),
        ) from error  # fmt: skip
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "luytre.web.settings")
    use_language(language_from_environment())
    try:
        django.setup()
        migrate()
        _tell_first_administrator()
    except (OperationalError, ImproperlyConfigured) as error:
        raise LuytreError(
            N_("the database cannot be used"), subject=" ".join(str(error).split())[:300],
            hint=N_("Look at LUYTRE_DATA and LUYTRE_DATABASE_URL, the disk's free space, and whether the database server runs."),
        ) from error  # fmt: skip


def _tell_first_administrator() -> None:
    from luytre.civic.access.accounts import FIRST_USERNAME, make_first_administrator

    password = make_first_administrator()
    if password is not None:
        print(_(FIRST_ADMINISTRATOR).format(username=FIRST_USERNAME, password=password))
        print(_(CHANGE_IT), flush=True)


def main() -> int:
    use_language(language_from_environment())
    try:
        prepare()
    except LuytreError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
