"""When employers' first contracts took effect, by the employers' numbers in a panel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yuyao_lib.methods.matches import codes_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["contract_starts"]


def contract_starts(
    frame: pd.DataFrame, *, first: str = "first_grade_wage_period", employer: str = "employer_id"
) -> dict[int, int]:
    """Read each employer's first contract period from a panel.

    Parameters
    ----------
    frame
        One row a worker and period.
    first
        Column of the employer's first contract period, 0 for none; where the panel has no
        such column no contract is known.
    employer
        Column of the employer.

    Returns
    -------
    dict
        Number of an employer, as `grade_cells` numbers them, to its period.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = pd.DataFrame({"employer_id": ["a", "b"], "first_grade_wage_period": [0, 8090]})
    >>> contract_starts(rows)
    {1: 8090}
    """
    import numpy as np

    if first not in frame.columns:
        return {}
    start = frame[first].to_numpy()
    on = start > 0
    firm, place = np.unique(codes_of(frame[employer])[on], return_index=True)
    return {int(f): int(start[on][p]) for f, p in zip(firm, place, strict=True)}
