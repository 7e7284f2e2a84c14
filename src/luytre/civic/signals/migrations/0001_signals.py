"""Alarms by agreed code; their steps are an append-only chain from the first row."""

import django.db.models.deletion
import luytre.base.ids
from django.conf import settings
from django.db import migrations, models

from luytre.civic.chain.operations import Chain


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('chain', '0001_initial'),
        ('access', '0010_surveyors'),
        ('incidents', '0003_tasks_and_people'),
        ('registry', '0014_wiring_and_warranties'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Sounding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=luytre.base.ids.new_id, editable=False, max_length=20, unique=True)),
                ('once', models.CharField(max_length=20, unique=True)),
                ('year', models.PositiveIntegerField()),
                ('number', models.PositiveIntegerField()),
                ('sign', models.CharField(max_length=400)),
                ('meaning', models.CharField(max_length=400)),
                ('matrix', models.PositiveIntegerField(default=0)),
                ('means', models.CharField(choices=[('gong', 'gong'), ('drum', 'drum'), ('loudspeaker', 'loudspeaker'), ('siren', 'siren'), ('whistle', 'whistle, megaphone'), ('telephone', 'telephone tree'), ('mouth', 'word of mouth'), ('other', 'otherwise')], max_length=12)),
                ('drill', models.BooleanField()),
                ('everywhere', models.BooleanField(default=False)),
                ('hamlet_name', models.CharField(blank=True, max_length=120)),
                ('place', models.CharField(blank=True, max_length=200)),
                ('latitude', models.DecimalField(decimal_places=6, max_digits=8, null=True)),
                ('longitude', models.DecimalField(decimal_places=6, max_digits=9, null=True)),
                ('sounded', models.DateTimeField(db_index=True)),
                ('written', models.DateTimeField()),
                ('ended', models.DateTimeField(db_index=True, null=True)),
                ('end', models.CharField(blank=True, choices=[('done', 'over: what was to be done is done'), ('called_off', 'called off'), ('false', 'false alarm')], max_length=10)),
                ('came', models.PositiveIntegerField(null=True)),
                ('outcome', models.CharField(blank=True, max_length=400)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('hamlet', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='registry.hamlet')),
                ('incident', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='incidents.incident')),
            ],
            options={
                'ordering': ['-sounded', '-pk'],
                'constraints': [
                    models.UniqueConstraint(fields=('year', 'number'), name='alarm_numbered_once'),
                    models.CheckConstraint(condition=models.Q(('number__gte', 1)), name='alarms_count_from_one'),
                    models.CheckConstraint(condition=models.Q(('means__in', ['gong', 'drum', 'loudspeaker', 'siren', 'whistle', 'telephone', 'mouth', 'other'])), name='alarm_means_known'),
                    models.CheckConstraint(condition=models.Q(('drill', False), ('incident', None), _connector='OR'), name='a_drill_is_no_incident'),
                    models.CheckConstraint(condition=models.Q(models.Q(('everywhere', True), ('hamlet', None), ('hamlet_name', '')), models.Q(('everywhere', False), models.Q(('hamlet_name', ''), _negated=True)), _connector='OR'), name='alarm_is_somewhere'),
                    models.CheckConstraint(condition=models.Q(models.Q(('end', ''), ('ended__isnull', True)), models.Q(('end__in', ['done', 'called_off', 'false']), ('ended__isnull', False)), _connector='OR'), name='alarm_ends_somehow'),
                ],
            },
        ),
        migrations.CreateModel(
            name='TreeLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=luytre.base.ids.new_id, editable=False, max_length=20, unique=True)),
                ('rank', models.PositiveIntegerField()),
                ('name', models.CharField(max_length=120)),
                ('sealed_phone', models.TextField(blank=True)),
                ('caller', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='below', to='signals.treeline')),
                ('hamlet', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='registry.hamlet')),
                ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.unit')),
            ],
            options={
                'ordering': ['rank', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Called',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=luytre.base.ids.new_id, editable=False, max_length=20, unique=True)),
                ('rank', models.PositiveIntegerField()),
                ('name', models.CharField(blank=True, max_length=120)),
                ('actor', models.CharField(blank=True, choices=[('administrator', 'administrator'), ('head', 'head of the commune police'), ('duty', 'police on duty'), ('hamlet_head', 'hamlet head'), ('security_team', 'hamlet security team'), ('surveyor', 'surveyor'), ('owner', 'camera owner'), ('committee', 'committee member'), ('auditor', 'auditor'), ('resident', 'resident')], max_length=20)),
                ('caller', models.CharField(blank=True, max_length=120)),
                ('reached', models.BooleanField(null=True)),
                ('reached_at', models.DateTimeField(null=True)),
                ('state', models.CharField(choices=[('waiting', 'no answer yet'), ('coming', 'comes'), ('here', 'is there'), ('cannot', 'cannot come')], default='waiting', max_length=10)),
                ('answered', models.DateTimeField(null=True)),
                ('here', models.DateTimeField(null=True)),
                ('hamlet', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='registry.hamlet')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.unit')),
                ('sounding', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='called', to='signals.sounding')),
                ('line', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='signals.treeline')),
            ],
            options={
                'ordering': ['rank', 'pk'],
                'constraints': [
                    models.UniqueConstraint(condition=models.Q(('person__isnull', False)), fields=('sounding', 'person'), name='staff_answer_once'),
                    models.CheckConstraint(condition=models.Q(models.Q(('answered', None), ('state', 'waiting')), models.Q(('answered__isnull', False), ('state__in', ['coming', 'here', 'cannot'])), _connector='OR'), name='who_answered_has_a_moment'),
                    models.CheckConstraint(condition=models.Q(models.Q(('reached__isnull', True), ('reached_at', None)), models.Q(('reached__isnull', False), ('reached_at__isnull', False)), _connector='OR'), name='who_was_reached_has_a_moment'),
                ],
            },
        ),
        migrations.CreateModel(
            name='SignalStep',
            fields=[
                ('seq', models.BigIntegerField(editable=False, primary_key=True, serialize=False)),
                ('previous', models.CharField(editable=False, max_length=64)),
                ('digest', models.CharField(editable=False, max_length=64)),
                ('at', models.DateTimeField(db_index=True)),
                ('moment', models.DateTimeField()),
                ('sounding', models.CharField(db_index=True, max_length=20)),
                ('code', models.CharField(choices=[('sounded', 'sounded'), ('drill', 'drill sounded'), ('coming', 'comes'), ('here', 'is there'), ('cannot', 'cannot come'), ('reached', 'reached by telephone'), ('unreached', 'not reached by telephone'), ('noted', 'note'), ('incident', 'an incident was opened'), ('ended', 'ended')], max_length=10)),
                ('whom', models.CharField(blank=True, max_length=20)),
                ('place', models.CharField(blank=True, max_length=40)),
                ('thing', models.CharField(blank=True, max_length=40)),
                ('figure', models.PositiveIntegerField(null=True)),
                ('note', models.CharField(blank=True, max_length=400)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['seq'],
                'constraints': [models.CheckConstraint(condition=models.Q(('code__in', ['sounded', 'drill', 'coming', 'here', 'cannot', 'reached', 'unreached', 'noted', 'incident', 'ended'])), name='signal_step_known')],
            },
        ),
        Chain("signalstep"),
    ]
