"""Tips; their steps are an append-only chain from the first row."""

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
            name='Tip',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=luytre.base.ids.new_id, editable=False, max_length=20, unique=True)),
                ('code_digest', models.CharField(max_length=64, unique=True)),
                ('received', models.DateTimeField(db_index=True)),
                ('kind', models.CharField(choices=[('theft', 'theft, robbery'), ('disorder', 'fighting, disorder'), ('accident', 'traffic accident'), ('fire', 'fire, explosion'), ('suspicious', 'something suspicious'), ('traffic', 'traffic: speeding, blocking the road'), ('environment', 'environment: waste, noise, burning'), ('camera', 'a camera: broken, turned, looks into a home'), ('other', 'something else')], max_length=12)),
                ('happening', models.BooleanField(default=False)),
                ('happened', models.DateTimeField(null=True)),
                ('latitude', models.DecimalField(decimal_places=6, max_digits=8, null=True)),
                ('longitude', models.DecimalField(decimal_places=6, max_digits=9, null=True)),
                ('place', models.CharField(blank=True, max_length=200)),
                ('camera', models.CharField(blank=True, max_length=63)),
                ('words', models.TextField(blank=True)),
                ('sealed_phone', models.TextField(blank=True)),
                ('english', models.BooleanField(default=False)),
                ('state', models.CharField(choices=[('new', 'not read yet'), ('read', 'being looked at'), ('closed', 'answered and closed')], default='new', max_length=8)),
                ('closed', models.DateTimeField(db_index=True, null=True)),
                ('end', models.CharField(blank=True, choices=[('done', 'seen to'), ('known', 'known already'), ('elsewhere', 'passed on to who is responsible'), ('nothing', 'nothing was found'), ('abuse', 'no tip: joke, insult, advertising')], max_length=10)),
                ('helped', models.BooleanField(null=True)),
                ('erased', models.DateTimeField(null=True)),
                ('given', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.unit')),
                ('hamlet', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='registry.hamlet')),
            ],
            options={
                'ordering': ['-received', '-pk'],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('kind__in', ['theft', 'disorder', 'accident', 'fire', 'suspicious', 'traffic', 'environment', 'camera', 'other'])), name='tip_kind_known'),
                    models.CheckConstraint(condition=models.Q(models.Q(('closed__isnull', False), ('end__in', ['done', 'known', 'elsewhere', 'nothing', 'abuse']), ('state', 'closed')), models.Q(('closed__isnull', True), ('end', ''), ('state__in', ['new', 'read'])), _connector='OR'), name='tip_closed_with_an_end'),
                    models.CheckConstraint(condition=models.Q(models.Q(('latitude__isnull', True), ('longitude__isnull', True)), models.Q(('latitude__range', (-90, 90)), ('longitude__range', (-180, 180))), _connector='OR'), name='tip_position_whole'),
                    models.CheckConstraint(condition=models.Q(('erased__isnull', True), models.Q(('latitude__isnull', True), ('place', ''), ('sealed_phone', ''), ('words', '')), _connector='OR'), name='tip_erased_is_empty'),
                ],
            },
        ),
        migrations.CreateModel(
            name='TipMessage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('words', models.TextField()),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('tip', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='messages', to='tips.tip')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='TipPicture',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sha256', models.CharField(max_length=64)),
                ('size_bytes', models.PositiveIntegerField()),
                ('width_px', models.PositiveIntegerField()),
                ('height_px', models.PositiveIntegerField()),
                ('tip', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pictures', to='tips.tip')),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [
                    models.UniqueConstraint(fields=('tip', 'sha256'), name='tip_picture_once'),
                ],
            },
        ),
        migrations.CreateModel(
            name='TipStep',
            fields=[
                ('seq', models.BigIntegerField(editable=False, primary_key=True, serialize=False)),
                ('previous', models.CharField(editable=False, max_length=64)),
                ('digest', models.CharField(editable=False, max_length=64)),
                ('at', models.DateTimeField(db_index=True)),
                ('tip', models.CharField(db_index=True, max_length=20)),
                ('code', models.CharField(choices=[('received', 'came in'), ('read', 'read'), ('given', 'given to'), ('wrote', 'wrote to the sender'), ('added', 'the sender added something'), ('number', 'looked at the telephone number'), ('closed', 'closed'), ('reopened', 'opened again'), ('rated', 'the sender said whether it helped'), ('erased', 'words, pictures and number erased')], max_length=10)),
                ('unit', models.CharField(blank=True, max_length=40)),
                ('end', models.CharField(blank=True, choices=[('done', 'seen to'), ('known', 'known already'), ('elsewhere', 'passed on to who is responsible'), ('nothing', 'nothing was found'), ('abuse', 'no tip: joke, insult, advertising')], max_length=10)),
                ('note', models.CharField(blank=True, max_length=400)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['seq'],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('code__in', ['received', 'read', 'given', 'wrote', 'added', 'number', 'closed', 'reopened', 'rated', 'erased'])), name='tip_step_known'),
                ],
            },
        ),
        Chain("tipstep"),
    ]
