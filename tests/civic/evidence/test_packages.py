"""Packages ordered with the proof of who did, under which approval; and each thing that becomes of one a row of the log."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from luytre.base.errors import NotAllowed
from luytre.civic.access.looks import Span
from luytre.civic.access.models import Look, Role, User
from luytre.civic.chain.models import Checkpoint
from luytre.civic.chain.proof import prove
from luytre.civic.chain.signing import parse_checkpoint
from luytre.civic.chain.text import digest_of
from luytre.civic.evidence import extracts, packages, requests
from luytre.civic.evidence.models import Package, PackageCode, PackageState, PackageStep, What
from luytre.civic.evidence.packages import Handing, Ways, order
from luytre.civic.evidence.requests import hindrance, standing, waiting_for
from luytre.civic.registry.models import Camera
from luytre.civic.regulations.rules import Actor
from tests.civic.evidence.cast import NOW, SPAN, WHY, agreed, ordered, wanted
from tests.web.cast import camera, person
from tests.web.test_evidence import regulate

pytestmark = pytest.mark.django_db


@pytest.fixture
def gate() -> Camera:
    return camera()


@pytest.fixture
def duty() -> User:
    return person(Role.DUTY)


@pytest.fixture
def head() -> User:
    return person(Role.HEAD)


def ready(package: Package) -> Package:
    Package.objects.filter(pk=package.pk).update(state=PackageState.READY, made=NOW, size_bytes=9, manifest_sha256="ab" * 32)
    return Package.objects.get(pk=package.pk)


@contextmanager
def refused(words: str) -> Iterator[None]:
    with pytest.raises(NotAllowed) as found:
        yield
    assert words in found.value.cause


def codes(package: Package) -> list[str]:
    return [one.code for one in packages.steps_of(package)]


def test_the_order_is_proven_by_one_signature_and_gives_nobody_else_s_rows_away(gate: Camera, duty: User, head: User) -> None:
    other = agreed(duty, head, camera("Hai"))  # another matter, before and after
    package = ordered(duty, head, gate)
    agreed(duty, head, camera("Ba"))
    found = extracts.read(package.extract)
    assert [row.table for row in found.rows] == [
        "evidence_packagestep", "access_look", "evidence_cliprequest", "evidence_clipdecision",
    ]  # fmt: skip
    signed = parse_checkpoint(found.checkpoint)
    assert signed.holds()
    heads = {one.name: one for one in signed.heads}
    assert (heads[found.root_table].seq, heads[found.root_table].digest) == (found.root_seq, found.root_digest)
    root = found.rows[0]
    assert all(digest_of(row.text) == row.digest for row in found.rows)
    assert all(row.digest in root.text for row in found.rows[1:])
    assert other.key not in package.extract
    assert extracts.write(found) == package.extract
    assert prove().whole
    assert Checkpoint.objects.filter(text=signed.text).exists()
    assert json.loads(root.text)[2]["rows"].split(",") == [row.digest for row in found.rows[1:]]


def test_the_original_is_reached_by_nobody_alone(gate: Camera, duty: User, head: User) -> None:
    assert requests.approvals(NOW).persons == 0, "the built-in rules want nobody's approval"
    with pytest.raises(ValidationError, match="approval first"):
        order(duty, wanted(gate), None, NOW, Ways())
    asked = requests.ask(duty, [gate.key], SPAN, WHY, NOW, What.FULL)
    assert waiting_for(head, NOW) == 1
    assert waiting_for(duty, NOW) == 0
    assert hindrance(duty, standing(asked, NOW), NOW)
    with refused("waits"):
        order(duty, wanted(gate), asked, NOW, Ways())
    assert not Package.objects.exists()
    assert not Look.objects.exists()
    requests.decide(head, asked, True, "", NOW)
    assert order(duty, wanted(gate), asked, NOW, Ways()).sign == "CC 1/2026"


def test_an_approval_of_less_does_not_open_the_original(gate: Camera, duty: User, head: User) -> None:
    regulate(1, (Actor.HEAD,), NOW - timedelta(hours=1))
    asked = agreed(duty, head, gate, What.VIEWING)
    with refused("not for the original"):
        order(duty, wanted(gate), asked, NOW, Ways())
    full = agreed(duty, head, gate)
    with refused("another span"):
        order(duty, wanted(gate, span=Span(SPAN.start, SPAN.end + timedelta(seconds=1))), full, NOW, Ways())
    assert order(duty, wanted(gate, What.VIEWING), full, NOW, Ways()).kind == What.VIEWING


def test_pressed_twice_it_is_one_package_and_one_look(gate: Camera, duty: User, head: User) -> None:
    asked = agreed(duty, head, gate)
    first = order(duty, wanted(gate), asked, NOW, Ways())
    assert order(duty, wanted(gate), asked, NOW, Ways()) == first
    assert Look.objects.count() == 1
    assert codes(first) == [PackageCode.ORDERED]


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (Span(SPAN.end, SPAN.start), "after the beginning"),
        (Span(SPAN.start, NOW + timedelta(seconds=1)), "not come yet"),
        (Span(NOW - timedelta(hours=13), NOW), "twelve hours"),
    ],
)
def test_spans_that_cannot_be(gate: Camera, duty: User, span: Span, words: str) -> None:
    with pytest.raises(ValidationError) as found:
        order(duty, wanted(gate, What.VIEWING, span), None, NOW, Ways())
    assert words in found.value.message_dict["end"][0]


def test_custody_from_hand_to_hand(gate: Camera, duty: User, head: User) -> None:
    package = ordered(duty, head, gate)
    with pytest.raises(ValidationError, match="not here"):
        packages.look_at(duty, package, PackageCode.TAKEN, NOW)
    package = ready(package)
    packages.look_at(duty, package, PackageCode.VIEWED, NOW)
    packages.look_at(duty, package, PackageCode.TAKEN, NOW)
    assert [one.kind for one in Look.objects.order_by("seq")] == ["export", "history", "export"]
    with pytest.raises(ValidationError) as found:
        packages.hand_over(duty, package, Handing("  ", ""), NOW)
    assert set(found.value.message_dict) == {"whom", "paper"}
    with pytest.raises(ValidationError, match="No copy"):
        packages.take_back(duty, package, Handing("Cơ quan CSĐT", "04/BB"), NOW)
    packages.hand_over(duty, package, Handing("Cơ quan CSĐT Công an tỉnh, đại úy", "03/BB", "một USB"), NOW)
    assert packages.out(packages.steps_of(package)) == 1
    packages.take_back(duty, package, Handing("Cơ quan CSĐT Công an tỉnh", "04/BB"), NOW)
    with pytest.raises(ValidationError) as found:
        packages.destroy(head, package, " ", NOW)
    assert set(found.value.message_dict) == {"note"}
    packages.destroy(head, package, "vụ án đã xử xong, QĐ 7", NOW)
    with pytest.raises(ValidationError, match="not here"):
        packages.hand_over(duty, package, Handing("x", "y"), NOW)
    with pytest.raises(ValidationError, match="not here"):
        packages.destroy(head, package, "twice", NOW)
    assert codes(package) == ["ordered", "viewed", "taken", "handed", "returned", "destroyed"]
    last = PackageStep.objects.get(code=PackageCode.DESTROYED)
    assert (last.by, last.sha256, last.sign) == (head, "ab" * 32, package.sign)
    assert prove().whole


def test_what_failed_is_tried_again_and_nothing_else_is(gate: Camera, duty: User, head: User) -> None:
    package = ordered(duty, head, gate)
    with pytest.raises(ValidationError, match="did not fail"):
        packages.again(duty, package, NOW)
    Package.objects.update(state=PackageState.FAILED, why="no")
    packages.again(duty, package, NOW)
    assert (Package.objects.get().state, Package.objects.get().why) == (PackageState.WAITING, "")
