"""Each camera gets a site of its own, named as the camera and in its hamlet. Apart from the next step: PostgreSQL
changes no table that has rows waiting for their foreign keys to be checked."""

from django.db import migrations


def give_sites(apps, schema_editor):
    Camera, Site = apps.get_model('registry', 'Camera'), apps.get_model('registry', 'Site')
    for camera in Camera.objects.filter(site__isnull=True):
        camera.site = Site.objects.create(name=camera.name, hamlet_id=camera.hamlet_id)
        camera.save(update_fields=['site'])


def take_hamlets_back(apps, schema_editor):
    Camera = apps.get_model('registry', 'Camera')
    for camera in Camera.objects.select_related('site').filter(site__isnull=False):
        camera.hamlet_id = camera.site.hamlet_id
        camera.save(update_fields=['hamlet'])


class Migration(migrations.Migration):

    dependencies = [
        ('registry', '0002_sites'),
    ]

    operations = [
        migrations.RunPython(give_sites, take_hamlets_back),
    ]
