"""What was written down of single days: an append-only chain from its first row."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from luytre.civic.chain.operations import Chain


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('chain', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='DayStep',
            fields=[
                ('seq', models.BigIntegerField(editable=False, primary_key=True, serialize=False)),
                ('previous', models.CharField(editable=False, max_length=64)),
                ('digest', models.CharField(editable=False, max_length=64)),
                ('at', models.DateTimeField()),
                ('iso', models.CharField(db_index=True, max_length=10)),
                ('said', models.CharField(choices=[('off', 'day off'), ('worked', 'worked in exchange'), ('usual', 'as every week'), ('checked', 'year held against the announcement')], max_length=10)),
                ('words', models.CharField(blank=True, max_length=120)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['seq'],
                'constraints': [models.CheckConstraint(condition=models.Q(('said__in', ['off', 'worked', 'usual', 'checked'])), name='workdays_said_known')],
            },
        ),
        Chain("daystep"),
    ]
