"""The union and contract wage premium: one equation, several routes, side by side.

The routes differ in what they assume about everything that makes a person's pay
differ and does not change: that is what their differences show.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from yuyao_lib.errors import InputError, sentence
from yuyao_lib.findings import Design, Estimate
from yuyao_lib.methods.hypotheses import Hypotheses
from yuyao_lib.methods.membership import Movers, movers, settled
from yuyao_lib.methods.panel_routes import (
    ROUTES,
    Errors,
    Fit,
    Panel,
    Route,
    coefficients_of,
    fit_route,
)
from yuyao_lib.methods.premium_elsewhere import Elsewhere, elsewhere
from yuyao_lib.methods.premium_specifications import specification_curve
from yuyao_lib.methods.premium_spread import (
    QuantilePremiums,
    YearPremiums,
    between_years,
    by_quantile,
)
from yuyao_lib.methods.route_comparison import premium_fall, same_effects
from yuyao_lib.methods.samples import ALIKE, alike, check_level, draw_sample
from yuyao_lib.methods.selection import Selection, selection
from yuyao_lib.methods.smaller_sides import EMPLOYER, Counts, who_changes, who_is_on_smaller_side
from yuyao_lib.methods.wald_intervals import wald
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "Elsewhere",
    "Movers",
    "Premiums",
    "QuantilePremiums",
    "Selection",
    "YearPremiums",
    "between_years",
    "by_quantile",
    "elsewhere",
    "estimate",
    "movers",
    "percent",
    "selection",
    "settled",
    "specification_curve",
]

NEEDS_PANEL: tuple[Route, ...] = ROUTES[1:]
WITHIN: tuple[Route, ...] = ("fixed_effects", "first_differences")
NO_PANEL = Text(
    "nobody is seen twice in these data, so nobody can be compared with himself or herself",
    "数据中没有人被观察两次，因此无法与自己相比",
)
NO_CHANGE = Text(
    "nobody changes status in these data, so this comparison has nothing to rest on",
    "数据中没有人改变身份，此比较没有依据",
)
ONE_SIDE = Text(
    "all rows have the same status, so there is no one to compare with",
    "所有行身份相同，没有可比较的对象",
)


@dataclass(frozen=True, slots=True)
class Premiums:
    """The premium by every route.

    Attributes
    ----------
    estimates
        One a route, in log points, in the order of the routes asked for.
    fall
        Pooled minus fixed effects: the part of the pooled gap that is who joins.
    left_out
        For each route the controls it could not use.
    dropped
        Rows left out because a value was missing.
    fits
        For each defined route every coefficient with its covariance.
    """

    estimates: tuple[Estimate, ...]
    fall: Estimate
    left_out: dict[str, tuple[str, ...]]
    dropped: int
    fits: Mapping[str, Fit]
    _hausman: Callable[[], Hypotheses] = field(repr=False, compare=False)

    @property
    def hausman(self) -> Hypotheses:
        """Do random and fixed effects agree up to chance? Fitted when asked for."""
        return self._hausman()

    def coefficients(self, route: str) -> pd.DataFrame:
        """Return every coefficient of a route with its standard error.

        Raises
        ------
        InputError
            If the route was not asked for or is not defined in these data.
        """
        return coefficients_of(self.fits, route)

    def route(self, name: str) -> Estimate:
        """Return the estimate of one route."""
        known = {e.key: e for e in self.estimates}
        if name not in known:
            raise InputError(sentence("unknown route", got=name, allowed=list(known)))
        return known[name]

    def to_frame(self) -> pd.DataFrame:
        """Return one row a route, in log points and in percent."""
        import pandas as pd

        return pd.DataFrame([_row(e) for e in self.estimates])

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


def estimate(
    frame: pd.DataFrame,
    *,
    outcome: str,
    member: str,
    controls: Sequence[str] = (),
    worker: str = "worker_id",
    period: str = "calendar_year",
    routes: Sequence[Route] = ROUTES,
    errors: Errors = "clustered",
    level: float = 0.95,
    period_effects: bool = True,
    difference_effects: bool = False,
) -> Premiums:
    r"""Estimate the premium by several routes.

    The equation is :math:`\log w_{it} = \beta u_{it} + x_{it}'\gamma + \alpha_i +
    \lambda_t + \varepsilon_{it}` (Wooldridge 2010, ch. 10). Pooled and between leave
    :math:`\alpha_i` in the error; random effects (Swamy-Arora) assumes it unrelated to
    membership; fixed effects and first differences remove it; correlated random effects
    adds each person's means (Mundlak 1978) and so gives the fixed-effects premium and a
    test of random effects.

    Parameters
    ----------
    frame
        One row a person and period; without the column `worker`, or with nobody seen
        twice, only the pooled route is defined.
    outcome
        Column with the log of a wage.
    member
        Column that is 1 for members (or for those covered by a contract), else 0.
    controls
        Columns to hold constant. A route leaves out those it cannot use (constant within
        persons, collinear with periods, squares in person means) and lists them.
    worker, period
        Columns that identify a row.
    routes
        Which routes, in which order.
    errors
        ``clustered`` by person with the factor G/(G-1)·(N-1)/(N-k), or ``classical``.
    level
        Coverage of the intervals.
    period_effects, difference_effects
        Whether routes in levels, and first differences, have an effect for each period.

    Returns
    -------
    Premiums

    Raises
    ------
    DataError
        If a column is missing, not numeric, not 0/1, or a person-period stands twice.
    InputError
        If a route or the level is not allowed.

    References
    ----------
    Vella, F. and Verbeek, M. (1998). Journal of Applied Econometrics 13, 163-183.
    Hausman, J. (1978). Econometrica 46, 1251-1271.
    Mundlak, Y. (1978). Econometrica 46, 69-85.

    Examples
    --------
    >>> import yuyao_lib as yuyao
    >>> people = yuyao.open("wagepan").frame("workers")
    >>> gap = estimate(people, outcome="log_hourly_wage", member="union_member",
    ...     controls=["experience_years_squared", "married"], routes=["fixed_effects"])
    >>> round(gap.route("fixed_effects").estimate, 4)
    0.08
    """
    check_level(level)
    _check_choices(routes, errors)
    persons = worker in frame.columns
    keys = [worker, period] if persons else [period]
    sample = draw_sample(
        frame,
        numeric=[outcome, member, *controls],
        keys=keys,
        binary=[member],
        beside=[EMPLOYER],
        unique=persons,
    )
    rows = sample.frame if persons else sample.frame.assign(**{worker: sample.frame.index})
    panel = Panel(
        rows, outcome, member, tuple(controls), worker, period, period_effects, difference_effects
    )
    repeated = bool(rows[worker].duplicated().any())
    reasons = {route: _why_not(route, panel, repeated) for route in ROUTES}
    fits = {r: fit_route(r, panel, errors=errors) for r in routes if reasons[r] is None}
    found = tuple(
        _undefined(r, reasons[r])  # type: ignore[arg-type]
        if reasons[r]
        else _estimate(r, fits[r], panel, errors, level)
        for r in routes
    )
    return Premiums(
        found,
        premium_fall(panel, reasons, level),
        {route: fit.left_out for route, fit in fits.items() if fit.left_out},
        sample.dropped,
        {str(route): fit for route, fit in fits.items()},
        partial(same_effects, panel, reasons, fits, errors),
    )


def percent(log_points: float) -> float:
    """Turn log points into percent, 100(exp(b)-1).

    Examples
    --------
    >>> round(percent(0.1), 1)
    10.5
    """
    return 100 * math.expm1(log_points)


def _check_choices(routes: Sequence[str], errors: str) -> None:
    """Refuse names of routes and errors that do not exist."""
    for route in routes:
        if route not in ROUTES:
            raise InputError(sentence("unknown route", got=route, allowed=ROUTES))
    if errors not in {"clustered", "classical"}:
        allowed = ["clustered", "classical"]
        raise InputError(sentence("unknown kind of standard error", got=errors, allowed=allowed))


def _why_not(route: Route, panel: Panel, repeated: bool) -> Text | None:
    """Say why a route is not defined in these data, if it is not."""
    rows = panel.frame
    if rows[panel.member].nunique() < 2:
        return ONE_SIDE
    if alike(rows[panel.outcome]):
        return ALIKE
    if route in NEEDS_PANEL and not repeated:
        return NO_PANEL
    status = rows.groupby(panel.worker)[panel.member]
    if route in {*WITHIN, "correlated_random_effects"} and not (status.max() > status.min()).any():
        return NO_CHANGE
    return None


def _undefined(route: Route, why: Text) -> Estimate:
    """Return an estimate that says why it has no value."""
    return Estimate(
        key=route,
        term="union_wage_premium",
        method=route,
        unit="log_points",
        design=Design.OBSERVATIONAL,
        n_unit="person_years",
        undefined=why,
    )


def _estimate(route: Route, fit: Fit, panel: Panel, errors: Errors, level: float) -> Estimate:
    """Turn a fit into an estimate with its interval."""
    value = float(fit.coefficients[panel.member])
    error = fit.standard_error(panel.member)
    units = {"between": "persons", "first_differences": "person_differences"}
    single = fit.n == fit.clusters
    return Estimate(
        key=route,
        term="union_wage_premium",
        method=route,
        unit="log_points",
        design=Design.OBSERVATIONAL,
        **wald(value, error, level=level, df=fit.df),
        level=level,
        n=fit.n,
        n_unit="persons" if single else units.get(route, "person_years"),
        clusters=fit.clusters,
        cluster_unit="persons",
        **_behind(route, panel),
        residual_df=fit.residual_df,
        estimand=_ESTIMANDS[route],
        inference=_inference(route, errors, single=single),
    )


def _behind(route: Route, panel: Panel) -> Counts:
    """Count who is on the smaller side, or who changes where only they count."""
    count = who_changes if route in WITHIN else who_is_on_smaller_side
    return count(panel.frame, panel.member, worker=panel.worker)


def _inference(route: Route, errors: Errors, *, single: bool) -> Text:
    """Say how the interval was made."""
    if errors == "classical":
        return Text("classical standard error, Student's t", "经典标准误，t 分布")
    if single:
        return Text(
            "one row a person; heteroskedasticity-robust (HC1), Student's t",
            "每人一行；异方差稳健（HC1），t 分布",
        )
    return Text(
        "clustered by person, factor G/(G-1)·(N-1)/(N-k), Student's t with G-1 degrees of freedom",
        "按人聚类，小样本系数 G/(G-1)·(N-1)/(N-k)，自由度 G-1 的 t 分布",
    )


def _row(estimate: Estimate) -> dict[str, object]:
    """Lay out one estimate as a row."""
    row: dict[str, object] = {"route": estimate.method, "estimate": estimate.estimate}
    row |= {"standard_error": estimate.standard_error, "low": estimate.low, "high": estimate.high}
    ends = (estimate.estimate, estimate.low, estimate.high)
    names = ("percent_difference", "percent_low", "percent_high")
    row |= {n: None if v is None else percent(v) for n, v in zip(names, ends, strict=True)}
    return row | {
        "p_value": estimate.p_value,
        "n": estimate.n,
        "n_unit": estimate.n_unit,
        "clusters": estimate.clusters,
        "undefined": estimate.undefined.en if estimate.undefined else "",
    }


_ALL = Text(
    "members and others who look alike, between and within persons",
    "会员与特征相近者，含人际与个人内部的差异",
)
_ESTIMANDS: dict[Route, Text] = {
    "pooled_ols": _ALL,
    "between": Text(
        "persons who are members more of the time and others", "入会时间较长者与其他人之间"
    ),
    "random_effects": _ALL,
    "fixed_effects": Text("the same person as a member and not", "同一人入会与未入会时"),
    "first_differences": Text(
        "the same person in adjacent periods around a change of status",
        "同一人身份改变前后的相邻时期",
    ),
    "correlated_random_effects": Text(
        "the same person as a member and not", "同一人入会与未入会时"
    ),
}
