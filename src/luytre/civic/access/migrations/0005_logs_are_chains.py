"""The access log and the log of changes become append-only chains; the rows that are there are taken in as they stand.

`seq` takes the place of `id`: nothing points to a row of either log, and so no column is left that the digest does not cover.
"""

import django.utils.timezone
from django.db import migrations, models

from luytre.civic.chain.operations import Chain


def numbered(model: str) -> list[migrations.operations.base.Operation]:
    digest = models.CharField(default="", editable=False, max_length=64)
    return [
        migrations.RenameField(model, "id", "seq"),
        migrations.AlterField(model, "seq", models.BigIntegerField(editable=False, primary_key=True, serialize=False)),
        migrations.AddField(model, "previous", digest, preserve_default=False),
        migrations.AddField(model, "digest", digest.clone(), preserve_default=False),
        migrations.AlterField(
            model, "at", models.DateTimeField(db_index=True, default=django.utils.timezone.now, editable=False)
        ),
    ]


class Migration(migrations.Migration):
    dependencies = [
        ("chain", "0001_initial"),
        ("access", "0004_wall_orders"),
    ]

    operations = [
        *numbered("look"),
        *numbered("change"),
        migrations.AlterModelOptions("change", {"ordering": ["-seq"]}),
        migrations.AddField("look", "purpose_key", models.CharField(blank=True, default="", max_length=64), preserve_default=False),
        migrations.AddField("look", "reference", models.CharField(blank=True, default="", max_length=120), preserve_default=False),
        Chain("look"),
        Chain("change"),
    ]
