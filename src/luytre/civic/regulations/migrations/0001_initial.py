"""The draft, and the versions: an append-only chain from their first row."""

import django.db.models.deletion
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
            name='Draft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('usage', 'usage regulation')], max_length=20, unique=True)),
                ('text', models.TextField()),
                ('stamp', models.PositiveIntegerField(default=1)),
                ('proposal', models.BooleanField(default=False)),
                ('written', models.DateTimeField()),
                ('written_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Version',
            fields=[
                ('seq', models.BigIntegerField(editable=False, primary_key=True, serialize=False)),
                ('previous', models.CharField(editable=False, max_length=64)),
                ('digest', models.CharField(editable=False, max_length=64)),
                ('kind', models.CharField(choices=[('usage', 'usage regulation')], max_length=20)),
                ('number', models.PositiveIntegerField()),
                ('text', models.TextField()),
                ('text_digest', models.CharField(max_length=64)),
                ('approved', models.DateTimeField()),
                ('in_force_from', models.DateTimeField()),
                ('approved_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('written_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-number'],
                'constraints': [models.UniqueConstraint(fields=('kind', 'number'), name='version_numbered_once'), models.UniqueConstraint(fields=('kind', 'in_force_from'), name='one_version_begins_at_a_moment'), models.CheckConstraint(condition=models.Q(('kind__in', ['usage'])), name='regulation_known'), models.CheckConstraint(condition=models.Q(('number__gte', 1)), name='versions_count_from_one'), models.CheckConstraint(condition=models.Q(('in_force_from__gte', models.F('approved'))), name='in_force_after_its_approval')],
            },
        ),
        Chain("version"),
    ]
