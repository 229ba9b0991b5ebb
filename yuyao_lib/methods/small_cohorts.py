"""What the errors of a regression miss where cohorts are small, for the intervals of effects.

Lives here: the covariance with small cohorts' residuals made whole. Does not live here: the
regressions whose effects it is for (``event_regressions``).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from yuyao_lib.methods.adoption import AdoptionPanel, Floats
from yuyao_lib.methods.cluster_sums import cluster_sums
from yuyao_lib.methods.clustered_regression import ClusteredFit, Design

__all__ = ["made_whole"]

ALONE = 1 - 1e-9  # share of its cohort from which a cluster is all of it


def made_whole(
    fit: ClusteredFit,
    design: Design,
    panel: AdoptionPanel,
    keep: NDArray[np.bool_],
    cells: dict[tuple[float, float], str],
    mean: float,
) -> ClusteredFit:
    r"""Return a fit whose covariance gives back what small cohorts' own columns take.

    A coefficient for every cohort and period is a mean of the cohort's clusters, so that a
    cluster with the share s of its cohort keeps only part of its own deviation: each residual
    is divided by :math:`\sqrt{1-s}`. A cluster that is all of its cohort keeps nothing; what
    its coefficients lie from the mean effect (before adoption: from nothing) stands in,
    which errs on the wide side where effects do differ (as the coarser averages of Borusyak,
    Jaravel and Spiess 2024, section 4.3).

    Parameters
    ----------
    fit, design
        As fitted.
    panel, keep
        Whose cells `keep` are the rows of the design, in order.
    cells
        Name of the column of each cohort and period that has one.
    mean
        The mean effect.

    Examples
    --------
    >>> import pandas as pd
    >>> from yuyao_lib.methods.event_regressions import sun_abraham
    >>> rows = pd.DataFrame([(f, t, f + t + (f < 2) * (t > 1 + f) + ((7 * f + 3 * t) % 5) / 10,
    ...                       (f < 2) * (2 + f)) for f in range(12) for t in range(1, 5)],
    ...                     columns=["firm", "year", "pay", "since"])
    >>> effect = sun_abraham(rows, outcome="pay", unit="firm", period="year",
    ...                      first_treated="since").overall
    >>> effect.high - effect.low > 2 * 12.7 * effect.standard_error  # t with one degree
    True
    """
    x = design.x[:, [design.names.index(name) for name in fit.names]]
    residual = design.y - x @ fit.values
    share, lone = _shares(panel), np.zeros(panel.outcome.shape)
    for (cohort, time), name in cells.items():
        if name in fit.names:
            found = fit.values[fit.names.index(name)] - (mean if time >= cohort else 0.0)
            lone[np.ix_(panel.first == cohort, panel.periods == time)] = found
    own = np.broadcast_to(share[:, None], keep.shape)[keep]
    instead = (own > ALONE) & (lone[keep] != 0)
    given = residual / np.sqrt(1 - np.where(own > ALONE, 0.0, own))
    given = np.where(instead, lone[keep], given)
    scores = cluster_sums(x * (design.weights * given)[:, None], design.clusters)
    spread = fit.factor * fit.bread @ (scores.T @ scores) @ fit.bread
    return replace(fit, covariance=spread, scores=scores)


def _shares(panel: AdoptionPanel) -> Floats:
    """Return the share of its cohort that each unit's cluster is; zero where never treated."""
    share = np.zeros(len(panel.first))
    for cohort in panel.cohorts:
        rows = panel.first == cohort
        sums = np.bincount(panel.clusters[rows], weights=panel.weights[rows])
        share[rows] = (sums / sums.sum())[panel.clusters[rows]]
    return share
