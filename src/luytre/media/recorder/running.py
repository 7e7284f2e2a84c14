"""Answers that are being sent, each with its token: whose right ends is cut off, however large the body and slow the reader.

A WebSocket minds its own token (`live`), since it can be given a new one.
"""

from __future__ import annotations

from aiohttp import web

from luytre.media.recorder.tokens import Gatekeeper, Grant


class Running:
    """`sweep` is called every few seconds on the loop."""

    def __init__(self, gate: Gatekeeper) -> None:
        self._gate = gate
        self._answers: dict[int, tuple[web.Request, Grant]] = {}

    def __len__(self) -> int:
        return len(self._answers)

    def begin(self, request: web.Request, grant: Grant) -> None:
        self._answers[id(request)] = (request, grant)

    def end(self, request: web.Request) -> None:
        self._answers.pop(id(request), None)

    def sweep(self) -> int:
        """Cuts off what is sent with a token that is no longer worth anything; how many that were."""
        ended = [request for request, grant in self._answers.values() if not self._gate.holds(grant)]
        for request in ended:
            self.end(request)
            if request.transport is not None:
                request.transport.abort()
        return len(ended)
