"""The plan that anybody would make by hand: always the eye that adds most. What the optimum is compared with, and starts from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from luytre.civic.planning.problem import Indices, Problem, broken_limits, cost_vnd, covered_weight


def greedy(problem: Problem) -> tuple[int, ...] | None:
    """The best of two walks: by what an eye adds, and by what it adds for its money. None where neither ends in a plan."""
    walks = [_walk(problem, lambda gain, _cost: gain)]
    if problem.limits.budget_vnd is not None:
        walks.append(_walk(problem, lambda gain, cost: gain / max(cost, 1)))
    plans = [chosen for chosen in walks if not broken_limits(problem, chosen)]
    return max(plans, key=lambda chosen: covered_weight(problem, chosen), default=None)


class Choice:
    """A plan as it grows, eye by eye."""

    def __init__(self, problem: Problem) -> None:
        self.problem, self.chosen = problem, list[int]()
        self.times: Indices = problem.seen_already.copy()

    def gain(self, number: int) -> float:
        sees = self.problem.options[number].sees
        full = self.times[sees] + 1 == self.problem.needed[sees]
        return float(self.problem.weights[sees][full].sum())

    def progress(self, number: int) -> float:
        """What it adds towards demands that need several eyes: a walk would never begin with them otherwise."""
        sees = self.problem.options[number].sees
        open_ = self.times[sees] < self.problem.needed[sees]
        return float((self.problem.weights[sees][open_] / self.problem.needed[sees][open_]).sum())

    def fits(self, number: int) -> bool:
        problem, option = self.problem, self.problem.options[number]
        there = sum(problem.options[other].site == option.site for other in self.chosen)
        if number in self.chosen or there >= problem.sites[option.site].most_eyes:
            return False
        limits = problem.limits
        if limits.eyes is not None and len(self.chosen) >= limits.eyes:
            return False
        return limits.budget_vnd is None or cost_vnd(problem, [*self.chosen, number]) <= limits.budget_vnd

    def take(self, number: int) -> None:
        self.chosen.append(number)
        self.times[self.problem.options[number].sees] += 1


def _walk(problem: Problem, worth: Callable[[float, int], float]) -> tuple[int, ...]:
    choice = Choice(problem)
    for each in _must(choice):
        if not _take_best(choice, each, worth):
            break
    everything = range(len(problem.options))
    while _take_best(choice, everything, worth, only_gains=True):
        pass
    return tuple(choice.chosen)


def _must(choice: Choice) -> Iterable[Sequence[int]]:
    """The sets of options of which one has to be taken, one after the other, as long as what was taken leaves it open."""
    problem = choice.problem
    yield from ([number] for number, option in enumerate(problem.options) if option.pinned)
    for number, site in enumerate(problem.sites):
        if site.pinned and not any(problem.options[one].pinned for one in problem.options_of[number]):
            yield problem.options_of[number]
    for number, demand in enumerate(problem.demands):
        while demand.required and choice.times[number] < demand.needed:
            yield [one for one, option in enumerate(problem.options) if number in option.sees]
    for hamlet, least in problem.limits.least.items():
        while sum(problem.sites[problem.options[one].site].hamlet == hamlet for one in choice.chosen) < least:
            yield [one for one, option in enumerate(problem.options) if problem.sites[option.site].hamlet == hamlet]


def _take_best(choice: Choice, among: Sequence[int], worth: Callable[[float, int], float], *, only_gains: bool = False) -> bool:
    """Takes the option of most worth; false where none fits (or none adds anything)."""
    best, best_worth = -1, (-1.0, -1.0)
    for number in among:
        gain = choice.gain(number)
        if only_gains and gain <= 0 and choice.progress(number) <= 0:
            continue
        site = choice.problem.sites[choice.problem.options[number].site]
        found = (worth(gain, site.cost_vnd + site.site_cost_vnd), choice.progress(number))
        if found > best_worth and choice.fits(number):
            best, best_worth = number, found
    if best >= 0:
        choice.take(best)
    return best >= 0


def order_by_gain(problem: Problem, chosen: Sequence[int]) -> list[int]:
    """The chosen ones, each next the one that adds most: the order in which to put them up."""
    choice, left = Choice(problem), list(chosen)
    while left:
        best = max(left, key=lambda number: (choice.gain(number), choice.progress(number), -number))
        choice.take(best)
        left.remove(best)
    return choice.chosen
