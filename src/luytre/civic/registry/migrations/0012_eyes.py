import django.db.models.deletion
import luytre.base.ids
from django.conf import settings
from django.db import migrations, models

from luytre.civic.chain.operations import Chain


class Migration(migrations.Migration):

    dependencies = [
        ('chain', '0001_initial'),
        ('registry', '0011_masks'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Eye',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=luytre.base.ids.new_id, editable=False, max_length=20, unique=True)),
                ('name', models.CharField(max_length=120)),
                ('owner_kind', models.CharField(choices=[('household', 'household'), ('shop', 'shop or company'), ('institution', 'institution'), ('commune', 'commune')], default='household', max_length=20)),
                ('owner_name', models.CharField(blank=True, max_length=120)),
                ('owner_phone', models.CharField(blank=True, max_length=40)),
                ('address', models.CharField(blank=True, max_length=200)),
                ('tier', models.CharField(choices=[('listed', 'only listed'), ('on_request', 'on request'), ('on_alarm', 'on alarm'), ('live', 'live')], default='listed', max_length=20)),
                ('latitude', models.DecimalField(blank=True, decimal_places=6, max_digits=8, null=True)),
                ('longitude', models.DecimalField(blank=True, decimal_places=6, max_digits=9, null=True)),
                ('bearing_deg', models.FloatField(blank=True, null=True)),
                ('tilt_deg', models.FloatField(blank=True, null=True)),
                ('height_m', models.FloatField(blank=True, null=True)),
                ('hfov_deg', models.FloatField(blank=True, null=True)),
                ('focal_mm', models.FloatField(blank=True, null=True)),
                ('sensor', models.CharField(blank=True, max_length=12)),
                ('width_px', models.PositiveIntegerField(blank=True, null=True)),
                ('height_px', models.PositiveIntegerField(blank=True, null=True)),
                ('ir_range_m', models.FloatField(blank=True, null=True)),
                ('recorder', models.CharField(choices=[('unknown', 'not known'), ('none', 'keeps nothing'), ('card', 'memory card'), ('nvr', 'recorder on the spot'), ('cloud', "at the maker's (cloud)"), ('commune', "the commune's recorder")], default='unknown', max_length=20)),
                ('days_kept', models.PositiveIntegerField(blank=True, null=True)),
                ('clock_error_s', models.FloatField(blank=True, null=True)),
                ('power', models.CharField(choices=[('unknown', 'not known'), ('mains', 'mains'), ('ups', 'mains with battery'), ('solar', 'solar'), ('poe', 'over the network cable')], default='unknown', max_length=20)),
                ('network', models.CharField(choices=[('unknown', 'not known'), ('none', 'no network'), ('fibre', 'fibre'), ('cable', 'network cable'), ('wifi', 'Wi-Fi'), ('mobile', '4G or 5G')], default='unknown', max_length=20)),
                ('label', models.CharField(choices=[('unknown', 'not known'), ('yes', 'yes'), ('no', 'no')], default='unknown', max_length=10)),
                ('maker', models.CharField(blank=True, max_length=80)),
                ('model', models.CharField(blank=True, max_length=80)),
                ('firmware', models.CharField(blank=True, max_length=80)),
                ('condition', models.CharField(choices=[('works', 'works'), ('faulty', 'works badly'), ('dead', 'does not work'), ('unknown', 'not known')], default='unknown', max_length=20)),
                ('condition_day', models.DateField(blank=True, null=True)),
                ('sees', models.CharField(blank=True, max_length=400)),
                ('homes_in_view', models.CharField(blank=True, max_length=400)),
                ('note', models.CharField(blank=True, max_length=400)),
                ('archived', models.BooleanField(db_index=True, default=False)),
                ('revision', models.PositiveIntegerField(default=1, editable=False)),
                ('changed', models.DateTimeField(auto_now=True)),
                ('camera', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='eye', to='registry.camera')),
                ('site', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='eyes', to='registry.site')),
            ],
            options={
                'ordering': ['name', 'key'],
                'constraints': [models.CheckConstraint(condition=models.Q(('tier__in', ['listed', 'on_request', 'on_alarm', 'live'])), name='eye_tier_known'), models.CheckConstraint(condition=models.Q(('bearing_deg__isnull', True), models.Q(('bearing_deg__gte', 0), ('bearing_deg__lt', 360)), _connector='OR'), name='eye_bearing_on_the_compass'), models.CheckConstraint(condition=models.Q(models.Q(('latitude__isnull', True), ('longitude__isnull', True)), models.Q(('latitude__range', (-90, 90)), ('longitude__range', (-180, 180))), _connector='OR'), name='eye_is_on_the_earth_or_at_its_site')],
            },
        ),
        migrations.CreateModel(
            name='RegisterStep',
            fields=[
                ('seq', models.BigIntegerField(editable=False, primary_key=True, serialize=False)),
                ('previous', models.CharField(editable=False, max_length=64)),
                ('digest', models.CharField(editable=False, max_length=64)),
                ('at', models.DateTimeField(db_index=True)),
                ('thing', models.CharField(choices=[('eye', 'eye'), ('place', 'place to watch'), ('obstacle', 'building or wall'), ('boundary', 'boundary of a hamlet'), ('past_incident', 'past incident'), ('need', 'need'), ('site', 'mounting place'), ('brought_in', 'file that was brought in')], max_length=20)),
                ('key', models.CharField(db_index=True, max_length=63)),
                ('name', models.CharField(max_length=120)),
                ('code', models.CharField(choices=[('added', 'added'), ('changed', 'changed'), ('removed', 'removed'), ('restored', 'put back')], max_length=10)),
                ('changes', models.TextField(default='[]')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['seq'],
                'constraints': [models.CheckConstraint(condition=models.Q(('thing__in', ['eye', 'place', 'obstacle', 'boundary', 'past_incident', 'need', 'site', 'brought_in'])), name='register_step_of_a_thing'), models.CheckConstraint(condition=models.Q(('code__in', ['added', 'changed', 'removed', 'restored'])), name='register_step_known')],
            },
        ),
        Chain('RegisterStep'),
    ]
