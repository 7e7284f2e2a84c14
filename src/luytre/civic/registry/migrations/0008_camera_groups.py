import luytre.base.ids
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registry", "0007_a_code_for_each_camera")]

    operations = [
        migrations.CreateModel(
            name="CameraGroup",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(default=luytre.base.ids.new_id, editable=False, max_length=20, unique=True)),
                ("name", models.CharField(max_length=80)),
                ("ended", models.DateTimeField(editable=False, null=True)),
                ("cameras", models.ManyToManyField(related_name="groups", to="registry.camera")),
            ],
        ),
    ]
