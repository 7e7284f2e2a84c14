"""The coordination regulation. The versions' table is made anew by SQLite: its triggers come back at once."""

from django.conf import settings
from django.db import migrations, models

from luytre.civic.chain.triggers import guard


def guard_versions(apps, schema_editor):
    guard(schema_editor.connection, "regulations_version")


class Migration(migrations.Migration):

    dependencies = [
        ('regulations', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='version',
            name='regulation_known',
        ),
        migrations.AlterField(
            model_name='draft',
            name='kind',
            field=models.CharField(choices=[('usage', 'usage regulation'), ('coordination', 'coordination regulation')], max_length=20, unique=True),
        ),
        migrations.AlterField(
            model_name='version',
            name='kind',
            field=models.CharField(choices=[('usage', 'usage regulation'), ('coordination', 'coordination regulation')], max_length=20),
        ),
        migrations.AddConstraint(
            model_name='version',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['usage', 'coordination'])), name='regulation_known'),
        ),
        migrations.RunPython(guard_versions, migrations.RunPython.noop),
    ]
