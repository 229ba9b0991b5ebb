"""The union premia among published results, side by side with their intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from yuyao_lib.methods.published.case import CaseResult, Quantity
from yuyao_lib.methods.samples import check_level

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["PublishedPremia", "PublishedPremium", "premia_of"]

TOPIC = "published"
# the numbers of a case that are union premia in log points
PREMIA = {
    **{key: ("union",) for key in ("U01", "U02", "U03", "U05", "U06", "U10")},
    "U09": ("du",),
    "U13": ("un",),
    "U18": ("pooled_union", "fe_union"),
    "U20": ("u",),
}


@dataclass(frozen=True, slots=True)
class PublishedPremium:
    """One union premium in print.

    Attributes
    ----------
    row, quantity
        Its case, and the number.
    low, high
        Interval from the case's standard error; None where it has none.
    printed
        What is in print, where it was read in the source.
    """

    row: CaseResult
    quantity: Quantity
    low: float | None
    high: float | None
    printed: float | None


@dataclass(frozen=True, slots=True)
class PublishedPremia:
    """Union premia in print, largest first.

    Attributes
    ----------
    premia
        One a number.
    level
        Coverage of the intervals.
    """

    premia: tuple[PublishedPremium, ...]
    level: float

    @property
    def extremes(self) -> tuple[float, float]:
        """Smallest and largest."""
        values = [p.quantity.found for p in self.premia]
        return min(values), max(values)

    def to_frame(self) -> pd.DataFrame:
        """Return one row a premium."""
        import pandas as pd

        rows = [(p.row.case.id, p.quantity.found, p.low, p.high, p.printed) for p in self.premia]
        return pd.DataFrame(rows, columns=["case", "premium", "low", "high", "printed"])

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


def premia_of(rows: Sequence[CaseResult], *, level: float = 0.95) -> PublishedPremia:
    """Collect the union premia of the cases that were run, with normal intervals.

    Parameters
    ----------
    rows
        Cases with what was found.
    level
        Coverage of the intervals.

    Examples
    --------
    >>> premia_of([]).premia
    ()
    """
    check_level(level)
    found = [
        _premium(row, quantity, level)
        for row in rows
        for quantity in row.quantities
        if quantity.name in PREMIA.get(row.case.id, ())
    ]
    return PublishedPremia(tuple(sorted(found, key=lambda p: -p.quantity.found)), level)


def _premium(row: CaseResult, quantity: Quantity, level: float) -> PublishedPremium:
    """Give a premium its interval."""
    from scipy import stats

    reach = None
    if quantity.found_error is not None:
        reach = float(stats.norm.ppf((1 + level) / 2)) * quantity.found_error
    printed = float(quantity.printed.replace(",", "")) if quantity.printed else None
    low, high = (None, None) if reach is None else (quantity.found - reach, quantity.found + reach)
    return PublishedPremium(row, quantity, low, high, printed)
