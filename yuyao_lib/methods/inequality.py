"""How unequal pay is: indices, percentile ratios, Lorenz curves, by group and year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from yuyao_lib.errors import DataError, InputError, sentence
from yuyao_lib.findings import Design, Estimate
from yuyao_lib.methods.distribution_measures import RATIO, check_measures, measure, unit_of
from yuyao_lib.methods.linearised import Linear, PayRows, Saying, minus, pay_rows
from yuyao_lib.methods.samples import check_level
from yuyao_lib.methods.tabulation import rows_of
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "MEASURES",
    "Inequality",
    "inequality",
    "label_of",
    "linear_measure",
    "pay_in",
]

TOPIC = "structure"
MEASURES = (
    "gini", "theil_t", "theil_l", "variance_of_logs", "p90_p10", "p90_p50", "p50_p10",
    "bottom_half_share", "top_tenth_share",
)  # fmt: skip
LARGEST_LOG = 50.0
KERNEL = Text("at percentiles with a Gaussian density of log pay", "百分位处用对数工资的高斯核密度")

Cell = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Inequality:
    """Measures of inequality in every cell, and their differences.

    Attributes
    ----------
    levels
        One a cell and measure, key ``gini_1978`` or, with two columns, ``gini_1978_1``.
    differences
        Last minus first value of the last column within the others, key
        ``difference_gini`` and so on; ratios as differences of their logs.
    cells
        The values that make a cell, in order.
    by, measures
        Columns and measures.
    dropped
        Rows left out because a value was missing.
    """

    levels: tuple[Estimate, ...]
    differences: tuple[Estimate, ...]
    cells: tuple[Cell, ...]
    by: tuple[str, ...]
    measures: tuple[str, ...]
    dropped: int

    @property
    def estimates(self) -> tuple[Estimate, ...]:
        """Levels, then differences."""
        return self.levels + self.differences

    def of(self, name: str, *cell: Any) -> Estimate:
        """Return a measure in a cell.

        Raises
        ------
        InputError
            If there is no such measure or cell.
        """
        key = key_of(name, cell)
        known = {e.key: e for e in self.estimates}
        if key not in known:
            raise InputError(sentence("no such measure and cell", got=key, allowed=list(known)))
        return known[key]

    def to_frame(self) -> pd.DataFrame:
        """Return one row an estimate."""
        return rows_of(self.estimates)

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


def inequality(
    frame: pd.DataFrame,
    *,
    outcome: str,
    by: Sequence[str] = (),
    measures: Sequence[str] = MEASURES,
    logs: bool = True,
    weights: str | None = None,
    worker: str = "worker_id",
    bandwidth: float | None = None,
    level: float = 0.95,
) -> Inequality:
    r"""Measure how unequal pay is, everywhere or in each cell.

    The Gini index is :math:`E|Y-Y'|/2\mu`, Theil's T :math:`E[(Y/\mu)\ln(Y/\mu)]` and L
    :math:`\ln\mu - E\ln Y` (population formulas, no n/(n-1)), the variance that of logs,
    the shares ordinates of the Lorenz curve, and percentiles interpolate between pays.

    Parameters
    ----------
    frame
        One row a person, or a person and period.
    outcome
        Column of log pay, or of pay when not `logs`.
    by
        Columns whose values make the cells, such as a year and a group.
    measures
        ``gini``, ``theil_t``, ``theil_l``, ``variance_of_logs``, ``bottom_half_share``,
        ``top_tenth_share`` and ratios of percentiles such as ``p90_p10``.
    logs
        Whether the column holds logs.
    weights
        Column of survey weights.
    worker
        Column that says who is who; errors are then summed by person.
    bandwidth
        Of the density of log pay at percentiles; None for Silverman's rule in each cell.
    level
        Coverage of the intervals. Ratios have the interval of their log.

    Raises
    ------
    DataError
        If a column cannot be used.
    InputError
        If a measure or the level is not allowed.

    References
    ----------
    Cowell, F. and Flachaire, E. (2007). Journal of Econometrics 141, 1044-1072.

    Examples
    --------
    >>> import yuyao_lib as yuyao
    >>> people = yuyao.open("cps78_85").frame("workers")
    >>> found = inequality(people, outcome="log_hourly_wage", by=["calendar_year"])
    >>> round(found.of("gini", 1978).estimate, 3), round(found.of("gini", 1985).estimate, 3)
    (0.272, 0.295)
    """
    check_level(level)
    names = check_measures(measures)
    rows = pay_rows(frame, numeric=[outcome], keys=list(by), weights=weights, worker=worker)
    pay = pay_in(rows, outcome, logs=logs)
    say = Saying(rows, level=level, design=Design.DESCRIPTION)
    values = [rows.levels(name) for name in by]
    cells = _cells(rows, list(by), values)
    held = {
        (name, cell): linear_measure(rows, mask, pay, name, bandwidth)
        for cell, mask in cells.items()
        for name in names
    }
    levels = tuple(_level(say, n, c, held[n, c], bandwidth) for c in cells for n in names)
    pairs = _pairs(list(cells), values)
    apart = tuple(
        _difference(say, n, outer, held[n, last], held[n, first], len(by) > 1)
        for outer, last, first in pairs
        for n in names
    )
    return Inequality(levels, apart, tuple(cells), tuple(by), names, rows.dropped)


def pay_in(rows: PayRows, outcome: str, *, logs: bool) -> np.ndarray:
    """Return pay in levels.

    Raises
    ------
    DataError
        If a column said to hold logs cannot.
    """
    held = rows.column(outcome)
    if not logs:
        return held
    if held.max() > LARGEST_LOG:
        raise DataError(
            f"column {outcome!r} holds values up to {held.max():,.0f}, which no log of pay is;"
            " use logs=False for pay itself."
        )
    return np.exp(held)


def linear_measure(
    rows: PayRows, mask: np.ndarray, pay: np.ndarray, name: str, bandwidth: float | None = None
) -> Linear | Text:
    """Measure pay in the rows of a mask; `pay` has a value for every row."""
    w = rows.weights[mask]
    found = measure(name, pay[mask], w / w.sum(), bandwidth=bandwidth) if len(w) else NO_ROW
    if isinstance(found, Text):
        return found
    value, pull = found
    share = w / w.sum()
    influence = np.zeros(len(mask))
    influence[mask] = share * (pull - share @ pull) * np.sqrt(len(w) / (len(w) - 1))
    return Linear(float(value), influence, mask)


NO_ROW = Text("there is no row of this kind", "没有此类的行")


def label_of(value: Any) -> str:
    """Write a value as part of a key.

    Examples
    --------
    >>> label_of(1978.0), label_of("Grade 5")
    ('1978', 'grade_5')
    """
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip().casefold().replace(" ", "_")


def key_of(name: str, cell: Cell) -> str:
    """Return the key of a measure in a cell."""
    return "_".join([name, *(label_of(v) for v in cell)])


def _cells(rows: PayRows, by: list[str], values: list[list[Any]]) -> dict[Cell, np.ndarray]:
    """Return every combination of values with its rows, empty ones included."""
    cells: dict[Cell, np.ndarray] = {(): rows.everyone}
    for name, known in zip(by, values, strict=True):
        masks = {value: rows.where(name, value) for value in known}
        cells = {(*c, v): held & m for c, held in cells.items() for v, m in masks.items()}
    return cells


def _pairs(cells: list[Cell], values: list[list[Any]]) -> list[tuple[Cell, Cell, Cell]]:
    """Return what is held, the last and the first cell of each difference."""
    if not values or len(values[-1]) < 2:
        return []
    first, last = values[-1][0], values[-1][-1]
    outer = dict.fromkeys(cell[:-1] for cell in cells)
    return [(held, (*held, last), (*held, first)) for held in outer]


def term_of(name: str) -> str:
    """Return the vocabulary key of a measure."""
    return "percentile_ratio" if RATIO.fullmatch(name) else name


def _level(
    say: Saying, name: str, cell: Cell, found: Linear | Text, bandwidth: float | None
) -> Estimate:
    """Tell one measure in one cell."""
    ratio = RATIO.fullmatch(name) is not None
    width = Text(f"{KERNEL.en}, {_width(bandwidth).en}", f"{KERNEL.zh}，{_width(bandwidth).zh}")
    return say.estimate(
        found,
        key=key_of(name, cell),
        term=term_of(name),
        method="sample_measure",
        unit=unit_of(name),
        tested=False,
        exponent=ratio,
        extra=width if ratio else None,
    )


def _width(bandwidth: float | None) -> Text:
    """Say which bandwidth was used."""
    if bandwidth is None:
        return Text("Silverman's bandwidth", "Silverman 带宽")
    return Text(f"bandwidth {bandwidth:g}", f"带宽 {bandwidth:g}")


def _difference(
    say: Saying, name: str, outer: Cell, last: Linear | Text, first: Linear | Text, deep: bool
) -> Estimate:
    """Tell the difference between two cells."""
    ratio = RATIO.fullmatch(name) is not None
    return say.estimate(
        minus(last, first),
        key=key_of(f"difference_{name}", outer if deep else ()),
        term="inequality_difference",
        method="sample_measure",
        unit="log_points" if ratio else unit_of(name),
    )
