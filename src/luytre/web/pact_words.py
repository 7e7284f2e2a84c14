"""Pacts in words, and what other pages ask of them."""

from __future__ import annotations


def signed_places(year: int) -> frozenset[str]:
    """Keys of the hamlets whose pact of a year is signed by both."""
    return frozenset()
