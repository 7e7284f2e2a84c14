from django.db import migrations


class Migration(migrations.Migration):
    """Apart from 0009: PostgreSQL changes no table whose rows were written in the same transaction."""

    dependencies = [("registry", "0009_holds_are_chains")]

    operations = [migrations.DeleteModel(name="Hold")]
