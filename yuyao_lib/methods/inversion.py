"""Tests of every value at once: p-values, and the set of values that are not rejected.

Lives here: a test whose statistic is linear in the hypothesised value over the root of
a quadratic, both for the data and for each redrawn sample. Wild bootstrap and
randomisation are of this kind, so that a confidence set costs no further draws.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np

from yuyao_lib.methods.adoption import Floats

__all__ = ["Moments", "RedrawnTest"]

Numbers: TypeAlias = Any  # an array of float64 or one such number
TIE = 1e-9  # a redrawn statistic this close to the observed one counts as reaching it


@dataclass(frozen=True, slots=True)
class Moments:
    """What a statistic needs at any hypothesised value b.

    The statistic is (value - b * slope) / sqrt(yy - 2 b yd + b^2 dd); all fields are
    arrays of one shape, or numbers.
    """

    value: Numbers = field(repr=False)
    slope: Numbers = field(repr=False)
    yy: Numbers = field(repr=False)
    yd: Numbers = field(repr=False)
    dd: Numbers = field(repr=False)

    def statistic(self, b: float) -> Floats:
        """Return the absolute statistic at a hypothesised value."""
        spread = self.yy - 2 * b * self.yd + b**2 * self.dd
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = np.abs(self.value - b * self.slope) / np.sqrt(np.maximum(spread, 0.0))
        return np.where(np.isnan(ratio), 0.0, ratio)


@dataclass(frozen=True, slots=True)
class RedrawnTest:
    """A statistic and its redrawn copies.

    Attributes
    ----------
    observed
        Moments of the data, numbers.
    drawn
        Moments of the R redrawn samples, shape (R,).
    estimate, scale
        Where the search for a confidence set begins, and its first step.
    exact
        Whether the draws are all there are, so that the data are among them.
    """

    observed: Moments
    drawn: Moments
    estimate: float
    scale: float
    exact: bool = False

    def p_value(self, b: float = 0.0) -> float:
        """Return (k + 1) / (R + 1), or k / R when the draws are all there are."""
        limit = float(self.observed.statistic(b)) * (1 - TIE)
        reached = int((self.drawn.statistic(b) >= limit).sum())
        count = int(np.size(self.drawn.yy))
        return reached / count if self.exact else (reached + 1) / (count + 1)

    def interval(self, level: float) -> tuple[float, float] | None:
        """Return the values that are not rejected; None if a side is unbounded."""
        low, high = self._side(-1.0, level), self._side(1.0, level)
        return None if low is None or high is None else (low, high)

    def _side(self, sign: float, level: float) -> float | None:
        """Step outwards until a value is rejected, then halve."""
        size = 1 - level
        inside, step = self.estimate, self.scale
        for _ in range(60):
            outside = inside + sign * step
            if self.p_value(outside) <= size:
                break
            inside, step = outside, step * 1.5
        else:
            return None
        for _ in range(30):
            middle = (inside + outside) / 2
            if self.p_value(middle) <= size:
                outside = middle
            else:
                inside = middle
        return inside
