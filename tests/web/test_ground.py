"""Files of the land through the pages: handed in, looked at, confirmed; small ones at once, large ones by the jobs' process."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django_tasks_db.models import DBTaskResult

from luytre.base.errors import UsageError
from luytre.civic.access.models import Role, User
from luytre.civic.ground import parcels
from luytre.civic.ground.land import save_boundary
from luytre.civic.ground.models import Obstacle, Place
from luytre.civic.ground.parcels import Parcel, Stage, forget_old
from luytre.civic.registry.models import Eye, Hamlet
from luytre.civic.registry.register import RegisterStep, Thing
from luytre.web.tasks import bring_parcel, forget_parcels, look_at_parcel
from luytre.web.views import ground
from tests.civic.ground.shapes import BOW, point, square
from tests.civic.ground.test_bring_in import collection, feature
from tests.civic.ground.test_osm import commune
from tests.web.cast import person

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 7, 5, tzinfo=UTC)
LogIn = Callable[[User], Client]


@pytest.fixture
def imports(tmp_path: Path, settings: object) -> Path:
    settings.LUYTRE_IMPORTS_DIR = tmp_path / "imports"  # type: ignore[attr-defined]
    return tmp_path / "imports"


@pytest.fixture
def head(log_in: LogIn, imports: Path) -> Client:
    Hamlet.objects.create(name="Thôn Đông")
    return log_in(person(Role.HEAD))


def hand_in(client: Client, content: bytes, kind: str, name: str = "xa.geojson", **more: str):  # type: ignore[no-untyped-def]
    return client.post("/ground/import", {"file": SimpleUploadedFile(name, content), "kind": kind, **more})


def test_a_small_file_is_looked_at_at_once_and_brought_in_on_a_word(head: Client, imports: Path) -> None:
    content = collection(feature(point(), kind="market", name="Chợ Cả"), feature(point(9), kind="school", name="Trường"))
    where = hand_in(head, content, "places").headers["Location"]
    page = head.get(where)
    assert (page.context["state"].stage, page.context["state"].new) == (Stage.PLANNED, 2)
    assert not Place.objects.exists()
    done = head.post(where, follow=True)
    assert done.context["state"].stage == Stage.DONE
    assert Place.objects.count() == 2
    note = RegisterStep.objects.get(thing=Thing.BROUGHT_IN)
    assert (note.name, note.by) == ("xa.geojson", User.objects.get())
    assert [path.name for path in imports.rglob("*") if path.is_file()] == ["state.json"]
    assert head.post(where).status_code == 200  # a second word does nothing more
    assert Place.objects.count() == 2


def test_faults_are_shown_with_their_path_and_there_is_no_button(head: Client) -> None:
    where = hand_in(head, collection(feature(BOW, kind="market", name="<b>Chéo")), "places").headers["Location"]
    text = head.get(where).content.decode()
    assert "features[0].geometry" in text
    assert "&lt;b&gt;" in text or "Chéo" not in text
    assert 'method="post" action="/ground/import/' not in text
    head.post(where)
    assert not Place.objects.exists()


def test_what_cannot_be_read_is_told(head: Client) -> None:
    for content, kind in ((b"{", "places"), (b"nonsense", "osm"), (b"[]", "boundaries")):
        page = head.get(hand_in(head, content, kind).headers["Location"])
        assert page.context["state"].stage == Stage.FAILED
        assert page.context["state"].error in page.content.decode()
    for answer in (
        head.post("/ground/import", {"kind": "places"}), hand_in(head, b"", "places"), hand_in(head, collection(), "moon"),
    ):  # fmt: skip
        assert answer.status_code == 422


def test_an_upload_beyond_the_bound_is_refused_and_leaves_nothing(
    head: Client, imports: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(ground, "MOST_BYTES", 1000)
        assert hand_in(head, b"x" * 200_000, "osm").status_code == 422
    assert list(imports.iterdir()) == []
    monkeypatch.setattr(parcels, "MOST_GEOJSON_BYTES", 10)
    assert head.get(hand_in(head, collection(), "places").headers["Location"]).context["state"].stage == Stage.FAILED


def test_the_forms_token_is_asked_for(log_in: LogIn, imports: Path) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(person(Role.HEAD), backend="allauth.account.auth_backends.AuthenticationBackend")
    assert hand_in(client, collection(), "places").status_code == 403


def test_a_large_file_is_done_by_the_jobs_process_and_the_page_tells_how_far(
    head: Client, tmp_path: Path, imports: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_boundary(None, Hamlet.objects.get(), square(side_m=2000), "", NOW)
    monkeypatch.setattr(ground, "INLINE_BYTES", 10)
    where = hand_in(head, commune(tmp_path).read_bytes(), "osm", "xa.osm.pbf", unnamed="yes").headers["Location"]
    waiting = head.get(where, headers={"HX-Request": "true"}).content.decode()
    assert 'hx-trigger="every 1s"' in waiting
    assert "<html" not in waiting
    key = where.rpartition("/")[2]
    assert DBTaskResult.objects.get(task_path=look_at_parcel.module_path).args_kwargs["args"] == [key]
    look_at_parcel.func(key)
    page = head.get(where)
    assert (page.context["state"].stage, page.context["state"].new) == (Stage.PLANNED, 7)
    assert "OpenStreetMap contributors" in page.content.decode()
    head.post(where)
    assert head.get(where).context["state"].stage == Stage.WRITING
    assert not Obstacle.objects.exists()
    bring_parcel.func(key, User.objects.get().pk)
    assert head.get(where).context["state"].stage == Stage.DONE
    assert (Obstacle.objects.count(), Place.objects.count()) == (3, 4)


def test_what_became_wrong_between_look_and_word_is_told_and_nothing_is_written(head: Client) -> None:
    content = collection(feature(point(), kind="market", name="Chợ", hamlet="Thôn Đông"))
    where = hand_in(head, content, "places").headers["Location"]
    Hamlet.objects.all().delete()
    after = head.post(where, follow=True).context["state"]
    assert (after.stage, after.fault_count, Place.objects.count()) == (Stage.PLANNED, 1, 0)


def test_eyes_come_in_by_geojson(head: Client) -> None:
    content = collection(
        feature(point(), name="Cổng", bearing_deg=90, hamlet="Thôn Đông"), feature(point(), name="Sai", tilt_deg="?")
    )
    where = hand_in(head, content, "eyes").headers["Location"]
    assert [fault.path for fault in head.get(where).context["state"].faults] == ["features[1].properties.tilt_deg"]
    where = hand_in(head, collection(feature(point(), name="Cổng", bearing_deg=90)), "eyes").headers["Location"]
    head.post(where)
    assert Eye.objects.get().bearing_deg == 90.0


def test_layers_go_out_and_no_other_address_does(head: Client) -> None:
    save_boundary(None, Hamlet.objects.get(), square(), "địa chính", NOW)
    answer = head.get("/ground/boundaries.geojson")
    assert json.loads(answer.content)["attribution"] == "địa chính"
    assert head.get("/ground/eyes.geojson").status_code == head.get("/ground/people.geojson").status_code == 404
    for key in ("0000000000", "..", "%2e%2e%2fetc", "x" * 40):
        assert head.get(f"/ground/import/{key}").status_code == 404
    with pytest.raises(UsageError):
        Parcel(Path("/"), "../etc")


def test_parcels_are_forgotten_after_a_day(head: Client, imports: Path) -> None:
    where = hand_in(head, collection(), "places").headers["Location"]
    assert forget_old(imports, NOW.timestamp()) == 0
    os.utime(imports / where.rpartition("/")[2], (NOW.timestamp() - 90_000,) * 2)
    forget_parcels.func()
    assert head.get(where).status_code == 404
    assert forget_old(imports / "none", NOW.timestamp()) == 0
