import django.db.models.deletion
from django.db import migrations, models

import luytre.base.ids


class Migration(migrations.Migration):

    dependencies = [
        ('registry', '0001_initial'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='hamlet',
            options={'ordering': ['order', 'name']},
        ),
        migrations.AddField(
            model_name='hamlet',
            name='order',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.CreateModel(
            name='Site',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=luytre.base.ids.new_id, editable=False, max_length=63, unique=True)),
                ('name', models.CharField(max_length=120)),
                ('kind', models.CharField(choices=[('route', 'route'), ('hot_spot', 'hot spot'), ('residential', 'residential point')], default='residential', max_length=20)),
                ('road', models.CharField(blank=True, max_length=120)),
                ('latitude', models.DecimalField(blank=True, decimal_places=6, max_digits=8, null=True)),
                ('longitude', models.DecimalField(blank=True, decimal_places=6, max_digits=9, null=True)),
                ('hamlet', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sites', to='registry.hamlet')),
            ],
            options={
                'ordering': ['name', 'key'],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('kind__in', ['route', 'hot_spot', 'residential'])), name='site_kind_known'),
                    models.CheckConstraint(condition=models.Q(models.Q(('latitude__isnull', True), ('longitude__isnull', True)), models.Q(('latitude__isnull', False), ('latitude__range', (-90, 90)), ('longitude__isnull', False), ('longitude__range', (-180, 180))), _connector='OR'), name='site_is_on_the_earth_or_nowhere'),
                ],
            },
        ),
        migrations.AddField(
            model_name='camera',
            name='site',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cameras', to='registry.site'),
        ),
    ]
