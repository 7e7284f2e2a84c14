"""The register's pages: found without accents, changed without loss, owners shown to few, history in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.utils import timezone

from luytre.civic.access.assignments import Wanted, assign
from luytre.civic.access.models import Role, User
from luytre.civic.access.permissions import PERMISSIONS
from luytre.civic.ground.land import PastIncidentDraft, save_past_incident
from luytre.civic.registry.eye_scope import eyes_of
from luytre.civic.registry.eyes import draft_of, remove_eye, save_eye
from luytre.civic.registry.grants import place_key
from luytre.civic.registry.models import Eye, Hamlet
from luytre.civic.survey.needs import NeedDraft, save_need, set_need_state
from tests.civic.test_eyes import FULL, MARKET
from tests.web.cast import EARLY, PASSWORD, FakeRecorder, camera, person

pytestmark = pytest.mark.django_db
LogIn = Callable[[User], Client]
NOW = datetime.now(UTC)


@pytest.fixture
def hamlets() -> tuple[Hamlet, Hamlet]:
    return Hamlet.objects.create(name="Thôn Đông"), Hamlet.objects.create(name="Thôn Đoài")


@pytest.fixture
def eye(hamlets: tuple[Hamlet, Hamlet]) -> Eye:
    return save_eye(person(Role.HEAD, "chief"), FULL, NOW)


def hamlet_head(hamlet: Hamlet) -> User:
    user = User.objects.create_user("hamlet_head", PASSWORD)
    assign(None, user, Wanted(Role.HAMLET_HEAD, place_key(hamlet), first_day=EARLY), NOW)
    return user


def typed(client: Client, address: str, **changes: object) -> dict[str, object]:
    """The form of a page as it is shown, with what somebody types into it."""
    form = client.get(address).context["form"]
    shown = {name: form[name].value() for name in form.fields}
    return {name: "" if value is None else value for name, value in shown.items()} | changes


def test_the_list_is_searched_without_accents_and_filtered_in_the_address(
    log_in: LogIn, eye: Eye, recorder: FakeRecorder
) -> None:
    client = log_in(person(Role.DUTY))
    camera("Ngã ba Đoài", hamlet="Thôn Đoài")
    by_address = {
        "": {"Cổng nhà văn hóa", "Ngã ba Đoài"}, "?q=nha van": {"Cổng nhà văn hóa"}, "?q=doai": {"Ngã ba Đoài"},
        "?q=tran ba": {"Cổng nhà văn hóa"},
        f"?hamlet={eye.site.hamlet_id}": {"Cổng nhà văn hóa"}, "?hamlet=none": set(), "?owner=commune": {"Ngã ba Đoài"},
        "?tier=on_request": {"Cổng nhà văn hóa"}, "?condition=works": {"Cổng nhà văn hóa"}, "?connected=yes": {"Ngã ba Đoài"},
        "?connected=no&condition=dead": set(),
    }  # fmt: skip
    for address, names in by_address.items():
        response = client.get(f"/eyes{address}")
        assert {one.name for one in response.context["shown"]} == names, address
    assert "2 mắt" in client.get("/eyes").content.decode()


def test_a_long_list_has_pages_that_keep_the_filters(log_in: LogIn, hamlets: tuple[Hamlet, Hamlet]) -> None:
    head = person(Role.HEAD)
    for number in range(103):
        save_eye(head, replace(FULL, name=f"Mắt {number}", site=""), NOW)
    page = log_in(head).get("/eyes?condition=works&page=2")
    assert [one.name for one in page.context["shown"]] == ["Mắt 100", "Mắt 101", "Mắt 102"]
    assert "condition=works&amp;page=1" in page.content.decode()


def test_owners_are_shown_to_police_and_administrator_alone(log_in: LogIn, eye: Eye) -> None:
    private = (FULL.owner_name, FULL.owner_phone, FULL.note)
    for role in (Role.HEAD, Role.DUTY, Role.ADMINISTRATOR):
        text = log_in(person(role)).get(f"/eyes/{eye.key}").content.decode()
        assert all(word in text for word in private), role
    assert eye.site.hamlet is not None
    for user in (person(Role.COMMITTEE), hamlet_head(eye.site.hamlet)):
        client = log_in(user)
        text = client.get(f"/eyes/{eye.key}").content.decode() + client.get("/eyes").content.decode()
        assert not any(word in text for word in private)
        assert "tran ba" not in text
        assert list(client.get("/eyes?q=tran ba").context["shown"]) == []
        assert client.get(f"/eyes/{eye.key}/edit").status_code == 403


def test_a_hamlets_head_meets_the_eyes_of_the_hamlet_alone(log_in: LogIn, eye: Eye, hamlets: tuple[Hamlet, Hamlet]) -> None:
    other = save_eye(None, replace(FULL, name="Bên kia", site="", hamlet="Thôn Đoài"), NOW)
    client = log_in(hamlet_head(hamlets[0]))
    assert [one.name for one in client.get("/eyes").context["shown"]] == [eye.name]
    assert client.get(f"/eyes/{other.key}").status_code == 404
    assert client.get(f"/eyes/{eye.key}").status_code == 200


def test_the_duty_changes_but_neither_adds_nor_removes(log_in: LogIn, eye: Eye) -> None:
    client = log_in(person(Role.DUTY))
    assert client.post(f"/eyes/{eye.key}/edit", typed(client, f"/eyes/{eye.key}/edit", bearing_deg="120")).status_code == 302
    assert client.get("/eyes/add").status_code == client.post(f"/eyes/{eye.key}/remove").status_code == 403
    assert client.get("/eyes/sheet/xlsx").status_code == 403


def test_history_is_told_in_words(log_in: LogIn, eye: Eye) -> None:
    client = log_in(person(Role.DUTY))
    changes = {
        "bearing_deg": "120,5",
        "condition": "dead",
        "owner_phone": "0987 654 321",
        "condition_day": "21/11/2026",
        "hamlet": "Thôn Đoài",
    }
    client.post(f"/eyes/{eye.key}/edit", typed(client, f"/eyes/{eye.key}/edit", **changes))
    text = client.get(f"/eyes/{eye.key}").content.decode()
    for words in (
        "Hướng nhìn: 90° → 120,5°",
        "Hiện trạng: hoạt động → không hoạt động",
        "20/11/2026 → 21/11/2026",
        "Thôn Đông → Thôn Đoài",
    ):
        assert words in text
    assert "Điện thoại chủ sở hữu: đã thay đổi" in text
    eye.refresh_from_db()
    assert eye.bearing_deg == 120.5


def test_everything_typed_stays_when_something_is_wrong_and_each_fault_is_at_its_field(log_in: LogIn, eye: Eye) -> None:
    client = log_in(person(Role.ADMINISTRATOR))
    wrong = {
        "bearing_deg": "một trăm",
        "height_m": "200",
        "position": "1, 2",
        "name": "Cổng làng",
        "note": "giữ lại",
        "condition_day": "31/02/2026",
    }
    response = client.post("/eyes/add", typed(client, "/eyes/add", **wrong))
    form = response.context["form"]
    assert response.status_code == 422
    assert {"bearing_deg", "position", "condition_day"} <= set(form.errors)
    for name, value in wrong.items():
        assert form[name].value() == value
    right = wrong | {"bearing_deg": "100", "position": "21.0285, 105.8542", "condition_day": "20/11/2026"}
    response = client.post("/eyes/add", typed(client, "/eyes/add", **right))
    assert list(response.context["form"].errors) == ["height_m"]
    assert "0 đến 100" in str(response.context["form"].errors["height_m"])
    assert client.post("/eyes/add", typed(client, "/eyes/add", **right | {"height_m": "4,5"})).status_code == 302
    assert Eye.objects.get(name="Cổng làng").height_m == 4.5


def test_what_somebody_else_changed_meanwhile_is_kept_and_told(log_in: LogIn, eye: Eye) -> None:
    client = log_in(person(Role.DUTY))
    address = f"/eyes/{eye.key}/edit"
    mine = typed(client, address, bearing_deg="200", height_m="7")
    save_eye(None, replace(draft_of(eye), bearing_deg=270.0, maker="Ezviz"), NOW, eye)
    response = client.post(address, mine)
    form = response.context["form"]
    assert response.status_code == 422
    assert (form["maker"].value(), form["bearing_deg"].value(), form["height_m"].value()) == ("Ezviz", "200", "7")
    assert list(form.errors) == ["bearing_deg"]
    assert "270" in str(form.errors)
    again = {name: form[name].value() or "" for name in form.fields}
    assert client.post(address, again).status_code == 302
    eye.refresh_from_db()
    assert (eye.maker, eye.bearing_deg, eye.height_m) == ("Ezviz", 200.0, 7.0)


def test_a_connected_eye_shows_its_camera_and_has_no_name_to_change(log_in: LogIn, recorder: FakeRecorder) -> None:
    one = camera()
    eye = Eye.objects.get()
    client = log_in(person(Role.HEAD))
    assert f"/eyes/{eye.key}" in client.get(f"/cameras/{one.key}").content.decode()
    assert f"/cameras/{one.key}" in client.get(f"/eyes/{eye.key}").content.decode()
    form = client.get(f"/eyes/{eye.key}/edit").context["form"]
    assert "name" not in form.fields
    assert "position" in form.fields
    client.post(f"/eyes/{eye.key}/edit", typed(client, f"/eyes/{eye.key}/edit", focal_mm="2,8", position="21.0285, 105.8542"))
    eye.refresh_from_db()
    assert (eye.focal_mm, eye.name) == (2.8, one.name)
    assert client.post(f"/eyes/{eye.key}/remove", follow=True).status_code == 200
    assert not Eye.objects.get().archived


def test_removed_put_back_and_connected(log_in: LogIn, eye: Eye, recorder: FakeRecorder) -> None:
    client = log_in(person(Role.HEAD))
    assert client.post(f"/eyes/{eye.key}/remove").status_code == 302
    assert list(client.get("/eyes").context["shown"]) == []
    assert "/restore" in client.get(f"/eyes/{eye.key}").content.decode()
    assert client.get(f"/eyes/{eye.key}/edit").status_code == 404
    client.post(f"/eyes/{eye.key}/restore")
    one = camera("Cổng chợ")
    assert one in client.get(f"/eyes/{eye.key}").context["connectable"]
    client.post(f"/eyes/{eye.key}/connect", {"camera": one.key})
    eye.refresh_from_db()
    assert (eye.camera, eye.name) == (one, "Cổng chợ")
    assert len(client.get("/eyes").context["shown"]) == 1
    assert client.post(f"/eyes/{eye.key}/connect", {"camera": "none"}).status_code == 404


def test_all_that_was_changed_is_read_the_newest_first_in_words(log_in: LogIn, eye: Eye, hamlets: tuple[Hamlet, Hamlet]) -> None:
    head = person(Role.HEAD)
    need = save_need(head, NeedDraft("Sau chợ", MARKET, "theft", hamlets[0], words="nhà chị Lan mất xe"), NOW)
    set_need_state(head, need, "declined", "đã có mắt ở đó", NOW)
    save_past_incident(head, PastIncidentDraft("theft", NOW.date(), MARKET, ""), NOW)
    client = log_in(head)
    text = client.get("/eyes/changes").content.decode()
    for words in ("Sau chợ", "Chưa đưa vào kế hoạch".lower(), "đã có mắt ở đó", "trộm cắp", eye.name, f'href="/eyes/{eye.key}"'):
        assert words in text, words
    assert "chị Lan" not in text
    assert text.index("trộm cắp") < text.index("Sau chợ") < text.index(eye.name)
    only = client.get("/eyes/changes?thing=need").context["lines"]
    assert [(line.name, line.address) for line in only] == [("Sau chợ", f"/survey/needs/{need.key}")] * 2
    assert "đã có mắt ở đó" in client.get(f"/survey/needs/{need.key}").content.decode()


def test_every_role_has_its_place_in_the_register() -> None:
    """Written out once more, so that a slip of the pen in the table is seen."""
    reads, changes = {"eyes", "eye", "places", "place"}, {"eye_edit", "place_add", "place_edit"}
    keeps = {
        "eye_add", "eye_remove", "eye_restore", "eye_connect", "eye_export", "eye_import", "place_remove", "place_restore",
        "ground_import", "ground_import_state", "ground_export", "eye_changes",
    }  # fmt: skip
    of_the_register = {name for name in PERMISSIONS if name.startswith(("eye", "place", "ground"))}
    assert of_the_register == reads | changes | keeps
    wanted = {Role.ADMINISTRATOR: reads | changes | keeps, Role.HEAD: reads | changes | keeps, Role.DUTY: reads | changes,
              Role.COMMITTEE: reads, Role.HAMLET_HEAD: reads}  # fmt: skip
    for role in ("", *Role):
        opened = {name for name in of_the_register if role in PERMISSIONS[name].roles}
        assert opened == wanted.get(Role(role) if role else role, set()), role  # type: ignore[call-overload]


def test_an_account_without_a_role_meets_no_eye(eye: Eye) -> None:
    assert not eyes_of(User.objects.create_user("nobody", PASSWORD), timezone.now()).exists()
    remove_eye(None, eye, NOW)
    assert not eyes_of(person(Role.ADMINISTRATOR), timezone.now()).exists()
