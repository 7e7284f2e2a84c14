from django.db import migrations, models

ROLES = [
    ("administrator", "administrator"),
    ("head", "head of the commune police"),
    ("duty", "police on duty"),
    ("hamlet_head", "hamlet head"),
    ("security_team", "hamlet security team"),
    ("surveyor", "surveyor"),
    ("owner", "camera owner"),
    ("committee", "committee member"),
    ("auditor", "auditor"),
    ("resident", "resident"),
]


class Migration(migrations.Migration):
    """One role more: who fills in the survey on a telephone."""

    dependencies = [("access", "0009_units")]

    operations = [
        migrations.RemoveConstraint(model_name="assignment", name="assignment_role_known"),
        migrations.AlterField(model_name="assignment", name="role", field=models.CharField(choices=ROLES, max_length=20)),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.CheckConstraint(
                condition=models.Q(("role__in", [role for role, _ in ROLES])), name="assignment_role_known"
            ),
        ),
    ]
