"""Quarters of the panel as days: the few date sums every subject needs."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from yuyao_lib.schema import quarter_index
from yuyao_lib.sources.simulation.setting import FIRST_QUARTER, N_QUARTERS, WINDOW

__all__ = ["LAST_DAY", "Days", "contest_quarters", "day_in", "days", "first_day", "quarter_of"]

Days: TypeAlias = NDArray[np.datetime64]
_FIRST_MONTH = np.datetime64("1970-01", "M") + 3 * (quarter_index(FIRST_QUARTER) - 1970 * 4)


def first_day(t: NDArray[np.int64] | int) -> Days:
    """Return the first day of the quarter with this place in the panel.

    Examples
    --------
    >>> str(first_day(0)), str(first_day(13))
    ('2018-01-01', '2021-04-01')
    """
    return (_FIRST_MONTH + 3 * np.asarray(t)).astype("datetime64[D]")


def day_in(rng: np.random.Generator, t: NDArray[np.int64] | int, n: int) -> Days:
    """Draw `n` days, one in each given quarter (or all in one)."""
    start, end = first_day(t), first_day(np.asarray(t) + 1)
    length = (end - start).astype(np.int64)
    return start + np.floor(rng.random(n) * length).astype(np.int64)


def days(rng: np.random.Generator, first: str, last: str, n: int) -> Days:
    """Draw `n` days from `first` to `last`, both included."""
    start = np.datetime64(first, "D")
    length = int((np.datetime64(last, "D") - start).astype(np.int64)) + 1
    return start + rng.integers(0, length, n)


def quarter_of(day: Days) -> NDArray[np.int64]:
    """Return the place in the panel of the quarter a day lies in; a blank day gives 9999.

    Examples
    --------
    >>> quarter_of(np.array(["2018-03-31", "2021-04-01", "NaT"], dtype="datetime64[D]")).tolist()
    [0, 13, 9999]
    """
    months = day.astype("datetime64[M]")
    counted = (months - _FIRST_MONTH).astype(np.int64) // 3
    return np.where(np.isnat(day), 9999, counted)


def contest_quarters(n: int) -> NDArray[np.int64]:
    """Spread `n` events evenly over the quarters from the record's first on.

    Examples
    --------
    >>> contest_quarters(5).tolist()
    [2, 6, 10, 14, 18]
    """
    return WINDOW + np.arange(n) * (N_QUARTERS - WINDOW) // n


LAST_DAY = np.datetime64(first_day(N_QUARTERS) - 1)
