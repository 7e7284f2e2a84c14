"""The permission table against the whole urlconf: every route, every role."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterator
from copy import copy
from datetime import timedelta
from functools import lru_cache

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from luytre.civic.access.models import Role, User
from luytre.civic.access.permissions import PERMISSIONS, Scope
from luytre.civic.access.ways import LOCAL_ROLES
from luytre.civic.ground.models import Place
from luytre.civic.ground.places import PlaceDraft, save_place
from luytre.civic.registry.models import Camera, CameraGroup, Eye, Hamlet, HeldSpan
from luytre.civic.registry.places import hamlet_unit
from tests.web.cast import PASSWORD, FakeRecorder, camera, chief, hold, person, viewer_of

pytestmark = pytest.mark.django_db
POINT = '{"type":"Point","coordinates":[105.85,21.03]}'
ROLES = [str(role) for role in Role]
LAND = ("acceptance", "coverage", "map", "eye", "place", "ground", "survey", "plan", "candidate")
"""Routes of the land, whose roles are written out in the tests of the map, the register, the survey and the plans."""
ONE_PLAN = ("plan", "plan_edit", "plan_version", "plan_compare", "plan_map", "plan_paper", "candidate_edit")


@lru_cache(maxsize=1)
def arguments_of() -> dict[str, tuple[str, ...]]:
    """What each route has in its address."""
    return dict(routes())


def routes(resolver: URLResolver | None = None) -> Iterator[tuple[str, tuple[str, ...]]]:
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from routes(pattern)
        else:
            assert isinstance(pattern, URLPattern)
            yield pattern.name or f"unnamed {pattern.pattern}", tuple(pattern.pattern.converters)


def test_every_route_is_in_the_table_and_the_table_has_no_other() -> None:
    assert {name for name, _ in routes()} == set(PERMISSIONS)


def test_without_an_account_only_public_routes_answer(client: Client, recorder: FakeRecorder) -> None:
    one = camera()
    for route, permission in PERMISSIONS.items():
        client.cookies.clear()
        response = client.get(address(route, one.key))
        found = (route, response.status_code)
        if route in ("enter", "subscribe_confirm", "subscribe_message", "appeal_owner", "appeal_receipt", "owner_link_page"):
            assert found == (route, 404)  # the secret is the right to it, and this is none
        elif route in ("tip_basemap", "tip_released_picture", "openness_file"):
            assert found == (route, 404)  # no file is below the map here, nothing was published, and this is no period
        elif route == "mfa_authenticate":
            assert response.headers["Location"] == "/login"  # nobody is half logged in
        elif permission.scope is Scope.PUBLIC:
            assert found in ((route, 200), (route, 405))
        elif permission.scope is Scope.MACHINE:
            assert found == (route, 401)
        else:
            assert found == (route, 302)
            assert response.headers["Location"].startswith("/login")


def refused(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Instead of the page of a refusal, which is slow to make and is looked at elsewhere."""
    return HttpResponse(status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """As `refused`."""
    return HttpResponse(status=404)


@pytest.mark.parametrize("role", [*ROLES, ""])
def test_role_by_route(
    log_in: Callable[[User], Client],
    recorder: FakeRecorder,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    role: str,
) -> None:
    """Every role alone, and an account that has none in force, on every route: one login for all, since there are many."""
    monkeypatch.setattr("luytre.web.urls.handler403", refused)
    monkeypatch.setattr("luytre.web.urls.handler404", not_found)
    caplog.set_level(logging.CRITICAL, "django.request")
    one = camera()
    hold([one])
    user = person(role) if role else User.objects.create_user("nobody", PASSWORD)
    client = log_in(user)
    session = client.cookies
    wrong = {}
    for route in sorted(PERMISSIONS, key=lambda name: (name == "account_logout", name)):
        client.cookies = copy(session)
        status = client.get(address(route, one.key)).status_code
        if status not in expected(route, role):
            wrong[route] = (status, expected(route, role))
    assert wrong == {}


NONE_OF_IT = (
    "survey_entry", "survey_need", "survey_campaign", "survey_photo", "map_thing", "map_eye", "map_basemap", "map_candidate",
    "map_plan", "camera_view", "camera_view_now", "acceptance", "acceptance_paper", "acceptance_photo", *ONE_PLAN,
)  # fmt: skip
NONE_OR_NOT_TO_GET = (
    "committee_document", "committee_document_file", "committee_document_end", "committee_document_strike",
    "committee_member", "committee_task", "committee_task_step", "committee_resolution_task",
    "committee_meeting", "committee_meeting_edit", "committee_meeting_minutes", "committee_meeting_paper",
    "pact", "pact_set", "pact_set_new", "pact_sign", "pact_file", "pact_withdraw", "pact_paper", "pact_commendation_strike",
    "pact_quarter", "pact_quarter_paper", "pact_quarter_close", "pact_quarter_reopen", "pact_breach", "pact_breach_back",
    "pact_score",
    "ledger_new", "ledger_entry", "ledger_document", "ledger_pledge", "ledger_estimate", "ledger_estimate_document",
    "ledger_estimate_paper",
    "report", "report_rows", "report_sheet", "report_paper", "report_write", "report_issue",
    "owner", "owner_agree", "my_camera",
    "package", "package_again", "package_look", "package_file", "package_verify", "package_hand", "package_destroy",
    "package_minutes", "clip_package",
    "mobilisation_campaign", "mobilisation_edit", "mobilisation_sheet", "mobilisation_go",
    "right", "breach", "petition", "petition_scan", "bulletin", "bulletin_picture", "bulletin_paper",
    "appeal", "appeal_new", "appeal_bytes",
    "health_ticket", "feed", "firm", "tip", "tip_picture", "tip_faces", "tip_copy", "incident", "signal",
    "dispatch_message", "dispatch_edit",
    "mfa_deactivate_totp", "mfa_view_recovery_codes", "person_assignment_end", "clip_request", "blur", "ground_import_state",
)  # fmt: skip


def expected(route: str, role: str) -> Collection[int]:
    """What a route may answer to GET for somebody with this role alone."""
    permission = PERMISSIONS[route]
    if permission.scope in (Scope.PUBLIC, Scope.MACHINE):
        return range(200, 500)
    if role not in permission.roles:
        return (403,)
    if (permission.scope in (Scope.CAMERA, Scope.DEVICE) or route == "eye") and role in LOCAL_ROLES:
        return (404,)  # none was given to this person
    if route in NONE_OR_NOT_TO_GET:
        return (404, 405)
    if route in NONE_OF_IT:
        return (404,)
    return (200, 302, 405)


def test_every_role_has_its_place_in_the_table() -> None:
    """Written out once more, so that a slip of the pen in the table is seen."""
    pictures = {"wall", "wall_order", "playback", "media_token", "bookmarks", "bookmark_delete", "bookmark_restore", "camera"}
    elsewhere = {name for name in PERMISSIONS if name.startswith(LAND)}
    by_role = {role: {name for name, item in PERMISSIONS.items() if role in item.roles} - elsewhere for role in ["", *ROLES]}
    everybody = by_role[""]
    signs = {"camera_signs", "camera_signs_paper", "camera_sign"}
    tickets = {"health_todo", "health_tickets", "health_ticket", "health_uptime", "health_uptime_sheet", "health_morning"}
    devices = {"health", "health_now", "find", "camera_health", "repairs_sheet"} | tickets
    mends = {"ticket_take", "ticket_wait", "ticket_note", "ticket_close", "ticket_reopen", "ticket_repair"}
    went = {"incident_accept", "incident_arrive", "incident_done", "incident_decline", "incident_note"}
    went |= {"incident_task_accept", "incident_task_arrive", "incident_task_done", "incident_task_decline"}
    tips = {"tips", "tip", "tip_copy", "alerts", "alerts_bar", "incidents", "incidents_layer", "incident"} | went
    tips |= {"appeals", "appeal", "appeal_link"}
    lent = {name for name in PERMISSIONS if name.startswith("owner")} - {"owner_link_page"}
    tips |= lent - {"owner_open", "owner_shut", "owner_signed"}
    campaigns = {"mobilisation_new", "mobilisation_edit"}
    tips |= {name for name in PERMISSIONS if name.startswith("mobilisation")} - campaigns
    tips |= {"bulletins", "bulletins_line", "bulletin", "bulletin_picture", "bulletin_paper", "bulletin_seen"}
    tips |= {name for name in PERMISSIONS if name.startswith("signal")} - everybody - {"signal_incident"}
    answered = tips | {name for name in PERMISSIONS if name.startswith(("tip_", "incident_", "shift", "appeal"))} - everybody
    answered |= {name for name in PERMISSIONS if name.startswith("bulletin")}
    answered |= {"signal_incident"} | lent | campaigns
    answered |= {name for name in PERMISSIONS if name.startswith("petition")} - {"petition_ask", "petition_decide"}
    answered |= {name for name in PERMISSIONS if name.startswith("right")} - {
        "rights_ask",
        "right_decide",
        "right_extend",
        "right_lift",
    }
    answered -= {"appeal_destroy"}
    answered -= {"tip_tell", "tip_ready", "tip_worker", "tip_follow", "tip_map", "tip_basemap"}
    answered -= {"tip_released", "tip_released_picture"}
    assert by_role[Role.RESIDENT] == everybody
    book = {name for name in PERMISSIONS if name.startswith("ledger")}
    reads = {"ledger", "ledger_sheet", "ledger_entry", "ledger_estimates", "ledger_estimate", "ledger_estimate_paper"}
    reads |= {"ledger_balance", "ledger_balance_paper", "ledger_balance_sheet"}
    own_tasks = {"committee_mine", "committee_task", "committee_task_step"}
    committee = {name for name in PERMISSIONS if name.startswith("committee")}
    writes = {"committee_document_new", "committee_document_end", "committee_document_strike", "committee_task_new"}
    writes |= {"committee_launch_held", "committee_resolution_task", "committee_mine", "committee_task_step"}
    writes |= {f"committee_meeting_{name}" for name in ("new", "edit", "minutes", "sign", "cancel", "correct")}
    pacts = {name for name in PERMISSIONS if name.startswith("pact")}
    of_head = {"pact_quarter_reopen", "pact_breach", "pact_breach_back"}
    own_pacts = {"pacts", "pact", "pact_paper", "pact_quarter", "pact_score", "pact_sign"}
    pacts_read = {"pact_sets", "pact_set", "pact_commendations", "pact_commendations_paper", "pact_quarter_paper"}
    assert by_role[Role.HEAD] >= pacts
    assert by_role[Role.AUDITOR] & pacts == own_pacts | pacts_read
    numbers = {"reports", "report", "report_rows", "report_sheet"}
    reports = {name for name in PERMISSIONS if name.startswith("report")}
    assert by_role[Role.AUDITOR] & reports == numbers | {"report_paper"}
    assert {role for role in ROLES if by_role[role] & {"report_issue", "report_again", "report_drop"}} == {Role.HEAD}
    assert by_role[Role.COMMITTEE] - everybody == reads | committee | pacts - of_head | numbers | {
        "report_paper",
        "report_write",
    } | (campaigns | {"mobilisation", "mobilisation_paper", "mobilisation_campaign", "mobilisation_sheet"})
    assert by_role[Role.TREASURER] - everybody == book | own_tasks | numbers
    assert by_role[Role.AUDITOR] & committee == committee - writes
    assert not by_role[Role.ADMINISTRATOR] & committee
    assert by_role[Role.AUDITOR] & book == reads | {"ledger_document", "ledger_estimate_document"}
    assert {role for role in ROLES if by_role[role] >= book} == {Role.TREASURER, Role.HEAD}
    assert not by_role[Role.AUDITOR] & (pictures | devices | {"export", "cameras", "people"})
    holds = {"holds", "hold", "hold_new", "hold_renew", "hold_lift", "holds_due", "holds_sheet"}
    breaches = {name for name in PERMISSIONS if name.startswith("breach")} | {"dossier"}
    assert {role for role in ROLES if by_role[role] & breaches} == {Role.HEAD, Role.AUDITOR}
    assert by_role[Role.AUDITOR] & breaches == {"breaches", "breach", "dossier"}
    assert by_role[Role.AUDITOR] & holds == {"holds", "hold", "holds_sheet"}
    own = {"my_cameras", "my_camera"}
    for role in LOCAL_ROLES:
        of_hamlets = mends | tips | own_tasks if role != Role.OWNER else own
        assert by_role[role] - everybody == pictures | devices | of_hamlets | (own_pacts if role == Role.HAMLET_HEAD else set())
    answered |= {name for name in PERMISSIONS if name.startswith("dispatch")} - {"dispatch_approve", "dispatch_refuse"}
    clips = {"export", "evidence", "clip_ask", "clip_request", "clip_decide", "blurs", "blur", "blur_new", "blur_save"}
    clips |= {name for name in PERMISSIONS if name.startswith("package")} - {"package_destroy"} | {"clip_package"}
    assert {role for role in ROLES if "package_destroy" in by_role[role]} == {Role.HEAD}
    assert by_role[Role.AUDITOR] & clips == {"evidence", "clip_request", "blurs", "blur", "packages", "package"}
    views = {"camera_views", "camera_view", "camera_view_now"}
    looked_into = views | {"device", "device_now", "device_effect", "device_motion", "positions"}
    looked_into |= {name for name in PERMISSIONS if name.startswith(("turn", "position_", "patrol_"))}
    mends_all = mends | {"ticket_assign", "wiring", "health_disk"} | own_tasks
    duty = pictures | devices | clips | {"cameras", "camera_export"} | signs | holds | mends_all | looked_into | answered
    assert by_role[Role.DUTY] - everybody == duty
    assert by_role[Role.DUTY] <= by_role[Role.HEAD]
    workdays = {"workdays", "workdays_say", "workdays_check"}
    assert {role for role in ROLES if by_role[role] & workdays} == {Role.HEAD, Role.ADMINISTRATOR}
    assert not by_role[Role.ADMINISTRATOR] & (pictures | {"export"})
    assert not everybody & (pictures | devices | {"export", "cameras", "people", "settings"})


def test_a_role_outside_its_hours_or_after_its_last_day_opens_nothing(
    log_in: Callable[[User], Client], recorder: FakeRecorder
) -> None:
    user = viewer_of(camera())
    client = log_in(user)
    assert client.get("/wall").status_code == 200
    here = timezone.localtime()
    later, much_later = here + timedelta(hours=2), here + timedelta(hours=4)
    user.assignments.update(hours_from=later.time(), hours_to=much_later.time())
    assert client.get("/wall").status_code == 403
    user.assignments.update(hours_from=None, hours_to=None, last_day=here.date() - timedelta(days=1))
    assert client.get("/wall").status_code == 403
    assert client.get("/account").status_code == 200


INSIDE = (Scope.SELF, Scope.OWN, Scope.CAMERA, Scope.DEVICE, Scope.ALL)


def test_nothing_but_the_password_page_until_it_is_changed(log_in: Callable[[User], Client], recorder: FakeRecorder) -> None:
    one = camera()
    client = log_in(chief(must_change_password=True))
    theirs = {Role.ADMINISTRATOR, Role.HEAD}
    for route in sorted(name for name, item in PERMISSIONS.items() if item.scope in INSIDE and item.roles & theirs):
        response = client.get(address(route, one.key))
        assert (route, response.status_code, response.headers["Location"]) == (route, 302, "/password")
        response = client.post(address(route, one.key), headers={"Accept": "application/json"})
        assert (route, response.status_code) == (route, 403)


def test_an_unlisted_route_is_refused(log_in: Callable[[User], Client], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(PERMISSIONS, "health")
    assert log_in(person(Role.ADMINISTRATOR)).get("/health").status_code == 403


FIXED = {
    "kind": "csv", "number": 1, "year": 2026, "row": 1, "seq": 1, "version": 0, "form": "docx", "section": "kept", "size": "a4",
    "name": "hamlets", "layer": "places", "job": "0",
}  # fmt: skip


def address(route: str, key: str) -> str:
    return reverse(route, kwargs={name: _argument(route, name, key) for name in arguments_of()[route]})


def _argument(route: str, name: str, key: str) -> object:
    """Only what stands in this address is looked up: ten thousand of them are asked for."""
    match name:
        case "pk":
            return User.objects.values_list("pk", flat=True).first() or 1
        case "unit":
            return hamlet_unit(Hamlet.objects.get()).pk
        case "group":
            return CameraGroup.objects.get_or_create(name="Nhóm")[0].key
        case "code":
            return Camera.objects.values_list("code", flat=True).first() or key
        case "hold":
            return HeldSpan.objects.values_list("hold", flat=True).first() or key
        case "key" if route.startswith("eye"):
            return Eye.objects.values_list("key", flat=True).first() or key
        case "key" if route.startswith("place"):
            return (Place.objects.first() or save_place(None, PlaceDraft("market", "Chợ", POINT), timezone.now())).key
    return FIXED.get(name, key)
