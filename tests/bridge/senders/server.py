"""A server on this machine that answers as told and remembers what it was asked: it stands where providers stand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from luytre.bridge.senders.post import Post, anywhere

POSTS: list[Post] = []


def post_to_here(**changes: Any) -> Post:
    """One that reaches this machine in the clear; `close_posts` ends its connections."""
    POSTS.append(Post(**{"allowed": anywhere, "schemes": ("http",), "timeout_s": 2.0, **changes}))
    return POSTS[-1]


def close_posts() -> None:
    while POSTS:
        POSTS.pop().close()


@dataclass(frozen=True)
class Asked:
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Provider:
    """`answers`: one after the other, the last one for ever: status, headers, body. None: hangs up without a word."""

    answers: list[tuple[int, dict[str, str], bytes] | None]
    asked: list[Asked] = field(default_factory=list)
    connections: int = 0
    url: str = ""

    def next(self) -> tuple[int, dict[str, str], bytes] | None:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@contextmanager
def provider(*answers: tuple[int, dict[str, str], bytes] | None) -> Iterator[Provider]:
    told = Provider(list(answers))

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self) -> None:
            told.connections += 1
            super().setup()

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            told.asked.append(Asked(self.path, {name.lower(): value for name, value in self.headers.items()}, body))
            answer = told.next()
            if answer is None:
                self.close_connection = True
                return
            status, headers, content = answer
            self.send_response(status)
            for name, value in {"Content-Length": str(len(content)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.block_on_close = False
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    told.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield told
    finally:
        close_posts()
        server.shutdown()
        server.server_close()
        thread.join()
