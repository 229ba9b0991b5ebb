"""Words and rows that all pages on disputes share."""

from __future__ import annotations

from yuyao_lib.display.numbers import amount, digits_of, p_value, ranged
from yuyao_lib.display.tables import Cell
from yuyao_lib.findings import Estimate
from yuyao_lib.vocabulary import Language, Text, column

__all__ = ["covariate", "pair", "percent_of", "ratio_cells"]


def covariate(name: str) -> Text:
    """Name a covariate for a reader: what one unit more of it is."""
    words = column(name)
    if words.zh != name:
        return words
    return Text(f"one more of {words.en}", f"{name} 多一个单位")


def pair(estimate: Estimate, *, digits: int | None = None) -> list[Cell]:
    """Lay out a value and its interval; an undefined one says why."""
    if estimate.undefined is not None:
        return ["–", estimate.undefined]
    digits = digits_of(estimate.unit) if digits is None else digits
    return [amount(estimate.estimate, digits=digits), ranged(estimate, digits=digits)]


def ratio_cells(ratio: Estimate, difference: Estimate) -> list[Cell]:
    """Lay out a ratio with its interval, and the log it comes from with its error."""
    if ratio.undefined is not None:
        return ["–", ratio.undefined, "–", "–", "–"]
    return [
        amount(ratio.estimate, digits=3),
        ranged(ratio, digits=3),
        amount(difference.estimate, digits=4),
        amount(difference.standard_error, digits=4),
        p_value(difference.p_value),
    ]


def percent_of(estimate: Estimate, language: Language) -> tuple[str, str]:
    """Write a difference in logs as percent more or less, and its interval in percent."""
    from math import expm1

    value, low, high = (100 * expm1(v or 0.0) for v in
                        (estimate.estimate, estimate.low, estimate.high))  # fmt: skip
    size = amount(abs(value), digits=1)
    to = "至" if language == "zh" else "to"
    return size, f"{amount(low, digits=1)}% {to} {amount(high, digits=1)}%"
