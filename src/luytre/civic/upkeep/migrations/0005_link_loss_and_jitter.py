"""What a connection lost and how unevenly it came, by the hour."""

from typing import ClassVar

from django.db import migrations, models
from django.db.migrations.operations.base import Operation

COUNTS = ("packets", "packets_lost", "seen_packets", "seen_lost")
MEASURES = ("jitter_sum_ms", "jitter_most_ms")


class Migration(migrations.Migration):
    dependencies: ClassVar[list[tuple[str, str]]] = [("upkeep", "0004_ticket_stays")]

    operations: ClassVar[list[Operation]] = [
        *(migrations.AddField("linkhour", name, models.BigIntegerField(default=0)) for name in COUNTS),
        *(migrations.AddField("linkhour", name, models.FloatField(default=0.0)) for name in MEASURES),
        migrations.AddField("linkhour", "jitter_looks", models.PositiveIntegerField(default=0)),
    ]
