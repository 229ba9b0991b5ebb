"""Ratios of printed figures: computed from the measures, with a verdict on their meaning."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import Literal

from yuyao_lib.errors import DataError, RatioError, sentence
from yuyao_lib.fields import Fielded
from yuyao_lib.sources.intervals import Interval
from yuyao_lib.vocabulary import Text

__all__ = ["Ratio", "RatioRule", "Verdict", "ratio_of"]

Verdict = Literal["ok", "conditional", "invalid"]
WINDOW_YEARS = 5  # the record's own words; neither end of the window is printed

_FORMULA = re.compile(
    r"(?P<top>\w+)/(?P<bottom>\w+|\((?:\w+\+)+\w+\))"
    r"(?:\*(?P<scale>\d+))?(?P<years>/5y)?"
)
_SUM_FIRST = re.compile(
    r"\((?P<top>(?:\w+\+)+\w+)\)/(?P<bottom>\w+)(?:\*(?P<scale>\d+))?(?P<years>/5y)?"
)


@dataclass(frozen=True, slots=True)
class RatioRule:
    """How a ratio is made and whether it means what it seems to.

    Attributes
    ----------
    id, name
        Key and name.
    formula
        ``a/b``, with sums in brackets, a scale ``*1000`` and ``/5y`` for a yearly rate.
    unit
        Vocabulary key of the unit.
    verdict, why
        Whether the ratio holds, and the reason.
    """

    id: str
    name: Text
    formula: str
    unit: str
    verdict: Verdict
    why: Text


@dataclass(frozen=True, slots=True)
class Ratio(Fielded):
    """A ratio that was computed.

    Attributes
    ----------
    rule
        Where it comes from.
    value
        Point value; None when a figure in it was printed as "over", "nearly" or "odd".
    interval
        What the printing of its figures allows.
    """

    rule: RatioRule
    value: float | None
    interval: Interval


def parts_of(formula: str) -> tuple[list[str], list[str], float]:
    """Split a formula into measures above, measures below, and the factor.

    Examples
    --------
    >>> parts_of("disputes_mediated/members*1000/5y")
    (['disputes_mediated'], ['members'], 200.0)
    """
    found = _FORMULA.fullmatch(formula) or _SUM_FIRST.fullmatch(formula)
    if found is None:
        allowed = "a/b, (a+b)/c or a/(b+c), then *1000 and /5y"
        raise DataError(sentence("unreadable formula of a ratio", got=formula, allowed=allowed))
    factor = float(found["scale"] or 1) / (WINDOW_YEARS if found["years"] else 1)
    top, bottom = (found[side].strip("()").split("+") for side in ("top", "bottom"))
    return top, bottom, factor


def ratio_of(rule: RatioRule, measures: Mapping[str, object], *, override: bool = False) -> Ratio:
    """Compute a ratio by interval arithmetic.

    Parameters
    ----------
    rule
        The ratio.
    measures
        Measures by id, each with ``value``, ``interval`` and ``qualifier``.
    override
        Compute it although it is invalid; the caller answers for its meaning.

    Raises
    ------
    RatioError
        If the ratio is invalid and `override` is not given.
    DataError
        If the formula names an unknown measure.
    """
    if rule.verdict == "invalid" and not override:
        raise RatioError(
            f"{rule.id} is not a valid ratio: {rule.why.en}. Pass override=True to compute it"
            " all the same."
        )
    top, bottom, factor = parts_of(rule.formula)
    for name in (*top, *bottom):
        if name not in measures:
            what = f"ratio {rule.id} names an unknown measure"
            raise DataError(sentence(what, got=name, allowed=list(measures)))
    above, below = ([measures[n] for n in side] for side in (top, bottom))
    interval = (_total(above) / _total(below)) * factor
    exact = all(m.qualifier == "exact" for m in (*above, *below))  # type: ignore[attr-defined]
    value = _point(above) / _point(below) * factor if exact else None
    return Ratio(rule, value, interval)


def _total(measures: list) -> Interval:
    """Add the intervals of some measures."""
    return reduce(add, (m.interval for m in measures))


def _point(measures: list) -> float:
    """Add the printed values of some measures."""
    return float(sum(m.value for m in measures))
