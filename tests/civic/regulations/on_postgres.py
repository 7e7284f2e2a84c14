"""Versions of the regulation on a real PostgreSQL: approved, in force at their moment, never changed, seen by other processes."""

CORE = """
from luytre.bridge.django import start_django
start_django()
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from django.db import connection, transaction
from django.db.utils import DatabaseError
from luytre.civic.access.models import User
from luytre.civic.registry.config import recorder_config
from luytre.civic.regulations.approval import NotApproved, approve, begin_draft
from luytre.civic.regulations.force import in_force
from luytre.civic.regulations.proposal import PROPOSAL

assert connection.vendor == "postgresql"
now = datetime.now(UTC)
head = User.objects.create_user("truong", "four-words-not-together")
begin_draft(head, now, from_proposal=True)
first = approve(head, 1, None, now)
begin_draft(head, now, from_proposal=False)
try:
    approve(head, 1, now, now)
except NotApproved as error:
    print(error.field)
second = approve(head, 1, now + timedelta(hours=1), now)
assert in_force(now - timedelta(1)).is_built_in
assert [in_force(now + timedelta(hours=hours)).number for hours in (0, 2)] == [1, 2]
assert in_force(now).rules == PROPOSAL
assert recorder_config()["settings"]["retention_days"] == 15
for statement in ("UPDATE regulations_version SET number = 9", "DELETE FROM regulations_version", "TRUNCATE regulations_version"):
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except DatabaseError as error:
        print("append-only" in str(error))
"""
OTHER = """
from luytre.bridge.django import start_django
start_django()
from luytre.civic.regulations.force import in_force_now
from datetime import UTC, datetime
print(in_force_now(datetime.now(UTC)).number)
"""
