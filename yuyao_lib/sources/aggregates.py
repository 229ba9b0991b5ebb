"""Large tables of the register counted where they lie, before anything reaches a method.

Lives here: queries that turn millions of rows into a small frame, from the Parquet files
of a register or from a researcher's own frames. Does not live here: any estimate.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from yuyao_lib.sources.dataset import Dataset

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

__all__ = ["reenrolments", "tables_where_they_lie", "target_people"]

YOUNGEST, OLDEST = 20, 45  # years of age: the women whom nursing rooms are for


def reenrolments(data: Dataset) -> pd.DataFrame | None:
    """Count enrolments in mutual aid by year, claim, and what became of them a year later.

    Returns
    -------
    DataFrame or None
        One row a cell: ``year``, ``claimed`` (a claim was paid), ``stays`` (the person is in
        the register in the second quarter of the next year; None where pay is not
        known), ``again`` (enrolled in the next year), ``enrolments``. The last year has
        no next one and is left out. None where there is no table of mutual aid.
    """
    if data.optional("mutual_aid", columns=["worker_id", "year", "claim"]) is None:
        return None
    held = ["mutual_aid"]
    stays, joined = "NULL", ""
    if data.has("worker_quarters"):
        held.append("worker_quarters")
        stays = "p.worker_id IS NOT NULL"
        joined = """
            LEFT JOIN (SELECT DISTINCT worker_id, CAST(left(quarter, 4) AS INT) AS y
                       FROM worker_quarters WHERE right(CAST(quarter AS VARCHAR), 2) = 'Q2') p
            ON p.worker_id = m.worker_id AND p.y = m.year + 1"""
    return _query(
        data,
        {"mutual_aid": ["worker_id", "year", "claim"], "worker_quarters": ["worker_id", "quarter"]},
        held,
        f"""
        SELECT m.year AS year, coalesce(m.claim, 0) > 0 AS claimed, {stays} AS stays,
               n.worker_id IS NOT NULL AS again, count(*) AS enrolments
        FROM mutual_aid m
        LEFT JOIN mutual_aid n ON n.worker_id = m.worker_id AND n.year = m.year + 1 {joined}
        WHERE m.year < (SELECT max(year) FROM mutual_aid)
        GROUP BY ALL ORDER BY ALL
        """,
    )


def target_people(data: Dataset) -> pd.DataFrame | None:
    """Count by town whom the sites are for.

    Returns
    -------
    DataFrame or None
        One row a town: ``town_id``, ``workers`` (workforce of its employers),
        ``women_20_45`` (women of that age at work there in the last quarter) and
        ``new_form_members`` with their ``new_form_unions``; a column is missing where its
        tables are. None where employers are not known by town.
    """
    employers = data.optional("employers", columns=["employer_id", "town_id", "headcount"])
    if employers is None:
        return None
    towns = employers.assign(town_id=employers["town_id"].astype(str))
    table = towns.groupby("town_id")["headcount"].sum().rename("workers").to_frame()
    women = _women(data)
    if women is not None:
        table["women_20_45"] = women.reindex(table.index).fillna(0).astype("int64")
    unions = data.optional("unions", columns=["town_id", "is_new_form", "members"])
    if unions is not None:
        new = unions[unions["is_new_form"].astype(bool)]
        members = new.groupby(new["town_id"].astype(str))["members"].sum()
        table["new_form_members"] = members.reindex(table.index).fillna(0).astype("int64")
        organised = new.groupby(new["town_id"].astype(str)).size()
        table["new_form_unions"] = organised.reindex(table.index).fillna(0).astype("int64")
    return table.reset_index()


def _women(data: Dataset) -> pd.Series | None:
    """Count women of child-bearing age by town of their employer in the last quarter."""
    needs = {
        "worker_quarters": ["worker_id", "employer_id", "quarter"],
        "workers": ["worker_id", "birth_year", "female"],
        "employers": ["employer_id", "town_id"],
    }
    if not all(data.has(name) for name in needs):
        return None
    found = _query(
        data,
        needs,
        list(needs),
        f"""
        WITH last AS (SELECT max(CAST(quarter AS VARCHAR)) AS q FROM worker_quarters)
        SELECT CAST(e.town_id AS VARCHAR) AS town_id, count(DISTINCT w.worker_id) AS women
        FROM worker_quarters q JOIN last ON CAST(q.quarter AS VARCHAR) = last.q
        JOIN workers w USING (worker_id) JOIN employers e USING (employer_id)
        WHERE w.female AND CAST(left(last.q, 4) AS INT) - w.birth_year
              BETWEEN {YOUNGEST} AND {OLDEST}
        GROUP BY ALL
        """,
    )
    return found.set_index("town_id")["women"]


def _query(
    data: Dataset, columns: dict[str, list[str]], held: Sequence[str], query: str
) -> pd.DataFrame:
    """Run a query on tables where they lie, on one thread."""
    with tables_where_they_lie(data, columns, held=held) as link:
        return link.execute(query).df()


@contextmanager
def tables_where_they_lie(
    data: Dataset, columns: dict[str, list[str]], *, held: Sequence[str]
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Lend a connection of one thread on which each table of `held` is a view of its name."""
    import duckdb

    with duckdb.connect() as link:
        link.execute("SET threads = 1")
        link.execute("SET enable_progress_bar = false")  # a page is not a terminal
        for name in held:
            path = data.path(name)
            if path is None:
                link.register(name, data.frame(name, columns=columns[name]))
            else:
                place = str(path).replace("'", "''")
                link.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet('{place}')")
        yield link
