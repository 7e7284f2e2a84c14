"""What hangs on what: saved, changed, removed with its history; circles refused; everything below is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from luytre.civic.registry.eyes import Stale
from luytre.civic.registry.history import changes_of, steps_of
from luytre.civic.registry.models import Feed, Firm, RegisterStep
from luytre.civic.registry.register import Thing
from luytre.civic.registry.wiring import (
    FeedDraft,
    FirmDraft,
    chain_up,
    feed_draft,
    hanging,
    remove_feed,
    remove_firm,
    save_feed,
    save_firm,
    spread,
)
from tests.web.cast import camera

NOW = datetime(2026, 11, 24, 7, 5, tzinfo=UTC)


def wrong(error: pytest.ExceptionInfo[ValidationError]) -> set[str]:
    return set(error.value.message_dict)


@pytest.mark.django_db
def test_a_line_carries_what_its_switches_carry_until_one_is_removed() -> None:
    one, two = camera("Cổng 1"), camera("Cổng 2")
    firm = save_firm(None, FirmDraft(" VNPT  xã ", "0912 345 678"), NOW)
    line = save_feed(None, FeedDraft("line", "Trục chính", "Thôn Đông", firm=firm.key), NOW)
    switch = save_feed(None, FeedDraft("switch", "Tủ 1", parent=line.key, cameras=frozenset({one.key, two.key})), NOW)
    assert hanging() == {line.key: {one.key, two.key}, switch.key: {one.key, two.key}}
    save_feed(None, replace(feed_draft(switch), cameras=frozenset({one.key})), NOW, switch, switch.revision)
    (changed, added) = steps_of(Thing.FEED, switch.key)
    assert [one_change.field for one_change in changes_of(changed)] == ["cameras"]
    assert added.name == "Tủ 1"
    with pytest.raises(Stale):
        save_feed(None, feed_draft(switch), NOW, switch, switch.revision - 1)
    remove_feed(None, Feed.objects.get(pk=line.pk), NOW)
    assert hanging() == {switch.key: {one.key}}
    assert Feed.objects.get(pk=switch.pk).parent is None
    remove_firm(None, firm, NOW)
    assert (Firm.objects.get().archived, Feed.objects.filter(firm=firm).exists()) == (True, False)
    assert "0912" not in "".join(RegisterStep.objects.values_list("changes", flat=True))


@pytest.mark.django_db
def test_what_is_refused() -> None:
    top = save_feed(None, FeedDraft("line", "A"), NOW)
    below = save_feed(None, FeedDraft("switch", "B", parent=top.key), NOW)
    with pytest.raises(ValidationError) as circle:
        save_feed(None, replace(feed_draft(top), parent=below.key), NOW, top)
    assert wrong(circle) == {"parent"}
    with pytest.raises(ValidationError) as all_wrong:
        save_feed(None, FeedDraft("moon", "", "Không có", "x", "y", "n" * 401, frozenset({"z"})), NOW)
    assert wrong(all_wrong) == {"kind", "name", "hamlet", "parent", "firm", "note", "cameras"}
    with pytest.raises(ValidationError) as twice:
        save_feed(None, FeedDraft("line", "a"), NOW)
    assert wrong(twice) == {"name"}
    with pytest.raises(ValidationError) as firm:
        save_firm(None, FirmDraft("", "gọi anh Ba"), NOW)
    assert wrong(firm) == {"name", "phone"}
    assert save_feed(None, feed_draft(below), NOW, below).revision == 1


@given(st.dictionaries(st.sampled_from("abcdef"), st.none() | st.sampled_from("abcdef"), max_size=6))
def test_whatever_hangs_on_whatever_each_chain_ends(parents: dict[str, str | None]) -> None:
    own = {feed: {feed.upper()} for feed in parents}
    found = spread(parents, own)
    for feed, cameras in found.items():
        below = {other for other in parents if feed in chain_up(other, parents)}
        assert cameras == {other.upper() for other in below}
