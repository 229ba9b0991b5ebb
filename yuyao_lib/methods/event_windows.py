"""Parts of an effect that rest on few firms: a window of times, honest about how few."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from yuyao_lib.errors import InputError
from yuyao_lib.findings import Estimate
from yuyao_lib.methods.adoption import AdoptionPanel
from yuyao_lib.methods.effective_number import effective_number
from yuyao_lib.methods.group_time_results import Aggregate, GroupTime
from yuyao_lib.methods.wald_intervals import wald
from yuyao_lib.vocabulary import Text

__all__ = ["FEWEST", "few_firms", "parts_by_firms", "treated_behind"]

FEWEST = 3  # treated firms behind a part that is shown
TOO_FEW = Text(
    "fewer than {fewest} firms with a contract stand behind it",
    "其背后的签约企业少于 {fewest} 家",
)
WORDS = Text(
    "influence function summed within firms, with what the mean of few firms takes from each"
    " given back; Student's t with the treated firms of equal weight that stand behind each part"
    " less one as degrees of freedom, because the normal quantile is too small for so few",
    "影响函数按企业求和，并补回少数企业均值所带走的部分；"
    "t 分布自由度取该部分处理企业的折合等权数减一，"
    "因企业很少时正态分位数偏小",
)


def parts_by_firms(
    effects: GroupTime,
    kind: str,
    *,
    first: float | None = None,
    last: float | None = None,
    fewest: int = FEWEST,
) -> Aggregate:
    """Sum group-time effects by time or cohort, with intervals for few firms.

    Parameters
    ----------
    effects
        From `group_time`; with ``base_period="universal"`` when bounds are to follow.
    kind
        ``dynamic`` or ``group``.
    first, last
        Window of times since the contract, for ``dynamic``.
    fewest
        Treated firms that must stand behind a part.

    Returns
    -------
    Aggregate
        Parts within the window. A part behind which fewer firms stand says so; the
        others' intervals use Student's t with those firms less one.

    Raises
    ------
    InputError
        If nothing is left in the window.

    Notes
    -----
    A cohort of four firms has an effect whose clustered error rests on four numbers: the
    normal quantile would cover far less than promised (Donald and Lang 2007).
    """
    whole = effects.aggregate(kind)  # type: ignore[arg-type]
    if whole.overall.undefined is not None:
        return whole
    labels = np.array(whole.labels)
    kept: np.ndarray = np.ones(len(labels), bool)
    if kind == "dynamic":
        kept &= labels >= (labels.min() if first is None else first)
        kept &= labels <= (labels.max() if last is None else last)
    if not kept.any():
        raise InputError(f"no time since the contract lies between {first} and {last}.")
    places = np.flatnonzero(kept)
    parts = []
    for i in places:
        firms, equal = treated_behind(effects.panel, kind, float(labels[i]))
        parts.append(few_firms(whole.parts[i], firms, equal, fewest=fewest))
    return Aggregate(
        kind,
        whole.overall,
        tuple(parts),
        tuple(labels[places].tolist()),
        whole.covariance[np.ix_(places, places)],
    )


def treated_behind(panel: AdoptionPanel, kind: str, label: float) -> tuple[int, float]:
    """Count treated clusters behind a cohort or time, and those of equal weight they are worth."""
    if kind == "group":
        seen = panel.first == label
    else:
        seen = np.isin(panel.first + label, panel.periods) & panel.ever
    sums = np.bincount(panel.clusters[seen], weights=panel.weights[seen])
    return int((sums > 0).sum()), effective_number(sums)


def few_firms(
    estimate: Estimate, firms: int, equal: float | None = None, *, fewest: int = FEWEST
) -> Estimate:
    """Give an estimate the interval of so few firms, or say that they are too few.

    Parameters
    ----------
    estimate
        With the error of its influence function.
    firms, equal
        Treated firms behind it, and those of equal weight that they are worth; None: as many.
    fewest
        Firms without which it says nothing.

    Notes
    -----
    A mean of m firms takes 1/m of each one's own deviation: the error of the influence
    function is too small by the root of (m - 1)/m, a fifth with three firms, which the
    interval gives back.
    """
    if estimate.undefined is not None:
        return estimate
    if firms < fewest:
        return replace(
            estimate,
            estimate=None,
            low=None,
            high=None,
            standard_error=None,
            p_value=None,
            undefined=TOO_FEW.format(fewest=fewest),
            employers=firms,
        )
    error = estimate.standard_error
    if error is None or estimate.estimate is None:
        return estimate
    free = max((firms if equal is None else equal) - 1, 1.0)
    wide = error * ((free + 1) / free) ** 0.5
    interval = wald(estimate.estimate, wide, level=estimate.level, df=free)
    return replace(estimate, **{**interval, "standard_error": error}, inference=WORDS)
