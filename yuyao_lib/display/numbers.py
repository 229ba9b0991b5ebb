"""How numbers are written: enough digits, a true minus, the same in prose and tables."""

from __future__ import annotations

import math

from yuyao_lib.findings import Estimate
from yuyao_lib.vocabulary import Language, Text, terms, word

__all__ = ["amount", "count", "counted", "interval", "measured", "p_value", "size"]

MINUS = "\N{MINUS SIGN}"
DIGITS = {
    "log_points": 3,
    "share": 3,
    "percent": 1,
    "percentage_points": 1,
    "hazard_ratio": 2,
    "filings_per_1000": 4,
    "usd": 0,
    "index_points": 3,
    "squared_log_points": 3,
    "density_unit": 4,
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
    level = f"{estimate.level:.1%}".replace(".0%", "%")
    return (
        f"{level} 区间 {low} 至 {high}" if language == "zh" else f"{level} interval {low} to {high}"
    )


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


def both(en: str, zh: str) -> Text:
    """Return a text, letting an empty side stand as a dash."""
    return Text(en or "–", zh or "–")
