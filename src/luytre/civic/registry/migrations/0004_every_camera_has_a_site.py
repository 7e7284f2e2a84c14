import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('registry', '0003_a_site_for_each_camera'),
    ]

    operations = [
        migrations.AlterField(
            model_name='camera',
            name='site',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cameras', to='registry.site'),
        ),
        migrations.RemoveField(
            model_name='camera',
            name='hamlet',
        ),
    ]
