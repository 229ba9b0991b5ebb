"""Weighted least squares with one absorbed factor and errors clustered by group.

Lives here: the arithmetic that staggered regressions and the tests on clusters share.
Does not live here: frames, words, or which coefficient matters.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from yuyao_lib.methods.adoption import AdoptionPanel, Floats
from yuyao_lib.methods.cluster_sums import cluster_sums

__all__ = ["ClusteredFit", "Design", "factor", "panel_design", "regress", "within"]

RANK_TOLERANCE = 1e-9
ROUNDING = 1e-12


@dataclass(frozen=True, slots=True)
class Design:
    """A regression before it is fitted, the absorbed factor already taken out.

    Attributes
    ----------
    y, x
        Shapes (n,) and (n, k).
    names
        Name of each column of `x`.
    weights, clusters
        Shape (n,).
    """

    y: Floats = field(repr=False)
    x: Floats = field(repr=False)
    names: tuple[str, ...]
    weights: Floats = field(repr=False)
    clusters: NDArray[np.int64] = field(repr=False)


@dataclass(frozen=True, slots=True)
class ClusteredFit:
    """Coefficients with their clustered covariance.

    Attributes
    ----------
    names, values, covariance
        Of the k columns that are not collinear with earlier ones.
    dropped
        Names of collinear columns.
    n, clusters, factor
        Rows, clusters, and the small-sample factor in `covariance`.
    scores
        Shape (clusters, k): sums of weighted score within clusters.
    bread
        Shape (k, k): inverse of the weighted cross-product.
    """

    names: tuple[str, ...]
    values: Floats
    covariance: Floats = field(repr=False)
    dropped: tuple[str, ...]
    n: int
    clusters: int
    factor: float
    scores: Floats = field(repr=False)
    bread: Floats = field(repr=False)

    @property
    def residual_df(self) -> int:
        """Rows less fitted columns and less one for each cluster, which may be swept out."""
        return self.n - len(self.names) - self.clusters

    def value(self, name: str) -> tuple[float, float] | None:
        """Return a coefficient and its standard error; None if it was dropped."""
        if name not in self.names:
            return None
        i = self.names.index(name)
        return float(self.values[i]), float(np.sqrt(max(self.covariance[i, i], 0.0)))

    def combination(self, weights: dict[str, float]) -> tuple[float, float]:
        """Return a weighted sum of coefficients and its standard error."""
        row = np.array([weights.get(name, 0.0) for name in self.names])
        return float(row @ self.values), float(np.sqrt(max(row @ self.covariance @ row, 0.0)))


def factor(*, n: int, clusters: int, columns: int) -> float:
    """Return the usual small-sample factor, G/(G-1) times (n-1)/(n-k).

    `columns` counts the fitted columns; an absorbed factor nested in the clusters is
    not counted (the rule of fixest and reghdfe).

    Examples
    --------
    >>> round(factor(n=100, clusters=10, columns=4), 4)
    1.1458
    """
    return clusters / (clusters - 1) * (n - 1) / max(n - columns, 1)


def within(values: Floats, units: NDArray[np.int64], weights: Floats) -> Floats:
    """Subtract weighted unit means from each column.

    Parameters
    ----------
    values
        Shape (n, k).
    units, weights
        Shape (n,).
    """
    total = np.bincount(units, weights=weights)
    out = np.empty_like(values)
    for k in range(values.shape[1]):
        mean = np.bincount(units, weights=weights * values[:, k]) / total
        out[:, k] = values[:, k] - mean[units]
        if np.abs(out[:, k]).max() <= ROUNDING * np.abs(values[:, k]).max():
            out[:, k] = 0.0  # constant within units: what is left is rounding
    return out


def panel_design(
    panel: AdoptionPanel,
    columns: Floats,
    names: Sequence[str],
    *,
    outcome: Floats | None = None,
    keep: NDArray[np.bool_] | None = None,
) -> Design:
    """Absorb unit effects and append period effects as columns.

    Parameters
    ----------
    columns
        Shape (N, T, k): regressors before the fixed effects.
    outcome
        Shape (N, T); None: that of the panel.
    keep
        Shape (N, T): rows used; None: all.
    """
    n, t = panel.outcome.shape
    used = np.ones(n * t, bool) if keep is None else keep.ravel()
    units = np.unique(np.repeat(np.arange(n), t)[used], return_inverse=True)[1]
    weights = np.repeat(panel.weights, t)[used]
    periods = np.tile(np.eye(t), (n, 1))[used]
    y = (panel.outcome if outcome is None else outcome).reshape(-1, 1)[used]
    x = np.column_stack([columns.reshape(n * t, -1)[used], periods])
    both = within(np.column_stack([y, x]), units, weights)
    labels = (*names, *(f"period_{panel.label(p)}" for p in panel.periods))
    groups = np.repeat(panel.clusters, t)[used]
    groups = np.unique(groups, return_inverse=True)[1]
    return Design(both[:, 0], both[:, 1:], labels, weights, groups)


def independent(x: Floats, weights: Floats) -> NDArray[np.int64]:
    """Return the columns that are no combination of earlier ones (modified Gram-Schmidt)."""
    root = np.sqrt(weights)[:, None]
    scaled = x * root
    size = np.sqrt((scaled**2).sum(axis=0))
    held = np.empty(x.shape, order="F")
    kept: list[int] = []
    for k in range(x.shape[1]):
        basis = held[:, : len(kept)]
        rest = scaled[:, k] - basis @ (basis.T @ scaled[:, k])
        rest -= basis @ (basis.T @ rest)
        length = float(np.sqrt(rest @ rest))
        if size[k] > 0 and length > RANK_TOLERANCE * size[k]:
            held[:, len(kept)] = rest / length
            kept.append(k)
    return np.array(kept, dtype="int64")


def regress(design: Design) -> ClusteredFit:
    """Fit a design; columns that are combinations of earlier ones are dropped by name.

    Examples
    --------
    >>> x = np.array([[1.0, 0.0], [1.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    >>> fit = regress(Design(np.array([1.0, 3.0, 1.0, 5.0]), x, ("const", "slope"),
    ...                      np.ones(4), np.arange(4)))
    >>> fit.values.round(6).tolist()
    [1.0, 3.0]
    """
    kept = independent(design.x, design.weights)
    x = design.x[:, kept]
    names = tuple(design.names[k] for k in kept)
    weighted = x * design.weights[:, None]
    bread = np.linalg.inv(weighted.T @ x)
    values = bread @ (weighted.T @ design.y)
    residual = design.y - x @ values
    scores = cluster_sums(weighted * residual[:, None], design.clusters)
    groups = len(scores)
    scale = factor(n=len(x), clusters=groups, columns=len(kept)) if groups > 1 else np.nan
    spread = scale * bread @ (scores.T @ scores) @ bread
    dropped = tuple(name for name in design.names if name not in names)
    return ClusteredFit(names, values, spread, dropped, len(x), groups, scale, scores, bread)
