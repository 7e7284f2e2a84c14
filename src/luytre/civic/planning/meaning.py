"""What a proven choice means: which eye sees what and is worth how much, in which phase it goes up, what each hamlet gets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from luytre.civic.planning.ask import Ask, HamletShare, NewEye, OneMore, Phase, PlaceShare, Result, Seen, Worth, sizes
from luytre.civic.planning.greedy import Choice, order_by_gain
from luytre.civic.planning.material import Material, Prepared, costs_of
from luytre.civic.planning.optimum import optimum
from luytre.civic.planning.problem import Answer, Indices, Limits, Problem, cost_vnd, counted, covered_weight
from luytre.civic.planning.today import counts, works
from luytre.civic.registry.order import name_key

_LEAST_SEEN = 1e-9


def meaning_of(ask: Ask, found: Material, prepared: Prepared, answer: Answer) -> Result:
    problem, covered = prepared.problem, answer.covered_weight
    phases = phases_of(problem, answer.chosen, ask.phases)
    eyes = _eyes(ask, found, prepared, phases)
    present = {eye.key for eye in prepared.present}
    elsewhere = [eye for eye in found.eyes if counts(eye, ask.tiers) and eye.key not in present]
    return Result(
        level=ask.level,
        total=float(problem.weights.sum()),
        before=covered_weight(problem, []),
        covered=covered,
        bound=answer.bound,
        gap=answer.gap,
        greedy=answer.greedy_weight,
        status=answer.status,
        runtime_s=answer.runtime_s,
        eyes_before=len(prepared.present),
        upkeep_vnd=sum(eye.upkeep_vnd for eye in eyes),
        unreachable=_unreachable(problem),
        eyes=eyes,
        hamlets=_hamlets(found, prepared, answer.chosen),
        places=_places(prepared, answer.chosen),
        phases=_phase_rows(prepared, phases),
        one_more=_one_more(prepared, answer.chosen),
        present=_present(prepared, answer.chosen),
        left_out=len(prepared.staged.left_out),
        values=found.values,
        down=tuple(eye.name for eye in elsewhere if not works(eye, found.working)),
        blind=tuple(eye.name for eye in elsewhere if works(eye, found.working)),
    )


def phases_of(problem: Problem, chosen: Sequence[int], asked: Sequence[int]) -> list[list[int]]:
    """The chosen ones by phases, each the best that can be put up by then out of the plan; within a phase what adds most first.

    The plan is the best whole; the phases are the best way to it, each proven in its turn.
    """
    left, found = list(chosen), list[list[int]]()
    for size in sizes(asked, len(chosen)):
        before = [number for phase in found for number in phase]
        taken = left if size >= len(left) else _best_of(problem, before, left, size)
        order = order_by_gain(problem, [*before, *taken])
        found.append([number for number in order if number in set(taken)])
        left = [number for number in left if number not in set(taken)]
    return found


def _best_of(problem: Problem, before: Sequence[int], left: Sequence[int], size: int) -> list[int]:
    """The `size` of those left that cover most beside those of before."""
    pool = [*before, *left]
    options = [replace(problem.options[number], pinned=number in set(before)) for number in pool]
    demands = [replace(demand, required=False) for demand in problem.demands]
    sites = [replace(site, pinned=False, most_eyes=max(site.most_eyes, 1)) for site in problem.sites]
    inner = Problem(demands, sites, options, problem.present, Limits(len(before) + size))
    answer = optimum(inner)
    taken = [pool[number] for number in answer.chosen if pool[number] not in before] if answer is not None else []
    rest = [number for number in order_by_gain(problem, left) if number not in taken]  # one that adds nothing yet is put up too
    return [*taken, *rest][:size]


def _eyes(ask: Ask, found: Material, prepared: Prepared, phases: Sequence[Sequence[int]]) -> tuple[NewEye, ...]:
    problem, values = prepared.problem, found.values
    order = [(number, phase) for phase, numbers in enumerate(phases, 1) for number in numbers]
    chosen = [number for number, _phase in order]
    covered, paid, made = covered_weight(problem, chosen), set[int](), list[NewEye]()
    for place, (number, phase) in enumerate(order):
        option = problem.options[number]
        candidate = prepared.candidates[option.site]
        costs = costs_of(candidate, values)
        lat, lon = ask.moved.get(candidate.key, (float(candidate.latitude), float(candidate.longitude)))
        before = covered_weight(problem, chosen[:place])
        others = [other for other in chosen if other != number]
        made.append(
            NewEye(
                candidate=candidate.key, name=candidate.name, hamlet=candidate.hamlet.name if candidate.hamlet else "",
                lat=lat, lon=lon, bearing_deg=option.bearing_deg, order=place + 1, phase=phase,
                adds=covered_weight(problem, chosen[: place + 1]) - before, alone=covered - covered_weight(problem, others),
                camera_vnd=costs.camera_vnd, pole_vnd=0 if option.site in paid else costs.pole_vnd,
                cable_vnd=costs.cable_vnd, power_vnd=costs.power_vnd, upkeep_vnd=costs.upkeep_vnd,
                sees=_seen(prepared, number, others),
            )
        )  # fmt: skip
        paid.add(option.site)
    return tuple(made)


def _seen(prepared: Prepared, number: int, others: Sequence[int]) -> tuple[Seen, ...]:
    """By weight, the heaviest first."""
    problem = prepared.problem
    elsewhere = problem.seen_already + counted([problem.options[other].sees for other in others], len(problem.demands))
    weight, parts, shared = defaultdict[str, float](float), defaultdict[str, int](int), set[str]()
    for demand in problem.options[number].sees.tolist():
        key = prepared.of[demand]
        weight[key] += problem.demands[demand].weight
        parts[key] += 1
        if elsewhere[demand]:
            shared.add(key)
    all_parts = _parts(prepared)
    found = [
        Seen(
            key, prepared.things[key].name, prepared.things[key].kind, weight[key],
            prepared.things[key].metres * parts[key] / all_parts[key], key not in shared,
        )
        for key in weight
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda seen: (-seen.weight, seen.name, seen.key)))


def _parts(prepared: Prepared) -> dict[str, int]:
    """Into how many points each thing was cut."""
    keys, times = np.unique(np.array(prepared.of, dtype=object).astype(str), return_counts=True)
    return dict(zip(keys.tolist(), times.tolist(), strict=True))


def _times(problem: Problem, chosen: Sequence[int]) -> Indices:
    seen: Indices = problem.seen_already + counted([problem.options[number].sees for number in chosen], len(problem.demands))
    return seen


def _places(prepared: Prepared, chosen: Sequence[int]) -> tuple[PlaceShare, ...]:
    problem = prepared.problem
    covered = [_times(problem, each) >= problem.needed for each in ([], list(chosen))]
    weight, before, after = (defaultdict[str, float](float) for _ in range(3))
    for number, key in enumerate(prepared.of):
        weight[key] += problem.demands[number].weight
        before[key] += problem.demands[number].weight * bool(covered[0][number])
        after[key] += problem.demands[number].weight * bool(covered[1][number])
    rows = [
        PlaceShare(
            key=key, name=thing.name, kind=thing.kind, weight=weight[key],
            before=before[key] / weight[key] if weight[key] else 0.0, after=after[key] / weight[key] if weight[key] else 0.0,
        )
        for key, thing in prepared.things.items()
        if not thing.kind.startswith("past_")
    ]  # fmt: skip
    return tuple(sorted(rows, key=lambda row: (-row.weight, row.name, row.key)))


@dataclass
class _Share:
    weight: float = 0.0
    before: float = 0.0
    after: float = 0.0
    eyes: int = 0
    new_eyes: int = 0


def _hamlets(found: Material, prepared: Prepared, chosen: Sequence[int]) -> tuple[HamletShare, ...]:
    """What lies in no hamlet stands under an empty name, last."""
    problem, names = prepared.problem, _hamlet_names(found)
    covered = [_times(problem, each) >= problem.needed for each in ([], list(chosen))]
    shares = defaultdict[str, _Share](_Share)
    for number, demand in enumerate(problem.demands):
        share = shares[names.get(demand.hamlet, "")]
        share.weight += demand.weight
        share.before += demand.weight * bool(covered[0][number])
        share.after += demand.weight * bool(covered[1][number])
    for eye in prepared.present:
        shares[eye.site.hamlet.name if eye.site.hamlet else ""].eyes += 1
    for option in (problem.options[number] for number in chosen):
        shares[names.get(problem.sites[option.site].hamlet, "")].new_eyes += 1
    rows = [
        HamletShare(
            name=name, weight=share.weight, before=share.before, after=share.after, eyes=share.eyes, new_eyes=share.new_eyes
        )
        for name, share in shares.items()
    ]
    return tuple(sorted(rows, key=lambda row: (not row.name, name_key(row.name))))


def _hamlet_names(found: Material) -> dict[str, str]:
    hamlets = [
        *(place.hamlet for place in found.places),
        *(need.hamlet for need in found.needs),
        *(candidate.hamlet for candidate in found.candidates),
    ]
    return {str(hamlet.pk): hamlet.name for hamlet in hamlets if hamlet is not None}


def _phase_rows(prepared: Prepared, phases: Sequence[Sequence[int]]) -> tuple[Phase, ...]:
    problem, rows, there, paid = prepared.problem, list[Phase](), list[int](), 0
    for number, phase in enumerate(phases, 1):
        there.extend(phase)
        cost = cost_vnd(problem, there)
        rows.append(Phase(number, len(prepared.present) + len(there), covered_weight(problem, there), cost - paid))
        paid = cost
    return tuple(rows)


def _one_more(prepared: Prepared, chosen: Sequence[int]) -> OneMore | None:
    """The best eye beyond the plan, whatever it costs; None where none would add anything."""
    problem = prepared.problem
    choice = Choice(replace(problem, limits=Limits()))
    for number in chosen:
        choice.take(number)
    gains = ((choice.gain(number), -number) for number in range(len(problem.options)) if choice.fits(number))
    adds, best = max(gains, default=(0.0, 0))
    if adds <= _LEAST_SEEN:
        return None
    option = problem.options[-best]
    return OneMore(prepared.candidates[option.site].name, option.bearing_deg, adds)


def _present(prepared: Prepared, chosen: Sequence[int]) -> tuple[Worth, ...]:
    """What would be lost without each eye that is there, beside the new ones; the least first."""
    problem = prepared.problem
    times, now = _times(problem, chosen), covered_weight(problem, chosen)
    found = []
    for eye, row in zip(prepared.present, problem.present, strict=True):
        without = times - counted([row.sees], len(problem.demands))
        found.append(Worth(eye.key, eye.name, now - float(problem.weights[without >= problem.needed].sum())))
    return tuple(sorted(found, key=lambda worth: (worth.loses, worth.name)))


def _unreachable(problem: Problem) -> float:
    """The weight that neither present eyes nor all candidates together could cover."""
    all_seen = counted([option.sees for option in problem.options], len(problem.demands)) + problem.seen_already
    return float(problem.weights[all_seen < problem.needed].sum())
