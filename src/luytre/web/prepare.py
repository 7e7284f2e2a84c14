"""`python -m luytre.web.prepare`: what must be there before the web starts. Safe to run again and again.

Brings the database to the present form (only when something is to do) and makes the first administrator, whose
one-time password is printed here, once, and kept nowhere.
"""

from __future__ import annotations

import os
import sys

import django
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from luytre.base.environment import read_environment
from luytre.base.i18n import N_, _, language_from_environment, use_language

FIRST_ADMINISTRATOR = N_("First administrator: user name {username}, one-time password {password}")
CHANGE_IT = N_("Write it down now: it is shown only this once, and must be changed at the first login.")


def migrate() -> bool:
    """True when something had to be done."""
    executor = MigrationExecutor(connection)
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return False
    call_command("migrate", verbosity=0, interactive=False)
    return True


def main() -> int:
    environment = read_environment()
    environment.data.mkdir(mode=0o750, parents=True, exist_ok=True)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "luytre.web.settings")
    django.setup()
    use_language(language_from_environment())
    migrate()
    from luytre.bridge.tokens import node_key
    from luytre.civic.access.accounts import FIRST_USERNAME, make_first_administrator

    node_key(environment.secrets)
    password = make_first_administrator()
    if password is not None:
        print(_(FIRST_ADMINISTRATOR).format(username=FIRST_USERNAME, password=password))
        print(_(CHANGE_IT), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
