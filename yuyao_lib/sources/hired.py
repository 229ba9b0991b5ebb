"""What became of people who found a job after registering: pay on entry, and half a year later."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yuyao_lib.sources.aggregates import tables_where_they_lie
from yuyao_lib.sources.dataset import Dataset

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["hired"]

COLUMNS = {
    "job_services": ["worker_id", "registered_on", "trained", "hired_on"],
    "worker_quarters": ["worker_id", "employer_id", "quarter", "gross_wage"],
}
NUMBER = (
    "CAST(left(CAST(quarter AS VARCHAR), 4) AS INT) * 4"
    " + CAST(right(CAST(quarter AS VARCHAR), 1) AS INT) - 1"
)


def hired(data: Dataset) -> pd.DataFrame | None:
    """Join registrations that led to a job with the payroll of the quarters after it.

    Returns
    -------
    DataFrame or None
        One row a registration that led to a job: ``worker_id``, ``trained``, ``quarter`` (the
        first full one after the hire, quarters since the year zero), ``entry_wage`` (CNY a
        month in it; missing: not on any payroll), ``followed`` (the payroll reaches two
        quarters further) and ``kept`` (then still with the same employer). None where
        either table is not there.
    """
    for name, columns in COLUMNS.items():
        if not data.has(name) or data.optional(name, columns=columns) is None:
            return None
    with tables_where_they_lie(data, COLUMNS, held=list(COLUMNS)) as link:
        return link.execute(
            f"""
            WITH spells AS (
                SELECT CAST(worker_id AS VARCHAR) AS w, CAST(trained AS INT) AS trained,
                       year(hired_on) * 4 + quarter(hired_on) AS q
                FROM job_services WHERE hired_on IS NOT NULL),
            pay AS (
                SELECT CAST(worker_id AS VARCHAR) AS w, CAST(employer_id AS VARCHAR) AS e,
                       {NUMBER} AS q, gross_wage
                FROM worker_quarters
                WHERE CAST(worker_id AS VARCHAR) IN (SELECT w FROM spells)),
            span AS (SELECT max({NUMBER}) AS last FROM worker_quarters)
            SELECT s.w AS worker_id, s.trained, s.q AS quarter, a.gross_wage AS entry_wage,
                   s.q + 2 <= span.last AS followed, coalesce(b.e = a.e, FALSE) AS kept
            FROM spells s CROSS JOIN span
            LEFT JOIN pay a ON a.w = s.w AND a.q = s.q
            LEFT JOIN pay b ON b.w = s.w AND b.q = s.q + 2
            WHERE s.q <= span.last ORDER BY ALL"""
        ).df()
