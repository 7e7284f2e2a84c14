"""Agreements with a last day. Should SQLite make the table anew for it, its triggers come back at once."""

from django.db import migrations, models

from luytre.civic.chain.triggers import guard


def guard_terms(apps, schema_editor):
    guard(schema_editor.connection, "registry_lendingversion")


class Migration(migrations.Migration):
    dependencies = [("registry", "0015_lending")]

    operations = [
        migrations.AddField(model_name="lendingversion", name="last_day", field=models.CharField(blank=True, max_length=10)),
        migrations.RunPython(guard_terms, migrations.RunPython.noop),
    ]
