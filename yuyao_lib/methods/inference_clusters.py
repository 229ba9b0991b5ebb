"""Errors clustered by group, by formula and by leaving out one cluster at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from yuyao_lib.findings import Estimate
from yuyao_lib.methods.adoption import Meaning
from yuyao_lib.methods.adoption_periods import require
from yuyao_lib.methods.clustered_regression import (
    ClusteredFit,
    Design,
    independent,
    regress,
    within,
)
from yuyao_lib.methods.samples import ALIKE, alike, draw_sample
from yuyao_lib.methods.wald_intervals import wald
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Regression", "clustered", "interval", "prepare"]

ONE_CLUSTER = Text(
    "there is a single cluster, so no uncertainty can be computed",
    "只有一个聚类，无法计算不确定性",
)
NO_VARIATION = Text(
    "the regressor is a combination of the controls and effects: nothing is left to compare",
    "该变量与控制变量及固定效应共线，没有可比较的变化",
)
CRV1 = Text(
    "CRV1: clustered in {clusters} groups, small-sample factor {factor:.4f} = G/(G-1) x"
    " (n-1)/(n-k), Student's t with G-1 degrees of freedom",
    "CRV1：按 {clusters} 个组聚类，小样本系数 {factor:.4f} = G/(G-1) × (n-1)/(n-k)，"
    "自由度 G-1 的 t 分布",
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
    why = _why(design, regressor, len(labels))
    if why is None and alike(design.y, like=rows[outcome]):
        why = ALIKE
    return Regression(design, tuple(labels.tolist()), why)


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
    return meaning.estimate(
        key,
        method,
        **wald(value, error, level=meaning.level, df=fit.clusters - 1),
        n=fit.n,
        clusters=fit.clusters,
        residual_df=fit.residual_df,
        inference=words,
    )
