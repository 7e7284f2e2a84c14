"""Holds get an end date, and their spans and steps become append-only chains. What was held before is held on for 90 days."""

from datetime import timedelta

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.utils import timezone

import luytre.base.ids
from luytre.civic.chain.operations import Chain

DAYS = 90


def take_over(apps, schema_editor):
    """The rows' numbers and digests are made by `Chain`, which comes next."""
    old, span, step = (apps.get_model("registry", name) for name in ("Hold", "HeldSpan", "HoldStep"))
    now = timezone.now()
    for number, one in enumerate(old.objects.select_related("camera").order_by("pk"), start=1):
        span.objects.create(seq=number, hold=one.key, key=one.key, camera=one.camera.key, start=one.start, end=one.end)
        until = now + timedelta(days=DAYS)
        step.objects.create(seq=number, at=now, hold=one.key, code="set", until=until, reason=one.reason or "-")


def give_back(apps, schema_editor):
    """Going back: spans that were not lifted are held, without an end."""
    old, span, step, camera = (apps.get_model("registry", name) for name in ("Hold", "HeldSpan", "HoldStep", "Camera"))
    lifted = set(step.objects.filter(code="lifted").values_list("hold", flat=True))
    reasons = dict(step.objects.filter(code="set").values_list("hold", "reason"))
    for one in span.objects.exclude(hold__in=lifted):
        found = camera.objects.filter(key=one.camera).first()
        if found is not None:
            old.objects.create(key=one.key, camera=found, start=one.start, end=one.end, reason=reasons.get(one.hold, ""))


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("chain", "0001_initial"),
        ("registry", "0008_camera_groups"),
    ]

    operations = [
        migrations.CreateModel(
            name="HeldSpan",
            fields=[
                ("seq", models.BigIntegerField(editable=False, primary_key=True, serialize=False)),
                ("previous", models.CharField(editable=False, max_length=64)),
                ("digest", models.CharField(editable=False, max_length=64)),
                ("hold", models.CharField(db_index=True, max_length=20)),
                ("key", models.CharField(default=luytre.base.ids.new_id, max_length=20, unique=True)),
                ("camera", models.CharField(db_index=True, max_length=63)),
                ("start", models.DateTimeField()),
                ("end", models.DateTimeField()),
            ],
            options={
                "ordering": ["seq"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("end__gt", models.F("start"))), name="held_span_has_a_length"),
                ],
            },
        ),
        migrations.CreateModel(
            name="HoldStep",
            fields=[
                ("seq", models.BigIntegerField(editable=False, primary_key=True, serialize=False)),
                ("previous", models.CharField(editable=False, max_length=64)),
                ("digest", models.CharField(editable=False, max_length=64)),
                ("at", models.DateTimeField(db_index=True)),
                ("hold", models.CharField(db_index=True, max_length=20)),
                ("code", models.CharField(choices=[("set", "hold set"), ("renewed", "hold renewed"), ("lifted", "hold lifted")], max_length=10)),
                ("until", models.DateTimeField(null=True)),
                ("reference", models.CharField(blank=True, max_length=120)),
                ("reason", models.CharField(max_length=400)),
                (
                    "by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["seq"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("code__in", ["set", "renewed", "lifted"])), name="hold_step_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("code", "lifted"), ("until__isnull", True)),
                            models.Q(("code__in", ["set", "renewed"]), ("until__gt", models.F("at"))),
                            _connector="OR",
                        ),
                        name="hold_ends",
                    ),
                    models.UniqueConstraint(condition=models.Q(("code", "set")), fields=("hold",), name="hold_set_once"),
                    models.UniqueConstraint(condition=models.Q(("code", "lifted")), fields=("hold",), name="hold_lifted_once"),
                ],
            },
        ),
        migrations.RunPython(take_over, give_back),
        Chain("heldspan"),
        Chain("holdstep"),
    ]
