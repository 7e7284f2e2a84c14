"""`luytre record` as other software calls it: real processes, real cameras, and what is left on the disk afterwards."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from luytre.simulate.auth import Auth
from luytre.simulate.quirks import NAMED
from tests.support.cameras import MAIN, CameraThread
from tests.support.clips import ClipLibrary
from tests.support.judge import complaints, contains_run, duration_s, probe, recorded_units, wait_for

Start = Callable[..., CameraThread]
LUYTRE = [sys.executable, "-m", "luytre.cli.main"]
PASSWORD = "rất@bí/mật:1"


def luytre(*words: str | Path, lang: str = "vi", check: int | None = 0) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).with_name("luytre")), *map(str, words)]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=200, check=False, env={"LUYTRE_LANG": lang, "PATH": "/usr/bin:/bin"}
    )
    assert check is None or done.returncode == check, done.stderr
    return done


def last_line(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def export(archive: Path, name: str, out: Path) -> list[Path]:
    out.parent.mkdir(exist_ok=True)
    luytre("archive", "export", archive, "--camera", name, "-o", out)
    return sorted(out.parent.glob(f"{out.stem}*{out.suffix}"))


def test_what_is_recorded_is_what_was_sent(tmp_path: Path, camera_server: Start, clips: ClipLibrary) -> None:
    kinds = ["h264", "h264-b", "h265", "h265-b", "h264-vfr", "h264-slices"]
    camera = camera_server(clips("h264"), auth=Auth("admin", PASSWORD), paths={f"/{kind}/main": clips(kind) for kind in kinds})
    cameras = [word for kind in kinds for word in ("--camera", f"Chợ {kind}={camera.url(f'/{kind}/main')}")]
    done = luytre("record", "--archive", tmp_path / "a", "--seconds", "7", "--json", *cameras)
    told = last_line(done)
    assert set(told) == {"cameras", "wall_s", "cpu_s", "peak_rss_bytes"}
    assert PASSWORD not in done.stdout + done.stderr
    assert "%2F" not in done.stdout
    for kind, report in zip(kinds, told["cameras"], strict=True):
        assert (report["name"], report["state"], report["error"]) == (f"Chợ {kind}", "recording", None)
        assert (report["gaps"], report["reconnects"]) == (0, 0)
        files = export(tmp_path / "a", f"Chợ {kind}", tmp_path / f"{kind}.mp4")
        assert len(files) == 1
        units = recorded_units(files[0])
        assert len(units) == report["frames"] > 60
        assert contains_run(camera.ledger.digests(f"/{kind}/main"), [unit.vcl_sha256 for unit in units])
        assert complaints(files[0]) == ""
        assert abs(duration_s(files[0]) - (max(u.pts_90k for u in units) - min(u.pts_90k for u in units)) / 90_000) < 0.3
    luytre("archive", "check", tmp_path / "a")


def test_a_camera_that_goes_and_comes_back_leaves_a_gap_with_its_reason(
    tmp_path: Path, camera_server: Start, clips: ClipLibrary
) -> None:
    camera = camera_server(clips("h264"))
    command = [
        *LUYTRE,
        "record",
        "--archive",
        str(tmp_path / "a"),
        "--seconds",
        "14",
        "--json",
        "--camera",
        f"cho={camera.url()}",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        wait_for(lambda: len(camera.ledger.digests(MAIN)) > 80)
        camera.go_away(2.0)
        output, _ = process.communicate(timeout=60)
    report = json.loads(output.splitlines()[-1])["cameras"][0]
    assert (report["state"], report["gaps"], report["reconnects"]) == ("recording", 1, 1)
    line = json.loads(luytre("archive", "timeline", tmp_path / "a", "--camera", "cho", "--json").stdout)
    holes = [gap for gap in line["gaps"] if gap["to"] is not None]
    assert len(line["runs"]) == 2
    assert holes[0]["reason"] in ("camera_lost", "camera_unreachable")
    files = export(tmp_path / "a", "cho", tmp_path / "out.mp4")
    assert len(files) == 2
    digests = [unit.vcl_sha256 for path in files for unit in recorded_units(path)]
    assert len(digests) == report["frames"]


def test_parameters_that_change_in_mid_stream(tmp_path: Path, camera_server: Start, clips: ClipLibrary) -> None:
    camera = camera_server(clips("h264>h264-large"))
    done = luytre("record", "--archive", tmp_path / "a", "--seconds", "6", "--json", "--camera", f"cho={camera.url()}")
    report = last_line(done)["cameras"][0]
    assert (report["gaps"], report["error"]) == (0, None)
    files = export(tmp_path / "a", "cho", tmp_path / "out.mp4")
    assert len(files) >= 2
    assert sum(len(recorded_units(path)) for path in files) == report["frames"]
    assert all(complaints(path) == "" for path in files)


def test_lost_packets_are_owned_up_to(tmp_path: Path, camera_server: Start, clips: ClipLibrary) -> None:
    camera = camera_server(clips("h264"), NAMED["drop"])
    done = luytre("record", "--archive", tmp_path / "a", "--seconds", "7", "--json", "--camera", f"cho={camera.url()}")
    report = last_line(done)["cameras"][0]
    assert report["gaps"] >= 1
    line = json.loads(luytre("archive", "timeline", tmp_path / "a", "--camera", "cho", "--json").stdout)
    assert "stream_damaged" in [gap["reason"] for gap in line["gaps"]]


FAILING = [
    ("rtsp://127.0.0.1:1/x", "port_closed"),
    ("rtsp://khong-co.invalid/x", "unknown_host"),
    ("không phải địa chỉ", "bad_url"),
    (__file__, "not_a_video_file"),
]


def test_cameras_that_fail_are_told_and_harm_no_other(tmp_path: Path, camera_server: Start, clips: ClipLibrary) -> None:
    camera, silent = camera_server(clips("h264"), auth=Auth("admin", "đúng")), camera_server(clips("h264"), NAMED["no-video"])
    wrong = camera.url(login=False).replace("rtsp://", "rtsp://admin:sai-mat-khau@")
    lines = [*FAILING, (silent.url(), "no_video"), (wrong, "wrong_password"), (camera.url(login=False), "password_needed")]
    words = [word for index, (url, _) in enumerate(lines) for word in ("--camera", f"c{index}={url}")]
    done = luytre("record", "--archive", tmp_path / "a", "--seconds", "5", "--json", "--camera", f"tot={camera.url()}", *words)
    good, *bad = last_line(done)["cameras"]
    assert (good["state"], good["gaps"]) == ("recording", 0)
    assert good["frames"] > 60
    assert [(each["state"], each["error"]) for each in bad] == [("failed", problem) for _, problem in lines]
    assert "sai-mat-khau" not in done.stdout + done.stderr
    tried = [request for request in camera.ledger.requests if request.status == 401 and request.method == "DESCRIBE"]
    assert len(tried) <= 4, "a wrong password is not hammered"


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("camera", ["cho", "=rtsp://h/x", "cho="])
def test_bad_use_is_one_line_a_hint_and_exit_2(tmp_path: Path, camera: str, lang: str) -> None:
    done = luytre("record", "--archive", tmp_path / "a", "--seconds", "1", "--camera", camera, lang=lang, check=2)
    assert len(done.stderr.strip().splitlines()) == 2
    assert {"vi": "TÊN=ĐỊA_CHỈ", "en": "NAME=URL"}[lang] in done.stderr
    assert not (tmp_path / "a").exists()


@pytest.mark.parametrize("words", [["record"], ["record", "--seconds", "-1"], ["no-such-command"], ["archive", "export"], []])
def test_unknown_words_exit_2(words: list[str]) -> None:
    assert luytre(*words, check=2).stderr.strip()


def test_two_cameras_of_one_name_are_refused(tmp_path: Path) -> None:
    twice = ["--camera", "a=rtsp://127.0.0.1:1/x", "--camera", "a=rtsp://127.0.0.1:1/y"]
    assert "a" in luytre("record", "--archive", tmp_path / "a", "--seconds", "1", *twice, check=2).stderr


def test_an_archive_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("here")
    done = luytre(
        "record", "--archive", tmp_path / "file" / "a", "--seconds", "1", "--camera", "a=rtsp://127.0.0.1:1/x", check=None
    )
    assert done.returncode in (1, 2)
    assert "Traceback" not in done.stderr


def test_headless_recording_knows_no_django_and_no_web() -> None:
    code = (
        "import sys; sys.argv=['luytre','record','--help']; from luytre.cli.main import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        "bad=[m for m in ('django','aiohttp','av','numpy') if m in sys.modules]; print(bad); sys.exit(bool(bad))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-200:]


@pytest.mark.parametrize("command", ["record", "archive", "serve", "simulate", "camera", "user"])
def test_help_is_there_for_every_command(command: str) -> None:
    for lang in ("vi", "en"):
        assert len(luytre(command, "--help", lang=lang).stdout) > 100


def test_sigterm_ends_a_recording_cleanly(tmp_path: Path, camera_server: Start, clips: ClipLibrary) -> None:
    camera = camera_server(clips("h264"))
    command = [
        *LUYTRE,
        "record",
        "--archive",
        str(tmp_path / "a"),
        "--seconds",
        "60",
        "--json",
        "--camera",
        f"cho={camera.url()}",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        wait_for(lambda: len(camera.ledger.digests(MAIN)) > 60)
        process.send_signal(signal.SIGTERM)
        output, _ = process.communicate(timeout=20)
    assert process.returncode == 0
    assert json.loads(output.splitlines()[-1])["cameras"][0]["frames"] > 40
    luytre("archive", "check", tmp_path / "a")


def test_kill_9_loses_less_than_two_seconds(tmp_path: Path, camera_server: Start, clips: ClipLibrary) -> None:
    camera = camera_server(clips("h264"))
    command = [
        *LUYTRE,
        "record",
        "--archive",
        str(tmp_path / "a"),
        "--seconds",
        "60",
        "--json",
        "--camera",
        f"cho={camera.url()}",
    ]
    for kill in range(3):
        before = len(camera.ledger.connections(MAIN))
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            wait_for(lambda count=before: len(camera.ledger.connections(MAIN)) > count)  # type: ignore[misc]
            connection = camera.ledger.connections(MAIN)[-1]
            wait_for(lambda c=connection, n=60 + 17 * kill: len(camera.ledger.of_connection(c)) > n)  # type: ignore[misc]
            sent = len(camera.ledger.of_connection(connection))
            process.kill()
        luytre("record", "--archive", tmp_path / "a", "--seconds", "0.1", "--camera", "x=rtsp://127.0.0.1:1/x")  # opens: recovers
        luytre("archive", "check", tmp_path / "a")
        kept = [
            unit.vcl_sha256
            for path in export(tmp_path / "a", "cho", tmp_path / f"k{kill}" / "out.mp4")
            for unit in recorded_units(path)
        ]
        digests = [entry.vcl_sha256 for entry in camera.ledger.of_connection(connection)]
        newest = max((place for place, digest in enumerate(digests) if digest == kept[-1]), default=-1)
        assert sent - newest <= 2 * 25, "the stated bound: two seconds of what was sent when the kill came"


@pytest.mark.timeout(300)
def test_thirty_five_cameras_without_a_loss(tmp_path: Path, camera_server: Start, clips: ClipLibrary) -> None:
    """Longer runs are for `bench.wall_load`."""
    camera = camera_server(clips("h264"), paths={f"/c{n}/main": clips("h265" if n % 5 == 0 else "h264") for n in range(35)})
    words = [word for n in range(35) for word in ("--camera", f"c{n:02}={camera.url(f'/c{n}/main')}")]
    report = last_line(luytre("record", "--archive", tmp_path / "a", "--seconds", "40", "--json", *words))
    assert [(each["gaps"], each["reconnects"], each["state"]) for each in report["cameras"]] == [(0, 0, "recording")] * 35
    assert all(each["frames"] > 39 * 25 - 30 for each in report["cameras"])
    assert report["peak_rss_bytes"] < 150e6
    for n in (0, 17, 34):
        files = export(tmp_path / "a", f"c{n:02}", tmp_path / f"c{n}.mp4")
        assert len(files) == 1
        assert len(recorded_units(files[0])) == report["cameras"][n]["frames"]
    luytre("archive", "check", tmp_path / "a")


def test_sound_is_recorded_where_it_is_allowed(tmp_path: Path, camera_server: Start, clips: ClipLibrary, tone: Any) -> None:
    camera = camera_server(clips("h264"), NAMED["audio"], audio=tone)
    for name, words, kinds in (("loud", ["--sound"], ["video", "audio"]), ("mute", [], ["video"])):
        done = luytre(
            "record", "--archive", tmp_path / name, "--seconds", "6", "--json", *words, "--camera", f"cho={camera.url()}"
        )
        assert last_line(done)["cameras"][0]["gaps"] == 0
        path = export(tmp_path / name, "cho", tmp_path / f"{name}.mp4")[0]
        streams = probe(path)["streams"]
        assert [stream["codec_type"] for stream in streams] == kinds
        assert complaints(path) == ""
    lengths = [float(stream["duration"]) for stream in probe(tmp_path / "loud.mp4")["streams"]]
    assert abs(lengths[0] - lengths[1]) < 0.4, "sound and picture go together"
