"""Rules for the tests, and hypothesis' way to any."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from luytre.civic.regulations.rules import (
    Actor,
    Approvals,
    Group,
    Heading,
    Hours,
    Kept,
    Purpose,
    Right,
    Rules,
    Way,
)

LINES = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp", "Zs"], exclude_characters="\ufffe\uffff"),
    min_size=1,
    max_size=30,
)
MAYBE = LINES | st.just("")
HOURS = (
    st.tuples(st.integers(0, 1439), st.integers(0, 1439)).filter(lambda pair: pair[0] != pair[1]).map(lambda pair: Hours(*pair))
)
PURPOSES = st.builds(
    Purpose,
    key=st.from_regex(r"[a-z][a-z0-9_]{0,9}", fullmatch=True),
    vi=LINES,
    en=LINES,
    ways=st.lists(st.sampled_from(Way), unique=True).map(tuple),
    reference=st.booleans(),
)
RIGHTS = st.lists(
    st.builds(Right, st.sampled_from(Actor), st.sampled_from(Way), st.lists(HOURS, max_size=3).map(tuple)),
    unique_by=lambda right: (right.role, right.way),
    max_size=12,
).map(tuple)
ACTORS = st.lists(st.sampled_from(Actor), unique=True).map(tuple)
LISTS = st.lists(LINES, max_size=4).map(tuple)
HEADINGS = st.builds(
    Heading,
    superior=MAYBE,
    issuer=MAYBE,
    sign=MAYBE,
    place=MAYBE,
    signer_title=MAYBE,
    signer=MAYBE,
    basis=LISTS,
    recipients=LISTS,
)
RULES = st.builds(
    Rules,
    purposes=st.lists(PURPOSES, max_size=4).map(tuple),
    rights=RIGHTS,
    kept=st.lists(st.integers(1, 9999), min_size=4, max_size=4).map(
        lambda days: tuple(Kept(group, number) for group, number in zip(Group, days, strict=True))
    ),
    export=st.builds(Approvals, st.integers(0, 9), ACTORS),
    sound=st.booleans(),
    masked_for=ACTORS,
    watermark=st.booleans(),
    prohibited=LISTS,
    notice=MAYBE,
    contact=MAYBE,
    review=st.none() | st.dates(date(2000, 1, 1), date(2100, 1, 1)),
    heading=HEADINGS,
)
