import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from luytre.civic.chain.operations import Chain


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("chain", "0001_initial"),
        ("registry", "0010_the_old_holds_go"),
    ]

    operations = [
        migrations.CreateModel(
            name="MaskVersion",
            fields=[
                ("seq", models.BigIntegerField(editable=False, primary_key=True, serialize=False)),
                ("previous", models.CharField(editable=False, max_length=64)),
                ("digest", models.CharField(editable=False, max_length=64)),
                ("at", models.DateTimeField(db_index=True)),
                ("camera", models.CharField(db_index=True, max_length=63)),
                ("number", models.PositiveIntegerField()),
                ("polygons", models.TextField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["seq"],
                "constraints": [
                    models.UniqueConstraint(fields=("camera", "number"), name="masks_numbered_once"),
                    models.CheckConstraint(condition=models.Q(("number__gte", 1)), name="masks_count_from_one"),
                ],
            },
        ),
        Chain("MaskVersion"),
    ]
