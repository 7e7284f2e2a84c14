"""Bulletins; their steps are an append-only chain from the first row."""

import django.db.models.deletion
import luytre.base.ids
from django.conf import settings
from django.db import migrations, models

from luytre.civic.chain.operations import Chain


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('chain', '0001_initial'),
        ('incidents', '0003_tasks_and_people'),
        ('registry', '0014_wiring_and_warranties'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Bulletin',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=luytre.base.ids.new_id, editable=False, max_length=20, unique=True)),
                ('year', models.PositiveIntegerField()),
                ('number', models.PositiveIntegerField()),
                ('kind', models.CharField(choices=[('motorbike', 'motorbike'), ('car', 'car, lorry'), ('bicycle', 'bicycle, electric bicycle'), ('boat', 'boat'), ('animal', 'animal'), ('thing', 'thing'), ('missing', 'missing person, in words alone'), ('other', 'something else')], max_length=10)),
                ('title', models.CharField(max_length=120)),
                ('words', models.TextField(blank=True)),
                ('plate', models.CharField(blank=True, max_length=20)),
                ('plate_plain', models.CharField(blank=True, db_index=True, max_length=20)),
                ('look', models.CharField(blank=True, max_length=160)),
                ('since', models.DateTimeField(null=True)),
                ('place', models.CharField(blank=True, max_length=200)),
                ('everywhere', models.BooleanField(default=True)),
                ('issued', models.DateTimeField(db_index=True)),
                ('until', models.DateTimeField(db_index=True)),
                ('closed', models.DateTimeField(null=True)),
                ('end', models.CharField(blank=True, choices=[('found', 'found'), ('ended', 'no longer looked for'), ('withdrawn', 'withdrawn by the head')], max_length=10)),
                ('sha256', models.CharField(blank=True, max_length=64)),
                ('width_px', models.PositiveIntegerField(default=0)),
                ('height_px', models.PositiveIntegerField(default=0)),
                ('erased', models.DateTimeField(null=True)),
                ('incident', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='incidents.incident')),
                ('issued_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-issued', '-pk'],
                'constraints': [
                    models.UniqueConstraint(fields=('year', 'number'), name='bulletin_numbered_once'),
                    models.CheckConstraint(condition=models.Q(('number__gte', 1)), name='bulletins_count_from_one'),
                    models.CheckConstraint(condition=models.Q(('kind__in', ['motorbike', 'car', 'bicycle', 'boat', 'animal', 'thing', 'missing', 'other'])), name='bulletin_kind_known'),
                    models.CheckConstraint(condition=models.Q(('until__gt', models.F('issued'))), name='bulletin_ends_later'),
                    models.CheckConstraint(condition=models.Q(models.Q(('closed', None), ('end', '')), models.Q(('closed__isnull', False), ('end__in', ['found', 'ended', 'withdrawn'])), _connector='OR'), name='bulletin_closed_with_an_end'),
                    models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['missing']), _negated=True), ('sha256', ''), _connector='OR'), name='bulletin_no_picture_of_a_person'),
                    models.CheckConstraint(condition=models.Q(('erased', None), models.Q(('look', ''), ('place', ''), ('plate', ''), ('plate_plain', ''), ('sha256', ''), ('title', ''), ('words', '')), _connector='OR'), name='bulletin_erased_is_empty'),
                ],
            },
        ),
        migrations.CreateModel(
            name='BulletinHamlet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('bulletin', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='hamlets', to='bulletins.bulletin')),
                ('hamlet', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='registry.hamlet')),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [
                    models.UniqueConstraint(fields=('bulletin', 'hamlet'), name='bulletin_hamlet_once'),
                ],
            },
        ),
        migrations.CreateModel(
            name='BulletinStep',
            fields=[
                ('seq', models.BigIntegerField(editable=False, primary_key=True, serialize=False)),
                ('previous', models.CharField(editable=False, max_length=64)),
                ('digest', models.CharField(editable=False, max_length=64)),
                ('at', models.DateTimeField(db_index=True)),
                ('bulletin', models.CharField(db_index=True, max_length=20)),
                ('code', models.CharField(choices=[('issued', 'issued'), ('seen', 'told that it was seen'), ('read', 'read where it was seen'), ('prolonged', 'prolonged'), ('closed', 'closed'), ('erased', 'description, picture and words erased')], max_length=10)),
                ('until', models.DateTimeField(null=True)),
                ('end', models.CharField(blank=True, choices=[('found', 'found'), ('ended', 'no longer looked for'), ('withdrawn', 'withdrawn by the head')], max_length=10)),
                ('sighting', models.CharField(blank=True, max_length=20)),
                ('sha256', models.CharField(blank=True, max_length=64)),
                ('note', models.CharField(blank=True, max_length=400)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['seq'],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('code__in', ['issued', 'seen', 'read', 'prolonged', 'closed', 'erased'])), name='bulletin_step_known'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Sighting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=luytre.base.ids.new_id, editable=False, max_length=20, unique=True)),
                ('told', models.DateTimeField()),
                ('seen', models.DateTimeField()),
                ('place', models.CharField(blank=True, max_length=200)),
                ('camera', models.CharField(blank=True, max_length=63)),
                ('words', models.CharField(blank=True, max_length=400)),
                ('read', models.DateTimeField(null=True)),
                ('bulletin', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sightings', to='bulletins.bulletin')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('hamlet', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='registry.hamlet')),
            ],
            options={
                'ordering': ['-seen', '-pk'],
                'constraints': [
                    models.UniqueConstraint(fields=('bulletin', 'by', 'seen', 'place', 'camera'), name='bulletin_seen_once'),
                ],
            },
        ),
        Chain("bulletinstep"),
    ]
