"""When employers' first contracts took effect, by the employers' numbers in a panel."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["contract_starts"]


def contract_starts(
    contracts: pd.DataFrame | None, employers: pd.Series, *, kind: str = "grade_wage"
) -> dict[int, int]:
    """Find each employer's first contract period among the employers of a panel.

    Parameters
    ----------
    contracts
        One row a contract with ``employer_id``, ``kind`` and ``effective_on``; None: no
        contract is known.
    employers
        The panel's column of employers.
    kind
        Kind of contract that counts.

    Returns
    -------
    dict
        Number of an employer, as `grade_cells` numbers them, to the quarter (counted from
        year 0) in which its first contract took effect.

    Examples
    --------
    >>> import pandas as pd
    >>> held = pd.DataFrame({"employer_id": ["b"], "kind": "grade_wage",
    ...                      "effective_on": ["2022-07-01"]})
    >>> contract_starts(held, pd.Series(["a", "b", "a"]))
    {1: 8090}
    """
    import pandas as pd

    if contracts is None:
        return {}
    held = contracts[contracts["kind"].astype("str") == kind]
    since = pd.to_datetime(held["effective_on"])
    quarter = since.dt.year * 4 + since.dt.quarter - 1
    first = quarter.groupby(held["employer_id"].astype("str")).min()
    coded = isinstance(employers.dtype, pd.CategoricalDtype)
    labels = employers.cat.categories if coded else pd.Index(pd.factorize(employers)[1])
    places = labels.astype("str").get_indexer(first.index)
    return {int(p): int(q) for p, q in zip(places, first, strict=True) if p >= 0}
