"""Dates that move with the calendar, as a plan may write them.

A parameter of the plan, or one of a list, that is exactly ``{last_quarter}`` (or another of
the names here) takes its value on the day of the run, by the clock and the time zone of the
machine; anything else is left as it was written.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from yuyao_lib.errors import PlanError, sentence

__all__ = ["MOVING", "moved"]


def _month_before(day: date) -> date:
    """Return the first day of the month before."""
    return (day.replace(day=1) - timedelta(days=1)).replace(day=1)


def _quarter(day: date) -> str:
    """Name the quarter of a day, as 2023Q2."""
    return f"{day.year}Q{(day.month - 1) // 3 + 1}"


def _quarter_before(day: date) -> str:
    """Name the quarter before that of a day."""
    first = day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
    return _quarter(first - timedelta(days=1))


MOVING = {
    "today": lambda day: day.isoformat(),
    "yesterday": lambda day: (day - timedelta(days=1)).isoformat(),
    "last_month": lambda day: _month_before(day).strftime("%Y-%m"),
    "this_quarter": _quarter,
    "last_quarter": _quarter_before,
    "last_year": lambda day: str(day.year - 1),
}


def moved(value: Any, *, today: date | None = None) -> Any:
    """Return a value with a moving date put in.

    Raises
    ------
    PlanError
        If braces hold an unknown name.

    Examples
    --------
    >>> moved("{last_quarter}", today=date(2023, 2, 1)), moved("plain")
    ('2022Q4', 'plain')
    """
    if isinstance(value, list):
        return [moved(item, today=today) for item in value]
    if not (isinstance(value, str) and value.startswith("{") and value.endswith("}")):
        return value
    name = value[1:-1]
    if name not in MOVING:
        raise PlanError(sentence("unknown moving date", got=name, allowed=list(MOVING)))
    return MOVING[name](today or date.today())
