"""The station's key out of the machine and back: a file and a code, what may take its place, and what the log has of it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from luytre.base.errors import UsageError
from luytre.base.i18n import use_language
from luytre.civic.access.models import User
from luytre.civic.chain.proof import prove
from luytre.civic.evidence import station
from luytre.civic.evidence.models import KeyCode, KeyStep
from luytre.civic.evidence.package import backup, keys
from luytre.civic.evidence.package.backup import GROUP, GROUPS, LETTERS, as_typed
from luytre.cli.evidence import evidence

NOW = datetime(2026, 11, 28, 2, 0, tzinfo=UTC)
NAME = "Xã Tre Xanh"


@pytest.fixture(autouse=True)
def english() -> None:
    use_language("en")


def made(folder: Path, now: datetime = NOW) -> tuple[keys.StationKey, backup.Backup]:
    key = keys.station_key(folder, NAME, now)
    return key, backup.back_up(folder, key, now)


def test_a_new_machine_signs_with_the_key_of_the_backup(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    first = keys.station_key(old, NAME, NOW)
    key = keys.rotate(old, NAME, NOW)
    out = backup.back_up(old, key, NOW)
    assert backup.put_back(new, backup.read(out.text, out.code), NOW)
    again = keys.station_key(new, "", NOW)
    assert again.fingerprint == key.fingerprint
    assert keys.is_signed(key.certificate, again.sign(b"x"), b"x")
    assert keys.succession(new) == keys.succession(old)
    assert keys.successors(first.certificate, keys.succession(new)) == {first.fingerprint, key.fingerprint}
    assert (new / "evidence/station.pem").stat().st_mode & 0o777 == 0o600
    assert not backup.put_back(new, backup.read(out.text, out.code), NOW), "it is there"


def test_nothing_of_the_key_is_in_the_file_without_the_code(tmp_path: Path) -> None:
    key, out = made(tmp_path)
    letters = out.code.replace("-", "")
    assert (len(letters), set(letters) - set(LETTERS)) == (28, set())
    assert letters not in out.text
    assert key.private.private_bytes_raw().hex() not in out.text
    assert "ENCRYPTED PRIVATE KEY" in json.loads(out.text)["key"]
    assert backup.back_up(tmp_path, key, NOW).code != out.code
    other = backup.back_up(tmp_path, key, NOW)
    with pytest.raises(UsageError, match="does not open"):
        backup.read(out.text, other.code)


@given(st.text(LETTERS, min_size=GROUPS * GROUP, max_size=GROUPS * GROUP), st.sampled_from(["", "-", " ", " - "]), st.booleans())
def test_a_code_is_read_however_people_write_it(letters: str, between: str, small: bool) -> None:
    misread = letters.replace("0", "O").replace("1", "l" if small else "I")
    written = between.join(misread[at : at + GROUP] for at in range(0, len(misread), GROUP))
    assert as_typed(f" {written.lower() if small else written}\n") == letters


@given(st.text(max_size=40).filter(lambda text: len("".join(text.replace("-", " ").split())) != GROUPS * GROUP))
def test_what_is_no_code_is_said_so(text: str) -> None:
    with pytest.raises(ValueError, match="code"):
        as_typed(text)


def test_a_file_that_was_changed_puts_nothing_back(tmp_path: Path) -> None:
    _, out = made(tmp_path / "mine")
    stranger = keys.station_key(tmp_path / "other", "Xã Khác", NOW)
    file = json.loads(out.text)
    foreign = json.loads(file["succession"])
    foreign["certificates"].append(stranger.pem.decode())
    for change, said in (
        ({"succession": json.dumps(foreign)}, "changed since"),
        ({"signature": "00" * 64}, "changed since"),
        ({"signature": "x"}, "no backup"),
        ({"format": "luytre-station-keys-1"}, "no backup"),
        ({"key": file["key"][:-200]}, "does not open"),
        ({"key": keys.locked(stranger, as_typed(out.code).encode())}, "changed since"),
    ):
        with pytest.raises(UsageError, match=said):
            backup.read(json.dumps(file | change), out.code)
    for text in ("", "[]", "null", "[" * 100_000, '{"format": "luytre-station-key-backup-1"}', out.text[:-40]):
        with pytest.raises(UsageError, match="no backup"):
            backup.read(text, out.code)
    for code in ("", "0000", "ơ" * 28, out.code + "0"):
        with pytest.raises(UsageError, match="does not open"):
            backup.read(out.text, code)


def test_another_key_gives_way_only_when_told_to_and_is_not_lost(tmp_path: Path) -> None:
    _, out = made(tmp_path / "old")
    new = tmp_path / "new"
    present = keys.station_key(new, NAME, NOW)
    was = (new / "evidence/station.pem").read_bytes()
    opened = backup.read(out.text, out.code)
    with pytest.raises(UsageError, match=f"{present.fingerprint}.*set aside"):
        backup.put_back(new, opened, NOW)
    assert (new / "evidence/station.pem").read_bytes() == was
    assert backup.put_back(new, opened, NOW, replace=True)
    assert keys.station_key(new, "", NOW).fingerprint == opened.key.fingerprint
    assert [path.read_bytes() for path in (new / "evidence").glob("station.pem.aside-*")] == [was]
    assert {one.subject for one in keys.known_certificates(new)} == {present.certificate.subject}
    assert len(keys.known_certificates(new)) == 2


def test_a_backup_from_before_a_change_of_keys_says_so(tmp_path: Path) -> None:
    _, out = made(tmp_path)
    keys.rotate(tmp_path, NAME, NOW + timedelta(days=1))
    with pytest.raises(UsageError, match="changed after this backup"):
        backup.put_back(tmp_path, backup.read(out.text, out.code), NOW)


@pytest.mark.parametrize("loss", ["node.key", "torn"])
def test_a_key_that_opens_no_more_comes_back(tmp_path: Path, loss: str) -> None:
    key, out = made(tmp_path)
    place = tmp_path / "evidence/station.pem"
    if loss == "torn":
        place.write_bytes(place.read_bytes()[:300] + b"\xff")
    else:
        (tmp_path / "node.key").write_text("0" * 64)
    with pytest.raises(UsageError, match="cannot be opened"):
        keys.present_key(tmp_path)
    assert backup.put_back(tmp_path, backup.read(out.text, out.code), NOW)
    assert keys.station_key(tmp_path, "", NOW).fingerprint == key.fingerprint
    assert len(list(place.parent.glob("station.pem.aside-*"))) == 1


# --- by command, and in the log ---------------------------------------------------------------------------------------
@pytest.fixture
def secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("luytre.civic.evidence.station.secrets", lambda: tmp_path / "secrets")
    monkeypatch.setattr("luytre.civic.chain.checkpoints.secrets", lambda: tmp_path / "secrets")
    return tmp_path / "secrets"


def run(*words: str, typed: str = "") -> Result:
    return CliRunner().invoke(evidence, ["key", *words], input=typed)


def lines(done: Result) -> list[str]:
    assert done.exit_code == 0, done.output
    return done.stdout.splitlines()


@pytest.mark.django_db
def test_by_command_each_deed_is_in_the_log(tmp_path: Path, secrets: Path) -> None:
    *pem, first = lines(run("show"))
    old = keys.parse_certificate("".join(f"{line}\n" for line in pem).encode())
    assert keys.fingerprint(old) == first
    assert station.standing().backed_up is None
    out = tmp_path / "key.json"
    (code,) = lines(run("backup", "-o", str(out)))
    assert (out.stat().st_mode & 0o777, station.standing().backed_up is not None) == (0o600, True)
    (second,) = lines(run("rotate"))
    assert station.standing().backed_up is None, "the new key was not"
    refused = run("restore", str(out), "--code-stdin", typed=code)
    assert isinstance(refused.exception, UsageError)
    assert lines(run("restore", str(out), "--replace", "--code-stdin", typed=f"{code.lower()}\n")) == [first]
    assert lines(run("restore", str(out), "--code-stdin", typed=code)) == [first], "a second time changes nothing"
    assert {line.split()[0] for line in lines(run("list"))} == {first, second}
    assert keys.successors(old, run("list", "--succession").output) == {first, second}
    assert [(one.code, one.fingerprint, one.replaced) for one in KeyStep.objects.order_by("seq")] == [
        (KeyCode.USED, first, ""), (KeyCode.BACKED_UP, first, ""), (KeyCode.ROTATED, second, first),
        (KeyCode.RESTORED, first, second),
    ]  # fmt: skip
    assert {one.by for one in KeyStep.objects.all()} == {User.objects.get(username="tai-may")}
    assert not prove().faults


@pytest.mark.django_db
def test_a_backup_writes_over_nothing_and_leaves_no_half(tmp_path: Path, secrets: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "key.json"
    out.write_text("mine")
    assert isinstance(run("backup", "-o", str(out)).exception, UsageError)
    assert out.read_text() == "mine"
    assert isinstance(run("backup", "-o", str(tmp_path / "away" / "key.json")).exception, UsageError)
    assert station.standing().backed_up is None, "what could not be written is no backup"
    assert not KeyStep.objects.filter(code=KeyCode.BACKED_UP).exists()
    out.unlink()
    steps = KeyStep.objects.count()
    (secrets / "evidence/station.pem").write_text("torn")
    assert isinstance(run("backup", "-o", str(out)).exception, UsageError)
    assert list(tmp_path.glob("*key.json*")) == []
    assert KeyStep.objects.count() == steps
    assert station.standing().fault is not None
