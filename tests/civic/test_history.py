"""The register's history: what changed from what to what, private fields named only, all in one chain."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luytre.civic.access.models import Role
from luytre.civic.chain.models import append_all
from luytre.civic.chain.proof import prove
from luytre.civic.registry.history import Changed, Entry, changes_of, record, record_all, steps_of
from luytre.civic.registry.register import RegisterCode, RegisterStep, Thing
from tests.web.cast import person

AT = datetime(2026, 11, 24, 7, 5, tzinfo=UTC)


@pytest.mark.django_db
def test_a_change_says_which_fields_from_what_to_what() -> None:
    by = person(Role.HEAD)
    before, after = {"name": "Cổng", "bearing_deg": 90.0, "note": ""}, {"name": "Cổng", "bearing_deg": 120.0, "note": None}
    step = record(by, AT, Thing.EYE, "k1", "Cổng", RegisterCode.CHANGED, before, after)
    assert step is not None
    assert changes_of(step) == (Changed("bearing_deg", 90.0, 120.0),)
    assert [(one.by, one.at, one.code) for one in steps_of(Thing.EYE, "k1")] == [(by, AT, "changed")]


@pytest.mark.django_db
def test_no_value_of_a_private_field_is_kept() -> None:
    before, after = {"owner_phone": "0912 345 678"}, {"owner_phone": "0987 654 321"}
    step = record(None, AT, Thing.EYE, "k1", "Cổng", RegisterCode.CHANGED, before, after, frozenset({"owner_phone"}))
    assert step is not None
    assert "09" not in step.changes
    assert changes_of(step) == (Changed("owner_phone", private=True),)


@pytest.mark.django_db
def test_what_changes_nothing_writes_nothing_but_a_removal_always_does() -> None:
    assert record(None, AT, Thing.PLACE, "k", "Chợ", RegisterCode.CHANGED, {"a": 1}, {"a": 1}) is None
    assert record(None, AT, Thing.PLACE, "k", "Chợ", RegisterCode.REMOVED) is not None
    assert RegisterStep.objects.count() == 1


@pytest.mark.django_db
def test_many_steps_are_one_chain_with_those_before_and_after() -> None:
    record(None, AT, Thing.PLACE, "k", "Chợ", RegisterCode.ADDED, {}, {"a": 1})
    many = [Entry(Thing.OBSTACLE, f"o{n}", "", RegisterCode.ADDED, {}, {"height_m": n}) for n in range(250)]
    assert [step.seq for step in record_all(None, AT, many)] == list(range(2, 252))
    record(None, AT, Thing.PLACE, "k", "Chợ", RegisterCode.CHANGED, {"a": 1}, {"a": 2})
    table = next(one for one in prove().tables if one.table == "registry_registerstep")
    assert (table.faults, table.rows) == ((), 252)


@pytest.mark.django_db
def test_rows_of_two_tables_are_not_one_chain() -> None:
    from luytre.civic.access.models import Look

    with pytest.raises(TypeError):
        append_all([RegisterStep(at=AT, thing="eye", key="k", name="", code="added"), Look()])
    append_all([])


PLAIN = st.none() | st.text(max_size=20) | st.integers(-1000, 1000) | st.booleans() | st.floats(-1e6, 1e6)
FIELDS = st.dictionaries(st.sampled_from("abcdef"), PLAIN)


@given(FIELDS, FIELDS, st.frozensets(st.sampled_from("abcdef")))
def test_a_step_read_again_is_what_was_written(
    before: dict[str, object], after: dict[str, object], private: frozenset[str]
) -> None:
    import json

    from luytre.civic.registry import history

    entry = Entry("eye", "k", "n", "changed", before, after, private)  # type: ignore[arg-type]
    step = RegisterStep(changes=json.dumps(history._differing(entry)))
    for one in changes_of(step):
        assert one.private == (one.field in private)
        if not one.private:
            assert (one.before, one.after) == (before.get(one.field), after.get(one.field))
            assert one.before != one.after
