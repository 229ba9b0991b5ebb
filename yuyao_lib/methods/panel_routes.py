"""The routes from a panel to a premium, each through a maintained estimator.

Every route gets the same checked panel and says which controls it could not use.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from yuyao_lib.errors import InputError, sentence

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ROUTES", "Errors", "Fit", "Panel", "Route", "coefficients_of", "fit_route"]

TOPIC = "premiums"

Route = Literal[
    "pooled_ols",
    "between",
    "random_effects",
    "fixed_effects",
    "first_differences",
    "correlated_random_effects",
]
Errors = Literal["clustered", "classical"]


@dataclass(frozen=True, slots=True)
class Panel:
    """A checked panel.

    Attributes
    ----------
    frame
        Complete rows.
    outcome, member, controls, worker, period
        Names of its columns.
    periods
        Whether routes in levels have an effect for each period.
    differenced_periods
        Whether first differences have an effect for each period.
    """

    frame: pd.DataFrame
    outcome: str
    member: str
    controls: tuple[str, ...]
    worker: str
    period: str
    periods: bool = True
    differenced_periods: bool = False

    @property
    def indexed(self) -> pd.DataFrame:
        """The rows by worker and period, as panel estimators want them."""
        return self.frame.set_index([self.worker, self.period])


@dataclass(frozen=True, slots=True)
class Fit:
    """What a route returned.

    Attributes
    ----------
    coefficients, covariance
        By regressor, in the same order.
    n, clusters, df
        Rows used, independent persons, degrees of freedom for the t distribution.
    left_out
        Controls that this route cannot use in these data.
    residual_df
        Rows less everything that was fitted, persons included where they are taken out.
    theta
        Share of person means taken out by random effects; None elsewhere, or where it
        differs between persons.
    """

    coefficients: pd.Series
    covariance: pd.DataFrame
    n: int
    clusters: int
    df: int
    left_out: tuple[str, ...] = ()
    theta: float | None = None
    residual_df: int | None = None

    def standard_error(self, name: str) -> float:
        """Return one standard error."""
        return float(self.covariance.loc[name, name]) ** 0.5


def coefficients_of(fits: Mapping[str, Fit], route: str) -> pd.DataFrame:
    """Return every coefficient of a route with its standard error.

    Raises
    ------
    InputError
        If the route was not asked for or is not defined in these data.
    """
    import pandas as pd

    if route not in fits:
        raise InputError(sentence("no coefficients of this route", got=route, allowed=fits))
    fit = fits[route]
    errors = {name: fit.standard_error(name) for name in fit.coefficients.index}
    return pd.DataFrame({"estimate": fit.coefficients, "standard_error": errors})


def fit_route(route: Route, panel: Panel, *, errors: Errors) -> Fit:
    """Estimate one route."""
    return _FITS[route](panel, errors=errors)


def independent(columns: pd.DataFrame, names: Sequence[str]) -> list[str]:
    """Return those of `names` that add something to the ones before them.

    Later names give way to earlier ones, so put what must be kept first.
    """
    import numpy as np

    kept: list[str] = []
    basis = np.empty((len(columns), 0))
    for name in names:
        column = columns[name].to_numpy(dtype="float64")
        size = np.linalg.norm(column)
        rest = column - basis @ (basis.T @ column)
        rest = rest - basis @ (basis.T @ rest)
        length = np.linalg.norm(rest)
        if size > 0 and length > 1e-8 * size:
            basis = np.column_stack([basis, rest / length])
            kept.append(name)
    return kept


def with_periods(panel: Panel) -> tuple[pd.DataFrame, list[str]]:
    """Return the indexed rows with one indicator a period but the first."""
    import pandas as pd

    rows = panel.indexed
    if not (panel.periods or panel.differenced_periods):
        return rows, []
    periods = pd.Series(rows.index.get_level_values(1), index=rows.index)
    shown = pd.get_dummies(periods, prefix="period", drop_first=True, dtype="float64")
    return pd.concat([rows, shown], axis=1), list(shown.columns)


def _pooled(panel: Panel, *, errors: Errors) -> Fit:
    """Pooled least squares with an indicator for each period."""
    from linearmodels.panel import PooledOLS

    return _levels(PooledOLS, panel, errors)


def _random(panel: Panel, *, errors: Errors) -> Fit:
    """Random effects (Swamy-Arora) with an indicator for each period."""
    from linearmodels.panel import RandomEffects

    return _levels(RandomEffects, panel, errors)


def _correlated(panel: Panel, *, errors: Errors) -> Fit:
    """Random effects with each person's means added (Mundlak)."""
    from linearmodels.panel import RandomEffects

    rows = panel.indexed
    changing = [n for n in (panel.member, *panel.controls) if _varies_within(rows, n)]
    means = rows[changing].groupby(level=0).transform("mean").add_prefix("mean_")
    return _levels(RandomEffects, panel, errors, means)


def _levels(model: Any, panel: Panel, errors: Errors, more: pd.DataFrame | None = None) -> Fit:
    """Fit a model in levels: constant, member, controls, periods and what is added."""
    import pandas as pd

    rows, periods = with_periods(panel)
    rows = rows.assign(const=1.0)
    names = ["const", panel.member, *panel.controls, *periods]
    if more is not None:
        rows = pd.concat([rows, more], axis=1)
        names += list(more.columns)
    kept = independent(rows, names)
    result = model(rows[panel.outcome], rows[kept]).fit(**_covariance(errors))
    return _fit(panel, result, errors, names, kept)


def _between(panel: Panel, *, errors: Errors) -> Fit:
    """Least squares on each person's means; means of squares are left out.

    The mean of a square is not the square of a mean: in a panel it also measures how
    long somebody was watched, so a control that is the square of another is left out.
    """
    from linearmodels.panel import BetweenOLS

    rows = panel.indexed.assign(const=1.0)
    squares = squares_among(rows, panel.controls)
    names = ["const", panel.member, *[c for c in panel.controls if c not in squares]]
    means = rows[names].groupby(level=0).mean()
    kept = independent(means, names)
    robust = {"cov_type": "robust"} if errors == "clustered" else {"cov_type": "unadjusted"}
    result = BetweenOLS(rows[panel.outcome], rows[kept]).fit(**robust, reweight=False)
    fit = _fit(panel, result, "classical", names, kept)
    left = tuple(squares) + fit.left_out
    return replace(fit, n=fit.clusters, left_out=left, theta=None)


def _fixed(panel: Panel, *, errors: Errors) -> Fit:
    """Fixed effects for persons and periods: what does not change within a person drops out.

    Periods enter as indicators, so that with clustering by person the person effects,
    nested in the clusters, are not counted in the small-sample factor, and they are.
    """
    from linearmodels.panel import PanelOLS

    rows, periods = with_periods(panel)
    names = [panel.member, *periods, *panel.controls]
    within = rows[names] - rows[names].groupby(level=0).transform("mean")
    kept = independent(rounded(within, rows[names]), names)
    result = PanelOLS(rows[panel.outcome], rows[kept], entity_effects=True).fit(
        **_covariance(errors)
    )
    return _fit(panel, result, errors, names, kept)


def _differences(panel: Panel, *, errors: Errors) -> Fit:
    """First differences of what changes, without a constant.

    Without period effects a control that grows by one each year, such as experience,
    keeps its coefficient; with them it drops out.
    """
    from linearmodels.panel import FirstDifferenceOLS

    rows, periods = with_periods(panel) if panel.differenced_periods else (panel.indexed, [])
    rows = rows.sort_index()
    names = [panel.member, *periods, *panel.controls]
    steps = rows[names].groupby(level=0).diff().dropna()
    kept = independent(steps, names)
    result = FirstDifferenceOLS(rows[panel.outcome], rows[kept]).fit(**_covariance(errors))
    return _fit(panel, result, errors, names, kept)


def rounded(within: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Set to exactly zero what demeaning left only as rounding."""
    return within * (within.abs().max() > 1e-9 * rows.abs().max()).astype(float)


def squares_among(rows: pd.DataFrame, names: Sequence[str]) -> list[str]:
    """Return the columns that are the square of another one in the list."""
    import numpy as np

    found = []
    for name in names:
        values = rows[name].to_numpy()
        others = [rows[n].to_numpy() for n in names if n != name]
        if len(set(values.tolist())) > 2 and any(np.allclose(values, o**2) for o in others):
            found.append(name)
    return found


def _varies_within(rows: pd.DataFrame, name: str) -> bool:
    """Whether a column changes for anybody."""
    by_person = rows[name].groupby(level=0)
    return bool((by_person.max() > by_person.min()).any())


def _covariance(errors: Errors) -> dict[str, Any]:
    """Return the options for standard errors; the factor is G/(G-1) (N-1)/(N-k)."""
    if errors == "classical":
        return {"cov_type": "unadjusted"}
    return {"cov_type": "clustered", "cluster_entity": True, "group_debias": True}


def _fit(
    panel: Panel, result: Any, errors: Errors, names: Sequence[str], kept: Sequence[str]
) -> Fit:
    """Copy what is needed from a package's result."""
    clusters = int(panel.frame[panel.worker].nunique())
    df = clusters - 1 if errors == "clustered" else int(result.df_resid)
    ours = {panel.member, *panel.controls}
    left = tuple(n for n in names if n not in kept and n in ours)
    thetas = result.theta.iloc[:, 0] if hasattr(result, "theta") else None
    theta = None
    if thetas is not None and float(thetas.max() - thetas.min()) < 1e-12:
        theta = float(thetas.iloc[0])
    free = int(result.df_resid)
    return Fit(result.params, result.cov, int(result.nobs), clusters, df, left, theta, free)


_FITS: dict[Route, Callable[..., Fit]] = {
    "pooled_ols": _pooled,
    "between": _between,
    "random_effects": _random,
    "fixed_effects": _fixed,
    "first_differences": _differences,
    "correlated_random_effects": _correlated,
}
ROUTES: tuple[Route, ...] = tuple(_FITS)
