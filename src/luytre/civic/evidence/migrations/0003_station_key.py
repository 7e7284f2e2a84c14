"""What is done with the key that signs packages."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from luytre.civic.chain.operations import Chain


class Migration(migrations.Migration):

    dependencies = [
        ('evidence', '0002_packages'),
        ('chain', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='KeyStep',
            fields=[
                ('seq', models.BigIntegerField(editable=False, primary_key=True, serialize=False)),
                ('previous', models.CharField(editable=False, max_length=64)),
                ('digest', models.CharField(editable=False, max_length=64)),
                ('at', models.DateTimeField()),
                ('code', models.CharField(choices=[('used', 'in use from here on'), ('rotated', 'changed for a new one'), ('backed_up', 'backed up'), ('restored', 'put back from a backup')], max_length=9)),
                ('fingerprint', models.CharField(db_index=True, max_length=64)),
                ('replaced', models.CharField(blank=True, max_length=64)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['seq'],
                'constraints': [models.CheckConstraint(condition=models.Q(('code__in', ['used', 'rotated', 'backed_up', 'restored'])), name='key_step_known')],
            },
        ),
        Chain("keystep"),
    ]
