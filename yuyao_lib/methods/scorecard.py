"""The scorecard: what a record states, how exactly, and which comparisons hold.

Intervals here are what the printing of a figure allows. They are not confidence
intervals: nothing was sampled.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from yuyao_lib.findings import Design, Estimate
from yuyao_lib.methods.record_comparison import MeasureComparison, RecordComparison, compare
from yuyao_lib.sources.intervals import Interval
from yuyao_lib.sources.ratios import RatioRule
from yuyao_lib.sources.record import Measure, Record, System
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "MeasureComparison",
    "Measures",
    "Needs",
    "Ratios",
    "RecordComparison",
    "Systems",
    "compare",
    "measures",
    "needs",
    "ratios",
    "systems",
]

PRINTING = Text(
    "interval of what the printed figures allow; not a confidence interval",
    "区间表示印刷数字所允许的范围，不是置信区间",
)


@dataclass(frozen=True, slots=True)
class Measures:
    """The printed figures of a record, or some of them."""

    items: tuple[Measure, ...]

    @property
    def qualified(self) -> Measures:
        """Those printed as "over", "nearly" or "odd": no point ratio is made from them."""
        return Measures(tuple(m for m in self.items if m.qualifier != "exact"))

    def of_area(self, area: str) -> Measures:
        """Return those of one area of work, such as ``"organisation"``."""
        return Measures(tuple(m for m in self.items if m.area == area))

    def to_frame(self) -> pd.DataFrame:
        """Return one row a figure."""
        import pandas as pd

        names = ("id", "area", "as_printed", "value", "qualifier", "unit", "kind", "period")
        rows = [
            {n: getattr(m, n) for n in names}
            | {"low": m.interval.low, "high": m.interval.high, "name": m.name.en}
            for m in self.items
        ]
        return pd.DataFrame(rows)

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


@dataclass(frozen=True, slots=True)
class Ratios:
    """The ratios of a record: those that hold, and why the others do not.

    Attributes
    ----------
    estimates
        Ratios that hold or hold under a stated reading and have a point value.
    rules
        Their rules, by key.
    intervals
        What the printing allows, for every ratio that is not invalid.
    invalid
        Rules of the ratios that must not be computed.
    """

    estimates: tuple[Estimate, ...]
    rules: dict[str, RatioRule]
    intervals: dict[str, Interval]
    invalid: tuple[RatioRule, ...]

    def about(self, *keys: str) -> Ratios:
        """Return some of them, such as ``"members_per_union"``."""
        kept = {k: rule for k, rule in self.rules.items() if k in keys}
        return Ratios(
            tuple(e for e in self.estimates if e.key in kept),
            kept,
            {k: held for k, held in self.intervals.items() if k in kept},
            tuple(rule for rule in self.invalid if rule.id in kept),
        )

    def to_frame(self) -> pd.DataFrame:
        """Return one row a ratio, the invalid ones without values."""
        import pandas as pd

        values = {e.key: e.estimate for e in self.estimates}
        rows = [
            {
                "id": key,
                "verdict": rule.verdict,
                "unit": rule.unit,
                "value": values.get(key),
                "low": self.intervals[key].low if key in self.intervals else None,
                "high": self.intervals[key].high if key in self.intervals else None,
                "why": rule.why.en,
            }
            for key, rule in self.rules.items()
        ]
        return pd.DataFrame(rows)

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


@dataclass(frozen=True, slots=True)
class Systems:
    """Every system of a record with its figures and the pages that study it."""

    items: tuple[System, ...]
    figures: dict[str, tuple[Measure, ...]]

    def to_frame(self) -> pd.DataFrame:
        """Return one row a system."""
        import pandas as pd

        rows = [
            {
                "id": s.id,
                "system": s.name.en,
                "grade": s.grade,
                "figures": "; ".join(m.as_printed for m in self.figures[s.id]),
                "pages": " ".join(s.pages),
            }
            for s in self.items
        ]
        return pd.DataFrame(rows)

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


@dataclass(frozen=True, slots=True)
class Needs:
    """What a study of each system would take.

    Attributes
    ----------
    items
        The systems.
    """

    items: tuple[System, ...]

    def to_frame(self) -> pd.DataFrame:
        """Return one row a system."""
        import pandas as pd

        rows = [
            {
                "id": s.id,
                "system": s.name.en,
                "grade": s.grade,
                "minimum_data": s.minimum_data.en,
                "threats": s.threats.en,
            }
            for s in self.items
        ]
        return pd.DataFrame(rows)

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


def measures(record: Record) -> Measures:
    """Return every printed figure of a record.

    Examples
    --------
    >>> from yuyao_lib.sources.record import read_record
    >>> len(measures(read_record()).items)
    58
    """
    return Measures(tuple(record.measures.values()))


def ratios(record: Record) -> Ratios:
    """Compute every ratio that means something, by interval arithmetic.

    Parameters
    ----------
    record
        An opened record.

    Returns
    -------
    Ratios
        An invalid ratio has no value; one with a figure printed as "over" or "nearly"
        has an interval and no point.

    Examples
    --------
    >>> from yuyao_lib.sources.record import read_record
    >>> found = ratios(read_record())
    >>> len(found.rules), len(found.invalid)
    (40, 6)
    """
    valid = [record.ratio(k) for k, r in record.rules.items() if r.verdict != "invalid"]
    estimates = tuple(
        _ratio_estimate(r.rule, r.value, r.interval) for r in valid if r.value is not None
    )
    return Ratios(
        estimates,
        dict(record.rules),
        {r.rule.id: r.interval for r in valid},
        tuple(r for r in record.rules.values() if r.verdict == "invalid"),
    )


def systems(record: Record) -> Systems:
    """Return every system with its printed figures.

    Examples
    --------
    >>> from yuyao_lib.sources.record import read_record
    >>> len(systems(read_record()).items)
    27
    """
    items = tuple(record.systems.values())
    figures = {s.id: tuple(record.measure(m) for m in s.measures) for s in items}
    return Systems(items, figures)


def needs(record: Record) -> Needs:
    """Return what a study of each system would take.

    Examples
    --------
    >>> from yuyao_lib.sources.record import read_record
    >>> needs(read_record()).items[23].grade
    'A'
    """
    return Needs(tuple(record.systems.values()))


def _ratio_estimate(rule: RatioRule, value: float, interval: Interval) -> Estimate:
    """Turn a ratio into an estimate whose caveat is its verdict."""
    holds = rule.verdict == "ok"
    caveat = Text(
        f"{'Holds' if holds else 'Holds only under this reading'}: {rule.why.en}."
        f" The {PRINTING.en}.",
        f"{'成立' if holds else '仅在此读法下成立'}：{rule.why.zh}。{PRINTING.zh}。",
    )
    return Estimate(
        key=rule.id,
        term="printed_ratio",
        method="interval_arithmetic",
        unit=rule.unit,
        design=Design.DESCRIPTION,
        estimate=value,
        low=interval.low,
        high=interval.high,
        level=1.0,
        n_unit="printed_figure",
        estimand=rule.name,
        inference=PRINTING,
        caveat=caveat,
    )
