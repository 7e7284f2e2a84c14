"""The permission table against the whole urlconf: every route, every role."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from luytre.civic.access.models import Role, User
from luytre.civic.access.permissions import PERMISSIONS, Scope
from tests.web.cast import FakeRecorder, camera, person

pytestmark = pytest.mark.django_db
ROLES = [str(role) for role in Role]


def routes(resolver: URLResolver | None = None) -> Iterator[tuple[str, tuple[str, ...]]]:
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from routes(pattern)
        else:
            assert isinstance(pattern, URLPattern)
            yield pattern.name or f"unnamed {pattern.pattern}", tuple(pattern.pattern.converters)


def test_every_route_is_in_the_table_and_the_table_has_no_other() -> None:
    assert {name for name, _ in routes()} == set(PERMISSIONS)


@pytest.mark.parametrize("route", sorted(PERMISSIONS))
def test_without_an_account_only_public_routes_answer(client: Client, route: str, recorder: FakeRecorder) -> None:
    one = camera()
    response = client.get(address(route, one.key))
    scope = PERMISSIONS[route].scope
    if route == "enter":
        assert response.status_code == 404  # the secret is the right to it, and this is none
    elif route == "mfa_authenticate":
        assert response.headers["Location"] == "/login"  # nobody is half logged in
    elif scope is Scope.PUBLIC:
        assert response.status_code in (200, 405)
    elif scope is Scope.MACHINE:
        assert response.status_code == 401
    else:
        assert response.status_code == 302
        assert response.headers["Location"].startswith("/login")


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("route", sorted(PERMISSIONS))
def test_role_by_route(log_in: Callable[[User], Client], recorder: FakeRecorder, role: str, route: str) -> None:
    one = camera()
    response = log_in(person(role)).get(address(route, one.key))
    permission = PERMISSIONS[route]
    if permission.scope in (Scope.PUBLIC, Scope.MACHINE):
        return
    if role not in permission.roles:
        assert response.status_code == 403
    elif permission.scope is Scope.CAMERA and role == Role.VIEWER:
        assert response.status_code == 404  # none was given to this viewer
    elif route in ("mfa_deactivate_totp", "mfa_view_recovery_codes"):
        assert response.status_code == 404  # this person has neither
    else:
        assert response.status_code in (200, 302, 405)


@pytest.mark.parametrize(
    "route", sorted(name for name, item in PERMISSIONS.items() if item.scope in (Scope.SELF, Scope.OWN, Scope.CAMERA, Scope.ALL))
)
def test_nothing_but_the_password_page_until_it_is_changed(
    log_in: Callable[[User], Client], recorder: FakeRecorder, route: str
) -> None:
    one = camera()
    client = log_in(person(Role.ADMINISTRATOR, must_change_password=True))
    response = client.get(address(route, one.key))
    assert (response.status_code, response.headers["Location"]) == (302, "/password")
    response = client.post(address(route, one.key), headers={"Accept": "application/json"})
    assert response.status_code == 403


def test_an_unlisted_route_is_refused(log_in: Callable[[User], Client], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(PERMISSIONS, "health")
    assert log_in(person(Role.ADMINISTRATOR)).get("/health").status_code == 403


def address(route: str, key: str) -> str:
    somebody = User.objects.values_list("pk", flat=True).first() or 1
    given = {"pk": somebody, "kind": "csv"}
    return reverse(route, kwargs={name: given.get(name, key) for name in dict(routes())[route]})
