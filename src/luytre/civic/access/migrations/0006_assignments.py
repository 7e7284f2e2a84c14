"""A person's one role becomes assignments. Administrators are given `head` besides, so that nobody is locked out of the
pictures they had; viewers become security teams of named cameras (the registry's next migration brings which)."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

ROLES = [
    ("administrator", "administrator"),
    ("head", "head of the commune police"),
    ("duty", "police on duty"),
    ("hamlet_head", "hamlet head"),
    ("security_team", "hamlet security team"),
    ("owner", "camera owner"),
    ("committee", "committee member"),
    ("auditor", "auditor"),
    ("resident", "resident"),
]
GIVEN = {
    "administrator": (("administrator", "", ""), ("head", "", "")),
    "operator": (("duty", "", ""),),
    "viewer": (("security_team", "cameras", "live"),),
}


def give(apps, schema_editor):
    assignment = apps.get_model("access", "Assignment")
    for user in apps.get_model("access", "User").objects.order_by("pk"):
        day = django.utils.timezone.localdate(user.created)
        for role, place, ways in GIVEN[user.role]:
            assignment.objects.create(user=user, role=role, place=place, ways=ways, first_day=day)


class Migration(migrations.Migration):
    dependencies = [("access", "0005_logs_are_chains")]

    operations = [
        migrations.CreateModel(
            name="Assignment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("role", models.CharField(choices=ROLES, max_length=20)),
                ("place", models.CharField(blank=True, max_length=80)),
                ("ways", models.CharField(blank=True, max_length=80)),
                ("hours_from", models.TimeField(blank=True, null=True)),
                ("hours_to", models.TimeField(blank=True, null=True)),
                ("first_day", models.DateField()),
                ("last_day", models.DateField(blank=True, null=True)),
                ("ended", models.DateTimeField(blank=True, null=True)),
                ("created", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="assignments", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("role__in", [role for role, _ in ROLES])), name="assignment_role_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("last_day__isnull", True), ("last_day__gte", models.F("first_day")), _connector="OR"),
                        name="assignment_ends_after_it_begins",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("hours_from__isnull", True), ("hours_to__isnull", True)),
                            models.Q(
                                ("hours_from__isnull", False),
                                ("hours_to__isnull", False),
                                models.Q(("hours_from", models.F("hours_to")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="assignment_hours_both_or_none",
                    ),
                ],
            },
        ),
        migrations.RunPython(give, migrations.RunPython.noop),
    ]
