"""Confidence sets when trends may differ by a bounded amount: the arithmetic.

Lives here: for event-study coefficients with their covariance, the set of effects that
holds at a bound on departures from parallel trends (Rambachan and Roth 2023), for
relative magnitudes by the conditional / least-favourable hybrid test of Andrews, Roth
and Pakes (2023), for smoothness by the optimal fixed-length interval. Does not live
here: estimates, words, pages.

Both reduce to small problems. Under relative magnitudes only the target and the
differences between consecutive coefficients before adoption matter: the departure of
the target is at most ``Mbar * c`` times the largest of them, ``c`` being a sum over the
target's weights. So no nuisance parameter is left and every step is closed form.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from scipy import optimize, stats

from yuyao_lib.methods.adoption import Floats

__all__ = ["Path", "relative_magnitudes", "smoothness"]

DRAWS = 2000  # for the least-favourable critical value
FIRST_STAGE = 0.1  # share of the size spent on the least-favourable stage, as in the paper
GRID = 401
SEED = 20231


@dataclass(frozen=True, slots=True)
class Path:
    """An event study around its reference period, and the target.

    Attributes
    ----------
    before, after
        Shapes (P,) and (Q,): coefficients in time order; the reference period, whose
        coefficient is zero, lies between them.
    covariance
        Shape (P + Q, P + Q), `before` first.
    weights
        Shape (Q,): the target is this weighted sum of effects after adoption.
    """

    before: Floats = field(repr=False)
    after: Floats = field(repr=False)
    covariance: Floats = field(repr=False)
    weights: Floats = field(repr=False)

    @property
    def target(self) -> float:
        """The target under parallel trends."""
        return float(self.weights @ self.after)

    def reach(self) -> float:
        """Return how far the target moves when every step after adoption is off by one."""
        return float(np.abs(np.cumsum(self.weights[::-1])).sum())


def relative_magnitudes(path: Path, *, bound: float, level: float) -> tuple[float, float]:
    """Return the confidence set for a bound relative to the largest step before adoption.

    Parameters
    ----------
    bound
        Mbar: a step after adoption is at most this times the largest before.
    level
        Coverage.
    """
    p, q = len(path.before), len(path.after)
    steps = np.zeros((p + 1, p + q))
    steps[0, p:] = path.weights
    for i in range(p):
        steps[i + 1, i] = -1.0
        if i + 1 < p:
            steps[i + 1, i + 1] = 1.0
    mean = steps @ np.concatenate([path.before, path.after])
    spread = steps @ path.covariance @ steps.T
    tests = [
        _Hybrid(spread, bound * path.reach(), s, sign, 1 - level)
        for s in range(1, p + 1)
        for sign in (1.0, -1.0)
    ]
    deviation = np.sqrt(np.diag(spread))
    widest = np.abs(mean[1:]).max() + 5 * deviation[1:].max()
    radius = bound * path.reach() * widest + 6 * deviation[0]

    def accepted(values: Floats) -> np.ndarray:
        return np.any([test.accepts(mean, values) for test in tests], axis=0)

    grid = mean[0] + radius * np.linspace(-1, 1, GRID)
    inside = np.flatnonzero(accepted(grid))
    if not len(inside):
        inside = np.array([GRID // 2])
    step = grid[1] - grid[0]
    low = _edge(accepted, grid[inside[0]], grid[inside[0]] - step)
    high = _edge(accepted, grid[inside[-1]], grid[inside[-1]] + step)
    return low, high


def _edge(accepted: Callable[[Floats], np.ndarray], inside: float, outside: float) -> float:
    """Find the edge of the accepted set between two points by halving."""
    for _ in range(14):
        middle = (inside + outside) / 2
        if accepted(np.array([middle]))[0]:
            inside = middle
        else:
            outside = middle
    return float(inside)


class _Hybrid:
    """The test that the target lies within the bound set by step `s` with this sign.

    That `s` is the largest step is not tested: the union over all steps and signs holds
    the same set of targets without those rows, and the test has more power.
    """

    def __init__(self, spread: Floats, bound: float, s: int, sign: float, size: float) -> None:
        k = len(spread)
        largest = np.zeros(k)
        largest[s] = sign
        rows = [np.eye(k)[0] - bound * largest, -np.eye(k)[0] - bound * largest]
        moments = np.array(rows)
        variance = np.einsum("ij,jk,ik->i", moments, spread, moments)
        self.moments = moments / np.sqrt(variance)[:, None]
        self.correlation = self.moments @ spread @ self.moments.T
        self.size = size
        self.first = FIRST_STAGE * size
        draws = np.random.default_rng(SEED).standard_normal((DRAWS, k))
        values, vectors = np.linalg.eigh(spread)
        root = vectors * np.sqrt(np.clip(values, 0, None))
        worst = (draws @ (self.moments @ root).T).max(axis=1)
        self.critical = float(np.quantile(worst, 1 - self.first))

    def accepts(self, mean: Floats, values: Floats) -> np.ndarray:
        """Return for each value of the target whether the test lets it stand."""
        shifted = np.repeat(mean[:, None], len(values), axis=1)
        shifted[0] -= values
        scores = self.moments @ shifted
        top = scores.argmax(axis=0)
        highest = scores.max(axis=0)
        rho = self.correlation[:, top]
        rest = scores - rho * highest
        with np.errstate(divide="ignore", invalid="ignore"):
            limits = np.where(rho < 1 - 1e-9, rest / (1 - rho), -np.inf)
        lower = limits.max(axis=0)
        size = (self.size - self.first) / (1 - self.first)
        below_lower = stats.norm.cdf(lower)
        reach = stats.norm.cdf(self.critical) - below_lower
        quantile = stats.norm.ppf(np.clip(below_lower + (1 - size) * reach, 0, 1))
        return (highest <= self.critical) & (highest <= np.maximum(quantile, 0.0))


def smoothness(path: Path, *, bound: float, level: float) -> tuple[float, float]:
    """Return the shortest fixed-length interval when slopes change by at most `bound`.

    Parameters
    ----------
    bound
        M: largest change of the trend's slope from one period to the next; 0: a
        straight line is extrapolated.
    """
    p, q = len(path.before), len(path.after)
    knots = p - 1
    curve = _curvature(p)
    ahead = np.arange(1.0, q + 1)
    distance = np.arange(-float(p), 0.0)
    trend = float(path.weights @ ahead)
    system = np.vstack([curve, distance])
    inverse = np.linalg.inv(system)
    fixed = inverse @ np.concatenate([np.zeros(knots), [-trend]])
    free = inverse[:, :knots]
    base = np.concatenate([fixed, path.weights])
    move = np.vstack([free, np.zeros((q, knots))])
    quadratic = move.T @ path.covariance @ move
    linear = move.T @ path.covariance @ base
    post = sum(abs(float(path.weights[k:] @ (ahead[k:] - k))) for k in range(q))

    def half(weights: Floats) -> float:
        whole = base + move @ weights
        deviation = float(np.sqrt(whole @ path.covariance @ whole))
        return _folded(bound * (post + np.abs(weights).sum()) / deviation, level) * deviation

    best = _shortest(quadratic, linear, half)
    whole = base + move @ best
    centre = float(whole @ np.concatenate([path.before, path.after]))
    return centre - half(best), centre + half(best)


def _curvature(p: int) -> Floats:
    """Return the rows that give the weight on each change of slope before adoption."""
    rows = np.zeros((p - 1, p))
    for k in range(p - 1):
        rows[k, : k + 1] = np.arange(k + 1, 0, -1)
    return rows


def _shortest(quadratic: Floats, linear: Floats, half: Callable[[Floats], float]) -> Floats:
    """Return the weights of the shortest interval on the path of penalties."""
    corners = _penalty_path(quadratic, linear)
    best = int(np.argmin([half(corner) for corner in corners]))
    around = corners[max(best - 1, 0) : best + 2]
    found = [(half(corners[best]), corners[best])]
    for start, end in pairwise(around):
        inner = optimize.minimize_scalar(
            lambda share, a=start, b=end: half(a + share * (b - a)),
            bounds=(0, 1),
            method="bounded",
            options={"xatol": 1e-8},
        )
        found.append((float(inner.fun), start + float(inner.x) * (end - start)))
    return min(found, key=lambda pair: pair[0])[1]


def _penalty_path(quadratic: Floats, linear: Floats) -> list[Floats]:
    """Return the corners of the minimisers of w'Qw + 2q'w + 2m|w| as m falls to zero.

    The path is a polygon (homotopy of the lasso): between corners the active weights
    move on a straight line; a corner is where a weight joins or leaves.
    """
    size = len(linear)
    corners = [np.zeros(size)]
    if size == 0 or np.abs(linear).max() == 0:
        return corners
    active = [int(np.abs(linear).argmax())]
    signs = [-np.sign(linear[active[0]])]
    penalty = float(np.abs(linear).max())
    for _ in range(20 * size):
        rest = np.setdiff1d(np.arange(size), active)
        solved = -np.linalg.solve(
            quadratic[np.ix_(active, active)], np.column_stack([linear[active], signs])
        )
        at, slope = solved.T
        pull = linear[rest] + quadratic[np.ix_(rest, active)] @ at
        turn = quadratic[np.ix_(rest, active)] @ slope
        with np.errstate(divide="ignore", invalid="ignore"):
            events = np.concatenate([pull / (1 - turn), -pull / (1 + turn), -at / slope])
        events = np.where((events > 0) & (events < penalty * (1 - 1e-10)), events, 0.0)
        which = int(events.argmax())
        penalty = float(events[which])
        corner = np.zeros(size)
        corner[active] = at + penalty * slope
        corners.append(corner)
        if penalty == 0:
            break
        if which < 2 * len(rest):
            joined = which % len(rest)
            active.append(int(rest[joined]))
            signs.append(-np.sign(pull[joined] + penalty * turn[joined]))
        else:
            left = which - 2 * len(rest)
            corners[-1][active[left]] = 0.0
            del active[left], signs[left]
        if not active:
            break
    return corners


def _folded(ratio: float, level: float) -> float:
    """Return the quantile of the absolute value of a normal with this mean."""
    return (
        float(np.sqrt(stats.ncx2.ppf(level, 1, ratio**2)))
        if ratio < 30
        else float(ratio + stats.norm.ppf(level))
    )
