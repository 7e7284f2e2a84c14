"""What a token lets its bearer do. The recorder believes nothing else: no cookie, no address, no session.

Tokens are minted by the web (design/recorder-http.md); here they are only checked. Expiry is checked again while a stream
runs, so that a right that ends, ends within seconds also for those already watching.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jwt

from luytre.base.clock import TICKS_PER_S, Clock
from luytre.base.errors import NotAllowed
from luytre.base.i18n import N_

AUDIENCE, ISSUER = "luytre-recorder", "luytre-web"
MAX_LIFETIME_S = 300
EXPORT_LIFETIME_S = 3600
"""A clip is one request that may take long, and its body ends with its token; it names one camera and a span."""
SYSTEM, EVERYBODY = "system", "*"
CLOCKS_APART_S = 60
"""So far may the web's clock be ahead of ours: a token from further in the future would live longer than it says."""
LAST_S = 1 << 40
"""No time is later: what the index can hold, by far."""
_INCLUDES = {"live": ("live",), "history": ("history", "export"), "export": ("export",), "status": ("status", "manage")}


@dataclass(frozen=True, slots=True)
class Grant:
    """A checked token."""

    subject: str
    right: str
    cameras: frozenset[str]
    expires_s: float
    from_utc_90k: int | None
    to_utc_90k: int | None
    made_s: float = 0.0
    unmasked: frozenset[str] = frozenset()
    """Cameras (`*`: all of the token's) that its bearer is shown without their masks."""

    def sees_unmasked(self, camera: str) -> bool:
        """False where the token does not say so: who forgets the claim hides a home too many, not one too few."""
        return "*" in self.unmasked or camera in self.unmasked

    def covers_camera(self, camera: str) -> bool:
        return "*" in self.cameras or camera in self.cameras

    def has(self, right: str) -> bool:
        return self.right in _INCLUDES.get(right, (right,))

    def require(self, right: str, camera: str = "") -> None:
        """Raises NotAllowed (403) where the right or the camera is not in the token."""
        if not self.has(right) or (camera and not self.covers_camera(camera)):
            raise NotAllowed(N_("your access does not include this"), hint=N_("Ask the head of the commune police."))

    def require_span(self, from_utc_90k: int, to_utc_90k: int) -> None:
        """Raises NotAllowed where the span asked for reaches beyond the token's."""
        if self.from_utc_90k is None or self.to_utc_90k is None:
            raise NotAllowed(N_("your access does not include this"))
        if from_utc_90k < self.from_utc_90k or to_utc_90k > self.to_utc_90k:
            raise NotAllowed(N_("your access does not reach over this span of time"))


class InvalidToken(NotAllowed):
    """No token, or one that is not ours or no longer good (401)."""


class Gatekeeper:
    def __init__(self, key: str, clock: Clock) -> None:
        self._key, self._clock = key, clock
        self._not_before_s: Mapping[str, float] = {}

    def end_before(self, not_before_s: Mapping[str, float]) -> None:
        """By subject (`*`: all people): tokens made before that moment (UTC seconds) are worth nothing from now on."""
        self._not_before_s = not_before_s

    def is_ended(self, grant: Grant) -> bool:
        """That its right was ended while its token still lives. What the web asks for itself has nobody to end it."""
        if grant.subject == SYSTEM:
            return False
        return grant.made_s < max(self._not_before_s.get(subject, 0.0) for subject in (grant.subject, EVERYBODY))

    def holds(self, grant: Grant) -> bool:
        return grant.expires_s > self.now_s() and not self.is_ended(grant)

    def now_s(self) -> float:
        return self._clock.utc_90k() / TICKS_PER_S

    def check(self, token: str) -> Grant:
        """Raises InvalidToken."""
        options: Any = {"require": ["exp", "iat", "aud", "right"], "verify_exp": False, "verify_iat": False}
        try:
            claims = jwt.decode(token, self._key, algorithms=["HS256"], audience=AUDIENCE, issuer=ISSUER, options=options)
            grant = _grant(claims)
        except (jwt.InvalidTokenError, ValueError, TypeError, KeyError) as error:
            raise InvalidToken(N_("the access is missing or not valid"), hint=N_("Load the page again.")) from error
        made_s, now_s = grant.made_s, self.now_s()
        life_s = grant.expires_s - made_s
        too_long = grant.right != "metrics" and life_s > (EXPORT_LIFETIME_S if grant.right == "export" else MAX_LIFETIME_S)
        if not self.holds(grant) or made_s > now_s + CLOCKS_APART_S or too_long:
            raise InvalidToken(N_("the access has run out"), hint=N_("Load the page again."))
        return grant


def _seconds(value: object) -> float:
    """A time in a claim. JSON knows `NaN` and `Infinity` to Python, and a token with such an end would never end."""
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > LAST_S or math.isnan(value):
        raise ValueError("a time is a number of seconds")
    return float(value)


def _grant(claims: dict[str, Any]) -> Grant:
    span = [round(_seconds(claims[key]) * TICKS_PER_S) if key in claims else None for key in ("from", "to")]
    cameras, unmasked = _keys(claims, "cams"), _keys(claims, "unmasked")
    expires_s, made_s = _seconds(claims["exp"]), _seconds(claims["iat"])
    subject, right = str(claims.get("sub", "")), str(claims["right"])
    return Grant(subject, right, cameras, expires_s, span[0], span[1], made_s, unmasked)


def _keys(claims: dict[str, Any], name: str) -> frozenset[str]:
    cameras = claims.get(name, [])
    if not isinstance(cameras, list) or not all(isinstance(camera, str) for camera in cameras):
        raise ValueError(f"{name} is a list of keys")
    return frozenset(cameras)
