"""Tickets with their steps, and repairs: steps and repairs are append-only chains from their first row."""

import django.db.models.deletion
import luytre.base.ids
from django.conf import settings
from django.db import migrations, models

from luytre.civic.chain.operations import Chain


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0010_surveyors'),
        ('chain', '0001_initial'),
        ('registry', '0014_wiring_and_warranties'),
        ('upkeep', '0001_outages'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Ticket',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=luytre.base.ids.new_id, editable=False, max_length=20, unique=True)),
                ('fault', models.CharField(choices=[('down', 'nothing is recorded'), ('frozen', 'the picture stands still'), ('dark', 'the picture is dark'), ('covered', 'the camera is covered'), ('blurred', 'the picture is out of focus'), ('turned', 'the camera looks elsewhere'), ('clock_off', 'its clock is wrong'), ('unstable', 'only a part is recorded: the connection is unsteady'), ('days_short', 'footage is kept for fewer days than promised'), ('disk', 'the recording disk has a fault'), ('unknown', 'the recorder did not answer, or nobody looked'), ('off', 'switched off by us')], max_length=12)),
                ('camera', models.CharField(blank=True, db_index=True, max_length=63)),
                ('opened', models.DateTimeField(db_index=True)),
                ('closed', models.DateTimeField(db_index=True, null=True)),
                ('by_hand', models.BooleanField(default=False)),
                ('state', models.CharField(choices=[('open', 'to be done'), ('taken', 'being done'), ('waiting', 'waiting for something'), ('closed', 'done')], default='open', max_length=8)),
                ('waits', models.CharField(blank=True, choices=[('parts', 'spare parts'), ('owner', "the camera's owner"), ('power', 'the power company'), ('network', 'the network company'), ('money', 'money')], max_length=8)),
                ('feed', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.feed')),
                ('firm', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.firm')),
                ('taken_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.unit')),
            ],
            options={
                'ordering': ['-opened', '-pk'],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('state__in', ['open', 'taken', 'waiting', 'closed'])), name='ticket_state_known'),
                    models.CheckConstraint(condition=models.Q(models.Q(('closed__isnull', False), ('state', 'closed')), models.Q(models.Q(('state', 'closed'), _negated=True), ('closed__isnull', True)), _connector='OR'), name='ticket_closed_at_a_time'),
                    models.CheckConstraint(condition=models.Q(('unit__isnull', True), ('firm__isnull', True), _connector='OR'), name='ticket_one_assignee'),
                ],
            },
        ),
        migrations.AddField(
            model_name='outage',
            name='ticket',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='outages', to='upkeep.ticket'),
        ),
        migrations.CreateModel(
            name='TicketStep',
            fields=[
                ('seq', models.BigIntegerField(editable=False, primary_key=True, serialize=False)),
                ('previous', models.CharField(editable=False, max_length=64)),
                ('digest', models.CharField(editable=False, max_length=64)),
                ('at', models.DateTimeField(db_index=True)),
                ('ticket', models.CharField(db_index=True, max_length=20)),
                ('code', models.CharField(choices=[('opened', 'opened by the program'), ('joined', 'another camera belongs to it'), ('left', 'a camera became a ticket of its own'), ('assigned', 'given to'), ('taken', 'taken'), ('waiting', 'waits for'), ('noted', 'note'), ('closed', 'closed'), ('reopened', 'opened again: the fault goes on')], max_length=10)),
                ('camera', models.CharField(blank=True, max_length=63)),
                ('whom', models.CharField(blank=True, max_length=40)),
                ('waits', models.CharField(blank=True, max_length=8)),
                ('words', models.CharField(blank=True, max_length=400)),
                ('lasted_s', models.BigIntegerField(null=True)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['seq'],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('code__in', ['opened', 'joined', 'left', 'assigned', 'taken', 'waiting', 'noted', 'closed', 'reopened'])), name='ticket_step_known'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Repair',
            fields=[
                ('seq', models.BigIntegerField(editable=False, primary_key=True, serialize=False)),
                ('previous', models.CharField(editable=False, max_length=64)),
                ('digest', models.CharField(editable=False, max_length=64)),
                ('at', models.DateTimeField(db_index=True)),
                ('ticket', models.CharField(db_index=True, max_length=20)),
                ('camera', models.CharField(blank=True, db_index=True, max_length=63)),
                ('day', models.CharField(max_length=10)),
                ('who', models.CharField(max_length=120)),
                ('what', models.CharField(max_length=400)),
                ('part', models.CharField(blank=True, max_length=120)),
                ('cost_vnd', models.BigIntegerField()),
                ('warranty_until', models.CharField(blank=True, max_length=10)),
                ('corrects', models.BigIntegerField(null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['seq'],
                'constraints': [models.CheckConstraint(condition=models.Q(('cost_vnd__gte', 0)), name='repair_costs_nothing_or_more'), models.UniqueConstraint(condition=models.Q(('corrects__isnull', False)), fields=('corrects',), name='repair_corrected_once')],
            },
        ),
        Chain("ticketstep"),
        Chain("repair"),
    ]
