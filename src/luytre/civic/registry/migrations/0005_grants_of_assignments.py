"""A named camera belongs to an assignment, which says whether with footage: a person who had both kinds gets two."""

import django.db.models.deletion
from django.db import migrations, models


def move(apps, schema_editor):
    assignment, grant = apps.get_model("access", "Assignment"), apps.get_model("registry", "CameraGrant")
    for user in grant.objects.order_by("user").values_list("user", flat=True).distinct():
        for history, ways in ((False, "live"), (True, "history,live")):
            mine = grant.objects.filter(user=user, history=history)
            if not mine.exists():
                continue
            first = assignment.objects.filter(user=user, place="cameras").order_by("pk").first()
            if first is None:
                continue  # not a viewer: such grants never counted
            if first.ways != ways:
                if grant.objects.filter(assignment=first).exists():
                    first = assignment.objects.create(
                        user_id=user, role=first.role, place="cameras", ways=ways, first_day=first.first_day
                    )
                else:
                    first.ways = ways
                    first.save(update_fields=["ways"])
            mine.update(assignment=first)
    grant.objects.filter(assignment=None).delete()


class Migration(migrations.Migration):
    dependencies = [("registry", "0004_every_camera_has_a_site"), ("access", "0006_assignments")]

    operations = [
        migrations.AddField(
            model_name="cameragrant",
            name="assignment",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="access.assignment"
            ),
        ),
        migrations.RunPython(move, migrations.RunPython.noop),
    ]
