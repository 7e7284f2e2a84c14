"""Mixed-integer models on HiGHS, built row by row. Knows no plans: columns, rows, an objective to maximise."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import highspy
import numpy as np
from highspy._core import _Highs  # its subclass writes a banner to the process's output when it is made
from numpy.typing import NDArray

from luytre.base.errors import LuytreError
from luytre.base.i18n import N_

Floats = NDArray[np.float64]


_OPTIONS: dict[str, bool | float | str] = {
    "output_flag": False,
    "mip_rel_gap": 0.0,
    "mip_abs_gap": 1e-7,
    "mip_lp_solver": "ipm",
    "random_seed": 1,
}
"""The first relaxation is large and nearly whole: the interior point takes a seventh of the simplex's time (`bench.plan`)."""


class SolverFailed(LuytreError):
    """HiGHS ended in a way that says nothing about the plan."""


@dataclass(frozen=True, slots=True)
class Solved:
    """`values` None: there is no solution at all (`status` is `infeasible`), or none was found within the time."""

    status: str
    values: Floats | None
    objective: float
    bound: float


class Model:
    """Columns are numbered as they are added. Bounds of rows may be infinite."""

    def __init__(self) -> None:
        self._gains: list[float] = []
        self._upper: list[float] = []
        self._whole: list[bool] = []
        self._rows: list[tuple[float, float]] = []
        self._starts, self._columns, self._factors = [0], list[int](), list[float]()

    def column(self, gain: float = 0.0, *, whole: bool = True, upper: float = 1.0) -> int:
        """A variable from 0 to `upper` that brings `gain` each."""
        self._gains.append(gain)
        self._upper.append(upper)
        self._whole.append(whole)
        return len(self._gains) - 1

    def row(self, columns: Sequence[int], factors: Sequence[float], low: float = -math.inf, high: float = math.inf) -> None:
        """`low` ≤ Σ factor × column ≤ `high`. No column may stand in it twice."""
        self._columns.extend(columns)
        self._factors.extend(factors)
        self._starts.append(len(self._columns))
        self._rows.append((low, high))

    def at_least(self, columns: Sequence[int], least: float) -> None:
        self.row(columns, [1.0] * len(columns), low=least)

    def at_most(self, columns: Sequence[int], most: float) -> None:
        self.row(columns, [1.0] * len(columns), high=most)

    def maximise(self, seconds: float = math.inf, *, presolve: bool = True) -> Solved:
        """Proves the optimum, or ends after so many seconds. Errors: SolverFailed.

        No known solution is handed over to start from: with one, HiGHS 1.16 called 13 the optimum of a model whose best is 12
        (`tests/civic/planning`), and it saved no time.
        """
        highs = _Highs()
        for option, value in _OPTIONS.items():
            highs.setOptionValue(option, value)
        if math.isfinite(seconds):
            highs.setOptionValue("time_limit", seconds)
        highs.setOptionValue("presolve", "choose" if presolve else "off")
        highs.passModel(self._lp())
        highs.run()
        return self._read(highs)

    def _lp(self) -> highspy.HighsLp:
        made = highspy.HighsLp()
        made.num_col_, made.num_row_ = len(self._gains), len(self._rows)
        made.sense_ = highspy.ObjSense.kMaximize
        made.col_cost_ = np.array(self._gains)
        made.col_lower_, made.col_upper_ = np.zeros(len(self._gains)), np.array(self._upper)
        kinds = highspy.HighsVarType
        made.integrality_ = [kinds.kInteger if whole else kinds.kContinuous for whole in self._whole]
        made.row_lower_, made.row_upper_ = (np.array([row[side] for row in self._rows]) for side in (0, 1))
        made.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        made.a_matrix_.start_ = np.array(self._starts, dtype=np.int32)
        made.a_matrix_.index_ = np.array(self._columns, dtype=np.int32)
        made.a_matrix_.value_ = np.array(self._factors)
        return made

    @staticmethod
    def _read(highs: _Highs) -> Solved:
        status, info = highs.getModelStatus(), highs.getInfo()
        known = highspy.HighsModelStatus
        if status in (known.kInfeasible, known.kUnboundedOrInfeasible):
            return Solved("infeasible", None, -math.inf, -math.inf)
        names = {known.kOptimal: "optimal", known.kTimeLimit: "time_limit", known.kModelEmpty: "optimal"}
        if status not in names:
            raise SolverFailed(N_("the optimum was not found"), subject=highs.modelStatusToString(status))
        if status == known.kTimeLimit and not math.isfinite(info.objective_function_value):
            return Solved("time_limit", None, -math.inf, info.mip_dual_bound)
        return Solved(names[status], np.array(highs.getSolution().col_value), info.objective_function_value, info.mip_dual_bound)
