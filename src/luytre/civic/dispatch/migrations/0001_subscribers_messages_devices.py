"""Subscribers, messages, deliveries, devices; the steps of messages are an append-only chain from the first row."""

import django.db.models.deletion
import luytre.base.ids
from django.conf import settings
from django.db import migrations, models

from luytre.civic.chain.operations import Chain


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('chain', '0001_initial'),
        ('access', '0010_surveyors'),
        ('registry', '0014_wiring_and_warranties'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Device',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=luytre.base.ids.new_id, editable=False, max_length=20, unique=True)),
                ('name', models.CharField(max_length=60)),
                ('sealed_address', models.TextField()),
                ('address_digest', models.CharField(max_length=64, unique=True)),
                ('session_digest', models.CharField(db_index=True, max_length=64)),
                ('added', models.DateTimeField()),
                ('morning', models.BooleanField(default=False)),
                ('morning_day', models.DateField(null=True)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=luytre.base.ids.new_id, editable=False, max_length=20, unique=True)),
                ('title', models.CharField(max_length=80)),
                ('words', models.TextField()),
                ('title_en', models.CharField(blank=True, max_length=80)),
                ('words_en', models.TextField(blank=True)),
                ('topic', models.CharField(choices=[('crime', 'crime: tricks, thefts, what to look out for'), ('traffic', 'traffic: closed roads, accidents'), ('disaster', 'fire, storm, flood'), ('wanted', 'people or things looked for'), ('meeting', 'meetings, papers, notices')], max_length=10)),
                ('everywhere', models.BooleanField(default=False)),
                ('urgent', models.BooleanField(default=False)),
                ('why_urgent', models.CharField(blank=True, max_length=200)),
                ('until', models.DateTimeField()),
                ('revision', models.PositiveIntegerField(default=1)),
                ('state', models.CharField(choices=[('written', 'waits for approval'), ('sending', 'is being sent'), ('sent', 'sent'), ('refused', 'not approved'), ('stopped', 'stopped')], default='written', max_length=8)),
                ('written', models.DateTimeField(db_index=True)),
                ('approved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('hamlets', models.ManyToManyField(related_name='+', to='registry.hamlet')),
                ('written_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-written', '-pk'],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('topic__in', ['crime', 'traffic', 'disaster', 'wanted', 'meeting'])), name='message_topic_known'),
                    models.CheckConstraint(condition=models.Q(('state__in', ['written', 'sending', 'sent', 'refused', 'stopped'])), name='message_state_known'),
                    models.CheckConstraint(condition=models.Q(('approved_by', None), models.Q(('approved_by', models.F('written_by')), _negated=True), _connector='OR'), name='message_by_two'),
                    models.CheckConstraint(condition=models.Q(('state__in', ['written', 'refused']), ('approved_by__isnull', False), _connector='OR'), name='message_sent_was_approved'),
                    models.CheckConstraint(condition=models.Q(('urgent', False), models.Q(('why_urgent', ''), _negated=True), _connector='OR'), name='message_urgent_says_why'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Ring',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(max_length=40)),
                ('times', models.PositiveSmallIntegerField(default=0)),
                ('last', models.DateTimeField()),
                ('device', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rings', to='dispatch.device')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('device', 'what'), name='ring_once'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Subscriber',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=luytre.base.ids.new_id, editable=False, max_length=20, unique=True)),
                ('channel', models.CharField(choices=[('push', 'notification on a telephone or computer'), ('mail', 'e-mail'), ('sms', 'SMS'), ('zalo', 'Zalo')], max_length=6)),
                ('sealed_address', models.TextField()),
                ('address_digest', models.CharField(max_length=64)),
                ('topics', models.CharField(max_length=80)),
                ('everywhere', models.BooleanField(default=False)),
                ('language', models.CharField(default='vi', max_length=2)),
                ('asked', models.DateTimeField()),
                ('confirmed', models.BooleanField(default=False)),
                ('hamlets', models.ManyToManyField(related_name='+', to='registry.hamlet')),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [
                    models.UniqueConstraint(fields=('channel', 'address_digest'), name='subscriber_once'),
                    models.CheckConstraint(condition=models.Q(('channel__in', ['push', 'mail', 'sms', 'zalo'])), name='subscriber_channel_known'),
                    models.CheckConstraint(condition=models.Q(('language__in', ('vi', 'en'))), name='subscriber_language_known'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('channel', models.CharField(choices=[('push', 'notification on a telephone or computer'), ('mail', 'e-mail'), ('sms', 'SMS'), ('zalo', 'Zalo')], max_length=6)),
                ('state', models.CharField(choices=[('waiting', 'waits'), ('claimed', 'is being sent'), ('sent', 'sent'), ('gone', 'address gone'), ('failed', 'failed'), ('unknown', 'not known whether it arrived'), ('dropped', 'not sent: stopped or too late')], default='waiting', max_length=8)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('due', models.DateTimeField(db_index=True)),
                ('why', models.CharField(blank=True, choices=[('', ''), ('no_answer', 'no_answer'), ('busy', 'busy'), ('login', 'login'), ('credit', 'credit'), ('address', 'address'), ('letter', 'letter'), ('strange', 'strange')], max_length=10)),
                ('hamlet', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='registry.hamlet')),
                ('message', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='dispatch.message')),
                ('subscriber', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='dispatch.subscriber')),
            ],
            options={
                'ordering': ['pk'],
                'indexes': [
                    models.Index(fields=['state', 'channel', 'due'], name='delivery_next'),
                ],
                'constraints': [
                    models.UniqueConstraint(fields=('message', 'subscriber'), name='delivery_once'),
                    models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'claimed', 'sent', 'gone', 'failed', 'unknown', 'dropped'])), name='delivery_state_known'),
                ],
            },
        ),
        migrations.CreateModel(
            name='DispatchStep',
            fields=[
                ('seq', models.BigIntegerField(editable=False, primary_key=True, serialize=False)),
                ('previous', models.CharField(editable=False, max_length=64)),
                ('digest', models.CharField(editable=False, max_length=64)),
                ('at', models.DateTimeField(db_index=True)),
                ('message', models.CharField(db_index=True, max_length=20)),
                ('code', models.CharField(choices=[('written', 'written'), ('changed', 'changed'), ('approved', 'approved'), ('refused', 'not approved'), ('sent', 'went out'), ('stopped', 'stopped')], max_length=8)),
                ('revision', models.PositiveIntegerField(default=0)),
                ('text', models.TextField(blank=True)),
                ('note', models.CharField(blank=True, max_length=400)),
                ('sent', models.PositiveIntegerField(default=0)),
                ('failed', models.PositiveIntegerField(default=0)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['seq'],
                'constraints': [models.CheckConstraint(condition=models.Q(('code__in', ['written', 'changed', 'approved', 'refused', 'sent', 'stopped'])), name='dispatch_step_known')],
            },
        ),
        Chain("dispatchstep"),
    ]
