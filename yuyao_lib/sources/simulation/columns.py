"""Columns of a table before they are written: ids, codes and plain arrays to Arrow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from yuyao_lib import schema
from yuyao_lib.schema import SIMULATED_PREFIX

__all__ = ["Coded", "Column", "Columns", "Ids", "arrow_table", "rows_of"]


@dataclass(frozen=True, slots=True)
class Ids:
    """Ids of one kind, as whole numbers; -1 is a blank.

    Attributes
    ----------
    kind
        Letters after the prefix, such as ``W`` for workers.
    codes
        The numbers, shape (rows,).
    width
        Digits, so that ids sort as numbers do.
    """

    kind: str
    codes: np.ndarray
    width: int = 7

    def arrow(self) -> pa.Array:
        """Return the ids as text."""
        return id_texts(self.kind, np.asarray(self.codes), self.width)


@dataclass(frozen=True, slots=True)
class Coded:
    """A category as codes into names; -1 is a blank."""

    codes: np.ndarray
    names: tuple[str, ...]
    ordered: bool = False

    def arrow(self) -> pa.Array:
        """Return a dictionary array."""
        codes = pa.array(np.asarray(self.codes, dtype=np.int8), mask=np.asarray(self.codes) < 0)
        return pa.DictionaryArray.from_arrays(codes, pa.array(self.names), ordered=self.ordered)


Column = Ids | Coded | np.ndarray
Columns = Mapping[str, Column]

ARROW_TYPES = {
    "bool": pa.bool_(),
    "int": pa.int32(),
    "float": pa.float64(),
    "date": pa.timestamp("ms"),
}


def id_texts(kind: str, codes: np.ndarray, width: int) -> pa.Array:
    """Return ids such as ``SIM-W0000012``.

    Examples
    --------
    >>> id_texts("U", np.array([3, -1]), 4).to_pylist()
    ['SIM-U0003', None]
    """
    digits = pc.utf8_lpad(pa.array(codes).cast(pa.string()), width, "0")
    texts = pc.binary_join_element_wise(f"{SIMULATED_PREFIX}{kind}", digits, "")
    return pc.if_else(pa.array(codes >= 0), texts, pa.scalar(None, pa.string()))


def rows_of(column: Column) -> int:
    """Return how many rows a column has."""
    return len(column) if isinstance(column, np.ndarray) else len(column.codes)


def arrow_table(name: str, columns: Columns) -> pa.Table:
    """Return the declared table with these columns, in the declared order.

    Blanks are NaN, NaT or code -1. A declared column that is not given is left out only
    when it is optional; anything else is a mistake of this package and raises.
    """
    declared = schema.table(name)
    strange = set(columns) - set(declared.names) or set(declared.required) - set(columns)
    if strange:
        raise AssertionError(f"table {name} was built with other columns: {sorted(strange)}")
    arrays = {}
    for column in declared.columns:
        if column.name not in columns:
            continue
        values = columns[column.name]
        if isinstance(values, (Ids, Coded)):
            arrays[column.name] = values.arrow()
        else:
            kind = ARROW_TYPES[column.dtype]
            arrays[column.name] = pa.array(_plain(values), from_pandas=True).cast(kind)
    return pa.table(arrays)


def _plain(values: np.ndarray) -> np.ndarray:
    """Return days as milliseconds, which Arrow reads as time stamps."""
    return values.astype("datetime64[ms]") if values.dtype.kind == "M" else values
