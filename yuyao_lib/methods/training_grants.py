"""Grants for training in firms: a panel of firms seen with and without a grant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from yuyao_lib.findings import Design, Estimate
from yuyao_lib.methods import premiums
from yuyao_lib.methods.hypotheses import Hypotheses
from yuyao_lib.methods.panel_routes import Errors, Fit, Route, coefficients_of
from yuyao_lib.methods.tabulation import rows_of
from yuyao_lib.methods.wage_equations import instrumental
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Grants", "firm_grants"]

TOPIC = "training"
WEAK = 10.0  # Staiger and Stock (1997)
ROUTES: tuple[Route, ...] = (
    "pooled_ols",
    "random_effects",
    "fixed_effects",
    "first_differences",
)


@dataclass(frozen=True, slots=True)
class Grants:
    """The effect of a grant by every route.

    Attributes
    ----------
    estimates
        One a route, in log points, and the effect of training hours with the grant as
        instrument when hours are given.
    hausman
        Do random and fixed effects agree up to chance?
    firms, dropped
        Firms, and rows left out because a value was missing.
    fits
        For each defined route every coefficient with its covariance.
    """

    estimates: tuple[Estimate, ...]
    hausman: Hypotheses
    firms: int
    dropped: int
    fits: Mapping[str, Fit]

    def coefficients(self, route: str) -> pd.DataFrame:
        """Return every coefficient of a route with its standard error.

        Raises
        ------
        InputError
            If the route is not defined in these data.
        """
        return coefficients_of(self.fits, route)

    def to_frame(self) -> pd.DataFrame:
        """Return one row a route."""
        return rows_of(self.estimates)


def firm_grants(
    frame: pd.DataFrame,
    *,
    outcome: str,
    grant: str,
    controls: Sequence[str] = (),
    firm: str = "firm_id",
    period: str = "calendar_year",
    hours: tuple[str, str, str] | None = None,
    errors: Errors = "clustered",
    level: float = 0.95,
) -> Grants:
    """Estimate what a grant does to an outcome of firms, by pooled, random, fixed and first.

    Parameters
    ----------
    frame
        One row a firm and year.
    outcome
        Column of the logarithm of an outcome, such as the scrap rate.
    grant
        Column of 0 and 1.
    controls
        Columns of numbers, such as last year's grant.
    firm, period
        Columns that identify a row.
    hours
        Columns of the change of the outcome, the change of training hours and the change
        of the grant: the effect of hours with the grant as instrument, from the first
        change of each firm (Wooldridge, Introductory Econometrics, Example 15.10).
    errors
        ``clustered`` by firm, or ``classical``.
    level
        Coverage of the intervals.

    Raises
    ------
    DataError, InputError
        If a column or a choice cannot be used.

    Examples
    --------
    >>> import yuyao_lib as yuyao
    >>> firms = yuyao.open("michigan_grants").frame("firms")
    >>> found = firm_grants(firms, outcome="log_scrap_rate", grant="grant",
    ...     controls=["grant_last_year"], errors="classical")
    >>> round(found.estimates[2].estimate, 4), found.firms
    (-0.2523, 54)
    """
    found = premiums.estimate(
        frame, outcome=outcome, member=grant, controls=controls, worker=firm, period=period,
        routes=ROUTES, errors=errors, level=level,
    )  # fmt: skip
    made = [_of_firms(e) for e in found.estimates]
    if hours is not None:
        made.append(_of_hours(frame, hours, period, level))
    known = frame.dropna(subset=[outcome, grant, *controls])
    return Grants(tuple(made), found.hausman, int(known[firm].nunique()), found.dropped, found.fits)


def _of_firms(estimate: Estimate) -> Estimate:
    """Say of firms what the panel routes say of persons."""
    unit = None if estimate.cluster_unit is None else "firms"
    return replace(
        estimate, term="training_grant_effect", n_unit="firm_years", cluster_unit=unit,
        design=Design.OBSERVATIONAL,
    )  # fmt: skip


def _of_hours(
    frame: pd.DataFrame, hours: tuple[str, str, str], period: str, level: float
) -> Estimate:
    """Use the grant as an instrument for hours of training, one change a firm.

    Later changes would compare a firm whose grant has ended with one that never had any,
    while last year's grant may still work.
    """
    change, trained, given = hours
    known = frame.dropna(subset=list(hours))
    first = known[known[period] == known[period].min()]
    fit = instrumental(first, outcome=change, endogenous=trained, instruments=[given])
    found = fit.estimate(trained, term="training_hours_effect", level=level)
    strength = f"{fit.first_stage or 0.0:.1f}"
    weak = (fit.first_stage or 0.0) < WEAK
    how = Text(
        "two-stage least squares, classical standard errors; valid if the grant works through"
        f" hours only; first-stage F {strength}{', a weak instrument' if weak else ''}",
        "两阶段最小二乘，经典标准误；要求补助只通过培训时数起作用；"
        f"第一阶段 F 值 {strength}{'，为弱工具变量' if weak else ''}",
    )
    return replace(found, key="hours_by_grant", n_unit="firms", inference=how)
