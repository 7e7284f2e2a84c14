"""Requests to see footage; their steps are an append-only chain from the first row."""

import django.db.models.deletion
import luytre.base.ids
from django.conf import settings
from django.db import migrations, models

from luytre.civic.chain.operations import Chain


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('chain', '0001_initial'),
        ('registry', '0014_wiring_and_warranties'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Petition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=luytre.base.ids.new_id, editable=False, max_length=20, unique=True)),
                ('code_digest', models.CharField(max_length=64, null=True, unique=True)),
                ('year', models.PositiveIntegerField()),
                ('number', models.PositiveIntegerField()),
                ('source', models.CharField(choices=[('resident', 'a resident'), ('authority', 'another authority')], max_length=10)),
                ('about', models.CharField(choices=[('theft', 'something was stolen from me'), ('accident', 'a road accident'), ('damage', 'something of mine was damaged'), ('lost', 'somebody or something is missing'), ('other', 'something else that concerns me')], max_length=10)),
                ('received', models.DateTimeField(db_index=True)),
                ('place', models.CharField(blank=True, max_length=200)),
                ('camera', models.CharField(blank=True, max_length=63)),
                ('cameras', models.TextField(blank=True)),
                ('start', models.DateTimeField(null=True)),
                ('end', models.DateTimeField(null=True)),
                ('words', models.TextField(blank=True)),
                ('sealed_name', models.TextField(blank=True)),
                ('sealed_phone', models.TextField(blank=True)),
                ('case', models.CharField(blank=True, max_length=40)),
                ('english', models.BooleanField(default=False)),
                ('authority', models.CharField(blank=True, max_length=160)),
                ('letter', models.CharField(blank=True, max_length=160)),
                ('letter_number', models.CharField(blank=True, max_length=60)),
                ('letter_day', models.DateField(null=True)),
                ('scan_sha256', models.CharField(blank=True, max_length=64)),
                ('scan_kind', models.CharField(blank=True, max_length=4)),
                ('state', models.CharField(choices=[('new', 'received'), ('read', 'being looked at'), ('decided', 'decided, to be carried out'), ('closed', 'finished with')], default='new', max_length=8)),
                ('reply_due', models.DateTimeField()),
                ('access_due', models.DateTimeField()),
                ('replied', models.DateTimeField(null=True)),
                ('due', models.DateTimeField(db_index=True, null=True)),
                ('hold', models.CharField(blank=True, max_length=20)),
                ('clip', models.CharField(blank=True, max_length=20)),
                ('decision', models.CharField(blank=True, choices=[('shown', 'shown at the station by an officer'), ('copy', 'a copy in which others are blurred'), ('raw', 'the original, to the authority, under a request for a clip'), ('refused', 'refused')], max_length=8)),
                ('refusal', models.CharField(blank=True, choices=[('gone', 'the footage is erased already'), ('unseen', 'no camera has the place in view'), ('others', 'other people could not be kept out of it'), ('inquiry', 'it would harm an investigation'), ('not_own', 'it was not shown that it concerns the sender'), ('needless', 'it is not needed for the purpose that was named')], max_length=10)),
                ('reason', models.TextField(blank=True)),
                ('meet_at', models.DateTimeField(null=True)),
                ('meet_place', models.CharField(blank=True, max_length=200)),
                ('decided', models.DateTimeField(null=True)),
                ('seen', models.TextField(blank=True)),
                ('closed', models.DateTimeField(db_index=True, null=True)),
                ('finish', models.CharField(blank=True, choices=[('shown', 'shown at the station'), ('handed', 'given to who asked'), ('refused', 'refused'), ('withdrawn', 'withdrawn by the sender'), ('absent', 'nobody came')], max_length=10)),
                ('erased', models.DateTimeField(null=True)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('hamlet', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='registry.hamlet')),
                ('received_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-received', '-pk'],
                'constraints': [
                    models.UniqueConstraint(fields=('year', 'number'), name='petition_number_once'),
                    models.CheckConstraint(condition=models.Q(models.Q(('code_digest__isnull', False), ('received_by', None), ('source', 'resident')), models.Q(('code_digest', None), ('received_by__isnull', False), ('source', 'authority')), _connector='OR'), name='petition_has_a_sender'),
                    models.CheckConstraint(condition=models.Q(('decision', 'raw'), ('source', 'resident'), _negated=True), name='petition_no_raw_copy_to_a_resident'),
                    models.CheckConstraint(condition=models.Q(models.Q(('closed__isnull', False), ('due', None), ('finish__in', ['shown', 'handed', 'refused', 'withdrawn', 'absent']), ('state', 'closed')), models.Q(('closed', None), ('due__isnull', False), ('finish', ''), ('state__in', ['new', 'read', 'decided'])), _connector='OR'), name='petition_closed_with_an_end'),
                    models.CheckConstraint(condition=models.Q(models.Q(('decided', None), ('decision', '')), models.Q(('decided__isnull', False), ('decided_by__isnull', False), ('decision__in', ['shown', 'copy', 'raw', 'refused'])), _connector='OR'), name='petition_decided_by_somebody'),
                    models.CheckConstraint(condition=models.Q(('erased', None), models.Q(('place', ''), ('reason', ''), ('scan_sha256', ''), ('sealed_name', ''), ('sealed_phone', ''), ('seen', ''), ('words', '')), _connector='OR'), name='petition_erased_is_empty'),
                ],
            },
        ),
        migrations.CreateModel(
            name='PetitionMessage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('words', models.TextField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('petition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='messages', to='petitions.petition')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='PetitionStep',
            fields=[
                ('seq', models.BigIntegerField(editable=False, primary_key=True, serialize=False)),
                ('previous', models.CharField(editable=False, max_length=64)),
                ('digest', models.CharField(editable=False, max_length=64)),
                ('at', models.DateTimeField(db_index=True)),
                ('petition', models.CharField(db_index=True, max_length=20)),
                ('code', models.CharField(choices=[('received', 'request came in'), ('read', 'read'), ('number', 'looked at name and telephone number'), ('noted', 'noted'), ('cameras', 'cameras named'), ('held', 'footage put on hold'), ('wrote', 'wrote to the sender'), ('clip', 'asked for a clip'), ('decided', 'decided'), ('shown', 'shown'), ('closed', 'closed'), ('withdrawn', 'withdrawn by the sender'), ('printed', 'letter printed'), ('erased', 'words, name, number and scan erased')], max_length=10)),
                ('thing', models.CharField(blank=True, max_length=40)),
                ('refusal', models.CharField(blank=True, choices=[('gone', 'the footage is erased already'), ('unseen', 'no camera has the place in view'), ('others', 'other people could not be kept out of it'), ('inquiry', 'it would harm an investigation'), ('not_own', 'it was not shown that it concerns the sender'), ('needless', 'it is not needed for the purpose that was named')], max_length=10)),
                ('sha256', models.CharField(blank=True, max_length=64)),
                ('cameras', models.TextField(blank=True)),
                ('start', models.DateTimeField(null=True)),
                ('end', models.DateTimeField(null=True)),
                ('note', models.CharField(blank=True, max_length=400)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['seq'],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('code__in', ['received', 'read', 'number', 'noted', 'cameras', 'held', 'wrote', 'clip', 'decided', 'shown', 'closed', 'withdrawn', 'printed', 'erased'])), name='petition_step_known'),
                    models.CheckConstraint(condition=models.Q(models.Q(('code', 'shown'), _negated=True), models.Q(models.Q(('cameras', ''), _negated=True), ('by__isnull', False), ('start__isnull', False)), _connector='OR'), name='petition_shown_says_what'),
                ],
            },
        ),
        Chain("petitionstep"),
    ]
