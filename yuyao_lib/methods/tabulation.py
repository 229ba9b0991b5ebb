"""Estimates as rows of a frame, the same columns for every method."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from yuyao_lib.findings import Estimate

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["COLUMNS", "rows_of"]

COLUMNS = (
    "key",
    "estimate",
    "standard_error",
    "low",
    "high",
    "p_value",
    "n",
    "clusters",
    "method",
    "unit",
)


def rows_of(estimates: Iterable[Estimate]) -> pd.DataFrame:
    """Return one row an estimate, with the reason where one is undefined.

    Examples
    --------
    >>> rows_of([]).columns[0]
    'key'
    """
    import pandas as pd

    rows = [
        {
            **{name: getattr(estimate, name) for name in COLUMNS},
            "undefined": estimate.undefined.en if estimate.undefined else "",
        }
        for estimate in estimates
    ]
    return pd.DataFrame(rows, columns=[*COLUMNS, "undefined"])
