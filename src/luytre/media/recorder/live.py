"""Live over WebSocket: one socket a page, many cameras; each camera a channel (design/recorder-http.md).

One sender task a channel takes from its viewer's queue; the socket's own back-pressure is what makes a viewer slow. Before
each message it asks whether the masks that the channel was opened under are still those that this page must be shown.
"""

from __future__ import annotations

import asyncio
import json
import math
import struct
from typing import Any

from aiohttp import WSCloseCode, WSMsgType, web

from luytre.base.errors import LuytreError, NotAllowed, UsageError
from luytre.base.i18n import N_, translate
from luytre.media.live import Viewer
from luytre.media.recorder.fleet import Fleet
from luytre.media.recorder.masking import MasksUnknown, masks_for
from luytre.media.recorder.session import State
from luytre.media.recorder.tokens import Gatekeeper, Grant
from luytre.media.recorder.transcoders import LiveTranscode, MaskLimit, TranscodeLimit, Transcoders
from luytre.media.unit.masks import Masks

MAX_CHANNELS = 64
_HEADER = struct.Struct(">BBHI")
_INIT, _FRAGMENT = 1, 2
_STARTS_GOP, _AFTER_LOSS = 1, 2
_STATE_EVERY_S = 1.0
_WARN_BEFORE_S, _WARN_BEFORE_PART = 60.0, 0.25
"""So long before a token's end a page is told; before a quarter of its life is left where it lives shorter."""
RENEW_WITHIN_S = 10.0
"""A page whose right was ended may have another still (another role, fewer cameras): so long it has to come with a new token."""
HEARTBEAT_S = 20.0
STALL_S = 10.0
"""A page that takes nothing for so long, though something is to be told, is cut off: its right may have run out meanwhile."""


class Channel:
    """A picture on the page. The stream is looked up by name each time: a camera's new settings make a new one."""

    def __init__(self, number: int, key: str, kind: str, masks: Masks | None, transcode: LiveTranscode | None) -> None:
        self.number, self.key, self.kind, self.masks, self.transcode = number, key, kind, masks, transcode
        self.viewer = Viewer()
        self.task: asyncio.Task[None] | None = None
        self.told: tuple[str, str | None] = ("", None)


class LiveSocket:
    """One browser page. Lives until the page goes or its token runs out."""

    def __init__(self, fleet: Fleet, transcoders: Transcoders, gate: Gatekeeper, grant: Grant, language: str) -> None:
        self._fleet, self._transcoders, self._gate, self._language = fleet, transcoders, gate, language
        self._socket = web.WebSocketResponse(heartbeat=HEARTBEAT_S, max_msg_size=65_536, compress=False)
        self._channels: dict[int, Channel] = {}
        self._take_grant(grant)

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        try:
            await self._socket.prepare(request)
        except ConnectionError:
            return self._socket  # the page went before it was answered
        minder = asyncio.get_running_loop().create_task(self._mind(request))
        try:
            async for message in self._socket:
                if message.type is WSMsgType.TEXT:
                    await self._told(message.data)
        finally:
            minder.cancel()
            for number in list(self._channels):
                self._close(number)
            await asyncio.gather(minder, return_exceptions=True)
            if self._socket.close_code in (None, WSCloseCode.ABNORMAL_CLOSURE):
                _abort(request)
        return self._socket

    def _take_grant(self, grant: Grant) -> None:
        life_s = grant.expires_s - self._gate.now_s()
        self._grant, self._warned, self._ended_s = grant, False, math.inf
        self._warn_before_s = max(_STATE_EVERY_S, min(_WARN_BEFORE_S, life_s * _WARN_BEFORE_PART))

    async def _told(self, text: str) -> None:
        about: dict[str, Any] = {}
        try:
            order = json.loads(text)
            kind = order["op"]
            about = {"ch": int(order["ch"])} if "ch" in order else {}
            if kind == "open":
                await self._open(int(order["ch"]), str(order["camera"]), str(order.get("stream", "sub")), order.get("as", ""))
            elif kind == "close":
                self._close(int(order["ch"]))
            elif kind == "token":
                await self._renew(self._gate.check(str(order["token"])))
        except TranscodeLimit as error:
            sentence = translate(error.cause, self._language)
            reason = "mask_limit" if isinstance(error, MaskLimit) else "transcode_limit"
            await self._say({**about, "event": "closed", "reason": reason, "sentence": sentence})
        except MasksUnknown as error:
            sentence = translate(error.cause, self._language)
            await self._say({**about, "event": "closed", "reason": "masks_unknown", "sentence": sentence})
        except LuytreError as error:
            await self._say({**about, "event": "refused", "sentence": translate(error.cause, self._language)})
        except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
            unknown = translate(N_("the page asked for something unknown"), self._language)
            await self._say({**about, "event": "refused", "sentence": unknown})

    async def _renew(self, grant: Grant) -> None:
        """A new token replaces the old; channels that it does not cover are closed and told so.

        One that is no longer shown as it was (masked now, or not any longer) is told so before the next picture is sent.
        """
        grant.require("live")
        if grant.subject != self._grant.subject:
            raise NotAllowed(N_("your access does not include this"))
        self._take_grant(grant)
        for number, channel in list(self._channels.items()):
            if not grant.covers_camera(channel.key):
                self._close(number)
                await self._say({"ch": number, "event": "closed", "reason": "scope"})

    async def _open(self, number: int, key: str, kind: str, coded: str) -> None:
        if not 0 <= number < 65_536 or len(self._channels) >= MAX_CHANNELS or number in self._channels:
            raise NotAllowed(N_("too many pictures at once on one page"))
        self._grant.require("live", key)
        if self._gate.is_ended(self._grant):
            raise NotAllowed(N_("your access does not include this"))
        stream = self._fleet.stream(key, kind)
        if stream is None:
            await self._say({"ch": number, "event": "closed", "reason": "no_such_camera"})
            return
        masks = masks_for(self._fleet, self._grant, key)
        transcode = self._transcode(key, stream.kind.value, coded, masks)
        channel = self._channels[number] = Channel(number, key, kind, masks, transcode)
        (transcode or stream).join(channel.viewer)
        await self._tell_state(channel)
        channel.task = asyncio.get_running_loop().create_task(self._send(channel))

    def _transcode(self, key: str, kind: str, coded: str, masks: Masks | None) -> LiveTranscode | None:
        """Raises TranscodeLimit."""
        if coded not in ("", "h264"):
            raise UsageError(N_("pictures are given as they are, or as h264"))
        if not coded and masks is None:
            return None
        return self._transcoders.live(key, kind, lambda: self._fleet.stream(key, kind), self._fleet.clock, masks)

    def _is_shown_right(self, channel: Channel) -> bool:
        """That nothing else is to be hidden now than when the channel was opened."""
        try:
            return masks_for(self._fleet, self._grant, channel.key) == channel.masks
        except MasksUnknown:
            return False

    async def _end_wrong(self, channel: Channel) -> None:
        """The page opens the camera again, and is then shown what it may be shown now."""
        if self._channels.get(channel.number) is channel:
            del self._channels[channel.number]
            await self._say({"ch": channel.number, "event": "closed", "reason": "masks_changed"})
            self._let_go(channel)

    def _close(self, number: int) -> None:
        channel = self._channels.pop(number, None)
        if channel is not None:
            self._let_go(channel)

    def _let_go(self, channel: Channel) -> None:
        if channel.transcode is not None:
            channel.transcode.hub.leave(channel.viewer)
        stream = self._fleet.stream(channel.key, channel.kind)
        if stream is not None:
            stream.hub.leave(channel.viewer)
        channel.viewer.close()
        if channel.task is not None:
            channel.task.cancel()

    async def _send(self, channel: Channel) -> None:
        """The channel's sender: waits for its viewer's next piece, then for the socket to take it."""
        number = channel.number
        while (piece := await channel.viewer.take()) is not None:
            if self._socket.closed:
                return
            if not self._is_shown_right(channel):
                return await self._end_wrong(channel)
            try:
                if piece.init is not None:
                    about = {"ch": number, "event": "init", "mime": piece.init.mime, "stream": channel.kind}
                    await self._say(about | ({"masked": True} if channel.masks is not None else {}))
                    await self._socket.send_bytes(_HEADER.pack(_INIT, 0, number, 0) + piece.init.data)
                elif piece.fragment is not None:
                    flags = piece.fragment.starts_gop * _STARTS_GOP | piece.after_loss * _AFTER_LOSS
                    await self._socket.send_bytes(_HEADER.pack(_FRAGMENT, flags, number, 0) + piece.fragment.data)
            except (ConnectionError, RuntimeError):
                return  # the page went in the middle of a message

    async def _mind(self, request: web.Request) -> None:
        """Once a second, for as long as the page takes what it is told."""
        try:
            while not self._socket.closed:
                await asyncio.sleep(_STATE_EVERY_S)
                async with asyncio.timeout(STALL_S):
                    await self._mind_once()
        except TimeoutError:
            _abort(request)

    async def _mind_once(self) -> None:
        """Expiry of the token, and what cameras that send nothing are doing."""
        now_s = self._gate.now_s()
        if self._gate.is_ended(self._grant):
            self._ended_s = min(self._ended_s, now_s)
        left_s = min(self._grant.expires_s, self._ended_s + RENEW_WITHIN_S) - now_s
        if left_s <= 0:
            await self._socket.close(code=4401, message=b"token expired")
            return
        if left_s <= max(self._warn_before_s, RENEW_WITHIN_S * (self._ended_s < math.inf)) and not self._warned:
            self._warned = True
            await self._say({"event": "token_expires", "in_s": round(left_s)})
        for channel in list(self._channels.values()):
            await self._tell_state(channel)

    async def _tell_state(self, channel: Channel) -> None:
        """Tells a channel's state when it has changed."""
        if not self._is_shown_right(channel):
            await self._end_wrong(channel)
            return
        stream = self._fleet.stream(channel.key, channel.kind)
        broke_off = channel.transcode is not None and channel.transcode.ended
        if stream is None or broke_off:
            self._close(channel.number)
            reason = "transcode_failed" if broke_off else "no_such_camera"
            await self._say({"ch": channel.number, "event": "closed", "reason": reason})
            return
        session = stream.session
        state = "disabled" if session is None else "live" if session.state is State.RECORDING else session.state.value
        error = session.error if session is not None else None
        now = (state, error.problem.value if error is not None else None)
        if now == channel.told:
            return
        channel.told = now
        words = (
            {"sentence": translate(error.cause, self._language), "hint": translate(error.hint, self._language)} if error else {}
        )
        await self._say({"ch": channel.number, "event": "state", "state": state, "problem": now[1], **words})

    async def _say(self, message: dict[str, Any]) -> None:
        if not self._socket.closed:
            try:
                await self._socket.send_str(json.dumps(message, ensure_ascii=False))
            except (ConnectionError, RuntimeError):
                return  # the page has gone; serve() ends by itself


def _abort(request: web.Request) -> None:
    """Lets go of a connection at once: one that is closed would wait for a peer that reads nothing to take the rest."""
    if request.transport is not None:
        request.transport.abort()
