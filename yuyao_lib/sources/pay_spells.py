"""Log pay by worker, employer and quarter as one matrix, and when things first happened.

Lives here: reading millions of pay records into a table of a row a worker and employer and
a column a quarter, and the first quarter of courses, titles, prizes, proposals and
mentorships. Does not live here: any estimate.
"""

# The type check does not follow numpy, so it cannot infer the type of a new array.
# mypy: disable-error-code="var-annotated"

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from yuyao_lib.sources.aggregates import tables_where_they_lie
from yuyao_lib.sources.dataset import Dataset

if TYPE_CHECKING:
    import duckdb

__all__ = ["EVENTS", "PaySpells", "first_events", "pay_spells", "quarter_of_day"]

Array: TypeAlias = np.ndarray
UNKNOWN = -1
MIX = np.uint64(0x9E3779B97F4A7C15)  # spreads employers over the keys of workers
PAY = ["worker_id", "employer_id", "quarter", "gross_wage"]
PERSON = "hash(CAST(worker_id AS VARCHAR))"
COURSES = {"training": ["worker_id", "start_on", "kind"]}
PROPOSALS = {"suggestions": ["worker_id", "submitted_on", "adopted"]}
GOLDEN = {"suggestions": ["worker_id", "submitted_on", "golden"]}
ADOPTED = {"suggestions": ["worker_id", "submitted_on", "adopted", "golden"]}
# of each kind of event: columns of the tables, the day, and the rows, with whose id
EVENTS: dict[str, tuple[dict[str, list[str]], str, str]] = {
    "training": (COURSES, "start_on", "FROM training WHERE CAST(kind AS VARCHAR) = 'skill'"),
    "degree": (COURSES, "start_on", "FROM training WHERE CAST(kind AS VARCHAR) = 'degree'"),
    "title": (
        {"titles": ["worker_id", "awarded_on"]}, "awarded_on",
        "FROM titles WHERE awarded_on IS NOT NULL",
    ),
    "prize": (
        {"contest_entries": ["worker_id", "contest_id", "award"],
         "contests": ["contest_id", "held_on"]}, "held_on",
        "FROM contest_entries JOIN contests USING (contest_id)"
        " WHERE award IS NOT NULL AND CAST(award AS VARCHAR) <> 'none'",
    ),
    "adopted": (PROPOSALS, "submitted_on", "FROM suggestions WHERE adopted"),
    "rejected": (PROPOSALS, "submitted_on", "FROM suggestions WHERE NOT adopted"),
    "golden": (GOLDEN, "submitted_on", "FROM suggestions WHERE golden"),
    "plain": (ADOPTED, "submitted_on", "FROM suggestions WHERE adopted AND NOT golden"),
    "mentor": (
        {"mentor_pairs": ["mentor_id", "start_on"]}, "start_on",
        "FROM (SELECT mentor_id AS worker_id, start_on FROM mentor_pairs)",
    ),
    "apprentice": (
        {"mentor_pairs": ["apprentice_id", "start_on"]}, "start_on",
        "FROM (SELECT apprentice_id AS worker_id, start_on FROM mentor_pairs)",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class PaySpells:
    """Pay of every worker with every employer.

    Attributes
    ----------
    log_pay
        Shape (n, T): log of gross pay a month; NaN in a quarter without pay.
    grade
        Shape (n, T): skill grade, -1 where it is not known.
    employer, worker
        Shape (n,): numbers from 0 of the employer and of the worker.
    keys
        Shape (workers,): what the tables' worker ids hash to, ascending.
    start
        Shape (n,): column in which the worker came to the employer, below zero before the
        first quarter; NaN where that is not known.
    first_quarter
        Quarter of the first column, counted from the year zero.
    """

    log_pay: Array = field(repr=False)
    grade: Array = field(repr=False)
    employer: Array = field(repr=False)
    worker: Array = field(repr=False)
    keys: Array = field(repr=False)
    start: Array = field(repr=False)
    first_quarter: int

    @property
    def n_quarters(self) -> int:
        """Number of columns."""
        return int(self.log_pay.shape[1])

    @property
    def paid(self) -> Array:
        """Shape (n, T): whether there is pay."""
        return np.isfinite(self.log_pay)

    def workers_of(self, hashed: Array) -> Array:
        """Return the numbers of workers by their hashed ids; -1 for one without pay."""
        place = np.searchsorted(self.keys, hashed)
        place = np.minimum(place, max(len(self.keys) - 1, 0))
        found = self.keys[place] == hashed if len(self.keys) else np.zeros(len(hashed), bool)
        return np.where(found, place, UNKNOWN)


def pay_spells(data: Dataset) -> PaySpells | None:
    """Read pay into a matrix; None where no table holds pay by worker, employer and quarter.

    Examples
    --------
    >>> import yuyao_lib as yuyao
    >>> pay_spells(yuyao.open("record")) is None
    True
    """
    if data.optional("worker_quarters", columns=PAY) is None:
        return None
    graded = data.optional("worker_quarters", columns=["grade"]) is not None
    columns = PAY + (["grade"] if graded else [])
    with tables_where_they_lie(
        data, {"worker_quarters": columns}, held=["worker_quarters"]
    ) as link:
        rows = link.execute(_pay_query(graded=graded)).fetchnumpy()
    rows = {name: np.ma.getdata(values) for name, values in rows.items()}
    return _matrix(rows, _entered(data))


def _pay_query(*, graded: bool) -> str:
    """Write the query that reads pay, ids hashed so that they are numbers."""
    grade = (
        f"CAST(coalesce(grade, {UNKNOWN}) AS TINYINT)" if graded else f"CAST({UNKNOWN} AS TINYINT)"
    )
    return f"""
        SELECT {PERSON} AS w, hash(CAST(employer_id AS VARCHAR)) AS e,
               CAST(CAST(left(CAST(quarter AS VARCHAR), 4) AS INT) * 4
               + CAST(right(CAST(quarter AS VARCHAR), 1) AS INT) - 1 AS SMALLINT) AS q,
               CAST(ln(gross_wage) AS FLOAT) AS y, {grade} AS g
        FROM worker_quarters WHERE gross_wage > 0"""


def _entered(data: Dataset) -> dict[str, Array] | None:
    """Return the quarter in which each worker entered, where a table says so."""
    if data.optional("workers", columns=["worker_id", "entry_on"]) is None:
        return None
    held = {"workers": ["worker_id", "entry_on"]}
    with tables_where_they_lie(data, held, held=["workers"]) as link:
        found = link.execute(
            f"SELECT {PERSON} AS w, CAST({quarter_of_day('entry_on')} AS INT) AS q"
            " FROM workers WHERE entry_on IS NOT NULL ORDER BY w"
        ).fetchnumpy()
    return {name: np.ma.getdata(values) for name, values in found.items()}


def quarter_of_day(column: str) -> str:
    """Write the quarter of a date, counted from the year zero."""
    return f"(year({column}) * 4 + quarter({column}) - 1)"


def _matrix(rows: dict[str, Array], entered: dict[str, Array] | None) -> PaySpells:
    """Lay records out by worker and employer, and quarter."""
    import pandas as pd

    with np.errstate(over="ignore"):
        spell, found = pd.factorize(rows["w"] + rows["e"] * MIX)
    n = len(found)
    head = np.zeros(n, dtype=np.int64)
    head[spell[::-1]] = np.arange(len(spell))[::-1]  # the first record of each
    first = int(rows["q"].min()) if n else 0
    width = int(rows["q"].max()) - first + 1 if n else 0
    # column by column in memory, because all that follows reads whole quarters
    pay = np.full((n, width), np.nan, dtype=np.float32, order="F")
    grade = np.full((n, width), UNKNOWN, dtype=np.int8, order="F")
    place = rows["q"] - first
    pay[spell, place], grade[spell, place] = rows["y"], rows["g"]
    keys, worker = np.unique(rows["w"][head], return_inverse=True)
    employer = pd.factorize(rows["e"][head])[0]
    made = PaySpells(pay, grade, employer, worker, keys, np.zeros(n), first)
    return PaySpells(pay, grade, employer, worker, keys, _starts(made, entered), first)


def _starts(spells: PaySpells, entered: dict[str, Array] | None) -> Array:
    """Say when each worker came to the employer.

    Whoever is there in the employer's first quarter came before it: the day of entry says
    when, and without one it is not known.
    """
    if not len(spells.worker):
        return np.zeros(0)
    seen = spells.paid.argmax(axis=1)
    opened = np.full(int(spells.employer.max()) + 1, spells.n_quarters)
    np.minimum.at(opened, spells.employer, seen)
    since = np.full(len(spells.keys), np.nan)
    if entered is not None:
        who = spells.workers_of(entered["w"])
        since[who[who >= 0]] = entered["q"][who >= 0] - spells.first_quarter
    before = np.minimum(since[spells.worker], seen)
    return np.where(seen > opened[spells.employer], seen, before)


def first_events(data: Dataset, spells: PaySpells | None) -> dict[str, Array]:
    """Return for each kind of event the column of every worker's first one.

    Returns
    -------
    dict
        Name of a kind of `EVENTS` whose tables are there -> shape (workers,), ``inf`` for
        who never had one; below zero for one before the first quarter.
    """
    found: dict[str, Array] = {}
    for name, (tables, day, source) in EVENTS.items():
        if spells is None or any(data.optional(t, columns=c) is None for t, c in tables.items()):
            continue
        with tables_where_they_lie(data, tables, held=list(tables)) as link:
            found[name] = _first(link, spells, day, source)
    return found


def _first(link: duckdb.DuckDBPyConnection, spells: PaySpells, day: str, source: str) -> Array:
    """Return the column of each worker's first event."""
    rows = link.execute(
        f"SELECT {PERSON} AS w, CAST(min{quarter_of_day(day)} AS INT) AS q {source} GROUP BY ALL"
    ).fetchnumpy()
    who, when = spells.workers_of(np.ma.getdata(rows["w"])), np.ma.getdata(rows["q"])
    first = np.full(len(spells.keys), np.inf)
    first[who[who >= 0]] = when[who >= 0] - spells.first_quarter
    return first
