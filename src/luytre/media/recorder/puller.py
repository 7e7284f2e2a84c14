"""Pulls the camera list from the control plane; the last good one is kept on disk and used when the web does not answer."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable

import aiohttp
import jwt
import structlog

from luytre.base.clock import TICKS_PER_S, Clock
from luytre.media.recorder.cameras import CameraList, KeptList, ListError, parse_list

log = structlog.get_logger(__name__)
PULL_EVERY_S = 10.0
TIMEOUT_S = 5.0
MAX_LIST_BYTES = 8 << 20


class Puller:
    """`apply` is awaited with each list that differs from the one in force."""

    def __init__(
        self, url: str, node_key: str, kept: KeptList, apply: Callable[[CameraList], Awaitable[None]], clock: Clock
    ) -> None:
        self._url, self._key, self._kept, self._apply, self._clock = url, node_key, kept, apply, clock
        self._etag = ""
        self._wake = asyncio.Event()
        self._waiting: list[asyncio.Future[None]] = []
        self._failures = 0

    async def start_from_copy(self) -> None:
        """Recording begins with the kept list, before the web is asked."""
        try:
            known = await asyncio.to_thread(self._kept.load)
        except ListError as error:
            log.error("cameras.copy_unreadable", cause=str(error))
            return
        if known is not None:
            await self._apply(known)

    async def run(self) -> None:
        """Pulls for ever; ends by cancellation."""
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT_S)) as session:
            while True:
                self._wake.clear()
                # Who asks while this pull is under way may have changed what it did not see: he waits for the next.
                answered, self._waiting = self._waiting, []
                await self._once(session)
                for one in answered:
                    if not one.done():
                        one.set_result(None)
                try:
                    async with asyncio.timeout(PULL_EVERY_S):
                        await self._wake.wait()
                except TimeoutError:
                    continue

    async def refresh(self) -> None:
        """Pulls now; returns when a pull that began after this call has ended, well or not."""
        done = asyncio.get_running_loop().create_future()
        self._waiting.append(done)
        self._wake.set()
        async with asyncio.timeout(2 * TIMEOUT_S + 5.0):
            await done

    def _token(self) -> str:
        now = self._clock.utc_90k() // TICKS_PER_S
        claims = {
            "iss": "luytre-recorder",
            "aud": "luytre-web",
            "sub": "recorder",
            "iat": now,
            "exp": now + 60,
            "jti": secrets.token_urlsafe(12),
            "right": "manage",
        }
        return jwt.encode(claims, self._key, algorithm="HS256")

    async def _once(self, session: aiohttp.ClientSession) -> None:
        headers = {"Authorization": f"Bearer {self._token()}"} | ({"If-None-Match": self._etag} if self._etag else {})
        try:
            async with session.get(self._url, headers=headers) as answer:
                if answer.status == 304:
                    self._went_well()
                    return
                if answer.status != 200:
                    self._failed(f"status {answer.status}")
                    return
                body = await answer.content.read(MAX_LIST_BYTES)
                wanted, etag = parse_list(body), answer.headers.get("ETag", "")
        except (aiohttp.ClientError, TimeoutError, ListError, OSError) as error:
            self._failed(f"{type(error).__name__}: {error}")
            return
        await self._apply(wanted)
        self._etag = etag
        self._went_well()
        try:
            await asyncio.to_thread(self._kept.save, body)
        except OSError as error:
            log.error("cameras.copy_not_saved", cause=str(error))

    def _went_well(self) -> None:
        if self._failures:
            log.info("cameras.web_is_back", after=self._failures)
        self._failures = 0

    def _failed(self, cause: str) -> None:
        self._failures += 1
        if self._failures in (1, 10, 100) or self._failures % 1000 == 0:
            log.warning("cameras.not_pulled", cause=cause, failures=self._failures)
