"""The register of eyes: what is kept, what is refused, who changed what meanwhile, and how an eye goes with its camera."""

from __future__ import annotations

import dataclasses
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from luytre.base.i18n import use_language
from luytre.civic.access.models import Role, User
from luytre.civic.chain.proof import prove
from luytre.civic.registry import bounds
from luytre.civic.registry.cameras import CameraDraft, archive_camera, save_camera
from luytre.civic.registry.eyes import PRIVATE, EyeDraft, Stale, connect_eye, draft_of, remove_eye, restore_eye, save_eye
from luytre.civic.registry.history import Changed, changes_of, steps_of
from luytre.civic.registry.models import Eye, Hamlet, RegisterStep, Site, SiteKind
from luytre.civic.registry.mounting import MountDraft, save_site
from luytre.civic.registry.refusals import said
from luytre.civic.registry.register import Thing, Tier
from luytre.civic.registry.sites import SiteDraft
from tests.web.cast import camera, person

AT = datetime(2026, 11, 24, 7, 5, tzinfo=UTC)
MARKET = (Decimal("21.028500"), Decimal("105.854200"))
BRIDGE = (Decimal("21.030000"), Decimal("105.850000"))
FULL = EyeDraft(
    "Cổng nhà văn hóa", "Nhà văn hóa thôn Đông", "Thôn Đông", "hot_spot", "Đường làng", MARKET, "Số 2, thôn Đông", "household",
    "Trần Văn Ba", "0912 345 678", "on_request", 90.0, 10.0, 4.5, 84.0, 4.0, "1/2.8", 1920, 1080, 30.0, "nvr", 14, -35.0, "mains",
    "fibre", "yes", "Dahua", "IPC-HFW", "2.8", "works", date(2026, 11, 20), "cổng và sân", "nhà bà Tư", "gọi trước khi đến",
    date(2028, 11, 20),
)  # fmt: skip
"""Every field has a value."""


@pytest.fixture
def head(db: None) -> User:
    Hamlet.objects.create(name="Thôn Đông")
    return person(Role.HEAD)


def test_what_was_typed_is_what_is_kept(head: User) -> None:
    eye = save_eye(head, FULL, AT)
    assert draft_of(Eye.objects.get(pk=eye.pk)) == FULL
    assert (eye.revision, eye.site.position, eye.latitude) == (1, MARKET, None)
    assert all(getattr(FULL, field.name) not in (None, "") for field in dataclasses.fields(FULL))


def test_a_change_is_one_step_in_which_no_private_value_stands(head: User) -> None:
    eye = save_eye(head, FULL, AT)
    private = {"owner_name": "Lê Thị Sáu", "owner_phone": "0987 654 321", "note": "chó dữ", "homes_in_view": "nhà ông Bảy"}
    changed = save_eye(head, replace(FULL, bearing_deg=120.0, **private), AT, eye, eye.revision)
    steps = steps_of(Thing.EYE, eye.key)
    assert [(step.code, step.by) for step in steps] == [("changed", head), ("added", head)]
    found = changes_of(steps[0])
    assert Changed("bearing_deg", 90.0, 120.0) in found
    assert {one.field for one in found if one.private} == PRIVATE
    assert changed.revision == 2
    text = " ".join(step.changes for step in steps)
    assert not any(getattr(FULL, name) in text or private[name] in text for name in PRIVATE)
    assert prove().faults == ()


def test_of_a_households_eye_no_step_says_which_home_it_is(head: User) -> None:
    eye = save_eye(head, replace(FULL, name="Nhà ông Bảy", site="", address="Số 7 ngõ 12", sees="cổng nhà bà Tư"), AT)
    eye = save_eye(head, replace(draft_of(eye), name="Nhà ông Tám", address="Số 8", position=BRIDGE, height_m=5.0), AT, eye)
    save_site(head, MountDraft("Nhà ông Chín", MARKET, hamlet="Thôn Đông"), AT, eye.site)
    eye = restore_eye(head, remove_eye(head, eye, AT), AT)
    save_eye(head, replace(draft_of(eye), owner_kind="shop"), AT, eye)
    kept = " ".join(f"{step.name} {step.changes}" for step in RegisterStep.objects.all())
    assert not [words for words in ("Nhà", "Số", "bà Tư", "21.0", "105.8") if words in kept]
    changed = changes_of(steps_of(Thing.EYE, eye.key)[3])
    assert Changed("height_m", 4.5, 5.0) in changed
    assert {"name", "address", "position"} <= {one.field for one in changed if one.private}
    assert Changed("hamlet", None, "Thôn Đông") in changes_of(steps_of(Thing.EYE, eye.key)[4])
    assert prove().faults == ()


def test_of_anybody_elses_eye_the_steps_say_what_it_is_called_and_where_it_is(head: User) -> None:
    eye = save_eye(head, replace(FULL, owner_kind="institution"), AT)
    step = steps_of(Thing.EYE, eye.key)[0]
    assert (step.name, Changed("address", None, "Số 2, thôn Đông") in changes_of(step)) == ("Cổng nhà văn hóa", True)


def test_what_changes_nothing_is_no_step(head: User) -> None:
    eye = save_eye(head, FULL, AT)
    assert save_eye(head, draft_of(eye), AT, eye, 1).revision == 1
    assert len(steps_of(Thing.EYE, eye.key)) == 1


def test_who_stands_on_an_old_revision_overwrites_nothing(head: User) -> None:
    eye = save_eye(head, FULL, AT)
    save_eye(head, replace(FULL, height_m=6.0), AT, eye, 1)
    with pytest.raises(Stale) as caught:
        save_eye(head, replace(FULL, bearing_deg=1.0), AT, eye, 1)
    assert caught.value.present == 2
    assert Eye.objects.get().height_m == 6.0
    with pytest.raises(Stale):
        remove_eye(head, eye, AT, 1)


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", " "), ("name", "x" * 121), ("bearing_deg", 361.0), ("bearing_deg", -1.0), ("bearing_deg", float("nan")),
     ("tilt_deg", 91.0), ("height_m", 101.0), ("hfov_deg", 0.0), ("hfov_deg", 361.0), ("focal_mm", 0.4), ("sensor", "1/0"),
     ("width_px", 1), ("days_kept", 4000), ("ir_range_m", -1.0), ("clock_error_s", 1e9), ("tier", "perhaps"), ("owner_kind", ""),
     ("site_kind", "moon"), ("hamlet", "Thôn Không Có"), ("condition_day", date(2026, 11, 25)), ("owner_phone", "gọi chị Ba"),
     ("note", "n" * 401)],
)  # fmt: skip
def test_what_cannot_be_is_refused_at_its_field_in_words(head: User, field: str, value: object) -> None:
    with pytest.raises(ValidationError) as caught:
        save_eye(head, replace(FULL, **{field: value}), AT)  # type: ignore[arg-type]
    assert list(caught.value.message_dict) == [field]
    words = {language: said(caught.value, language)[field] for language in ("vi", "en")}
    assert words["vi"] != words["en"]
    assert "%(" not in words["vi"]
    assert not Eye.objects.exists()


def test_everything_wrong_is_told_at_once(head: User) -> None:
    with pytest.raises(ValidationError) as caught:
        save_eye(head, replace(FULL, name="", height_m=999.0, tilt_deg=-100.0), AT)
    assert set(caught.value.message_dict) == {"name", "height_m", "tilt_deg"}


def test_a_position_far_from_the_commune_is_refused_with_its_distance(head: User, monkeypatch: pytest.MonkeyPatch) -> None:
    class Here:
        def metres_outside(self, position: object) -> float:
            return 12_300.0 if position == BRIDGE else 4_000.0

    monkeypatch.setattr(bounds, "_teller", [Here])
    save_eye(head, FULL, AT)
    with pytest.raises(ValidationError) as caught:
        save_eye(head, replace(FULL, position=BRIDGE), AT)
    use_language("vi")
    assert "12 km" in said(caught.value)["position"]


def test_texts_are_kept_in_one_line_and_a_full_turn_is_north(head: User) -> None:
    eye = save_eye(head, replace(FULL, name="  Cổng \n làng ", note="một\tdòng\x00", bearing_deg=360.0), AT)
    assert (eye.name, eye.note, eye.bearing_deg) == ("Cổng làng", "một dòng", 0.0)


def test_a_position_that_was_taken_away_is_gone_unless_it_is_the_site_s_of_others(head: User) -> None:
    eye = save_eye(head, FULL, AT)
    save_eye(head, replace(FULL, position=None), AT, eye)
    assert Eye.objects.get().position is None
    save_eye(head, replace(FULL, name="Hai"), AT)
    save_eye(head, replace(FULL, position=None), AT, eye)
    assert Eye.objects.get(pk=eye.pk).position == MARKET  # where the other one hangs, this one does too


def test_a_removed_eye_can_be_put_back_and_both_are_steps(head: User) -> None:
    eye = save_eye(head, FULL, AT)
    remove_eye(head, eye, AT)
    assert Eye.objects.get().archived
    assert restore_eye(head, eye, AT).archived is False
    assert [step.code for step in steps_of(Thing.EYE, eye.key)] == ["restored", "removed", "added"]


def test_two_eyes_share_a_site_and_one_that_leaves_leaves_the_other_there(head: User) -> None:
    one = save_eye(head, FULL, AT)
    two = save_eye(head, replace(FULL, name="Sân nhà văn hóa", position=BRIDGE, road="Đường khác", site_kind="route"), AT)
    assert two.site == one.site
    assert (two.position, Eye.objects.get(pk=one.pk).position) == (BRIDGE, MARKET)
    assert (two.site.road, two.site.kind) == ("Đường làng", "hot_spot")
    save_eye(head, replace(draft_of(two), site="Đầu cầu"), AT, two)
    assert Site.objects.get(pk=one.site_id).name == "Nhà văn hóa thôn Đông"
    assert Site.objects.count() == 2


def test_a_site_whose_kind_keeps_footage_is_not_changed_by_a_listed_eye(head: User) -> None:
    of_a_camera = camera("Cổng chợ", kind=SiteKind.ROUTE, position=MARKET)
    eye = save_eye(head, replace(FULL, site="Cổng chợ", site_kind="residential", position=BRIDGE), AT)
    assert eye.site == of_a_camera.site
    of_a_camera.site.refresh_from_db()
    assert (of_a_camera.site.kind, of_a_camera.site.position) == ("route", MARKET)
    assert eye.position == BRIDGE


def test_a_new_camera_is_an_eye_of_the_commune_and_renaming_follows(head: User) -> None:
    one = camera("Cổng chợ", position=MARKET)
    eye = Eye.objects.get(camera=one)
    assert (eye.name, eye.site, eye.owner_kind, eye.tier, eye.position) == ("Cổng chợ", one.site, "commune", "live", MARKET)
    save_camera(CameraDraft("Cổng sau", *(_address(),), site=SiteDraft("Chợ", "Thôn Đông")), one, head)
    eye.refresh_from_db()
    assert (eye.name, eye.site.name) == ("Cổng sau", "Chợ")
    assert steps_of(Thing.EYE, eye.key)[0].by == head


def _address() -> object:
    from luytre.civic.registry.address import parse_address

    return parse_address("rtsp://10.0.0.5/a")


def test_a_camera_out_of_use_leaves_its_eye_listed(head: User) -> None:
    one = camera()
    archive_camera(one, head)
    eye = Eye.objects.get()
    assert (eye.camera, eye.archived) == (None, False)
    assert Changed("camera", one.name, "") in changes_of(steps_of(Thing.EYE, eye.key)[0])


def test_a_connected_eye_is_called_and_hangs_as_its_camera(head: User) -> None:
    eye = Eye.objects.get(camera=camera(position=MARKET))
    with pytest.raises(ValidationError) as caught:
        save_eye(head, replace(draft_of(eye), name="Anders", hamlet=""), AT, eye)
    assert list(caught.value.message_dict) == ["name"]
    moved = save_eye(head, replace(draft_of(eye), bearing_deg=45.0, position=BRIDGE), AT, eye)
    assert (moved.bearing_deg, moved.camera.site.position) == (45.0, BRIDGE)  # type: ignore[union-attr]
    with pytest.raises(ValidationError):
        remove_eye(head, eye, AT)


def test_a_listed_eye_becomes_the_cameras_and_the_one_made_by_itself_goes(head: User) -> None:
    listed = save_eye(head, FULL, AT)
    one = camera("Cổng chợ")
    by_itself = Eye.objects.get(camera=one)
    now = connect_eye(head, listed, one, AT, 1)
    by_itself.refresh_from_db()
    assert (by_itself.archived, by_itself.camera) == (True, None)
    assert (now.camera, now.name, now.site, now.tier, now.bearing_deg) == (one, "Cổng chợ", one.site, Tier.LIVE, 90.0)
    assert Eye.objects.filter(archived=False).count() == 1
    with pytest.raises(ValidationError):
        connect_eye(head, now, camera("Ngã ba"), AT)
