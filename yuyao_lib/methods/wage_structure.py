"""The wage structure in one view: how unequal, what explains the gap, what coverage does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from yuyao_lib.findings import Estimate
from yuyao_lib.methods.decompositions import Decomposition, decompose
from yuyao_lib.methods.inequality import Inequality, inequality
from yuyao_lib.methods.reweighting import reweight
from yuyao_lib.methods.reweighting_results import Reweighted
from yuyao_lib.methods.tabulation import rows_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["WageStructure", "overview"]

TOPIC = "structure"
MEASURES = ("gini", "variance_of_logs", "p90_p10")


@dataclass(frozen=True, slots=True)
class WageStructure:
    """Three results on the same rows.

    Attributes
    ----------
    inequality
        In every period.
    gap
        Between the groups in every period, by every reference.
    coverage
        The last period beside what pay would be if nobody were in the group.
    reference
        The reference prices of the headline.
    """

    inequality: Inequality
    gap: Decomposition
    coverage: Reweighted
    reference: str

    @property
    def last(self) -> Any:
        """The last period; None without periods."""
        return self.gap.periods[-1]

    @property
    def estimates(self) -> tuple[Estimate, ...]:
        """Inequality, the gap at the reference prices, and the parts due to coverage."""
        parts = ("gap", f"explained_{self.reference}", f"unexplained_{self.reference}")
        gap = [self.gap.of(part, period) for period in self.gap.periods for part in parts]
        if len(self.gap.periods) > 1:
            gap += [self.gap.of(f"change_{part}") for part in parts]
        held = [self.coverage.of(name) for name in self.coverage.statistics]
        return (*self.inequality.estimates, *gap, *held)

    def to_frame(self) -> pd.DataFrame:
        """Return one row an estimate."""
        return rows_of(self.estimates)

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


def overview(
    frame: pd.DataFrame,
    *,
    outcome: str,
    group: str,
    controls: Sequence[str],
    period: str | None = None,
    reference: str = "pooled_with_group",
    logs: bool = True,
    weights: str | None = None,
    worker: str = "worker_id",
    draws: int = 299,
    level: float = 0.95,
) -> WageStructure:
    """Measure inequality, split the gap, and take the group away.

    Parameters
    ----------
    frame, outcome, logs, weights, worker, level
        As in `inequality`; the gap is in the outcome as it stands.
    group, controls
        Column of 0 and 1, and columns of numbers.
    period
        Column of years; None for one distribution.
    reference
        Reference prices of the headline, as in `decompose`.
    draws
        Resamples behind the intervals of the counterfactual.

    Raises
    ------
    DataError, InputError
        If a column or a choice cannot be used.

    Examples
    --------
    >>> import yuyao_lib as yuyao
    >>> people = yuyao.open("cps78_85").frame("workers")
    >>> found = overview(people, outcome="log_hourly_wage", group="union_member",
    ...     controls=["education_years", "female"], period="calendar_year", draws=99)
    >>> found.last
    1985
    """
    same: dict[str, Any] = {"outcome": outcome, "weights": weights, "worker": worker}
    same["level"] = level
    by = [period] if period else []
    unequal = inequality(frame, by=by, measures=MEASURES, logs=logs, **same)
    gap = decompose(frame, group=group, controls=controls, period=period, **same)
    gap.of(f"explained_{reference}", gap.periods[-1])  # an unknown reference stops here
    coverage = reweight(
        frame, group=group, controls=controls, period=period, logs=logs, draws=draws,
        statistics=MEASURES, **same,
    )  # fmt: skip
    return WageStructure(unequal, gap, coverage, reference)
