"""Terms that owners agree to, and what opens cameras lent on alarm."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from luytre.civic.chain.operations import Chain


class Migration(migrations.Migration):

    dependencies = [
        ('chain', '0001_initial'),
        ('registry', '0014_wiring_and_warranties'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='LendingOpening',
            fields=[
                ('seq', models.BigIntegerField(editable=False, primary_key=True, serialize=False)),
                ('previous', models.CharField(editable=False, max_length=64)),
                ('digest', models.CharField(editable=False, max_length=64)),
                ('at', models.DateTimeField(db_index=True)),
                ('matter', models.CharField(db_index=True, max_length=40)),
                ('code', models.CharField(choices=[('opened', 'opened'), ('closed', 'closed')], max_length=10)),
                ('place', models.CharField(blank=True, max_length=40)),
                ('reference', models.CharField(blank=True, max_length=120)),
                ('until', models.DateTimeField(null=True)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['seq'],
                'constraints': [models.CheckConstraint(condition=models.Q(('code__in', ['opened', 'closed'])), name='lending_opening_known'), models.CheckConstraint(condition=models.Q(models.Q(('code', 'closed'), ('until__isnull', True)), models.Q(('code', 'opened'), ('until__gt', models.F('at'))), _connector='OR'), name='lending_opening_ends')],
            },
        ),
        migrations.CreateModel(
            name='LendingVersion',
            fields=[
                ('seq', models.BigIntegerField(editable=False, primary_key=True, serialize=False)),
                ('previous', models.CharField(editable=False, max_length=64)),
                ('digest', models.CharField(editable=False, max_length=64)),
                ('at', models.DateTimeField(db_index=True)),
                ('eye', models.CharField(db_index=True, max_length=20)),
                ('camera', models.CharField(blank=True, max_length=63)),
                ('number', models.PositiveIntegerField()),
                ('tier', models.CharField(choices=[('listed', 'only listed'), ('on_request', 'on request'), ('on_alarm', 'on alarm'), ('live', 'live')], max_length=20)),
                ('hours_start', models.PositiveIntegerField(null=True)),
                ('hours_end', models.PositiveIntegerField(null=True)),
                ('days', models.PositiveIntegerField(default=0)),
                ('areas', models.TextField(default='[]')),
                ('withdrawn', models.BooleanField(default=False)),
                ('signed', models.BooleanField()),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['seq'],
                'constraints': [models.UniqueConstraint(fields=('eye', 'number'), name='lending_numbered_once'), models.CheckConstraint(condition=models.Q(('number__gte', 1)), name='lendings_count_from_one'), models.CheckConstraint(condition=models.Q(('tier__in', ['listed', 'on_request', 'on_alarm', 'live'])), name='lending_tier_known'), models.CheckConstraint(condition=models.Q(models.Q(('hours_end__isnull', True), ('hours_start__isnull', True)), models.Q(('hours_end__lt', 1440), ('hours_start__lt', 1440), models.Q(('hours_start', models.F('hours_end')), _negated=True)), _connector='OR'), name='lending_hours_of_a_day')],
            },
        ),
        Chain("LendingOpening"),
        Chain("LendingVersion"),
    ]
