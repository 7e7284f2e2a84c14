"""Fixtures that every test folder may use, and the order of files."""

import fcntl
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pytest
from django.db import connection
from django.utils import translation
from hypothesis import HealthCheck, settings
from pytest_django import DjangoDbBlocker

from luytre.base.i18n import use_language
from luytre.web.migrating import migrate_all, only_new_models_drawn
from tests.support.chains import flush_that_may_empty_logs
from tests.support.fixtures import camera_server, clips, gst_server, tone

__all__ = ["camera_server", "clips", "flush_that_may_empty_logs", "gst_server", "tone"]

MIGRATED = "migrated.sqlite3"

# No test fails on a time: the machine may be busy. Property tests give up no example for being slow.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")


@dataclass
class MigratedOnce:
    """The tests' database as the migrations left it, as a file that all of xdist's workers share."""

    file: Path
    lock: IO[str]
    copied: sqlite3.Connection | None = None
    """Keeps the copy of a worker that came later: a database in memory is there as long as somebody has it open."""


@pytest.fixture(scope="session")
def migrated_once(request: pytest.FixtureRequest, django_db_modify_db_settings: None) -> Iterator[MigratedOnce]:
    """The first worker migrates, the others begin with a copy: migrating takes six seconds of the processor.

    Holds the lock until `django_db_setup` has made the file.
    """
    folder = request.getfixturevalue("tmp_path_factory").getbasetemp()
    if hasattr(request.config, "workerinput"):
        folder = folder.parent
    with (folder / "migrating.lock").open("w") as lock, only_new_models_drawn():
        fcntl.flock(lock, fcntl.LOCK_EX)
        once = MigratedOnce(folder / MIGRATED, lock)
        if once.file.exists():
            name = connection.creation._get_test_db_name()  # type: ignore[attr-defined]  # which memory Django will open
            once.copied = sqlite3.connect(name, uri=True)
            with closing(sqlite3.connect(once.file)) as file:
                file.backup(once.copied)
        yield once
    if once.copied is not None:
        once.copied.close()


@pytest.fixture(scope="session")
def database_as_migrated(migrated_once: MigratedOnce, django_db_setup: None) -> Path:
    """The tests' database as a file, as the migrations left it."""
    return migrated_once.file


@pytest.fixture(scope="session")
def django_db_setup(migrated_once: MigratedOnce, django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """As pytest-django makes it; kept aside at once, before any test writes into it or empties it."""
    if migrated_once.copied is None:
        unfinished = migrated_once.file.with_suffix(".unfinished")
        with django_db_blocker.unblock(), closing(sqlite3.connect(unfinished)) as file:
            if not connection.introspection.table_names():  # none of the tests asked for is in need of one; houses are
                migrate_all()
            connection.ensure_connection()
            connection.connection.backup(file)
        unfinished.rename(migrated_once.file)
    fcntl.flock(migrated_once.lock, fcntl.LOCK_UN)


@pytest.fixture(autouse=True)
def words_as_before() -> Iterator[None]:
    """A test that reads in another language leaves none of it to the next one."""
    translation.deactivate()  # what the last request of a test before was read in
    yield
    use_language("vi")
    translation.deactivate()


LONG = (
    "cli/test_record.py", "cli/test_serve_start.py", "civic/planning/test_plan_file.py", "civic/test_upgrade_register.py",
    "media/recorder/test_http.py", "media/recorder/test_masks.py", "media/source/test_misbehaving_cameras.py",
    "web/test_permissions.py", "web/test_postgres.py", "web/test_processes.py", "web/test_secrets.py",
)  # fmt: skip
"""Besides those with a browser: files that take about a minute and more."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with a browser take minutes, each with a whole house of processes, and some others wait as long for cameras: they
    stand evenly among the short ones and not at the end, so that few of them run at once, and no worker is left alone with the
    last."""
    files: dict[str, list[pytest.Item]] = {}
    for item in items:
        files.setdefault(item.path.as_posix(), []).append(item)
    heavy = [path for path in files if "/test_browser" in path or path.endswith(LONG)]
    light = [path for path in files if path not in heavy]
    places = {path: 0.7 * len(light) * number / max(1, len(heavy)) for number, path in enumerate(heavy)}
    places |= {path: float(number) for number, path in enumerate(light)}
    items[:] = [item for path in sorted(files, key=lambda path: places[path]) for item in files[path]]
