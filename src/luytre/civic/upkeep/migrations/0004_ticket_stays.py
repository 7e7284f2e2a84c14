"""A ticket that a person opened again stays until a person closes it."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('upkeep', '0003_disk_and_links'),
    ]

    operations = [
        migrations.AddField(
            model_name='ticket',
            name='stays',
            field=models.BooleanField(default=False),
        ),
    ]
