"""Periods and adoption dates as numbers one apart, and the columns a method needs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from yuyao_lib.errors import DataError, sentence

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["NEVER", "first_numbers", "period_numbers", "require"]

NEVER = np.inf


def period_numbers(column: pd.Series, *, name: str) -> pd.Series:
    """Return periods as numbers one apart.

    Examples
    --------
    >>> import pandas as pd
    >>> period_numbers(pd.Series(["2019Q4", "2020Q1"]), name="quarter").tolist()
    [8079.0, 8080.0]
    """
    import pandas as pd

    if isinstance(column.dtype, pd.PeriodDtype):
        return column.astype("int64").where(column.notna()).astype("float64")
    if pd.api.types.is_bool_dtype(column) or not pd.api.types.is_numeric_dtype(column):
        return _quarters(column, name)
    numbers = column.astype("float64")
    finite = numbers[np.isfinite(numbers)]
    if (finite != finite.round()).any():
        raise DataError(f"column {name!r} must hold whole periods, such as 2019 or 2019Q1.")
    return numbers


def _quarters(column: pd.Series, name: str) -> pd.Series:
    """Read quarters written as 2019Q1."""
    parts = column.astype("string").str.extract(r"^\s*(\d{4})\s*[-_]?Q([1-4])\s*$")
    bad = column.notna() & parts[0].isna()
    if bad.any():
        got = str(column[bad].iloc[0])
        raise DataError(
            sentence(f"period in column {name!r}", got=got, allowed="whole numbers or 2019Q1")
        )
    return parts[0].astype("float64") * 4 + parts[1].astype("float64") - 1


def first_numbers(column: pd.Series, *, name: str) -> pd.Series:
    """Read first treated periods; 0 and missing mean never."""
    import pandas as pd

    if pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column):
        column = column.astype("float64").where(lambda values: np.isfinite(values) & (values != 0))
    elif column.isna().all():
        return pd.Series(NEVER, index=column.index)
    return period_numbers(column, name=name).fillna(NEVER)


def require(frame: pd.DataFrame, names: Sequence[str]) -> None:
    """Name the first column that is not there."""
    for name in names:
        if name not in frame.columns:
            raise DataError(sentence("unknown column", got=name, allowed=list(frame.columns)))
