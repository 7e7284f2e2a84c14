"""On a real PostgreSQL: who saves at once with others overwrites nothing, and files of the land come in whole."""

CORE = """
import warnings; warnings.simplefilter("error")
from luytre.bridge.django import start_django
start_django()
import sys, threading
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from django.core.exceptions import ValidationError
from django.db import connection
from luytre.civic.chain.proof import prove
from luytre.civic.ground.land import save_boundary
from luytre.civic.ground.models import HamletArea, Place
from luytre.civic.ground.parcels import Parcel, State, bring, look
from luytre.civic.ground.places import place_draft, save_place
from luytre.civic.registry.address import parse_address
from luytre.civic.registry.cameras import CameraDraft, save_camera
from luytre.civic.registry.eye_sheet import Planner, carry_out
from luytre.civic.registry.eyes import EyeDraft, Stale, connect_eye, draft_of, save_eye
from luytre.civic.registry.models import Camera, Eye, Hamlet, RegisterStep
from luytre.civic.registry.sheet_file import SheetRow

assert connection.vendor == "postgresql"
now, folder, square = datetime.now(UTC), Path(sys.argv[1]), sys.argv[2]
hamlet = Hamlet.objects.create(name="Thôn Đông")

def at_once(work, count=8):
    gate, answers = threading.Barrier(count), []
    def one(number):
        gate.wait()
        try:
            answers.append(type(work(number)).__name__)
        except (Stale, ValidationError) as error:
            answers.append(type(error).__name__)
        finally:
            connection.close()
    threads = [threading.Thread(target=one, args=(number,)) for number in range(count)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    return sorted(answers)

assert at_once(lambda n: save_boundary(None, hamlet, square, f"lần {n}", now)) == ["HamletArea"] * 8
assert HamletArea.objects.count() == 1
eye = save_eye(None, EyeDraft("Cổng làng", hamlet="Thôn Đông", position=(Decimal("21.03"), Decimal("105.85"))), now)
answers = at_once(lambda n: save_eye(None, replace(draft_of(eye), bearing_deg=float(n)), now, eye, 1))
assert answers == ["Eye", *["Stale"] * 7], answers
assert Eye.objects.get().revision == 2
camera = save_camera(CameraDraft("Cổng chợ", parse_address("rtsp://10.0.0.5/a")))
listed = [save_eye(None, EyeDraft(f"Mắt {n}"), now) for n in range(4)]
answers = at_once(lambda n: connect_eye(None, listed[n], camera, now), 4)
assert Eye.objects.filter(camera=camera, archived=False).count() == 1, answers
rows = [SheetRow(n, {"name": f"Dòng {n}", "hamlet": "thon dong", "bearing_deg": "90"}) for n in range(2, 102)]
eyes = lambda: list(Eye.objects.filter(archived=False).select_related("site__hamlet", "camera"))
assert carry_out(None, Planner(eyes(), now, "vi").plan(rows), now) == (100, 0)
assert {plan.action for plan in Planner(eyes(), now, "vi").plan(rows)} == {"same"}

handed = folder / "handed"
handed.write_text(sys.argv[3], "utf-8")
parcel = Parcel.new(folder / "imports", State("places", "cho.geojson", "vi"), handed)
look(parcel, now)
bring(parcel, None, now)
assert (parcel.state().stage, Place.objects.count()) == ("done", 1), parcel.state()
place = Place.objects.get()
answers = at_once(lambda n: save_place(None, replace(place_draft(place), residents=n + 1), now, place, 1))
assert answers == ["Place", *["Stale"] * 7], answers
proof = prove()
assert proof.whole, proof.faults
print(RegisterStep.objects.count() > 110)
"""
