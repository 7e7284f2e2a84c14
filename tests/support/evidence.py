"""Evidence packages that are small and whole, and what can be done to them: for the command's tests and the page's alike."""

from __future__ import annotations

import hashlib
import io
import zipfile
import zlib
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import av
import numpy as np
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from luytre.civic.chain.signing import Head, sign
from luytre.civic.chain.text import digest_of, row_text
from luytre.civic.evidence.package import zips
from luytre.civic.evidence.package.keys import StationKey, station_key
from luytre.civic.evidence.package.making import make
from luytre.civic.evidence.package.values import (
    CameraFacts,
    ClockFacts,
    Extract,
    ExtractRow,
    Facts,
    Footage,
    GapFacts,
    PackageKind,
    PartFacts,
    PurposeFacts,
    SegmentFacts,
    ViewingFacts,
    Who,
)

NOW = datetime(2026, 11, 24, 7, 5, tzinfo=UTC)
START = NOW - timedelta(hours=2)
LOG_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
HEAD = b"a segment's head: ftyp, moov, whose footage it is"


def facts(kind: PackageKind = PackageKind.FULL) -> Facts:
    return Facts(
        number="07/2026", kind=kind, commune="Xã Lũy Tre",
        purpose=PurposeFacts("crime", "Điều tra tội phạm", "12/CQĐT", "Mất xe máy"),
        requester=Who("Điều tra viên", "Đỗ Văn Yêu Cầu"), approvers=(Who("Trưởng Công an xã", "Lê Thị Duyệt"),),
        operator=Who("Cán bộ trực", "Trần Văn Trực"),
        camera=CameraFacts("cong-lang", "Cổng làng", "Thôn Đông", "Trước đình", 21.03, 105.85, 90.0, "đo bằng la bàn"),
        clock=ClockFacts(420.4, "so với máy chủ qua ONVIF", START), start=START, end=START + timedelta(minutes=3),
        software="luytre 0.1.0", made_at=NOW,
    )  # fmt: skip


def footage(original: bytes, head: bytes, media: tuple[bytes, ...]) -> Footage:
    """Of one part: a segment that is not whole, whole ones, and one that is still being written."""
    segments = []
    for number, body in enumerate(media):
        is_whole, is_open = 0 < number < len(media) - 1, number == len(media) - 1
        digest = None if is_open else hashlib.sha256(HEAD + body).hexdigest()
        since = START + timedelta(minutes=number)
        segments.append(SegmentFacts(
            number + 1, "run-1", number, since, since + timedelta(minutes=1), len(HEAD + body), digest, is_whole, len(body),
            b64encode(HEAD).decode() if is_whole else "",
        ))  # fmt: skip
    assert len(head) + sum(map(len, media)) == len(original)
    part = PartFacts("original.mp4", START, NOW, START, "h264", 320, 240, 75, len(head), tuple(segments))
    gap = GapFacts(START + timedelta(minutes=3), START + timedelta(minutes=4), "lost", "mất kết nối với camera")
    return Footage((part,), (gap,))


def extract() -> Extract:
    """Three rows of two tables, of which the last is the root."""
    first, second = (
        row_text("0" * 64, "access_look", {"seq": 4, "kind": "export"}),
        row_text("1" * 64, "evidence_step", {"seq": 7}),
    )
    proven = "\n".join(map(digest_of, (first, second)))
    root = row_text(digest_of(second), "evidence_step", {"seq": 8, "proves": proven, "note": "có dấu “”"})
    rows = (("access_look", 4, first), ("evidence_step", 7, second), ("evidence_step", 8, root))
    heads = [Head("access_look", 9, "2" * 64), Head("evidence_step", 8, digest_of(root))]
    checkpoint = sign(LOG_KEY, 1_795_000_000_000_000, heads).to_file()
    told = tuple(ExtractRow(table, seq, digest_of(text), text) for table, seq, text in rows)
    return Extract("evidence_step", 8, digest_of(root), told, checkpoint)


@dataclass(frozen=True, repr=False)
class Small:
    """A package and what it was made from."""

    path: Path
    station: StationKey
    original: bytes
    footage: Footage
    files: dict[str, Path | bytes]
    viewing: tuple[ViewingFacts, ...]

    @property
    def data(self) -> bytes:
        return self.path.read_bytes()

    @property
    def packed(self) -> dict[str, bytes]:
        """Its files, as they stand in it."""
        data = self.data
        return {name: data[entry.data_offset_bytes : entry.end_bytes] for name, entry in entries(data, self.path.parent).items()}


def small_package(folder: Path, film: bytes | None = None) -> Small:
    """`film`: an MP4 whose last bytes stand for the archive's media."""
    whole = film or b"ftyp moov mdat " + bytes(range(256)) * 24
    at = len(whole) * 3 // 4
    step = (len(whole) - at) // 3
    media = (whole[at : at + step], whole[at + step : at + 2 * step], whole[at + 2 * step :])
    station = station_key(folder / "secrets", "Xã Lũy Tre", NOW - timedelta(days=30))
    digest = hashlib.sha256(whole).hexdigest()
    viewing = (ViewingFacts("viewing.mp4", "original.mp4", START, digest, 2, "k:3", digest_of("blur"), "Bản để xem"),)
    files: dict[str, Path | bytes] = {
        "original.mp4": folder / "film.mp4", "viewing.mp4": whole[::-1] if film is None else whole,
        "bien-ban.pdf": b"%PDF-1.7 minutes", "kiem-tra.html": b"<!doctype html><title>page</title>",
        "DOC-TRUOC.md": "# Đọc trước\n".encode(),
    }  # fmt: skip
    (folder / "film.mp4").write_bytes(whole)
    found = footage(whole, whole[:at], media)
    path = folder / "package.zip"
    make(facts(), found, viewing, files, extract(), station, path)
    return Small(path, station, whole, found, files, viewing)


def film(path: Path) -> bytes:
    """A second of H.264 that a browser plays."""
    with av.open(str(path), "w") as made:
        track = made.add_stream("libx264", rate=10)
        assert isinstance(track, av.VideoStream)
        track.width, track.height, track.pix_fmt = 160, 96, "yuv420p"
        for number in range(10):
            made.mux(track.encode(av.VideoFrame.from_ndarray(np.full((96, 160), 20 * number, np.uint8), format="gray")))
        made.mux(track.encode(None))
    return path.read_bytes()


def entries(data: bytes, folder: Path) -> dict[str, zips.Entry]:
    path = folder / "looked-at.zip"
    path.write_bytes(data)
    with path.open("rb") as file:
        contents = zips.read_contents(file, len(data))
    assert not contents.faults
    return {entry.name: entry for entry in contents.entries}


def written(files: dict[str, bytes]) -> bytes:
    """A zip as a package is one, of any files: by somebody who knows how, without the key."""
    out, found = b"", []
    for name, content in files.items():
        entry = zips.Entry(name, len(content), zlib.crc32(content), len(out), zips.dos_moment(NOW))
        out += zips.local_header(entry) + content
        found.append(entry)
    return out + zips.directory(found, len(out))


def flipped(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 0x20]) + data[at + 1 :]


@dataclass(frozen=True)
class Damage:
    """What is done to a package, and what a check must say of it."""

    name: str
    of: Callable[[bytes, dict[str, bytes]], bytes]
    """From the package's bytes and its files: the damaged package."""
    file: str
    code: str


def _files(change: Callable[[dict[str, bytes]], dict[str, bytes]]) -> Callable[[bytes, dict[str, bytes]], bytes]:
    return lambda data, files: written(change(dict(files)))


def _in(name: str, old: bytes, new: bytes) -> Callable[[bytes, dict[str, bytes]], bytes]:
    def change(files: dict[str, bytes]) -> dict[str, bytes]:
        assert old in files[name], (name, old)
        return files | {name: files[name].replace(old, new, 1)}

    return _files(change)


def _flip_in(name: str, at: float = 0.5) -> Callable[[bytes, dict[str, bytes]], bytes]:
    return _files(lambda files: files | {name: flipped(files[name], int(len(files[name]) * at))})


def _without(name: str) -> Callable[[bytes, dict[str, bytes]], bytes]:
    return _files(lambda files: {other: content for other, content in files.items() if other != name})


def _renamed(old: str, new: str) -> Callable[[bytes, dict[str, bytes]], bytes]:
    return _files(lambda files: {new if name == old else name: content for name, content in files.items()})


def _doubled_key(files: dict[str, bytes]) -> dict[str, bytes]:
    return files | {"manifest.json": files["manifest.json"].replace(b"{\n", b'{\n "format": "luytre-evidence-1",\n', 1)}


def _other_certificate(folder: Path) -> Callable[[bytes, dict[str, bytes]], bytes]:
    other = station_key(folder / "others", "Xã Khác", NOW - timedelta(days=1))
    return _files(lambda files: files | {"certificate.pem": other.pem, "manifest.sig": other.sign(files["manifest.json"])})


def _with_deflated(data: bytes, _files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in _files.items():
            packed.writestr(name, content)
        packed.writestr("bomb.mp4", bytes(1 << 22))
    return out.getvalue()


def damages(folder: Path) -> list[Damage]:
    """Each byte class of a package once. The files that anybody could change with the zip's check sums made right again."""
    return [
        *(
            Damage(f"{name} changed", _flip_in(name), name, "changed")
            for name in ("DOC-TRUOC.md", "original.mp4", "viewing.mp4", "bien-ban.pdf", "kiem-tra.html", "access-log.json")
        ),
        Damage("an original's whole segment changed", _flip_in("original.mp4", 0.87), "original.mp4", "segment"),
        Damage("a row of the log changed", _in("access-log.json", "có dấu".encode(), b"khong"), "access-log.json", "log"),
        Damage(
            "the checkpoint changed", _in("access-log.json", b"1795000000000000", b"1795000000000001"), "access-log.json", "log"
        ),
        Damage("the manifest says another span", _in("manifest.json", b"T05:05:00", b"T05:06:00"), "manifest.json", "manifest"),
        Damage(
            "the manifest says another name",
            _in("manifest.json", "Lê Thị Duyệt".encode(), b"Ai khac"),
            "manifest.sig",
            "signature",
        ),
        Damage("the manifest is no JSON", _in("manifest.json", b'"files"', b'"files'), "manifest.json", "manifest"),
        Damage("the manifest has a key twice", _files(_doubled_key), "manifest.json", "manifest"),
        Damage(
            "the manifest names a path",
            _in("manifest.json", b'"bien-ban.pdf"', b'"../../bien-ban.pdf"'),
            "manifest.json",
            "manifest",
        ),
        Damage("the signature changed", _flip_in("manifest.sig"), "manifest.sig", "signature"),
        Damage(
            "the signature is cut",
            _files(lambda files: files | {"manifest.sig": files["manifest.sig"][:40]}),
            "manifest.sig",
            "signature",
        ),
        Damage("the certificate changed", _flip_in("certificate.pem"), "certificate.pem", "certificate"),
        Damage("another's certificate and signature", _other_certificate(folder), "certificate.pem", "certificate"),
        Damage("a file is missing", _without("bien-ban.pdf"), "bien-ban.pdf", "missing"),
        Damage("the certificate is missing", _without("certificate.pem"), "certificate.pem", "missing"),
        Damage("a file came", _files(lambda files: files | {"virus.exe": b"MZ"}), "virus.exe", "extra"),
        Damage(
            "a file grew", _files(lambda files: files | {"bien-ban.pdf": files["bien-ban.pdf"] + b" "}), "bien-ban.pdf", "size"
        ),
        Damage(
            "a time stamp that is none",
            _files(lambda files: files | {"manifest.tsr": b"0\x03stamp"}),
            "manifest.tsr",
            "time_stamp",
        ),
        Damage("a way out of the folder", _renamed("bien-ban.pdf", "../bien-ban.pdf"), "../bien-ban.pdf", "name"),
        Damage("an absolute name", _renamed("bien-ban.pdf", "/bien-ban.pdf"), "/bien-ban.pdf", "name"),
        Damage("another spelling", _renamed("bien-ban.pdf", "Bien-Ban.pdf"), "Bien-Ban.pdf", "name"),
        Damage(
            "a name twice",
            lambda data, files: written(files | {"bien-ban.pdx": b"%PDF"}).replace(b"bien-ban.pdx", b"bien-ban.pdf"),
            "bien-ban.pdf",
            "name",
        ),
        Damage("cut short", lambda data, files: data[:-100], "", "zip"),
        Damage("cut in the middle", lambda data, files: data[: len(data) // 2], "", "zip"),
        Damage("bytes after the end", lambda data, files: data + b"\0", "", "zip"),
        Damage("bytes before the first file", lambda data, files: b"PK" + data, "", "zip"),
        Damage("compressed, and a bomb", _with_deflated, "original.mp4", "zip"),
        Damage(
            "headers that differ", lambda data, files: flipped(data, data.index(b"PK\x03\x04", 4) + 8), "manifest.json", "zip"
        ),
    ]
