"""Checkpoints of these tests lie apart: a log that is proven elsewhere must not be held against them."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def own_checkpoints(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "checkpoints"
    monkeypatch.setattr("luytre.civic.evidence.packages.folder", lambda: folder)
    return folder
