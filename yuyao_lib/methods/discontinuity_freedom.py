"""Degrees of freedom of a jump's standard error: how many rows it really rests on.

A local polynomial at its end rests on few rows, whose squared residuals are the whole of the
standard error; with ninety rows on each side it may vary as one with ten degrees of freedom.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from yuyao_lib.methods.adoption import Floats
from yuyao_lib.methods.local_polynomial import NEIGHBOURS, Sides, Weights, windows

__all__ = ["MOST_ROWS", "freedom"]

MOST_ROWS = 1000  # rows from which the normal law is as good


def freedom(weights: Weights, sides: Sides) -> float:
    r"""Return the degrees of freedom of the standard error of a jump.

    The variance is :math:`\sum_i l_i^2 r_i^2`, and each residual r a sum of outcomes with
    weights R. Matching mean and variance of a chi-square for errors alike (Satterthwaite
    1946, as in Bell and McCaffrey 2002 and Imbens and Kolesar 2016) gives

    .. math:: \frac{(\sum_i l_i^2 R_i'R_i)^2}{\sum_{ij} l_i^2 l_j^2 (R_i'R_j)^2}

    Parameters
    ----------
    weights
        Of the jump on the outcomes.
    sides
        Rows; those of a cluster are taken as one, and residuals as they are.

    Returns
    -------
    float
        Infinite where more than 1,000 rows bear weight; with clusters at most their number
        less one.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> x, y = rng.uniform(-1, 1, 60), rng.normal(size=60)
    >>> sides = Sides(x, y, None, y)
    >>> round(freedom(Weights(np.full(60, 1 / 60), y), sides)) in range(35, 50)
    True
    """
    used = np.flatnonzero(weights.on != 0)
    square = weights.on[used] ** 2
    if sides.groups is not None:
        shares = np.bincount(np.unique(sides.groups[used], return_inverse=True)[1], square)
        return float(min(square.sum() ** 2 / (shares @ shares), max(len(shares) - 1, 1)))
    if len(used) > MOST_ROWS:
        return float("inf")
    mean, spread = 0.0, 0.0
    for above in (True, False):
        rows = used[sides.above[used] == above]
        if len(rows):
            cross = _crossed(sides, rows, above=above)
            share = weights.on[rows] ** 2
            mean += float(share @ np.diag(cross))
            spread += float(share @ cross**2 @ share)
    return mean**2 / spread if spread > 0 else float("inf")


def _crossed(sides: Sides, rows: NDArray[np.int64], *, above: bool) -> Floats:
    """Return how the residuals of some rows of a side hang together when errors are alike."""
    whole = np.flatnonzero(sides.above == above)
    distance = sides.distance[whole]
    values, place, counts = np.unique(distance, return_inverse=True, return_counts=True)
    upto = np.concatenate([[0], np.cumsum(counts)])
    low, high = windows(values, upto, min(NEIGHBOURS, len(whole) - 1))
    mine = np.searchsorted(whole, rows)
    ordered = np.argsort(place, kind="stable")
    first, last = upto[low[place[mine]]], upto[high[place[mine]] + 1]
    at = np.arange(len(whole))
    near = ((at >= first[:, None]) & (at < last[:, None])).astype("float64")
    rank = np.empty_like(ordered)
    rank[ordered] = at
    others = np.maximum(last - first - 1, 1)[:, None]
    made = -near / others
    made[np.arange(len(rows)), rank[mine]] = 1.0
    made *= np.sqrt(others / (others + 1))
    return np.asarray(made @ made.T)
