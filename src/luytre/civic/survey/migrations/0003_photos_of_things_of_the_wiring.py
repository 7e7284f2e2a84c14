"""What a photo may be of follows the register's list of things."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('survey', '0002_entries_know_their_content'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='photo',
            name='photo_of_a_thing',
        ),
        migrations.AlterField(
            model_name='photo',
            name='thing',
            field=models.CharField(choices=[('eye', 'eye'), ('place', 'place to watch'), ('obstacle', 'building or wall'), ('boundary', 'boundary of a hamlet'), ('past_incident', 'past incident'), ('need', 'need'), ('site', 'mounting place'), ('brought_in', 'file that was brought in'), ('feed', 'switch, line, power supply or pole'), ('firm', 'repair firm')], max_length=20),
        ),
        migrations.AddConstraint(
            model_name='photo',
            constraint=models.CheckConstraint(condition=models.Q(('thing__in', ['eye', 'place', 'obstacle', 'boundary', 'past_incident', 'need', 'site', 'brought_in', 'feed', 'firm'])), name='photo_of_a_thing'),
        ),
    ]
