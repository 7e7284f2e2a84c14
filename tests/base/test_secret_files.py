"""Keys in files: made once, for their owner alone, by whoever comes first."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from luytre.base.secret_files import node_key, read_or_make


def test_the_node_key_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    key = node_key(tmp_path / "secrets")
    assert len(bytes.fromhex(key)) == 32
    assert node_key(tmp_path / "secrets") == key
    assert (tmp_path / "secrets" / "node.key").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "secrets").stat().st_mode & 0o777 == 0o700


def test_all_who_start_together_get_the_same_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as pool:
        keys = set(pool.map(lambda _number: node_key(tmp_path / "secrets"), range(64)))
    assert len(keys) == 1
    assert [path.name for path in (tmp_path / "secrets").iterdir()] == ["node.key"]


def test_a_key_that_is_there_is_never_made_again(tmp_path: Path) -> None:
    (tmp_path / "a.key").write_text(" kept \n")
    assert read_or_make(tmp_path / "a.key", lambda: "another") == "kept"


def test_a_maker_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError):
        read_or_make(tmp_path / "a.key", lambda: str(1 // 0))
    assert list(tmp_path.iterdir()) == []
