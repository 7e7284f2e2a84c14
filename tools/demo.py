"""`make demo`: simulated cameras, and Lũy Tre recording them.

Starts `luytre simulate` and `luytre serve`, registers the cameras that are not registered yet, and runs until SIGTERM or
SIGINT, which it hands on. Data under `var/demo` unless `LUYTRE_DATA` says otherwise, so that a commune's own stays clean.
`LUYTRE_DEMO_CAMERAS` (8), `LUYTRE_DEMO_PORT` (8554) and `LUYTRE_DEMO_ONVIF_PORT` (18554) change what is simulated.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from luytre.civic.registry.models import Camera

FIRST_VIEW_S = 60.0
LUYTRE = Path(sys.executable).with_name("luytre")
USER = "demo"
COMMUNE = "Xã Lũy Tre"
ROAD, LANE = "Đường tỉnh", "Đường liên thôn"
HAMLETS = ("Thôn Đông", "Thôn Đoài", "Thôn Trung", "Thôn Thượng", "Thôn Hạ", "Thôn Bãi", "Thôn Mới", "Thôn Cầu")
PLACES = (  # a commune that is nowhere, along a provincial road: name, hamlet, kind, road, position; each hamlet once, then again
    ("Cổng chợ", "Thôn Đông", "hot_spot", ROAD, "20.912400, 105.971800"),
    ("Đường ra đồng", "Thôn Đoài", "route", LANE, "20.909700, 105.968200"),
    ("Ngõ 12", "Thôn Trung", "residential", LANE, "20.913800, 105.970100"),
    ("Cổng trường", "Thôn Thượng", "hot_spot", ROAD, "20.913100, 105.969800"),
    ("Trạm y tế", "Thôn Hạ", "residential", ROAD, "20.911200, 105.975400"),
    ("Bến đò", "Thôn Bãi", "route", LANE, "20.916800, 105.971200"),
    ("Khu tái định cư", "Thôn Mới", "residential", LANE, "20.908600, 105.974000"),
    ("Cầu bản", "Thôn Cầu", "route", ROAD, "20.909900, 105.979500"),
    ("Ngã ba bưu điện", "Thôn Đông", "route", ROAD, "20.911900, 105.973300"),
    ("Trước nhà văn hoá", "Thôn Đoài", "residential", LANE, "20.910600, 105.969500"),
    ("Bờ kênh", "Thôn Trung", "route", LANE, "20.914900, 105.968900"),
    ("Đầu cầu", "Thôn Thượng", "route", ROAD, "20.914000, 105.967400"),
    ("Cây xăng", "Thôn Hạ", "hot_spot", ROAD, "20.910500, 105.977600"),
)


def camera_password(data: Path) -> str:
    """Made once, kept with the demo's secrets; the simulated cameras ask for it."""
    path = data / "secrets" / "demo-cameras.password"
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(12))
    return path.read_text().strip()


def wait_for_port(host: str, port: int, process: subprocess.Popen[bytes], seconds: float = 60.0) -> bool:
    """False where the process ended or the time ran out first."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection((host, port), timeout=1):
            return True
        time.sleep(0.1)
    return False


def name_commune() -> None:
    """As the first run's guide would, where nobody has given a name yet."""
    from luytre.bridge.django import start_django

    start_django()
    from luytre.civic.registry.commune import add_hamlets, set_commune
    from luytre.civic.registry.models import Commune

    if not Commune.here().name:
        set_commune(COMMUNE)
        add_hamlets("\n".join(HAMLETS))


def tell_onvif(port: int, first: int) -> None:
    """Where each simulated camera's ONVIF is, where nobody has said."""
    from luytre.civic.devices.models import Device
    from luytre.civic.registry.models import Camera

    for camera in Camera.objects.filter(archived=False, main_url_shown__startswith=f"rtsp://127.0.0.1:{port}/cam"):
        number = int(camera.main_url_shown.rpartition("/cam")[2].partition("/")[0])
        Device.objects.get_or_create(
            camera=camera, defaults={"address": f"http://127.0.0.1:{first + number - 1}/onvif/device_service"}
        )


def survey() -> None:
    """The commune's land, as a survey would have brought it in, where there is none yet."""
    from demo_land import make_land
    from django.utils import timezone

    make_land(timezone.now(), first_view(time.monotonic() + FIRST_VIEW_S))


def first_view(until_mono_s: float) -> Callable[[Camera], str]:
    """The recorder's mark of what a camera shows. A camera that was just added shows nothing for some seconds: it is waited for,
    so that its page has a view of then to compare with."""
    from luytre.civic.ports import RecorderDown
    from luytre.web.ports import ports

    def view(camera: Camera) -> str:
        while True:
            with contextlib.suppress(RecorderDown):
                answer = ports().views.accept(camera.key, "vi")
                if answer.mark is not None:
                    return answer.mark.id
            if time.monotonic() > until_mono_s:
                return ""
            time.sleep(0.5)

    return view


def register(cameras: int, port: int, password: str) -> None:
    """Adds what is missing through the command line, as an administrator would."""
    listed = subprocess.run([LUYTRE, "camera", "list", "--json"], capture_output=True, text=True, check=True).stdout
    known = {camera["main_url"].partition("@")[2] or camera["main_url"] for camera in json.loads(listed)["cameras"]}
    for number in range(1, cameras + 1):
        main, sub = (f"rtsp://127.0.0.1:{port}/cam{number}/{kind}" for kind in ("main", "sub"))
        if main in known or main.partition("://")[2] in known:
            continue
        place, hamlet, kind, road, position = PLACES[(number - 1) % len(PLACES)]
        name = place if number <= len(PLACES) else f"{place} {number}"
        command = [LUYTRE, "camera", "add", name, main, "--sub-url", sub, "--hamlet", hamlet]
        command += ["--site", place, "--site-kind", kind, "--road", road, "--position", position]
        command += ["--username", USER, "--password-stdin"]
        subprocess.run(command, input=password + "\n", text=True, check=True, stdout=subprocess.DEVNULL)


def run(cameras: int, port: int) -> int:
    data = Path(os.environ.setdefault("LUYTRE_DATA", "var/demo")).absolute()
    password = camera_password(data)
    onvif = int(os.environ.get("LUYTRE_DEMO_ONVIF_PORT", "18554"))
    web_host, _, web_port = os.environ.get("LUYTRE_WEB_ADDR", "127.0.0.1:8080").rpartition(":")
    simulate = [LUYTRE, "simulate", "--cameras", str(cameras), "--port", str(port), "--user", USER, "--onvif-port", str(onvif)]
    environment = os.environ | {"LUYTRE_SIMULATE_PASSWORD": password}
    os.environ.setdefault("LUYTRE_FIND_FROM", "127.0.0.1")  # the simulated cameras are found, and nobody's real ones
    processes = [subprocess.Popen(simulate, env=environment, start_new_session=True)]
    try:
        if not wait_for_port("127.0.0.1", port, processes[0]):
            return processes[0].wait()
        processes.append(subprocess.Popen([LUYTRE, "serve"], start_new_session=True))
        if wait_for_port(web_host.strip("[]") or "127.0.0.1", int(web_port), processes[1]):
            name_commune()
            register(cameras, port, password)
            tell_onvif(port, onvif)
            survey()
        return processes[1].wait()
    finally:
        stop(processes)


def stop(processes: list[subprocess.Popen[bytes]]) -> None:
    """The server first, so that it does not call the cameras lost."""
    for process in reversed(processes):
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=15)
        if process.poll() is None:
            process.kill()
            process.wait()


def leave(_number: int, _frame: object) -> None:
    raise SystemExit(0)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGINT, leave)
    sys.exit(run(int(os.environ.get("LUYTRE_DEMO_CAMERAS", "8")), int(os.environ.get("LUYTRE_DEMO_PORT", "8554"))))
