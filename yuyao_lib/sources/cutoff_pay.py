"""Pay on both sides of marks: exams, contests, titles; and who took a course, beside who did not.

Lives here: frames of a row a person (or a person's exam) with scores, what was settled
beforehand and the change of pay. Does not live here: any estimate.
"""

# The type check does not follow numpy, so it cannot infer the type of a new array.
# mypy: disable-error-code="var-annotated"

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from yuyao_lib.sources.aggregates import tables_where_they_lie
from yuyao_lib.sources.dataset import Dataset
from yuyao_lib.sources.pay_spells import UNKNOWN, Array, PaySpells, quarter_of_day

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["contest_pay", "course_pay", "exam_pay", "title_pay"]

PERSON = "hash(CAST(worker_id AS VARCHAR)) AS w"
QUERIES: dict[str, tuple[dict[str, list[str]], str]] = {
    "exams": (
        {"assessments": ["worker_id", "assessed_on", "target_grade", "theory", "skill", "passed"]},
        f"""SELECT {PERSON}, {quarter_of_day("assessed_on")} AS q,
                   CAST(least(theory, skill) AS DOUBLE) AS exam_score,
                   CAST(target_grade AS DOUBLE) AS target_grade, CAST(passed AS DOUBLE) AS passed
            FROM assessments
            WHERE theory IS NOT NULL AND skill IS NOT NULL AND passed IS NOT NULL""",
    ),
    "contests": (
        {
            "contest_entries": ["worker_id", "contest_id", "score", "award"],
            "contests": ["contest_id", "held_on"],
        },
        f"""WITH entries AS (
                SELECT worker_id, {quarter_of_day("held_on")} AS q, CAST(score AS DOUBLE) AS score,
                       CAST(award AS VARCHAR) <> 'none' AS won, contest_id
                FROM contest_entries JOIN contests USING (contest_id)
                WHERE score IS NOT NULL AND award IS NOT NULL),
            cuts AS (
                SELECT contest_id, min(score) FILTER (won) AS low,
                       max(score) FILTER (NOT won) AS high
                FROM entries GROUP BY ALL)
            SELECT {PERSON}, q, score - (low + high) / 2 AS prize_margin,
                   CAST(won AS DOUBLE) AS won
            FROM entries JOIN cuts USING (contest_id)
            WHERE low IS NOT NULL AND high IS NOT NULL AND score <> (low + high) / 2""",
    ),
    "titles": (
        {"titles": ["worker_id", "kind", "awarded_on", "score"]},
        f"""WITH listed AS (
                SELECT worker_id, CAST(score AS DOUBLE) AS score, awarded_on IS NOT NULL AS won,
                       count(*) FILTER (awarded_on IS NULL) OVER (PARTITION BY kind) AS others
                FROM titles WHERE score IS NOT NULL)
            SELECT {PERSON}, NULL::INT AS q, score AS title_score, CAST(won AS DOUBLE) AS won
            FROM listed WHERE others > 0""",
    ),
}  # fmt: skip


def exam_pay(data: Dataset, spells: PaySpells | None) -> pd.DataFrame | None:
    """Return exams with the change of pay from their quarter to the next.

    Returns
    -------
    DataFrame or None
        ``exam_score`` (the lower of theory and skill), ``target_grade``, ``passed``,
        ``pay_change`` (log points, with the same employer) and what was known before:
        ``log_pay``, ``tenure_years``, ``age_years``, ``female``, ``education_years`` where
        the tables have them, and ``employer``. None where no table holds exams.
    """
    rows = _rows(data, spells, "exams")
    return None if rows is None or spells is None else _before(rows, data, spells)


def contest_pay(data: Dataset, spells: PaySpells | None) -> pd.DataFrame | None:
    """Return contest entries by how far they lie from the last prize.

    Returns
    -------
    DataFrame or None
        As `exam_pay`, with ``prize_margin`` (points above the middle between the lowest
        score with a prize and the highest without one; ties there are left out) and
        ``won``. None where no table holds entries with scores.
    """
    rows = _rows(data, spells, "contests")
    return None if rows is None or spells is None else _before(rows, data, spells)


def title_pay(data: Dataset, spells: PaySpells | None) -> pd.DataFrame | None:
    """Return persons put forward for a title, with pay in the last quarter.

    Returns
    -------
    DataFrame or None
        ``title_score``, ``won``, ``log_pay`` (in the last quarter, less the mean of the
        employer's others) and ``employer``, for titles of which some were put forward in
        vain. None where no table holds scores.
    """
    import pandas as pd

    rows = _rows(data, spells, "titles")
    if rows is None or spells is None:
        return None
    last = spells.n_quarters - 1
    place = _place(spells, last)[rows["worker"].to_numpy()]
    rows, place = rows[place >= 0].reset_index(drop=True), place[place >= 0]
    pay = spells.log_pay[:, last]
    there = np.isfinite(pay)
    firms = spells.employer[there]
    count, total = np.bincount(firms), np.bincount(firms, weights=pay[there])
    firm = spells.employer[place]
    others = np.maximum(count[firm] - 1, 1)
    gap = pay[place] - (total[firm] - pay[place]) / others
    made = rows[["title_score", "won"]].assign(log_pay=gap.astype("float64"), employer=firm)
    return pd.DataFrame(made[count[firm] > 1]).reset_index(drop=True)


def course_pay(
    data: Dataset, spells: PaySpells | None, events: Mapping[str, Array], *, quarters: int = 8,
    most: int = 20_000,
) -> pd.DataFrame | None:  # fmt: skip
    """Return who took a first course within a year and who took none, with pay later.

    Parameters
    ----------
    data, spells
        Where pay lies.
    events
        As from `first_events`; nothing without ``training``.
    quarters
        From the base quarter to the last one, in which pay is compared.
    most
        Persons without a course that are kept, by the order of their hashed ids, which
        has nothing to do with them.

    Returns
    -------
    DataFrame or None
        ``trained`` (first course in the four quarters after the base), ``pay_later``,
        ``pay_change``, and what was known in the base quarter: ``log_pay``, ``grade``,
        ``tenure_1_3``, ``tenure_3_10``, ``tenure_10`` (years with the employer), ``age_years``,
        ``female``, ``education_years`` where the tables have them; ``employer``. Persons who
        are with the same employer in both quarters. None with fewer quarters than asked for.
    """
    import pandas as pd

    if spells is None or "training" not in events or not 4 <= quarters < spells.n_quarters:
        return None
    base, last = spells.n_quarters - 1 - quarters, spells.n_quarters - 1
    when = events["training"][spells.worker]
    both = np.isfinite(spells.log_pay[:, base]) & np.isfinite(spells.log_pay[:, last])
    treated = both & (when > base) & (when <= base + 4)
    free = np.flatnonzero(both & (when > last))
    free = free[np.argsort(spells.keys[spells.worker[free]], kind="stable")[:most]]
    chosen = np.sort(np.concatenate([np.flatnonzero(treated), free]))
    rows = pd.DataFrame({"worker": spells.worker[chosen], "employer": spells.employer[chosen]})
    rows["trained"] = treated[chosen].astype("float64")
    rows["pay_later"] = spells.log_pay[chosen, last].astype("float64")
    return _known(rows, data, spells, chosen, np.full(len(chosen), base))


def _rows(data: Dataset, spells: PaySpells | None, name: str) -> pd.DataFrame | None:
    """Read a table of scores; persons without pay are left out."""
    columns, query = QUERIES[name]
    absent = any(data.optional(t, columns=held) is None for t, held in columns.items())
    if spells is None or absent:
        return None
    with tables_where_they_lie(data, columns, held=list(columns)) as link:
        rows = link.execute(query).df()
    rows["worker"] = spells.workers_of(rows["w"].to_numpy(dtype=np.uint64))
    return rows[rows["worker"] >= 0].drop(columns="w").reset_index(drop=True)


def _place(spells: PaySpells, column: int) -> Array:
    """Return for every worker the row that has pay in a column; -1 for none."""
    place = np.full(len(spells.keys), UNKNOWN)
    there = np.flatnonzero(np.isfinite(spells.log_pay[:, column]))
    place[spells.worker[there]] = there
    return place


def _before(rows: pd.DataFrame, data: Dataset, spells: PaySpells) -> pd.DataFrame:
    """Add the change of pay from a quarter to the next, and what was known in it."""
    worker = rows["worker"].to_numpy()
    column = rows["q"].to_numpy() - spells.first_quarter
    place = np.full(len(rows), UNKNOWN)
    for base in range(spells.n_quarters - 1):
        here = column == base
        place[here] = _place(spells, base)[worker[here]]
    kept = place >= 0
    rows, place, column = rows[kept].reset_index(drop=True), place[kept], column[kept]
    rows["employer"] = spells.employer[place]
    rows["pay_later"] = spells.log_pay[place, column + 1].astype("float64")
    made = _known(rows.drop(columns="q"), data, spells, place, column)
    return made[made["pay_change"].notna()].reset_index(drop=True)


def _known(
    rows: pd.DataFrame, data: Dataset, spells: PaySpells, place: Array, column: Array
) -> pd.DataFrame:
    """Add what was known of each person in a quarter."""
    rows["log_pay"] = spells.log_pay[place, column].astype("float64")
    rows["pay_change"] = rows["pay_later"] - rows["log_pay"]
    grade = spells.grade[place, column]
    if (grade >= 0).any():
        rows["grade"] = np.where(grade >= 0, grade, np.nan).astype("float64")
    years = (column - spells.start[place]) / 4
    if np.isfinite(years).any():
        rows["tenure_years"] = years
        for name, low, high in (
            ("tenure_1_3", 1, 3),
            ("tenure_3_10", 3, 10),
            ("tenure_10", 10, np.inf),
        ):
            rows[name] = np.where(np.isnan(years), np.nan, (years >= low) & (years < high))
    people = _people(data, spells)
    worker = rows["worker"].to_numpy()
    if people is not None:
        year = (column + spells.first_quarter) // 4
        if "birth_year" in people:
            rows["age_years"] = year - people["birth_year"][worker]
        for name in ("female", "education_years"):
            if name in people:
                rows[name] = people[name][worker]
    return rows.drop(columns=["worker", "pay_later"] if "trained" not in rows else ["worker"])


def _people(data: Dataset, spells: PaySpells) -> dict[str, Array] | None:
    """Return what the table of workers says, by number of worker; NaN where it says nothing."""
    also = ["birth_year", "female", "education_years"]
    frame = data.optional("workers", columns=["worker_id"], also=also)
    if frame is None:
        return None
    names = [n for n in also if n in frame.columns]
    with tables_where_they_lie(data, {"workers": ["worker_id", *names]}, held=["workers"]) as link:
        told = "".join(f", CAST({n} AS DOUBLE) AS {n}" for n in names)
        rows = link.execute(f"SELECT {PERSON}{told} FROM workers").fetchnumpy()
    who = spells.workers_of(np.ma.getdata(rows["w"]))
    made = {}
    for name in names:
        made[name] = np.full(len(spells.keys), np.nan)
        made[name][who[who >= 0]] = np.ma.filled(rows[name], np.nan)[who >= 0]
    return made
