"""Shares of counted things, with the exact interval that a count alone allows.

Lives here: proportions and rates from counts. Does not live here: what they are shares of.
"""

from __future__ import annotations

from typing import Any

from yuyao_lib.findings import Design, Estimate
from yuyao_lib.vocabulary import Text

__all__ = ["clopper_pearson", "counted", "proportion"]

EXACT = Text(
    "exact for a count of independent cases (Clopper and Pearson 1934)",
    "按独立个案计数的精确区间（Clopper 与 Pearson 1934）",
)
EVERYONE = Text(
    "everything in the table was counted, nothing was sampled",
    "表中全部计入，并非抽样",
)
NOTHING = Text("there is nothing to count here", "此处没有可计数的对象")


def clopper_pearson(successes: int, n: int, *, level: float = 0.95) -> tuple[float, float]:
    """Return the exact interval of a share.

    Examples
    --------
    >>> [round(v, 4) for v in clopper_pearson(0, 100)]
    [0.0, 0.0362]
    """
    from scipy import stats

    tail = (1 - level) / 2
    low = 0.0 if successes == 0 else float(stats.beta.ppf(tail, successes, n - successes + 1))
    high = 1.0 if successes == n else float(stats.beta.ppf(1 - tail, successes + 1, n - successes))
    return low, high


def proportion(
    key: str,
    successes: int,
    n: int,
    *,
    term: str,
    n_unit: str,
    estimand: Text,
    level: float = 0.95,
    **rest: Any,
) -> Estimate:
    """Return a share in percent with its exact interval; with nothing counted it says so.

    Examples
    --------
    >>> found = proportion("a", 5, 20, term="share", n_unit="cases", estimand=Text("a", "甲"))
    >>> found.estimate, round(found.low, 1)
    (25.0, 8.7)
    """
    shared: dict[str, Any] = {
        "key": key, "term": term, "method": "count", "unit": "percent", "level": level,
        "design": Design.DESCRIPTION, "n": n, "n_unit": n_unit, "estimand": estimand,
    }  # fmt: skip
    shared.update(rest)
    if n == 0:
        return Estimate(undefined=NOTHING, **shared)
    low, high = clopper_pearson(successes, n, level=level)
    return Estimate(
        estimate=100 * successes / n, low=100 * low, high=100 * high, inference=EXACT, **shared
    )


def counted(
    key: str, value: float | None, *, term: str, unit: str, estimand: Text, **rest: Any
) -> Estimate:
    """Return a number that was counted, without an interval; None says there was nothing.

    Examples
    --------
    >>> counted("m", 3, term="share", unit="persons", estimand=Text("m", "甲")).estimate
    3.0
    """
    shared: dict[str, Any] = {
        "key": key, "term": term, "method": "count", "unit": unit, "design": Design.DESCRIPTION,
        "estimand": estimand,
    }  # fmt: skip
    shared.update(rest)
    if value is None:
        return Estimate(undefined=NOTHING, **shared)
    return Estimate(estimate=float(value), inference=EVERYONE, **shared)
