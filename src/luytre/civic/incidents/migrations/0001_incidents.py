"""Incidents; their steps are an append-only chain from the first row."""

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
        ('registry', '0014_wiring_and_warranties'),
        ('tips', '0001_tips'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Incident',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=luytre.base.ids.new_id, editable=False, max_length=20, unique=True)),
                ('year', models.PositiveIntegerField()),
                ('number', models.PositiveIntegerField()),
                ('kind', models.CharField(choices=[('theft', 'theft, robbery'), ('disorder', 'fighting, disorder'), ('accident', 'traffic accident'), ('fire', 'fire, explosion'), ('suspicious', 'something suspicious'), ('traffic', 'traffic: speeding, blocking the road'), ('environment', 'environment: waste, noise, burning'), ('camera', 'a camera: broken, turned, looks into a home'), ('other', 'something else')], max_length=12)),
                ('title', models.CharField(max_length=160)),
                ('words', models.TextField(blank=True)),
                ('place', models.CharField(blank=True, max_length=200)),
                ('latitude', models.DecimalField(decimal_places=6, max_digits=8, null=True)),
                ('longitude', models.DecimalField(decimal_places=6, max_digits=9, null=True)),
                ('happened', models.DateTimeField()),
                ('opened', models.DateTimeField(db_index=True)),
                ('state', models.CharField(choices=[('called', 'waits for somebody to go'), ('accepted', 'somebody is on the way'), ('arrived', 'somebody is there'), ('done', 'done there, to be closed'), ('closed', 'closed')], default='called', max_length=10)),
                ('first', models.CharField(choices=[('head', 'head of the commune police'), ('duty', 'police on duty'), ('hamlet_head', 'hamlet head'), ('security_team', 'hamlet security team'), ('owner', 'camera owner'), ('committee', 'committee member'), ('auditor', 'auditor'), ('administrator', 'administrator'), ('resident', 'resident')], max_length=20)),
                ('backup', models.CharField(choices=[('head', 'head of the commune police'), ('duty', 'police on duty'), ('hamlet_head', 'hamlet head'), ('security_team', 'hamlet security team'), ('owner', 'camera owner'), ('committee', 'committee member'), ('auditor', 'auditor'), ('administrator', 'administrator'), ('resident', 'resident')], max_length=20)),
                ('level', models.PositiveSmallIntegerField(default=0)),
                ('due', models.DateTimeField(db_index=True, null=True)),
                ('accept_min', models.PositiveIntegerField()),
                ('arrive_min', models.PositiveIntegerField()),
                ('matrix', models.PositiveIntegerField(default=0)),
                ('closed', models.DateTimeField(db_index=True, null=True)),
                ('result', models.CharField(blank=True, choices=[('solved', 'solved'), ('settled', 'settled on the spot'), ('passed_on', 'passed on to who is responsible'), ('unsolved', 'not solved'), ('nothing', 'nothing had happened')], max_length=10)),
                ('by_footage', models.BooleanField(null=True)),
                ('recovered_vnd', models.PositiveBigIntegerField(default=0)),
                ('backup_unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.unit')),
                ('hamlet', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='registry.hamlet')),
                ('opened_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('taken_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.unit')),
            ],
            options={
                'ordering': ['-opened', '-pk'],
                'constraints': [
                    models.UniqueConstraint(fields=('year', 'number'), name='incident_numbered_once'),
                    models.CheckConstraint(condition=models.Q(('kind__in', ['theft', 'disorder', 'accident', 'fire', 'suspicious', 'traffic', 'environment', 'camera', 'other'])), name='incident_kind_known'),
                    models.CheckConstraint(condition=models.Q(('number__gte', 1)), name='incidents_count_from_one'),
                    models.CheckConstraint(condition=models.Q(('first__in', ['head', 'duty', 'hamlet_head', 'security_team', 'owner', 'committee', 'auditor', 'administrator', 'resident']), ('backup__in', ['head', 'duty', 'hamlet_head', 'security_team', 'owner', 'committee', 'auditor', 'administrator', 'resident'])), name='incident_has_answerers'),
                    models.CheckConstraint(condition=models.Q(models.Q(('closed__isnull', False), ('due', None), ('result__in', ['solved', 'settled', 'passed_on', 'unsolved', 'nothing']), ('state', 'closed')), models.Q(('closed__isnull', True), ('result', ''), models.Q(('state', 'closed'), _negated=True), ('state__in', ['called', 'accepted', 'arrived', 'done', 'closed'])), _connector='OR'), name='incident_closed_with_a_result'),
                ],
            },
        ),
        migrations.CreateModel(
            name='IncidentStep',
            fields=[
                ('seq', models.BigIntegerField(editable=False, primary_key=True, serialize=False)),
                ('previous', models.CharField(editable=False, max_length=64)),
                ('digest', models.CharField(editable=False, max_length=64)),
                ('at', models.DateTimeField(db_index=True)),
                ('incident', models.CharField(db_index=True, max_length=20)),
                ('code', models.CharField(choices=[('opened', 'opened'), ('called', 'given to'), ('escalated', 'its time ran out'), ('accepted', 'goes there'), ('declined', 'cannot go'), ('arrived', 'is there'), ('done', 'done there'), ('noted', 'note'), ('tip', 'a tip belongs to it'), ('held', 'footage put on hold'), ('linked', 'belongs together with'), ('closed', 'closed'), ('reopened', 'opened again')], max_length=10)),
                ('whom', models.CharField(blank=True, max_length=20)),
                ('unit', models.CharField(blank=True, max_length=40)),
                ('thing', models.CharField(blank=True, max_length=40)),
                ('note', models.CharField(blank=True, max_length=400)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['seq'],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('code__in', ['opened', 'called', 'escalated', 'accepted', 'declined', 'arrived', 'done', 'noted', 'tip', 'held', 'linked', 'closed', 'reopened'])), name='incident_step_known'),
                ],
            },
        ),
        migrations.CreateModel(
            name='IncidentTip',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('incident', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tips', to='incidents.incident')),
                ('tip', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tips.tip')),
            ],
        ),
        Chain("incidentstep"),
    ]
