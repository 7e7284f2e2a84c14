"""An evidence package: whole as it was made, and each kind of damage named by file. Keys that follow each other."""

from __future__ import annotations

import contextlib
import io
import json
import shutil
import struct
import subprocess
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st
from rfc3161_client import TimestampRequestBuilder

from luytre.base.errors import UsageError
from luytre.base.i18n import use_language
from luytre.civic.evidence.package import keys, making, manifest, zips
from luytre.civic.evidence.package.boxes import export_boxes
from luytre.civic.evidence.package.extract import decode as decode_extract
from luytre.civic.evidence.package.keys import StationKey
from luytre.civic.evidence.package.values import Code, PackageKind
from luytre.civic.evidence.package.verifying import Trust, verify
from luytre.cli.evidence import evidence
from luytre.media.fragment import iter_boxes
from tests.media.playback.test_export import decode
from tests.support import evidence as support
from tests.support.evidence import NOW, Small
from tests.support.tsa import make_authority


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Small:
    return support.small_package(tmp_path_factory.mktemp("evidence"))


ANY = Trust()


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    use_language("en")
    yield
    use_language("vi")


def check(path: Path, trust: Trust = ANY, now: datetime = NOW) -> dict[tuple[str, str], str]:
    return {(one.file, one.code.value): one.words for one in verify(path, trust, now).findings}


def test_a_package_is_whole_and_any_program_opens_it(small: Small) -> None:
    report = verify(small.path, Trust(frozenset({small.station.fingerprint})), NOW)
    assert report.is_genuine
    assert {one.code for one in report.warnings} == {Code.NO_TIME_STAMP, Code.SEGMENT_OPEN}
    assert report.kind is PackageKind.FULL
    assert dict(report.facts)["The camera's clock"].startswith("420,4 s ahead")
    assert dict(report.facts)["Span"] == "12:05:00 24/11/2026 – 12:08:00 24/11/2026"
    with zipfile.ZipFile(small.path) as packed:
        assert packed.testzip() is None
        names = packed.namelist()
        assert names[:5] == ["DOC-TRUOC.md", "manifest.json", "manifest.sig", "certificate.pem", "original.mp4"]
        said = json.loads(packed.read("manifest.json"))
        assert packed.read("original.mp4").startswith(small.original)
    assert said["facts"]["start"] == {"utc": "2026-11-24T05:05:00Z", "local": "2026-11-24T12:05:00+07:00"}
    assert small.path.stat().st_mode & 0o777 == 0o640


def test_the_same_facts_give_the_same_bytes(small: Small, tmp_path: Path) -> None:
    out = tmp_path / "again.zip"
    made = making.make(support.facts(), small.footage, small.viewing, small.files, support.extract(), small.station, out)
    assert out.read_bytes() == small.data
    assert made.size_bytes == len(small.data)


def test_each_kind_of_damage_is_named(small: Small, tmp_path: Path) -> None:
    path, data, files = tmp_path / "damaged.zip", small.data, small.packed
    wrong = {}
    for one in support.damages(tmp_path):
        path.write_bytes(one.of(data, files))
        report = verify(path, ANY, NOW)
        found = {(fault.file, fault.code.value) for fault in report.faults}
        if (one.file, one.code) not in found or report.is_genuine:
            wrong[one.name] = found
    assert not wrong


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_byte_can_change_unseen(small: Small, drawn: st.DataObject) -> None:
    """A byte of a file is named by that file; one of the zip's own by the zip."""
    data = small.data
    entries = support.entries(data, small.path.parent)
    name = drawn.draw(st.sampled_from([*entries, ""]))
    low, high = (entries[name].data_offset_bytes, entries[name].end_bytes) if name else (0, len(data))
    at = drawn.draw(st.integers(low, high - 1))
    path = small.path.with_name("flipped.zip")
    path.write_bytes(data[:at] + bytes([data[at] ^ drawn.draw(st.integers(1, 255))]) + data[at + 1 :])
    try:
        faults = verify(path, ANY, NOW).faults
    except UsageError:
        faults = ()
        assert not name
    else:
        assert faults
    if name:
        assert (name, Code.CHANGED) in {(one.file, one.code) for one in faults}


@settings(max_examples=30, deadline=None)
@given(st.binary(max_size=400), st.integers(0, 1 << 20))
def test_any_bytes_are_told_to_be_no_package_or_a_broken_one(small: Small, junk: bytes, cut: int) -> None:
    path, data = small.path.with_name("junk.zip"), small.data
    for content in (junk, data[: cut % len(data)] + junk, junk + data[cut % len(data) :]):
        path.write_bytes(content)
        with contextlib.suppress(UsageError):
            assert verify(path, ANY, NOW).faults or content == data


@settings(max_examples=60, deadline=None)
@given(
    st.binary(max_size=200)
    | st.recursive(
        st.none() | st.text(max_size=5) | st.integers(),
        lambda one: st.lists(one) | st.dictionaries(st.sampled_from(["format", "rows", "seq", "utc", "local", "files"]), one),
    ).map(lambda tree: json.dumps(tree).encode())
)
def test_readers_take_any_bytes(content: bytes) -> None:
    for read in (manifest.decode, decode_extract):
        with pytest.raises(ValueError):  # noqa: PT011  (any that says what is wrong)
            read(content)


def test_the_manifest_comes_back(small: Small) -> None:
    written = small.packed["manifest.json"]
    found = manifest.decode(written)
    assert manifest.encode(found) == written
    assert manifest.decode(manifest.encode(found)) == found


def test_large_files_have_the_long_fields() -> None:
    entry = zips.Entry("original.mp4", 5 << 30, 7, 6 << 30, 9)
    assert zips._entry_at(zips.central_header(entry), 0) == (entry, len(zips.central_header(entry)))
    assert (5 << 30).to_bytes(8, "little") in zips.local_header(entry)
    assert zips.end_records(3, 11 << 30, 200).startswith(b"PK\x06\x06")


def test_a_package_that_fails_leaves_nothing(small: Small, tmp_path: Path) -> None:
    args = support.facts(), small.footage, small.viewing
    out, gone = tmp_path / "p.zip", {**small.files, "original.mp4": tmp_path / "gone.mp4"}
    with pytest.raises(FileNotFoundError):
        making.make(*args, gone, support.extract(), small.station, out)
    with pytest.raises(ValueError, match="originals"):
        making.make(replace(args[0], kind=PackageKind.VIEWING), *args[1:], small.files, support.extract(), small.station, out)
    with pytest.raises(ValueError, match="name"):
        making.make(*args, {**small.files, "../x": b""}, support.extract(), small.station, out)
    broken = replace(support.extract(), checkpoint=support.extract().checkpoint.replace("1795000000000000", "1"))
    with pytest.raises(ValueError, match="signature"):
        making.make(*args, small.files, broken, small.station, out)
    late = replace(args[0], made_at=NOW + timedelta(days=4000))
    with pytest.raises(UsageError, match="not valid now"):
        making.make(late, *args[1:], small.files, support.extract(), small.station, out)
    assert list(tmp_path.iterdir()) == []
    out.write_bytes(b"kept")
    with pytest.raises(UsageError, match="already"):
        making.make(*args, small.files, support.extract(), small.station, out)
    assert out.read_bytes() == b"kept"


def test_a_copy_for_watching_goes_without_its_original(small: Small, tmp_path: Path) -> None:
    files = {name: content for name, content in small.files.items() if name != "original.mp4"}
    out = tmp_path / "p.zip"
    making.make(support.facts(PackageKind.VIEWING), small.footage, small.viewing, files, support.extract(), small.station, out)
    report = verify(out, ANY, NOW)
    assert report.is_genuine
    assert report.kind is PackageKind.VIEWING
    wrong = (replace(small.viewing[0], original_sha256="0" * 64),)
    making.make(support.facts(), small.footage, wrong, small.files, support.extract(), small.station, tmp_path / "q.zip")
    assert ("viewing.mp4", "link") in check(tmp_path / "q.zip")


def test_a_key_that_was_rotated(small: Small, tmp_path: Path) -> None:
    secrets = tmp_path / "secrets"
    shutil.copytree(small.path.parent / "secrets", secrets)
    old = keys.station_key(secrets, "Xã Lũy Tre", NOW)
    assert old.fingerprint == small.station.fingerprint
    new = keys.rotate(secrets, "Xã Lũy Tre", NOW)
    newest = keys.rotate(secrets, "Xã Lũy Tre", NOW + timedelta(seconds=5))
    assert keys.station_key(secrets, "", NOW).fingerprint == newest.fingerprint
    assert [fingerprint for fingerprint, *_ in keys.ends_of(keys.known_certificates(secrets))] == [
        old.fingerprint, new.fingerprint, newest.fingerprint,
    ]  # fmt: skip
    assert check(small.path, Trust(keys.successors(old.certificate, keys.succession(secrets)))).keys() == check(small.path).keys()
    assert ("certificate.pem", "certificate") in check(small.path, Trust(frozenset({new.fingerprint})))
    assert keys.successors(old.certificate, keys.succession(secrets)) == {old.fingerprint, new.fingerprint, newest.fingerprint}
    assert keys.successors(new.certificate, keys.succession(secrets)) == {new.fingerprint, newest.fingerprint}
    forged = json.loads(keys.succession(secrets))
    forged["links"][0]["signature"] = forged["links"][1]["signature"]
    assert len(keys.successors(old.certificate, json.dumps(forged))) < 3
    assert (secrets / "evidence/station.pem").stat().st_mode & 0o777 == 0o600


def test_a_key_opens_only_beside_its_node_key(tmp_path: Path) -> None:
    keys.station_key(tmp_path, "Xã", NOW)
    (tmp_path / "node.key").write_text("0" * 64)
    with pytest.raises(UsageError, match="cannot be opened"):
        keys.station_key(tmp_path, "Xã", NOW)


def test_a_certificate_that_has_ended(small: Small, tmp_path: Path) -> None:
    assert ("certificate.pem", "expired") in check(small.path, now=NOW + timedelta(days=4000))
    assert verify(small.path, ANY, NOW + timedelta(days=4000)).is_genuine
    young = keys.station_key(tmp_path / "s", "Xã", NOW + timedelta(days=30))
    facts = replace(support.facts(), made_at=NOW + timedelta(days=31))
    args = small.footage, small.viewing, small.files, support.extract(), young
    making.make(facts, *args, tmp_path / "p.zip")
    found = support.entries((tmp_path / "p.zip").read_bytes(), tmp_path)
    packed = (tmp_path / "p.zip").read_bytes()
    content = {name: packed[entry.data_offset_bytes : entry.end_bytes] for name, entry in found.items()}
    earlier = content["manifest.json"].replace(b"2026-12-25", b"2026-11-25")
    assert earlier != content["manifest.json"]
    (tmp_path / "early.zip").write_bytes(
        support.written(content | {"manifest.json": earlier, "manifest.sig": young.sign(earlier)})
    )
    assert ("certificate.pem", "validity") in check(tmp_path / "early.zip")


def run(*arguments: str | Path) -> tuple[int, str]:
    done = CliRunner().invoke(evidence, ["verify", *map(str, arguments)], standalone_mode=False)
    if isinstance(done.exception, UsageError):
        return 2, str(done.exception)
    return done.exit_code, done.output


def test_the_command_tells_people_and_programs(small: Small, tmp_path: Path) -> None:
    code, said = run(small.path)
    assert (code, "WHOLE AND GENUINE" in said, small.station.fingerprint in said) == (0, True, True)
    colons = ":".join(small.station.fingerprint.upper()[at : at + 2] for at in range(0, 64, 2))
    assert run(small.path, "--fingerprint", colons)[0] == 0
    assert run(small.path, "--fingerprint", "0" * 64)[0] == 1
    (tmp_path / "c.pem").write_bytes(small.station.pem)
    assert run(small.path, "--certificate", tmp_path / "c.pem")[0] == 0
    cut = tmp_path / "cut.zip"
    cut.write_bytes(small.data[:-1])
    code, said = run(cut, "--json")
    assert code == 1
    assert {key: value for key, value in json.loads(said)["findings"][0].items() if key != "words"} == {
        "file": "",
        "code": "zip",
        "warning": False,
    }
    assert run(tmp_path / "c.pem")[0] == 2


def test_a_time_stamp_of_an_outsider(small: Small, tmp_path: Path) -> None:
    authority = make_authority(tmp_path / "tsa")
    path = tmp_path / "p.zip"
    shutil.copy(small.path, path)
    for _again in range(2):  # a second one takes the first one's place
        query = TimestampRequestBuilder().data(making.stamped_bytes(path)).build().as_bytes()
        making.add_time_stamp(path, authority.answer(query))
    report = verify(path)
    assert report.is_genuine
    assert Code.TIME_STAMP_UNCHECKED in {one.code for one in report.warnings}
    assert report.time_stamp is not None
    assert abs(report.time_stamp - datetime.now(UTC)) < timedelta(minutes=5)
    assert run(path, "--tsa-roots", authority.roots)[0] == 0
    (tmp_path / "other.pem").write_bytes(small.station.pem)
    assert run(path, "--tsa-roots", tmp_path / "other.pem")[0] == 1
    query = TimestampRequestBuilder().data(b"something else").build().as_bytes()
    with pytest.raises(ValueError, match="something else"):
        making.add_time_stamp(path, authority.answer(query))
    files = small.packed | {"manifest.tsr": authority.answer(query)}
    path.write_bytes(support.written(files))
    assert ("manifest.tsr", "time_stamp") in check(path)
    with pytest.raises(UsageError, match="no evidence package"):
        making.stamped_bytes(authority.roots)


def openssl_verifies(film: bytes, station: StationKey, folder: Path) -> None:
    """As the specification has it: the signature out of its box, zeros in its place, a key out of the box before it."""
    signature, zeroed = film[-256:], film[:-256] + bytes(256)
    assert film[-264:-256] == struct.pack(">I4s", 264, b"sibo")
    start = film.rindex(b"cert") + 4
    certificate = x509.load_der_x509_certificate(film[start:-264])
    certificate.verify_directly_issued_by(station.certificate)
    key = certificate.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    for name, data in (("film", zeroed), ("sig", signature), ("key.pem", key), ("other", b"x" + zeroed)):
        (folder / name).write_bytes(data)
    pss = ["-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:20", "-sigopt", "rsa_mgf1_md:sha256"]
    command = ["openssl", "dgst", "-sha256", *pss, "-verify", "key.pem", "-signature", "sig"]
    assert subprocess.run([*command, "film"], cwd=folder, check=True, capture_output=True, timeout=60).stdout == b"Verified OK\n"
    assert subprocess.run([*command, "other"], cwd=folder, check=False, capture_output=True, timeout=60).returncode == 1


def test_an_original_says_where_it_is_from_and_still_plays(tmp_path: Path) -> None:
    small = support.small_package(tmp_path, support.film(tmp_path / "a.mp4"))
    packed = small.packed["original.mp4"]
    assert packed.startswith(small.original)
    added = packed[len(small.original) :]
    found = {box.kind: added[12 + box.payload_offset_bytes : 12 + box.end_bytes] for box in iter_boxes(added[12:])}
    assert (added[4:8], list(found)) == (b"meta", [b"hdlr", b"suep", b"cstb", b"ipro"])
    openssl_verifies(packed, small.station, tmp_path)
    count, track, ticks = struct.unpack(">IIQ", found[b"cstb"])
    # The film's two B-frames a GOP are shown 0.2 s after they are decoded: so much before what is shown lies the origin.
    started = datetime(1601, 1, 1, tzinfo=UTC) + timedelta(microseconds=ticks // 10)
    assert (count, track, started) == (1, 1, support.START - timedelta(seconds=0.2))
    unit, _url, _mac, rest = found[b"suep"][4:].split(b"\0", 3)
    assert unit.decode() == "Xã Lũy Tre (luytre 0.1.0)"
    assert datetime(1904, 1, 1, tzinfo=UTC) + timedelta(seconds=int.from_bytes(rest[:8], "big")) == NOW
    operator, entries = rest[8:].split(b"\0", 1)
    assert (operator.decode(), entries[:6], entries[6:].decode()) == ("Trần Văn Trực", b"\0\0\0\1\0\1", "Cổng làng\0\0\0\0")
    (tmp_path / "out.mp4").write_bytes(packed)
    assert decode(tmp_path / "out.mp4") == 10
    assert verify(small.path, ANY, NOW).is_genuine


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=80), st.integers(0, 5000))
def test_a_film_that_is_none_goes_out_as_it_is(small: Small, junk: bytes, at: int) -> None:
    whole = small.original[: at % len(small.original)] + junk
    assert isinstance(export_boxes(io.BytesIO(whole), support.facts(), small.footage.parts[0], b"DER"), bytes)
