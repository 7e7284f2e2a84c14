"""Copies for watching: asked for, made once, told where none came, gone with the film."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from luytre.civic.access.models import Role
from luytre.civic.appeals.ending import end_old
from luytre.civic.appeals.models import Appeal, AppealFile, CopyState
from luytre.civic.appeals.shelf import Shelf
from luytre.civic.appeals.verify import verify
from luytre.civic.appeals.watching import MOST_BYTES, left_behind, make_next, want_copy
from luytre.civic.ports import FilmAnswer, FilmTrouble
from tests.civic.appeals.test_appeals import DAY, NOW, arrived, asked, end_incident
from tests.web.cast import person

pytestmark = pytest.mark.django_db


@dataclass
class Copier:
    """Writes what browsers would play, or says what is wrong; before it ends, `meanwhile` happens."""

    answer: FilmAnswer = field(default_factory=lambda: FilmAnswer(12.0, cut=True))
    meanwhile: Any = None
    marks: list[str] = field(default_factory=list)

    def copy(self, source: Path, target: Path, mark: str) -> FilmAnswer:
        assert source.is_file()
        self.marks.append(mark)
        target.write_bytes(b"copy")
        if self.meanwhile:
            self.meanwhile()
        return self.answer


@pytest.fixture(autouse=True)
def secrets(settings: Any, tmp_path: Path) -> None:
    settings.LUYTRE_SECRETS_DIR = tmp_path / "secrets"


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "appeals", 1000, lambda _folder: 10**10)


@pytest.fixture
def appeal() -> Appeal:
    return asked(person(Role.HEAD))


def test_asked_for_twice_it_is_made_once_and_goes_with_the_film(appeal: Appeal, shelf: Shelf) -> None:
    file, copier = arrived(appeal, shelf), Copier()
    assert not make_next(copier, shelf)
    for _press in range(2):
        want_copy(file, NOW)
    assert make_next(copier, shelf)
    want_copy(file, NOW)
    assert not make_next(copier, shelf)
    file.refresh_from_db()
    assert (file.copy_state, file.copy_seconds, file.copy_cut) == (CopyState.READY, 12.0, True)
    assert copier.marks == [f"BAN SAO DE XEM / VIEWING COPY {file.sha256[:12]}"]
    assert shelf.watching(file.sha256).stat().st_mode & 0o777 == 0o400
    assert verify(shelf).findings == ()  # the copy is no evidence, and none that is unknown
    end_incident(appeal.incident)
    assert end_old(NOW + 200 * DAY, 180, shelf) == 1
    assert not shelf.watching(file.sha256).exists()
    with pytest.raises(ValidationError):
        want_copy(AppealFile.objects.get(), NOW)


@pytest.mark.parametrize("trouble", list(FilmTrouble))
def test_where_none_came_it_is_told_and_may_be_tried_again(appeal: Appeal, shelf: Shelf, trouble: FilmTrouble) -> None:
    file = arrived(appeal, shelf)
    want_copy(file, NOW)
    make_next(Copier(FilmAnswer(trouble=trouble)), shelf)
    file.refresh_from_db()
    assert (file.copy_state, file.copy_why) == (CopyState.FAILED, trouble)
    assert not list(shelf.folder.glob("watching/*/*"))
    want_copy(file, NOW)
    make_next(Copier(), shelf)
    file.refresh_from_db()
    assert (file.copy_state, file.copy_why) == (CopyState.READY, "")


def test_no_room_and_no_film_are_told(appeal: Appeal, shelf: Shelf) -> None:
    file = arrived(appeal, shelf)
    for why, here in (("room", Shelf(shelf.folder, 1000, lambda _folder: MOST_BYTES)), ("gone", Shelf(shelf.folder / "x", 0))):
        want_copy(file, NOW)
        make_next(Copier(), here)
        assert AppealFile.objects.get().copy_why == why


def test_a_killed_process_s_copy_is_made_anew_and_a_destroyed_film_has_none(appeal: Appeal, shelf: Shelf) -> None:
    file = arrived(appeal, shelf)
    want_copy(file, NOW)

    def killed() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make_next(Copier(meanwhile=killed), shelf)
    assert not make_next(Copier(), shelf)
    assert left_behind() == 1

    def destroyed() -> None:
        end_incident(appeal.incident)
        end_old(NOW + 200 * DAY, 180, shelf)

    assert make_next(Copier(meanwhile=destroyed), shelf)
    assert AppealFile.objects.get().copy_state == ""
    assert not list(shelf.folder.glob("watching/*/*"))


def test_what_plays_needs_none(appeal: Appeal, shelf: Shelf) -> None:
    file = arrived(appeal, shelf)
    file.plays = "video/mp4"
    with pytest.raises(ValidationError):
        want_copy(file, NOW)
