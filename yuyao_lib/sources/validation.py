"""Check a frame against the declarations: every problem at once, nothing changed.

The pandera schemas are built from ``yuyao_lib.schema`` when first used. A value is
never coerced and a row is never dropped here: the report says what was found, in which
rows, what is allowed, and what was probably meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from yuyao_lib import schema
from yuyao_lib.errors import YuyaoError, nearest
from yuyao_lib.schema import Column, Table, is_identity_like
from yuyao_lib.sources.problems import Problem, ValidationReport
from yuyao_lib.vocabulary import Text

__all__ = ["Problem", "ValidationReport", "pandera_schema", "validate", "validate_links"]

FLAGS = {0, 1}  # True and False equal these
ROWS_SHOWN = 10
VALUES_SHOWN = 5
ROWS_SEARCHED = 1000  # for values to show
QUARTER = r"[0-9]{4}Q[1-4]"


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
            pa.Check(_tester(column, what), name=what.en, ignore_na=True, n_failure_cases=1)
            for what in _tests_of(column)
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
KIND = Text("a value of another type", "值的类型不对")
BELOW = Text("below the allowed range", "低于允许范围")
ABOVE = Text("above the allowed range", "高于允许范围")
OUTSIDE = Text("a value that is not on the list", "不在允许值之列")
FORM = Text("a value of another form", "值的格式不对")
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
            passed = _tester(column, what)(values) | values.isna()
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


def _tests_of(column: Column) -> list[Text]:
    """Return the sentences that can apply to a column, in the order of reading."""
    tests = [KIND]
    if column.allowed:
        tests.append(OUTSIDE)
    if column.pattern or column.dtype == "quarter":
        tests.append(FORM)
    if column.minimum and not column.allowed:
        tests.append(BELOW)
    if column.maximum and not column.allowed:
        tests.append(ABOVE)
    return tests


def _tester(column: Column, what: Text) -> Any:
    """Return a function: values in, True where they pass."""
    tests = {KIND: _is_kind, OUTSIDE: _is_listed, FORM: _has_form, BELOW: _reaches, ABOVE: _stays}
    return lambda values: tests[what](values, column)


def _is_kind(values: pd.Series, column: Column) -> pd.Series:
    """Test the type of every value without changing any."""
    if isinstance(values.dtype, pd.CategoricalDtype):
        kinds = _is_kind(pd.Series(values.cat.categories), column).to_numpy(dtype=bool)
        passed = np.append(kinds, True)[values.cat.codes.to_numpy()]
        return pd.Series(passed, index=values.index)
    passes = {
        "string": _are_texts,
        "category": _are_texts,
        "quarter": lambda v: _are_texts(v) | isinstance(v.dtype, pd.PeriodDtype),
        "bool": lambda v: v.isin(FLAGS),
        "int": lambda v: _are_numbers(v) & (np.floor(_numbers(v)) == _numbers(v)),
        "float": _are_numbers,
        "date": _are_dates,
    }[column.dtype](values)
    if column.allowed and column.dtype == "category" and not passes.all():
        passes = passes | values.isin([int(a) for a in column.allowed if a.isdigit()])
    return passes | values.isna()


def _are_texts(values: pd.Series) -> pd.Series:
    """True where a value is a text."""
    if _is_text_column(values):
        return pd.Series(True, index=values.index)
    return values.map(lambda value: isinstance(value, str)).astype(bool)


def _are_numbers(values: pd.Series) -> pd.Series:
    """True where a value is a finite number and not a text that looks like one."""
    if pd.api.types.is_bool_dtype(values.dtype):
        return pd.Series(False, index=values.index)
    if pd.api.types.is_numeric_dtype(values.dtype):
        return pd.Series(np.isfinite(_numbers(values)), index=values.index)
    return pd.Series(np.isfinite(_numbers(values)), index=values.index)


def _are_dates(values: pd.Series) -> pd.Series:
    """True where a value is a date."""
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        return pd.Series(True, index=values.index)
    from datetime import date

    return values.map(lambda value: isinstance(value, date)).astype(bool)


def _is_listed(values: pd.Series, column: Column) -> pd.Series:
    """True where a value is on the closed list; 1.0 counts as 1."""
    known: list[object] = list(column.allowed)
    if column.dtype == "int":
        known = [int(word) for word in column.allowed]
        return values.isin(known) | ~_is_kind(values, column)
    return values.isin(known) | ~_is_kind(values, column)


def _has_form(values: pd.Series, column: Column) -> pd.Series:
    """True where the whole value matches the pattern."""
    if isinstance(values.dtype, pd.PeriodDtype):
        return pd.Series(values.dtype.freq.rule_code.startswith("Q"), index=values.index)
    form = re.compile(column.pattern or QUARTER)
    unique = {value: form.fullmatch(str(value)) is not None for value in values.unique()}
    return values.map(unique).astype(bool)


def _reaches(values: pd.Series, column: Column) -> pd.Series:
    """True where a value is at or above the minimum (or is no number or date)."""
    measured, limit = _measured(values, column, column.minimum)
    return pd.Series(~(measured < limit), index=values.index)


def _stays(values: pd.Series, column: Column) -> pd.Series:
    """True where a value is at or below the maximum (or is no number or date)."""
    measured, limit = _measured(values, column, column.maximum)
    return pd.Series(~(measured > limit), index=values.index)


def _measured(values: pd.Series, column: Column, limit: str) -> tuple[Any, Any]:
    """Return values and limit on one scale on which they can be ordered."""
    if column.dtype == "date":
        dates = pd.to_datetime(values.where(_is_kind(values, column)), errors="coerce")
        return dates.to_numpy(dtype="datetime64[us]"), np.datetime64(limit, "us")
    if column.dtype == "quarter":
        texts = values.astype(str)
        fits = texts.str.fullmatch(QUARTER)
        index = texts.str[:4].where(fits).astype(float) * 4 + texts.str[5:].where(fits).astype(
            float
        )
        return index.to_numpy(), float(schema.quarter_index(limit) + 1)
    numbers = _numbers(values)
    return np.where(np.isfinite(numbers), numbers, np.nan), float(limit)


def _numbers(values: pd.Series) -> np.ndarray:
    """Return floats, NaN where a value is no number; texts are not read as numbers."""
    if pd.api.types.is_numeric_dtype(values.dtype):
        return values.to_numpy(dtype=float, na_value=np.nan)
    if _is_text_column(values):
        return np.full(len(values), np.nan)
    return np.array([float(v) if _is_number(v) else np.nan for v in values], dtype=float)


def _is_text_column(values: pd.Series) -> bool:
    """Say whether a column can hold nothing but texts."""
    return values.dtype != object and pd.api.types.is_string_dtype(values.dtype)


def _is_number(value: object) -> bool:
    """Say whether one value is a number; True and False are not."""
    return isinstance(value, (int, float, np.number)) and not isinstance(value, bool)
