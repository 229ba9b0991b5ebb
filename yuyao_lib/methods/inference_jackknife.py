"""Leaving out one cluster at a time: CRV3, and which cluster carries the coefficient."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from yuyao_lib.findings import Estimate
from yuyao_lib.methods.adoption import Floats, Meaning
from yuyao_lib.methods.clustered_regression import Design, regress
from yuyao_lib.methods.inference_clusters import interval, prepare
from yuyao_lib.methods.tabulation import rows_of
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ALONE", "LeaveOneOut", "jackknife", "leave_one_out", "without_each"]

TOPIC = "contracts"

ALONE = Text(
    "without one of the clusters the regressor no longer varies, so it cannot be left out",
    "剔除其中一个聚类后该变量不再变化，因此无法剔除",
)
CRV3 = Text(
    "CRV3: each of {clusters} clusters left out in turn, factor (G-1)/G, Student's t with"
    " G-1 degrees of freedom",
    "CRV3：依次剔除 {clusters} 个聚类之一，系数 (G-1)/G，自由度 G-1 的 t 分布",
)


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
