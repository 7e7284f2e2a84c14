"""What holds of the civic plane's tables."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from luytre.base.errors import LuytreError
from luytre.base.ids import CAMERA_KEY
from luytre.civic.access.models import Look, LookKind, Role
from luytre.civic.registry import seal
from luytre.civic.registry.cameras import archive_camera
from luytre.civic.registry.models import Camera, Commune
from luytre.civic.registry.scope import cameras_of
from luytre.civic.registry.sites import hamlet_named
from tests.web.cast import CAMERA_PASSWORD, camera, person, viewer_of

pytestmark = pytest.mark.django_db
ROOMS = [
    "chain", "access", "regulations", "workdays", "registry", "dispatch", "ground", "survey", "devices", "blurring",
    "tips", "acceptance", "evidence", "moments", "planning", "upkeep", "committee", "ledger", "incidents", "appeals", "petitions",
    "bulletins", "signals", "rights", "pacts", "movement", "mobilisation", "reports", "openness",
]  # fmt: skip
"""From the lowest to the highest, as import-linter has them."""


def test_foreign_keys_point_only_downward() -> None:
    for model in apps.get_models():
        if not model.__module__.startswith("luytre.civic."):
            continue
        for field in model._meta.get_fields():
            if field.is_relation and not field.auto_created and field.related_model is not None:
                target = field.related_model._meta.app_label  # type: ignore[union-attr]
                assert target in ROOMS, f"{model.__name__}.{field.name} leaves the civic plane"
                assert ROOMS.index(target) <= ROOMS.index(model._meta.app_label), f"{model.__name__}.{field.name} points upward"


def test_the_migrations_are_what_the_models_say() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_sqlite_keeps_foreign_keys() -> None:
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA foreign_keys").fetchone() == (1,)
    options = settings.DATABASES["default"]["OPTIONS"]
    assert "journal_mode=WAL" in options["init_command"]


def test_a_key_is_made_once_and_fits_the_contract() -> None:
    one = camera()
    assert CAMERA_KEY.fullmatch(one.key)
    key = one.key
    one.name = "Khác"
    one.save()
    assert Camera.objects.get(name="Khác").key == key


def test_a_password_at_rest_cannot_be_read_without_its_key(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    one = camera()
    assert CAMERA_PASSWORD not in one.sealed_password
    assert one.password == CAMERA_PASSWORD
    monkeypatch.setattr(settings, "LUYTRE_SECRETS_DIR", tmp_path / "elsewhere")
    with pytest.raises(LuytreError, match="khóa"):
        _ = one.password
    assert (tmp_path / "elsewhere" / seal.KEY_FILE).stat().st_mode & 0o777 == 0o600


def test_an_archived_camera_forgets_its_password_and_keeps_its_key() -> None:
    one = camera()
    archive_camera(one)
    one.refresh_from_db()
    assert (one.archived, one.password) == (True, "")


def test_hamlets_are_found_again_whatever_the_blanks() -> None:
    first = hamlet_named(" Thôn  Đông ")
    assert first is not None
    assert first.name == "Thôn Đông"
    assert hamlet_named("Thôn Đông") == first
    assert hamlet_named("  ") is None


def test_there_is_one_commune() -> None:
    assert Commune.here().retention_days == 30
    Commune.objects.create(name="Xã Đông Phú")
    assert Commune.here().name == "Xã Đông Phú"
    with pytest.raises(IntegrityError), transaction.atomic():
        Commune(id=2, name="another").save(force_insert=True)


def test_a_look_back_without_a_span_cannot_be_written() -> None:
    user = person(Role.DUTY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Look.objects.create(user=user, kind=LookKind.HISTORY, camera="x")


@pytest.mark.parametrize("kind", list(LookKind))
def test_scope_by_role(kind: LookKind) -> None:
    mine, _other = camera("Một"), camera("Hai")
    viewer = viewer_of(mine)
    expected = {LookKind.LIVE: [mine.key], LookKind.HISTORY: [], LookKind.EXPORT: []}[kind]
    assert [one.key for one in cameras_of(viewer, kind)] == expected
    assert cameras_of(person(Role.DUTY), kind).count() == 2
    assert cameras_of(person(Role.ADMINISTRATOR, is_active=False), kind).count() == 0
