"""Claims to data and the breach file; the steps of both are append-only chains from the first row."""

import django.db.models.deletion
import luytre.base.ids
from django.conf import settings
from django.db import migrations, models

from luytre.civic.chain.operations import Chain


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('chain', '0001_initial'),
        ('registry', '0016_lending_ends'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Claim',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveIntegerField()),
                ('number', models.PositiveIntegerField()),
                ('key', models.CharField(default=luytre.base.ids.new_id, editable=False, max_length=20, unique=True)),
                ('code_digest', models.CharField(max_length=64, unique=True)),
                ('right', models.CharField(choices=[('access', 'know what is kept of me'), ('correct', 'have it corrected'), ('restrict', 'have its use restricted'), ('delete', 'have it deleted'), ('object', 'object to its use'), ('withdraw', 'withdraw my consent')], max_length=10)),
                ('subject', models.CharField(choices=[('tip', 'a tip that I sent'), ('petition', 'a request to see footage that I sent'), ('camera', 'footage of a camera'), ('account', 'my account here'), ('ledger', 'my name in the book of contributions'), ('agreement', 'the agreement about my camera'), ('other', 'something else that is kept of me')], max_length=10)),
                ('thing', models.CharField(blank=True, max_length=63)),
                ('received', models.DateTimeField(db_index=True)),
                ('place', models.CharField(blank=True, max_length=200)),
                ('start', models.DateTimeField(null=True)),
                ('end', models.DateTimeField(null=True)),
                ('words', models.TextField(blank=True)),
                ('sealed_name', models.TextField(blank=True)),
                ('sealed_phone', models.TextField(blank=True)),
                ('state', models.CharField(choices=[('new', 'received'), ('read', 'being looked at'), ('decided', 'decided, to be carried out'), ('closed', 'finished with')], default='new', max_length=8)),
                ('reply_due', models.DateTimeField()),
                ('act_due', models.DateTimeField()),
                ('replied', models.DateTimeField(null=True)),
                ('due', models.DateTimeField(db_index=True, null=True)),
                ('extended', models.DateTimeField(null=True)),
                ('extension', models.TextField(blank=True)),
                ('decision', models.CharField(blank=True, choices=[('granted', 'granted'), ('view', 'shown at the station by an officer'), ('copy', 'a copy in which others are blurred'), ('refused', 'refused')], max_length=8)),
                ('ground', models.CharField(blank=True, choices=[('none_kept', 'nothing of the kind is kept, or it is erased already'), ('not_own', "it was not shown that it is the sender's own data"), ('others', 'it would give away or harm other people'), ('inquiry', 'it would harm an investigation'), ('by_law', 'a law has it kept or used as it is')], max_length=10)),
                ('reason', models.TextField(blank=True)),
                ('meet_at', models.DateTimeField(null=True)),
                ('meet_place', models.CharField(blank=True, max_length=200)),
                ('decided', models.DateTimeField(null=True)),
                ('closed', models.DateTimeField(db_index=True, null=True)),
                ('finish', models.CharField(blank=True, choices=[('done', 'carried out'), ('shown', 'shown at the station'), ('handed', 'a blurred copy handed over'), ('refused', 'refused'), ('withdrawn', 'withdrawn by the person who asked'), ('absent', 'the person who asked did not come')], max_length=10)),
                ('lifted', models.DateTimeField(null=True)),
                ('erased', models.DateTimeField(null=True)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('received_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-received', '-pk'],
                'constraints': [
                    models.UniqueConstraint(fields=('year', 'number'), name='claim_number_once'),
                    models.CheckConstraint(condition=models.Q(('right__in', ['access', 'correct', 'restrict', 'delete', 'object', 'withdraw']), ('subject__in', ['tip', 'petition', 'camera', 'account', 'ledger', 'agreement', 'other'])), name='claim_known'),
                    models.CheckConstraint(condition=models.Q(('decision', 'granted'), ('right', 'access'), ('subject', 'camera'), _negated=True), name='claim_footage_is_shown_not_handed'),
                    models.CheckConstraint(condition=models.Q(models.Q(('closed__isnull', False), ('due', None), ('finish__in', ['done', 'shown', 'handed', 'refused', 'withdrawn', 'absent']), ('state', 'closed')), models.Q(('closed', None), ('due__isnull', False), ('finish', ''), ('state__in', ['new', 'read', 'decided'])), _connector='OR'), name='claim_closed_with_an_end'),
                    models.CheckConstraint(condition=models.Q(models.Q(('decided', None), ('decision', '')), models.Q(('decided__isnull', False), ('decided_by__isnull', False), ('decision__in', ['granted', 'view', 'copy', 'refused'])), _connector='OR'), name='claim_decided_by_somebody'),
                    models.CheckConstraint(condition=models.Q(models.Q(('decision', 'refused'), _negated=True), ('ground__in', ['none_kept', 'not_own', 'others', 'inquiry', 'by_law']), _connector='OR'), name='claim_refused_on_a_ground'),
                    models.CheckConstraint(condition=models.Q(('erased', None), models.Q(('extension', ''), ('meet_place', ''), ('place', ''), ('reason', ''), ('sealed_name', ''), ('sealed_phone', ''), ('words', '')), _connector='OR'), name='claim_erased_is_empty'),
                ],
            },
        ),
        migrations.CreateModel(
            name='ClaimMessage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('words', models.TextField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('claim', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='messages', to='rights.claim')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='ClaimStep',
            fields=[
                ('seq', models.BigIntegerField(editable=False, primary_key=True, serialize=False)),
                ('previous', models.CharField(editable=False, max_length=64)),
                ('digest', models.CharField(editable=False, max_length=64)),
                ('at', models.DateTimeField(db_index=True)),
                ('claim', models.CharField(db_index=True, max_length=20)),
                ('code', models.CharField(choices=[('received', 'claim came in'), ('read', 'read'), ('number', 'looked at name and telephone number'), ('noted', 'noted'), ('wrote', 'wrote to the person who asked'), ('extended', 'term extended'), ('decided', 'decided'), ('carried', 'carried out, and over'), ('withdrawn', 'withdrawn by the person who asked'), ('lifted', 'restriction lifted'), ('printed', 'letter printed'), ('erased', 'words, name and number erased')], max_length=10)),
                ('thing', models.CharField(blank=True, max_length=40)),
                ('ground', models.CharField(blank=True, choices=[('none_kept', 'nothing of the kind is kept, or it is erased already'), ('not_own', "it was not shown that it is the sender's own data"), ('others', 'it would give away or harm other people'), ('inquiry', 'it would harm an investigation'), ('by_law', 'a law has it kept or used as it is')], max_length=10)),
                ('until', models.DateTimeField(null=True)),
                ('note', models.CharField(blank=True, max_length=400)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['seq'],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('code__in', ['received', 'read', 'number', 'noted', 'wrote', 'extended', 'decided', 'carried', 'withdrawn', 'lifted', 'printed', 'erased'])), name='claim_step_known'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Breach',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveIntegerField()),
                ('number', models.PositiveIntegerField()),
                ('key', models.CharField(default=luytre.base.ids.new_id, editable=False, max_length=20, unique=True)),
                ('once', models.CharField(max_length=40, unique=True)),
                ('at', models.DateTimeField()),
                ('noticed', models.DateTimeField(db_index=True)),
                ('notice_due', models.DateTimeField()),
                ('what', models.TextField()),
                ('data', models.TextField()),
                ('people', models.PositiveIntegerField(null=True)),
                ('measures', models.TextField(blank=True)),
                ('verdict', models.CharField(blank=True, choices=[('confirmed', 'it was a breach'), ('none', 'it was none')], max_length=10)),
                ('notified', models.DateTimeField(null=True)),
                ('told', models.CharField(blank=True, choices=[('told', 'they are told'), ('not', 'they are not told')], max_length=4)),
                ('told_why', models.TextField(blank=True)),
                ('closed', models.DateTimeField(null=True)),
                ('lessons', models.TextField(blank=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('hamlet', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='registry.hamlet')),
            ],
            options={
                'ordering': ['-noticed', '-pk'],
                'constraints': [models.UniqueConstraint(fields=('year', 'number'), name='breach_number_once'), models.CheckConstraint(condition=models.Q(('closed', None), models.Q(('verdict__in', ['confirmed', 'none']), models.Q(('lessons', ''), _negated=True)), _connector='OR'), name='breach_closed_with_lessons')],
            },
        ),
        migrations.CreateModel(
            name='BreachStep',
            fields=[
                ('seq', models.BigIntegerField(editable=False, primary_key=True, serialize=False)),
                ('previous', models.CharField(editable=False, max_length=64)),
                ('digest', models.CharField(editable=False, max_length=64)),
                ('at', models.DateTimeField(db_index=True)),
                ('breach', models.CharField(db_index=True, max_length=20)),
                ('code', models.CharField(choices=[('opened', 'file opened'), ('changed', 'account changed'), ('notified', 'notice given to the authority'), ('told', 'decided whether people are told'), ('printed', 'draft notice printed'), ('closed', 'closed')], max_length=10)),
                ('thing', models.CharField(blank=True, max_length=10)),
                ('moment', models.DateTimeField(null=True)),
                ('people', models.PositiveIntegerField(null=True)),
                ('note', models.TextField(blank=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['seq'],
                'constraints': [models.CheckConstraint(condition=models.Q(('code__in', ['opened', 'changed', 'notified', 'told', 'printed', 'closed'])), name='breach_step_known')],
            },
        ),
        Chain("claimstep"),
        Chain("breachstep"),
    ]
