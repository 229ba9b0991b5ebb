"""Tests of the cells of one column: type, form, list, range; True where a value passes."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd

from yuyao_lib import schema
from yuyao_lib.schema import Column
from yuyao_lib.vocabulary import Text

__all__ = ["ABOVE", "BELOW", "FORM", "KIND", "OUTSIDE", "checks_of", "passes"]

FLAGS = {0, 1}  # True and False equal these
QUARTER = r"[0-9]{4}Q[1-4]"
KIND = Text("a value of another type", "值的类型不对")
BELOW = Text("below the allowed range", "低于允许范围")
ABOVE = Text("above the allowed range", "高于允许范围")
OUTSIDE = Text("a value that is not on the list", "不在允许值之列")
FORM = Text("a value of another form", "值的格式不对")


def checks_of(column: Column) -> list[Text]:
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


def passes(column: Column, what: Text) -> Any:
    """Return a function: values in, True where they pass."""
    tests = {KIND: _is_kind, OUTSIDE: _is_listed, FORM: _has_form, BELOW: _reaches, ABOVE: _stays}
    return lambda values: tests[what](values, column)


def _is_kind(values: pd.Series, column: Column) -> pd.Series:
    """Test the type of every value without changing any."""
    if isinstance(values.dtype, pd.CategoricalDtype):
        kinds = _is_kind(pd.Series(values.cat.categories), column).to_numpy(dtype=bool)
        passed = np.append(kinds, True)[values.cat.codes.to_numpy()]
        return pd.Series(passed, index=values.index)
    tests = {
        "string": _are_texts,
        "category": _are_texts,
        "quarter": lambda v: _are_texts(v) | isinstance(v.dtype, pd.PeriodDtype),
        "bool": lambda v: v.isin(FLAGS),
        "int": lambda v: _are_numbers(v) & (np.floor(_numbers(v)) == _numbers(v)),
        "float": _are_numbers,
        "date": _are_dates,
    }
    return tests[column.dtype](values) | values.isna()


def _are_texts(values: pd.Series) -> pd.Series:
    """True where a value is a text."""
    if _is_text_column(values):
        return pd.Series(True, index=values.index)
    if pd.api.types.infer_dtype(values, skipna=True) == "string":
        return values.notna()
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
        codes, met = pd.factorize(values)
        index = [_quarter_number(str(text)) for text in met]
        return np.array([*index, np.nan])[codes], _quarter_number(limit)
    numbers = _numbers(values)
    return np.where(np.isfinite(numbers), numbers, np.nan), float(limit)


def _quarter_number(text: str) -> float:
    """Return the place of a quarter in time; NaN for any other text."""
    return float(schema.quarter_index(text)) if re.fullmatch(QUARTER, text) else np.nan


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
