"""Leave-out variance components of a two-way model of matches (Kline, Saggio, Solvsten 2020).

Lives here: the set of employers in which every match can be left out, the equations of
employers once workers are taken out of them, and quadratic forms with their correction.
Does not live here: pay, grades or words.
"""

# The type check does not follow numpy, so it cannot infer the type of a new array.
# mypy: disable-error-code="var-annotated"

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from yuyao_lib.methods.adoption import Floats

__all__ = ["FORMS", "Forms", "forms", "leave_out_firms"]

FORMS = ("firm", "worker", "covariance")
MOST_FIRMS = 12_000  # employers whose equations are solved at once; memory grows with the square
LENGTHS = (1, 2, 3, 5, 9, 17, 10**6)  # classes of match length, in periods


@dataclass(frozen=True, slots=True)
class Forms:
    """Variances and covariance of worker and employer effects, weighted by periods.

    Attributes
    ----------
    plug_in, corrected, error
        Form -> value as estimated, value less the bias of noise, and its standard error
        with the effects as they are.
    alpha, psi
        Shape (matches,): the worker's and the employer's effect of each match.
    leverage
        Shape (matches,): 1 for the single match of a stayer.
    """

    plug_in: dict[str, float]
    corrected: dict[str, float]
    error: dict[str, float]
    alpha: Floats
    psi: Floats
    leverage: Floats


def leave_out_firms(worker: np.ndarray, firm: np.ndarray, n: Floats) -> np.ndarray:
    """Say which matches belong to the largest set that stays connected without any one match.

    Employers are tied by workers who were with several. A match whose loss would cut the
    graph in two is a bridge; between bridges lie sets of which the one with most periods
    is kept. A tree edge is a bridge if no other edge spans it, which sums of random marks
    tell (exclusive or; false with probability 2^-63).

    Parameters
    ----------
    worker, firm
        Shape (matches,): numbers.
    n
        Shape (matches,): periods.

    Returns
    -------
    ndarray of bool
        Shape (matches,).

    Examples
    --------
    >>> w = np.array([0, 0, 1, 1, 2, 2, 3])
    >>> f = np.array([0, 1, 0, 1, 1, 2, 0])
    >>> leave_out_firms(w, f, np.ones(7)).tolist()  # one worker alone ties the last employer
    [True, True, True, True, True, False, True]
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    movers = np.bincount(worker)[worker] > 1
    firms = int(firm.max()) + 1
    if not movers.any():
        largest = np.bincount(firm, weights=n).argmax()
        return firm == largest
    people, place = np.unique(worker[movers], return_inverse=True)
    left, right = firm[movers].astype("int64"), place + firms
    bridge = _bridges(left, right, firms + len(people))
    nodes = firms + len(people)
    kept = coo_array((np.ones((~bridge).sum()), (left[~bridge], right[~bridge])), (nodes, nodes))
    part = connected_components(kept.tocsr(), directed=False)[1][:firms]
    weight = np.bincount(part[firm], weights=n)
    return part[firm] == weight.argmax()


def _bridges(left: np.ndarray, right: np.ndarray, nodes: int) -> np.ndarray:
    """Say of each edge of a graph whether its loss would cut it in two."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import breadth_first_order, connected_components

    graph = coo_array((np.ones(len(left)), (left, right)), (nodes, nodes)).tocsr()
    parts = connected_components(graph, directed=False)[1]
    # one more node that is tied to each part once makes it a single tree, without a cycle
    roots = np.unique(parts, return_index=True)[1]
    ends = (np.concatenate([left, roots]), np.concatenate([right, np.full(len(roots), nodes)]))
    whole = coo_array((np.ones(len(ends[0])), ends), (nodes + 1, nodes + 1)).tocsr()
    order, parent = breadth_first_order(whole, nodes, directed=False)
    in_tree = (parent[left] == right) | (parent[right] == left)
    marks = np.random.default_rng(0).integers(1, 2**63 - 1, len(left))
    held = np.zeros(nodes + 1, dtype="int64")
    for side in (left, right):
        np.bitwise_xor.at(held, side[~in_tree], marks[~in_tree])
    totals, up = held.tolist(), parent.tolist()
    for node in order[:0:-1].tolist():
        totals[up[node]] ^= totals[node]
    child = np.where(parent[left] == right, left, right)
    return in_tree & (np.array(totals)[child] == 0)


def forms(
    worker: np.ndarray, firm: np.ndarray, n: Floats, pays: Sequence[Floats]
) -> tuple[Forms, ...]:
    r"""Estimate the variance of employer and worker effects and their covariance.

    With :math:`\bar y_m = \alpha_w + \psi_f + e_m`, weighted by periods, the plug-in
    variance exceeds the true one by :math:`\sum_m B_{mm} \mathrm{Var}(e_m)`; the variance
    of a match's noise is estimated without it by :math:`\bar y_m \hat e_m/(1-P_{mm})`, so
    that serial dependence within a match does no harm. The single match of a stayer cannot
    be left out: its noise is taken as that of movers' matches of like length.

    Parameters
    ----------
    worker, firm, n
        Shape (matches,): of a set that `leave_out_firms` kept.
    pays
        One or more measures of pay, shape (matches,); the equations, which take the time,
        are solved once for all.

    Returns
    -------
    tuple of Forms
        One a measure.

    Raises
    ------
    ValueError
        If there are more employers than can be solved at once.
    """
    firm = np.unique(firm, return_inverse=True)[1]
    worker = np.unique(worker, return_inverse=True)[1]
    k, whole = int(firm.max()) + 1, float(n.sum())
    if k > MOST_FIRMS:
        raise ValueError(f"{k} employers; at most {MOST_FIRMS} are solved at once")
    spent = np.bincount(worker, weights=n)
    share = n / spent[worker]
    moving = np.flatnonzero(np.bincount(worker)[worker] > 1)
    one, two = _pairs(worker[moving])
    one, two = moving[one], moving[two]
    g = _inverse(firm, n, share, one, two, k)
    q = np.bincount(firm, weights=n, minlength=k) / whole
    gc, own, cross = _around(g, firm, share, one, two, worker)
    mc, _, _ = _around(_weighted_square(g, q), firm, share, one, two, worker)
    leverage = n * (1 / spent[worker] + gc)
    bias = _bias(n, whole, spent[worker], gc, mc, cross - own, _less(g @ q, firm, share, worker))
    solved = (g, q, share, whole)
    return tuple(_forms_of(pay, worker, firm, n, solved, leverage, bias) for pay in pays)


def _forms_of(
    pay: Floats, worker: np.ndarray, firm: np.ndarray, n: Floats,
    solved: tuple[Floats, Floats, Floats, float], leverage: Floats, bias: dict[str, Floats],
) -> Forms:  # fmt: skip
    """Estimate effects of one measure of pay, and their forms."""
    g, q, share, whole = solved
    y = pay - np.average(pay, weights=n)
    mean = np.bincount(worker, weights=share * y)
    psi = g @ np.bincount(firm, weights=n * (y - mean[worker]), minlength=len(q))
    psi -= q @ psi
    alpha = mean - np.bincount(worker, weights=share * psi[firm])
    alpha -= np.bincount(worker, weights=n * alpha[worker] / whole).sum()
    residual = y - alpha[worker] - psi[firm]
    moving = np.bincount(worker)[worker] > 1
    noise, smooth, place = _noise(y, residual, leverage, n, moving)
    a, f = alpha[worker], psi[firm]
    plug = {"firm": float(q @ psi**2), "worker": float(n @ a**2) / whole,
            "covariance": float(n @ (a * f)) / whole}  # fmt: skip
    corrected = {name: plug[name] - float(bias[name] @ noise) for name in FORMS}
    slopes = _slopes(g, firm, worker, n, share, whole, a, psi, q)
    error = {
        name: float(np.sqrt(slopes[name] ** 2 @ smooth
                            + _doubt(bias[name], noise, smooth, place, moving)))
        for name in FORMS
    }  # fmt: skip
    return Forms(plug, corrected, error, a, f, leverage)


def _pairs(worker: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return all ordered pairs of matches of the same worker, each with itself too."""
    order = np.argsort(worker, kind="stable")
    counts = np.bincount(worker)
    counts = counts[counts > 0]
    first = np.repeat(np.cumsum(counts) - counts, counts)
    size = np.repeat(counts, counts)
    one = np.repeat(np.arange(len(worker)), size)
    inside = np.arange(len(one)) - np.repeat(np.cumsum(size) - size, size)
    return order[one], order[first[one] + inside]


def _inverse(
    firm: np.ndarray, n: Floats, share: Floats, one: np.ndarray, two: np.ndarray, k: int
) -> Floats:
    """Invert the employers' equations, the last employer's effect set to zero."""
    from scipy.linalg import lapack

    table = np.bincount(firm[one] * k + firm[two], weights=-n[one] * share[two], minlength=k * k)
    table = table.reshape(k, k)
    table[np.diag_indices(k)] += np.bincount(firm[one[one == two]], weights=n[one[one == two]],
                                             minlength=k)  # fmt: skip
    inner = np.asfortranarray(table[:-1, :-1])
    del table
    if k == 1:
        return np.zeros((1, 1))
    factor, failed = lapack.dpotrf(inner, lower=1, overwrite_a=1)
    upper, worse = lapack.dpotri(factor, lower=1, overwrite_c=1)
    if failed or worse:
        raise ValueError("the employers' equations are singular")
    found = np.zeros((k, k))
    found[:-1, :-1] = np.tril(upper) + np.tril(upper, -1).T
    return found


def _weighted_square(g: Floats, q: Floats) -> Floats:
    """Return g diag(q) g of a symmetric matrix."""
    from scipy.linalg import blas

    half = blas.dsyrk(1.0, np.asfortranarray(g * np.sqrt(q)), lower=1)
    return np.tril(half) + np.tril(half, -1).T


def _around(
    g: Floats, firm: np.ndarray, share: Floats, one: np.ndarray, two: np.ndarray,
    worker: np.ndarray,
) -> tuple[Floats, Floats, Floats]:  # fmt: skip
    """Return c'gc of each match, c its employer less the worker's mean one, and two parts of it.

    The parts are p'gp and e'gp, with p the worker's shares and e the match's employer.
    """
    size = len(firm)
    cross = np.bincount(one, weights=share[two] * g[firm[one], firm[two]], minlength=size)
    moving = np.zeros(size, dtype=bool)
    moving[one] = True
    own = np.bincount(worker, weights=share * cross)[worker]
    found = np.where(moving, g[firm, firm] - 2 * cross + own, 0.0)
    return found, own, cross


def _less(values: Floats, firm: np.ndarray, share: Floats, worker: np.ndarray) -> Floats:
    """Return each match's employer's value less the worker's mean of them."""
    return values[firm] - np.bincount(worker, weights=share * values[firm])[worker]


def _bias(
    n: Floats, whole: float, spent: Floats, gc: Floats, mc: Floats, apart: Floats, centre: Floats
) -> dict[str, Floats]:
    """Return how much each match's noise adds to every form (B of the paper)."""
    square, share = n**2, n / whole
    means = share - n * centre
    spread = square * (mc - gc / whole)
    return {
        "firm": square * (mc - centre**2),
        "worker": spread - 2 * square * apart / whole + square / (whole * spent) - means**2,
        "covariance": square * apart / whole - spread - means * n * centre,
    }


def _noise(
    y: Floats, residual: Floats, leverage: Floats, n: Floats, moving: np.ndarray
) -> tuple[Floats, Floats, np.ndarray]:
    """Return each match's variance of noise, its mean over like lengths, and which these are.

    Within a class the mean is tilted along one over the length, as the class and those beside
    it are, so that stayers, whose matches are the longest, are not given the noise of shorter
    ones. Noise that lasts as long as the match has no such slope, and none is found.
    """
    each = np.zeros(len(y))
    each[moving] = y[moving] * residual[moving] / (1 - leverage[moving])
    length = np.digitize(n, LENGTHS)
    count = np.bincount(length[moving], minlength=len(LENGTHS) + 1)
    total = np.bincount(length[moving], weights=each[moving], minlength=len(LENGTHS) + 1)
    known = np.flatnonzero(count >= 30)
    if not len(known):
        flat = np.full(len(y), max(each[moving].mean(), 0.0) if moving.any() else 0.0)
        return np.where(moving, each, flat), flat, np.zeros(len(y), dtype="int64")
    nearest = known[np.abs(known[None, :] - np.arange(len(count))[:, None]).argmin(axis=1)]
    place = nearest[length]
    slope, middle = _tilt(each[moving], 1 / n[moving], length[moving], len(count))
    mean = np.divide(total, count, out=np.zeros(len(count)), where=count > 0)
    tilted = mean[place] + slope[place] * (1 / n - middle[place])
    smooth = np.clip(tilted, 0.0, 2 * np.clip(mean[place], 0.0, None))
    return np.where(moving, each, smooth), smooth, place


def _tilt(each: Floats, inverse: Floats, length: np.ndarray, classes: int) -> tuple[Floats, Floats]:
    """Return the slope of noise along one over the length near each class, and its middle."""

    def sums(values: Floats) -> Floats:
        own = np.bincount(length, weights=values, minlength=classes)
        return own + np.append(own[1:], 0.0) + np.append(0.0, own[:-1])

    count = np.maximum(sums(np.ones(len(each))), 1.0)
    x, y = sums(inverse) / count, sums(each) / count
    spread = sums(inverse**2) / count - x**2
    joint = sums(inverse * each) / count - x * y
    slope = np.divide(joint, spread, out=np.zeros(classes), where=spread > 1e-12)
    own = np.maximum(np.bincount(length, minlength=classes), 1)
    return slope, np.bincount(length, weights=inverse, minlength=classes) / own


def _doubt(
    bias: Floats, noise: Floats, smooth: Floats, place: np.ndarray, moving: np.ndarray
) -> float:
    """Return the variance that the correction itself adds: noise is estimated, match by match.

    A mover's estimate serves the mover's own match and, through the mean of its class, every
    stayer of like length; with many stayers and few movers this is most of the error.
    """
    classes = int(place.max()) + 1
    count = np.bincount(place[moving], minlength=classes)
    lent = np.bincount(place[~moving], weights=(bias * smooth)[~moving], minlength=classes)
    level = np.bincount(place[moving], weights=smooth[moving], minlength=classes)
    share = np.divide(lent, level, out=np.zeros(classes), where=level > 0)
    spread = (noise - smooth)[moving]
    squares = np.bincount(place[moving], weights=spread**2, minlength=classes)
    variance = np.divide(squares, count, out=np.zeros(classes), where=count > 0)
    weight = bias[moving] + share[place[moving]]
    return float(weight**2 @ variance[place[moving]])


def _slopes(
    g: Floats, firm: np.ndarray, worker: np.ndarray, n: Floats, share: Floats, whole: float,
    a: Floats, psi: Floats, q: Floats,
) -> dict[str, Floats]:  # fmt: skip
    """Return how every form moves with each match's pay."""
    k = len(psi)
    z = np.bincount(firm, weights=n * a / whole, minlength=k)
    mean = np.bincount(worker, weights=share * psi[firm])[worker]
    spread = np.bincount(firm, weights=n * mean / whole, minlength=k)  # P'W P psi
    by_firm = n * _less(g @ (q * psi), firm, share, worker)
    by_worker = n * _less(g @ z, firm, share, worker)
    return {
        "firm": 2 * by_firm,
        "worker": 2 * (n * a / whole - by_worker),
        "covariance": n * mean / whole - n * _less(g @ spread, firm, share, worker) + by_worker,
    }
