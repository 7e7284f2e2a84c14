"""`luytre simulate` as a process: its addresses, its silence about passwords, its end."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from luytre.bridge.onvif import OnvifControl
from luytre.civic.ports import DeviceAccess
from tests.support.judge import probe
from tests.support.ports import free_port

LUYTRE = str(Path(sys.executable).with_name("luytre"))


@contextmanager
def simulating(*arguments: str, **environment: str) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """The process and the addresses that it printed, two for each camera."""
    command = [LUYTRE, "simulate", "--port", "0", *arguments]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ | environment
    ) as process:
        assert process.stdout is not None
        cameras = int(arguments[arguments.index("--cameras") + 1])
        try:
            yield process, [process.stdout.readline().strip() for _ in range(2 * cameras)]
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=20)


def refused(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [LUYTRE, "simulate", *arguments], capture_output=True, text=True, timeout=30, check=False,
        env=os.environ | {"LUYTRE_LANG": "en"},
    )  # fmt: skip


def test_cameras_show_themselves_and_end_on_sigterm() -> None:
    with simulating("--cameras", "2", "--show-passwords", "--password", "p@ss word") as (process, urls):
        assert urls[2].endswith("/cam2/main")
        assert "p%40ss%20word@" in urls[0]
        main, sub = probe(urls[2])["streams"], probe(urls[1])["streams"]
    assert process.returncode == 0
    assert [(stream["codec_name"], stream["width"]) for stream in main if stream["codec_type"] == "video"] == [("hevc", 1280)]
    assert [(stream["codec_name"], stream["width"]) for stream in sub if stream["codec_type"] == "video"] == [("h264", 640)]


def test_pictures_of_another_width_are_sent_and_told_or_refused() -> None:
    with simulating("--cameras", "1", "--codec", "h264", "--width", "768") as (_process, urls):
        sizes = [[(one["width"], one["height"]) for one in probe(url)["streams"] if one["codec_type"] == "video"] for url in urls]
    assert sorted(sizes) == [[(384, 216)], [(768, 432)]]
    done = refused("--width", "1000")
    assert done.returncode == 2
    assert "Write 640, 1280 or 1920." in done.stderr


def test_the_password_is_not_shown() -> None:
    with simulating("--cameras", "1", LUYTRE_SIMULATE_PASSWORD="s3cret") as (process, urls):
        assert urls[0].startswith("rtsp://admin:***@")
    assert process.stderr is not None
    assert "s3cret" not in "".join(urls)


def test_an_unknown_quirk_is_bad_use() -> None:
    done = refused("--quirk", "nonsense")
    assert done.returncode == 2
    assert "nonsense" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_port_in_use_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = refused("--port", str(taken.getsockname()[1]))
    assert done.returncode == 2
    assert "--port" in done.stderr
    assert "Traceback" not in done.stderr


def test_their_onvif_is_served_beside_their_pictures() -> None:
    port = free_port()  # and the next one
    arguments = ("--cameras", "2", "--onvif-port", str(port), "--user", "demo")
    with simulating(*arguments, LUYTRE_SIMULATE_PASSWORD="s3cret") as (_process, urls):
        access = DeviceAccess(f"http://127.0.0.1:{port + 1}/onvif/device_service", "demo", "s3cret", "en")
        facts = OnvifControl(read_s=20).facts(access)
    assert facts.ok, facts
    assert (facts.serial, facts.ptz) == ("VT-0002", True)
    assert [(one.codec, one.url.rpartition("/cam")[2]) for one in facts.streams] == [("h265", "2/main"), ("h264", "2/sub")]
    assert urls[2].endswith("/cam2/main")
