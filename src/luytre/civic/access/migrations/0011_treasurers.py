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
    ("treasurer", "treasurer"),
    ("auditor", "auditor"),
    ("resident", "resident"),
]


class Migration(migrations.Migration):
    """One role more: who keeps the book of contributions."""

    dependencies = [("access", "0010_surveyors")]

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
