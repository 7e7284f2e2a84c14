"""Evidence packages on their pages: ordered, approved, made, looked at, handed over, returned, destroyed; and by whom not."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from pypdf import PdfReader

from luytre.civic.access.models import Look, Role, User
from luytre.civic.chain.proof import prove
from luytre.civic.evidence.making import Means, make_next
from luytre.civic.evidence.models import ClipRequest, Package, PackageState, What
from luytre.civic.evidence.package.verifying import verify
from luytre.civic.evidence.shelf import shelf_here
from luytre.civic.evidence.station import back_up, standing, station_key
from luytre.civic.registry.models import Camera
from tests.civic.evidence.cast import Copier, Taker, means
from tests.civic.evidence.conftest import own_checkpoints
from tests.web.cast import camera, person, viewer_of
from tests.web.conftest import OFFLINE
from tests.web.test_evidence import regulate

__all__ = ["own_checkpoints"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("recorder")]
LogIn = Callable[[User], Client]
WHY = {"purpose": "crime", "reference": "VV 12/2026", "words": "xe máy bị lấy"}


def typed(**changes: str) -> dict[str, str]:
    end = datetime.now(UTC) + timedelta(hours=7) - timedelta(minutes=5)
    start = end - timedelta(seconds=10)
    said = {"start": f"{start:%d/%m/%Y %H:%M:%S}", "end": f"{end:%d/%m/%Y %H:%M:%S}", "kind": str(What.FULL)}
    return said | WHY | changes


@pytest.fixture
def gate() -> Camera:
    return camera()


@pytest.fixture(autouse=True)
def head() -> User:
    """The proposed regulation is in force, without approvals of its own."""
    return regulate(0)


@pytest.fixture
def tools() -> Means:
    return means(shelf_here(), Taker(), Copier())


def made(tools: Means) -> Package:
    assert make_next(tools, lambda: datetime.now(UTC))
    found = Package.objects.get()
    assert found.state == PackageState.READY, found.why
    return found


def ordered(mine: Client, chief: Client, gate: Camera) -> None:
    """By request, approval and press."""
    sent = mine.post("/evidence/packages/new", typed(camera=gate.key))
    asked = ClipRequest.objects.get()
    assert (sent.status_code, sent["Location"]) == (302, f"/evidence/{asked.key}")
    assert "bản gốc" in chief.get(f"/evidence/{asked.key}").content.decode()
    early = mine.post(f"/evidence/{asked.key}/package", {"camera": gate.key, "kind": What.FULL}, follow=True)
    assert "chờ duyệt" in early.content.decode()
    assert not Package.objects.exists()
    chief.post(f"/evidence/{asked.key}/decide", {"agreed": "1"})
    sent = mine.post(f"/evidence/{asked.key}/package", {"camera": gate.key, "kind": What.FULL, "blur": ""})
    assert sent["Location"] == f"/evidence/packages/{Package.objects.get().key}"


def test_from_the_question_to_the_minutes(log_in: LogIn, gate: Camera, head: User, tools: Means) -> None:
    mine, chief = log_in(person(Role.DUTY)), log_in(head)
    ordered(mine, chief, gate)
    key = Package.objects.get().key
    assert "tự báo" in mine.get(f"/evidence/packages/{key}").content.decode()
    package = made(tools)
    page = mine.get(f"/evidence/packages/{key}").content.decode()
    assert package.manifest_sha256 in page
    assert Look.objects.count() == 1

    taken = mine.post(f"/evidence/packages/{key}/look", {"do": "take"})
    assert Look.objects.count() == 2, "the row is written before a byte can be asked for"
    whole = mine.get(taken["Location"])
    data = b"".join(whole)  # type: ignore[arg-type]
    assert whole["Content-Disposition"] == f'attachment; filename="{package.file_name}"'
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert {"original.mp4", "viewing.mp4", "manifest.json", "kiem-tra.html", "bien-ban.pdf"} <= set(archive.namelist())
        record = "".join(one.extract_text() for one in PdfReader(io.BytesIO(archive.read("bien-ban.pdf"))).pages)
        viewing = archive.read("viewing.mp4")
    assert "BIÊN BẢN GIAO NHẬN DỮ LIỆU" in record
    part = mine.get(taken["Location"], headers={"Range": "bytes=0-3"})
    assert (part.status_code, b"".join(part)) == (206, b"PK\x03\x04")  # type: ignore[arg-type]
    assert mine.get(f"/evidence/packages/{key}/file").status_code == 404, "no ticket, no byte"
    assert chief.get(taken["Location"]).status_code == 404, "somebody else's ticket"

    watch = mine.post(f"/evidence/packages/{key}/look", {"do": "view"})["Location"]
    assert "viewing.mp4" in mine.get(watch).content.decode()
    film = mine.get(f"/evidence/packages/{key}/file?film=viewing.mp4&ticket={watch.partition('watch=')[2]}")
    assert b"".join(film) == viewing  # type: ignore[arg-type]
    other = mine.get(f"/evidence/packages/{key}/file?film=original.mp4&ticket={watch.partition('watch=')[2]}")
    assert other.status_code == 404, "the ticket of a look shows the copy for watching alone"

    assert "nguyên vẹn" in mine.post(f"/evidence/packages/{key}/verify", follow=True).content.decode()
    bad = mine.post(f"/evidence/packages/{key}/hand", {"do": "hand", "whom": "Cơ quan CSĐT", "paper": "", "note": "một USB"})
    assert bad.status_code == 422
    assert "một USB" in bad.content.decode()
    mine.post(f"/evidence/packages/{key}/hand", {"do": "hand", "whom": "Cơ quan CSĐT", "paper": "03/BB", "note": ""})
    page = mine.get(f"/evidence/packages/{key}").content.decode()
    minutes = page.partition(f'href="/evidence/packages/{key}/minutes/')[2].partition('"')[0]
    paper = mine.get(f"/evidence/packages/{key}/minutes/{minutes}")
    text = "".join(one.extract_text() for one in PdfReader(io.BytesIO(paper.content)).pages)
    assert "03/BB" in text
    assert package.manifest_sha256[:8] in text
    page = mine.get("/evidence/packages").content.decode()
    assert "1 bản đang ở ngoài" in page
    station_key(datetime.now(UTC))
    page = mine.get("/evidence/packages").content.decode()
    assert standing().digits in page
    assert "chưa được sao lưu" in page
    back_up(head, datetime.now(UTC), lambda text: None)
    page = mine.get("/evidence/packages").content.decode()
    assert "Sao lưu lần cuối" in page
    assert "chưa được sao lưu" not in page
    mine.post(f"/evidence/packages/{key}/hand", {"do": "back", "whom": "Cơ quan CSĐT", "paper": "04/BB", "note": ""})

    assert mine.post(f"/evidence/packages/{key}/destroy", {"destroy_why": "xong"}).status_code == 403
    assert chief.post(f"/evidence/packages/{key}/destroy", {"destroy_why": ""}).status_code == 422
    chief.post(f"/evidence/packages/{key}/destroy", {"destroy_why": "vụ án đã xử xong"})
    assert not shelf_here().kept(key).exists()
    assert mine.get(taken["Location"]).status_code == 404
    assert "vụ án đã xử xong" in mine.get(f"/evidence/packages/{key}").content.decode()
    assert prove().whole


def test_a_package_of_the_copy_alone_holds_no_original(log_in: LogIn, gate: Camera, tools: Means) -> None:
    mine = log_in(person(Role.DUTY))
    sent = mine.post("/evidence/packages/new", typed(camera=gate.key, kind=What.VIEWING))
    package = made(tools)
    assert sent["Location"] == f"/evidence/packages/{package.key}"
    report = verify(shelf_here().kept(package.key))
    assert report.is_genuine, report.faults
    with zipfile.ZipFile(shelf_here().kept(package.key)) as archive:
        assert not [name for name in archive.namelist() if name.startswith("original")]


def test_what_is_wrong_is_told_at_its_field_and_nothing_is_lost(log_in: LogIn, gate: Camera) -> None:
    mine = log_in(person(Role.DUTY))
    for changes, words in (
        ({"kind": ""}, "err-kind"),
        ({"start": "hôm kìa kìa"}, "Không hiểu"),
        ({"reference": ""}, "cần số"),
        ({"end": "24/11/2020 10:00"}, ""),
    ):
        refused = mine.post("/evidence/packages/new", typed(camera=gate.key, **changes))
        assert refused.status_code == 422, changes
        page = refused.content.decode()
        assert words in page
        assert "xe máy bị lấy" in page
    assert not ClipRequest.objects.exists()


def test_nobody_orders_what_is_not_theirs(log_in: LogIn, gate: Camera) -> None:
    elsewhere = viewer_of(camera("Hai"))
    assert log_in(elsewhere).get("/evidence/packages").status_code == 403
    auditor = log_in(person(Role.AUDITOR))
    assert auditor.get("/evidence/packages").status_code == 200
    assert auditor.post("/evidence/packages/new", typed(camera=gate.key)).status_code == 403
    assert not ClipRequest.objects.exists()


def test_what_failed_says_why_and_is_tried_again(log_in: LogIn, gate: Camera, tools: Means) -> None:
    mine = log_in(person(Role.DUTY))
    mine.post("/evidence/packages/new", typed(camera=gate.key, kind=What.VIEWING))
    key = Package.objects.get().key
    make_next(means(shelf_here(), Taker(parts=0), Copier()), lambda: datetime.now(UTC))
    page = mine.get(f"/evidence/packages/{key}").content.decode()
    assert "Không có hình trong khoảng này" in page
    assert mine.post(f"/evidence/packages/{key}/look", {"do": "take"}, follow=True).status_code == 200
    mine.post(f"/evidence/packages/{key}/again")
    assert made(tools).key == key
    assert not list((shelf_here().folder / "making").iterdir()), "raw footage is not left behind"


def test_the_page_that_checks_packages_is_everybody_s(client: Client) -> None:
    page = client.get("/kiem-tra-chung-cu")
    assert (page.status_code, page.content.decode()) == (200, OFFLINE)
    assert page["Content-Security-Policy"] == "default-src 'none'", "its own, which alone lets its script run"
