"""Errors clustered by group, by formula and by leaving out one cluster at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from yuyao_lib.findings import Estimate
from yuyao_lib.methods.adoption import Floats, Meaning, require
from yuyao_lib.methods.clustered_regression import (
    ClusteredFit,
    Design,
    independent,
    regress,
    within,
)
from yuyao_lib.methods.samples import draw_sample
from yuyao_lib.methods.tabulation import rows_of
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["LeaveOneOut", "Regression", "clustered", "jackknife", "leave_one_out", "prepare"]

ONE_CLUSTER = Text(
    "there is a single cluster, so no uncertainty can be computed",
    "只有一个聚类，无法计算不确定性",
)
NO_VARIATION = Text(
    "the regressor is a combination of the controls and effects: nothing is left to compare",
    "该变量与控制变量及固定效应共线，没有可比较的变化",
)
ALONE = Text(
    "without one of the clusters the regressor no longer varies, so it cannot be left out",
    "剔除其中一个聚类后该变量不再变化，因此无法剔除",
)
CRV1 = Text(
    "CRV1: clustered in {clusters} groups, small-sample factor {factor:.4f} = G/(G-1) x"
    " (n-1)/(n-k), Student's t with G-1 degrees of freedom",
    "CRV1：按 {clusters} 个组聚类，小样本系数 {factor:.4f} = G/(G-1) × (n-1)/(n-k)，"
    "自由度 G-1 的 t 分布",
)
CRV3 = Text(
    "CRV3: each of {clusters} clusters left out in turn, factor (G-1)/G, Student's t with"
    " G-1 degrees of freedom",
    "CRV3：依次剔除 {clusters} 个聚类之一，系数 (G-1)/G，自由度 G-1 的 t 分布",
)


@dataclass(frozen=True, slots=True)
class Regression:
    """A regression whose first column is the regressor of interest.

    Attributes
    ----------
    design
        The columns, the absorbed factor taken out.
    labels
        Label of each cluster, in the order of their numbers.
    undefined
        Why the coefficient does not exist; None if it does.
    """

    design: Design
    labels: tuple[Any, ...]
    undefined: Text | None = None

    def fit(self) -> ClusteredFit:
        """Return coefficients with CRV1."""
        return regress(self.design)


@dataclass(frozen=True, slots=True)
class LeaveOneOut:
    """The coefficient without each cluster.

    Attributes
    ----------
    estimates
        The coefficient with all clusters (key ``all``), the lowest and the highest
        without one (``lowest``, ``highest``).
    labels, values
        Which cluster was left out, and the coefficient without it.
    most_influential
        The cluster whose leaving out moves the coefficient most.
    sign_changes
        How many clusters turn the sign when left out.
    """

    estimates: tuple[Estimate, ...]
    labels: tuple[Any, ...] = ()
    values: tuple[float, ...] = field(default=(), repr=False)
    most_influential: Any = None
    sign_changes: int = 0

    def to_frame(self) -> pd.DataFrame:
        """Return one row a cluster that is left out."""
        import pandas as pd

        return pd.DataFrame({"cluster": list(self.labels), "estimate": list(self.values)})

    def _repr_html_(self) -> str:
        return rows_of(self.estimates).to_html(index=False)


def prepare(
    frame: pd.DataFrame,
    *,
    outcome: str,
    regressor: str,
    cluster: str,
    controls: Sequence[str] = (),
    unit: str | None = None,
    period: str | None = None,
    weights: str | None = None,
) -> Regression:
    """Check a frame and build its columns.

    Parameters
    ----------
    frame
        One row an observation.
    outcome, regressor, controls, weights
        Columns of numbers.
    cluster
        Column of independent groups.
    unit
        Column whose effects are absorbed; each unit must lie in one cluster.
    period
        Column whose effects are added as columns.

    Raises
    ------
    DataError
        If a column cannot be used or a unit lies in two clusters.
    """
    import pandas as pd

    from yuyao_lib.errors import DataError

    keys = list(dict.fromkeys([cluster, *([unit] if unit else []), *([period] if period else [])]))
    measured = [outcome, regressor, *controls, *([weights] if weights else [])]
    require(frame, [*keys, *measured])
    rows = draw_sample(frame, numeric=list(dict.fromkeys(measured)), keys=keys).frame
    weight = rows[weights].to_numpy() if weights else np.ones(len(rows))
    if (weight <= 0).any():
        raise DataError(f"column {weights!r} must hold weights above 0.")
    groups, labels = pd.factorize(rows[cluster], sort=True)
    parts = [rows[[regressor, *controls]].to_numpy(dtype="float64")]
    names = [regressor, *controls]
    if period:
        shown = pd.get_dummies(rows[period], dtype="float64")
        parts.append(shown.to_numpy())
        names += [f"period_{name}" for name in shown.columns]
    if not unit and not period:
        parts.append(np.ones((len(rows), 1)))
        names.append("constant")
    y, x = rows[[outcome]].to_numpy(dtype="float64"), np.column_stack(parts)
    if unit:
        codes = pd.factorize(rows[unit])[0]
        _check_nested(codes, groups, unit, cluster)
        both = within(np.column_stack([y, x]), codes, weight)
        y, x = both[:, :1], both[:, 1:]
    design = _independent(Design(y[:, 0], x, tuple(names), weight, groups))
    return Regression(design, tuple(labels.tolist()), _why(design, regressor, len(labels)))


def _check_nested(units: np.ndarray, groups: np.ndarray, unit: str, cluster: str) -> None:
    """Refuse a unit that lies in two clusters: its effect would tie them together."""
    from yuyao_lib.errors import DataError

    pairs = np.unique(np.column_stack([units, groups]), axis=0)
    if len(pairs) > len(np.unique(units)):
        raise DataError(
            f"a {unit} lies in more than one {cluster}; clusters must hold whole units."
        )


def _independent(design: Design) -> Design:
    """Keep controls first when columns are collinear, the regressor last, then reorder."""
    order = np.r_[1 : design.x.shape[1], 0]
    kept = order[independent(design.x[:, order], design.weights)]
    kept = np.r_[kept[kept == 0], kept[kept != 0]]
    names = tuple(design.names[k] for k in kept)
    return Design(design.y, design.x[:, kept], names, design.weights, design.clusters)


def _why(design: Design, regressor: str, clusters: int) -> Text | None:
    """Say why the coefficient does not exist."""
    if clusters < 2:
        return ONE_CLUSTER
    return None if design.names and design.names[0] == regressor else NO_VARIATION


def clustered(frame: pd.DataFrame, *, meaning: Meaning | None = None, **columns: Any) -> Estimate:
    """Estimate a coefficient with errors clustered by group (CRV1).

    Parameters
    ----------
    frame, columns
        As in `prepare`.
    meaning
        What the number is about.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = pd.DataFrame({"firm": [1, 1, 2, 2, 3, 3, 4, 4], "d": [0, 1] * 4,
    ...                      "y": [1.0, 2.0, 1.0, 2.5, 2.0, 3.0, 1.0, 2.5]})
    >>> clustered(rows, outcome="y", regressor="d", cluster="firm").estimate
    1.25
    """
    meant = meaning or Meaning()
    regression = prepare(frame, **columns)
    if regression.undefined is not None:
        return meant.estimate("clustered", "clustered_errors", undefined=regression.undefined)
    fit = regression.fit()
    words = CRV1.format(clusters=fit.clusters, factor=fit.factor)
    value, error = float(fit.values[0]), float(np.sqrt(fit.covariance[0, 0]))
    return interval(meant, "clustered", "clustered_errors", value, error, fit, words)


def interval(
    meaning: Meaning,
    key: str,
    method: str,
    value: float,
    error: float,
    fit: ClusteredFit,
    words: Text,
) -> Estimate:
    """Build an estimate with Student's t with G-1 degrees of freedom."""
    from scipy import stats

    tail = stats.t(fit.clusters - 1)
    half = float(tail.ppf((1 + meaning.level) / 2)) * error
    known = error > 0
    return meaning.estimate(
        key,
        method,
        estimate=value,
        standard_error=error if known else None,
        low=value - half if known else None,
        high=value + half if known else None,
        p_value=float(2 * tail.sf(abs(value) / error)) if known else None,
        n=fit.n,
        clusters=fit.clusters,
        inference=words,
    )


def without_each(design: Design) -> Floats | None:
    """Return the coefficients without each cluster, shape (G, k); None if one is not defined.

    By the downdated normal equations, which is exact when absorbed units lie within
    clusters.
    """
    fit = regress(design)
    groups = fit.clusters
    weighted = design.x * design.weights[:, None]
    gram = np.zeros((groups, design.x.shape[1], design.x.shape[1]))
    for g in range(groups):
        rows = design.clusters == g
        gram[g] = weighted[rows].T @ design.x[rows]
    rest = gram.sum(axis=0) - gram
    # Only the first coefficient must survive; period columns may empty out.
    out = np.empty((groups, design.x.shape[1]))
    for g in range(groups):
        inverse = np.linalg.pinv(rest[g], rcond=1e-11, hermitian=True)
        if np.abs(inverse[0] @ rest[g] - np.eye(len(inverse))[0]).max() > 1e-6:
            return None
        out[g] = fit.values - inverse @ fit.scores[g]
    return out


def jackknife(frame: pd.DataFrame, *, meaning: Meaning | None = None, **columns: Any) -> Estimate:
    """Estimate a coefficient with cluster-jackknife errors (CRV3).

    Parameters
    ----------
    frame, columns, meaning
        As in `clustered`.

    Notes
    -----
    The spread of the leave-one-cluster-out coefficients around the full one, times
    (G-1)/G (MacKinnon, Nielsen and Webb 2023).
    """
    meant = meaning or Meaning()
    regression = prepare(frame, **columns)
    why = regression.undefined
    left = None if why else without_each(regression.design)
    if left is None:
        return meant.estimate("jackknife", "cluster_jackknife", undefined=why or ALONE)
    fit = regression.fit()
    gap = left[:, 0] - fit.values[0]
    error = float(np.sqrt((fit.clusters - 1) / fit.clusters * (gap**2).sum()))
    words = CRV3.format(clusters=fit.clusters)
    value = float(fit.values[0])
    return interval(meant, "jackknife", "cluster_jackknife", value, error, fit, words)


def leave_one_out(
    frame: pd.DataFrame, *, meaning: Meaning | None = None, **columns: Any
) -> LeaveOneOut:
    """Estimate a coefficient without each cluster in turn.

    Parameters
    ----------
    frame, columns, meaning
        As in `clustered`.
    """
    meant = meaning or Meaning()
    regression = prepare(frame, **columns)
    why = regression.undefined
    left = None if why else without_each(regression.design)
    keys = ("all", "lowest", "highest")
    if left is None:
        reason = why or ALONE
        return LeaveOneOut(
            tuple(meant.estimate(key, "leave_one_out", undefined=reason) for key in keys)
        )
    fit = regression.fit()
    full, values = float(fit.values[0]), left[:, 0]
    made = tuple(
        meant.estimate(key, "leave_one_out", estimate=value, n=fit.n, clusters=fit.clusters)
        for key, value in zip(keys, (full, values.min(), values.max()), strict=True)
    )
    most = regression.labels[int(np.abs(values - full).argmax())]
    turned = int((values * full < 0).sum())
    return LeaveOneOut(made, regression.labels, tuple(values.tolist()), most, turned)
