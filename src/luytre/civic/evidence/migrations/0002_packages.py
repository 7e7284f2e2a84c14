"""Packages and their custody. The requests' table is made anew by SQLite: its triggers come back at once."""

import django.db.models.deletion
import luytre.base.ids
from django.conf import settings
from django.db import migrations, models

from luytre.civic.chain.operations import Chain
from luytre.civic.chain.triggers import guard


def guard_requests(apps, schema_editor):
    guard(schema_editor.connection, "evidence_cliprequest")


class Migration(migrations.Migration):

    dependencies = [
        ('evidence', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='cliprequest',
            name='what',
            field=models.CharField(blank=True, choices=[('', 'a clip alone'), ('full', 'an evidence package with the original, for an authority'), ('viewing', 'a package with the copy for watching alone, for those who must not have the raw picture')], max_length=7),
        ),
        migrations.CreateModel(
            name='Package',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveIntegerField()),
                ('number', models.PositiveIntegerField()),
                ('key', models.CharField(default=luytre.base.ids.new_id, editable=False, max_length=20, unique=True)),
                ('kind', models.CharField(choices=[('full', 'an evidence package with the original, for an authority'), ('viewing', 'a package with the copy for watching alone, for those who must not have the raw picture')], max_length=7)),
                ('camera', models.CharField(db_index=True, max_length=63)),
                ('span_start', models.DateTimeField()),
                ('span_end', models.DateTimeField()),
                ('purpose_key', models.CharField(max_length=64)),
                ('reference', models.CharField(blank=True, max_length=120)),
                ('words', models.CharField(blank=True, max_length=400)),
                ('blur', models.CharField(blank=True, max_length=20)),
                ('blur_revision', models.PositiveIntegerField(default=0)),
                ('ordered', models.DateTimeField(db_index=True)),
                ('extract', models.TextField(blank=True)),
                ('state', models.CharField(choices=[('waiting', 'waits for its turn'), ('making', 'is being made'), ('ready', 'is ready'), ('failed', 'could not be made'), ('destroyed', 'destroyed')], default='waiting', max_length=9)),
                ('why', models.CharField(blank=True, max_length=300)),
                ('made', models.DateTimeField(null=True)),
                ('size_bytes', models.PositiveBigIntegerField(default=0)),
                ('manifest_sha256', models.CharField(blank=True, max_length=64)),
                ('stamp', models.CharField(blank=True, choices=[('waiting', "waits for the time stamp's server"), ('stamped', 'carries a time stamp')], max_length=7)),
                ('stamp_after', models.DateTimeField(null=True)),
                ('stamp_tries', models.PositiveIntegerField(default=0)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('request', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='packages', to='evidence.cliprequest')),
            ],
            options={
                'ordering': ['-ordered', '-pk'],
                'constraints': [models.UniqueConstraint(fields=('year', 'number'), name='package_number_once'), models.CheckConstraint(condition=models.Q(('span_end__gt', models.F('span_start'))), name='package_has_a_span'), models.CheckConstraint(condition=models.Q(('kind__in', ['full', 'viewing'])), name='package_kind_known'), models.CheckConstraint(condition=models.Q(models.Q(('made', None), ('manifest_sha256', '')), models.Q(('made__isnull', False), ('size_bytes__gt', 0)), _connector='OR'), name='package_made_has_a_size')],
            },
        ),
        migrations.CreateModel(
            name='PackageStep',
            fields=[
                ('seq', models.BigIntegerField(editable=False, primary_key=True, serialize=False)),
                ('previous', models.CharField(editable=False, max_length=64)),
                ('digest', models.CharField(editable=False, max_length=64)),
                ('at', models.DateTimeField(db_index=True)),
                ('package', models.CharField(db_index=True, max_length=20)),
                ('sign', models.CharField(max_length=20)),
                ('code', models.CharField(choices=[('ordered', 'ordered'), ('made', 'made'), ('failed', 'could not be made'), ('stamped', 'got its time stamp'), ('viewed', 'looked at'), ('taken', 'file taken'), ('verified', 'verified'), ('handed', 'a copy handed over'), ('returned', 'returned'), ('destroyed', 'destroyed')], max_length=9)),
                ('rows', models.TextField(blank=True)),
                ('sha256', models.CharField(blank=True, max_length=64)),
                ('size_bytes', models.PositiveBigIntegerField(default=0)),
                ('whom', models.CharField(blank=True, max_length=200)),
                ('paper', models.CharField(blank=True, max_length=60)),
                ('note', models.CharField(blank=True, max_length=400)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['seq'],
                'constraints': [models.CheckConstraint(condition=models.Q(('code__in', ['ordered', 'made', 'failed', 'stamped', 'viewed', 'taken', 'verified', 'handed', 'returned', 'destroyed'])), name='package_step_known')],
            },
        ),
        Chain("packagestep"),
        migrations.RunPython(guard_requests, migrations.RunPython.noop),
    ]
