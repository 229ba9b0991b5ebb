"""Durations from the two dates a register holds: when a case began and when it was closed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from yuyao_lib.errors import DataError, InputError, sentence
from yuyao_lib.methods.packages import undisturbed

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["from_dates", "spell_rows"]

TOPIC = "disputes"
DAY = np.timedelta64(1, "D")


def from_dates(
    frame: pd.DataFrame,
    *,
    began: str,
    closed: str,
    until: str | None = None,
    same_day: float = 0.5,
) -> pd.DataFrame:
    """Return the frame with ``duration_days`` and ``ended``, from two columns of dates.

    A case without a closing date, or closed after `until`, still went on at `until`.

    Parameters
    ----------
    frame
        One row a case.
    began, closed
        Columns of dates; `closed` is missing where the case is still open.
    until
        Last day on which cases were watched, such as ``2023-06-30``; None: the latest date
        in the two columns.
    same_day
        Length given to cases that end on the day they begin, in days.

    Raises
    ------
    DataError
        If a column is missing or holds no dates, or a case ends before it begins.

    Examples
    --------
    >>> import pandas as pd
    >>> cases = pd.DataFrame({"filed_on": ["2023-01-01", "2023-01-05"],
    ...                       "closed_on": ["2023-01-11", None]})
    >>> spells = from_dates(cases, began="filed_on", closed="closed_on")
    >>> spells[["duration_days", "ended"]].values.tolist()
    [[10.0, 1.0], [6.0, 0.0]]
    """
    import pandas as pd

    if not 0 < same_day < 1:
        raise InputError(sentence("same_day", got=same_day, allowed="above 0 and below 1"))
    start, stop = (_dates(frame, name) for name in (began, closed))
    wrong = [str(i + 1) for i in np.flatnonzero((stop < start).to_numpy())]
    if wrong:
        where = ", ".join(wrong[:8])
        raise DataError(f"cases are closed before they begin in rows {where} (counted from 1).")
    last = pd.Timestamp(until) if until else max(start.max(), stop.max())
    watched = frame[start <= last]
    start, stop = start[start <= last], stop[start <= last]
    ended = stop <= last
    days = (stop.where(ended, last) - start) / DAY
    return watched.assign(duration_days=days.where(days > 0, same_day), ended=ended.astype("int64"))


def spell_rows(
    frame: pd.DataFrame | None, *, dates: Sequence[str] = (), columns: Sequence[str] = ()
) -> pd.DataFrame:
    """Return rows of spells, their lengths from two dates where these are named.

    Parameters
    ----------
    frame
        One row a case; None where the table is not there.
    dates
        Columns of first and of closing dates, or none.
    columns
        Columns that rows of no table have all the same, empty names left out.

    Examples
    --------
    >>> list(spell_rows(None, columns=["duration_days", "", "outcome"]))
    ['duration_days', 'outcome']
    """
    import pandas as pd

    if frame is None:
        return pd.DataFrame({name: pd.Series(dtype="float64") for name in columns if name})
    return from_dates(frame, began=dates[0], closed=dates[1]) if dates else frame


def _dates(frame: pd.DataFrame, name: str) -> pd.Series:
    """Return a column as dates."""
    import pandas as pd

    if name not in frame.columns:
        raise DataError(sentence("unknown column", got=name, allowed=list(frame.columns)))
    held = frame[name]
    example = held.dropna().astype(str).head(1).tolist()
    what = f"column {name!r} does not hold dates"
    if pd.api.types.is_numeric_dtype(held) and held.notna().any():
        raise DataError(sentence(what, got=example[0], allowed="dates such as 2023-06-30"))
    try:
        with undisturbed(ignore=(UserWarning,)):
            return pd.to_datetime(held).astype("datetime64[ns]")
    except (ValueError, TypeError) as error:
        raise DataError(
            sentence(what, got=example[0], allowed="dates such as 2023-06-30")
        ) from error
