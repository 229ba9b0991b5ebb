"""Sums of group-time effects and their influence, whoever estimated them.

Lives here: the simple, group, calendar and dynamic weights of Callaway and Sant'Anna
(2021, section 3) with the part of the variance that comes from estimating the weights.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from yuyao_lib.methods.adoption import AdoptionPanel, Floats
from yuyao_lib.methods.cluster_sums import cluster_sums

__all__ = ["Combined", "combine", "covariance"]


@dataclass(frozen=True, slots=True)
class Combined:
    """One overall effect and its parts.

    Attributes
    ----------
    labels
        What each part is: cohort, period or event time; empty for ``simple``.
    parts, overall
        Shape (k,) and a number.
    parts_influence, overall_influence
        Shapes (N, k) and (N,), mean zero, scaled so that the variance is
        ``sum(influence ** 2) / N ** 2``.
    """

    labels: Floats
    parts: Floats
    overall: float
    parts_influence: Floats
    overall_influence: Floats


def covariance(influence: Floats, clusters: np.ndarray) -> Floats:
    """Return the covariance of estimates from their influence, summed within clusters.

    Parameters
    ----------
    influence
        Shape (N, k).
    clusters
        Shape (N,), numbers from 0.

    Examples
    --------
    >>> covariance(np.array([[1.0], [-1.0]]), np.array([0, 1])).tolist()
    [[0.5]]
    """
    sums = cluster_sums(influence, clusters)
    return sums.T @ sums / len(influence) ** 2


def combine(
    kind: str, panel: AdoptionPanel, group: Floats, time: Floats, att: Floats, influence: Floats
) -> Combined:
    """Sum group-time effects.

    Parameters
    ----------
    kind
        ``simple``, ``group``, ``calendar`` or ``dynamic``.
    group, time, att
        Shape (k,): cohort, period and effect of each cell.
    influence
        Shape (N, k).
    """
    post = time >= group
    share = _Shares(panel, group)
    if kind == "simple":
        overall, part = share.sum(post, att, influence)
        nothing = np.empty(0)
        return Combined(nothing, nothing, overall, np.empty((len(part), 0)), part)
    labels, cells = _cells(kind, group, time, post)
    if kind == "group":
        found = [(float(att[c].mean()), influence[:, c].mean(axis=1)) for c in cells]
    else:
        found = [share.sum(c, att, influence) for c in cells]
    parts = np.array([value for value, _ in found])
    spread = np.column_stack([column for _, column in found])
    if kind == "group":
        weigh = _Shares(panel, labels)
        overall, part = weigh.sum(np.ones(len(labels), bool), parts, spread)
    else:
        after = labels >= 0 if kind == "dynamic" else np.ones(len(labels), bool)
        overall, part = float(parts[after].mean()), spread[:, after].mean(axis=1)
    return Combined(labels, parts, overall, spread, part)


def _cells(
    kind: str, group: Floats, time: Floats, post: np.ndarray
) -> tuple[Floats, list[np.ndarray]]:
    """Return the label of each part and which cells it is made of."""
    if kind == "dynamic":
        event = time - group
        labels = np.unique(event)
        return labels, [event == label for label in labels]
    by = group if kind == "group" else time
    labels = np.unique(by[post])
    return labels, [(by == label) & post for label in labels]


class _Shares:
    """Weights of cells by the share of units in their cohort."""

    def __init__(self, panel: AdoptionPanel, group: Floats) -> None:
        weights = panel.weights / panel.weights.mean()
        self.member = (panel.first[:, None] == group[None, :]) * weights[:, None]
        self.share = self.member.mean(axis=0)

    def sum(self, cells: np.ndarray, att: Floats, influence: Floats) -> tuple[float, Floats]:
        """Return the weighted mean of cells and its influence, weights estimated."""
        share = self.share[cells]
        total = share.sum()
        weight = share / total
        moved = self.member[:, cells] - share
        estimated = moved / total - np.outer(moved.sum(axis=1), share / total**2)
        spread = influence[:, cells] @ weight + estimated @ att[cells]
        return float(weight @ att[cells]), spread
