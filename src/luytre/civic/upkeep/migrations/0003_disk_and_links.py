"""How much of the disk each camera fills, and what its connection did each hour."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('upkeep', '0002_tickets_and_repairs'),
    ]

    operations = [
        migrations.CreateModel(
            name='CameraLoad',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('camera', models.CharField(max_length=63, unique=True)),
                ('at', models.DateTimeField(db_index=True)),
                ('bytes_a_day', models.BigIntegerField()),
                ('depth_days', models.FloatField()),
            ],
        ),
        migrations.CreateModel(
            name='LinkHour',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('camera', models.CharField(max_length=63)),
                ('hour', models.DateTimeField(db_index=True)),
                ('looks', models.PositiveIntegerField(default=0)),
                ('well', models.PositiveIntegerField(default=0)),
                ('reconnects', models.PositiveIntegerField(default=0)),
                ('gaps', models.PositiveIntegerField(default=0)),
                ('frames', models.BigIntegerField(default=0)),
                ('seen_reconnects', models.BigIntegerField(default=0)),
                ('seen_gaps', models.BigIntegerField(default=0)),
                ('seen_frames', models.BigIntegerField(default=0)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('camera', 'hour'), name='one_link_an_hour')],
            },
        ),
    ]
