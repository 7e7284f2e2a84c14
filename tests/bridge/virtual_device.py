"""A virtual ONVIF camera (ipycam) as a process of its own: its web service and its discovery, over loopback, no picture.

python -m tests.bridge.virtual_device PORT USER PASSWORD
"""

from __future__ import annotations

import os
import sys
import tempfile
import threading
from types import SimpleNamespace


def main(port: int, username: str, password: str) -> None:
    from ipycam.camera import ReusableThreadingTCPServer
    from ipycam.config import CameraConfig
    from ipycam.discovery import WSDiscoveryServer
    from ipycam.http import IPCameraHTTPHandler
    from ipycam.onvif import ONVIFService
    from ipycam.ptz import PTZController

    os.chdir(tempfile.mkdtemp())  # it keeps its presets in a file beside whoever started it
    config = CameraConfig(
        name="Cổng%20chợ", manufacturer="Maker", model="M1", local_ip="127.0.0.1", onvif_port=port, rtsp_port=8654,
        username=username, password=password,
    )  # fmt: skip
    ptz = PTZController(output_width=config.main_width, output_height=config.main_height, max_zoom=4.0)
    service = ONVIFService(config, ptz)
    IPCameraHTTPHandler.camera = SimpleNamespace(config=config, onvif=service, ptz=ptz)
    WSDiscoveryServer(service).start()
    server = ReusableThreadingTCPServer(("127.0.0.1", port), IPCameraHTTPHandler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print("ready", flush=True)
    sys.stdin.read()  # until whoever started it is gone


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], sys.argv[3])
