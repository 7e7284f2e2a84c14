"""The committee: its steps are an append-only chain from their first row."""

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
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Document',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=luytre.base.ids.new_id, editable=False, max_length=20, unique=True)),
                ('once', models.CharField(max_length=40, unique=True)),
                ('sign', models.CharField(max_length=60)),
                ('kind', models.CharField(choices=[('decision', 'decision'), ('plan', 'plan (document)'), ('regulation', 'regulation (document)'), ('minutes', 'minutes'), ('report', 'report (document)'), ('dispatch', 'official letter'), ('pact', 'emulation pact'), ('other', 'another document')], max_length=12)),
                ('issued', models.DateField()),
                ('issuer', models.CharField(max_length=120)),
                ('subject', models.CharField(max_length=300)),
                ('establishes', models.BooleanField(default=False)),
                ('file', models.CharField(blank=True, max_length=70)),
                ('force_from', models.DateField(null=True)),
                ('force_until', models.DateField(null=True)),
                ('ended_how', models.CharField(blank=True, choices=[('replaced', 'replaced by'), ('abolished', 'abolished by')], max_length=10)),
                ('struck', models.DateTimeField(null=True)),
                ('entered', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='ended', to='committee.document')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['decision', 'plan', 'regulation', 'minutes', 'report', 'dispatch', 'pact', 'other'])), name='committee_document_kind_known'), models.CheckConstraint(condition=models.Q(models.Q(('ended_by', None), ('ended_how', '')), models.Q(('ended_by__isnull', False), ('ended_how__in', ['replaced', 'abolished'])), _connector='OR'), name='committee_document_ended_by_one'), models.UniqueConstraint(condition=models.Q(('struck', None)), fields=('sign', 'issuer', 'issued'), name='committee_document_once')],
                'ordering': ['-issued', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Launch',
            fields=[
                ('id', models.PositiveSmallIntegerField(default=1, editable=False, primary_key=True, serialize=False)),
                ('day', models.DateField(null=True)),
                ('place', models.CharField(blank=True, max_length=300)),
                ('programme', models.TextField(blank=True, max_length=12000)),
                ('invited', models.TextField(blank=True, max_length=12000)),
                ('eyes_wanted', models.PositiveIntegerField(default=20)),
                ('held', models.DateTimeField(null=True)),
                ('revision', models.PositiveIntegerField(default=1)),
                ('minutes', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='committee.document')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='committee_one_launch')],
            },
        ),
        migrations.CreateModel(
            name='Member',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=luytre.base.ids.new_id, editable=False, max_length=20, unique=True)),
                ('once', models.CharField(max_length=40, unique=True)),
                ('name', models.CharField(max_length=120)),
                ('post', models.CharField(blank=True, max_length=120)),
                ('office', models.CharField(choices=[('head', 'head of the committee'), ('deputy', 'deputy head'), ('standing', 'standing member'), ('secretary', 'secretary'), ('member', 'member')], max_length=10)),
                ('first_day', models.DateField()),
                ('last_day', models.DateField(null=True)),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('office__in', ['head', 'deputy', 'standing', 'secretary', 'member'])), name='committee_office_known'), models.CheckConstraint(condition=models.Q(('last_day', None), ('last_day__gte', models.F('first_day')), _connector='OR'), name='committee_member_leaves_after_joining'), models.UniqueConstraint(condition=models.Q(('last_day', None), ('user__isnull', False)), fields=('user',), name='committee_member_once')],
                'ordering': ['first_day', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Meeting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=luytre.base.ids.new_id, editable=False, max_length=20, unique=True)),
                ('once', models.CharField(max_length=40, unique=True)),
                ('title', models.CharField(max_length=300)),
                ('at', models.DateTimeField()),
                ('place', models.CharField(max_length=300)),
                ('agenda', models.TextField(max_length=12000)),
                ('state', models.CharField(choices=[('called', 'called'), ('held', 'held, minutes not signed yet'), ('closed', 'minutes signed'), ('cancelled', 'cancelled')], default='called', max_length=10)),
                ('ended', models.DateTimeField(null=True)),
                ('guests', models.CharField(blank=True, max_length=300)),
                ('minutes', models.TextField(blank=True, max_length=12000)),
                ('quorum', models.BooleanField(null=True)),
                ('chair_signed', models.DateTimeField(null=True)),
                ('secretary_signed', models.DateTimeField(null=True)),
                ('revision', models.PositiveIntegerField(default=1)),
                ('made', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('chair', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='committee.member')),
                ('secretary', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='committee.member')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['called', 'held', 'closed', 'cancelled'])), name='committee_meeting_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'closed'), _negated=True), models.Q(('chair_signed__isnull', False), ('secretary_signed__isnull', False)), _connector='OR'), name='committee_minutes_closed_by_two')],
                'ordering': ['-at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Attendance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attendance', to='committee.meeting')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='committee.member')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('meeting', 'member'), name='committee_came_once')],
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Resolution',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=luytre.base.ids.new_id, editable=False, max_length=20, unique=True)),
                ('number', models.PositiveSmallIntegerField()),
                ('words', models.CharField(max_length=400)),
                ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='resolutions', to='committee.meeting')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('meeting', 'number'), name='committee_resolution_numbered_once')],
                'ordering': ['number'],
            },
        ),
        migrations.CreateModel(
            name='Task',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=luytre.base.ids.new_id, editable=False, max_length=20, unique=True)),
                ('once', models.CharField(max_length=40, unique=True)),
                ('title', models.CharField(max_length=400)),
                ('words', models.TextField(blank=True, max_length=12000)),
                ('due', models.DateField()),
                ('state', models.CharField(choices=[('given', 'given (task)'), ('taken', 'taken up'), ('reported', 'reported as done'), ('done', 'done and confirmed'), ('dropped', 'dropped')], db_index=True, default='given', max_length=10)),
                ('reported', models.DateTimeField(null=True)),
                ('given', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('member', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='tasks', to='committee.member')),
                ('resolution', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='task', to='committee.resolution')),
                ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.unit')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['given', 'taken', 'reported', 'done', 'dropped'])), name='committee_task_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('member', None), ('unit__isnull', False)), models.Q(('member__isnull', False), ('unit', None)), _connector='OR'), name='committee_task_has_one_who_does_it')],
                'ordering': ['due', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='CommitteeStep',
            fields=[
                ('seq', models.BigIntegerField(editable=False, primary_key=True, serialize=False)),
                ('previous', models.CharField(editable=False, max_length=64)),
                ('digest', models.CharField(editable=False, max_length=64)),
                ('at', models.DateTimeField()),
                ('code', models.CharField(choices=[('joined', 'joined the committee'), ('left', 'left the committee'), ('entered', 'entered in the register'), ('ended', 'written down as no longer in force'), ('struck', 'struck out of the register'), ('given', 'task given'), ('taken', 'task taken up'), ('reported', 'told to be done'), ('returned', 'given back: not done yet'), ('done', 'confirmed as done'), ('prolonged', 'prolonged'), ('dropped', 'task dropped'), ('called', 'meeting called'), ('changed', 'invitation changed'), ('cancelled', 'meeting cancelled'), ('written', 'minutes written'), ('chair', 'signed by the chair'), ('secretary', 'signed by the secretary'), ('closed', 'minutes closed'), ('corrected', 'correction added'), ('prepared', 'launch conference prepared'), ('launched', 'launch conference held')], max_length=10)),
                ('thing', models.CharField(db_index=True, max_length=20)),
                ('iso', models.CharField(blank=True, max_length=10)),
                ('note', models.CharField(blank=True, max_length=400)),
                ('text', models.TextField(blank=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['seq'],
                'constraints': [models.CheckConstraint(condition=models.Q(('code__in', ['joined', 'left', 'entered', 'ended', 'struck', 'given', 'taken', 'reported', 'returned', 'done', 'prolonged', 'dropped', 'called', 'changed', 'cancelled', 'written', 'chair', 'secretary', 'closed', 'corrected', 'prepared', 'launched'])), name='committee_step_known')],
            },
        ),
        Chain("committeestep"),
    ]
