"""From pay records to cells of employer, quarter and grade, without loading the records.

Lives here: two aggregations in DuckDB, read from a Parquet file or a frame. The cells
hold counts and sums, from which means by employer and quarter (with or without grade)
follow exactly; the cells of stayers hold changes of the same persons. Does not live
here: who has a contract, and any estimate.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from yuyao_lib import schema
from yuyao_lib.errors import DataError, sentence

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    import pyarrow as pa
    from numpy.typing import NDArray

__all__ = ["firm_cells", "merge_grades", "stayer_changes"]

REQUIRED = ("employer_id", "quarter", "gross_wage")
CELLS = """
SELECT employer_id, quarter, {grade} AS grade, count(*)::DOUBLE AS workers,
       sum(ln(gross_wage)) AS log_wage_sum, sum(gross_wage)::DOUBLE AS wage_sum,
       {allowance} AS allowance_sum, {separated} AS separations
FROM pay WHERE gross_wage > 0 GROUP BY ALL
"""
SPELLS = """
SELECT firm, {quarters}
FROM (
  SELECT worker_id, firm, quarter, ln(gross_wage) AS log_wage
  FROM pay JOIN firms USING (employer_id) WHERE gross_wage > 0
)
GROUP BY worker_id, firm
"""


def firm_cells(pay: Path | pd.DataFrame) -> pd.DataFrame:
    """Count and sum pay records by employer, quarter and grade.

    Parameters
    ----------
    pay
        Table ``worker_quarters``, as a Parquet file or a frame. Needs ``employer_id``,
        ``quarter`` and ``gross_wage`` (CNY a month); ``grade``, ``skill_allowance`` (CNY
        a month) and ``separated`` are used where they are there.

    Returns
    -------
    pd.DataFrame
        One row an employer, quarter and grade: ``employer_id``, ``period`` (quarters
        counted), ``grade`` (0 where there is none), ``workers`` (persons), and sums over
        them: ``log_wage_sum``, ``wage_sum``, ``allowance_sum``, ``separations``. The
        last two are missing where their column is.

    Raises
    ------
    DataError
        If a column that is needed is missing.

    Notes
    -----
    Rows without pay above zero have no logarithm and are left out.

    Examples
    --------
    >>> import pandas as pd
    >>> pay = pd.DataFrame({"employer_id": ["A", "A", "B"], "quarter": "2022Q1",
    ...                     "gross_wage": [5000.0, 7000.0, 6000.0], "grade": [0, 0, 2]})
    >>> firm_cells(pay)[["employer_id", "grade", "workers"]].values.tolist()
    [['A', 0, 2.0], ['B', 2, 1.0]]
    """
    held = _columns(pay)
    for name in REQUIRED:
        if name not in held:
            raise DataError(sentence("unknown column", got=name, allowed=sorted(held)))
    query = CELLS.format(
        grade="coalesce(grade, 0)::INT" if "grade" in held else "0",
        allowance="sum(skill_allowance)::DOUBLE" if "skill_allowance" in held else "NULL::DOUBLE",
        separated="sum(separated::INT)::DOUBLE" if "separated" in held else "NULL::DOUBLE",
    )
    cells = _ask(query, pay=pay)
    cells["period"] = _periods(cells.pop("quarter"))
    return cells.sort_values(["employer_id", "period", "grade"], ignore_index=True)


def merge_grades(cells: pd.DataFrame, *, grades: tuple[int, ...] | None = None) -> pd.DataFrame:
    """Add the cells of all grades, or of some, up to employers and quarters.

    Returns
    -------
    pd.DataFrame
        As `firm_cells` without grade, with ``log_gross_wage`` and ``gross_wage``, the
        means over the workers of the cell.
    """
    rows = cells if grades is None else cells[cells["grade"].isin(grades)]
    sums = ["workers", "log_wage_sum", "wage_sum", "allowance_sum", "separations"]
    out = rows.groupby(["employer_id", "period"], sort=True, observed=True)[sums].sum(min_count=1)
    out = out.reset_index()
    out["log_gross_wage"] = out["log_wage_sum"] / out["workers"]
    out["gross_wage"] = out["wage_sum"] / out["workers"]
    return out


def stayer_changes(
    pay: Path | pd.DataFrame, *, cohorts: Mapping[str, int], anticipation: int = 0
) -> pd.DataFrame:
    """Sum what pay changed by for those present before the contract and in a later quarter.

    Parameters
    ----------
    pay
        As in `firm_cells`, with ``worker_id``.
    cohorts
        Employer to its first contract period; 0 for employers that are controls, which
        serve every cohort.
    anticipation
        Quarters before the contract in which pay may already move; the base lies before.

    Returns
    -------
    pd.DataFrame
        One row an employer, cohort and later quarter: ``employer_id``, ``cohort``,
        ``period``, ``workers`` (persons seen in both), ``change_sum`` (log points).
    """
    import numpy as np
    import pandas as pd

    quarters = _ask("SELECT DISTINCT quarter FROM pay", pay=pay)["quarter"].astype(str)
    held = sorted(schema.quarter_index(q) for q in quarters)
    firm, spells = _spells(pay, list(cohorts), held)
    first = np.array(list(cohorts.values()))
    parts = [_since(firm, spells, first, held, g, g - 1 - anticipation) for g in np.unique(first)]
    columns = ["firm", "cohort", "period", "workers", "change_sum"]
    out = pd.concat([pd.DataFrame(columns=columns), *(p for p in parts if p is not None)])
    names = pd.Series(list(cohorts), dtype="str")
    out.insert(0, "employer_id", names.array.take(out.pop("firm").astype("int64")))
    out = out.astype({"cohort": "int64", "period": "int64", "workers": float, "change_sum": float})
    return out.sort_values(["employer_id", "cohort", "period"], ignore_index=True)


def _spells(
    pay: Path | pd.DataFrame, firms: list[str], held: list[int]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the firm of each worker's spell with a firm, and log pay by quarter, NaN if none."""
    import pandas as pd

    names = [schema.quarter_name(t) for t in held]
    columns = [f"max(log_wage) FILTER (quarter = '{n}') AS q{t}" for t, n in enumerate(names)]
    found = pd.DataFrame({"employer_id": firms, "firm": range(len(firms))})
    wide = _ask(SPELLS.format(quarters=", ".join(columns)), pay=pay, firms=found)
    return wide.pop("firm").to_numpy("int64"), wide.to_numpy("float64")


def _since(
    firm: NDArray[np.int64], spells: NDArray[np.float64], first: NDArray[np.int64],
    held: list[int], cohort: int, base: int,
) -> pd.DataFrame | None:  # fmt: skip
    """Sum changes since the base by firm and quarter: of a cohort, and of all controls."""
    import numpy as np
    import pandas as pd

    if cohort == 0 or base not in held:
        return None
    before, later = spells[:, held.index(base)], np.array([t for t in held if t >= cohort])
    chosen = np.isin(first[firm], (cohort, 0)) & np.isfinite(before)
    change = spells[np.ix_(chosen, np.isin(held, later))] - before[chosen, None]
    cell = firm[chosen, None] * len(later) + np.arange(len(later))
    there, size = np.isfinite(change), len(first) * len(later)
    count = np.bincount(cell[there], minlength=size)
    total = np.bincount(cell[there], weights=change[there], minlength=size)
    kept = np.flatnonzero(count)
    width = max(len(later), 1)
    place = {"firm": kept // width, "cohort": cohort, "period": later[kept % width]}
    return pd.DataFrame({**place, "workers": count[kept], "change_sum": total[kept]})


def _columns(pay: Path | pd.DataFrame) -> set[str]:
    """Return the names of the columns that are there."""
    if not isinstance(pay, Path):
        return set(pay.columns)
    import pyarrow.parquet as pq

    return set(pq.read_schema(pay).names)


def _ask(query: str, **tables: Any) -> pd.DataFrame:
    """Run a query over files and frames."""
    import duckdb

    with duckdb.connect(config={"threads": 2}) as connection:
        connection.execute("SET enable_progress_bar = false")  # it would fill the log of a run
        for name, table in tables.items():
            if isinstance(table, Path):
                connection.from_parquet(str(table)).create_view(name)
                continue
            connection.register(name, _plain(table))
        return connection.sql(query).df()


def _plain(table: pd.DataFrame) -> pa.Table:
    """Return a frame as DuckDB reads it without a copy: categories stay numbered words."""
    import pandas as pd
    import pyarrow as pa

    words = {
        name: table[name].astype(str).astype("category")
        for name in table.columns
        if isinstance(table[name].dtype, pd.PeriodDtype)
    }
    return pa.Table.from_pandas(table.assign(**words), preserve_index=False)


def _periods(quarters: pd.Series) -> pd.Series:
    """Count quarters; each distinct name is read once."""
    import pandas as pd

    codes, names = pd.factorize(quarters)
    index = pd.array([schema.quarter_index(str(name)) for name in names], dtype="int64")
    return pd.Series(index.take(codes), index=quarters.index).astype("int64")
