"""Tasks beside an incident, and people concerned. The steps' table is made anew by SQLite: its triggers come back at once."""

import django.db.models.deletion
import luytre.base.ids
from django.conf import settings
from django.db import migrations, models

from luytre.civic.chain.triggers import guard


def guard_steps(apps, schema_editor):
    guard(schema_editor.connection, "incidents_incidentstep")


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0010_surveyors'),
        ('incidents', '0002_shifts'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Concerned',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=luytre.base.ids.new_id, editable=False, max_length=20, unique=True)),
                ('part', models.CharField(choices=[('victim', 'suffered it'), ('witness', 'saw it'), ('suspect', 'may have done it'), ('owner', 'owns what it is about'), ('other', 'otherwise concerned')], max_length=8)),
                ('sealed', models.TextField()),
                ('added', models.DateTimeField()),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Task',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=luytre.base.ids.new_id, editable=False, max_length=20, unique=True)),
                ('what', models.CharField(max_length=200)),
                ('actor', models.CharField(choices=[('head', 'head of the commune police'), ('duty', 'police on duty'), ('hamlet_head', 'hamlet head'), ('security_team', 'hamlet security team'), ('owner', 'camera owner'), ('committee', 'committee member'), ('auditor', 'auditor'), ('administrator', 'administrator'), ('resident', 'resident')], max_length=20)),
                ('asked', models.DateTimeField()),
                ('state', models.CharField(choices=[('called', 'waits for somebody to take it'), ('accepted', 'somebody takes it'), ('arrived', 'somebody is there'), ('done', 'done'), ('declined', 'cannot be done by them'), ('dropped', 'taken back')], default='called', max_length=10)),
                ('due', models.DateTimeField(db_index=True, null=True)),
                ('late', models.BooleanField(default=False)),
            ],
            options={
                'ordering': ['asked', 'pk'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='incidentstep',
            name='incident_step_known',
        ),
        migrations.AlterField(
            model_name='incidentstep',
            name='code',
            field=models.CharField(choices=[('opened', 'opened'), ('called', 'given to'), ('escalated', 'its time ran out'), ('accepted', 'goes there'), ('declined', 'cannot go'), ('arrived', 'is there'), ('done', 'done there'), ('noted', 'note'), ('tip', 'a tip belongs to it'), ('held', 'footage put on hold'), ('linked', 'belongs together with'), ('closed', 'closed'), ('reopened', 'opened again'), ('tasked', 'task given to'), ('t_accepted', 'takes the task'), ('t_declined', 'cannot do the task'), ('t_arrived', "is at the task's place"), ('t_done', 'task done'), ('t_dropped', 'task taken back'), ('t_late', "the task's time ran out"), ('person', 'a person concerned written down'), ('shown', 'looked at the people concerned'), ('struck', 'a person concerned taken out'), ('forgotten', 'people concerned erased')], max_length=10),
        ),
        migrations.AddConstraint(
            model_name='incidentstep',
            constraint=models.CheckConstraint(condition=models.Q(('code__in', ['opened', 'called', 'escalated', 'accepted', 'declined', 'arrived', 'done', 'noted', 'tip', 'held', 'linked', 'closed', 'reopened', 'tasked', 't_accepted', 't_declined', 't_arrived', 't_done', 't_dropped', 't_late', 'person', 'shown', 'struck', 'forgotten'])), name='incident_step_known'),
        ),
        migrations.AddField(
            model_name='concerned',
            name='added_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='concerned',
            name='incident',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='people', to='incidents.incident'),
        ),
        migrations.AddField(
            model_name='task',
            name='asked_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='task',
            name='incident',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tasks', to='incidents.incident'),
        ),
        migrations.AddField(
            model_name='task',
            name='taken_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='task',
            name='unit',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.unit'),
        ),
        migrations.AddConstraint(
            model_name='concerned',
            constraint=models.CheckConstraint(condition=models.Q(('part__in', ['victim', 'witness', 'suspect', 'owner', 'other'])), name='incident_part_known'),
        ),
        migrations.AddConstraint(
            model_name='task',
            constraint=models.CheckConstraint(condition=models.Q(('actor__in', ['head', 'duty', 'hamlet_head', 'security_team', 'owner', 'committee', 'auditor', 'administrator', 'resident'])), name='incident_task_has_an_answerer'),
        ),
        migrations.AddConstraint(
            model_name='task',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ('called', 'accepted', 'arrived')), models.Q(('due', None), ('state__in', ['done', 'declined', 'dropped'])), _connector='OR'), name='incident_task_ended_has_no_clock'),
        ),
        migrations.RunPython(guard_steps, migrations.RunPython.noop),
    ]
