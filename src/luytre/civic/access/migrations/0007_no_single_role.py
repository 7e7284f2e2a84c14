from django.db import migrations


class Migration(migrations.Migration):
    """Apart from 0006: PostgreSQL changes no table whose rows were written in the same transaction."""

    dependencies = [("access", "0006_assignments")]

    operations = [
        migrations.RemoveConstraint(model_name="user", name="user_role_known"),
        migrations.RemoveField(model_name="user", name="role"),
    ]
