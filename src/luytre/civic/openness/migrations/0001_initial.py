"""Pages as they were computed last."""

from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='PublicPage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('period', models.CharField(max_length=8, unique=True)),
                ('made_of', models.CharField(max_length=64)),
                ('content', models.TextField()),
            ],
        ),
    ]
