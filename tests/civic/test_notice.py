"""What the public is told of a camera, and the signs: read again from the PDF, the code by somebody else's decoder."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from luytre.civic.access.models import User
from luytre.civic.registry.cameras import archive_camera
from luytre.civic.registry.commune import set_commune
from luytre.civic.registry.masks import save_masks
from luytre.civic.registry.models import Camera
from luytre.civic.registry.notice import NoSign, Notice, find_notice, notice_of, signs_say_otherwise, why_no_sign
from luytre.civic.registry.signs import PAGE, Size, as_pdf
from luytre.civic.regulations.approval import approve, begin_draft, draft, write_draft
from luytre.civic.regulations.nodes import LINE, TEXT
from luytre.civic.regulations.proposal import PROPOSAL
from luytre.civic.regulations.rules import Group, Kept, Purpose, Rules, Way
from tests.web.cast import camera

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 7, 5, tzinfo=UTC)
SITE = "https://camera.xa.example"
HEADING = replace(PROPOSAL.heading, issuer="CÔNG AN XÃ AN BÌNH", sign="12/QC-CAX")
OWN = replace(PROPOSAL, contact="Trực ban, 0123 456 789", heading=HEADING)


def put_in_force(rules: Rules = OWN) -> None:
    user = User.objects.create_user("head")
    begin_draft(user, NOW, from_proposal=True)
    write_draft(user, rules, draft().stamp, NOW)  # type: ignore[union-attr]
    approve(user, draft().stamp, None, NOW)  # type: ignore[union-attr]


def words(pdf: bytes) -> list[str]:
    """What stands on each page, without spaces."""
    return [re.sub(r"\s+", "", page.extract_text()) for page in PdfReader(BytesIO(pdf)).pages]


def codes(pdf: bytes) -> list[str]:
    """What ZXing, which telephones use, reads in the picture of each page, as PDFium draws it; empty where there is no code."""
    with pypdfium2.PdfDocument(pdf) as document:
        pictures = [page.render(scale=2).to_pil().convert("L") for page in document]
    return ["".join(found.text for found in zxingcpp.read_barcodes(picture)) for picture in pictures]


@pytest.mark.parametrize(("size", "long_side_mm"), [(Size.A4, 297), (Size.A3, 420)])
def test_a_sign_says_what_the_regulation_says_and_its_code_leads_to_the_page(size: Size, long_side_mm: int) -> None:
    put_in_force()
    one = camera("Nhà ông Năm", retention_days=9)
    pdf = as_pdf([one], size, SITE, NOW)
    [said] = words(pdf)
    assert round(float(PdfReader(BytesIO(pdf)).pages[0].mediabox.height) / 72 * 25.4) == long_side_mm
    for text in (
        "KHU VỰC CÓ CAMERA GIÁM SÁT AN NINH, TRẬT TỰ", "CÔNG AN XÃ AN BÌNH", OWN.notice, OWN.contact, "9 ngày", "Không ghi âm",
        "12/QC-CAX, hiệu lực từ 24/11/2026", one.code, *(purpose.vi for purpose in OWN.purposes),
    ):  # fmt: skip
        assert re.sub(r"\s+", "", text) in said, text
    assert "Năm" not in said
    assert codes(pdf) == [f"{SITE}{reverse('this_camera', args=[one.code])}"]


def test_all_signs_come_with_a_list_of_which_hangs_where() -> None:
    put_in_force()
    several = [camera("Cổng chợ"), camera("Nhà ông Năm", hamlet="Thôn Đoài")]
    pdf = as_pdf(several, Size.A4, SITE, NOW)
    listed, *signs = words(pdf)
    assert all(one.code in listed and one.name.replace(" ", "") in listed for one in several)
    assert [one.code in said for one, said in zip(several, signs, strict=True)] == [True, True]
    assert codes(pdf) == ["", *(f"{SITE}{PAGE}{one.code}" for one in several)]


def test_the_longest_regulation_still_fits_on_one_sheet() -> None:
    long = "Vì an ninh, trật tự " * 40
    purposes = tuple(Purpose(f"p{number}", long[:LINE].strip(), "x", (Way.HISTORY, Way.EXPORT), False) for number in range(12))
    put_in_force(replace(OWN, notice=long[:TEXT].strip(), contact=long[:LINE].strip(), purposes=purposes))
    pdf = as_pdf([camera()], Size.A4, SITE, NOW)
    assert len(words(pdf)) == 1
    assert codes(pdf)[0].startswith(SITE)


def test_what_is_missing_is_told_and_then_nothing_is_printed() -> None:
    one = camera()
    missing = why_no_sign(NOW, "")
    assert len({error.cause for error in missing}) == 3
    assert all(error.hint for error in missing)
    with pytest.raises(NoSign):
        as_pdf([one], Size.A4, SITE, NOW)
    put_in_force(PROPOSAL)  # its issuer is one to be filled in
    assert [error.cause for error in why_no_sign(NOW, SITE)] == ["the commune has no name yet"]
    set_commune(name="Xã An Bình")
    assert why_no_sign(NOW, SITE) == ()
    assert why_no_sign(NOW, "")


@pytest.mark.parametrize(
    ("name", "operator"),
    [("Xã An Bình", "Công an xã An Bình"), ("An Bình", "Công an xã An Bình"), ("phường Hòa", "Công an phường Hòa"), ("", "")],
)
def test_without_an_issuer_it_is_the_police_of_the_commune(name: str, operator: str) -> None:
    set_commune(name=name)
    assert notice_of(camera(), NOW).operator == operator


def test_days_and_sound_are_what_is_enforced() -> None:
    one = camera(retention_days=40)
    assert notice_of(one, NOW).days == 40  # no regulation yet
    Camera.objects.update(sound=True)
    one.refresh_from_db()
    assert notice_of(one, NOW).sound
    put_in_force(replace(OWN, kept=tuple(Kept(group, 12) for group in Group)))
    told = notice_of(one, NOW)
    assert (told.days, told.sound, told.regulation, told.since) == (12, False, 1, NOW)


def test_a_notice_holds_nothing_that_is_somebody_s() -> None:
    put_in_force()
    one = camera("Nhà ông Năm", place="Trước nhà bà Tư", road="Đường làng")
    told = repr(notice_of(one, NOW))
    for secret in ("Năm", "Tư", one.key, "10.0.0.5", "latitude", str(one.site.key)):
        assert secret not in told
    assert {field.name for field in fields(Notice)}.isdisjoint({"name", "owner", "position", "site", "key"})


def test_codes_are_random_unique_and_found_as_people_type_them() -> None:
    several = [camera(f"Camera {number}") for number in range(5)]
    assert len({one.code for one in several} | {one.key for one in several}) == 10
    found = find_notice(f" {several[0].code.upper()} ", NOW)
    assert found is not None
    assert (found.code, found.in_use) == (several[0].code, True)
    Camera.objects.filter(pk=several[1].pk).update(code="1a0b1c0d")
    assert [find_notice(typed, NOW) is not None for typed in ("lAObiCod", "1a0b1c0d", "Ia0blc0D", "1a0b1c0")] == [True] * 3 + [
        False
    ]
    archive_camera(several[0])
    over = find_notice(several[0].code, NOW)
    assert over is not None
    assert not over.in_use


def test_hidden_areas_are_told_as_they_are_in_force() -> None:
    one, by = camera(), User.objects.create_user("who-draws")
    triangle = ((1000, 1000), (5000, 1000), (1000, 5000))
    told = []
    for number, polygons in enumerate(((), (triangle,), ())):
        save_masks(by, one, polygons, max(0, number - 1), NOW)
        told.append(notice_of(one, NOW).masked)
    assert told == [False, True, False]


@pytest.mark.parametrize(
    ("changes", "otherwise"),
    [
        ({}, False), ({"watermark": False}, False), ({"contact": " Trực ban,  0123 456 789"}, False), ({"contact": "Khác"}, True),
        ({"notice": "Khác"}, True), ({"sound": True}, True), ({"purposes": OWN.purposes[1:]}, True),
        ({"kept": tuple(Kept(group, 12) for group in Group)}, True), ({"heading": replace(HEADING, issuer="X")}, True),
        ({"heading": replace(HEADING, signer="X")}, False),
    ],
)  # fmt: skip
def test_a_version_that_makes_signs_untrue_is_known(changes: dict[str, Any], otherwise: bool) -> None:
    assert signs_say_otherwise(OWN, replace(OWN, **changes)) is otherwise


@given(st.text(max_size=30))
def test_no_text_is_more_than_an_unknown_code(text: str) -> None:
    assert find_notice(text, NOW) is None
