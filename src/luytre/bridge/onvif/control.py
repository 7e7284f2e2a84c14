"""DeviceControl over onveef: facts, and changes that are read back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from luytre.base.i18n import translate
from luytre.bridge.onvif import changes
from luytre.bridge.onvif.asking import LISTENING, READ_S, Refusal, ask, host_if_private, until
from luytre.bridge.onvif.changes import Done
from luytre.bridge.onvif.facts import facts_of
from luytre.bridge.onvif.motion import LONGEST_S, listen
from luytre.bridge.onvif.sntp import own_address_towards, tells_time
from luytre.bridge.onvif.turning import Turning
from luytre.civic.ports import (
    ClockWish,
    DeviceAccess,
    DeviceChange,
    DeviceFacts,
    MotionRead,
    PtzMove,
    StreamWish,
)

if TYPE_CHECKING:
    from onveef import OnvifClient

TURN_S = 8.0
OWN = "own"


@dataclass(frozen=True, slots=True)
class OnvifControl:
    """`tells_time`: whether a time server answers; another one in tests."""

    read_s: float = READ_S
    turn_s: float = TURN_S
    tells_time: Callable[[str], bool] = tells_time
    turning: Turning = field(default_factory=Turning)

    def facts(self, at: DeviceAccess) -> DeviceFacts:
        limit = until(self.read_s)
        try:
            return ask(at, self.read_s, lambda device: facts_of(device.connect(), at.username, at.language, limit))
        except Refusal as refusal:
            return DeviceFacts(False, refusal.problem, *_words(refusal, at.language))

    def set_clock_and_ntp(self, at: DeviceAccess, wish: ClockWish) -> DeviceChange:
        server = own_address_towards(host_if_private(at.address)) if wish.ntp_server == OWN else wish.ntp_server
        answers = bool(server) and self.tells_time(server)
        made = self._change(at, lambda device: changes.set_clock(device, wish.time_zone))
        if not made.ok:
            return made
        known, is_silent = (server, False) if answers else ("", bool(server))
        return self._change(at, lambda device: changes.follow(device, wish.time_zone, known, is_silent=is_silent))

    def set_password(self, at: DeviceAccess, new: str) -> DeviceChange:
        made = self._change(at, lambda device: changes.set_password(device, at.username, new))
        if not made.ok:
            return made
        return self._prove_password(at, replace(at, password=new))

    def _prove_password(self, old: DeviceAccess, new: DeviceAccess) -> DeviceChange:
        """The new one must open what the old one opened."""
        tried = self._change(new, changes.prove_login)
        if tried.ok:
            return tried
        if tried.problem == "wrong_password" and self._change(old, changes.prove_login).ok:
            return _said(changes.LIES, old.language)
        return _said(changes.UNSURE, old.language)

    def set_stream(self, at: DeviceAccess, wish: StreamWish) -> DeviceChange:
        return self._change(at, lambda device: changes.set_stream(device.connect(), wish))

    def reboot(self, at: DeviceAccess) -> DeviceChange:
        return self._change(at, changes.reboot)

    def ptz_move(self, at: DeviceAccess, move: PtzMove) -> DeviceChange:
        return self._turn(at, lambda device, profile: changes.move(device, profile, move))

    def ptz_stop(self, at: DeviceAccess) -> DeviceChange:
        return self._turn(at, changes.stop)

    def ptz_keep_preset(self, at: DeviceAccess, name: str) -> DeviceChange:
        return self._turn(at, lambda device, profile: changes.keep_preset(device, profile, name))

    def ptz_go(self, at: DeviceAccess, token: str) -> DeviceChange:
        return self._turn(at, lambda device, profile: changes.go(device, profile, token))

    def ptz_forget_preset(self, at: DeviceAccess, token: str) -> DeviceChange:
        return self._turn(at, lambda device, profile: changes.forget_preset(device, profile, token))

    def motion(self, at: DeviceAccess, for_s: float) -> MotionRead:
        for_s = min(for_s, LONGEST_S)

        def listening(device: OnvifClient) -> tuple[tuple[datetime, bool], ...]:
            return listen(device.connect(), for_s)

        try:
            return MotionRead(True, events=ask(at, for_s + self.read_s, listening, places=LISTENING))
        except Refusal as refusal:
            return MotionRead(False, refusal.problem, *_words(refusal, at.language))

    def _change(self, at: DeviceAccess, work: Callable[[OnvifClient], Done]) -> DeviceChange:
        try:
            return _said(ask(at, self.read_s, work), at.language)
        except Refusal as refusal:
            return DeviceChange(False, refusal.problem, *_words(refusal, at.language))

    def _turn(self, at: DeviceAccess, work: Callable[[OnvifClient, str], Done]) -> DeviceChange:
        known = self.turning.known(at)
        try:
            made = ask(at, self.turn_s, lambda device: work(device, self.turning.profile(at, device)), known)
        except Refusal as refusal:
            self.turning.forget(at)
            return DeviceChange(False, refusal.problem, *_words(refusal, at.language))
        return _said(made, at.language)


def _words(refusal: Refusal, language: str) -> tuple[str, str]:
    return translate(refusal.cause, language), translate(refusal.hint, language)


def _said(done: Done, language: str) -> DeviceChange:
    cause = translate(done.cause, language) % done.figures if done.cause else ""
    return DeviceChange(done.ok, done.problem, cause, translate(done.hint, language) if done.hint else "", done.token)
