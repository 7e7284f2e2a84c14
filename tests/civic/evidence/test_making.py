"""Packages made with fakes of the recorder and the copier: what they say, when they fail, what a crash leaves, time stamps."""

from __future__ import annotations

import hashlib
import json
import subprocess
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from luytre.bridge.tsa import StampServer
from luytre.civic.access.models import Role, User
from luytre.civic.blurring import desk as blurs
from luytre.civic.evidence import packages
from luytre.civic.evidence.making import Means, left_behind, make_next, make_one, sweep
from luytre.civic.evidence.models import Package, PackageState, StampState
from luytre.civic.evidence.package.verifying import verify
from luytre.civic.evidence.packages import Ways, order
from luytre.civic.evidence.shelf import Shelf
from luytre.civic.evidence.stamps import stamp_next
from luytre.civic.ports import RecorderDown, StampRefused, ViewingTrouble
from luytre.civic.registry.masks import save_masks
from luytre.civic.registry.models import Camera
from luytre.civic.upkeep.faults import Fault
from luytre.civic.upkeep.models import Outage
from tests.civic.evidence.cast import FILM, NOW, SPAN, WHY, Copier, NoRecorder, Taker, agreed, means, ordered, wanted
from tests.support.tsa import Authority, make_authority, serving
from tests.web.cast import camera, person

pytestmark = pytest.mark.django_db
PLENTY = 10**12


@pytest.fixture
def duty() -> User:
    return person(Role.DUTY)


@pytest.fixture
def head() -> User:
    return person(Role.HEAD)


@pytest.fixture
def gate() -> Camera:
    return camera(position=(Decimal("20.912400"), Decimal("105.971800")))


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "evidence", 0, lambda folder: PLENTY)


def make(tools: Means) -> Package:
    assert make_next(tools, lambda: NOW)
    return Package.objects.get()


def manifest(shelf: Shelf, package: Package) -> Any:
    with zipfile.ZipFile(shelf.kept(package.key)) as archive:
        return json.loads(archive.read("manifest.json"))


def test_a_package_is_whole_and_says_who_what_where_when(gate: Camera, duty: User, head: User, shelf: Shelf) -> None:
    ordered(duty, head, gate)
    package = make(means(shelf, Taker(), Copier()))
    assert (package.state, package.why) == (PackageState.READY, "")
    report = verify(shelf.kept(package.key))
    assert report.is_genuine, report.faults
    text = json.dumps(manifest(shelf, package), ensure_ascii=False)
    film = hashlib.sha256(FILM).hexdigest()
    for said in (package.sign, gate.name, "VV 12/2026", "duty", "head", "20.9124", "Lũy Tre 0.1.0", film):
        assert said in text
    assert hashlib.sha256(shelf_bytes(shelf, package, "manifest.json")).hexdigest() == package.manifest_sha256
    assert [one.code for one in packages.steps_of(package)] == ["ordered", "made"]
    assert shelf.kept(package.key).stat().st_mode & 0o777 == 0o400


def shelf_bytes(shelf: Shelf, package: Package, name: str) -> bytes:
    with zipfile.ZipFile(shelf.kept(package.key)) as archive:
        return archive.read(name)


def test_what_the_readme_says_can_be_done_with_other_tools(
    gate: Camera, duty: User, head: User, shelf: Shelf, tmp_path: Path
) -> None:
    ordered(duty, head, gate)
    package = make(means(shelf, Taker(), Copier()))
    with zipfile.ZipFile(shelf.kept(package.key)) as archive:
        archive.extractall(tmp_path / "out")
    readme = (tmp_path / "out" / "DOC-TRUOC.md").read_text()
    commands = [line.strip() for line in readme.splitlines() if line.startswith("       ")]
    assert [one.split()[0] for one in commands] == ["openssl", "openssl", "sha256sum"]
    script = ["bash", "-ec", "\n".join(commands)]
    done = subprocess.run(script, cwd=tmp_path / "out", check=True, capture_output=True, text=True, timeout=60)
    assert "Signature Verified Successfully" in done.stdout
    sums = {line.split()[0] for line in done.stdout.splitlines()[1:]}
    text = (tmp_path / "out" / "manifest.json").read_text()
    assert sum(one in text for one in sums) >= 4
    fingerprint = readme.partition("của trạm:**")[2].split()[0]
    assert verify(shelf.kept(package.key)).fingerprint == fingerprint


def test_a_clock_seven_minutes_off_is_told_with_how_it_was_known(gate: Camera, duty: User, head: User, shelf: Shelf) -> None:
    ordered(duty, head, gate)
    Outage.objects.create(camera=gate.key, fault=Fault.CLOCK_OFF, start=SPAN.start - timedelta(hours=1), cause="ahead")
    package = make(means(shelf, Taker(), Copier(), NoRecorder(420.0)))
    text = json.dumps(manifest(shelf, package), ensure_ascii=False)
    assert "420.0" in text
    assert "RTCP" in text
    assert "trạm thấy đồng hồ camera này sai từ 12:05:00 24/11/2026" in text


def test_a_clock_that_nobody_knows_is_not_a_clock_that_is_right(gate: Camera, duty: User, head: User, shelf: Shelf) -> None:
    ordered(duty, head, gate)
    text = json.dumps(manifest(shelf, make(means(shelf, Taker(), Copier()))), ensure_ascii=False)
    assert "không rõ: lúc lập gói camera không kết nối" in text


def test_masks_and_blur_go_into_the_copy_and_both_hashes_are_linked(gate: Camera, duty: User, head: User, shelf: Shelf) -> None:
    assert save_masks(duty, gate, [((1000, 1000), (4000, 1000), (4000, 4000))], 0, NOW)
    blur = blurs.start(duty, gate, SPAN, NOW, title="biển số xe", reason=WHY)
    at_ms = int(SPAN.start.timestamp() * 1000)
    revision = blurs.save(duty, blur, json.dumps([[[at_ms, 0.1, 0.1, 0.2, 0.2]]]), 0, NOW)
    assert revision is not None
    asked = agreed(duty, head, gate)
    order(duty, replace(wanted(gate), blur=blur.key, blur_revision=revision.number), asked, NOW, Ways())
    copier = Copier()
    package = make(means(shelf, Taker(), copier))
    assert package.state == PackageState.READY, package.why
    (said,) = copier.orders
    assert len(said.masks) == 1
    assert len(said.tracks) == 1
    assert package.sign in said.mark
    text = json.dumps(manifest(shelf, package))
    assert hashlib.sha256(FILM).hexdigest() in text
    assert revision.tracks_sha256 in text


@pytest.mark.parametrize(
    ("taker", "copier", "words"),
    [
        (Taker(parts=0), Copier(), "no footage"),
        (Taker(error=RecorderDown("the recorder does not answer")), Copier(), "does not answer"),
        (Taker(error=OSError(28, "No space left on device")), Copier(), "no room"),
        *[(Taker(), Copier(trouble), "cop") for trouble in ViewingTrouble if trouble is not ViewingTrouble.ORDER],
        (Taker(), Copier(ViewingTrouble.ORDER), "could not be hidden"),
    ],
)
def test_what_cannot_be_made_says_why_and_leaves_nothing(
    gate: Camera, duty: User, head: User, shelf: Shelf, taker: Taker, copier: Copier, words: str
) -> None:
    ordered(duty, head, gate)
    package = make(means(shelf, taker, copier))
    assert package.state == PackageState.FAILED
    assert words in package.why
    assert not list((shelf.folder / "making").glob("*"))
    assert not shelf.kept(package.key).exists()
    packages.again(duty, package, NOW)
    assert make(means(shelf, Taker(2), Copier())).state == PackageState.READY


def test_a_full_disk_is_told_before_anything_is_taken(gate: Camera, duty: User, head: User, tmp_path: Path) -> None:
    ordered(duty, head, gate)
    full = Shelf(tmp_path / "evidence", 100, lambda folder: 100)
    assert make(means(full, Taker(error=AssertionError()), Copier())).why == "the station's disk has no room for it"


def test_what_a_killed_process_left_is_made_anew(gate: Camera, duty: User, head: User, shelf: Shelf) -> None:
    package = ordered(duty, head, gate)
    Package.objects.update(state=PackageState.MAKING)
    (shelf.begin(package.key) / "original.mp4").write_bytes(b"half")
    tools = means(shelf, Taker(), Copier())
    assert not make_next(tools, lambda: NOW)
    assert left_behind(shelf) == 1
    assert not list((shelf.folder / "making").iterdir())
    assert make(tools).state == PackageState.READY
    assert [one.name for one in shelf.folder.iterdir() if one.name.startswith(".")] == [], "no lock is left"


def test_what_another_process_makes_is_left_to_it(gate: Camera, duty: User, head: User, shelf: Shelf) -> None:
    package = ordered(duty, head, gate)
    Package.objects.update(state=PackageState.MAKING)
    half = shelf.begin(package.key) / "original.mp4"
    half.write_bytes(b"half")
    with shelf.held(package.key):
        assert left_behind(shelf) == 0
        make_one(package, means(shelf, Taker(error=AssertionError()), Copier()), lambda: NOW)
    assert (half.exists(), Package.objects.get().state) == (True, PackageState.MAKING)
    assert left_behind(shelf) == 1


def test_destroyed_is_swept_and_a_file_that_no_row_names_stays(gate: Camera, duty: User, head: User, shelf: Shelf) -> None:
    ordered(duty, head, gate)
    package = make(means(shelf, Taker(), Copier()))
    packages.destroy(head, package, "xong", NOW)
    assert shelf.kept(package.key).exists(), "the step comes first"
    stray = shelf.kept("stray")
    stray.write_bytes(b"of a database that was put back from a backup")
    assert sweep(shelf) == 1
    assert not shelf.kept(package.key).exists()
    assert stray.exists()
    assert sweep(shelf) == 0


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    with serving(make_authority(tmp_path_factory.mktemp("tsa") / "own")) as one:
        yield one


class Away:
    def stamp(self, data: bytes) -> bytes:
        raise StampRefused("no network")


def test_a_time_stamp_waits_for_the_network_and_changes_nothing_else(
    gate: Camera, duty: User, head: User, shelf: Shelf, authority: Authority
) -> None:
    order(duty, wanted(gate), agreed(duty, head, gate), NOW, Ways(stamped=True))
    assert not stamp_next(Away(), shelf, NOW), "nothing is made yet"
    package = make(means(shelf, Taker(), Copier()))
    before = shelf_bytes(shelf, package, "manifest.sig")
    assert stamp_next(Away(), shelf, NOW)
    assert not stamp_next(Away(), shelf, NOW + timedelta(seconds=59)), "not before its wait is over"
    assert stamp_next(Away(), shelf, NOW + timedelta(minutes=1))
    assert not stamp_next(Away(), shelf, NOW + timedelta(minutes=2, seconds=59)), "the wait doubles"
    assert verify(shelf.kept(package.key)).is_genuine, "it is good without"
    server = StampServer(authority.url)
    assert stamp_next(server, shelf, NOW + timedelta(minutes=3))
    assert not stamp_next(server, shelf, NOW + timedelta(days=1)), "once is enough"
    found = Package.objects.get()
    assert (found.stamp, found.size_bytes) == (StampState.STAMPED, shelf.kept(package.key).stat().st_size)
    report = verify(shelf.kept(package.key))
    assert report.is_genuine
    assert report.time_stamp is not None
    assert shelf_bytes(shelf, found, "manifest.sig") == before
    assert [one.code for one in packages.steps_of(found)] == ["ordered", "made", "stamped"]
