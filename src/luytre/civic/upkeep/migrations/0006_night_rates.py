"""Cameras whose data rate is lowered by night."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('registry', '0014_wiring_and_warranties'),
        ('upkeep', '0005_link_loss_and_jitter'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='NightRate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kbps', models.PositiveIntegerField()),
                ('since', models.DateTimeField()),
                ('ends', models.BooleanField(default=False)),
                ('day_kbps', models.PositiveIntegerField(null=True)),
                ('took_kbps', models.PositiveIntegerField(null=True)),
                ('due', models.DateTimeField(null=True)),
                ('failed', models.CharField(blank=True, max_length=20)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('camera', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='night_rate', to='registry.camera')),
            ],
        ),
    ]
