"""An acceptance is what its steps say: passed once, nothing missing, taken again counts, old when the eye is another."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from luytre.civic.acceptance.acceptances import (
    NEEDED,
    Anew,
    Standing,
    State,
    Taken,
    accept,
    accept_as_found,
    acceptance_of,
    acceptances_of,
    accepted_eyes,
    begin,
    hung_of,
    leave,
    stands,
    take,
)  # fmt: skip
from luytre.civic.acceptance.facts import DeviceFacts, Facts, HungFacts
from luytre.civic.acceptance.models import AcceptanceStep, Finding, StepCode
from luytre.civic.chain.proof import prove
from luytre.civic.registry.eyes import draft_of, remove_eye, save_eye
from luytre.civic.registry.models import Eye
from tests.civic.acceptance.cast import HERE, NOW, eye, head, passed

pytestmark = pytest.mark.django_db
GOOD = {code: Taken(code, Finding.GOOD, Facts()) for code in NEEDED}


def standing(of: Eye) -> Standing:
    return stands(of, acceptances_of([of.key]).get(of.key, ())).standing


def test_step_by_step_until_nothing_is_missing_and_then_no_more() -> None:
    by, it = head(), eye()
    assert standing(it) is Standing.NEVER
    found = begin(by, it, NOW)
    assert begin(by, it, NOW).key == found.key, "one is under way already"
    assert standing(it) is Standing.OPEN
    with pytest.raises(ValidationError):
        accept(by, found.key, it, hung_of(it), NOW)
    for code in NEEDED:
        take(by, found.key, it, GOOD[code], NOW)
    accept(by, found.key, it, hung_of(it), NOW)
    assert standing(it) is Standing.ACCEPTED
    assert accepted_eyes() == {it.key}
    with pytest.raises(ValidationError):
        take(by, found.key, it, GOOD[StepCode.SIGN], NOW)
    with pytest.raises(ValidationError):
        accept(by, found.key, it, hung_of(it), NOW)


def test_bad_is_missing_lacking_is_a_remark_and_the_last_word_counts() -> None:
    by, it = head(), eye()
    key = begin(by, it, NOW).key
    for code in NEEDED:
        take(by, key, it, GOOD[code], NOW)
    take(by, key, it, Taken(StepCode.WALK, Finding.BAD, Facts(), "  chỉ thấy\n bóng người "), NOW)
    found = acceptance_of(key)
    assert found is not None
    assert found.missing == (StepCode.WALK,)
    assert found.last(StepCode.WALK).note == "chỉ thấy bóng người"  # type: ignore[union-attr]
    with pytest.raises(ValidationError):
        accept(by, key, it, hung_of(it), NOW)
    take(by, key, it, Taken(StepCode.WALK, Finding.LACKING, Facts(), "chờ thay ống kính"), NOW)
    found = acceptance_of(key)
    assert found is not None
    assert found.missing == ()
    assert [step.note for step in found.remarks] == ["chờ thay ống kính"]
    accept(by, key, it, hung_of(it), NOW)


@pytest.mark.parametrize("finding", [Finding.BAD, Finding.LACKING])
def test_what_is_not_good_has_a_reason(finding: Finding) -> None:
    by, it = head(), eye()
    key = begin(by, it, NOW).key
    with pytest.raises(ValidationError) as told:
        take(by, key, it, Taken(StepCode.SIGN, finding, Facts(), " \n"), NOW)
    assert "note" in told.value.message_dict


def test_broken_off_leaves_the_eye_as_it_was() -> None:
    by, it = head(), eye()
    first = passed(by, it)
    second = begin(by, it, NOW + timedelta(days=400))
    assert standing(it) is Standing.ACCEPTED
    leave(by, second.key, it, "mưa to", NOW + timedelta(days=400))
    found = stands(it, acceptances_of([it.key])[it.key])
    assert (found.standing, found.open) == (Standing.ACCEPTED, None)
    assert found.passed is not None
    assert found.passed.key == first
    assert acceptance_of(second.key).state is State.LEFT  # type: ignore[union-attr]


def change(it: Eye, **fields: Any) -> Eye:
    return save_eye(None, replace(draft_of(it), **fields), NOW, it)


def test_an_eye_that_moved_a_little_is_the_same_and_one_that_moved_far_is_not() -> None:
    by, it = head(), eye()
    passed(by, it)
    it = change(it, position=(HERE[0] + Decimal("0.00003"), HERE[1]), bearing_deg=100.0)
    assert standing(it) is Standing.ACCEPTED
    it = change(it, position=(HERE[0] + Decimal("0.0001"), HERE[1]), bearing_deg=120.0)
    found = stands(it, acceptances_of([it.key])[it.key])
    assert found.standing is Standing.ANEW
    assert found.anew == (Anew.MOVED, Anew.TURNED)
    assert accepted_eyes() == frozenset()
    passed(by, it, NOW + timedelta(days=1))
    assert standing(it) is Standing.ACCEPTED


def test_a_device_replaced_by_another_model_is_accepted_anew() -> None:
    by, it = head(), eye()
    key = begin(by, it, NOW).key
    for code in NEEDED:
        take(by, key, it, GOOD[code], NOW)
    take(by, key, it, Taken(StepCode.DEVICE, Finding.GOOD, DeviceFacts(asked=True, model="DS-2CD")), NOW)
    accept(by, key, it, hung_of(it), NOW)
    assert standing(it) is Standing.ACCEPTED
    it = change(it, model="IPC-B120")
    assert stands(it, acceptances_of([it.key])[it.key]).anew == (Anew.MODEL,)


def test_north_is_no_turn() -> None:
    by, it = head(), change(eye(), bearing_deg=355.0)
    passed(by, it)
    assert standing(change(it, bearing_deg=5.0)) is Standing.ACCEPTED


def test_those_that_hung_before_are_accepted_as_found_once() -> None:
    by, one, two = head(), eye(), eye("Ngã ba")
    passed(by, one)
    hung = {each: hung_of(each) for each in (one, two)}
    with pytest.raises(ValidationError):
        accept_as_found(by, hung, " ", NOW)
    assert accept_as_found(by, hung, "Đã hoạt động từ 2024, đã xem hình", NOW) == 1
    assert accept_as_found(by, hung, "lần nữa", NOW) == 0
    assert accepted_eyes() == {one.key, two.key}
    found = acceptances_of([two.key])[two.key][0]
    assert {step.note for step in found.remarks} == {"Đã hoạt động từ 2024, đã xem hình"}


def test_a_removed_eye_is_not_accepted() -> None:
    by, it = head(), eye()
    passed(by, it)
    remove_eye(None, it, NOW)
    it.refresh_from_db()
    assert accepted_eyes() == frozenset()
    with pytest.raises(ValidationError):
        begin(by, it, NOW)


def test_it_ends_once_whatever_anybody_writes_and_no_name_of_an_owner_is_in_it() -> None:
    by, it = head(), eye()
    key = passed(by, it)
    with pytest.raises(IntegrityError), transaction.atomic():
        AcceptanceStep(at=NOW, by=by, acceptance=key, eye=it.key, code=StepCode.LEFT).save()
    assert not [row for row in AcceptanceStep.objects.values_list("note", "facts") if "Tư" in str(row) or "0912" in str(row)]


def test_the_log_is_whole(tmp_path) -> None:  # type: ignore[no-untyped-def]
    by, it = head(), eye()
    passed(by, it)
    assert prove(tmp_path).faults == ()
    assert AcceptanceStep.objects.count() == len(NEEDED) + 2


def test_keys_that_are_none() -> None:
    assert acceptance_of("x' OR 1=1") is None
    assert acceptance_of("\0") is None
    assert acceptance_of("khongco") is None


def test_facts_that_are_not_known_stand_as_not_known() -> None:
    by, it = head(), change(eye(), bearing_deg=None, tilt_deg=None)
    key = passed(by, it)
    found = acceptance_of(key)
    assert found is not None
    assert found.end is not None
    assert HungFacts.read(found.end.facts).bearing_deg is None
    assert standing(change(it, bearing_deg=10.0)) is Standing.ACCEPTED
