"""On a real PostgreSQL: one entry from many requests at once is one; what several changed at once waits for a person."""

CORE = """
import warnings; warnings.simplefilter("error")
from luytre.bridge.django import start_django
start_django()
import hashlib, json, sys, threading
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from uuid import uuid4
from PIL import Image
from django.db import connection
from luytre.civic.access.assignments import Wanted, assign
from luytre.civic.access.models import User
from luytre.civic.registry.models import Eye, Hamlet, RegisterStep
from luytre.civic.survey.entries import take
from luytre.civic.survey.models import Entry, Need, Photo
from luytre.civic.survey.payload import read_entry
from luytre.civic.survey.photos import store_photo

assert connection.vendor == "postgresql"
now, folder = datetime.now(UTC), Path(sys.argv[1])
hamlet = Hamlet.objects.create(name="Thôn Đông")
by = User.objects.create_user("khao-sat")
assign(None, by, Wanted("surveyor", "", first_day=date(2020, 1, 1)), now)
written = BytesIO()
Image.new("RGB", (64, 48), "#3a6").save(written, "JPEG")
photo = written.getvalue()
sha256 = hashlib.sha256(photo).hexdigest()

def body(**changes):
    fields = {"name": "Ngã ba", "position": "21.0285, 105.8542", "reason": "dark", "urgency": 2}
    content = {"id": str(uuid4()), "kind": "need", "made": now.timestamp(), "hamlet": hamlet.pk, "fields": fields, "before": {},
               "photos": [{"sha256": sha256, "kind": "view"}]}
    return json.dumps(content | changes).encode()

def at_once(work, count=8):
    gate, answers = threading.Barrier(count), []
    def one():
        try:
            gate.wait()
            answers.append(work())
        except BaseException as error:
            answers.append(repr(error))
        finally:
            connection.close()
    threads = [threading.Thread(target=one) for _ in range(count)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    return answers

same = body()
answers = at_once(lambda: take(by, read_entry(same), now))
assert len(set(answers)) == 1 and answers[0].state == "applied", answers
assert (Entry.objects.count(), Need.objects.count(), RegisterStep.objects.count()) == (1, 1, 1)
entry = Entry.objects.get()
rows = at_once(lambda: store_photo(by, entry, sha256, photo, folder, now).pk)
assert len(set(rows)) == 1, rows
assert (Photo.objects.count(), len(list(folder.rglob("*.jpg")))) == (1, 1)
print("once")
answer = answers[0]
words = iter(["một", "hai", "ba", "bốn"])
numbers = threading.Lock()
def change():
    with numbers:
        said = next(words)
    changed = body(target=answer.target, base=1, fields={"words": said}, before={"words": ""}, photos=[])
    return take(by, read_entry(changed), now).state
states = sorted(at_once(change, 4))
assert states == ["applied", "conflict", "conflict", "conflict"], states
assert Need.objects.get().revision == 2
print("one wins, nobody is overwritten")
"""
