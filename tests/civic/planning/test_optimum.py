"""The optimum is the optimum: held against counting out, against an independent model on another solver, and against greedy."""

import math
import warnings
from dataclasses import replace

import numpy as np
import pulp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luytre.civic.planning.greedy import greedy, order_by_gain
from luytre.civic.planning.infeasible import why_not
from luytre.civic.planning.model import Model, Solved, SolverFailed
from luytre.civic.planning.optimum import optimum
from luytre.civic.planning.problem import (
    Answer,
    Demand,
    Limits,
    Option,
    Present,
    Problem,
    Site,
    broken_limits,
    cost_vnd,
    covered_weight,
)
from luytre.civic.planning.wishes import Wish
from tests.civic.planning.problems import SMALL, counted_out, random_problem


def sees(*numbers: int) -> np.ndarray:
    return np.array(numbers, dtype=np.int64)


@settings(max_examples=150)
@given(SMALL)
def test_no_choice_covers_more(problem: Problem) -> None:
    best, answer = counted_out(problem), optimum(problem)
    if best is None:
        assert answer is None
        assert why_not(problem)
        return
    assert answer is not None
    assert not broken_limits(problem, answer.chosen)
    assert answer.covered_weight == covered_weight(problem, answer.chosen)
    assert answer.covered_weight == pytest.approx(best)
    assert answer.bound == pytest.approx(best)
    assert answer.gap == 0
    assert answer.greedy_weight is None or answer.greedy_weight <= answer.covered_weight


def by_cbc(problem: Problem) -> float:
    """The same question as a model of its own kind (uncovered weight, one column a demand) on another solver (CBC)."""
    model = pulp.LpProblem("uncovered", pulp.LpMinimize)
    take = [model.add_variable(f"x{number}", cat="Binary") for number in range(len(problem.options))]
    missed = [model.add_variable(f"u{number}", cat="Binary") for number in range(len(problem.demands))]
    model += pulp.lpSum(demand.weight * missed[number] for number, demand in enumerate(problem.demands))
    for number, demand in enumerate(problem.demands):
        already = sum(number in eye.sees for eye in problem.present)
        seers = [take[one] for one, option in enumerate(problem.options) if number in option.sees]
        model += pulp.lpSum(seers) + already + demand.needed * missed[number] >= demand.needed
        if demand.required:
            model += missed[number] == 0
    for number, site in enumerate(problem.sites):
        model += pulp.lpSum(take[one] for one, option in enumerate(problem.options) if option.site == number) <= site.most_eyes
    model += pulp.lpSum(take) <= problem.limits.eyes
    cost = pulp.lpSum(take[one] * problem.sites[option.site].cost_vnd for one, option in enumerate(problem.options))
    if problem.limits.budget_vnd is not None:
        model += cost <= problem.limits.budget_vnd
    with warnings.catch_warnings(
        action="ignore", category=DeprecationWarning
    ):  # the CBC that PuLP brings; the other one has 600 MB
        solver = pulp.PULP_CBC_CMD(msg=False, gapRel=0, gapAbs=0)
    model.solve(solver)
    assert pulp.LpStatus[model.status] == "Optimal"
    return sum(demand.weight for demand in problem.demands) - pulp.value(model.objective)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("budget", [None, 30_000_000])
def test_another_model_on_another_solver_finds_the_same(seed: int, budget: int | None) -> None:
    problem = random_problem(seed, 40, 4, 120, Limits(8, budget))
    sites = [Site(site.key, (number % 7 + 1) * 1_000_000) for number, site in enumerate(problem.sites)]
    demands = [Demand(one.key, one.weight, 1 + (number % 9 == 0)) for number, one in enumerate(problem.demands)]
    problem = Problem(demands, sites, problem.options, [Present("p", sees(0, 9, 18))], problem.limits)
    answer = optimum(problem)
    assert answer is not None
    assert answer.covered_weight == pytest.approx(by_cbc(problem))
    assert answer.gap == 0


def test_greedy_is_beaten_where_it_can_be() -> None:
    """The example of the textbooks: the widest eye first leaves two halves that no second eye joins."""
    options = [Option(0, 0, sees(0, 1, 2, 3)), Option(1, 0, sees(0, 1, 4)), Option(2, 0, sees(2, 3, 5))]
    problem = Problem([Demand(str(n), 1) for n in range(6)], [Site(str(n)) for n in range(3)], options, (), Limits(2))
    assert covered_weight(problem, greedy(problem) or ()) == 5
    answer = optimum(problem)
    assert answer is not None
    assert (answer.covered_weight, answer.greedy_weight, answer.chosen) == (6, 5, (1, 2))


def test_when_the_time_runs_out_the_bound_is_told() -> None:
    problem = random_problem(5, 150, 4, 900, Limits(12))
    answer = optimum(problem, seconds=0.0001)
    assert answer is not None
    assert answer.covered_weight >= (answer.greedy_weight or 0)
    assert answer.bound >= answer.covered_weight
    assert answer.bound <= problem.weights.sum()
    assert answer.status == "time_limit" or answer.gap == 0


def test_the_gap() -> None:
    assert Answer((), 10, 11, None, "time_limit", 1).gap == pytest.approx(0.1)
    assert Answer((), 0, 11, None, "time_limit", 1).gap == math.inf
    assert Answer((), 0, 0, None, "optimal", 1).gap == 0


def test_nothing_to_choose_is_a_plan_too() -> None:
    answer = optimum(Problem([Demand("a", 3)], [], [], [Present("p", sees(0))], Limits(4)))
    assert answer is not None
    assert (answer.covered_weight, answer.bound, answer.chosen) == (3, 3, ())
    assert optimum(Problem([], [], [], (), Limits(0))) is not None


@pytest.mark.parametrize(
    ("demands", "sites", "limits", "told"),
    [
        ([Demand("gate", 1, required=True, needed=3)], [Site("a"), Site("b")], Limits(5), (Wish.UNSEEN, "gate", 3, 2)),
        ([Demand("gate", 1, required=True)], [Site("a"), Site("b")], Limits(0), (Wish.REQUIRED, "gate", 1, 0)),
        ([Demand("gate", 1)], [Site("a", 5_000_000, pinned=True), Site("b")], Limits(3, 1_000_000), (Wish.PINNED, "a", 1, 0)),
        ([Demand("gate", 1)], [Site("a", hamlet="H"), Site("b")], Limits(3, None, {"H": 2}), (Wish.HAMLET, "H", 2, 1)),
        ([Demand("gate", 1)], [Site("a"), Site("b")], Limits(3, None, {"nobody": 1}), (Wish.HAMLET, "nobody", 1, 0)),
    ],
)
def test_what_makes_a_plan_impossible_is_named(
    demands: list[Demand], sites: list[Site], limits: Limits, told: tuple[Wish, str, int, int]
) -> None:
    problem = Problem(demands, sites, [Option(0, 0, sees(0)), Option(1, 0, sees(0))], (), limits)
    assert optimum(problem) is None
    assert [(one.wish, one.key, one.wanted, one.possible) for one in why_not(problem)] == [told]


def test_only_as_few_wishes_as_must_be_are_dropped() -> None:
    """Three places are pinned, two eyes are to be had: one goes, not all."""
    sites = [Site(name, pinned=True) for name in "abc"]
    problem = Problem([Demand("d", 1)], sites, [Option(n, 0, sees(0)) for n in range(3)], (), Limits(2))
    assert len(why_not(problem)) == 1


def test_nobody_buys_an_eye_that_adds_nothing() -> None:
    options = [Option(0, 0, sees(0, 1)), Option(1, 0, sees(1)), Option(2, 0, sees(0))]
    sites = [Site("a", 5), Site("b", 9), Site("c", 1, pinned=True)]
    problem = Problem([Demand("x", 1), Demand("y", 1)], sites, options, (), Limits(3))
    answer = optimum(problem)
    assert answer is not None
    assert (answer.chosen, answer.covered_weight) == ((0, 2), 2)


def test_a_pole_is_paid_once() -> None:
    sites = [Site("a", 2_000_000, 5_000_000, most_eyes=2), Site("b", 4_000_000, 5_000_000)]
    options = [Option(0, 0, sees(0)), Option(0, 180, sees(1)), Option(1, 0, sees(1))]
    problem = Problem([Demand("x", 1), Demand("y", 1)], sites, options, (), Limits(2, 9_000_000))
    answer = optimum(problem)
    assert answer is not None
    assert answer.chosen == (0, 1)
    assert cost_vnd(problem, answer.chosen) == 9_000_000


@given(SMALL, st.integers(0, 2**16))
def test_more_eyes_and_more_money_never_cover_less(problem: Problem, more: int) -> None:
    answer = optimum(problem)
    if answer is None:
        return
    budget = problem.limits.budget_vnd
    wider = Limits((problem.limits.eyes or 0) + 1, None if budget is None else budget + more * 1000, problem.limits.least)
    richer = optimum(Problem(problem.demands, problem.sites, problem.options, problem.present, wider))
    assert richer is not None
    assert richer.covered_weight >= answer.covered_weight


def test_the_order_of_putting_up_begins_with_what_adds_most() -> None:
    options = [Option(0, 0, sees(0)), Option(1, 0, sees(1, 2, 3)), Option(2, 0, sees(3, 4))]
    problem = Problem([Demand(str(n), 1) for n in range(5)], [Site(str(n)) for n in range(3)], options, (), Limits(3))
    assert order_by_gain(problem, [0, 1, 2]) == [1, 0, 2]


def test_broken_limits_are_named() -> None:
    sites = [Site("a", 3, pinned=True), Site("b", 3, hamlet="H")]
    options = [Option(0, 0, sees(0)), Option(1, 0, sees(), pinned=True), Option(1, 90, sees())]
    limits = Limits(1, 5, {"H": 1})
    problem = Problem([Demand("d", 1, required=True)], sites, options, (), limits)
    assert broken_limits(problem, []) == ["pinned_site", "pinned_option", "hamlet", "required"]
    assert broken_limits(problem, [0, 1, 2]) == ["eyes", "budget", "site"]
    assert broken_limits(problem, [0, 0]) == ["twice", "eyes", "budget", "site", "pinned_option", "hamlet"]


def test_a_solver_that_contradicts_itself_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    """What HiGHS did when it was given a start: a wrong objective beside a right choice. It is asked again otherwise."""
    asked = []
    real = Model.maximise

    def lies(model: Model, seconds: float = math.inf, *, presolve: bool = True) -> Solved:
        asked.append(presolve)
        found = real(model, seconds, presolve=presolve)
        return replace(found, objective=found.objective + 1, bound=found.bound + 1) if presolve or wholly else found

    monkeypatch.setattr(Model, "maximise", lies)
    problem = random_problem(514, 5, 2, 9, Limits(2), rich=True)
    wholly = False
    answer = optimum(problem)
    assert answer is not None
    assert (answer.covered_weight, answer.bound, asked) == (14.5, 14.5, [True, False])
    wholly = True
    with pytest.raises(SolverFailed):
        optimum(problem)


def test_a_model_without_a_solution_says_so() -> None:
    model = Model()
    model.at_least([model.column(1.0)], 2)
    assert model.maximise().status == "infeasible"
