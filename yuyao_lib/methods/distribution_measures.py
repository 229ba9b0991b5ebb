r"""Measures of how unequal pay is, each with the influence of every row.

Lives here: values and influence functions from pay and weights that sum to one, nothing
about groups or estimates. With mean :math:`\mu` the influence of a row with pay y is

=================  =====================================================================
Gini G             :math:`E|Y-y|/\mu - G - G y/\mu`
Theil T            :math:`(y\ln y - A)/\mu - (A/\mu^2 + 1/\mu)(y-\mu)`, A the mean of y ln y
Theil L            :math:`(y-\mu)/\mu - (\ln y - E\ln Y)`
variance of logs   :math:`(\ln y - m)^2 - V`
percentile p       :math:`(p - 1\{\ln y \le q\})/f(q)`, in logs
=================  =====================================================================

(Cowell and Flachaire 2007, Journal of Econometrics 141; Firpo, Fortin and Lemieux 2009,
Econometrica 77.)
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from yuyao_lib.errors import InputError, sentence
from yuyao_lib.methods.effective_number import effective_number
from yuyao_lib.vocabulary import Text

__all__ = ["INDICES", "check_measures", "density", "measure", "percentiles", "silverman", "unit_of"]

INDICES = ("gini", "theil_t", "theil_l", "variance_of_logs", "mean_log_pay")
SHARES = ("bottom_half_share", "top_tenth_share")
RATIO = re.compile(r"p([1-9]\d?)_p([1-9]\d?)")
ALLOWED = f"{', '.join([*INDICES, *SHARES])}, or percentiles such as p90_p10"
ONE_ROW = Text("fewer than two rows are left", "剩余不足两行")
SAME_PAY = Text(
    "everybody is paid the same, so there is no distribution to measure",
    "所有人工资相同，没有可度量的分布",
)
NO_LOG = Text(
    "some pay is zero or less, and its log does not exist", "部分工资为零或负数，对数不存在"
)
NEGATIVE = Text("some pay is negative", "部分工资为负数")
NO_MEAN = Text("mean pay is zero", "平均工资为零")
NO_DENSITY = Text(
    "no pay lies near this percentile, so its error is not defined",
    "该百分位附近没有工资，误差无法定义",
)


def check_measures(measures: Sequence[str]) -> tuple[str, ...]:
    """Return the measures, or say what they may be.

    Examples
    --------
    >>> check_measures(["gini", "p90_p10"])
    ('gini', 'p90_p10')
    """
    for name in measures:
        ratio = RATIO.fullmatch(name)
        if name not in INDICES + SHARES and (not ratio or int(ratio[1]) <= int(ratio[2])):
            raise InputError(sentence("unknown measure of inequality", got=name, allowed=ALLOWED))
    if not measures:
        raise InputError(sentence("no measure of inequality is given", allowed=ALLOWED))
    return tuple(dict.fromkeys(measures))


def unit_of(name: str) -> str:
    """Return the unit of a measure; the ratio of two percentiles is told as a ratio.

    Examples
    --------
    >>> unit_of("p90_p10"), unit_of("gini")
    ('ratio', 'index_points')
    """
    if name in SHARES:
        return "share"
    units = {"variance_of_logs": "squared_log_points", "mean_log_pay": "log_points"}
    return "ratio" if RATIO.fullmatch(name) else units.get(name, "index_points")


def percentiles(values: np.ndarray, share: np.ndarray, at: Sequence[float]) -> np.ndarray:
    """Return weighted percentiles by linear interpolation.

    A value stands at the middle of its weight, stretched so that the first stands at 0
    and the last at 1; with equal weights this is NumPy's default (type 7).

    Examples
    --------
    >>> percentiles(np.array([1.0, 2.0, 4.0]), np.ones(3) / 3, [0.25]).tolist()
    [1.5]
    """
    order = np.argsort(values, kind="stable")
    v, w = values[order], share[order]
    middle = np.cumsum(w) - w / 2
    span = middle[-1] - middle[0]
    place = (middle - middle[0]) / span if span > 0 else middle - middle[0]
    return np.interp(np.asarray(at, dtype="float64"), place, v)


def silverman(values: np.ndarray, share: np.ndarray) -> float:
    """Return Silverman's bandwidth, 0.9 min(sd, IQR/1.34) n^(-1/5), n the effective size.

    Examples
    --------
    >>> round(silverman(np.arange(100.0), np.ones(100) / 100), 3)
    10.343
    """
    mean = share @ values
    sd = float(np.sqrt(share @ (values - mean) ** 2))
    low, high = percentiles(values, share, [0.25, 0.75])
    width = min(sd, (high - low) / 1.34) if high > low else sd
    return 0.9 * width * effective_number(share) ** -0.2


def density(values: np.ndarray, share: np.ndarray, at: float, bandwidth: float) -> float:
    """Return a Gaussian kernel density at a point."""
    z = (values - at) / bandwidth
    return float(share @ np.exp(-0.5 * z * z)) / (bandwidth * np.sqrt(2 * np.pi))


def measure(
    name: str, pay: np.ndarray, share: np.ndarray, *, bandwidth: float | None = None
) -> tuple[float, np.ndarray] | Text:
    """Return a measure and the influence of each row, or why it is not defined.

    Parameters
    ----------
    name
        One that `check_measures` lets through; ``percentile_10`` and so on is the log of
        a percentile, and ``p90_p10`` the log of a ratio.
    pay, share
        Shape (n,): pay in levels, and weights that sum to one.
    bandwidth
        Of the density of log pay at a percentile; None for `silverman`.
    """
    problem = _problem(name, pay)
    if problem is not None:
        return problem
    if name in SHARES:
        return _share(pay, share, top=name == "top_tenth_share")
    if name in INDICES:
        return _INDEX[name](pay, share)
    ratio = RATIO.fullmatch(name)
    wanted = [ratio[1], ratio[2]] if ratio else [name.removeprefix("percentile_")]
    found = [_log_percentile(int(p), pay, share, bandwidth) for p in wanted]
    for one in found:
        if isinstance(one, Text):
            return one
    (value, influence), *rest = found  # type: ignore[misc]
    for less, pull in rest:  # type: ignore[misc]
        value, influence = value - less, influence - pull
    return value, influence


def _problem(name: str, pay: np.ndarray) -> Text | None:
    """Say why nothing can be measured."""
    if len(pay) < 2:
        return ONE_ROW
    if np.ptp(pay) == 0:
        return SAME_PAY
    if name in ("gini", *SHARES):
        if pay.min() < 0:
            return NEGATIVE
        return None if pay.max() > 0 else NO_MEAN
    return NO_LOG if pay.min() <= 0 else None


def _gini(pay: np.ndarray, share: np.ndarray) -> tuple[float, np.ndarray]:
    """Half the mean difference of two draws, over the mean."""
    order = np.argsort(pay, kind="stable")
    y, w = pay[order], share[order]
    below, sum_below = np.cumsum(w), np.cumsum(w * y)
    mean = float(sum_below[-1])
    apart = np.empty_like(pay)  # E|Y - y|; ties add nothing, whichever side they are put
    apart[order] = y * (2 * below - 1) + mean - 2 * sum_below
    value = float(share @ apart) / (2 * mean)
    return value, apart / mean - value - value * pay / mean


def _theil_t(pay: np.ndarray, share: np.ndarray) -> tuple[float, np.ndarray]:
    """Mean of (y/mu) ln(y/mu)."""
    relative = pay / (share @ pay)
    terms = relative * np.log(relative)
    value = float(share @ terms)
    return value, terms - value - (value + 1) * (relative - 1)


def _theil_l(pay: np.ndarray, share: np.ndarray) -> tuple[float, np.ndarray]:
    """Log of the mean minus the mean of logs."""
    relative = pay / (share @ pay)
    logs = np.log(relative)
    value = -float(share @ logs)
    return value, relative - 1 - logs - value


def _variance_of_logs(pay: np.ndarray, share: np.ndarray) -> tuple[float, np.ndarray]:
    """Population variance of logs."""
    logs = np.log(pay)
    squares = (logs - share @ logs) ** 2
    value = float(share @ squares)
    return value, squares - value


def _mean_log_pay(pay: np.ndarray, share: np.ndarray) -> tuple[float, np.ndarray]:
    """Mean of logs."""
    logs = np.log(pay)
    value = float(share @ logs)
    return value, logs - value


def _log_percentile(
    p: int, pay: np.ndarray, share: np.ndarray, bandwidth: float | None
) -> tuple[float, np.ndarray] | Text:
    """The log of a percentile; its influence rests on a density."""
    logs = np.log(pay)
    point = float(np.log(percentiles(pay, share, [p / 100])[0]))
    height = density(logs, share, point, bandwidth or silverman(logs, share))
    if height <= 0:
        return NO_DENSITY
    return point, (p / 100 - (logs <= point)) / height


def _share(pay: np.ndarray, share: np.ndarray, *, top: bool) -> tuple[float, np.ndarray]:
    """The share of pay below the median, or above the ninetieth percentile.

    The influence of an ordinate L(p) of the Lorenz curve is
    ((y-q)1{y<=q} + pq - mu L)/mu - L(y-mu)/mu.
    """
    p = 0.9 if top else 0.5
    order = np.argsort(pay, kind="stable")
    y, w = pay[order], share[order]
    mean = float(share @ pay)
    ordinate = float(np.interp(p, np.r_[0, np.cumsum(w)], np.r_[0, np.cumsum(w * y)])) / mean
    q = float(percentiles(pay, share, [p])[0])
    influence = (np.where(pay <= q, pay - q, 0.0) + p * q) / mean - ordinate * pay / mean
    return (1 - ordinate, -influence) if top else (ordinate, influence)


_INDEX = {
    "gini": _gini,
    "theil_t": _theil_t,
    "theil_l": _theil_l,
    "variance_of_logs": _variance_of_logs,
    "mean_log_pay": _mean_log_pay,
}
