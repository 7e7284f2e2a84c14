"""Requests to owners of listed cameras; their steps are an append-only chain from the first row."""

import django.db.models.deletion
import luytre.base.ids
from django.conf import settings
from django.db import migrations, models

from luytre.civic.chain.operations import Chain


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('chain', '0001_initial'),
        ('incidents', '0002_shifts'),
        ('registry', '0014_wiring_and_warranties'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Appeal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=luytre.base.ids.new_id, editable=False, max_length=20, unique=True)),
                ('asked', models.DateTimeField(db_index=True)),
                ('why', models.TextField()),
                ('answer_by', models.DateTimeField()),
                ('link_digest', models.CharField(blank=True, db_index=True, max_length=64)),
                ('link_until', models.DateTimeField(null=True)),
                ('opened', models.DateTimeField(null=True)),
                ('answer', models.CharField(blank=True, choices=[('agreed', 'agrees and sends it'), ('fetch', 'agrees; please come and fetch it'), ('gone', 'it is erased already'), ('declined', 'would rather not')], max_length=10)),
                ('answered', models.DateTimeField(null=True)),
                ('sealed_words', models.TextField(blank=True)),
                ('closed', models.DateTimeField(db_index=True, null=True)),
                ('erased', models.DateTimeField(null=True)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('eye', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.eye')),
                ('incident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appeals', to='incidents.incident')),
            ],
            options={
                'ordering': ['-asked', '-pk'],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('answered', None)), models.Q(('answer__in', ['agreed', 'fetch', 'gone', 'declined']), ('answered__isnull', False)), _connector='OR'), name='appeal_answer_known'),
                    models.CheckConstraint(condition=models.Q(('link_digest', ''), ('link_until__isnull', False), _connector='OR'), name='appeal_link_ends'),
                    models.CheckConstraint(condition=models.Q(('erased', None), models.Q(('closed__isnull', False), ('link_digest', ''), ('sealed_words', '')), _connector='OR'), name='appeal_erased_is_empty'),
                ],
            },
        ),
        migrations.CreateModel(
            name='AppealFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=luytre.base.ids.new_id, editable=False, max_length=20, unique=True)),
                ('sealed_name', models.TextField(blank=True)),
                ('sha256', models.CharField(max_length=64)),
                ('announced', models.BooleanField(default=True)),
                ('size_bytes', models.PositiveBigIntegerField()),
                ('piece_bytes', models.PositiveIntegerField()),
                ('pieces', models.TextField(blank=True)),
                ('got', models.PositiveIntegerField(default=0)),
                ('begun', models.DateTimeField()),
                ('arrived', models.DateTimeField(db_index=True, null=True)),
                ('container', models.CharField(blank=True, max_length=40)),
                ('codec', models.CharField(blank=True, max_length=20)),
                ('width_px', models.PositiveIntegerField(default=0)),
                ('height_px', models.PositiveIntegerField(default=0)),
                ('seconds', models.FloatField(default=0.0)),
                ('plays', models.CharField(blank=True, max_length=20)),
                ('destroyed', models.DateTimeField(null=True)),
                ('appeal', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='files', to='appeals.appeal')),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [
                    models.UniqueConstraint(fields=('appeal', 'sha256'), name='appeal_file_once'),
                    models.CheckConstraint(condition=models.Q(('destroyed', None), models.Q(('arrived__isnull', False), ('sealed_name', '')), _connector='OR'), name='appeal_file_destroyed_has_no_name'),
                ],
            },
        ),
        migrations.CreateModel(
            name='AppealSpan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('start', models.DateTimeField()),
                ('end', models.DateTimeField()),
                ('appeal', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='spans', to='appeals.appeal')),
            ],
            options={
                'ordering': ['start'],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('end__gt', models.F('start'))), name='appeal_span_has_a_length'),
                ],
            },
        ),
        migrations.CreateModel(
            name='AppealStep',
            fields=[
                ('seq', models.BigIntegerField(editable=False, primary_key=True, serialize=False)),
                ('previous', models.CharField(editable=False, max_length=64)),
                ('digest', models.CharField(editable=False, max_length=64)),
                ('at', models.DateTimeField(db_index=True)),
                ('appeal', models.CharField(db_index=True, max_length=20)),
                ('code', models.CharField(choices=[('asked', 'the owner is asked'), ('link', 'link made'), ('opened', 'opened by the owner'), ('agreed', 'the owner agrees and sends it'), ('fetch', 'the owner agrees; to be fetched'), ('gone', 'the owner says that it is erased already'), ('declined', 'the owner would rather not'), ('begun', 'sending begun'), ('arrived', 'file arrived'), ('viewed', 'looked at'), ('taken', 'taken out'), ('handed', 'handed on as evidence'), ('returned', 'a copy given back to the owner'), ('closed', 'request ended'), ('destroyed', 'file destroyed'), ('erased', "the owner's words erased")], max_length=10)),
                ('sha256', models.CharField(blank=True, max_length=64)),
                ('size_bytes', models.PositiveBigIntegerField(default=0)),
                ('name_digest', models.CharField(blank=True, max_length=64)),
                ('purpose', models.CharField(blank=True, max_length=64)),
                ('reference', models.CharField(blank=True, max_length=120)),
                ('note', models.CharField(blank=True, max_length=400)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['seq'],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('code__in', ['asked', 'link', 'opened', 'agreed', 'fetch', 'gone', 'declined', 'begun', 'arrived', 'viewed', 'taken', 'handed', 'returned', 'closed', 'destroyed', 'erased'])), name='appeal_step_known'),
                    models.CheckConstraint(condition=models.Q(models.Q(('code__in', ['arrived', 'viewed', 'taken', 'destroyed']), _negated=True), models.Q(('sha256', ''), _negated=True), _connector='OR'), name='appeal_step_names_its_file'),
                ],
            },
        ),
        Chain("appealstep"),
    ]
