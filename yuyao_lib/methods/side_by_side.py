"""The estimators of staggered adoption on the same rows, side by side."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from yuyao_lib.findings import Estimate
from yuyao_lib.methods.adoption import Meaning
from yuyao_lib.methods.event_regressions import extended_twfe, sun_abraham
from yuyao_lib.methods.group_time import group_time
from yuyao_lib.methods.imputed_effects import imputation
from yuyao_lib.methods.static_twfe import two_way_fixed_effects
from yuyao_lib.methods.tabulation import rows_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Estimators", "compare_estimators"]

TOPIC = "contracts"


@dataclass(frozen=True, slots=True)
class Estimators:
    """The mean effect by each estimator, keyed by the estimator.

    Attributes
    ----------
    estimates
        Group-time effects first, the static regression last.
    """

    estimates: tuple[Estimate, ...]

    def to_frame(self) -> pd.DataFrame:
        """Return one row an estimator."""
        return rows_of(self.estimates)

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


def compare_estimators(
    frame: pd.DataFrame,
    *,
    outcome: str,
    unit: str,
    period: str,
    first_treated: str,
    weights: str | None = None,
    cluster: str | None = None,
    meaning: Meaning | None = None,
) -> Estimators:
    """Estimate the mean effect of adoption by five estimators.

    Parameters
    ----------
    frame, outcome, unit, period, first_treated, weights, cluster
        As in `group_time`.
    meaning
        What the numbers are about.

    Raises
    ------
    DataError
        If a column cannot be used.

    Examples
    --------
    >>> import yuyao_lib as yuyao
    >>> cities = yuyao.open("ezunem").frame("cities")
    >>> found = compare_estimators(cities, outcome="luclms", unit="city", period="year",
    ...                            first_treated="first_zone_year")
    >>> [e.key for e in found.estimates][0]
    'group_time_effects'
    """
    columns: dict[str, Any] = {"outcome": outcome, "unit": unit, "period": period}
    columns |= {"first_treated": first_treated, "weights": weights, "cluster": cluster}
    found = [
        group_time(frame, **columns, meaning=meaning).aggregate("simple").overall,
        imputation(frame, **columns, meaning=meaning).overall,
        extended_twfe(frame, **columns, meaning=meaning).overall,
        sun_abraham(frame, **columns, meaning=meaning).overall,
        two_way_fixed_effects(frame, **columns, meaning=meaning).coefficient,
    ]
    return Estimators(tuple(replace(e, key=e.method) for e in found))
