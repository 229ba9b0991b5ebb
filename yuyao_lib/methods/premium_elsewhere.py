"""The same comparison on several sets of people: pooled beside within persons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from yuyao_lib.errors import DataError
from yuyao_lib.findings import Design, Estimate
from yuyao_lib.methods.adoption import Meaning
from yuyao_lib.methods.inference_clusters import clustered
from yuyao_lib.methods.smaller_sides import who_changes, who_is_on_smaller_side
from yuyao_lib.methods.tabulation import rows_of
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Elsewhere", "SetPremia", "elsewhere"]

TOPIC = "premiums"
OUTCOMES = ("log_hourly_wage", "log_weekly_wage")
NO_PANEL = Text("nobody is seen twice in these data", "数据中没有人被观察两次")


@dataclass(frozen=True, slots=True)
class SetPremia:
    """The premium in one data set.

    Attributes
    ----------
    name
        Name of the data set.
    pooled, within
        Across persons, and within persons; both with effects of periods.
    left_out
        Controls that these data do not have.
    """

    name: str
    pooled: Estimate
    within: Estimate
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The premium in several data sets.

    Attributes
    ----------
    sets
        One a data set, in the order given.
    missing
        Data sets that could not be opened, each with the reason.
    """

    sets: tuple[SetPremia, ...]
    missing: tuple[tuple[str, Text], ...] = ()

    @property
    def estimates(self) -> tuple[Estimate, ...]:
        """Every estimate, pooled before within, keyed by data set."""
        return tuple(e for s in self.sets for e in (s.pooled, s.within))

    @property
    def falling(self) -> tuple[SetPremia, ...]:
        """Data sets in which the premium within persons is the smaller one."""
        return tuple(
            s
            for s in self.sets
            if s.pooled.estimate is not None
            and s.within.estimate is not None
            and s.within.estimate < s.pooled.estimate
        )

    def to_frame(self) -> pd.DataFrame:
        """Return one row an estimate."""
        return rows_of(self.estimates)

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


def elsewhere(
    frames: Mapping[str, pd.DataFrame],
    *,
    member: str,
    outcome: str = OUTCOMES[0],
    controls: Sequence[str] = (),
    worker: str = "worker_id",
    period: str = "calendar_year",
    level: float = 0.95,
    missing: Sequence[tuple[str, Text]] = (),
) -> Elsewhere:
    """Estimate the premium across and within persons in several data sets.

    Parameters
    ----------
    frames
        Name of each data set and its rows, one a person and period.
    member, controls, worker, period
        As in `yuyao_lib.methods.premiums.estimate`; controls that a set does not have are
        left out and listed.
    outcome
        Column with the log of a wage; where a set has none of this name, the log of an
        hourly or a weekly wage.
    level
        Coverage of the intervals.
    missing
        Data sets that could not be opened, and why, to be said with the result.

    Raises
    ------
    DataError
        If a set has no log of a wage, or a column cannot be used.
    """
    found = []
    for name, frame in frames.items():
        y = next((c for c in (outcome, *OUTCOMES) if c in frame.columns), None)
        if y is None:
            raise DataError(f"the data set {name} has none of the columns {outcome}, {OUTCOMES}.")
        held = [c for c in controls if c in frame.columns]
        left = tuple(c for c in controls if c not in held)
        columns = {"outcome": y, "regressor": member, "controls": held, "period": period}
        found.append(_of(name, frame, columns, worker, level, left))
    return Elsewhere(tuple(found), tuple(missing))


def _of(
    name: str,
    frame: pd.DataFrame,
    columns: Mapping[str, Any],
    worker: str,
    level: float,
    left: tuple[str, ...],
) -> SetPremia:
    """Estimate one data set's premia."""
    followed = worker in frame.columns and bool(frame[worker].duplicated().any())
    rows = frame if followed else frame.assign(row_number=range(len(frame)))
    meaning = Meaning(
        term="union_wage_premium", unit="log_points", design=Design.OBSERVATIONAL, level=level,
        n_unit="person_years" if followed else "persons", cluster_unit="persons",
    )  # fmt: skip
    cluster = worker if followed else "row_number"
    pooled = clustered(rows, cluster=cluster, meaning=meaning, **columns)
    within = (
        clustered(rows, cluster=cluster, unit=worker, meaning=meaning, **columns)
        if followed
        else meaning.estimate("within", "fixed_effects", undefined=NO_PANEL)
    )
    member = columns["regressor"]
    sides = who_is_on_smaller_side(rows, member, worker=worker if followed else None)
    changed = who_changes(rows, member, worker=worker) if followed else {}
    return SetPremia(
        name,
        replace(pooled, key=f"{name}_pooled", method="pooled_ols", **sides),
        replace(within, key=f"{name}_within", method="fixed_effects", **changed),
        left,
    )
