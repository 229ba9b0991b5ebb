"""Disputes and strikes: how long they last, what goes with it, how they end, how many.

The public door: what a notebook needs stands here, whatever module it lives in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from yuyao_lib.findings import Estimate
from yuyao_lib.methods.absence import absent
from yuyao_lib.methods.cause_hazards import CauseHazards, cause_hazards
from yuyao_lib.methods.competing_risks import CumulativeIncidence, endings
from yuyao_lib.methods.counts import CountModel, count_model
from yuyao_lib.methods.dated_spells import from_dates, spell_rows
from yuyao_lib.methods.duration_comparison import (
    DurationModels,
    ResidualCheck,
    check_fit,
    compare_models,
)
from yuyao_lib.methods.duration_models import DurationModel, Family, duration_model
from yuyao_lib.methods.hazards import HazardModel, cox
from yuyao_lib.methods.survival import Survival, survival
from yuyao_lib.methods.tabulation import rows_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "CauseHazards",
    "CountModel",
    "CumulativeIncidence",
    "DurationModel",
    "DurationModels",
    "HazardModel",
    "Lengths",
    "ResidualCheck",
    "Survival",
    "absent",
    "cause_hazards",
    "check_fit",
    "compare_models",
    "count_model",
    "cox",
    "duration_model",
    "endings",
    "from_dates",
    "lengths",
    "spell_rows",
    "survival",
]


@dataclass(frozen=True, slots=True)
class Lengths:
    """How long disputes last, and what goes with it: the findings of a page.

    Attributes
    ----------
    curve
        Shares still going on.
    model
        The model of durations, rows taken as independent.
    grouped
        The same with errors by groups; None where no groups are named.
    """

    curve: Survival
    model: DurationModel
    grouped: DurationModel | None = None

    @property
    def reported(self) -> DurationModel:
        """The model whose intervals are told: by groups where there are groups."""
        return self.grouped or self.model

    @property
    def estimates(self) -> tuple[Estimate, ...]:
        """Median and mean of the curve; differences of the model told; those as if independent."""
        found = [*self.curve.estimates, *self.reported.differences]
        if self.grouped is not None:
            found += [replace(e, key=f"{e.key}_independent") for e in self.model.differences]
        return tuple(found)

    def to_frame(self) -> pd.DataFrame:
        """Return one row an estimate."""
        return rows_of(self.estimates)

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


def lengths(
    frame: pd.DataFrame,
    *,
    duration: str,
    ended: str | None = None,
    covariates: Sequence[str] = (),
    family: Family = "weibull",
    cluster: str | None = None,
    horizon: float | None = None,
    at: Sequence[float] = (),
    level: float = 0.95,
    n_unit: str = "spells",
) -> Lengths:
    """Estimate how long disputes last and what goes with longer or shorter ones.

    Parameters
    ----------
    frame, duration, ended, covariates, family, level, n_unit
        As in `duration_model`.
    cluster
        Column of groups that share what is not measured; an empty name: none. Where a
        covariate is one number for a whole group, such as output in the month in which
        strikes began, rows are not independent and errors must be by groups.
    horizon, at
        As in `survival`.

    Examples
    --------
    >>> import yuyao_lib as yuyao
    >>> strikes = yuyao.open("strikes").frame("strikes")
    >>> found = lengths(strikes, duration="duration_days", n_unit="strikes")
    >>> found.estimates[0].estimate, found.estimates[0].low, found.estimates[0].high
    (27.0, 17.0, 38.0)
    """
    shared: dict[str, Any] = {
        "duration": duration, "ended": ended or None, "level": level, "n_unit": n_unit,
    }  # fmt: skip
    curve = survival(frame, horizon=horizon, at=at, **shared)
    shared |= {"covariates": covariates, "family": family}
    model = duration_model(frame, **shared)
    grouped = duration_model(frame, cluster=cluster, **shared) if cluster and covariates else None
    return Lengths(curve, model, grouped)
