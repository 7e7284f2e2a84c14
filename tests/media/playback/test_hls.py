"""Playlists are read back by ffmpeg, and their numbers held against the index."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from luytre.base.clock import FakeClock, to_iso
from luytre.base.errors import GapReason, NotFound, UsageError
from luytre.media.archive import Archive
from luytre.media.playback import MAX_SPAN_90K, hls_playlist
from tests.media.archive.helpers import Camera, all_time, open_archive, record
from tests.media.playback.test_export import decode, recorded


def playable(archive: Archive, folder: Path, playlist: str) -> Path:
    """The playlist beside links to its segments, as the recorder's HTTP would serve them."""
    folder.mkdir()
    for segment in archive.segments("gate", "main", *all_time()):
        (folder / f"{segment.id}.mp4").symlink_to(segment.path)
    (folder / "index.m3u8").write_text(playlist)
    return folder / "index.m3u8"


@pytest.mark.parametrize(("codec", "bframes"), [("h264", 0), ("h265", 3)])
def test_ffmpeg_plays_a_span_from_its_key_frame(tmp_path: Path, codec: str, bframes: int) -> None:
    archive, _, begin = recorded(tmp_path / "archive", codec, bframes)
    playlist = hls_playlist(archive.queries, "gate", "main", begin + 130_000, begin + 630_000, base_url=".")
    assert decode(playable(archive, tmp_path / "hls", playlist)) == 150, "seconds 1 to 7: whole GOPs"
    assert sum(float(one) for one in re.findall(r"#EXTINF:([\d.]+)", playlist)) == pytest.approx(6, abs=1e-5)
    assert re.findall(r"#EXT-X-PROGRAM-DATE-TIME:(\S+)", playlist)[0] == "2026-11-24T06:00:01.000Z"
    longest = max(float(one) for one in re.findall(r"#EXTINF:([\d.]+)", playlist))
    assert int(re.findall(r"TARGETDURATION:(\d+)", playlist)[0]) >= longest
    archive.close()


def test_a_run_after_a_gap_is_a_discontinuity_with_its_own_init(tmp_path: Path) -> None:
    archive, clock, begin = recorded(tmp_path / "archive", seconds=3)
    clock.advance(5)
    again = Camera(archive.writer("gate"), clock)
    again.begin(GapReason.CAMERA_LOST)
    record(archive, again, 3)
    playlist = hls_playlist(
        archive.queries, "gate", "main", begin, clock.utc_90k(), base_url="/v1/segment/gate/main", token="a b&c"
    )
    assert playlist.count("#EXT-X-DISCONTINUITY") == 1
    assert playlist.count("#EXT-X-MAP") == 2
    uris = [line for line in playlist.splitlines() if not line.startswith("#") and line]
    assert all(re.fullmatch(r"/v1/segment/gate/main/\d+\.mp4\?token=a%20b%26c", uri) for uri in uris)
    archive.close()


def test_byte_ranges_are_whole_gops_without_a_hole(tmp_path: Path) -> None:
    archive, _, begin = recorded(tmp_path / "archive")
    playlist = hls_playlist(archive.queries, "gate", "main", begin, begin + MAX_SPAN_90K, base_url=".")
    ranges = [(uri, int(size), int(at)) for size, at, uri in re.findall(r"BYTERANGE:(\d+)@(\d+)\n(\S+)", playlist)]
    for segment in archive.segments("gate", "main", *all_time()):
        mine = [(size, at) for uri, size, at in ranges if uri == f"./{segment.id}.mp4"]
        assert mine[0][1] == segment.media_offset_bytes
        assert sum(size for size, _ in mine) == segment.size_bytes - segment.media_offset_bytes
        assert {at for _, at in mine} <= {gop.offset_bytes for gop in segment.gops}
    archive.close()


def test_each_piece_says_its_time(tmp_path: Path) -> None:
    archive, _, begin = recorded(tmp_path / "archive")
    playlist = hls_playlist(archive.queries, "gate", "main", begin, begin + MAX_SPAN_90K, base_url=".")
    said = re.findall(r"DATE-TIME:(\S+)\n#EXTINF:[\d.]+,\n#EXT-X-BYTERANGE:\d+@(\d+)\n\./(\d+)", playlist)
    assert len(said) == playlist.count("#EXTINF")
    gops = {(str(s.id), str(gop.offset_bytes)): gop for s in archive.segments("gate", "main", *all_time()) for gop in s.gops}
    assert [time for time, _, _ in said] == [to_iso(gops[number, offset].utc_90k) for _, offset, number in said]
    archive.close()


def pieces_of(playlist: str) -> list[str]:
    """What stands for a piece, from its time to its address; what comes before the first (the length of the longest) left out."""
    return re.findall(r"(#EXT-X-PROGRAM-DATE-TIME:\S+\n#EXTINF:\S+\n#EXT-X-BYTERANGE:\S+\n\S+)", playlist)


@pytest.mark.parametrize("fragments", [1, 3, 8])
def test_a_playlist_that_grows_never_changes_what_it_listed(tmp_path: Path, fragments: int) -> None:
    """RFC 8216 §6.2.1: a player keeps what it has read, by number. Asked at any point of a GOP; several files, and a hole."""
    archive, clock, begin = recorded(tmp_path / "archive", seconds=3)
    camera = Camera(archive.writer("gate"), clock)
    camera.begin(GapReason.CAMERA_LOST)
    span = ("gate", "main", begin, clock.utc_90k() + 600 * 90_000)
    listed: list[str] = []
    targets = set()
    for _ in range(70):
        camera.send(fragments)
        archive.run_pending()
        playlist = hls_playlist(archive.queries, *span, base_url=".", now_utc_90k=clock.utc_90k())
        assert "#EXT-X-PLAYLIST-TYPE:EVENT" in playlist
        assert "ENDLIST" not in playlist
        now = pieces_of(playlist)
        assert now[: len(listed)] == listed
        listed = now
        targets |= set(re.findall(r"TARGETDURATION:(\d+)", playlist))
    assert len({line.rsplit("/", 1)[-1] for line in listed}) > 2, "several files"
    assert len(targets) == 1
    closed = hls_playlist(archive.queries, *span, base_url=".", now_utc_90k=span[3])
    assert closed.endswith("#EXT-X-ENDLIST\n")
    assert pieces_of(closed)[: len(listed)] == listed
    assert len(pieces_of(closed)) >= len(listed)
    archive.close()


def test_no_piece_is_whole_yet(tmp_path: Path) -> None:
    clock = FakeClock()
    archive = open_archive(tmp_path / "archive", clock)
    camera = Camera(archive.writer("gate"), clock)
    camera.begin()
    begin = camera.start_utc_90k
    record(archive, camera, 1)
    with pytest.raises(NotFound):
        hls_playlist(archive.queries, "gate", "main", begin, begin + 90_000_000, base_url=".", now_utc_90k=clock.utc_90k())
    archive.close()


def test_spans_that_cannot_be_played_are_told_so(tmp_path: Path) -> None:
    archive, _, begin = recorded(tmp_path / "archive", seconds=2)
    with pytest.raises(UsageError):
        hls_playlist(archive.queries, "gate", "main", begin, begin + MAX_SPAN_90K + 1, base_url=".")
    with pytest.raises(NotFound):
        hls_playlist(archive.queries, "gate", "main", begin - 900, begin, base_url=".")
    archive.close()


def test_ffprobe_knows_the_playlists_length(tmp_path: Path) -> None:
    archive, _, begin = recorded(tmp_path / "archive")
    playlist = hls_playlist(archive.queries, "gate", "main", begin, begin + 10 * 90_000, base_url=".")
    path = playable(archive, tmp_path / "hls", playlist)
    command = ["ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", str(path)]
    assert float(subprocess.run(command, capture_output=True, text=True, check=True).stdout) == pytest.approx(10, abs=0.04)
    archive.close()


def test_only_what_is_not_h264_is_named_to_be_coded_again(tmp_path: Path) -> None:
    for codec, coded in (("h264", False), ("h265", True)):
        archive, _, begin = recorded(tmp_path / codec, codec)
        playlist = hls_playlist(
            archive.queries, "gate", "main", begin, begin + 630_000, base_url="/v1/segment/gate/main", token="t",
            coded_url="/v1/h264/gate/main",
        )  # fmt: skip
        named = re.findall(r"^/v1/h264/gate/main/1/(\d+)-(\d+)\.mp4\?token=t$", playlist, flags=re.MULTILINE)
        assert bool(named) is coded
        assert ("BYTERANGE" in playlist) is not coded
        assert ('MAP:URI="/v1/h264/gate/main/1/init.mp4?token=t"' in playlist) is coded
        gops = {gop.offset_bytes for gop in archive.segments("gate", "main", *all_time())[0].gops}
        assert {int(start) for start, _ in named} <= gops
        assert [end for _, end in named][:-1] == [start for start, _ in named][1:]
        archive.close()
