"""Tokens between the planes: JWT (RFC 7519), HS256 with the node key, claims as design/recorder-http.md has them."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypeAlias

import jwt

from luytre.base.errors import NotAllowed
from luytre.base.i18n import N_

Right: TypeAlias = Literal["live", "history", "export", "status", "manage", "metrics"]
LIFETIME_S = 300
METRICS_LIFETIME_S = 365 * 86_400
EXPORT_LIFETIME_S = 3600
"""A clip's body ends with its token, and a large one takes its time on a slow line."""
_LONGEST_S = {"metrics": METRICS_LIFETIME_S, "export": EXPORT_LIFETIME_S}
WEB, RECORDER = "luytre-web", "luytre-recorder"
ALL_CAMERAS = ("*",)


@dataclass(frozen=True, slots=True)
class TokenMint:
    """Makes tokens for the recorder. `now_s` is the wall clock in UTC seconds."""

    key: str
    now_s: Callable[[], float] = time.time

    def mint(
        self,
        right: Right,
        *,
        subject: str = "system",
        cameras: Sequence[str] = ALL_CAMERAS,
        start: datetime | None = None,
        end: datetime | None = None,
        lifetime_s: int = LIFETIME_S,
        unmasked: Sequence[str] = (),
    ) -> str:
        """A signed token. `history` and `export` need `start` and `end`. `unmasked`: which of `cameras` are shown without
        their masks. Errors: ValueError for a call that is wrong."""
        if lifetime_s > _LONGEST_S.get(right, LIFETIME_S):
            raise ValueError(f"a token for {right} may not live {lifetime_s} s")
        made = self.now_s()
        now = int(made)
        claims: dict[str, Any] = {
            "iss": WEB,
            "aud": RECORDER,
            "sub": subject,
            "iat": round(made, 3),  # a right that ends in this second ends what was made before it
            "exp": now + lifetime_s,
            "jti": secrets.token_urlsafe(12),
            "right": right,
            "cams": list(cameras),
        }
        if right in ("history", "export"):
            if start is None or end is None or end <= start:
                raise ValueError("a token to look back needs a span")
            claims |= {"from": start.timestamp(), "to": end.timestamp()}
        if unmasked:
            claims["unmasked"] = list(ALL_CAMERAS if set(unmasked) >= set(cameras) else unmasked)
        return jwt.encode(claims, self.key, algorithm="HS256")


def check_recorder_token(token: str, key: str) -> None:
    """That the recorder asks, with the right to the camera list. Errors: NotAllowed."""
    try:
        claims = jwt.decode(token, key, algorithms=["HS256"], audience=WEB, options={"require": ["exp", "iat", "aud"]})
    except jwt.InvalidTokenError as error:
        raise NotAllowed(N_("the token is missing, expired or not ours"), operation=N_("reading the camera list")) from error
    if claims.get("right") != "manage":
        raise NotAllowed(N_("the token does not carry this right"), operation=N_("reading the camera list"))
