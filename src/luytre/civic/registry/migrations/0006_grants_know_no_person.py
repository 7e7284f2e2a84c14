import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Apart from 0005: PostgreSQL changes no table whose rows were written in the same transaction."""

    dependencies = [("registry", "0005_grants_of_assignments")]

    operations = [
        migrations.RemoveConstraint(model_name="cameragrant", name="one_grant_a_camera"),
        migrations.RemoveField(model_name="cameragrant", name="user"),
        migrations.RemoveField(model_name="cameragrant", name="history"),
        migrations.AlterField(
            model_name="cameragrant",
            name="assignment",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="access.assignment"),
        ),
        migrations.AddConstraint(
            model_name="cameragrant",
            constraint=models.UniqueConstraint(fields=("assignment", "camera"), name="one_grant_a_camera"),
        ),
    ]
