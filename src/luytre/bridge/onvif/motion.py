"""Motion that a device tells of (PullPoint): which of its messages are such, and a bounded time of listening."""

from __future__ import annotations

import time
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from onveef import OnvifClient

LONGEST_S = 300.0
RENEW_S = 30.0
"""Of the minute that a subscription lives."""
PULL_S = 2
"""Below `asking.CALL_S`."""
QUICK_S, REST_S = 0.2, 0.5
PULL_ACTION = "http://www.onvif.org/ver10/events/wsdl/PullPointSubscription/PullMessagesRequest"
MOST_EVENTS = 200
_STATES = {"true": True, "1": True, "false": False, "0": False}
_ITEMS = ("IsMotion", "State", "Motion")


def motion_of(message: dict[str, Any]) -> bool | None:
    """Whether something moves, by one notification; None where it is about something else."""
    topic, data = message.get("topic"), message.get("data")
    if not isinstance(topic, str) or "motion" not in topic.lower() or not isinstance(data, dict):
        return None
    told = next((data[item] for item in _ITEMS if item in data), None)
    return _STATES.get(told.strip().lower()) if isinstance(told, str) else None


def listen(device: OnvifClient, for_s: float) -> tuple[tuple[datetime, bool], ...]:
    """What came within `for_s` seconds, each with our own clock's UTC. Errors: those of onveef."""
    from onveef.exceptions import OnvifError

    limit = time.monotonic() + min(for_s, LONGEST_S)
    found: list[tuple[datetime, bool]] = []
    place = str(device.events_create_pull_point(termination_time="PT60S").get("subscription_url") or "")
    if not place:
        return ()
    renewed = time.monotonic()
    try:
        while len(found) < MOST_EVENTS and (left_s := limit - time.monotonic()) > 0:
            began = time.monotonic()
            if began - renewed >= RENEW_S:
                if not _renew(device, place):
                    break
                renewed = began
            states = [motion_of(message) for message in _pull(device, place, max(1, min(PULL_S, round(left_s))))]
            at = datetime.now(UTC)
            found += [(at, state) for state in states if state is not None]
            if not states and time.monotonic() - began < QUICK_S:
                time.sleep(min(REST_S, left_s))  # one that answers at once with nothing is not asked without a rest
    finally:
        with suppress(OnvifError):  # it ends by itself within a minute
            device.events_unsubscribe(subscription_url=place)
    return tuple(found[:MOST_EVENTS])


def _renew(device: OnvifClient, place: str) -> bool:
    """False for a device that knows no longer time: what was heard counts, and whoever listens on begins anew."""
    from onveef.exceptions import OnvifFaultError, OnvifOperationNotSupportedError

    try:
        device.events_renew(subscription_url=place, termination_time="PT60S")
    except (OnvifFaultError, OnvifOperationNotSupportedError):
        return False
    return True


def _pull(device: OnvifClient, place: str, wait_s: int) -> list[dict[str, Any]]:
    """As `events_pull_messages` of onveef 0.6, which httpx 0.28 refuses for the way it asks for a longer time: ours is shorter
    than a call may take."""
    from onveef import envelopes, parsers

    xml = device._post_subscription(
        subscription_url=place, operation="PullMessages", wsa_action=PULL_ACTION,
        body=envelopes.events_pull_messages(timeout=f"PT{wait_s}S", message_limit=20),
    )  # fmt: skip
    told = parsers.parse_pull_messages(xml).get("messages")
    return told[:MOST_EVENTS] if isinstance(told, list) else []
