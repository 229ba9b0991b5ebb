"""Kaplan-Meier curves as arrays, one a group.

Lives here: curves and their bands. Does not live here: what is read off them.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from yuyao_lib.methods.spells import Spells

if TYPE_CHECKING:
    import pandas as pd

    from yuyao_lib.methods.adoption import Floats

__all__ = ["Curve", "coarser", "cut_by", "kaplan_meier"]

TOPIC = "disputes"


@dataclass(frozen=True, slots=True)
class Curve:
    """A Kaplan-Meier curve.

    Attributes
    ----------
    label
        Which group; empty without groups.
    times, share, low, high
        Shape (m,): times at which spells end, ascending; share still going on just after,
        and its pointwise interval.
    variance
        Shape (m,): Greenwood's variance of the share.
    at_risk, ends
        Shape (m,): spells still watched just before, and spells ending.
    n, last
        Spells, and the longest time watched.
    """

    label: str
    times: Floats = field(repr=False)
    share: Floats = field(repr=False)
    low: Floats = field(repr=False)
    high: Floats = field(repr=False)
    variance: Floats = field(repr=False)
    at_risk: Floats = field(repr=False)
    ends: Floats = field(repr=False)
    n: int
    last: float

    def at(self, time: float) -> int | None:
        """Return the place of the last ending up to a time; None before the first."""
        place = int(np.searchsorted(self.times, time, side="right")) - 1
        return place if place >= 0 else None


def coarser(curve: Curve, *, cases: int) -> Curve:
    """Return a curve whose every step is the end of at least so many spells.

    Steps are merged from the left; what is left of them at the right is dropped, and so is
    a step after which fewer spells are still watched.

    Examples
    --------
    >>> import pandas as pd
    >>> from yuyao_lib.methods.survival import survival
    >>> days = pd.DataFrame({"days": [float(d) for d in range(1, 41)]})
    >>> curve = survival(days, duration="days").curves[0]
    >>> coarser(curve, cases=10).times.tolist()
    [10.0, 20.0, 30.0]
    """
    kept, since = [], 0.0
    for place, ends in enumerate(curve.ends):
        since += ends
        if since >= cases and curve.at_risk[place] - ends >= cases:
            kept.append(place)
            since = 0.0
    names = ("times", "share", "low", "high", "variance", "at_risk", "ends")
    return replace(curve, **{name: getattr(curve, name)[kept] for name in names})


def cut_by(
    frame: pd.DataFrame, spells: Spells, duration: str, ended: str | None, by: str | None
) -> list[tuple[str, Spells]]:
    """Cut spells into their groups, in the order of their labels."""
    if by is None:
        return [("", spells)]
    complete = frame[list(dict.fromkeys([by, duration, *([ended] if ended else [])]))].dropna()
    labels = complete[by].factorize()[1].tolist()
    order = sorted(range(len(labels)), key=lambda i: labels[i])
    return [(str(labels[i]), spells.select(spells.groups == i)) for i in order]


def kaplan_meier(label: str, spells: Spells, level: float) -> Curve:
    """Estimate one curve; with no ending it has no points.

    Intervals are made on the scale of log(-log S). Where nobody is left that scale has no
    value, and the interval keeps its last upper end.
    """
    from scipy import stats
    from statsmodels.duration.survfunc import SurvfuncRight

    sizes = len(spells.time), float(spells.time.max(initial=0.0))
    if not spells.ended.any():
        none = np.empty(0)
        return Curve(label, none, none, none, none, none, none, none, *sizes)
    fit = SurvfuncRight(spells.time, spells.ended.astype("float64"))
    ends = np.asarray(fit.n_events, dtype="float64")
    kept = ends > 0
    share, risk = np.asarray(fit.surv_prob)[kept], np.asarray(fit.n_risk, "float64")[kept]
    left = risk - ends[kept]
    with np.errstate(divide="ignore", invalid="ignore"):
        summed = np.cumsum(ends[kept] / (risk * left))
        width = stats.norm.ppf((1 + level) / 2) * np.sqrt(summed) / np.abs(np.log(share))
        low, high = share ** np.exp(width), share ** np.exp(-width)
    gone = left == 0
    low[gone], summed[gone] = 0.0, 0.0
    high[gone] = high[-2] if len(high) > 1 else 1.0
    times, variance = np.asarray(fit.surv_times, "float64")[kept], share**2 * summed
    return Curve(label, times, share, low, high, variance, risk, ends[kept], *sizes)
