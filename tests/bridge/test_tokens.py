"""Tokens: the claims of design/recorder-http.md, and calls that are refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest

from luytre.base.errors import NotAllowed
from luytre.bridge.tokens import METRICS_LIFETIME_S, TokenMint, check_recorder_token

KEY = "c" * 64
NO_TIME: Any = {"verify_exp": False, "verify_iat": False}
NOW_S = 4_000_000_000
START = datetime(2026, 11, 24, 7, 5, 0, 40_000, tzinfo=UTC)
MINT = TokenMint(KEY, lambda: NOW_S + 0.9)


def read(token: str) -> dict[str, Any]:
    found: dict[str, Any] = jwt.decode(token, KEY, algorithms=["HS256"], audience="luytre-recorder", options=NO_TIME)
    return found


def test_the_claims() -> None:
    found = read(MINT.mint("history", subject="7", cameras=["a", "b"], start=START, end=START + timedelta(hours=1)))
    assert {name: value for name, value in found.items() if name != "jti"} == {
        "iss": "luytre-web", "aud": "luytre-recorder", "sub": "7", "iat": NOW_S + 0.9, "exp": NOW_S + 300, "right": "history",
        "cams": ["a", "b"], "from": START.timestamp(), "to": START.timestamp() + 3600,
    }  # fmt: skip


def test_the_system_asks_for_all_cameras_and_no_two_tokens_are_one() -> None:
    first, second = read(MINT.mint("status")), read(MINT.mint("status"))
    assert (first["sub"], first["cams"]) == ("system", ["*"])
    assert first["jti"] != second["jti"]


def test_only_a_scraper_may_keep_a_token_for_long() -> None:
    assert read(MINT.mint("metrics", lifetime_s=METRICS_LIFETIME_S))["exp"] == NOW_S + METRICS_LIFETIME_S
    with pytest.raises(ValueError, match="may not live"):
        MINT.mint("live", lifetime_s=301)
    with pytest.raises(ValueError, match="may not live"):
        MINT.mint("metrics", lifetime_s=METRICS_LIFETIME_S + 1)


@pytest.mark.parametrize("right", ["history", "export"])
def test_looking_back_needs_a_span(right: Any) -> None:
    for span in ({}, {"start": START}, {"start": START, "end": START}, {"start": START, "end": START - timedelta(seconds=1)}):
        with pytest.raises(ValueError, match="span"):
            MINT.mint(right, **span)


def test_a_token_for_the_recorder_is_none_for_the_web() -> None:
    with pytest.raises(NotAllowed):
        check_recorder_token(MINT.mint("manage"), KEY)
