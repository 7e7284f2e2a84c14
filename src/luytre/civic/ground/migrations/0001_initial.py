import django.db.models.deletion
import luytre.base.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('registry', '0012_eyes'),
    ]

    operations = [
        migrations.CreateModel(
            name='HamletArea',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('geometry', models.TextField()),
                ('source', models.CharField(blank=True, max_length=200)),
                ('hamlet', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='area', to='registry.hamlet')),
            ],
        ),
        migrations.CreateModel(
            name='Obstacle',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=luytre.base.ids.new_id, editable=False, max_length=20, unique=True)),
                ('kind', models.CharField(choices=[('building', 'building'), ('wall', 'wall'), ('trees', 'trees')], default='building', max_length=20)),
                ('name', models.CharField(blank=True, max_length=120)),
                ('geometry', models.TextField()),
                ('height_m', models.FloatField(blank=True, null=True)),
                ('home', models.BooleanField(default=False)),
                ('source', models.CharField(blank=True, max_length=200)),
                ('source_id', models.CharField(blank=True, db_index=True, max_length=40)),
                ('revision', models.PositiveIntegerField(default=1, editable=False)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['building', 'wall', 'trees'])), name='obstacle_kind_known')],
            },
        ),
        migrations.CreateModel(
            name='PastIncident',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=luytre.base.ids.new_id, editable=False, max_length=20, unique=True)),
                ('kind', models.CharField(choices=[('theft', 'theft'), ('disorder', 'disorder'), ('accident', 'traffic accident'), ('fire', 'fire'), ('drugs', 'drugs, gambling'), ('environment', 'litter, environment'), ('other', 'other')], max_length=20)),
                ('day', models.DateField()),
                ('latitude', models.DecimalField(decimal_places=6, max_digits=8)),
                ('longitude', models.DecimalField(decimal_places=6, max_digits=9)),
                ('source', models.CharField(blank=True, max_length=200)),
            ],
            options={
                'ordering': ['-day', 'key'],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['theft', 'disorder', 'accident', 'fire', 'drugs', 'environment', 'other'])), name='past_incident_kind_known')],
            },
        ),
        migrations.CreateModel(
            name='Place',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=luytre.base.ids.new_id, editable=False, max_length=20, unique=True)),
                ('kind', models.CharField(choices=[('route', 'route'), ('residential', 'residential point'), ('hot_spot', 'hot spot'), ('school', 'school'), ('market', 'market'), ('temple', 'temple, pagoda or church'), ('cultural_house', 'cultural house'), ('office', 'office, health station'), ('other', 'other institution')], max_length=20)),
                ('name', models.CharField(max_length=120)),
                ('geometry', models.TextField()),
                ('residents', models.PositiveIntegerField(blank=True, null=True)),
                ('vehicles_a_day', models.PositiveIntegerField(blank=True, null=True)),
                ('weight', models.FloatField(blank=True, null=True)),
                ('note', models.CharField(blank=True, max_length=400)),
                ('source', models.CharField(blank=True, max_length=200)),
                ('source_id', models.CharField(blank=True, db_index=True, max_length=40)),
                ('archived', models.BooleanField(db_index=True, default=False)),
                ('revision', models.PositiveIntegerField(default=1, editable=False)),
                ('changed', models.DateTimeField(auto_now=True)),
                ('hamlet', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='places', to='registry.hamlet')),
            ],
            options={
                'ordering': ['name', 'key'],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['route', 'residential', 'hot_spot', 'school', 'market', 'temple', 'cultural_house', 'office', 'other'])), name='place_kind_known')],
            },
        ),
    ]
