"""Check a frame against the declarations: every problem at once, nothing changed.

The pandera schemas are built from ``yuyao_lib.schema`` when first used. A value is
never coerced and a row is never dropped here: the report says what was found, in which
rows, what is allowed, and what was probably meant.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from yuyao_lib import schema
from yuyao_lib.errors import YuyaoError, nearest
from yuyao_lib.schema import Column, Table, is_identity_like
from yuyao_lib.sources.cells import ABOVE, BELOW, FORM, KIND, OUTSIDE, checks_of, passes
from yuyao_lib.sources.problems import Problem, ValidationReport
from yuyao_lib.vocabulary import Text

__all__ = ["Problem", "ValidationReport", "pandera_schema", "validate", "validate_links"]

ROWS_SHOWN = 10
VALUES_SHOWN = 5
ROWS_SEARCHED = 1000  # for values to show


def validate(frame: pd.DataFrame, table: str) -> ValidationReport:
    """List everything in which `frame` departs from the declared table.

    Parameters
    ----------
    frame
        The table as loaded; shape (rows, columns). It is not changed.
    table
        Name of a declared table.

    Returns
    -------
    ValidationReport
        Empty of problems when the frame is as declared.

    Raises
    ------
    DataError
        If no such table is declared.

    Examples
    --------
    >>> frame = pd.DataFrame({"room_id": ["R1", "R1"], "town_id": ["T01", None]})
    >>> report = validate(frame, "rooms")
    >>> [(p.column, p.what.en, p.rows) for p in report.problems]
    ... # doctest: +NORMALIZE_WHITESPACE
    [('opened_on', 'a required column is missing', ()),
     ('town_id', 'blank in a required column', (2,)),
     ('room_id', 'the same key stands in several rows', (1, 2))]
    """
    declared = schema.table(table)
    problems = [*_header_problems(frame, declared)]
    usable = frame.loc[:, ~frame.columns.duplicated(keep=False)].reset_index(drop=True)
    problems += _cell_problems(usable, declared)
    problems += _key_problems(usable, declared)
    return ValidationReport(table, len(frame), tuple(problems))


def validate_links(frames: Mapping[str, pd.DataFrame]) -> ValidationReport:
    """List ids that point to no row of the table they refer to.

    Only links between tables that are both given are checked.

    Examples
    --------
    >>> rooms = pd.DataFrame({"room_id": ["R1"]})
    >>> cases = pd.DataFrame({"room_id": ["R1", "R9", None]})
    >>> [p.got for p in validate_links({"rooms": rooms, "disputes": cases}).problems]
    [('R9',)]
    """
    problems = []
    for name, frame in frames.items():
        for column in schema.table(name).columns:
            target = frames.get(column.references)
            if target is None or column.name not in frame:
                continue
            known = target[schema.table(column.references).key[0]]
            lost = frame[column.name].notna() & ~frame[column.name].isin(known)
            if lost.any():
                allowed = f"an id of table {column.references}"
                problems.append(_problem(column, LOST_LINK, frame[column.name], lost, allowed))
    rows = sum(len(frame) for frame in frames.values())
    return ValidationReport(" + ".join(frames), rows, tuple(problems))


@cache
def pandera_schema(table: str) -> Any:
    """Return the pandera schema of a declared table, for use with other pandera tools.

    Columns are optional here, since missing ones are reported by name before; the
    checks are vectorised and named after the sentence they report. Each names one failing
    value; `validate` then finds all rows itself, which stays fast when a million fail.
    """
    import pandera.pandas as pa

    checks: dict[str, Any] = {}
    for column in schema.table(table).columns:
        made = [
            pa.Check(passes(column, what), name=what.en, ignore_na=True, n_failure_cases=1)
            for what in checks_of(column)
        ]
        checks[column.name] = pa.Column(
            checks=made, nullable=not column.required, required=False, coerce=False
        )
    return pa.DataFrameSchema(checks, name=table, coerce=False)


MISSING = Text("a required column is missing", "缺少必填列")
TWICE = Text("two columns have this name", "有两列同名")
UNKNOWN = Text("a column the register does not know; it is not used", "未知的列，不会使用")
EMPTY = Text("the table holds no rows", "表中没有数据行")
BLANK = Text("blank in a required column", "必填列中有空值")
REPEATED = Text("the same key stands in several rows", "主键重复")
LOST_LINK = Text("an id that is in no row of the table it points to", "所引用的编号不存在")
WORDS = {text.en: text for text in (BLANK, KIND, BELOW, ABOVE, OUTSIDE, FORM)}


def _header_problems(frame: pd.DataFrame, declared: Table) -> Iterator[Problem]:
    """Compare the header with the declaration."""
    names = [str(name) for name in frame.columns]
    spare = [name for name in names if name not in declared.names]
    for name in declared.required:
        if name not in names:
            yield Problem(declared.name, name, MISSING, guess=nearest(name, spare) or "")
    for name in dict.fromkeys(n for n in names if names.count(n) > 1):
        yield Problem(declared.name, name, TWICE)
    for name in dict.fromkeys(spare):
        yield Problem(declared.name, name, UNKNOWN, guess=nearest(name, declared.names) or "")
    if frame.empty:
        yield Problem(declared.name, "", EMPTY)


def _cell_problems(frame: pd.DataFrame, declared: Table) -> list[Problem]:
    """Ask the pandera schema what fails where, then find the rows."""
    import pandera.errors

    try:
        pandera_schema(declared.name).validate(frame, lazy=True)
    except pandera.errors.SchemaErrors as found:
        cases = found.failure_cases
    else:
        return []
    if cases["index"].isna().any():  # a check itself broke: that is our fault, not the data's
        raise YuyaoError(f"a check of table {declared.name} failed: {cases['failure_case'][0]}")
    problems = []
    for name, check in cases[["column", "check"]].drop_duplicates().itertuples(index=False):
        column, values = declared[name], frame[name]
        if check == "not_nullable":
            what, passed = BLANK, values.notna()
        else:
            what = WORDS[check]
            passed = passes(column, what)(values) | values.isna()
        problems.append(_problem(column, what, values, ~passed, column.expected))
    return problems


def _key_problems(frame: pd.DataFrame, declared: Table) -> Iterator[Problem]:
    """Find rows that share one key."""
    key = [name for name in declared.key if name in frame]
    if len(key) < len(declared.key):
        return
    again = frame.duplicated(key, keep=False) & frame[key].notna().all(axis=1)
    if again.any():
        texts = frame.loc[again, key].astype(str).agg(" / ".join, axis=1)
        shown = texts.reindex(frame.index)
        column = declared[key[0]]
        yield _problem(
            column, REPEATED, shown, again, "one row for each key", " + ".join(declared.key)
        )


def _problem(
    column: Column, what: Text, values: pd.Series, hit: Any, allowed: str, name: str = ""
) -> Problem:
    """Describe the rows where `hit` is true."""
    hit = np.asarray(hit, dtype=bool)
    rows: np.ndarray = np.flatnonzero(hit) + 1
    met = values[hit].dropna().iloc[:ROWS_SEARCHED].astype(str).unique()[:VALUES_SHOWN]
    guess = next((g for v in met if (g := nearest(v, column.allowed))), "")
    return Problem(
        table=column.table,
        column=name or column.name,
        what=what,
        rows=tuple(rows[:ROWS_SHOWN].tolist()),
        n_rows=len(rows),
        got=tuple("(an identity number, not shown)" if is_identity_like(v) else v for v in met),
        allowed=allowed,
        guess=guess,
    )
