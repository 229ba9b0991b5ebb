"""The t-statistics of many dealt treatments at once, for the joint test of a curve.

Only the treatment changes between permutations, so controls and effects are taken out of
outcome and treatments once a specification, and all permutations are one product of
matrices (Frisch and Waugh 1933; Lovell 1963). Equal to running them one by one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from yuyao_lib.methods.adoption_periods import period_numbers
from yuyao_lib.methods.clustered_regression import RANK_TOLERANCE, factor, independent, within
from yuyao_lib.methods.samples import draw_sample
from yuyao_lib.methods.specification_universe import ESTIMATORS, Choice, Universe

if TYPE_CHECKING:
    import pandas as pd

    from yuyao_lib.methods.adoption import Floats

__all__ = ["at_once", "permuted_t"]

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


def permuted_t(
    frame: pd.DataFrame, universe: Universe, choice: Choice, dealt: Floats
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
        Shape (rows of the whole frame, permutations).

    Returns
    -------
    array or None
        Shape (permutations,); NaN where a dealt treatment does not vary. None where the
        specification cannot be run.
    """
    units, periods = EFFECTS[choice.estimator]
    controls = list(universe.controls[choice.controls])
    outcome = universe.outcomes[choice.outcome]
    keys = [k for k in (universe.cluster, universe.unit, universe.period) if k]
    numeric = list(dict.fromkeys([outcome, *controls, "_row"]))
    rows = draw_sample(frame, numeric=numeric, keys=list(dict.fromkeys(keys))).frame
    parts = _Parts(
        rows[[outcome]].to_numpy(float),
        dealt[rows["_row"].to_numpy().astype("int64")],
        rows[controls].to_numpy(float),
    )
    if choice.estimator == "first_differences":
        rows, parts = _changes(rows, parts, universe)
    if not len(rows):
        return None
    shown = _dummies(rows, universe.period) if periods else np.ones((len(rows), 1))
    x = np.column_stack([parts.x, shown])
    by_unit = choice.estimator == "first_differences"
    groups = _codes(rows, universe.unit if by_unit else universe.cluster)
    if not units:
        return _t(parts.y, parts.d, x, groups)
    codes, ones = _codes(rows, universe.unit), np.ones(len(rows))
    y, d, x = (within(part, codes, ones) for part in (parts.y, parts.d, x))
    return _t(y, d, x, groups)


def _codes(rows: pd.DataFrame, column: str | None) -> np.ndarray:
    """Number the values of a column."""
    return np.unique(rows[column].to_numpy(), return_inverse=True)[1]


@dataclass(frozen=True, slots=True)
class _Parts:
    """Outcome, dealt treatments and controls, row by row."""

    y: Floats
    d: Floats
    x: Floats


def _dummies(rows: pd.DataFrame, period: str | None) -> Floats:
    """Return one indicator a period."""
    codes = _codes(rows, period)
    return np.eye(codes.max() + 1)[codes]


def _changes(rows: pd.DataFrame, parts: _Parts, universe: Universe) -> tuple[pd.DataFrame, _Parts]:
    """Return changes between adjacent periods of a unit."""
    assert universe.unit is not None and universe.period is not None
    time = np.asarray(period_numbers(rows[universe.period], name=universe.period), dtype=float)
    units = _codes(rows, universe.unit)
    order = np.lexsort((time, units))
    steps = np.diff(np.unique(time))
    step = steps.min() if len(steps) else 1.0
    same = np.diff(units[order]) == 0
    adjacent = same & np.isclose(np.diff(time[order]), step)
    later = order[1:][adjacent]
    changed = (np.diff(part[order], axis=0)[adjacent] for part in (parts.y, parts.d, parts.x))
    return rows.iloc[later], _Parts(*changed)


def _t(y: Floats, d: Floats, x: Floats, groups: np.ndarray) -> Floats | None:
    """Regress out `x`, then the outcome on each treatment, errors clustered by group."""
    n, clusters = len(y), int(groups.max()) + 1
    if clusters < 2:
        return None
    kept = independent(x, np.ones(n))
    basis = np.linalg.qr(x[:, kept])[0]
    size = np.sqrt((d**2).sum(axis=0))
    y, d = (part - basis @ (basis.T @ part) for part in (y, d))
    squares = (d**2).sum(axis=0)
    varies = np.sqrt(squares) > RANK_TOLERANCE * np.maximum(size, 1e-300)
    with np.errstate(divide="ignore", invalid="ignore"):
        slope = (d * y).sum(axis=0) / squares
        scores = d * (y - d * slope)
        order = np.argsort(groups, kind="stable")
        starts = np.r_[0, np.flatnonzero(np.diff(groups[order])) + 1]
        sums = np.add.reduceat(scores[order], starts, axis=0)
        scale = factor(n=n, clusters=clusters, columns=len(kept) + 1)
        error = np.sqrt(scale * (sums**2).sum(axis=0)) / squares
        return np.where(varies & (error > 0), slope / error, np.nan)
