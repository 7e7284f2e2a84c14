"""Each camera gets a code for its public page: short, random, and not its key. Cameras that are there get theirs here."""

import luytre.base.ids
from django.db import migrations, models


def give_codes(apps, schema_editor):
    cameras = apps.get_model("registry", "Camera").objects
    for pk in cameras.filter(code=None).values_list("pk", flat=True):
        cameras.filter(pk=pk).update(code=luytre.base.ids.new_code())


class Migration(migrations.Migration):
    dependencies = [("registry", "0006_grants_know_no_person")]

    operations = [
        migrations.AddField("camera", "code", models.CharField(editable=False, max_length=16, null=True)),
        migrations.RunPython(give_codes, migrations.RunPython.noop),
        migrations.AlterField(
            "camera", "code", models.CharField(default=luytre.base.ids.new_code, editable=False, max_length=16, unique=True)
        ),
    ]
