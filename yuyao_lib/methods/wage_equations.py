"""A single wage equation, by the estimator and with the standard errors that are asked for.

For questions that are not about a premium: returns to schooling, gaps between groups,
or any other published regression on pay.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from yuyao_lib.errors import DataError, InputError, sentence
from yuyao_lib.findings import Design, Estimate
from yuyao_lib.methods.packages import undisturbed
from yuyao_lib.methods.panel_routes import independent
from yuyao_lib.methods.samples import check_level, draw_sample

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Regression", "heckman", "instrumental", "least_squares", "quantile", "within"]

TOPIC = "premiums"
LeastSquaresErrors = Literal["classical", "HC0", "HC1", "HC2", "HC3"]


@dataclass(frozen=True, slots=True)
class Regression:
    """A fitted equation.

    Attributes
    ----------
    method, outcome
        How, and of what.
    coefficients, standard_errors
        By name of the regressor; ``Intercept`` is the constant.
    n, df, dropped
        Rows used, residual degrees of freedom, rows left out for missing values.
    r_squared
        Share of variance explained, where that is defined.
    first_stage
        With instruments: the F statistic of all of them in the first stage; below about 10
        they are weak, and the interval is not to be believed (Staiger and Stock 1997).
    """

    method: str
    outcome: str
    coefficients: dict[str, float]
    standard_errors: dict[str, float]
    n: int
    df: int
    dropped: int
    r_squared: float | None = None
    first_stage: float | None = None

    def estimate(self, name: str, *, term: str = "difference", level: float = 0.95) -> Estimate:
        """Return one coefficient as an estimate.

        Raises
        ------
        InputError
            If there is no such coefficient.
        """
        from scipy import stats

        if name not in self.coefficients:
            allowed = list(self.coefficients)
            raise InputError(sentence("no coefficient of this name", got=name, allowed=allowed))
        value, error = self.coefficients[name], self.standard_errors[name]
        reach = float(stats.t.ppf((1 + check_level(level)) / 2, self.df)) * error
        return Estimate(
            key=name.casefold(),
            term=term,
            method=self.method,
            unit="log_points",
            design=Design.OBSERVATIONAL,
            estimate=value,
            standard_error=error,
            low=value - reach,
            high=value + reach,
            p_value=2 * float(stats.t.sf(abs(value) / error, self.df)),
            level=level,
            n=self.n,
            n_unit="observations",
        )

    def to_frame(self) -> pd.DataFrame:
        """Return one row a coefficient."""
        import pandas as pd

        return (
            pd.DataFrame({"estimate": self.coefficients, "standard_error": self.standard_errors})
            .rename_axis("regressor")
            .reset_index()
        )

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


def least_squares(
    frame: pd.DataFrame,
    *,
    outcome: str,
    regressors: Sequence[str],
    errors: LeastSquaresErrors = "HC1",
) -> Regression:
    """Fit by ordinary least squares with a constant.

    Parameters
    ----------
    frame
        One row an observation.
    outcome, regressors
        Columns of numbers.
    errors
        ``classical``, or White's heteroskedasticity-robust in the versions HC0 to HC3.

    Raises
    ------
    DataError
        If a column is missing or not numeric, or regressors are collinear, naming them.
    InputError
        If the kind of standard error is unknown.

    Examples
    --------
    >>> import yuyao_lib as yuyao
    >>> people = yuyao.open("cps78_85").frame("workers")
    >>> fit = least_squares(people, outcome="lwage", regressors=["educ"], errors="classical")
    >>> fit.n
    1084
    """
    import statsmodels.api as sm

    known = ("classical", "HC0", "HC1", "HC2", "HC3")
    if errors not in known:
        raise InputError(sentence("unknown kind of standard error", got=errors, allowed=known))
    rows, names, dropped = _rows(frame, outcome, regressors)
    kind = "nonrobust" if errors == "classical" else errors
    fit = sm.OLS(rows[outcome], rows[names]).fit(cov_type=kind, use_t=True)
    return _regression("ols", outcome, fit.params, fit.bse, fit, dropped, fit.rsquared)


def within(
    frame: pd.DataFrame,
    *,
    outcome: str,
    regressors: Sequence[str],
    worker: str = "worker_id",
    period: str = "calendar_year",
    period_effects: bool = False,
    errors: Literal["classical", "clustered"] = "clustered",
) -> Regression:
    """Fit with an effect for each person, and for each period if asked.

    Parameters
    ----------
    frame
        One row a person and period.
    outcome, regressors
        Columns of numbers.
    worker, period
        Columns that identify a row.
    period_effects
        Whether periods have effects too.
    errors
        ``classical``, or ``clustered`` by person with the factor G/(G-1)·(N-1)/(N-k).

    Raises
    ------
    DataError
        If a column cannot be used or a regressor does not change within persons.
    """
    from linearmodels.panel import PanelOLS

    sample = draw_sample(frame, numeric=[outcome, *regressors], keys=[worker, period], unique=True)
    rows = sample.frame.set_index([worker, period])
    options: dict[str, Any] = {"cov_type": "unadjusted"}
    if errors == "clustered":
        options = {"cov_type": "clustered", "cluster_entity": True, "group_debias": True}
    names = list(regressors)
    if period_effects:
        import pandas as pd

        shown = pd.get_dummies(
            pd.Series(rows.index.get_level_values(1), index=rows.index),
            prefix="period", drop_first=True, dtype="float64",
        )  # fmt: skip
        rows, names = pd.concat([rows, shown], axis=1), [*names, *shown.columns]
    try:
        fit = PanelOLS(rows[outcome], rows[names], entity_effects=True).fit(**options)
    except ValueError as error:
        raise DataError(
            f"a regressor of {', '.join(regressors)} does not change within persons, or repeats"
            " another."
        ) from error
    found = fit.params[list(regressors)], fit.std_errors[list(regressors)]
    return _regression("fixed_effects", outcome, *found, fit, sample.dropped, fit.rsquared_within)


def instrumental(
    frame: pd.DataFrame,
    *,
    outcome: str,
    endogenous: str,
    instruments: Sequence[str],
    exogenous: Sequence[str] = (),
) -> Regression:
    """Fit by two-stage least squares with classical standard errors.

    Parameters
    ----------
    frame
        One row an observation.
    outcome, endogenous, exogenous, instruments
        Columns of numbers; at least one instrument.

    Raises
    ------
    DataError
        If a column cannot be used.
    InputError
        If no instrument is given.
    """
    from linearmodels.iv import IV2SLS

    if not instruments:
        raise InputError("two-stage least squares needs at least one instrument.")
    every = [endogenous, *exogenous, *instruments]
    rows, _, dropped = _rows(frame, outcome, every)
    fit = IV2SLS(
        rows[outcome],
        rows[["Intercept", *exogenous]],
        rows[[endogenous]],
        rows[list(instruments)],
    ).fit(cov_type="unadjusted", debiased=True)
    method = "instrumental_variables"
    found = _regression(method, outcome, fit.params, fit.std_errors, fit, dropped, None)
    strength = _first_stage(rows, endogenous, ["Intercept", *exogenous], list(instruments))
    return replace(found, first_stage=strength)


def _first_stage(
    rows: pd.DataFrame, endogenous: str, exogenous: list[str], instruments: list[str]
) -> float:
    """Return the F statistic of the instruments in the first stage."""
    import statsmodels.api as sm

    y = rows[endogenous].to_numpy()
    small = sm.OLS(y, rows[exogenous].to_numpy()).fit()
    large = sm.OLS(y, rows[[*exogenous, *instruments]].to_numpy()).fit()
    gain = (small.ssr - large.ssr) / len(instruments)
    return float(gain / (large.ssr / large.df_resid))


def quantile(
    frame: pd.DataFrame, *, outcome: str, regressors: Sequence[str], percentile: int = 50
) -> Regression:
    """Fit a conditional percentile; equals R's quantreg with ``nid`` standard errors.

    Parameters
    ----------
    frame
        One row an observation.
    outcome, regressors
        Columns of numbers.
    percentile
        Whole percentile from 1 to 99.

    Raises
    ------
    InputError
        If the percentile is not one.
    DataError
        If a column cannot be used.
    """
    if not 1 <= percentile <= 99:
        raise InputError(sentence("percentile", got=percentile, allowed="1 to 99"))
    rows, names, dropped = _rows(frame, outcome, regressors)
    short = {name: f"x{i}" for i, name in enumerate(names[1:])}
    held = rows.rename(columns={**short, outcome: "y"})
    # The package announces that this interface may change; the lock file pins it.
    with undisturbed(ignore=(FutureWarning, DeprecationWarning), module="pyfixest"):
        import pyfixest

        formula = f"y ~ {'+'.join(short.values())}"
        fit = pyfixest.quantreg(formula, data=held, quantile=percentile / 100, vcov="nid")
    long = {v: k for k, v in short.items()}
    values, spread = _floats(fit.coef().rename(long)), _floats(fit.se().rename(long))
    method = "quantile_regression"
    return Regression(method, outcome, values, spread, len(rows), len(rows) - len(names), dropped)


def heckman(
    frame: pd.DataFrame,
    *,
    outcome: str,
    regressors: Sequence[str],
    selected: str,
    selection: Sequence[str],
) -> Regression:
    """Fit a wage equation corrected for who has a wage (Heckman 1979, two steps).

    A probit of `selected` gives the inverse Mills ratio, named ``mills_ratio``, which
    joins the regressors. Standard errors are those of the second step alone and do not
    count the error of the first; read them as such.

    Parameters
    ----------
    frame
        One row a person, with or without a wage.
    outcome, regressors
        The wage equation; missing outcomes are allowed where `selected` is 0.
    selected
        Column that is 1 where there is a wage.
    selection
        Columns of the probit.

    Raises
    ------
    DataError
        If a column cannot be used, or all or none are selected.
    """
    import statsmodels.api as sm
    from scipy import stats

    every = list(dict.fromkeys([selected, *selection, *regressors]))
    sample = draw_sample(frame.assign(Intercept=1.0), numeric=every, binary=[selected])
    chosen = sample.frame[selected] == 1
    if chosen.all() or not chosen.any():
        raise DataError(f"column {selected!r} is the same for everybody, so nothing is selected.")
    probit_rows = sample.frame[list(selection)].assign(Intercept=1.0)
    probit = sm.Probit(sample.frame[selected], probit_rows).fit(disp=0)
    index = probit_rows @ probit.params
    mills = stats.norm.pdf(index) / stats.norm.cdf(index)
    kept = frame[every].notna().all(axis=1).to_numpy()
    second = frame.loc[kept].reset_index(drop=True).assign(mills_ratio=mills)
    names = [*regressors, "mills_ratio"]
    return least_squares(second[chosen], outcome=outcome, regressors=names, errors="classical")


def _rows(
    frame: pd.DataFrame, outcome: str, regressors: Sequence[str]
) -> tuple[pd.DataFrame, list[str], int]:
    """Return complete rows with a constant, the regressors' names, and rows dropped."""
    sample = draw_sample(frame, numeric=[outcome, *regressors])
    rows = sample.frame.assign(Intercept=1.0)
    names = ["Intercept", *regressors]
    spare = [n for n in names if n not in independent(rows, names)]
    if spare:
        raise DataError(f"collinear regressors: {', '.join(spare)} repeat the others.")
    if len(rows) <= len(names):
        raise DataError(f"{len(rows)} complete rows cannot carry {len(names)} coefficients.")
    return rows, names, sample.dropped


def _regression(
    method: str, outcome: str, values: Any, errors: Any, fit: Any, dropped: int, share: Any
) -> Regression:
    """Copy what is needed from a package's result."""
    found = _floats(values), _floats(errors)
    explained = None if share is None else float(share)
    return Regression(method, outcome, *found, int(fit.nobs), int(fit.df_resid), dropped, explained)


def _floats(values: Any) -> dict[str, float]:
    """Return a series as plain numbers by name."""
    return {str(name): float(value) for name, value in values.items()}
