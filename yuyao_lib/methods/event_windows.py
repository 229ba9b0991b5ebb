"""Parts of an effect that rest on few firms: a window of times, honest about how few."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from yuyao_lib.errors import InputError
from yuyao_lib.findings import Estimate
from yuyao_lib.methods.adoption import AdoptionPanel
from yuyao_lib.methods.group_time import Aggregate, GroupTime
from yuyao_lib.methods.wald_intervals import wald
from yuyao_lib.vocabulary import Text

__all__ = ["FEWEST", "few_firms", "parts_by_firms", "treated_behind"]

FEWEST = 3  # treated firms behind a part that is shown
TOO_FEW = Text(
    "fewer than {fewest} firms with a contract stand behind it",
    "其背后的签约企业少于 {fewest} 家",
)
WORDS = Text(
    "influence function summed within firms; Student's t with the number of treated firms"
    " behind each part less one as degrees of freedom, because the normal quantile is too"
    " small for so few",
    "影响函数按企业求和；t 分布自由度取该部分处理企业数减一，因企业很少时正态分位数偏小",
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
        firms = treated_behind(effects.panel, kind, float(labels[i]))
        parts.append(few_firms(whole.parts[i], firms, fewest=fewest))
    return Aggregate(
        kind,
        whole.overall,
        tuple(parts),
        tuple(labels[places].tolist()),
        whole.covariance[np.ix_(places, places)],
    )


def treated_behind(panel: AdoptionPanel, kind: str, label: float) -> int:
    """Count the treated clusters behind a cohort, or behind a time since adoption."""
    if kind == "group":
        return len(np.unique(panel.clusters[panel.first == label]))
    seen = np.isin(panel.first + label, panel.periods) & panel.ever
    return len(np.unique(panel.clusters[seen]))


def few_firms(estimate: Estimate, firms: int, *, fewest: int = FEWEST) -> Estimate:
    """Give an estimate the interval of so few firms, or say that they are too few."""
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
        )
    error = estimate.standard_error
    if error is None or estimate.estimate is None:
        return estimate
    interval = wald(estimate.estimate, error, level=estimate.level, df=firms - 1)
    return replace(estimate, **interval, inference=WORDS)
