"""`VirtualDevice`: a device's ONVIF over HTTP, with the faults that devices have. Beside `server.RtspServer`, or alone."""

from __future__ import annotations

import threading
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from luytre.simulate.onvif import Asked, DeviceState, Fault, admit, answer, envelope, fault, local, parse

NOTHING: AbstractSet[str] = frozenset()


@dataclass
class Faults:
    """By operation (`SetUser`); `*` is every one."""

    lies: AbstractSet[str] = NOTHING
    """Says done, and does nothing."""
    bad_xml: AbstractSet[str] = NOTHING
    huge: AbstractSet[str] = NOTHING
    """More than anybody may send."""
    drips: AbstractSet[str] = NOTHING
    """A byte at a time, for ever."""
    silent: AbstractSet[str] = NOTHING
    """Does it, and never answers."""
    refuses: AbstractSet[str] = NOTHING

    def has(self, kind: AbstractSet[str], operation: str) -> bool:
        return operation in kind or "*" in kind


@dataclass
class VirtualDevice:
    """Listens on `host:port` (0: any) between `start` and `stop`; also a context manager."""

    state: DeviceState = field(default_factory=DeviceState)
    faults: Faults = field(default_factory=Faults)
    host: str = "127.0.0.1"
    port: int = 0
    rtsp_port: int = 554
    asked: list[str] = field(default_factory=list)
    """The operations, in their order, also those that were not answered."""
    ended: threading.Event = field(default_factory=threading.Event)
    _server: ThreadingHTTPServer | None = None
    _thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    @property
    def address(self) -> str:
        """Its ONVIF service."""
        return f"{self.url}/onvif/device_service"

    def start(self) -> None:
        device = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                _serve(device, self)

            def log_message(self, format: str, *_arguments: object) -> None:
                """Tests look at `asked`."""

        self._server = ThreadingHTTPServer((self.host, self.port), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_port
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True, name="virtual device")
        self._thread.start()

    def stop(self) -> None:
        self.ended.set()
        if self._server is not None and self._thread is not None:
            self._server.shutdown()
            self._server.server_close()
            self._thread.join()

    def __enter__(self) -> VirtualDevice:
        self.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop()


def _serve(device: VirtualDevice, line: BaseHTTPRequestHandler) -> None:
    sent = line.rfile.read(min(1 << 20, int(line.headers.get("Content-Length") or 0)))
    operation, body, status = "", b"", 200
    try:
        header, element = parse(sent)
        operation = local(element.tag)
        device.asked.append(operation)
        body = _body(device, header, Asked(operation, element, device.url, device.rtsp_port))
    except Fault as error:
        body, status = fault(error), 401 if error.code == "ter:NotAuthorized" else 500
    except BrokenPipeError:
        return
    _send(device, line, operation, body, status)


def _body(device: VirtualDevice, header: object, asked: Asked) -> bytes:
    faults, operation = device.faults, asked.operation
    if faults.has(faults.refuses, operation):
        raise Fault("not today", "ter:Action")
    admit(device.state, header, operation)  # type: ignore[arg-type]
    body = answer(device.state, asked, pretends=faults.has(faults.lies, operation))
    if faults.has(faults.bad_xml, operation):
        return b"<s:Envelope><s:Body><unfinished"
    if faults.has(faults.huge, operation):
        return envelope(body + f"<!--{'x' * 3_000_000}-->")
    return envelope(body)


def _send(device: VirtualDevice, line: BaseHTTPRequestHandler, operation: str, body: bytes, status: int) -> None:
    faults = device.faults
    if faults.has(faults.silent, operation):
        device.ended.wait(60)
        return
    try:
        line.send_response(status)
        line.send_header("Content-Type", "application/soap+xml; charset=utf-8")
        drips = faults.has(faults.drips, operation)
        line.send_header("Content-Length", str(1 << 20 if drips else len(body)))
        line.end_headers()
        while drips and not device.ended.wait(0.05):
            line.wfile.write(b" ")
            line.wfile.flush()
        if not drips:
            line.wfile.write(body)
    except (BrokenPipeError, ConnectionResetError):
        line.close_connection = True
