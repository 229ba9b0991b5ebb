"""The t-statistics of many dealt treatments at once, for the joint test of a curve.

Only the treatment changes between permutations, so controls and effects are taken out of
outcome and treatments once a specification, and all permutations are one product of
matrices (Frisch and Waugh 1933; Lovell 1963). Equal to running them one by one. What the
dealt treatments become under an estimator is kept while the rows stay the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from yuyao_lib.methods.adoption_periods import period_numbers
from yuyao_lib.methods.clustered_regression import RANK_TOLERANCE, factor, independent, within
from yuyao_lib.methods.samples import draw_sample
from yuyao_lib.methods.specification_universe import ESTIMATORS, Choice, Universe

if TYPE_CHECKING:
    import pandas as pd

    from yuyao_lib.methods.adoption import Floats

__all__ = ["Dealt", "at_once", "permuted_t"]

# name of an estimator -> whether effects of units are taken out, whether periods have effects
EFFECTS = {
    "pooled": (False, False),
    "period_effects": (False, True),
    "fixed_effects": (True, False),
    "two_way_fixed_effects": (True, True),
    "first_differences": (False, True),
}


def at_once(frame: pd.DataFrame, universe: Universe) -> bool:
    """Whether every permutation of a universe can be run at once.

    Not with estimators of one's own, weights, a treatment that is missing somewhere (then
    the rows used change with each permutation), or a sample chosen by the treatment.
    """
    routes = universe.routes()
    known = all(ESTIMATORS.get(name) is route for name, route in routes.items())
    by_treatment = any(universe.treatment in rule for rule in universe.samples.values())
    missing = bool(frame[universe.treatment].isna().any())
    return known and universe.weights is None and not (by_treatment or missing)


class Dealt:
    """Dealt treatments, and what they become by rows and effects taken out.

    Parameters
    ----------
    columns
        Shape (rows of the whole frame, permutations).
    """

    def __init__(self, columns: Floats) -> None:
        self.columns = columns
        self._numbers: np.ndarray = np.empty(0, "int64")
        self._held: dict[str, _Arranged] = {}

    def arranged(self, rows: pd.DataFrame, universe: Universe, estimator: str) -> _Arranged:
        """Return the rows of a sample as an estimator sees them; the last rows are kept."""
        numbers = rows["_row"].to_numpy().astype("int64")
        if not np.array_equal(numbers, self._numbers):
            self._numbers, self._held = numbers, {}
        if estimator not in self._held:
            kind = _changes if estimator == "first_differences" else _levels
            self._held[estimator] = kind(rows, self.columns[numbers], universe, estimator)
        return self._held[estimator]


@dataclass(slots=False)
class _Arranged:
    """Rows in the order of their groups, effects of units taken out.

    Attributes
    ----------
    of
        Brings a block of columns, one row a row of the sample, into this order.
    groups
        Number of each row's group, in order.
    dealt
        Dealt treatments before `of`.
    shown
        Indicators of periods, or a constant, before `of` where that takes them.
    """

    of: Callable[[Floats], Floats]
    groups: np.ndarray
    dealt: Floats
    shown: Floats

    @cached_property
    def d(self) -> Floats:
        """The dealt treatments."""
        return self.of(self.dealt)

    @cached_property
    def size(self) -> Floats:
        """Length of each dealt treatment before controls are taken out."""
        return np.sqrt(_squares(self.d))

    @cached_property
    def starts(self) -> np.ndarray:
        """Where each group begins."""
        return np.r_[0, np.flatnonzero(np.diff(self.groups)) + 1]


def permuted_t(
    frame: pd.DataFrame, universe: Universe, choice: Choice, dealt: Dealt
) -> Floats | None:
    """Return a specification's t-statistic under each dealt treatment.

    Parameters
    ----------
    frame
        The rows of the choice's sample, with the column ``_row`` that says which row of
        `dealt` is theirs.
    universe, choice
        What is run.
    dealt
        The treatments.

    Returns
    -------
    array or None
        Shape (permutations,); NaN where a dealt treatment does not vary. None where the
        specification cannot be run.
    """
    controls = list(universe.controls[choice.controls])
    outcome = universe.outcomes[choice.outcome]
    keys = [k for k in (universe.cluster, universe.unit, universe.period) if k]
    numeric = list(dict.fromkeys([outcome, *controls, "_row"]))
    rows = draw_sample(frame, numeric=numeric, keys=list(dict.fromkeys(keys))).frame
    seen = dealt.arranged(rows, universe, choice.estimator)
    if not len(seen.groups) or len(seen.starts) < 2:
        return None
    x = seen.of(rows[controls].to_numpy(float))
    return _t(seen, seen.of(rows[[outcome]].to_numpy(float)), np.column_stack([x, seen.shown]))


def _codes(values: np.ndarray) -> np.ndarray:
    """Number values."""
    return np.unique(values, return_inverse=True)[1]


def _column(rows: pd.DataFrame, name: str | None) -> np.ndarray:
    """Number the values of a column."""
    return _codes(rows[name].to_numpy())


def _indicators(codes: np.ndarray) -> Floats:
    """Return one indicator a period."""
    return np.eye(codes.max() + 1)[codes]


def _levels(rows: pd.DataFrame, dealt: Floats, universe: Universe, estimator: str) -> _Arranged:
    """Arrange rows by cluster, unit means taken out where the estimator does so."""
    units, periods = EFFECTS[estimator]
    clusters = _column(rows, universe.cluster)
    order, ones = np.argsort(clusters, kind="stable"), np.ones(len(rows))
    codes = _column(rows, universe.unit) if units else None

    def of(part: Floats) -> Floats:
        return (part if codes is None else within(part, codes, ones))[order]

    shown = _indicators(_column(rows, universe.period)) if periods else ones[:, None]
    return _Arranged(of, clusters[order], dealt, of(shown))


def _changes(rows: pd.DataFrame, dealt: Floats, universe: Universe, estimator: str) -> _Arranged:
    """Arrange changes between adjacent periods by unit."""
    assert universe.unit is not None and universe.period is not None
    time = np.asarray(period_numbers(rows[universe.period], name=universe.period), dtype=float)
    units = _column(rows, universe.unit)
    order = np.lexsort((time, units))
    steps = np.diff(np.unique(time))
    step = steps.min() if len(steps) else 1.0
    same = np.diff(units[order]) == 0
    adjacent = same & np.isclose(np.diff(time[order]), step)
    later = order[1:][adjacent]

    def of(part: Floats) -> Floats:
        return np.diff(part[order], axis=0)[adjacent]

    if not len(later):
        return _Arranged(of, later, dealt, np.empty((0, 0)))
    return _Arranged(of, _codes(units[later]), dealt, _indicators(_codes(time[later])))


def _squares(block: Floats) -> Floats:
    """Return the sum of squares of each column."""
    return np.einsum("ij,ij->j", block, block)


def _t(seen: _Arranged, y: Floats, x: Floats) -> Floats:
    """Regress out `x`, then the outcome on each treatment, errors clustered by group."""
    kept = independent(x, np.ones(len(y)))
    basis = np.linalg.qr(x[:, kept])[0]
    y, d = (part - basis @ (basis.T @ part) for part in (y, seen.d))
    squares = _squares(d)
    varies = np.sqrt(squares) > RANK_TOLERANCE * np.maximum(seen.size, 1e-300)
    with np.errstate(divide="ignore", invalid="ignore"):
        slope = (y.T @ d)[0] / squares
        scores = y - d * slope
        scores *= d
        sums = np.add.reduceat(scores, seen.starts, axis=0)
        scale = factor(n=len(y), clusters=len(seen.starts), columns=len(kept) + 1)
        error = np.sqrt(scale * _squares(sums)) / squares
        return np.where(varies & (error > 0), slope / error, np.nan)
