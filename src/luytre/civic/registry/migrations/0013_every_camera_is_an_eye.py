"""Every connected camera gets its eye, with a step of the history each: the register begins with what there is."""

from django.db import migrations
from django.utils import timezone

from luytre.base.ids import new_id
from luytre.civic.chain.text import FIRST, digest_of, microseconds, row_text

TABLE = "registry_registerstep"


def make_eyes(apps, schema_editor):
    camera, eye = apps.get_model("registry", "Camera"), apps.get_model("registry", "Eye")
    step, head = apps.get_model("registry", "RegisterStep"), apps.get_model("chain", "ChainHead")
    now, last = timezone.now(), head.objects.filter(pk=TABLE).first()
    seq, digest = (last.seq, last.digest) if last else (0, FIRST)
    for one in camera.objects.filter(archived=False, eye=None).order_by("pk"):
        made = eye.objects.create(key=new_id(), name=one.name, site_id=one.site_id, camera=one, owner_kind="commune", tier="live")
        seq, previous = seq + 1, digest
        columns = {
            "at": microseconds(now), "changes": "[]", "code": "added", "key": made.key, "name": made.name, "seq": seq, "thing": "eye"
        }
        digest = digest_of(row_text(previous, TABLE, columns))
        step.objects.create(seq=seq, previous=previous, digest=digest, at=now, thing="eye", key=made.key, name=made.name, code="added")
    if seq:
        head.objects.update_or_create(name=TABLE, defaults={"seq": seq, "digest": digest})


class Migration(migrations.Migration):
    dependencies = [("chain", "0001_initial"), ("registry", "0012_eyes")]
    operations = [migrations.RunPython(make_eyes, migrations.RunPython.noop)]
