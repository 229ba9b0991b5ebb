"""The register's pay joined with people and contracts: one row a worker and quarter."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING

from yuyao_lib import schema

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["PANEL", "PANEL_COLUMNS", "panel_loader", "tables_behind"]

PANEL = "worker_panel"
# what can be asked for beside the columns of worker_quarters, and the tables it needs
PANEL_COLUMNS = {
    "calendar_year": ("worker_quarters",),
    "period": ("worker_quarters",),
    "log_gross_wage": ("worker_quarters",),
    "female": ("workers",),
    "birth_year": ("workers",),
    "education_years": ("workers",),
    "age_years": ("workers",),
    "union_member": ("workers",),
    "contract_covered": ("contracts",),
    "grade_wage_covered": ("contracts",),
    "first_grade_wage_period": ("contracts",),
}
# what a column about a person is called in the table workers, where it is not the same
PERSON = {"age_years": "birth_year", "union_member": "is_member"}
Reader = Callable[[str, Sequence[str]], "pd.DataFrame"]


def tables_behind(columns: Collection[str] | None) -> set[str]:
    """Return the tables that columns of the panel are made of; None for all columns.

    Examples
    --------
    >>> sorted(tables_behind(["hours", "age_years"]))
    ['worker_quarters', 'workers']
    """
    wanted = PANEL_COLUMNS if columns is None else columns
    return {"worker_quarters"} | {t for c in wanted for t in PANEL_COLUMNS.get(c, ())}


def panel_loader(
    read: Reader, held: Sequence[str], *, person: Sequence[str] | None = None
) -> Callable[..., pd.DataFrame]:
    """Return a function that reads the panel, or some of its columns.

    Parameters
    ----------
    read
        Reads columns of a table.
    held
        Columns of ``worker_quarters``, and names of the other tables, that there are.
    person
        Columns of ``workers`` that there are; None for all that are declared.

    Returns
    -------
    callable
        Columns wanted (None for all that can be made) to a frame with a row a worker,
        employer and quarter. ``period`` counts quarters; ``contract_covered`` is 1 from
        the quarter in which the employer's first contract of any kind takes effect,
        ``grade_wage_covered`` the same for grade-wage contracts; rows without pay above
        zero have no logarithm and are left out when it is asked for.
    """

    def load(columns: Sequence[str] | None) -> pd.DataFrame:
        known = [c for c in schema.table("worker_quarters").names if c in held]
        tables = {*held, "worker_quarters"}
        made = [c for c, needs in PANEL_COLUMNS.items() if set(needs) <= tables]
        if person is not None:  # offices rarely know everything about a person
            made = [c for c in made if not _of_person(c) or PERSON.get(c, c) in person]
        wanted = list(columns) if columns is not None else [*known, *made]
        return _panel(read, [c for c in wanted if c in {*known, *made}])

    return load


def _panel(read: Reader, wanted: list[str]) -> pd.DataFrame:
    """Read what is needed and join it."""
    import numpy as np

    base = {c for c in wanted if c not in PANEL_COLUMNS}
    people = [c for c in wanted if _of_person(c)]
    cover = [c for c in wanted if PANEL_COLUMNS.get(c) == ("contracts",)]
    base |= {"quarter"} if {"calendar_year", "period", "age_years", *cover} & set(wanted) else set()
    base |= {"gross_wage"} if "log_gross_wage" in wanted else set()
    base |= {"worker_id"} if people else set()
    base |= {"employer_id"} if cover else set()
    frame = read("worker_quarters", sorted(base))
    if "log_gross_wage" in wanted:
        frame = frame[frame["gross_wage"] > 0].reset_index(drop=True)
        frame["log_gross_wage"] = np.log(frame["gross_wage"].astype("float64"))
    if "quarter" in base:
        frame["period"] = _periods(frame["quarter"])
        frame["calendar_year"] = frame["period"] // 4
    if people:
        frame = _with_people(frame, read, people)
    if cover:
        frame = _with_contracts(frame, read)
    return frame[wanted]


def _of_person(column: str) -> bool:
    """Whether a column comes from the table of people."""
    return PANEL_COLUMNS.get(column) == ("workers",)


def _periods(quarters: pd.Series) -> pd.Series:
    """Count quarters; each distinct name is read once."""
    import pandas as pd

    codes, names = pd.factorize(quarters)
    index = pd.array([schema.quarter_index(str(name)) for name in names], dtype="int64")
    return pd.Series(index.take(codes), index=quarters.index)


def _with_people(frame: pd.DataFrame, read: Reader, wanted: list[str]) -> pd.DataFrame:
    """Add what does not change about a person; age does, with the year."""
    columns = list(dict.fromkeys(PERSON.get(c, c) for c in wanted))
    people = read("workers", ["worker_id", *columns]).set_index("worker_id")
    for column in columns:
        values = people[column]
        if values.dtype == bool or column in {"female", "is_member"}:
            values = values.astype("float64")
        frame[column] = frame["worker_id"].map(values)
    if "union_member" in wanted:
        frame["union_member"] = frame["is_member"]
    if "age_years" in wanted:
        frame["age_years"] = frame["calendar_year"] - frame["birth_year"]
    return frame


def _with_contracts(frame: pd.DataFrame, read: Reader) -> pd.DataFrame:
    """Add from when the employer has a contract."""
    import pandas as pd

    contracts = read("contracts", ["employer_id", "kind", "effective_on"])
    since = pd.to_datetime(contracts["effective_on"])
    start = pd.Series(since.dt.year * 4 + since.dt.quarter - 1, index=contracts.index)
    first = start.groupby(contracts["employer_id"]).min()
    graded = contracts["kind"].astype("str") == "grade_wage"
    grade_wage = start[graded].groupby(contracts["employer_id"][graded]).min()
    begun = frame["employer_id"].map(first)
    frame["contract_covered"] = (frame["period"] >= begun).astype("int64")
    begun = frame["employer_id"].map(grade_wage)
    frame["grade_wage_covered"] = (frame["period"] >= begun).astype("int64")
    frame["first_grade_wage_period"] = begun.fillna(0).astype("int64")
    return frame
