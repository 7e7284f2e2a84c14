"""The units of the organisation, and their steps as a chain."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from luytre.civic.chain.operations import Chain

KINDS = [("province", "province"), ("commune", "commune"), ("hamlet", "hamlet"), ("unit", "unit")]
CODES = [("named", "named"), ("placed", "placed below"), ("merged", "merged into"), ("ended", "ended")]


class Migration(migrations.Migration):
    dependencies = [("chain", "0001_initial"), ("access", "0008_rights_cut")]

    operations = [
        migrations.CreateModel(
            name="Unit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(choices=KINDS, max_length=12)),
                ("place", models.CharField(max_length=80, null=True, unique=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("kind__in", [kind for kind, _ in KINDS])), name="unit_kind_known")
                ],
            },
        ),
        migrations.CreateModel(
            name="UnitStep",
            fields=[
                ("seq", models.BigIntegerField(editable=False, primary_key=True, serialize=False)),
                ("previous", models.CharField(editable=False, max_length=64)),
                ("digest", models.CharField(editable=False, max_length=64)),
                ("at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("code", models.CharField(choices=CODES, max_length=12)),
                ("day", models.CharField(blank=True, max_length=10)),
                ("name", models.CharField(blank=True, max_length=120)),
                ("reference", models.CharField(blank=True, max_length=120)),
                (
                    "by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.unit"),
                ),
                (
                    "unit",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="access.unit"),
                ),
            ],
            options={
                "ordering": ["seq"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("code__in", [code for code, _ in CODES])), name="unit_step_known")
                ],
            },
        ),
        Chain("unitstep"),
    ]
