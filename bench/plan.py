"""How long a plan takes until it is proven best, and how long the coverage of today.

    python -m bench.plan [--rounds 3] [--sites 500] [--bearings 8] [--demands 5000] [--eyes 15] [--seed 1]

The commune is square, its buildings are 6 to 14 m wide; sites, demands and eyes stand anywhere outside of them. The plan's
problem is made in three kinds: reach 60 m in a commune of 2.5 km; a dense village of 1 km with a reach of 100 m; the same with a
budget, costs and an eye in each of eight hamlets. Greedy's share of the optimum is told beside it.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import time
from dataclasses import dataclass

import numpy as np
import shapely

from bench.measure import print_table
from luytre.civic.geometry.coverage import EyeView, fields_of, watched
from luytre.civic.geometry.optics import Level, Levels, reach_of
from luytre.civic.geometry.sight import Obstacles, View
from luytre.civic.planning.optimum import optimum
from luytre.civic.planning.problem import Demand, Limits, Site
from luytre.civic.planning.scene import Candidate, Piece, Scene, stage

PLAN_S, COVERAGE_S = 30.0, 2.0
BUILDINGS = 5000


@dataclass(frozen=True)
class Kind:
    name: str
    side_m: float
    reach_m: float
    budget_vnd: int | None = None
    hamlets: int = 0


KINDS = (
    Kind("commune, reach 60 m", 2500, 60),
    Kind("village, reach 100 m", 1000, 100),
    Kind("village, budget and hamlets", 1000, 100, 200_000_000, 8),
)


def buildings(dice: random.Random, side_m: float, count: int) -> list[shapely.Polygon]:
    made = []
    for _ in range(count):
        east, north = dice.uniform(0, side_m), dice.uniform(0, side_m)
        made.append(shapely.box(east, north, east + dice.uniform(6, 14), north + dice.uniform(6, 14)))
    return made


def outside(dice: random.Random, side_m: float, tree: shapely.STRtree) -> tuple[float, float]:
    while True:
        east, north = dice.uniform(0, side_m), dice.uniform(0, side_m)
        if not len(tree.query(shapely.Point(east, north), predicate="intersects")):
            return east, north


def scene(kind: Kind, options: argparse.Namespace) -> Scene:
    dice = random.Random(options.seed)
    shapes = buildings(dice, kind.side_m, BUILDINGS if kind.side_m > 2000 else BUILDINGS // 6)
    tree = shapely.STRtree(np.array(shapes, dtype=object))
    bearings = [360 / options.bearings * turn for turn in range(options.bearings)]
    candidates = []
    for number in range(options.sites):
        east, north = outside(dice, kind.side_m, tree)
        cost, pole = (dice.randint(8, 40) * 1_000_000, dice.randint(0, 9) * 1_000_000) if kind.budget_vnd else (0, 0)
        site = Site(str(number), cost, pole, hamlet=str(number % kind.hamlets) if kind.hamlets else "")
        candidates.append(Candidate(site, View(east, north, 0, 90, kind.reach_m), bearings, kind.reach_m))
    pieces = [Piece(Demand(str(n), dice.randint(1, 9)), *outside(dice, kind.side_m, tree)) for n in range(options.demands)]
    return Scene(candidates, pieces, (), Obstacles(shapes))


def plan_row(kind: Kind, options: argparse.Namespace) -> tuple[list[str], float]:
    made = scene(kind, options)
    least = {str(number): 1 for number in range(kind.hamlets)}
    stages, proofs = [], []
    for _ in range(options.rounds):
        started = time.perf_counter()
        staged = stage(made, Limits(options.eyes, kind.budget_vnd, least))
        stages.append(time.perf_counter() - started)
        answer = optimum(staged.problem)
        if answer is None or answer.gap > 0:
            raise SystemExit(f"not proven: {answer}")
        proofs.append(answer.runtime_s)
    greedy = "none" if answer.greedy_weight is None else f"{answer.greedy_weight / answer.covered_weight:.1%}"
    worst = max(map(sum, zip(stages, proofs, strict=True)))
    row = [kind.name, f"{statistics.median(stages):.1f}", f"{statistics.median(proofs):.1f}", f"{worst:.1f}", greedy]
    return row, worst


def coverage_s(options: argparse.Namespace) -> list[float]:
    """35 eyes among 5,000 buildings, and how much they see of 200 routes and what each is worth."""
    dice, levels, taken = random.Random(options.seed), Levels(), []
    shapes = buildings(dice, 2500, BUILDINGS)
    tree = shapely.STRtree(np.array(shapes, dtype=object))
    reaches = {level: reach_of(levels.px_per_m(level), 90, 2560) for level in Level}
    eyes = [
        EyeView(str(number), View(*outside(dice, 2500, tree), dice.uniform(0, 359), 90, reaches[Level.DETECT]), reaches)
        for number in range(35)
    ]
    routes = [shapely.LineString([outside(dice, 2500, tree) for _ in range(3)]) for _ in range(200)]
    for _ in range(options.rounds):
        started = time.perf_counter()
        fields = fields_of(eyes, Obstacles(shapes))
        for number, route in enumerate(routes):
            watched(str(number), route, fields)
        taken.append(time.perf_counter() - started)
    return taken


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, usual in {"rounds": 3, "sites": 500, "bearings": 8, "demands": 5000, "eyes": 15, "seed": 1}.items():
        parser.add_argument(f"--{name}", type=int, default=usual)
    options = parser.parse_args()
    rows = [plan_row(kind, options) for kind in KINDS]
    print_table(["plan", "who sees what, s", "proof, s", "worst of both, s", "greedy / optimum"], [row for row, _worst in rows])
    taken = coverage_s(options)
    print(f"coverage of 35 eyes among {BUILDINGS} buildings: median {statistics.median(taken):.2f} s, worst {max(taken):.2f} s")
    met = max(worst for _row, worst in rows) <= PLAN_S and max(taken) <= COVERAGE_S
    print(f"bounds (plan {PLAN_S:.0f} s, coverage {COVERAGE_S:.0f} s): {'met' if met else 'MISSED'}")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
