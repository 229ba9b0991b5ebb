"""Cells of employer, period and grade: workers, and sums of log pay and its square.

What a page on grades needs of millions of rows are these sums; nothing is lost by it.
"""

# The type check does not follow numpy, so it cannot infer the type of a new array.
# mypy: disable-error-code="var-annotated"

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from yuyao_lib.errors import DataError, sentence
from yuyao_lib.methods.adoption_periods import period_numbers, require
from yuyao_lib.methods.matches import codes_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["grade_cells"]

TOPIC = "wage_components"


def grade_cells(
    frame: pd.DataFrame,
    *,
    outcome: str = "log_gross_wage",
    employer: str = "employer_id",
    period: str = "period",
    grade: str = "grade",
) -> pd.DataFrame:
    """Add up log pay by employer, period and grade.

    Parameters
    ----------
    frame
        One row a worker and period.
    outcome
        Column of log pay.
    employer, period, grade
        Columns of the cell; grades are numbers.

    Returns
    -------
    pd.DataFrame
        ``employer`` (numbers from 0), ``period``, ``grade``, ``n``, ``total``, ``squares``
        (of deviations from the grand mean, so that nothing is lost to rounding), sorted.

    Raises
    ------
    DataError
        If a column is not there or nothing is left.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = pd.DataFrame({"employer_id": ["a", "a", "b"], "period": 1, "grade": [0, 0, 2],
    ...                      "log_gross_wage": [1.0, 3.0, 5.0]})
    >>> grade_cells(rows)[["grade", "n"]].values.tolist()
    [[0, 2], [2, 1]]
    """
    import pandas as pd

    names = [outcome, employer, period, grade]
    require(frame, names)
    kept = frame[names].notna().all(axis=1).to_numpy()
    rows = frame if kept.all() else frame[kept]
    if rows.empty:
        raise DataError(sentence("no row has all of these columns", got=names))
    y = rows[outcome].to_numpy("float64")
    y = y - y.mean()
    firm = codes_of(rows[employer]).astype("int64")
    times, when = np.unique(period_numbers(rows[period], name=period), return_inverse=True)
    levels = rows[grade].to_numpy().astype("int64")
    low = int(levels.min())
    shape = (int(firm.max()) + 1, len(times), int(levels.max()) - low + 1)
    cell = np.ravel_multi_index((firm, when, levels - low), shape)
    n = np.bincount(cell, minlength=int(np.prod(shape)))
    there = np.flatnonzero(n)
    place = np.unravel_index(there, shape)
    return pd.DataFrame(
        {
            "employer": place[0],
            "period": times[place[1]].astype("int64"),
            "grade": place[2] + low,
            "n": n[there],
            "total": np.bincount(cell, weights=y, minlength=len(n))[there],
            "squares": np.bincount(cell, weights=y**2, minlength=len(n))[there],
        }
    )
