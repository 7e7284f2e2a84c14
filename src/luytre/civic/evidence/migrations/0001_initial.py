"""Requests for clips and the decisions on them: append-only chains from their first row."""
import django.db.models.deletion
import luytre.base.ids
from django.conf import settings
from django.db import migrations, models

from luytre.civic.chain.operations import Chain


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("chain", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name='ClipRequest',
            fields=[
                ('seq', models.BigIntegerField(editable=False, primary_key=True, serialize=False)),
                ('previous', models.CharField(editable=False, max_length=64)),
                ('digest', models.CharField(editable=False, max_length=64)),
                ('key', models.CharField(default=luytre.base.ids.new_id, editable=False, max_length=20, unique=True)),
                ('cameras', models.TextField()),
                ('span_start', models.DateTimeField()),
                ('span_end', models.DateTimeField()),
                ('purpose_key', models.CharField(max_length=64)),
                ('reference', models.CharField(blank=True, max_length=120)),
                ('words', models.CharField(blank=True, max_length=400)),
                ('persons', models.PositiveSmallIntegerField()),
                ('made', models.DateTimeField(db_index=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='clip_requests', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-seq'],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('span_end__gt', models.F('span_start'))), name='clip_request_has_a_span'),
                    models.CheckConstraint(condition=models.Q(('persons__gte', 1), ('persons__lte', 2)), name='clip_request_needs_somebody'),
                ],
            },
        ),
        migrations.CreateModel(
            name='ClipDecision',
            fields=[
                ('seq', models.BigIntegerField(editable=False, primary_key=True, serialize=False)),
                ('previous', models.CharField(editable=False, max_length=64)),
                ('digest', models.CharField(editable=False, max_length=64)),
                ('agreed', models.BooleanField()),
                ('words', models.CharField(blank=True, max_length=400)),
                ('made', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='evidence.cliprequest')),
            ],
            options={
                'ordering': ['seq'],
                'constraints': [
                    models.UniqueConstraint(fields=('request', 'by'), name='one_decision_a_person'),
                ],
            },
        ),
        Chain("cliprequest"),
        Chain("clipdecision"),
    ]
