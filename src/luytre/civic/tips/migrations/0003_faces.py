"""Copies of photos with faces blurred. The steps' table is made anew by SQLite: its triggers come back at once."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from luytre.civic.chain.triggers import guard


def guard_steps(apps, schema_editor):
    guard(schema_editor.connection, "tips_tipstep")


class Migration(migrations.Migration):

    dependencies = [
        ('tips', '0002_videos'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='tipstep',
            name='tip_step_known',
        ),
        migrations.AddField(
            model_name='tippicture',
            name='blurred',
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddField(
            model_name='tippicture',
            name='boxes',
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name='tippicture',
            name='checked',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='tippicture',
            name='checked_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='tippicture',
            name='found',
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='tippicture',
            name='sought',
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name='tipstep',
            name='code',
            field=models.CharField(choices=[('received', 'came in'), ('read', 'read'), ('given', 'given to'), ('wrote', 'wrote to the sender'), ('added', 'the sender added something'), ('number', 'looked at the telephone number'), ('closed', 'closed'), ('reopened', 'opened again'), ('rated', 'the sender said whether it helped'), ('checked', 'photo looked at, faces blurred (photo · areas)'), ('withheld', 'photo shown to others no more'), ('released', 'what came of it was published'), ('retracted', 'taken back from the public page'), ('erased', 'words, pictures and number erased')], max_length=10),
        ),
        migrations.AddConstraint(
            model_name='tippicture',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('checked__isnull', True), ('checked_by__isnull', True)), models.Q(('checked__isnull', False), ('checked_by__isnull', False), ('seconds__isnull', True), models.Q(('blurred', ''), _negated=True)), _connector='OR'), name='tip_picture_checked_is_a_copy'),
        ),
        migrations.AddConstraint(
            model_name='tipstep',
            constraint=models.CheckConstraint(condition=models.Q(('code__in', ['received', 'read', 'given', 'wrote', 'added', 'number', 'closed', 'reopened', 'rated', 'checked', 'withheld', 'released', 'retracted', 'erased'])), name='tip_step_known'),
        ),
        migrations.RunPython(guard_steps, migrations.RunPython.noop),
    ]
