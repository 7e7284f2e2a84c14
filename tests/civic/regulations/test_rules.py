"""Rules as values: their text and back, what is refused and where, what no regulation gives, and what they answer."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luytre.base.errors import UsageError
from luytre.civic.regulations.bounds import MAY_BE_GIVEN, beyond
from luytre.civic.regulations.builtin import BUILT_IN
from luytre.civic.regulations.enforce import masked_for, may, purposes_for, retention_days
from luytre.civic.regulations.proposal import PROPOSAL
from luytre.civic.regulations.rules import Actor, Approvals, Group, Hours, Kept, Right, Rules, Way
from luytre.civic.regulations.text import digest, read, read_hours, write
from tests.civic.regulations.sets import HOURS, RULES

HERE = timezone(timedelta(hours=7))


@given(RULES)
def test_text_and_back(rules: Rules) -> None:
    text = write(rules)
    assert read(text) == rules
    assert write(read(text)) == text


@given(RULES, RULES)
def test_equal_rules_have_equal_digests_and_only_they(one: Rules, other: Rules) -> None:
    assert (digest(write(one)) == digest(write(other))) is (one == other)


@given(st.text() | st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists).map(json.dumps))
def test_what_is_no_text_of_rules_is_refused_in_words(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        read(text)
    assert caught.value.subject


def paths(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(found for name, one in inner for found in paths(one, (*path, name)))]


def changed(text: str, path: tuple[str | int, ...], value: Any) -> str:
    told = json.loads(text)
    place = told
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = value
    return json.dumps(told)


PATHS = [path for path in paths(json.loads(write(PROPOSAL))) if path]


@given(st.sampled_from(PATHS))
def test_a_wrong_value_is_refused_at_its_path(path: tuple[str | int, ...]) -> None:
    told = "".join(f"[{name}]" if isinstance(name, int) else f".{name}" for name in path).lstrip(".")
    with pytest.raises(UsageError) as caught:
        read(changed(write(PROPOSAL), path, 1.5))
    assert caught.value.subject == told


@pytest.mark.parametrize(
    ("path", "value", "subject"),
    [
        (("more",), 1, "more"),
        (("rights", 0, "until"), 1, "rights[0].until"),
        (("kept", "bridge"), 3, "kept.bridge"),
        (("format",), 2, "format"),
        (("format",), True, "format"),
        (("sound",), 1, "sound"),
        (("sound",), None, "sound"),
        (("rights", 0, "role"), "mayor", "rights[0].role"),
        (("rights", 0, "hours"), ["24:00-06:00"], "rights[0].hours[0]"),
        (("kept", "route"), True, "kept.route"),
        (("kept", "route"), -1, "kept.route"),
        (("review",), "31/12/2027", "review"),
        (("review",), "20271231", "review"),
        (("masked_for",), ["duty", "duty"], "masked_for"),
        (("purposes", 0, "key"), "Vụ việc", "purposes[0].key"),
        (("notice",), "a\x00b", "notice"),
        (("notice",), "a\uffff", "notice"),
        (("notice",), " a", "notice"),
        (("prohibited", 0), "two\nlines", "prohibited[0]"),
    ],
)
def test_what_is_not_known_is_refused(path: tuple[str | int, ...], value: Any, subject: str) -> None:
    with pytest.raises(UsageError) as caught:
        read(changed(write(PROPOSAL), path, value))
    assert caught.value.subject == subject


def test_nothing_is_on_by_a_line_that_was_forgotten() -> None:
    for name in ("sound", "watermark", "masked_for", "export"):
        told = json.loads(write(PROPOSAL))
        del told[name]
        with pytest.raises(UsageError) as caught:
            read(json.dumps(told))
        assert caught.value.subject == name


def test_a_name_that_stands_twice_and_a_right_given_twice_are_refused() -> None:
    with pytest.raises(UsageError):
        read(write(PROPOSAL)[:-1] + ',"sound":true}')
    with pytest.raises(UsageError) as caught:
        read(write(replace(PROPOSAL, rights=(Right(Actor.HEAD, Way.LIVE), Right(Actor.HEAD, Way.LIVE, (Hours(0, 5),))))))
    assert caught.value.subject == "rights"


@given(HOURS)
def test_hours_are_read_as_they_are_written(hours: Hours) -> None:
    assert read_hours(str(hours)) == hours


@given(HOURS, st.integers(0, 1439))
def test_a_span_and_its_opposite_share_the_day(hours: Hours, minute: int) -> None:
    assert hours.covers(minute) is not Hours(hours.end, hours.start).covers(minute)


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, 24, hour, minute, tzinfo=HERE)


def test_hours_go_over_midnight_and_are_those_of_the_commune() -> None:
    rules = replace(PROPOSAL, rights=(Right(Actor.SECURITY_TEAM, Way.LIVE, (Hours(18 * 60, 6 * 60),)),))
    moments = (at(17, 59), at(18), at(23, 59), at(0), at(5, 59), at(6))
    said = [may(rules, "security_team", "live", moment) for moment in moments]
    assert said == [False, True, True, True, True, False]
    assert may(rules, "security_team", "live", at(20).astimezone(UTC))
    assert not may(rules, "security_team", "history", at(20))
    assert not may(rules, "duty", "live", at(20))
    assert not may(rules, "mayor", "live", at(20))


@given(RULES, st.sampled_from(Actor), st.sampled_from(Way), st.integers(0, 23))
def test_no_rules_give_what_is_beyond_the_bounds(rules: Rules, role: Actor, way: Way, hour: int) -> None:
    everything = replace(rules, rights=(*rules.rights, *(Right(one, each) for one in Actor for each in Way)))
    if role not in MAY_BE_GIVEN[way]:
        assert not may(everything, role, way, at(hour))
        assert any(fault.field == f"{role}-{way}" for fault in beyond(everything))
    assert way is not Way.EXPORT or not may(everything, Actor.SECURITY_TEAM, way, at(hour))


def test_the_proposal_can_be_approved_as_it_is() -> None:
    assert beyond(PROPOSAL) == ()
    assert PROPOSAL.sound is False


@pytest.mark.parametrize(
    ("changes", "section", "field"),
    [
        ({"rights": (Right(Actor.SECURITY_TEAM, Way.EXPORT),)}, "rights", "security_team-export"),
        ({"rights": (Right(Actor.ADMINISTRATOR, Way.LIVE),)}, "rights", "administrator-live"),
        ({"purposes": ()}, "purposes", "purposes"),
        ({"purposes": PROPOSAL.purposes[:1] * 2}, "purposes", "purposes"),
        ({"kept": (Kept(Group.ROUTE, 4000), *PROPOSAL.kept[1:])}, "kept", "route"),
        ({"export": Approvals(3, (Actor.HEAD,))}, "export", "persons"),
        ({"export": Approvals(1, ())}, "export", "roles"),
        ({"export": Approvals(1, (Actor.HAMLET_HEAD,))}, "export", "roles"),
        ({"masked_for": (Actor.DUTY,)}, "privacy", "masked_for"),
        ({"masked_for": (Actor.HAMLET_HEAD, Actor.SECURITY_TEAM, Actor.OWNER)}, "privacy", "masked_for"),
        ({"prohibited": ()}, "conduct", "prohibited"),
        ({"notice": ""}, "notice", "notice"),
        ({"contact": ""}, "notice", "contact"),
        ({"review": None}, "paper", "review"),
    ],
)
def test_what_cannot_be_approved_is_named_at_its_field(changes: dict[str, Any], section: str, field: str) -> None:
    assert (section, field) in [(fault.section, fault.field) for fault in beyond(replace(PROPOSAL, **changes))]


def test_purposes_days_and_masks_are_asked_by_their_names() -> None:
    assert [purpose.key for purpose in purposes_for(PROPOSAL, "unmasked")] == ["incident", "crime"]
    assert purposes_for(PROPOSAL, "live") == ()
    assert [retention_days(PROPOSAL, group) for group in ("route", "residential", "other", "a new kind")] == [30, 15, 15, 15]
    assert [masked_for(PROPOSAL, role) for role in ("head", "duty", "owner", "nobody")] == [False, True, True, True]
    assert not masked_for(BUILT_IN, "duty")
