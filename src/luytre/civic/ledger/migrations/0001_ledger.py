"""The book of contributions: postings, lines and steps are append-only chains from their first row."""

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
            name='Party',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=luytre.base.ids.new_id, editable=False, max_length=20, unique=True)),
                ('sealed_name', models.TextField(blank=True)),
                ('sealed_phone', models.TextField(blank=True)),
                ('public', models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name='Estimate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=luytre.base.ids.new_id, editable=False, max_length=20, unique=True)),
                ('once', models.CharField(max_length=40, unique=True)),
                ('place', models.CharField(blank=True, max_length=40)),
                ('title', models.CharField(max_length=120)),
                ('made', models.DateTimeField()),
                ('state', models.CharField(choices=[('open', 'not voted on yet'), ('agreed', 'agreed'), ('refused', 'not agreed')], default='open', max_length=10)),
                ('met', models.DateField(null=True)),
                ('votes_for', models.PositiveIntegerField(default=0)),
                ('votes_against', models.PositiveIntegerField(default=0)),
                ('votes_abstained', models.PositiveIntegerField(default=0)),
                ('minutes', models.TextField(blank=True)),
                ('document', models.CharField(blank=True, max_length=70)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('met', None), ('state', 'open')), models.Q(models.Q(('state', 'open'), _negated=True), ('met__isnull', False)), _connector='OR'), name='ledger_estimate_decided_on_a_day')],
                'ordering': ['-made', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='EstimateLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sort', models.CharField(choices=[('camera', 'cameras'), ('pole', 'poles'), ('power', 'power'), ('network', 'network'), ('labour', 'labour'), ('repair', 'repairs'), ('other', 'something else')], max_length=10)),
                ('words', models.CharField(blank=True, max_length=120)),
                ('quantity', models.PositiveIntegerField(default=1)),
                ('unit_vnd', models.BigIntegerField()),
                ('estimate', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='ledger.estimate')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('quantity__gt', 0), ('unit_vnd__gt', 0)), name='ledger_estimated_above_zero')],
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='LedgerStep',
            fields=[
                ('seq', models.BigIntegerField(editable=False, primary_key=True, serialize=False)),
                ('previous', models.CharField(editable=False, max_length=64)),
                ('digest', models.CharField(editable=False, max_length=64)),
                ('at', models.DateTimeField()),
                ('code', models.CharField(choices=[('pledged', 'pledge written down'), ('amended', 'pledge corrected'), ('forgiven', 'pledge let go'), ('estimated', 'estimate written'), ('decided', 'estimate voted on'), ('consent', 'agreed to be named'), ('no_consent', 'wishes not to be named'), ('names', 'names read'), ('document', 'document read'), ('erased', 'names erased')], max_length=10)),
                ('thing', models.CharField(blank=True, db_index=True, max_length=70)),
                ('amount_vnd', models.BigIntegerField(null=True)),
                ('note', models.CharField(blank=True, max_length=400)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('code__in', ['pledged', 'amended', 'forgiven', 'estimated', 'decided', 'consent', 'no_consent', 'names', 'document', 'erased'])), name='ledger_step_known')],
                'ordering': ['seq'],
            },
        ),
        migrations.CreateModel(
            name='Pledge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=luytre.base.ids.new_id, editable=False, max_length=20, unique=True)),
                ('once', models.CharField(max_length=40, unique=True)),
                ('place', models.CharField(blank=True, max_length=40)),
                ('sort', models.CharField(choices=[('money', 'money'), ('camera', 'cameras'), ('pole', 'poles'), ('power', 'power'), ('network', 'network'), ('labour', 'labour'), ('repair', 'repairs'), ('other', 'something else')], max_length=10)),
                ('amount_vnd', models.BigIntegerField(default=0)),
                ('words', models.CharField(blank=True, max_length=300)),
                ('due', models.DateField(null=True)),
                ('made', models.DateTimeField()),
                ('forgiven', models.DateTimeField(null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('party', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.party')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('amount_vnd__gte', 0)), name='ledger_pledge_not_below_zero'), models.CheckConstraint(condition=models.Q(models.Q(('sort', 'money'), _negated=True), ('amount_vnd__gt', 0), _connector='OR'), name='ledger_pledged_money_counts')],
                'ordering': ['-made', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Posting',
            fields=[
                ('seq', models.BigIntegerField(editable=False, primary_key=True, serialize=False)),
                ('previous', models.CharField(editable=False, max_length=64)),
                ('digest', models.CharField(editable=False, max_length=64)),
                ('at', models.DateTimeField()),
                ('key', models.CharField(max_length=20, unique=True)),
                ('once', models.CharField(max_length=40, unique=True)),
                ('kind', models.CharField(choices=[('money', 'money received'), ('gift', 'gift in kind received'), ('spent', 'money spent'), ('moved', 'moved between cash box and bank'), ('reversal', 'reversal')], max_length=10)),
                ('series', models.CharField(max_length=2)),
                ('year', models.PositiveIntegerField()),
                ('number', models.PositiveIntegerField()),
                ('iso', models.CharField(db_index=True, max_length=10)),
                ('place', models.CharField(blank=True, db_index=True, max_length=40)),
                ('words', models.CharField(blank=True, max_length=300)),
                ('party', models.CharField(blank=True, db_index=True, max_length=20)),
                ('pledge', models.CharField(blank=True, db_index=True, max_length=20)),
                ('estimate', models.CharField(blank=True, db_index=True, max_length=20)),
                ('repair', models.BigIntegerField(db_index=True, null=True)),
                ('document', models.CharField(blank=True, max_length=70)),
                ('reverses', models.BigIntegerField(null=True, unique=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('series', 'year', 'number'), name='ledger_numbered_once'), models.CheckConstraint(condition=models.Q(('number__gte', 1)), name='ledger_counts_from_one'), models.CheckConstraint(condition=models.Q(('kind__in', ['money', 'gift', 'spent', 'moved', 'reversal'])), name='ledger_kind_known'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'reversal'), ('reverses__isnull', False)), models.Q(models.Q(('kind', 'reversal'), _negated=True), ('reverses', None)), _connector='OR'), name='ledger_reversal_names_what')],
                'ordering': ['seq'],
            },
        ),
        migrations.CreateModel(
            name='Line',
            fields=[
                ('seq', models.BigIntegerField(editable=False, primary_key=True, serialize=False)),
                ('previous', models.CharField(editable=False, max_length=64)),
                ('digest', models.CharField(editable=False, max_length=64)),
                ('account', models.CharField(choices=[('cash', 'cash box'), ('bank', 'bank account'), ('held_camera', 'received in kind: cameras'), ('held_pole', 'received in kind: poles'), ('held_power', 'received in kind: power'), ('held_network', 'received in kind: network'), ('held_labour', 'received in kind: labour'), ('held_other', 'received in kind: other things'), ('given_people', 'contributions of residents'), ('given_firms', 'contributions of firms and groups'), ('given_budget', 'support from the budget'), ('given_other', 'other income'), ('given_kind', 'contributions in kind'), ('cost_camera', 'spent on cameras'), ('cost_pole', 'spent on poles'), ('cost_power', 'spent on power'), ('cost_network', 'spent on network'), ('cost_labour', 'spent on labour'), ('cost_repair', 'spent on repairs'), ('cost_other', 'other spending')], db_index=True, max_length=20)),
                ('amount_vnd', models.BigIntegerField()),
                ('posting', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='ledger.posting')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('account__in', ['cash', 'bank', 'held_camera', 'held_pole', 'held_power', 'held_network', 'held_labour', 'held_other', 'given_people', 'given_firms', 'given_budget', 'given_other', 'given_kind', 'cost_camera', 'cost_pole', 'cost_power', 'cost_network', 'cost_labour', 'cost_repair', 'cost_other'])), name='ledger_account_known')],
                'ordering': ['seq'],
            },
        ),
        Chain("posting"),
        Chain("line"),
        Chain("ledgerstep"),
    ]
