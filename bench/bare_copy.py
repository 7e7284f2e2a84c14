"""The least that a recorder in Python could do: sockets to files, no thought. What the real one is measured against.

`python -m bench.bare_copy DIR --batch-ms 50 URL…` asks each camera for its stream and then, every so many milliseconds,
moves what has come from each socket to a file. Runs until SIGTERM.
"""

from __future__ import annotations

import argparse
import os
import signal
import socket
import time
from pathlib import Path
from urllib.parse import urlsplit

BUFFER_BYTES = 1 << 20


def ask(connection: socket.socket, line: str, sequence: int, more: str = "") -> str:
    connection.sendall(f"{line} RTSP/1.0\r\nCSeq: {sequence}\r\n{more}\r\n".encode())
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += connection.recv(4096)
    return answer.decode("latin-1")


def open_camera(url: str) -> socket.socket:
    """Plays a stream of this repository's load server; no other needs to be understood."""
    parts = urlsplit(url)
    connection = socket.create_connection((parts.hostname, parts.port), timeout=10)
    transport = "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n"
    answer = ask(connection, f"SETUP {url}/trackID=1", 1, transport)
    session = next(line for line in answer.splitlines() if line.lower().startswith("session:"))
    session = session.partition(":")[2].strip().partition(";")[0]
    connection.sendall(f"PLAY {url} RTSP/1.0\r\nCSeq: 2\r\nSession: {session}\r\n\r\n".encode())
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER_BYTES)
    connection.setblocking(False)
    return connection


def copy(connection: socket.socket, file: int, buffer: bytearray, view: memoryview) -> None:
    try:
        while got := connection.recv_into(buffer):
            os.write(file, view[:got])
            if got < BUFFER_BYTES:
                return
    except BlockingIOError:
        return


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("urls", nargs="+")
    parser.add_argument("--batch-ms", type=int, default=50)
    args = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    pairs = [
        (open_camera(url), os.open(args.folder / f"{index}.raw", os.O_CREAT | os.O_WRONLY, 0o644))
        for index, url in enumerate(args.urls)
    ]
    buffer = bytearray(BUFFER_BYTES)
    view = memoryview(buffer)
    while True:
        for connection, file in pairs:
            copy(connection, file, buffer, view)
        time.sleep(args.batch_ms / 1000)


if __name__ == "__main__":
    main()
