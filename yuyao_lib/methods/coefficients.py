"""Coefficients of models of durations and counts as estimates, and as ratios.

Lives here: intervals on the log scale, ratios, and errors from leaving out one group at a
time. Does not live here: any model.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from yuyao_lib.errors import DataError, InputError, sentence
from yuyao_lib.findings import Design, Estimate
from yuyao_lib.methods.wald_intervals import wald
from yuyao_lib.progress import watched
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    from yuyao_lib.methods.adoption import Floats

__all__ = ["Told", "by_key", "group_words", "leave_one_group_out", "ratio_of"]

TOPIC = "disputes"
MOST_GROUPS = 300
NORMAL = Text("inverse Hessian of the likelihood, normal", "似然函数黑塞矩阵之逆，正态分布")
CAVEAT = Text(
    "Those that differ in this respect also differ in others that were not measured; this is a"
    " difference, not an effect.",
    "在此方面不同者也可能在未测量的方面不同；这是差异，不是因果效应。",
)
SHAPE = Text(
    "This describes the fitted model; it says nothing about causes.",
    "这只描述拟合的模型，不说明原因。",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What all estimates of one model share.

    Attributes
    ----------
    method, n, n_unit, level
        As in `Estimate`.
    clusters
        Groups behind the errors; None: rows are independent.
    inference
        How the errors were computed.
    residual_df
        Observations (of durations: endings) less fitted parameters; None without a model.
    """

    method: str
    n: int
    n_unit: str
    level: float
    clusters: int | None = None
    inference: Text = NORMAL
    residual_df: int | None = None

    def wald(self, key: str, value: float, error: float, **rest: Any) -> Estimate:
        """Return an estimate with the symmetric interval of its standard error."""
        df = self.clusters - 1 if self.clusters else None
        return self.given(key, **{**wald(value, error, level=self.level, df=df), **rest})

    def positive(self, key: str, log_value: float, log_error: float, **rest: Any) -> Estimate:
        """Return an estimate that cannot be negative, its interval from its log."""
        logs = self.wald(key, log_value, log_error, **rest)
        return replace(ratio_of(logs, unit=logs.unit), p_value=None)

    def given(self, key: str, **values: Any) -> Estimate:
        """Return an estimate with what all share."""
        shared = {
            "design": Design.OBSERVATIONAL,
            "caveat": CAVEAT,
            "inference": self.inference,
            "clusters": self.clusters,
            "cluster_unit": "spell_groups" if self.clusters else None,
            "residual_df": self.residual_df,
        }
        own = {"method": self.method, "n": self.n, "n_unit": self.n_unit, "level": self.level}
        return Estimate(key=key, **{**shared, **own, **values})

    def missing(self, key: str, why: Text, **rest: Any) -> Estimate:
        """Return an estimate that says why it has no value."""
        none = {"inference": None, "clusters": None, "cluster_unit": None, "residual_df": None}
        return self.given(key, undefined=why, **none, **rest)


def by_key(estimates: Iterable[Estimate], key: str) -> Estimate:
    """Return one estimate by its key.

    Raises
    ------
    InputError
        If there is none of this key.

    Examples
    --------
    >>> by_key([], "median")
    Traceback (most recent call last):
    yuyao_lib.errors.InputError: no estimate of this key: got 'median'.
    """
    found = {e.key: e for e in estimates}
    if key not in found:
        raise InputError(sentence("no estimate of this key", got=key, allowed=list(found)))
    return found[key]


def ratio_of(estimate: Estimate, *, unit: str) -> Estimate:
    """Turn a difference of logs into a ratio, its standard error by the delta method.

    Examples
    --------
    >>> logs = Told(method="weibull", n=9, n_unit="spells", level=0.95).wald(
    ...     "x", 0.0, 0.1, term="duration_difference", unit="log_points")
    >>> ratio_of(logs, unit="time_ratio").estimate
    1.0
    """
    if estimate.undefined is not None or estimate.estimate is None:
        return replace(estimate, unit=unit)
    value = float(np.exp(estimate.estimate))
    error = None if estimate.standard_error is None else value * estimate.standard_error
    low, high = (None if v is None else float(np.exp(v)) for v in (estimate.low, estimate.high))
    return replace(estimate, unit=unit, estimate=value, standard_error=error, low=low, high=high)


def leave_one_group_out(
    fit: Callable[[NDArray[np.bool_]], Floats | None], groups: NDArray[np.int64]
) -> Floats | Text:
    r"""Return a covariance that allows any dependence within groups, or why there is none.

    The jackknife over groups, :math:`V = \frac{G-1}{G} \sum_g (\hat\beta_{(g)} -
    \bar\beta)^2` (nearly CR3 of Bell and McCaffrey 2002), with Student's t: with few
    groups the usual sandwich is too narrow.

    Parameters
    ----------
    fit
        Given which rows are kept, returns k coefficients, or None if undefined.
    groups
        Shape (n,): number of each row's group.

    Raises
    ------
    DataError
        If there are more than 300 groups, for each of which the model would be fitted.
    """
    n = int(groups.max()) + 1
    if n < 2:
        return Text(
            "there is a single group, so no uncertainty can be computed",
            "只有一个组，无法计算不确定性",
        )
    if n > MOST_GROUPS:
        raise DataError(
            f"{n} groups would mean {n} fits; use a column with {MOST_GROUPS} groups at most."
        )
    fits = [fit(groups != g) for g in watched(range(n), what="fits without one group")]
    known = [found for found in fits if found is not None]
    if len(known) < n:
        return Text(
            f"without one of the {n} groups the model has no estimate, so its errors cannot be"
            " computed by leaving groups out",
            f"去掉 {n} 个组之一后模型无法估计，因此不能以逐组剔除计算标准误",
        )
    spread = np.array(known) - np.mean(known, axis=0)
    return (n - 1) / n * spread.T @ spread


def group_words(n: int) -> Text:
    """Say how errors of groups were computed."""
    return Text(
        f"each of {n} groups left out in turn, Student's t with {n - 1} degrees of freedom",
        f"逐一剔除 {n} 个组，自由度 {n - 1} 的 t 分布",
    )
