"""Answers that are being sent, each with its token: whose right ends is cut off, however large the body and slow the reader.

A WebSocket minds its own token (`live`), since it can be given a new one.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet

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
        return self._abort([request for request, grant in self._answers.values() if not self._gate.holds(grant)])

    def cut(self, cameras: AbstractSet[str]) -> int:
        """Cuts off what is sent of these cameras, whose masks are others now, to people who see them; how many that were."""
        ended = []
        for request, grant in self._answers.values():
            camera = request.match_info.get("cam", "")
            if camera in cameras and not grant.sees_unmasked(camera):
                ended.append(request)
        return self._abort(ended)

    def _abort(self, ended: list[web.Request]) -> int:
        for request in ended:
            self.end(request)
            if request.transport is not None:
                request.transport.abort()
        return len(ended)
