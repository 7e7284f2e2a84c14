"""Content credentials in a copy for watching: read back by the library that others use, and the film still plays."""

from __future__ import annotations

import json
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import c2pa
import pytest

from luytre.base.errors import UsageError
from luytre.civic.evidence.package import credentials
from luytre.civic.evidence.package.credentials import LABEL, Credential, put_credential
from luytre.civic.evidence.package.keys import StationKey, station_key

AT = datetime.now(UTC)
SAID = Credential("CC 1/2026", "viewing.mp4", "Lũy Tre 0.1.0", "ab" * 32, "BAN XEM CC 1/2026")


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("film") / "in.mp4"
    source = ["-f", "lavfi", "-i", "testsrc=size=320x192:rate=10", "-t", "1", "-c:v", "libx264", "-pix_fmt", "yuv420p"]
    subprocess.run(["ffmpeg", "-v", "error", *source, "-movflags", "+faststart", str(path)], check=True, timeout=60)
    return path


@pytest.fixture
def station(tmp_path: Path) -> StationKey:
    return station_key(tmp_path / "secrets", "Xã Tre Xanh", AT)


def read(path: Path) -> dict[str, object]:
    with path.open("rb") as file:
        found: dict[str, object] = json.loads(c2pa.Reader("video/mp4", file).json())
    return found


def packets(path: Path) -> str:
    command = ["ffmpeg", "-v", "error", "-i", str(path), "-map", "0:v", "-c", "copy", "-f", "framehash", "-"]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout


def test_a_copy_says_of_which_original_it_is(film: Path, station: StationKey, tmp_path: Path) -> None:
    out = tmp_path / "out.mp4"
    put_credential(film, out, SAID, station, AT)
    found = read(out)
    assert found["validation_state"] == "Valid"
    manifest = found["manifests"][found["active_manifest"]]  # type: ignore[index]
    said = {one["label"]: one["data"] for one in manifest["assertions"]}
    assert said[LABEL] == {"package": SAID.package, "original_sha256": SAID.original_sha256, "mark": SAID.mark}
    assert packets(out) == packets(film), "the film itself is as it was"
    assert manifest["signature_info"]["issuer"] == "Xã Tre Xanh"


def test_a_changed_byte_is_seen(film: Path, station: StationKey, tmp_path: Path) -> None:
    out = tmp_path / "out.mp4"
    put_credential(film, out, SAID, station, AT)
    data = bytearray(out.read_bytes())
    data[-100] ^= 1
    out.write_bytes(data)
    assert read(out)["validation_state"] == "Invalid"


def test_what_is_no_film_and_a_missing_library_are_said(
    station: StationKey, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = tmp_path / "bad.mp4"
    bad.write_bytes(b"no film at all")
    with pytest.raises(UsageError) as found:
        put_credential(bad, tmp_path / "out.mp4", SAID, station, AT)
    assert "could not be put" in found.value.cause
    assert not (tmp_path / "out.mp4").exists()
    monkeypatch.setattr(credentials, "is_there", lambda: False)
    with pytest.raises(UsageError) as found:
        put_credential(bad, tmp_path / "out.mp4", SAID, station, AT)
    assert "not installed" in found.value.cause
