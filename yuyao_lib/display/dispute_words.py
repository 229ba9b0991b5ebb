"""Words and rows that all pages on disputes share."""

from __future__ import annotations

from yuyao_lib.display.numbers import amount, digits_of, p_value
from yuyao_lib.display.tables import Cell
from yuyao_lib.findings import Estimate
from yuyao_lib.vocabulary import Language, Text

__all__ = ["covariate", "pair", "percent_of", "ranged", "ratio_cells"]

COVARIATES = {
    "unanticipated_output_percent": Text(
        "industrial output one percent above what was expected", "工业产出高于预期 1%"
    ),
    "output_deviation_percent": Text(
        "industrial output one percent above its trend", "工业产出高于趋势 1%"
    ),
    "unanticipated_output": Text(
        "log industrial output, unexpected part", "工业产出对数的意外部分"
    ),
    "output_deviation": Text("log industrial output less its trend", "工业产出对数减其趋势"),
    "workers": Text("one worker more", "多一名职工"),
    "after_room_standard": Text("the room met the standard", "所在工作室已达标"),
    "after_national_standard": Text("filed under the national standard", "在国家标准实施后受理"),
    "collective": Text("ten or more workers", "涉及十人及以上"),
    "kind_injury": Text("about an injury (pay: reference)", "工伤（以劳动报酬为参照）"),
    "kind_social_insurance": Text("about social insurance", "社会保险"),
    "kind_termination": Text("about termination", "解除合同"),
    "kind_remuneration": Text("about pay", "劳动报酬"),
    "kind_other": Text("about something else", "其他案由"),
}


def covariate(name: str) -> Text:
    """Name a covariate for a reader: what one unit more of it is."""
    return COVARIATES.get(name, Text(f"one more of {name.replace('_', ' ')}", f"{name} 多一个单位"))


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
