"""How numbers are written: enough digits, a true minus, the same in prose and tables."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from yuyao_lib.findings import Estimate
from yuyao_lib.vocabulary import Language, Text, terms, word

__all__ = [
    "amount", "count", "counted", "ends", "in_percent", "interval", "level_of", "measured",
    "p_value", "period_words", "ranged", "reach", "size",
]  # fmt: skip

PERIODS = re.compile(r"[\dQ]+([-,;] ?[\dQ]+)*")
MOST_DECIMALS = 6
MINUS = "\N{MINUS SIGN}"
DIGITS = {
    "log_points": 3,
    "share": 3,
    "percent": 1,
    "percentage_points": 1,
    "hazard_ratio": 2,
    "filings_per_1000": 4,
    "usd": 0,
    "cny_month": 0,
    "ratio": 3,
    "incidence_rate_ratio": 3,
    "index_points": 3,
    "squared_log_points": 3,
    "density_unit": 4,
    "log_odds": 3,
}


def amount(value: float | None, *, digits: int | None = None) -> str:
    """Write a number with a fixed number of decimals, or four significant digits.

    Examples
    --------
    >>> amount(-0.08, digits=3)
    '−0.080'
    >>> amount(27777.8)
    '27,778'
    """
    if value is None or math.isnan(value):
        return "–"
    if digits is None:
        digits = 0 if abs(value) >= 1000 else _places(value)
    text = f"{value:,.{digits}f}"
    return text.replace("-", MINUS) if float(text.replace(",", "")) else text.lstrip("-")


def _places(value: float) -> int:
    """Return the decimals that show four significant digits of a whole number's rest."""
    if value == 0 or float(value).is_integer():
        return 0
    return max(0, 3 - math.floor(math.log10(abs(value))))


def count(value: int | None) -> str:
    """Write a count.

    Examples
    --------
    >>> count(4360)
    '4,360'
    """
    return "–" if value is None else f"{value:,}"


def p_value(value: float | None) -> str:
    """Write a p-value; no stars, ever.

    Examples
    --------
    >>> p_value(0.00001), p_value(0.0377)
    ('<0.001', '0.038')
    """
    if value is None:
        return "–"
    return "<0.001" if value < 0.001 else f"{value:.3f}"


def digits_of(unit: str) -> int | None:
    """Return the decimals a unit is shown with; None for significant digits."""
    return DIGITS.get(unit)


def interval(estimate: Estimate, language: Language) -> str:
    """Write an interval with its level."""
    if estimate.low is None or estimate.high is None:
        return "–"
    digits = digits_of(estimate.unit)
    low, high = (amount(v, digits=digits) for v in (estimate.low, estimate.high))
    level = _level(estimate)
    return (
        f"{level} 区间 {low} 至 {high}" if language == "zh" else f"{level} interval {low} to {high}"
    )


def _level(estimate: Estimate) -> str:
    """Write the coverage an interval is built for."""
    return f"{estimate.level:.1%}".replace(".0%", "%")


def level_of(estimates: Sequence[Estimate]) -> Text:
    """Head a column of intervals with their level, where they share one."""
    levels = {_level(e) for e in estimates if e.low is not None}
    if len(levels) != 1:
        return Text("Interval", "区间")
    (level,) = levels
    return Text(f"{level} interval", f"{level} 区间")


def ranged(estimate: Estimate, *, digits: int | None = None) -> Text:
    """Write an interval without its level; an end that is not reached is left open."""
    digits = digits_of(estimate.unit) if digits is None else digits
    if estimate.low is None:
        return Text("–", "–")
    low = amount(estimate.low, digits=digits)
    if estimate.high is None:
        return Text(f"{low} or more", f"{low} 及以上")
    high = amount(estimate.high, digits=digits)
    return Text(f"{low} to {high}", f"{low} 至 {high}")


def ends(low: float, high: float) -> Text:
    """Write a range with as many digits as tell its ends apart, four at least.

    Examples
    --------
    >>> ends(1088.05, 1088.15).en, ends(95_000, 105_000).en
    ('1,088.05 to 1,088.15', '95,000 to 105,000')
    """
    digits: int | None = None
    first, last = amount(low), amount(high)
    while first == last and low != high and (digits or 0) < MOST_DECIMALS:
        digits = max(_decimals(first), digits or 0) + 1
        first, last = amount(low, digits=digits), amount(high, digits=digits)
    if digits is not None:  # one more, so that the width itself is not rounded away
        first, last = amount(low, digits=digits + 1), amount(high, digits=digits + 1)
    return Text(f"{first} to {last}", f"{first} 至 {last}")


def _decimals(number: str) -> int:
    """Return how many decimals a written number has."""
    return len(number.partition(".")[2])


def reach(estimate: Estimate, *, digits: int | None = None) -> Text:
    """Write an interval as a cell of a table: without its level, or why there is none."""
    return estimate.undefined or ranged(estimate, digits=digits)


def counted(unit: str, language: Language) -> str:
    """Return a unit as it stands after a number, in Chinese with its measure word.

    Examples
    --------
    >>> counted("firms", "zh"), counted("firms", "en"), counted("persons", "zh")
    ('家企业', 'firms', '人')
    """
    form = f"counted_{unit}"
    return word(form if form in terms() else unit, language)


def measured(estimate: Estimate, language: Language) -> str:
    """Write an estimate with its unit."""
    value = amount(estimate.estimate, digits=digits_of(estimate.unit))
    unit = counted(estimate.unit, language)
    tight = unit == "%" or (language == "zh" and not value[-1].isdigit())
    return f"{value}{'' if tight else ' '}{unit}"


def in_percent(estimate: Estimate, language: Language) -> str:
    """Write an estimate with its unit, one in log points also in percent.

    Examples
    --------
    >>> from yuyao_lib.findings import Design
    >>> e = Estimate(key="a", term="union_wage_premium", method="ols", unit="log_points",
    ...     design=Design.OBSERVATIONAL, estimate=-0.18)
    >>> in_percent(e, "en"), in_percent(e, "zh")
    ('−0.180 log points, or −16.5%', '−0.180 对数点，即 −16.5%')
    """
    words = measured(estimate, language)
    if estimate.unit != "log_points" or estimate.estimate is None:
        return words
    share = amount(100 * math.expm1(estimate.estimate), digits=1)
    return f"{words}，即 {share}%" if language == "zh" else f"{words}, or {share}%"


def size(estimate: Estimate, language: Language) -> str:
    """Write how many stand behind an estimate, persons and person-periods kept apart."""
    if estimate.n is None:
        return ""
    rows = f"{count(estimate.n)} {counted(estimate.n_unit, language)}"
    apart = estimate.clusters is not None and estimate.cluster_unit != estimate.n_unit
    if not apart or estimate.cluster_unit is None:
        return rows
    groups = f"{count(estimate.clusters)} {counted(estimate.cluster_unit, language)}"
    return f"{groups}，{rows}" if language == "zh" else f"{groups}, {rows}"


def period_words(period: str, language: Language) -> str:
    """Write the years or quarters that data describe.

    Examples
    --------
    >>> period_words("1980-1987", "zh"), period_words("2018Q1-2023Q2", "en")
    ('1980—1987 年', '2018Q1–2023Q2')
    """
    if not PERIODS.fullmatch(period):
        return period  # in somebody's own words
    if language == "en":
        return period.replace("-", "–")
    year = "" if "Q" in period else " 年"
    return period.replace("-", "—").replace(", ", "、").replace("; ", "；") + year


def both(en: str, zh: str) -> Text:
    """Return a text, letting an empty side stand as a dash."""
    return Text(en or "–", zh or "–")
