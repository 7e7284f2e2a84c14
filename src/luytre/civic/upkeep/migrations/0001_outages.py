"""Outages, and how far the time was watched."""

from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Outage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('camera', models.CharField(blank=True, max_length=63)),
                ('fault', models.CharField(choices=[('down', 'nothing is recorded'), ('frozen', 'the picture stands still'), ('dark', 'the picture is dark'), ('covered', 'the camera is covered'), ('blurred', 'the picture is out of focus'), ('turned', 'the camera looks elsewhere'), ('clock_off', 'its clock is wrong'), ('unstable', 'only a part is recorded: the connection is unsteady'), ('days_short', 'footage is kept for fewer days than promised'), ('disk', 'the recording disk has a fault'), ('unknown', 'the recorder did not answer, or nobody looked'), ('off', 'switched off by us')], max_length=12)),
                ('start', models.DateTimeField(db_index=True)),
                ('end', models.DateTimeField(db_index=True, null=True)),
                ('how', models.CharField(blank=True, max_length=8)),
                ('cause', models.CharField(blank=True, max_length=40)),
            ],
            options={
                'ordering': ['start', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('fault__in', ['down', 'frozen', 'dark', 'covered', 'blurred', 'turned', 'clock_off', 'unstable', 'days_short', 'disk', 'unknown', 'off'])), name='outage_fault_known'), models.CheckConstraint(condition=models.Q(('end__isnull', True), ('end__gte', models.F('start')), _connector='OR'), name='outage_ends'), models.UniqueConstraint(condition=models.Q(('end__isnull', True)), fields=('camera', 'fault'), name='one_open_outage')],
            },
        ),
        migrations.CreateModel(
            name='Watching',
            fields=[
                ('id', models.PositiveSmallIntegerField(default=1, editable=False, primary_key=True, serialize=False)),
                ('begun', models.DateTimeField()),
                ('looked', models.DateTimeField()),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='one_watching')],
            },
        ),
    ]
