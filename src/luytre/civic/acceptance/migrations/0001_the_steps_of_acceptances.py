"""The steps of acceptances: an append-only chain from its first row."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from luytre.civic.chain.operations import Chain


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("chain", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name='AcceptanceStep',
            fields=[
                ('seq', models.BigIntegerField(editable=False, primary_key=True, serialize=False)),
                ('previous', models.CharField(editable=False, max_length=64)),
                ('digest', models.CharField(editable=False, max_length=64)),
                ('at', models.DateTimeField(db_index=True)),
                ('acceptance', models.CharField(db_index=True, max_length=20)),
                ('eye', models.CharField(db_index=True, max_length=20)),
                ('camera', models.CharField(blank=True, max_length=63)),
                ('code', models.CharField(choices=[('begun', 'begun'), ('device', 'device'), ('picture', 'picture'), ('walk', 'walk test'), ('sign', 'notice sign'), ('owner', "owner's agreement"), ('passed', 'accepted'), ('left', 'broken off')], max_length=10)),
                ('finding', models.CharField(blank=True, choices=[('good', 'good'), ('lacking', 'goes on, with a remark'), ('bad', 'must be mended first')], max_length=10)),
                ('note', models.CharField(blank=True, max_length=400)),
                ('facts', models.TextField(default='{}')),
                ('picture', models.CharField(blank=True, max_length=64)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['seq'],
                'constraints': [models.CheckConstraint(condition=models.Q(('code__in', ['begun', 'device', 'picture', 'walk', 'sign', 'owner', 'passed', 'left'])), name='acceptance_step_known'), models.CheckConstraint(condition=models.Q(models.Q(('code__in', ['begun', 'left', 'passed']), ('finding', '')), models.Q(('code__in', ['device', 'picture', 'walk', 'sign', 'owner']), ('finding__in', ['good', 'lacking', 'bad'])), _connector='OR'), name='acceptance_step_has_its_finding'), models.UniqueConstraint(condition=models.Q(('code', 'begun')), fields=('acceptance',), name='acceptance_begun_once'), models.UniqueConstraint(condition=models.Q(('code__in', ['passed', 'left'])), fields=('acceptance',), name='acceptance_ends_once')],
            },
        ),
        Chain("acceptancestep"),
    ]
