"""How often one address sends; the work that is asked for. No address stays."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luytre.civic.tips.effort import MOST_BITS, Efforts, NotDone, Task, bits_for, zero_bits
from luytre.civic.tips.pace import HOUR_S, Pace, network

KEY = b"k" * 32


class Now:
    def __init__(self) -> None:
        self.s = 1_800_000_000.0

    def __call__(self) -> float:
        return self.s


def solve(task: Task, bits: int | None = None) -> str:
    wanted = task.bits if bits is None else bits
    return next(str(number) for number in range(1 << 22) if zero_bits(task.text, str(number)) >= wanted)


def test_counts_are_by_address_and_end_with_the_hour() -> None:
    now = Now()
    pace = Pace(now)
    assert [pace.add("tip", "203.0.113.7") for _ in range(3)] == [0, 1, 2]
    assert pace.add("tip", "203.0.113.8") == 0
    assert pace.add("code", "203.0.113.7") == 0
    assert pace.so_far("tip", "203.0.113.7") == 3
    now.s += HOUR_S
    assert pace.so_far("tip", "203.0.113.7") == 0


def test_nothing_of_an_address_is_in_memory() -> None:
    pace = Pace(Now())
    pace.add("tip", "203.0.113.7")
    assert "203.0.113.7" not in repr(vars(pace))
    assert b"203.0.113.7" not in b"".join(pace._counts)


@pytest.mark.parametrize(
    ("one", "two", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True), ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:203.0.113.7", "203.0.113.7", True), ("203.0.113.7", "203.0.113.8", False),
        ("fe80::1%eth0", "fe80::2%eth1", True),
    ],
)  # fmt: skip
def test_what_counts_as_one_sender(one: str, two: str, same: bool) -> None:
    assert (network(one) == network(two)) is same


@given(st.text(max_size=200))
def test_any_text_counts_as_something(text: str) -> None:
    assert len(network(text)) <= 64


def test_work_grows_and_stays_bearable() -> None:
    asked = [bits_for(before) for before in range(40)]
    assert asked[:3] == [0, 0, 10]
    assert asked == sorted(asked)
    assert max(asked) == MOST_BITS


def test_work_done_is_taken_once() -> None:
    efforts = Efforts(KEY, Now())
    task = efforts.set(10)
    answer = solve(task)
    efforts.judge(task.text, answer, 10)
    with pytest.raises(NotDone):
        efforts.judge(task.text, answer, 10)


def test_a_sum_will_do_while_little_was_sent() -> None:
    efforts = Efforts(KEY, Now())
    task = efforts.set(12)
    efforts.judge(task.text, str(sum(task.sum)), 12)
    late = efforts.set(16)
    with pytest.raises(NotDone):
        efforts.judge(late.text, str(sum(late.sum)), 16)


def test_work_that_is_too_little_old_or_of_another_machine_is_none() -> None:
    now = Now()
    efforts = Efforts(KEY, now)
    easy = efforts.set(2)
    with pytest.raises(NotDone):
        efforts.judge(easy.text, solve(easy), 10)  # more is wanted by now
    foreign = Efforts(b"o" * 32, now).set(4)
    with pytest.raises(NotDone):
        efforts.judge(foreign.text, solve(foreign), 4)
    old = efforts.set(4)
    now.s += 3601
    with pytest.raises(NotDone):
        efforts.judge(old.text, solve(old), 4)


@settings(max_examples=200)
@given(st.text(max_size=220), st.text(max_size=50))
def test_any_text_for_work_is_refused(text: str, answer: str) -> None:
    with pytest.raises(NotDone):
        Efforts(KEY, Now()).judge(text, answer, 1)


@given(st.text(max_size=20))
def test_a_genuine_task_with_any_answer_raises_nothing_else(answer: str) -> None:
    efforts = Efforts(KEY, Now())
    task = efforts.set(30)
    with pytest.raises(NotDone):
        efforts.judge(task.text, answer, 30)
