"""Drafts, and issued reports: an append-only chain from its first row."""

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
            name='Draft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('period', models.CharField(max_length=8, unique=True)),
                ('stamp', models.PositiveIntegerField(default=1)),
                ('made', models.DateTimeField()),
                ('changed', models.DateTimeField()),
                ('situation', models.TextField(blank=True)),
                ('results', models.TextField(blank=True)),
                ('lacking', models.TextField(blank=True)),
                ('ahead', models.TextField(blank=True)),
                ('seen', models.TextField(default='{}')),
                ('reason', models.CharField(blank=True, max_length=400)),
                ('changed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Report',
            fields=[
                ('seq', models.BigIntegerField(editable=False, primary_key=True, serialize=False)),
                ('previous', models.CharField(editable=False, max_length=64)),
                ('digest', models.CharField(editable=False, max_length=64)),
                ('key', models.CharField(default=luytre.base.ids.new_id, max_length=20, unique=True)),
                ('at', models.DateTimeField()),
                ('period', models.CharField(db_index=True, max_length=8)),
                ('version', models.PositiveIntegerField()),
                ('sign', models.CharField(max_length=60)),
                ('iso', models.CharField(max_length=10)),
                ('signer_title', models.CharField(max_length=160)),
                ('signer', models.CharField(max_length=160)),
                ('reason', models.CharField(blank=True, max_length=400)),
                ('content', models.TextField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['seq'],
                'constraints': [models.UniqueConstraint(fields=('period', 'version'), name='report_version_once'), models.CheckConstraint(condition=models.Q(models.Q(('reason', ''), ('version', 1)), models.Q(('version__gte', 2), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='report_again_says_why')],
            },
        ),
        Chain("report"),
    ]
