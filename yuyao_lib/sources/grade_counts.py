"""Skill grades counted quarter by quarter, with what had come before: cells, not persons.

Lives here: the query that turns worker-quarters into counts of promotions and of leaving.
Does not live here: any estimate.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from yuyao_lib.sources.aggregates import tables_where_they_lie
from yuyao_lib.sources.dataset import Dataset

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

__all__ = ["CAME_BEFORE", "GradeCounts", "grade_counts"]

CAME_BEFORE = ("accredited", "mentored", "contest", "trained")
COLUMNS = {
    "worker_quarters": ["worker_id", "employer_id", "quarter", "grade"],
    "employers": ["employer_id", "accredited_on"],
    "mentor_pairs": ["apprentice_id", "start_on"],
    "contest_entries": ["worker_id", "contest_id"],
    "contests": ["contest_id", "held_on"],
    "training": ["worker_id", "start_on", "kind"],
    "assessments": ["worker_id", "assessed_on"],
}
NEEDS = {
    "accredited": ("employers",), "mentored": ("mentor_pairs",),
    "contest": ("contest_entries", "contests"), "trained": ("training",),
    "sat": ("assessments",),
}  # fmt: skip
DAY = "year({0}) * 4 + quarter({0}) - 1"  # quarters since the year zero
FIRST = {
    "accredited": f"SELECT employer_id AS id, min({DAY.format('accredited_on')}) AS q"
    " FROM employers WHERE accredited_on IS NOT NULL GROUP BY ALL",
    "mentored": f"SELECT apprentice_id AS id, min({DAY.format('start_on')}) AS q"
    " FROM mentor_pairs GROUP BY ALL",
    "contest": f"SELECT worker_id AS id, min({DAY.format('held_on')}) AS q"
    " FROM contest_entries JOIN contests USING (contest_id) GROUP BY ALL",
    "trained": f"SELECT worker_id AS id, min({DAY.format('start_on')}) AS q"
    " FROM training WHERE CAST(kind AS VARCHAR) = 'skill' GROUP BY ALL",
}  # fmt: skip
TOP, LONGEST = 5, 5  # highest grade; years in a grade from which they are counted together


@dataclass(frozen=True, slots=True)
class GradeCounts:
    """Counts by cell.

    Attributes
    ----------
    cells
        Worker-quarters below the top grade by employer, grade, year, years in the grade,
        whether its beginning was seen, and the columns of `CAME_BEFORE` that are known
        (0 or 1: before that quarter; accreditation: by that quarter), with ``at_risk``,
        ``promoted``, ``left`` and, where exams are known, ``sat``.
    moves
        Workers by ``year``, ``before`` and ``after`` (grade a year later; missing: not in
        the register then), ``workers``; ``employers`` of the year before, over all grades, and
        ``cell_employers``, those of this cell.
    spells
        Workers hired after the first quarter: ``grade`` when hired, ``quarters`` until
        they were promoted or left or were last seen, ``way`` (missing: neither), ``workers``.
    intervals
        The same worker-quarters as `cells` by grade, ``begun``, year and ``quarter_of_grade``
        (how many quarters in the grade, 0 in the first), without the employer:
        ``at_risk`` and ``promoted``.
    held
        Workers of the first quarter by ``first`` (grade then), ``quarter`` (how many later)
        and ``grade`` (missing: not in the register then), ``workers``, ``employers`` (those
        of the first quarter).
    missing
        Columns of `CAME_BEFORE`, and ``sat``, whose tables are absent.
    """

    cells: pd.DataFrame = field(repr=False)
    moves: pd.DataFrame = field(repr=False)
    spells: pd.DataFrame = field(repr=False)
    intervals: pd.DataFrame = field(repr=False)
    held: pd.DataFrame = field(repr=False)
    missing: tuple[str, ...]


def grade_counts(data: Dataset) -> GradeCounts | None:
    """Count promotions and leavers; None where no quarter of a worker has a grade.

    A worker is promoted in a quarter if the next one, with the same employer, has a higher
    grade, and has left if the next quarter is with another employer or missing. The last
    quarter has no next one and is in `GradeCounts.moves` alone.

    Examples
    --------
    >>> import yuyao_lib as yuyao
    >>> grade_counts(yuyao.open("record")) is None
    True
    """
    if not _known(data, "worker_quarters"):
        return None
    off = tuple(n for n, tables in NEEDS.items() if not all(_known(data, t) for t in tables))
    used = {t for name, tables in NEEDS.items() if name not in off for t in tables}
    with tables_where_they_lie(data, COLUMNS, held=["worker_quarters", *sorted(used)]) as link:
        link.execute(_steps())
        moves, spells = link.execute(MOVES).df(), link.execute(SPELLS).df()
        cells, held = _cells(link, off), link.execute(HELD).df()
        intervals = _cells(link, off, by_employer=False)
    return GradeCounts(cells, moves, spells, intervals, held, off)


def _known(data: Dataset, name: str) -> bool:
    """Say whether a table has the columns that are counted by."""
    return data.optional(name, columns=COLUMNS[name]) is not None if data.has(name) else False


def _steps() -> str:
    """Write every worker-quarter with the one before it, the next, and when spells began."""
    return """
    CREATE TEMP TABLE steps AS
    WITH p AS (
        SELECT CAST(worker_id AS VARCHAR) AS w, CAST(employer_id AS VARCHAR) AS e,
               CAST(left(CAST(quarter AS VARCHAR), 4) AS INT) * 4
               + CAST(right(CAST(quarter AS VARCHAR), 1) AS INT) - 1 AS q,
               CAST(grade AS TINYINT) AS g
        FROM worker_quarters WHERE grade IS NOT NULL),
    near AS (
        SELECT *, lag(q) OVER o AS pq, lag(e) OVER o AS pe, lag(g) OVER o AS pg,
               lead(q) OVER o AS nq, lead(e) OVER o AS ne, lead(g) OVER o AS ng
        FROM p WINDOW o AS (PARTITION BY w ORDER BY q)),
    ends AS (SELECT min(q) AS first_q, max(q) AS last_q FROM p)
    SELECT w, e, q, g, last_q,
           coalesce(nq = q + 1 AND ne = e, FALSE) AS stays,
           coalesce(nq = q + 1 AND ne = e AND ng > g, FALSE) AS promoted,
           max(CASE WHEN pq IS NULL OR pg <> g THEN q END) OVER o AS grade_from,
           max(CASE WHEN pq IS NULL OR pq <> q - 1 OR pe <> e THEN q END) OVER o AS hired,
           min(q) OVER (PARTITION BY w) AS seen_from, first_q
    FROM near, ends WINDOW o AS (PARTITION BY w ORDER BY q)"""


MOVES = """
    WITH firms AS (SELECT q, count(DISTINCT e) AS employers FROM steps GROUP BY ALL)
    SELECT a.q // 4 AS year, CAST(a.g AS INT) AS before, CAST(b.g AS INT) AS after,
           count(*) AS workers, any_value(f.employers) AS employers,
           count(DISTINCT a.e) AS cell_employers
    FROM steps a JOIN firms f ON f.q = a.q LEFT JOIN steps b ON a.w = b.w AND b.q = a.q + 4
    WHERE (a.last_q - a.q) % 4 = 0 AND a.q < a.last_q GROUP BY ALL ORDER BY ALL"""
HELD = """
    WITH start AS (SELECT w, e, g FROM steps WHERE q = first_q),
    spans AS (SELECT DISTINCT q, first_q FROM steps)
    SELECT CAST(a.g AS INT) AS first, CAST(p.q - p.first_q AS INT) AS quarter,
           CAST(b.g AS INT) AS grade, count(*) AS workers, count(DISTINCT a.e) AS employers
    FROM start a CROSS JOIN spans p LEFT JOIN steps b ON b.w = a.w AND b.q = p.q
    GROUP BY ALL ORDER BY ALL"""
SPELLS = """
    SELECT CAST(g AS INT) AS grade, q - hired + CAST(q < last_q AS INT) AS quarters,
           CASE WHEN q = last_q THEN NULL WHEN promoted THEN 'promoted' ELSE 'left' END AS way,
           count(*) AS workers
    FROM steps
    WHERE hired > first_q AND grade_from <= hired AND (promoted OR NOT stays)
          AND (q < last_q OR q > hired)
    GROUP BY ALL ORDER BY ALL"""


def _cells(
    link: duckdb.DuckDBPyConnection, off: tuple[str, ...], *, by_employer: bool = True
) -> pd.DataFrame:
    """Count worker-quarters at risk by what had come before, and by employer or quarter."""
    names = [n for n in CAME_BEFORE if n not in off]
    joined = []
    for n in names:
        key = "e" if n == "accredited" else "w"
        joined.append(f"LEFT JOIN ({FIRST[n]}) {n}_ ON CAST({n}_.id AS VARCHAR) = s.{key}")
    # what began in a quarter can count for promotions of later ones only
    told = [
        f"CAST(coalesce({n}_.q {'<=' if n == 'accredited' else '<'} s.q, FALSE) AS INT) AS {n}"
        for n in names
    ]
    sat = ""
    if "sat" not in off:
        day = DAY.format("assessed_on")
        joined.append(
            f"LEFT JOIN (SELECT DISTINCT CAST(worker_id AS VARCHAR) AS w, {day} AS q"
            " FROM assessments) x ON x.w = s.w AND x.q = s.q"
        )
        sat = ", count(x.w) AS sat"
    place = "s.e AS employer_id" if by_employer else "s.q - s.grade_from AS quarter_of_grade"
    return link.execute(
        f"""
        SELECT {place}, CAST(s.g AS INT) AS grade, s.q // 4 AS year,
               {
            f"least((s.q - s.grade_from) // 4, {LONGEST}) AS years_in_grade," if by_employer else ""
        }
               CAST(s.grade_from > s.seen_from AS INT) AS begun,
               {"".join(f"{t}, " for t in told)}
               count(*) AS at_risk, count(*) FILTER (s.promoted) AS promoted,
               count(*) FILTER (NOT s.stays) AS left {sat}
        FROM steps s {" ".join(joined)}
        WHERE s.g < {TOP} AND s.q < s.last_q GROUP BY ALL"""
    ).df()
