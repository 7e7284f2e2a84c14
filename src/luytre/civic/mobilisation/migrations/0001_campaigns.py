import django.db.models.deletion
import luytre.base.ids
from django.conf import settings
from django.db import migrations, models

from luytre.civic.chain.operations import Chain


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('chain', '0001_initial'),
        ('registry', '0015_lending'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Campaign',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=luytre.base.ids.new_id, editable=False, max_length=20, unique=True)),
                ('name', models.CharField(max_length=120)),
                ('first_day', models.DateField()),
                ('last_day', models.DateField()),
                ('carriers', models.TextField(blank=True)),
                ('words', models.CharField(blank=True, max_length=400)),
                ('made', models.DateTimeField()),
                ('revision', models.PositiveIntegerField(default=1)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('last_day__gte', models.F('first_day'))), name='mobilisation_campaign_has_a_length')],
                'ordering': ['-first_day', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Commitment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=luytre.base.ids.new_id, editable=False, max_length=20, unique=True)),
                ('once', models.CharField(max_length=40, unique=True)),
                ('sort', models.CharField(choices=[('camera', 'lends a camera'), ('money', 'gives money'), ('power', 'gives power'), ('network', 'gives network'), ('pole', 'gives a pole or a wall'), ('labour', 'gives work')], max_length=10)),
                ('amount_vnd', models.PositiveBigIntegerField(default=0)),
                ('words', models.CharField(blank=True, max_length=400)),
                ('day', models.DateField()),
                ('sealed_name', models.TextField(blank=True)),
                ('sealed_phone', models.TextField(blank=True)),
                ('led', models.CharField(blank=True, max_length=20)),
                ('over', models.DateTimeField(null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='commitments', to='mobilisation.campaign')),
                ('hamlet', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='registry.hamlet')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('sort__in', ['camera', 'money', 'power', 'network', 'pole', 'labour'])), name='mobilisation_sort_known'), models.CheckConstraint(condition=models.Q(('over', None), models.Q(('sealed_name', ''), ('sealed_phone', '')), _connector='OR'), name='mobilisation_over_has_no_name'), models.CheckConstraint(condition=models.Q(('led', ''), ('over__isnull', False), _connector='OR'), name='mobilisation_led_is_over')],
                'ordering': ['-day', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='FollowUp',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=luytre.base.ids.new_id, editable=False, max_length=20, unique=True)),
                ('once', models.CharField(max_length=40, unique=True)),
                ('day', models.DateField()),
                ('sealed_where', models.TextField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='followups', to='mobilisation.campaign')),
                ('hamlet', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='registry.hamlet')),
            ],
            options={
                'ordering': ['day', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Goal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('eyes', models.PositiveIntegerField(default=0)),
                ('households', models.PositiveIntegerField(default=0)),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='goals', to='mobilisation.campaign')),
                ('hamlet', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='registry.hamlet')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('campaign', 'hamlet'), name='mobilisation_one_goal_a_hamlet')],
            },
        ),
        migrations.CreateModel(
            name='Meeting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('once', models.CharField(max_length=40, unique=True)),
                ('day', models.DateField()),
                ('place', models.CharField(blank=True, max_length=120)),
                ('came', models.PositiveIntegerField()),
                ('minutes', models.TextField(blank=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='meetings', to='mobilisation.campaign')),
                ('hamlet', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='registry.hamlet')),
            ],
            options={
                'ordering': ['-day', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='MobilisationStep',
            fields=[
                ('seq', models.BigIntegerField(editable=False, primary_key=True, serialize=False)),
                ('previous', models.CharField(editable=False, max_length=64)),
                ('digest', models.CharField(editable=False, max_length=64)),
                ('at', models.DateTimeField(db_index=True)),
                ('code', models.CharField(choices=[('planned', 'campaign made'), ('changed', 'campaign changed'), ('read', 'name of who committed read'), ('led', 'commitment entered where it belongs'), ('over', 'commitment finished with')], max_length=10)),
                ('thing', models.CharField(db_index=True, max_length=20)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('code__in', ['planned', 'changed', 'read', 'led', 'over'])), name='mobilisation_step_known')],
                'ordering': ['seq'],
            },
        ),
        migrations.CreateModel(
            name='Visit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('once', models.CharField(max_length=40, unique=True)),
                ('day', models.DateField()),
                ('carrier', models.CharField(blank=True, max_length=120)),
                ('households', models.PositiveIntegerField()),
                ('thinking', models.PositiveIntegerField(default=0)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='visits', to='mobilisation.campaign')),
                ('hamlet', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='registry.hamlet')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('households__gte', 1), ('thinking__lte', models.F('households'))), name='mobilisation_visit_counts')],
                'ordering': ['-day', '-pk'],
            },
        ),
        Chain("MobilisationStep"),
    ]
