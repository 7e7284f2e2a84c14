import django.db.models.deletion
import luytre.base.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('registry', '0013_every_camera_is_an_eye'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Figures',
            fields=[
                ('id', models.PositiveSmallIntegerField(default=1, editable=False, primary_key=True, serialize=False)),
                ('values', models.TextField()),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='one_row_of_figures')],
            },
        ),
        migrations.CreateModel(
            name='Plan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=luytre.base.ids.new_id, editable=False, max_length=20, unique=True)),
                ('name', models.CharField(max_length=120)),
                ('ask', models.TextField()),
                ('created', models.DateTimeField(auto_now_add=True)),
                ('decided', models.PositiveIntegerField(blank=True, null=True)),
                ('decision', models.CharField(blank=True, max_length=200)),
                ('archived', models.BooleanField(db_index=True, default=False)),
                ('revision', models.PositiveIntegerField(default=1, editable=False)),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-created', 'key'],
            },
        ),
        migrations.CreateModel(
            name='Candidate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=luytre.base.ids.new_id, editable=False, max_length=20, unique=True)),
                ('name', models.CharField(max_length=120)),
                ('latitude', models.DecimalField(decimal_places=6, max_digits=8)),
                ('longitude', models.DecimalField(decimal_places=6, max_digits=9)),
                ('source', models.CharField(choices=[('need', 'a need of the survey'), ('site', 'a mounting place that is there'), ('route', 'along a route'), ('hand', 'by hand')], default='hand', max_length=10)),
                ('source_key', models.CharField(blank=True, db_index=True, max_length=63)),
                ('bearings', models.CharField(blank=True, max_length=200)),
                ('most_eyes', models.PositiveSmallIntegerField(default=1)),
                ('camera_vnd', models.PositiveBigIntegerField(blank=True, null=True)),
                ('pole_vnd', models.PositiveBigIntegerField(blank=True, null=True)),
                ('cable_vnd', models.PositiveBigIntegerField(blank=True, null=True)),
                ('power_vnd', models.PositiveBigIntegerField(blank=True, null=True)),
                ('upkeep_vnd', models.PositiveBigIntegerField(blank=True, null=True)),
                ('note', models.CharField(blank=True, max_length=400)),
                ('archived', models.BooleanField(db_index=True, default=False)),
                ('revision', models.PositiveIntegerField(default=1, editable=False)),
                ('hamlet', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='candidates', to='registry.hamlet')),
            ],
            options={
                'ordering': ['name', 'key'],
                'constraints': [models.CheckConstraint(condition=models.Q(('source__in', ['need', 'site', 'route', 'hand'])), name='candidate_source_known'), models.CheckConstraint(condition=models.Q(('most_eyes__gte', 1)), name='candidate_holds_an_eye')],
            },
        ),
        migrations.CreateModel(
            name='PlanVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('at', models.DateTimeField()),
                ('ask', models.TextField()),
                ('state', models.CharField(choices=[('waiting', 'waits to be computed'), ('computing', 'is being computed'), ('done', 'computed'), ('impossible', 'there is no such plan'), ('failed', 'could not be computed')], default='waiting', max_length=12)),
                ('answered', models.DateTimeField(blank=True, null=True)),
                ('result', models.TextField(blank=True)),
                ('note', models.CharField(blank=True, max_length=400)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='planning.plan')),
            ],
            options={
                'ordering': ['-number'],
                'constraints': [models.UniqueConstraint(fields=('plan', 'number'), name='plan_versions_numbered_once'), models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'computing', 'done', 'impossible', 'failed'])), name='plan_version_state_known')],
            },
        ),
    ]
