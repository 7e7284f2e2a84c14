"""What cameras hang on, the firms that mend, warranties. The history's table is made anew by SQLite: its triggers come back at once."""

import django.db.models.deletion
import luytre.base.ids
from django.conf import settings
from django.db import migrations, models


from luytre.civic.chain.triggers import guard


def guard_history(apps, schema_editor):
    guard(schema_editor.connection, "registry_registerstep")


class Migration(migrations.Migration):

    dependencies = [
        ('registry', '0013_every_camera_is_an_eye'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Feed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=luytre.base.ids.new_id, editable=False, max_length=20, unique=True)),
                ('kind', models.CharField(choices=[('switch', 'network switch'), ('line', 'cable line'), ('power', 'power supply'), ('pole', 'pole')], max_length=10)),
                ('name', models.CharField(max_length=120)),
                ('note', models.CharField(blank=True, max_length=400)),
                ('archived', models.BooleanField(db_index=True, default=False)),
                ('revision', models.PositiveIntegerField(default=1, editable=False)),
            ],
            options={
                'ordering': ['name', 'key'],
            },
        ),
        migrations.CreateModel(
            name='Firm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=luytre.base.ids.new_id, editable=False, max_length=20, unique=True)),
                ('name', models.CharField(max_length=120)),
                ('phone', models.CharField(blank=True, max_length=40)),
                ('note', models.CharField(blank=True, max_length=400)),
                ('archived', models.BooleanField(db_index=True, default=False)),
                ('revision', models.PositiveIntegerField(default=1, editable=False)),
            ],
            options={
                'ordering': ['name', 'key'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='registerstep',
            name='register_step_of_a_thing',
        ),
        migrations.AddField(
            model_name='eye',
            name='warranty_until',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name='registerstep',
            name='thing',
            field=models.CharField(choices=[('eye', 'eye'), ('place', 'place to watch'), ('obstacle', 'building or wall'), ('boundary', 'boundary of a hamlet'), ('past_incident', 'past incident'), ('need', 'need'), ('site', 'mounting place'), ('brought_in', 'file that was brought in'), ('feed', 'switch, line, power supply or pole'), ('firm', 'repair firm')], max_length=20),
        ),
        migrations.AddConstraint(
            model_name='registerstep',
            constraint=models.CheckConstraint(condition=models.Q(('thing__in', ['eye', 'place', 'obstacle', 'boundary', 'past_incident', 'need', 'site', 'brought_in', 'feed', 'firm'])), name='register_step_of_a_thing'),
        ),
        migrations.AddField(
            model_name='feed',
            name='cameras',
            field=models.ManyToManyField(related_name='feeds', to='registry.camera'),
        ),
        migrations.AddField(
            model_name='feed',
            name='hamlet',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='feeds', to='registry.hamlet'),
        ),
        migrations.AddField(
            model_name='feed',
            name='parent',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='registry.feed'),
        ),
        migrations.AddField(
            model_name='feed',
            name='firm',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='feeds', to='registry.firm'),
        ),
        migrations.AddConstraint(
            model_name='feed',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['switch', 'line', 'power', 'pole'])), name='feed_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='feed',
            constraint=models.CheckConstraint(condition=models.Q(('parent', models.F('id')), _negated=True), name='feed_hangs_not_on_itself'),
        ),
        migrations.RunPython(guard_history, migrations.RunPython.noop),
    ]
