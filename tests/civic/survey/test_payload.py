"""What a telephone sends: any bytes are an entry, a fault or words at a field; never another error."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from luytre.civic.registry.refusals import said
from luytre.civic.survey.payload import FIELDS, MOST_PHOTOS, EntryDraft, PayloadFault, read_entry
from tests.civic.survey.cast import HERE, body, sent

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inside: st.lists(inside, max_size=4) | st.dictionaries(st.text(), inside, max_size=4),
    max_leaves=12,
)
PARTS = ("id", "kind", "made", "campaign", "hamlet", "place", "target", "base", "fields", "before", "photos")


def outcome(content: bytes) -> EntryDraft | None:
    try:
        return read_entry(content)
    except (PayloadFault, ValidationError):
        return None


@given(st.binary(max_size=200) | JSON.map(lambda value: json.dumps(value).encode()))
def test_any_bytes_are_an_entry_or_a_fault(content: bytes) -> None:
    assert outcome(content) is None  # none of them has everything that an entry needs


@given(st.sampled_from(PARTS), JSON, st.sampled_from(sorted(FIELDS)))
def test_one_part_of_an_entry_may_be_anything(part: str, value: Any, kind: str) -> None:
    found = outcome(json.dumps(sent(kind) | {part: value}).encode())
    assert found is None or found.kind in FIELDS


@given(st.sampled_from(sorted(FIELDS)), st.data(), st.none() | st.integers() | st.floats() | st.text())
def test_a_field_may_hold_anything(kind: str, data: st.DataObject, value: Any) -> None:
    field = data.draw(st.sampled_from(sorted(FIELDS[kind])))
    content = sent(kind)
    content["fields"] = content["fields"] | {field: value}
    found = outcome(json.dumps(content).encode())
    if found is not None:
        assert all(not isinstance(one, str) or (one.isprintable() or "\n" not in one) for one in found.fields.values())
        json.dumps(dict(found.fields)).encode()  # goes into the database as it is


@given(st.integers(0, 359), st.floats(0, 100), st.integers(0, 3650), st.sampled_from([1, 2, 3]))
def test_figures_come_out_as_they_were_sent(bearing: int, height: float, days: int, urgency: int) -> None:
    fields = {
        "name": "A",
        "position": HERE,
        "bearing_deg": bearing,
        "height_m": f"{height:.2f}".replace(".", ","),
        "days_kept": str(days),
    }
    found = read_entry(body(sent(fields=fields)))
    assert (found.fields["bearing_deg"], found.fields["days_kept"]) == (bearing, days)
    assert found.fields["height_m"] == pytest.approx(height, abs=0.006)
    assert read_entry(body(sent("need") | {"fields": sent("need")["fields"] | {"urgency": urgency}})).fields["urgency"] == urgency


def test_what_was_typed_wrong_is_told_at_its_field() -> None:
    fields = {"name": "", "position": "21 north", "bearing_deg": "400", "days_kept": "3,5", "tier": "everything"}
    with pytest.raises(ValidationError) as caught:
        read_entry(body(sent(fields=fields)))
    told = said(caught.value, "vi")
    assert set(told) == {"name", "position", "bearing_deg", "days_kept", "tier"}
    assert told["bearing_deg"].startswith("Hướng nằm trong khoảng 0 đến 359 độ")


def test_only_what_changed_is_asked_for_when_something_is_there_already() -> None:
    found = read_entry(body(sent(target="k3abc", base=2, fields={"condition": "dead"}, before={"condition": "works"})))
    assert (found.fields, found.before, found.is_new) == ({"condition": "dead"}, {"condition": "works"}, False)


@pytest.mark.parametrize(
    "wrong",
    [
        {"target": "k3abc"}, {"base": 1}, {"kind": "video"}, {"fields": {"archived": True}}, {"fields": {"state": "met"}},
        {"photos": [{"sha256": "x", "kind": "view"}]}, {"photos": [{"sha256": "0" * 64, "kind": "face"}]},
        {"photos": [{"sha256": f"{number:064x}", "kind": "view"} for number in range(MOST_PHOTOS + 1)]},
        {"made": 1e300}, {"made": True}, {"id": "1"},
    ],
)  # fmt: skip
def test_what_no_form_sends_is_a_fault(wrong: dict[str, Any]) -> None:
    with pytest.raises(PayloadFault):
        read_entry(body(sent() | wrong))
