"""Emulation pacts: their steps are an append-only chain from their first row."""

import django.db.models.deletion
import luytre.base.ids
from django.conf import settings
from django.db import migrations, models

from luytre.civic.chain.operations import Chain


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('chain', '0001_initial'),
        ('access', '0011_treasurers'),
        ('committee', '0001_committee'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CriteriaSet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=luytre.base.ids.new_id, editable=False, max_length=20, unique=True)),
                ('once', models.CharField(max_length=40, unique=True)),
                ('audience', models.CharField(choices=[('hamlet', 'hamlets'), ('union', 'unions and units')], max_length=10)),
                ('number', models.PositiveIntegerField()),
                ('title', models.CharField(max_length=120)),
                ('revision', models.PositiveIntegerField(default=1)),
                ('frozen', models.DateTimeField(null=True)),
                ('made', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('audience__in', ['hamlet', 'union'])), name='pact_audience_known'), models.UniqueConstraint(fields=('audience', 'number'), name='pact_criteria_numbered_once')],
                'ordering': ['audience', '-number'],
            },
        ),
        migrations.CreateModel(
            name='Criterion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('words', models.CharField(max_length=300)),
                ('weight', models.PositiveSmallIntegerField()),
                ('measure', models.CharField(choices=[('uptime', 'cameras working'), ('told', 'faults seen to within 24 hours'), ('repaired', 'repaired within 7 days'), ('alarms', 'alarms answered'), ('tasks', 'tasks and reports in time'), ('breaches', 'no footage leaked'), ('board', "by the board's judgement")], max_length=10)),
                ('criteria', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='pacts.criteriaset')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('criteria', 'number'), name='pact_criterion_numbered_once'), models.CheckConstraint(condition=models.Q(('weight__range', (1, 100))), name='pact_weight_counts'), models.CheckConstraint(condition=models.Q(('measure__in', ['uptime', 'told', 'repaired', 'alarms', 'tasks', 'breaches', 'board'])), name='pact_measure_known')],
                'ordering': ['number'],
            },
        ),
        migrations.CreateModel(
            name='Pact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=luytre.base.ids.new_id, editable=False, max_length=20, unique=True)),
                ('once', models.CharField(max_length=40, unique=True)),
                ('year', models.PositiveSmallIntegerField()),
                ('first_quarter', models.PositiveSmallIntegerField()),
                ('last_quarter', models.PositiveSmallIntegerField()),
                ('words', models.TextField(blank=True, max_length=6000)),
                ('conference', models.DateField()),
                ('unit_signer', models.CharField(max_length=120)),
                ('unit_post', models.CharField(max_length=120)),
                ('board_signer', models.CharField(max_length=120)),
                ('board_post', models.CharField(max_length=120)),
                ('unit_signed', models.DateTimeField(null=True)),
                ('board_signed', models.DateTimeField(null=True)),
                ('withdrawn', models.DateTimeField(null=True)),
                ('made', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('criteria', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pacts', to='pacts.criteriaset')),
                ('document', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='committee.document')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.unit')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('first_quarter__gte', 1), ('first_quarter__lte', models.F('last_quarter')), ('last_quarter__lte', 4)), name='pact_quarters_in_order')],
                'ordering': ['-year', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='PactStep',
            fields=[
                ('seq', models.BigIntegerField(editable=False, primary_key=True, serialize=False)),
                ('previous', models.CharField(editable=False, max_length=64)),
                ('digest', models.CharField(editable=False, max_length=64)),
                ('at', models.DateTimeField()),
                ('code', models.CharField(choices=[('written', 'criteria written'), ('frozen', 'criteria frozen: a pact was signed on them'), ('drawn', 'pact drawn up'), ('unit', 'signed for the unit'), ('board', 'signed for the committee'), ('filed', 'its document in the register named'), ('withdrawn', 'pact withdrawn'), ('opened', 'quarter opened'), ('self', 'self-score written'), ('scored', "board's score written"), ('closed', 'quarter closed'), ('reopened', 'quarter opened again'), ('breach', 'confirmed breach written down'), ('taken_back', 'breach taken back'), ('commended', 'commendation written down'), ('struck', 'commendation struck out')], max_length=10)),
                ('thing', models.CharField(db_index=True, max_length=20)),
                ('iso', models.CharField(blank=True, max_length=10)),
                ('refers', models.BigIntegerField(null=True, unique=True)),
                ('note', models.CharField(blank=True, max_length=400)),
                ('text', models.TextField(blank=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('code__in', ['written', 'frozen', 'drawn', 'unit', 'board', 'filed', 'withdrawn', 'opened', 'self', 'scored', 'closed', 'reopened', 'breach', 'taken_back', 'commended', 'struck'])), name='pact_step_known')],
                'ordering': ['seq'],
            },
        ),
        migrations.CreateModel(
            name='Quarter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField()),
                ('number', models.PositiveSmallIntegerField()),
                ('is_closed', models.BooleanField(default=False)),
                ('version', models.PositiveSmallIntegerField(default=0)),
                ('opened', models.DateTimeField()),
            ],
            options={
                'ordering': ['-year', '-number'],
                'constraints': [models.UniqueConstraint(fields=('year', 'number'), name='pact_quarter_once'), models.CheckConstraint(condition=models.Q(('number__range', (1, 4))), name='pact_quarter_of_four'), models.CheckConstraint(condition=models.Q(('is_closed', False), ('version__gte', 1), _connector='OR'), name='pact_closed_has_version')],
            },
        ),
        migrations.CreateModel(
            name='Sheet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('revision', models.PositiveIntegerField(default=1)),
                ('self_scored', models.DateTimeField(null=True)),
                ('board_scored', models.DateTimeField(null=True)),
                ('pact', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sheets', to='pacts.pact')),
                ('quarter', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sheets', to='pacts.quarter')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('quarter', 'pact'), name='pact_sheet_once')],
            },
        ),
        migrations.CreateModel(
            name='Score',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('self_tenths', models.PositiveSmallIntegerField(null=True)),
                ('self_note', models.CharField(blank=True, max_length=400)),
                ('board_tenths', models.PositiveSmallIntegerField(null=True)),
                ('board_reason', models.CharField(blank=True, max_length=400)),
                ('criterion', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pacts.criterion')),
                ('sheet', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='scores', to='pacts.sheet')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('sheet', 'criterion'), name='pact_scored_once')],
            },
        ),
        migrations.CreateModel(
            name='Commendation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=luytre.base.ids.new_id, editable=False, max_length=20, unique=True)),
                ('once', models.CharField(max_length=40, unique=True)),
                ('year', models.PositiveSmallIntegerField()),
                ('number', models.PositiveSmallIntegerField()),
                ('office', models.CharField(blank=True, max_length=120)),
                ('words', models.CharField(max_length=300)),
                ('sign', models.CharField(max_length=60)),
                ('day', models.DateField()),
                ('struck', models.DateTimeField(null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.unit')),
            ],
            options={
                'ordering': ['-day', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('unit', None), models.Q(('office', ''), _negated=True)), models.Q(('office', ''), ('unit__isnull', False)), _connector='OR'), name='pact_commended_one')],
            },
        ),
        Chain("pactstep"),
    ]
