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
            name='OwnerLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('made', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('eye', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='registry.eye')),
            ],
        ),
        migrations.CreateModel(
            name='MovementStep',
            fields=[
                ('seq', models.BigIntegerField(editable=False, primary_key=True, serialize=False)),
                ('previous', models.CharField(editable=False, max_length=64)),
                ('digest', models.CharField(editable=False, max_length=64)),
                ('at', models.DateTimeField(db_index=True)),
                ('thing', models.CharField(db_index=True, max_length=20)),
                ('code', models.CharField(choices=[('signed', 'agreement signed'), ('narrowed', "less is allowed, by the owner's word"), ('withdrawn', 'withdrawn by the owner'), ('link', "owner's link made"), ('unlink', "owner's link ended"), ('read', 'signed agreement read'), ('opened', 'opened for an incident'), ('shut', 'closed again'), ('offer', 'who offers a camera was read'), ('offer_end', 'offer finished with')], max_length=10)),
                ('number', models.PositiveIntegerField(default=0)),
                ('way', models.CharField(blank=True, max_length=6)),
                ('text_digest', models.CharField(blank=True, max_length=64)),
                ('sign_digest', models.CharField(blank=True, max_length=64)),
                ('note', models.CharField(blank=True, max_length=400)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['seq'],
                'constraints': [models.CheckConstraint(condition=models.Q(('code__in', ['signed', 'narrowed', 'withdrawn', 'link', 'unlink', 'read', 'opened', 'shut', 'offer', 'offer_end'])), name='movement_step_known'), models.CheckConstraint(condition=models.Q(models.Q(('code', 'signed'), _negated=True), models.Q(('sign_digest', ''), ('text_digest', ''), _negated=True), _connector='OR'), name='movement_signed_is_told')],
            },
        ),
        migrations.CreateModel(
            name='Offer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=luytre.base.ids.new_id, editable=False, max_length=20, unique=True)),
                ('once', models.CharField(max_length=64, unique=True)),
                ('made', models.DateTimeField(db_index=True)),
                ('state', models.CharField(choices=[('waiting', 'to be called back'), ('joined', 'joined'), ('ended', 'finished with')], default='waiting', max_length=10)),
                ('sealed_name', models.TextField(blank=True)),
                ('sealed_phone', models.TextField(blank=True)),
                ('sealed_place', models.TextField(blank=True)),
                ('words', models.CharField(blank=True, max_length=400)),
                ('ended', models.DateTimeField(null=True)),
                ('erased', models.DateTimeField(null=True)),
                ('hamlet', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='registry.hamlet')),
            ],
            options={
                'ordering': ['-made', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'joined', 'ended'])), name='movement_offer_state_known'), models.CheckConstraint(condition=models.Q(('erased', None), models.Q(('sealed_name', ''), ('sealed_phone', ''), ('sealed_place', ''), ('words', '')), _connector='OR'), name='movement_offer_erased_is_empty')],
            },
        ),
        migrations.CreateModel(
            name='Signature',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('at', models.DateTimeField()),
                ('way', models.CharField(choices=[('screen', 'on the screen'), ('paper', 'on paper')], max_length=6)),
                ('digest', models.CharField(max_length=64)),
                ('sealed_text', models.TextField(blank=True)),
                ('sealed_strokes', models.TextField(blank=True)),
                ('scan', models.CharField(blank=True, max_length=70)),
                ('erased', models.DateTimeField(null=True)),
                ('eye', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.eye')),
                ('witness', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-number'],
                'constraints': [models.UniqueConstraint(fields=('eye', 'number'), name='movement_signed_once'), models.CheckConstraint(condition=models.Q(models.Q(('erased__isnull', False), ('scan', ''), ('sealed_strokes', ''), ('sealed_text', '')), models.Q(('erased', None), ('scan', ''), ('way', 'screen'), models.Q(('sealed_strokes', ''), _negated=True)), models.Q(('erased', None), ('sealed_strokes', ''), ('way', 'paper'), models.Q(('scan', ''), _negated=True)), _connector='OR'), name='movement_signed_somehow')],
            },
        ),
        Chain("MovementStep"),
    ]
