"""Dates, months and quarters as files hold them: serial numbers, 2022.10, 2022年三季度."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from yuyao_lib.sources.own.numerals import UNREADABLE, Unreadable
from yuyao_lib.sources.own.raw import plain

__all__ = ["Period", "read_date", "read_period"]

EPOCH = date(1899, 12, 30)  # serial 44743 is 2022-07-01 in the 1900 system
SERIALS = range(10_000, 80_000)  # 1927 to 2119
DATE = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
)
MONTH = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})月?(?:份)?|(\d{2}))")
QUARTER = re.compile(r"(\d{4})年?[-/. ]?(?:[Qq]([1-4])|第?([1-4一二三四])季度?)")
FIGURES = {"一": 1, "二": 2, "三": 3, "四": 4}


@dataclass(frozen=True, slots=True)
class Period:
    """A quarter or a month.

    Attributes
    ----------
    year, part
        Year, and number of the quarter (1-4) or month (1-12).
    monthly
        Whether it is a month.
    """

    year: int
    part: int
    monthly: bool

    @property
    def months(self) -> int:
        """Months since year 0, of the (first) month."""
        return self.year * 12 + (self.part - 1 if self.monthly else 3 * (self.part - 1))


def read_date(value: Any) -> date | Unreadable:
    """Read one day.

    Examples
    --------
    >>> [str(read_date(v)) for v in ("2022年7月1日", 44743, "20220701", "2022-13-01", "2022")]
    ['2022-07-01', '2022-07-01', '2022-07-01', 'unreadable', 'unreadable']
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = plain(value)
    if re.fullmatch(r"\d{5}(\.\d+)?", text) and int(float(text)) in SERIALS:
        return EPOCH + timedelta(days=int(float(text)))
    found = DATE.fullmatch(text) or re.fullmatch(r"(\d{4})(\d{2})(\d{2})", text)
    return _day(found) if found else UNREADABLE


def _day(found: re.Match[str]) -> date | Unreadable:
    """Return a day of the calendar, if it is one."""
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return UNREADABLE  # the 31st of June


def read_period(value: Any) -> Period | Unreadable:
    """Read a quarter or a month; a day stands for its month.

    A fractional number is unreadable: a spreadsheet keeps 2022.10 (October) as the
    number 2022.1, which is also January.

    Examples
    --------
    >>> [read_period(v) for v in ("2022.10", "202207", "2022年第三季度")]
    ... # doctest: +NORMALIZE_WHITESPACE
    [Period(year=2022, part=10, monthly=True), Period(year=2022, part=7, monthly=True),
     Period(year=2022, part=3, monthly=False)]
    >>> read_period(2022.1)
    unreadable
    """
    if isinstance(value, float) and not value.is_integer():
        return UNREADABLE
    text = plain(value)
    found = QUARTER.fullmatch(text)
    if found:
        part = found[2] or found[3]
        return Period(int(found[1]), FIGURES.get(part) or int(part), monthly=False)
    found = MONTH.fullmatch(text)
    if found and 1 <= int(found[2] or found[3]) <= 12:
        return Period(int(found[1]), int(found[2] or found[3]), monthly=True)
    day = read_date(value)
    return day if isinstance(day, Unreadable) else Period(day.year, day.month, monthly=True)
