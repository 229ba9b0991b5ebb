"""Two records side by side, figure by figure, as exactly as both are printed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from yuyao_lib.sources.intervals import Interval
from yuyao_lib.sources.record import Measure, Record, read_record
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["MeasureComparison", "RecordComparison", "compare"]


@dataclass(frozen=True, slots=True)
class MeasureComparison:
    """One figure in two records.

    Attributes
    ----------
    before, after
        The figure in the first and in the second record.
    difference
        Second minus first, as an interval.
    """

    before: Measure
    after: Measure
    difference: Interval

    @property
    def percent(self) -> Interval | None:
        """The change in percent, as the printing of both allows; None from zero."""
        if self.before.interval.low <= 0:
            return None
        ratio = self.after.interval / self.before.interval
        return Interval(100 * (ratio.low - 1), 100 * (ratio.high - 1))

    @property
    def beyond_printing(self) -> bool:
        """Whether the difference is larger than the printing can explain."""
        return self.difference.low > 0 or self.difference.high < 0


@dataclass(frozen=True, slots=True)
class RecordComparison:
    """Two records, figure by figure.

    Attributes
    ----------
    pairs
        Figures that both print in the same unit.
    missing
        Ids that only one of them prints, or prints in another unit.
    only
        Those figures, as the record that prints them has them.
    undefined
        Why there is nothing to compare.
    """

    pairs: tuple[MeasureComparison, ...]
    missing: tuple[str, ...]
    undefined: Text | None = None
    only: tuple[Measure, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """Return one row a figure."""
        import pandas as pd

        rows = [
            {
                "id": p.before.id,
                "before": p.before.as_printed,
                "after": p.after.as_printed,
                "low": p.difference.low,
                "high": p.difference.high,
                "beyond_printing": p.beyond_printing,
            }
            for p in self.pairs
        ]
        return pd.DataFrame(rows)

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


def compare(record: Record, other: Record | Path | str) -> RecordComparison:
    """Compare two records figure by figure.

    Parameters
    ----------
    record
        The first record.
    other
        The second, or its folder; an empty text means that there is none.

    Raises
    ------
    DataError
        If the second record cannot be read.
    """
    if other == "":
        why = Text("no second record was given", "未提供第二份成绩单")
        return RecordComparison((), (), why)
    second = other if isinstance(other, Record) else read_record(other)
    shared = [
        k
        for k, m in record.measures.items()
        if k in second.measures and second.measures[k].unit == m.unit
    ]
    pairs = tuple(
        MeasureComparison(
            record.measures[k],
            second.measures[k],
            second.measures[k].interval - record.measures[k].interval,
        )
        for k in shared
    )
    every = dict.fromkeys([*record.measures, *second.measures])
    missing = tuple(k for k in every if k not in shared)
    only = tuple(record.measures[k] if k in record.measures else second.measures[k]
                 for k in missing)  # fmt: skip
    return RecordComparison(pairs, missing, only=only)
