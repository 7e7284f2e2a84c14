"""Fixtures that every test folder may use, and the order of files."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connection
from django.utils import translation
from hypothesis import HealthCheck, settings
from pytest_django import DjangoDbBlocker

from luytre.base.i18n import use_language
from tests.support.chains import flush_that_may_empty_logs
from tests.support.fixtures import camera_server, clips, gst_server, tone

__all__ = ["camera_server", "clips", "flush_that_may_empty_logs", "gst_server", "tone"]

MIGRATED = "migrated.sqlite3"

# No test fails on a time: the machine may be busy. Property tests give up no example for being slow.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")


@pytest.fixture(scope="session")
def database_as_migrated(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None) -> Path:
    """The tests' database as a file, as the migrations left it."""
    return tmp_path_factory.getbasetemp() / MIGRATED


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory) -> None:
    """As pytest-django makes it; kept aside at once, before any test writes into it or empties it."""
    with django_db_blocker.unblock(), closing(sqlite3.connect(tmp_path_factory.getbasetemp() / MIGRATED)) as file:
        connection.ensure_connection()
        connection.connection.backup(file)


@pytest.fixture(autouse=True)
def words_as_before() -> Iterator[None]:
    """A test that reads in another language leaves none of it to the next one."""
    translation.deactivate()  # what the last request of a test before was read in
    yield
    use_language("vi")
    translation.deactivate()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with a browser take minutes, each with a whole house of processes: they stand evenly among the others and not at the
    end, so that two of them seldom run at once, and neither worker is left alone with the last ones."""
    files: dict[str, list[pytest.Item]] = {}
    for item in items:
        files.setdefault(item.path.as_posix(), []).append(item)
    heavy = [path for path in files if "/test_browser" in path]
    light = [path for path in files if path not in heavy]
    places = {path: 0.85 * len(light) * number / max(1, len(heavy)) for number, path in enumerate(heavy)}
    places |= {path: float(number) for number, path in enumerate(light)}
    items[:] = [item for path in sorted(files, key=lambda path: places[path]) for item in files[path]]
