"""The book of shifts: an append-only chain from its first row."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from luytre.civic.chain.operations import Chain


class Migration(migrations.Migration):

    dependencies = [
        ('chain', '0001_initial'),
        ('incidents', '0001_incidents'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ShiftStep',
            fields=[
                ('seq', models.BigIntegerField(editable=False, primary_key=True, serialize=False)),
                ('previous', models.CharField(editable=False, max_length=64)),
                ('digest', models.CharField(editable=False, max_length=64)),
                ('at', models.DateTimeField(db_index=True)),
                ('code', models.CharField(choices=[('handed', 'handed over'), ('taken', 'took over'), ('noted', 'note')], max_length=10)),
                ('note', models.CharField(blank=True, max_length=1000)),
                ('called', models.PositiveIntegerField(default=0)),
                ('going', models.PositiveIntegerField(default=0)),
                ('tips', models.PositiveIntegerField(default=0)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('whom', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['seq'],
                'constraints': [models.CheckConstraint(condition=models.Q(('code__in', ['handed', 'taken', 'noted'])), name='shift_step_known'), models.CheckConstraint(condition=models.Q(models.Q(('code', 'handed'), _negated=True), ('whom__isnull', False), _connector='OR'), name='shift_handed_to_somebody')],
            },
        ),
        Chain("shiftstep"),
    ]
