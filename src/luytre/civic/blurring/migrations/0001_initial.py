"""Spans in which regions are hidden, and what was drawn: append-only chains from their first row."""

import django.db.models.deletion
import luytre.base.ids
from django.conf import settings
from django.db import migrations, models

from luytre.civic.chain.operations import Chain


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('chain', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Blur',
            fields=[
                ('seq', models.BigIntegerField(editable=False, primary_key=True, serialize=False)),
                ('previous', models.CharField(editable=False, max_length=64)),
                ('digest', models.CharField(editable=False, max_length=64)),
                ('key', models.CharField(default=luytre.base.ids.new_id, editable=False, max_length=20, unique=True)),
                ('made', models.DateTimeField(db_index=True)),
                ('camera', models.CharField(db_index=True, max_length=63)),
                ('span_start', models.DateTimeField()),
                ('span_end', models.DateTimeField()),
                ('title', models.CharField(max_length=120)),
                ('purpose_key', models.CharField(max_length=64)),
                ('reference', models.CharField(blank=True, max_length=120)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-seq'],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('span_end__gt', models.F('span_start'))), name='blur_has_a_span'),
                ],
            },
        ),
        migrations.CreateModel(
            name='BlurRevision',
            fields=[
                ('seq', models.BigIntegerField(editable=False, primary_key=True, serialize=False)),
                ('previous', models.CharField(editable=False, max_length=64)),
                ('digest', models.CharField(editable=False, max_length=64)),
                ('number', models.PositiveIntegerField()),
                ('at', models.DateTimeField()),
                ('tracks', models.TextField()),
                ('tracks_sha256', models.CharField(max_length=64)),
                ('words', models.CharField(blank=True, max_length=200)),
                ('blur', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='revisions', to='blurring.blur')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['seq'],
                'constraints': [
                    models.UniqueConstraint(fields=('blur', 'number'), name='blur_revision_numbered_once'),
                    models.CheckConstraint(condition=models.Q(('number__gte', 1)), name='blur_revisions_count_from_one'),
                ],
            },
        ),
        Chain("blur"),
        Chain("blurrevision"),
    ]
