"""Videos of tips."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tips', '0001_tips'),
    ]

    operations = [
        migrations.AddField(
            model_name='tippicture',
            name='seconds',
            field=models.PositiveIntegerField(null=True),
        ),
    ]
