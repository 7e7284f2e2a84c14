"""Motion counted by the hour, where somebody switched it on. The rows' table is made anew by SQLite: its triggers come back at once."""

from django.db import migrations, models

from luytre.civic.chain.triggers import guard

CODES = [
    ('address', 'ONVIF address'), ('clock', 'clock set'), ('password', 'password changed'), ('stream', 'picture settings'), ('reboot', 'restarted'),
    ('noted', 'noted as the device of this camera'), ('ptz_taken', 'turning taken over'), ('preset_kept', 'position kept'), ('preset_removed', 'position removed'),
    ('patrol_kept', 'patrol kept'), ('patrol_removed', 'patrol removed'), ('patrol_started', 'patrol started'), ('patrol_stopped', 'patrol stopped'),
    ('motion_counted', 'counting of motion switched on'), ('motion_left', 'counting of motion switched off'),
]


def guard_steps(apps, schema_editor):
    guard(schema_editor.connection, "devices_devicestep")


class Migration(migrations.Migration):

    dependencies = [
        ('devices', '0002_what_it_can_when_read'),
    ]

    operations = [
        migrations.AddField(
            model_name='device',
            name='counts_motion',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='device',
            name='motion_problem',
            field=models.CharField(blank=True, max_length=20),
        ),
        migrations.CreateModel(
            name='MotionHour',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('camera', models.CharField(max_length=63)),
                ('hour', models.DateTimeField(db_index=True)),
                ('begun', models.PositiveIntegerField(default=0)),
                ('heard_s', models.PositiveIntegerField(default=0)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('camera', 'hour'), name='one_motion_an_hour')],
            },
        ),
        migrations.RemoveConstraint(
            model_name='devicestep',
            name='device_step_known',
        ),
        migrations.AlterField(
            model_name='devicestep',
            name='code',
            field=models.CharField(choices=CODES, max_length=20),
        ),
        migrations.AddConstraint(
            model_name='devicestep',
            constraint=models.CheckConstraint(condition=models.Q(('code__in', [code for code, _words in CODES])), name='device_step_known'),
        ),
        migrations.RunPython(guard_steps, migrations.RunPython.noop),
    ]
