"""Can this design tell? What interval, trends before and precision add up to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from yuyao_lib.fields import Fielded
from yuyao_lib.findings import Estimate
from yuyao_lib.methods.honest import HonestBounds
from yuyao_lib.methods.power import minimum_detectable_effect
from yuyao_lib.methods.pretrends import PreTrend
from yuyao_lib.vocabulary import Text

__all__ = ["Closing", "Verdict", "can_tell"]

Answer = Literal["effect", "no_effect", "cannot_tell", "undefined"]
ANSWERS = {
    "effect": Text("The design supports an effect.", "此设计支持存在效应。"),
    "no_effect": Text(
        "The design rules out an effect of the size asked about.", "此设计排除了所问大小的效应。"
    ),
    "cannot_tell": Text("This design cannot tell.", "此设计无法判断。"),
    "undefined": Text("No effect is defined in these data.", "这些数据无法定义效应。"),
}


@dataclass(frozen=True, slots=True)
class Verdict(Fielded):
    """An answer and what it rests on.

    Attributes
    ----------
    answer
        ``effect``, ``no_effect``, ``cannot_tell`` or ``undefined``.
    sentence
        The answer in words.
    reasons
        Why, the gravest first.
    persons, employers
        Who stands behind the effect that is judged, where that is counted.
    """

    answer: Answer
    sentence: Text
    reasons: tuple[Text, ...]
    persons: int | None = None
    employers: int | None = None


@dataclass(frozen=True, slots=True)
class Closing(Fielded):
    """A verdict as the last word of a page, without its reasons.

    Attributes
    ----------
    verdict
        What was told before, with reasons.
    """

    verdict: Verdict


def can_tell(
    effect: Estimate,
    *,
    bounds: HonestBounds | None = None,
    slope: PreTrend | None = None,
    smallest_of_interest: float,
    breakdown_needed: float = 1.0,
) -> Verdict:
    """Judge what may be said of an effect of adoption.

    Parameters
    ----------
    effect
        The mean effect with an interval that holds its size.
    bounds
        Sensitivity to trends that differ, relative magnitudes.
    slope
        The line through the periods before adoption.
    smallest_of_interest
        The smallest effect that would matter, in the effect's unit.
    breakdown_needed
        How many times the largest step before adoption the steps after may be, with the
        interval still leaving out zero.

    Returns
    -------
    Verdict
        ``effect`` needs an interval without zero, trends before that neither differ nor
        explain the effect if they went on, and bounds that hold; ``no_effect`` an
        interval inside the smallest effect of interest; else the design cannot tell.
    """
    judged = _judge(effect, bounds, slope, smallest_of_interest, breakdown_needed)
    return replace(judged, persons=effect.persons, employers=effect.employers)


def _judge(
    effect: Estimate,
    bounds: HonestBounds | None,
    slope: PreTrend | None,
    smallest_of_interest: float,
    breakdown_needed: float,
) -> Verdict:
    """Return the answer."""
    if effect.estimate is None:
        why = effect.undefined or ANSWERS["undefined"]
        return Verdict("undefined", ANSWERS["undefined"], (why,))
    doubts = [*_trend_doubts(effect, slope), *_bound_doubts(bounds, breakdown_needed)]
    if effect.low is None or effect.high is None:
        return _unable([Text("no interval can be computed", "无法计算区间"), *doubts])
    if effect.differs_from_zero:
        if doubts:
            return _unable(doubts)
        held = Text("the interval leaves out zero and the checks hold", "区间不含零且各项检验成立")
        return Verdict("effect", ANSWERS["effect"], (held,))
    inside = max(abs(effect.low), abs(effect.high)) < smallest_of_interest
    if inside and not doubts:
        small = Text("the whole interval is below that size", "整个区间都小于该数值")
        return Verdict("no_effect", ANSWERS["no_effect"], (small,))
    return _unable([_precision(effect, smallest_of_interest), *doubts])


def _unable(reasons: list[Text]) -> Verdict:
    """Return that the design cannot tell."""
    once = tuple(dict.fromkeys(reasons))  # two checks may fail for the same reason
    return Verdict("cannot_tell", ANSWERS["cannot_tell"], once)


def _precision(effect: Estimate, smallest: float) -> Text:
    """Say what the design could have found."""
    least = minimum_detectable_effect(effect).estimate
    found = "?" if least is None else f"{least:.3g}"
    return Text(
        f"the interval contains zero; the smallest effect found in 8 of 10 samples is {found},"
        f" the smallest that matters {smallest:.3g}",
        f"区间包含零；十个样本中八个能检出的最小效应为 {found}，有意义的最小效应为 {smallest:.3g}",
    )


def _trend_doubts(effect: Estimate, slope: PreTrend | None) -> list[Text]:
    """Say whether trends before adoption differ, or could explain the effect."""
    if slope is None:
        return []
    line, _, carried = slope.estimates
    if line.estimate is None:
        why = line.undefined or Text("trends before are not known", "处理前趋势未知")
        return [why]
    doubts = []
    if line.differs_from_zero:
        doubts.append(
            Text(
                f"paths already parted before adoption, by {_signed(line.estimate)} a period",
                f"采用之前两组路径已分离，每期 {_signed(line.estimate)}",
            )
        )
    reach = max(abs(carried.low or 0.0), abs(carried.high or 0.0))
    if reach >= abs(effect.estimate or 0.0):
        doubts.append(
            Text(
                f"a trend that these data cannot rule out would by itself give up to {reach:.3g},"
                " no less than the effect",
                f"数据无法排除的趋势本身即可产生至多 {reach:.3g} 的差异，不小于该效应",
            )
        )
    return doubts


def _signed(value: float) -> str:
    """Write a small number with its true minus."""
    return f"{value:.2g}".replace("-", "\N{MINUS SIGN}")


def _bound_doubts(bounds: HonestBounds | None, needed: float) -> list[Text]:
    """Say at which departure the conclusion falls, if that is too soon."""
    if bounds is None:
        return []
    found = bounds.breakdown
    if found.estimate is None:
        return [found.undefined] if found.undefined else []
    if found.estimate >= needed:
        return []
    return [
        Text(
            f"the conclusion falls once trends part after adoption by {found.estimate:.2g} times"
            f" the largest step before; {needed:g} is asked for",
            f"只要处理后的趋势偏离达到处理前最大变动的 {found.estimate:.2g} 倍，结论即不成立；"
            f"要求为 {needed:g} 倍",
        )
    ]
