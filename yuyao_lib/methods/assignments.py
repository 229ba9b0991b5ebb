"""The effect of adoption for any assignment of adoption dates, fast enough to redraw.

Lives here: the simple group-time effect (regression-adjusted, Callaway and Sant'Anna
2021) and the two-way coefficient, with the influence of each unit, as functions of who
adopted when. Written so that the outcome and the treatment itself go through together:
then the effect at any hypothesised value is known at once. Does not live here: the
published group-time numbers, which come from `group_time`.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from yuyao_lib.methods.adoption import AdoptionPanel, Controls, Floats

__all__ = [
    "EffectOf",
    "adjusted_effect",
    "never_treated_effect",
    "simple_effect",
    "two_way_effect",
]

EffectOf = Callable[[AdoptionPanel, Floats, Floats], tuple[Floats, Floats]]


def simple_effect(
    panel: AdoptionPanel,
    first: Floats,
    outcomes: Floats,
    *,
    controls: Controls = "never",
    anticipation: int = 0,
) -> tuple[Floats, Floats]:
    """Return the mean effect over treated cells and each unit's influence.

    Parameters
    ----------
    panel
        Periods, weights and covariates.
    first
        Shape (N,): adoption dates, which need not be the panel's own.
    outcomes
        Shape (N, T, m).
    controls, anticipation
        As in `group_time`.

    Returns
    -------
    values, influence
        Shapes (m,) and (N, m); the variance is ``sum(influence ** 2) / N ** 2``.
    """
    if controls == "never" and panel.covariates.shape[2] == 0:
        return never_treated_effect(panel, first, outcomes, anticipation=anticipation)
    return adjusted_effect(panel, first, outcomes, controls=controls, anticipation=anticipation)


def never_treated_effect(
    panel: AdoptionPanel, first: Floats, outcomes: Floats, *, anticipation: int = 0
) -> tuple[Floats, Floats]:
    """Return the same as `simple_effect` for never-treated controls and no covariates.

    Each cohort's comparison is one contrast over periods, the same for all controls, so
    that a control enters by a single product with the sum of the contrasts.
    """
    periods, n = panel.periods, len(first)
    weights = panel.weights / panel.weights.mean()
    pool = np.flatnonzero(first > periods[-1])
    mean = np.einsum("n,ntm->tm", weights[pool], outcomes[pool]) / weights[pool].sum()
    whole = np.zeros(len(periods))
    parts = []
    for cohort in np.unique(first[(first > periods[0]) & (first <= periods[-1])]):
        base = int(np.searchsorted(periods, cohort)) - 1 - anticipation
        if base < 0:
            continue
        contrast = (periods >= cohort).astype("float64")
        count = contrast.sum()
        contrast[base] -= count
        members = np.flatnonzero(first == cohort)
        changes = np.einsum("ntm,t->nm", outcomes[members], contrast)
        mass = weights[members].sum()
        average = weights[members] @ changes / mass
        parts.append((members, changes - average, average - contrast @ mean, mass / n, count))
        whole += mass / n * contrast
    if not parts:
        return np.full(outcomes.shape[2], np.nan), np.zeros((n, outcomes.shape[2]))
    cells = sum(share * count for *_, share, count in parts)
    overall = sum(share * effect for _, _, effect, share, _ in parts) / cells
    influence = np.zeros((n, outcomes.shape[2]))
    for members, gaps, effect, _, count in parts:
        influence[members] = weights[members][:, None] * (gaps + effect - count * overall)
    pulled = np.einsum("ntm,t->nm", outcomes[pool], whole) - whole @ mean
    influence[pool] = -(n / weights[pool].sum()) * weights[pool][:, None] * pulled
    return overall, influence / cells


def adjusted_effect(
    panel: AdoptionPanel,
    first: Floats,
    outcomes: Floats,
    *,
    controls: Controls,
    anticipation: int,
) -> tuple[Floats, Floats]:
    """Return the same as `simple_effect` for any controls, with covariates or without."""
    periods, n = panel.periods, len(first)
    weights = panel.weights / panel.weights.mean()
    cohorts = np.unique(first[(first > periods[0]) & (first <= periods[-1])])
    total, cells = np.zeros(outcomes.shape[2]), 0.0
    influence, counts = np.zeros((n, outcomes.shape[2])), np.zeros(n)
    for cohort in cohorts:
        members = first == cohort
        share = weights[members].mean() * members.mean()
        base = int(np.searchsorted(periods, cohort)) - 1 - anticipation
        if base < 0:
            continue
        for pool, times in _pools(first, periods, cohort, controls, anticipation):
            values, moved = _cohort(panel, members, pool, base, times, outcomes, weights)
            total += share * values.sum(axis=0)
            cells += share * len(times)
            counts[members] += len(times)
            influence += share * moved
            influence += np.outer(members * weights - share, values.sum(axis=0))
    if cells == 0:
        return np.full(outcomes.shape[2], np.nan), influence
    overall = total / cells
    shares = np.outer(weights * counts - cells, overall)  # estimating the cohorts' shares
    return overall, (influence - shares) / cells


def _pools(
    first: Floats, periods: Floats, cohort: float, controls: Controls, anticipation: int
) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return each set of controls with the periods it serves."""
    after = np.flatnonzero(periods >= cohort)
    if controls == "never":
        return [(first > periods[-1], after)]
    reach = np.array([periods[min(t + anticipation, len(periods) - 1)] for t in after])
    return [
        (pool, after[[k]])
        for k, limit in enumerate(reach)
        if (pool := (first > limit) & (first != cohort)).any()
    ]


def _cohort(
    panel: AdoptionPanel,
    members: np.ndarray,
    pool: np.ndarray,
    base: int,
    times: np.ndarray,
    outcomes: Floats,
    weights: Floats,
) -> tuple[Floats, Floats]:
    """Return one cohort's effects, shape (times, m), and influence summed over periods."""
    n, m = len(members), outcomes.shape[2]
    change = (outcomes[:, times] - outcomes[:, [base]]).reshape(n, -1)
    x = np.column_stack([np.ones(n), panel.covariates[:, base]])
    xc, wc = x[pool], weights[pool]
    bread = np.linalg.pinv((xc * wc[:, None]).T @ xc, hermitian=True)
    slope = bread @ ((xc * wc[:, None]).T @ change[pool])
    gap = change - x @ slope
    mass = weights[members].sum()
    effect = weights[members] @ gap[members] / mass
    influence = np.zeros((n, m))
    total = len(times)
    treated = (gap[members] - effect).reshape(-1, total, m).sum(axis=1)
    influence[members] = n * weights[members][:, None] / mass * treated
    lever = (weights[members] @ x[members] / mass) @ bread
    pull = n * (wc * (xc @ lever))[:, None]
    influence[pool] = -pull * gap[pool].reshape(-1, total, m).sum(axis=1)
    return effect.reshape(total, m), influence


def two_way_effect(panel: AdoptionPanel, first: Floats, outcomes: Floats) -> tuple[Floats, Floats]:
    """Return the two-way fixed-effects coefficient and each unit's influence.

    Parameters
    ----------
    panel, first, outcomes
        As in `simple_effect`.
    """
    w = panel.weights / panel.weights.sum()
    d = _swept((panel.periods >= first[:, None]).astype("float64")[:, :, None], w)[:, :, 0]
    y = _swept(outcomes, w)
    lever = w[:, None] * d
    total = float((lever * d).sum())
    if total <= 0:
        return np.full(outcomes.shape[2], np.nan), np.zeros((len(first), outcomes.shape[2]))
    values = np.einsum("nt,ntm->m", lever, y) / total
    residual = y - d[:, :, None] * values
    return values, len(first) * np.einsum("nt,ntm->nm", lever, residual) / total


def _swept(values: Floats, w: Floats) -> Floats:
    """Subtract unit means and weighted period means."""
    by_period = np.einsum("n,ntm->tm", w, values)
    centred = values - values.mean(axis=1, keepdims=True) - by_period
    return centred + by_period.mean(axis=0)
