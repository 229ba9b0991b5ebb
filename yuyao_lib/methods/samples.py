"""The sample behind an estimate: checked columns, and rows left out by reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from yuyao_lib.errors import DataError, InputError, sentence
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike

__all__ = ["ALIKE", "Sample", "alike", "check_level", "draw_sample"]

ALIKE = Text(
    "the outcome is the same in every row, so there is nothing to compare",
    "结果变量在所有行中相同，没有可比较的差异",
)


@dataclass(frozen=True, slots=True)
class Sample:
    """Rows that can be used, and how many could not.

    Attributes
    ----------
    frame
        Complete rows, only the columns asked for, as float64 where they are numbers.
    dropped
        Rows left out because a value was missing.
    labels
        Their labels in the frame given.
    """

    frame: pd.DataFrame
    dropped: int
    labels: pd.Index


def check_level(level: float) -> float:
    """Return the level of an interval, or say what it may be.

    Examples
    --------
    >>> check_level(0.95)
    0.95
    """
    if not 0.5 <= level < 1:
        raise InputError(sentence("level of the interval", got=level, allowed="0.5 up to below 1"))
    return level


def alike(values: ArrayLike, *, like: ArrayLike | None = None) -> bool:
    """Say whether numbers differ by no more than rounding does.

    Without this, the rounding errors of a constant pass for an estimate with a spread.

    Parameters
    ----------
    values
        Any numbers.
    like
        Numbers whose size says what rounding is, where it is not that of `values`.

    Examples
    --------
    >>> alike([0.1 + 0.2, 0.3]), alike([1.0, 1.1])
    (True, False)
    """
    import numpy as np

    held = np.asarray(values, dtype="float64")
    size = np.abs(np.asarray(held if like is None else like, dtype="float64"))
    return not held.size or bool(np.ptp(held) <= 1e-12 * size.max())


def draw_sample(
    frame: pd.DataFrame,
    *,
    numeric: Sequence[str],
    keys: Sequence[str] = (),
    binary: Sequence[str] = (),
    beside: Sequence[str] = (),
    unique: bool = False,
) -> Sample:
    """Check columns and keep complete rows.

    Parameters
    ----------
    frame
        Any frame.
    numeric
        Columns that must hold numbers.
    keys
        Columns that identify units and periods; kept as they are.
    binary
        Those of `numeric` that must be 0 or 1.
    beside
        Columns kept as they are where the frame has them, complete or not.
    unique
        Whether `keys` together must identify a row.

    Raises
    ------
    DataError
        If a column is missing or holds other values than it may, naming it.
    """
    wanted = list(dict.fromkeys([*keys, *numeric]))
    for name in wanted:
        if name not in frame.columns:
            raise DataError(sentence("unknown column", got=name, allowed=list(frame.columns)))
    held = [name for name in beside if name in frame.columns and name not in wanted]
    part = frame[[*wanted, *held]]
    if part.columns.duplicated().any():
        raise DataError(f"a column stands twice in the table: {list(part.columns)}.")
    for name in numeric:
        _check_numbers(part[name], name)
    complete = part.dropna(subset=wanted)
    if complete.empty:
        raise DataError(f"no complete row is left in the columns {', '.join(wanted)}.")
    for name in binary:
        _check_binary(complete[name], name)
    if unique and keys:
        _check_unique(complete, keys)
    other = [name for name in dict.fromkeys(numeric) if complete.dtypes[name] != "float64"]
    kept = complete.astype(dict.fromkeys(other, "float64")) if other else complete
    left_out = len(part) - len(complete)
    return Sample(kept.reset_index(drop=True), left_out, complete.index)


def _check_numbers(column: pd.Series, name: str) -> None:
    """Refuse a column of text, and infinities such as the log of zero."""
    import numpy as np
    import pandas as pd

    if not pd.api.types.is_numeric_dtype(column):
        example = column.dropna().astype(str).head(1).tolist()
        raise DataError(sentence(f"column {name!r} does not hold numbers", got=example[:1]))
    infinite = int(np.isinf(column.to_numpy(dtype="float64", na_value=np.nan)).sum())
    if infinite:
        raise DataError(
            f"column {name!r} holds {infinite} infinite values, as the log of zero is;"
            " set them aside first."
        )


def _check_binary(column: pd.Series, name: str) -> None:
    """Refuse any value but 0 and 1."""
    other = sorted(set(column.unique().tolist()) - {0, 1})
    if other:
        raise DataError(sentence(f"column {name!r} must be 0 or 1", got=other[0], allowed=[0, 1]))


def _check_unique(frame: pd.DataFrame, keys: Sequence[str]) -> None:
    """Refuse two rows for the same unit in the same period."""
    twice = int(frame.duplicated(list(keys)).sum())
    if twice:
        raise DataError(
            f"{twice} rows repeat the same {' and '.join(keys)}; one row each is allowed."
        )
