"""How many spells still go on after a time: Kaplan-Meier curves, medians, means to a horizon."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from yuyao_lib.errors import InputError, sentence
from yuyao_lib.findings import Design, Estimate
from yuyao_lib.methods.coefficients import Told, by_key
from yuyao_lib.methods.hypotheses import Hypothesis
from yuyao_lib.methods.samples import check_level
from yuyao_lib.methods.spells import NO_SPELLS, NONE_ENDED, Spells, read_spells
from yuyao_lib.methods.survival_curves import Curve, cut_by, kaplan_meier
from yuyao_lib.methods.tabulation import rows_of
from yuyao_lib.methods.wald_intervals import wald
from yuyao_lib.vocabulary import Text, term

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

__all__ = ["Curve", "Survival", "share_after", "survival"]

TOPIC = "disputes"
GREENWOOD = Text(
    "Greenwood's variance, interval on the scale of log(-log S)", "Greenwood 方差，log(−log S) 尺度"
)
INVERTED = Text("where the band of the curve crosses a half", "曲线的区间带穿过二分之一处")
OPEN_END = Text(" (its upper end is not reached)", "（上限尚未达到）")


@dataclass(frozen=True, slots=True)
class Survival:
    """Curves and what is read off them.

    Attributes
    ----------
    curves
        One a group.
    estimates
        For each group ``median``, ``restricted_mean`` and ``share_after_<time>``; with
        groups the key begins with the group's label.
    difference
        The log-rank test of equal curves.
    horizon
        Where the restricted means stop.
    unit
        Vocabulary key of the unit of time.
    dropped
        Rows left out because a value was missing.
    """

    curves: tuple[Curve, ...]
    estimates: tuple[Estimate, ...]
    difference: Hypothesis
    horizon: float
    unit: str
    dropped: int

    def estimate(self, key: str) -> Estimate:
        """Return one estimate by its key.

        Raises
        ------
        InputError
            If there is none of this key.
        """
        return by_key(self.estimates, key)

    def to_frame(self) -> pd.DataFrame:
        """Return one row an estimate."""
        return rows_of(self.estimates)

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


def survival(
    frame: pd.DataFrame,
    *,
    duration: str,
    ended: str | None = None,
    by: str | None = None,
    at: Sequence[float] = (),
    horizon: float | None = None,
    level: float = 0.95,
    unit: str = "days",
    n_unit: str = "spells",
) -> Survival:
    r"""Estimate the share of spells still going on after each time (Kaplan and Meier 1958).

    :math:`\hat S(t) = \prod_{t_i \le t} (1 - d_i / n_i)` with :math:`d_i` of the
    :math:`n_i` spells still watched ending at :math:`t_i`. Intervals are pointwise: at one
    time, not for the whole curve.

    Parameters
    ----------
    frame
        One row a spell.
    duration, ended
        As in `read_spells`.
    by
        Column of groups to compare.
    at
        Times at which the share is told.
    horizon
        Where the mean stops; None: the longest time watched in every group.
    level
        Coverage of the intervals.
    unit, n_unit
        Vocabulary keys of the unit of time and of what a spell is.

    Raises
    ------
    DataError, InputError
        If a column, a time or the level cannot be used.

    Notes
    -----
    The median is the smallest time by which at least half have ended; its interval is
    that of Brookmeyer and Crowley (1982).

    Examples
    --------
    >>> import yuyao_lib as yuyao
    >>> strikes = yuyao.open("strikes").frame("strikes")
    >>> found = survival(strikes, duration="duration_days", at=[14], n_unit="strikes")
    >>> found.estimate("median").estimate, round(found.estimate("share_after_14").estimate, 3)
    (27.0, 0.661)
    """
    check_level(level)
    for time in [*at, *([] if horizon is None else [horizon])]:
        if not time > 0:
            raise InputError(sentence("time", got=time, allowed="above zero"))
    spells = read_spells(frame, duration=duration, ended=ended, cluster=by)
    parts = cut_by(frame, spells, duration, ended, by) or [("", spells)]
    longest = min(float(part.time.max(initial=0.0)) for _, part in parts)
    stop = longest if horizon is None else horizon
    curves = tuple(kaplan_meier(label, part, level) for label, part in parts)
    told = Told(method="kaplan_meier", n=0, n_unit=n_unit, level=level)
    made = [e for curve in curves for e in _read_off(curve, told, list(at), stop, unit)]
    return Survival(curves, tuple(made), _log_rank(spells, by), stop, unit, spells.dropped)


def _read_off(
    curve: Curve, told: Told, at: list[float], horizon: float, unit: str
) -> list[Estimate]:
    """Read median, mean and shares off a curve."""
    start = f"{curve.label}_" if curve.label else ""
    own = Told(method=told.method, n=curve.n, n_unit=told.n_unit, level=told.level)
    words = {"design": Design.DESCRIPTION, "caveat": None}
    if not len(curve.times):
        median = {"term": "median_duration", "unit": unit}
        why = NONE_ENDED if curve.n else NO_SPELLS
        return [own.missing(f"{start}median", why, **median, **words)]
    made = [_median(f"{start}median", curve, own, unit), _mean(start, curve, own, horizon, unit)]
    for time in at:
        key = f"{start}share_after_{time:g}".replace(".", "_")
        made.append(share_after(key, curve, own, time, unit=unit))
    return made


def share_after(
    key: str, curve: Curve, told: Told, time: float, *, unit: str | None = None
) -> Estimate:
    """Return the share still going on after a time, in a unit of time where it is known."""
    share = {"term": "survival_share", "unit": "share", "design": Design.DESCRIPTION}
    if time > curve.last:
        why = Text(
            f"no spell was watched for more than {curve.last:g}",
            f"没有持续期被观察超过 {curve.last:g}",
        )
        return told.missing(key, why, caveat=None, **share)
    i = curve.at(time)
    parts = (curve.share, curve.low, curve.high, np.sqrt(curve.variance))
    values = (1.0, 1.0, 1.0, 0.0) if i is None else [float(part[i]) for part in parts]
    given = certain_of(values)
    times = Text(f"{time:g}", f"{time:g} ") if unit is None else _times(time, unit)
    after = Text(f"share still going on after {times.en}", f"{times.zh}之后仍在持续的比例")
    words = {"caveat": None, "inference": GREENWOOD, "estimand": after}
    return told.given(key, **{**given, **share, **words})


def _times(time: float, unit: str) -> Text:
    """Write a time with its unit."""
    name = term(unit).text
    return Text(f"{time:g} {name.en}", f"{time:g} {name.zh}")


def certain_of(values: Sequence[float]) -> dict[str, float | None]:
    """Name a share, its interval and its error; without a spread there is no interval.

    Examples
    --------
    >>> certain_of([0.0, 0.0, 0.0, 0.0])["high"] is None
    True
    """
    value, low, high, error = values
    if not error > 0:
        return {"estimate": value, "low": None, "high": None, "standard_error": None}
    return {"estimate": value, "low": low, "high": high, "standard_error": error}


def _median(key: str, curve: Curve, told: Told, unit: str) -> Estimate:
    """Return the median with its interval; an end that is not reached is left open."""
    shared = {"term": "median_duration", "unit": unit, "design": Design.DESCRIPTION, "caveat": None}

    def first(share: NDArray[np.float64]) -> float | None:
        below = np.flatnonzero(share <= 0.5 + 1e-12)
        return float(curve.times[below[0]]) if len(below) else None

    middle = first(curve.share)
    if middle is None:
        why = Text(
            "more than half still went on when last seen, so the median is not reached",
            "最后观察时仍有过半数在持续，未达到中位数",
        )
        return told.missing(key, why, **shared)
    low, high = first(curve.low), first(curve.high)
    inference = INVERTED
    if high is None:
        inference = Text(INVERTED.en + OPEN_END.en, INVERTED.zh + OPEN_END.zh)
    return told.given(key, estimate=middle, low=low, high=high, inference=inference, **shared)


def _mean(start: str, curve: Curve, told: Told, horizon: float, unit: str) -> Estimate:
    """Return the area under the curve up to the horizon, its variance by Greenwood's sums."""
    shared = {
        "term": "restricted_mean_duration",
        "unit": unit,
        "design": Design.DESCRIPTION,
        "caveat": None,
    }
    if horizon > curve.last and curve.share[-1] > 0:
        why = Text(
            f"no spell was watched for more than {curve.last:g}, short of the horizon",
            f"没有持续期被观察超过 {curve.last:g}，未及截止时点",
        )
        return told.missing(f"{start}restricted_mean", why, **shared)
    used = curve.times <= horizon
    edges = np.concatenate([[0.0], curve.times[used], [horizon]])
    areas = np.diff(edges) * np.concatenate([[1.0], curve.share[used]])
    beyond = np.cumsum(areas[::-1])[::-1][1:]  # area to the right of each ending
    risk, ends = curve.at_risk[used], curve.ends[used]
    left = np.where(risk > ends, risk - ends, np.inf)
    error = float(np.sqrt(np.sum(beyond**2 * ends / (risk * left))))
    value = float(areas.sum())
    if not error > 0:  # one spell, or all equally long: that is no certainty
        return told.given(f"{start}restricted_mean", estimate=value, inference=None, **shared)
    interval = wald(value, error, level=told.level, tested=False)
    greenwood = Text("Greenwood's sums, normal", "Greenwood 求和，正态分布")
    up_to = Text(f"mean, counting no more than {horizon:g}", f"均值，至多计 {horizon:g}")
    return told.given(
        f"{start}restricted_mean", **interval, estimand=up_to, inference=greenwood, **shared
    )


def _log_rank(spells: Spells, by: str | None) -> Hypothesis:
    """Test that all groups end at the same rate at every time."""
    from statsmodels.duration.survfunc import survdiff

    name = Text("Log-rank test", "对数秩检验")
    null = Text("at every time the groups end at the same rate", "任何时点各组的结束率相同")
    if spells.n_groups < 2:
        why = Text("there is one group, so nothing can be compared", "只有一个组，无法比较")
        return Hypothesis(name, null, undefined=why)
    if not spells.ended.any():
        return Hypothesis(name, null, undefined=NONE_ENDED)
    found = survdiff(spells.time, spells.ended.astype("float64"), spells.groups)
    return Hypothesis(name, null, float(found[0]), spells.n_groups - 1, float(found[1]))
