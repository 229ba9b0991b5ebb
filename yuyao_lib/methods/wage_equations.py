"""A single wage equation, by the estimator and with the standard errors that are asked for.

For questions that are not about a premium: returns to schooling, gaps between groups,
or any other published regression on pay.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

from yuyao_lib.errors import InputError, sentence
from yuyao_lib.methods.packages import undisturbed
from yuyao_lib.methods.panel_routes import independent
from yuyao_lib.methods.samples import ALIKE, alike, draw_sample
from yuyao_lib.methods.wage_regressions import (
    NO_DENSITY,
    ONE_SIDE,
    REPEATS,
    SEPARATED,
    STILL,
    TOO_FEW,
    WEAK_RANK,
    Regression,
    floats_of,
    regression_of,
    used_rows,
)

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Regression", "heckman", "instrumental", "least_squares", "quantile", "within"]

TOPIC = "premiums"
LeastSquaresErrors = Literal["classical", "HC0", "HC1", "HC2", "HC3"]


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
        If a column is missing or not numeric.
    InputError
        If the kind of standard error is unknown.

    Notes
    -----
    A regressor that repeats others is left out, and its estimate says so.

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
    held = used_rows(frame, outcome, regressors)
    if not held.names:
        return held.without("ols", outcome)
    kind = "nonrobust" if errors == "classical" else errors
    fit = sm.OLS(held.rows[outcome], held.rows[held.names]).fit(cov_type=kind, use_t=True)
    found = regression_of("ols", outcome, fit.params, fit.bse, fit, held.dropped, fit.rsquared)
    return replace(found, reasons=held.reasons)


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
        If a column cannot be used.

    Notes
    -----
    A regressor that does not change within persons is left out, and its estimate says so.
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
    moved = rows[[outcome, *names]] - rows[[outcome, *names]].groupby(level=0).transform("mean")
    moved = moved.where(moved.abs() > 1e-12 * rows[[outcome, *names]].abs().max(), 0.0)
    used = independent(moved, [*(n for n in names if n not in regressors), *regressors])
    persons = int(rows.index.get_level_values(0).nunique())
    reasons = {n: STILL for n in regressors if n not in used}
    why = ALIKE if alike(moved[outcome], like=rows[outcome]) else None
    why = TOO_FEW if len(rows) - persons <= len(used) else why
    if why is not None or len(reasons) == len(regressors):
        told = reasons if why is None else dict.fromkeys(regressors, why)
        return Regression("fixed_effects", outcome, {}, {}, len(rows), 0, sample.dropped,
                          reasons=told)  # fmt: skip
    kept = [n for n in names if n in used]
    fit = PanelOLS(rows[outcome], rows[kept], entity_effects=True).fit(**options)
    shown = [n for n in regressors if n in used]
    found = regression_of("fixed_effects", outcome, fit.params[shown], fit.std_errors[shown], fit,
                        sample.dropped, fit.rsquared_within)  # fmt: skip
    return replace(found, reasons=reasons)


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
    method, named = "instrumental_variables", [*exogenous, endogenous]
    held = used_rows(frame, outcome, every)
    rows = held.rows
    fixed = independent(rows, ["Intercept", *exogenous])
    moved = independent(rows, [*fixed, *instruments])[len(fixed) :]
    alone = endogenous in independent(rows, [*fixed, endogenous])
    if not held.names or not moved or not alone:
        why = WEAK_RANK if held.names and not moved else REPEATS
        told = {n: held.reasons[n] if not held.names else why for n in named}
        return replace(held.without(method, outcome), reasons=told)
    fit = IV2SLS(rows[outcome], rows[fixed], rows[[endogenous]], rows[moved]).fit(
        cov_type="unadjusted", debiased=True
    )
    found = regression_of(method, outcome, fit.params, fit.std_errors, fit, held.dropped, None)
    strength = _first_stage(rows, endogenous, fixed, moved)
    left = {n: REPEATS for n in exogenous if n not in fixed}
    return replace(found, first_stage=strength, reasons=left)


def _first_stage(
    rows: pd.DataFrame, endogenous: str, exogenous: list[str], instruments: list[str]
) -> float:
    """Return the F statistic of the instruments in the first stage."""
    import statsmodels.api as sm

    y = rows[endogenous].to_numpy()
    small = sm.OLS(y, rows[exogenous].to_numpy()).fit()
    large = sm.OLS(y, rows[[*exogenous, *instruments]].to_numpy()).fit()
    gain = (small.ssr - large.ssr) / len(instruments)
    return float(gain / (large.ssr / large.df_resid)) if large.ssr > 0 else float("inf")


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
    method = "quantile_regression"
    held_rows = used_rows(frame, outcome, regressors)
    rows, names = held_rows.rows, held_rows.names
    if not names:
        return held_rows.without(method, outcome)
    short = {name: f"x{i}" for i, name in enumerate(names[1:])}
    held = rows.rename(columns={**short, outcome: "y"})
    # The package announces that this interface may change; the lock file pins it.
    import numpy as np

    with undisturbed(ignore=(FutureWarning, DeprecationWarning), module="pyfixest"):
        import pyfixest

        formula = f"y ~ {'+'.join(short.values())}"
        try:
            fit = pyfixest.quantreg(formula, data=held, quantile=percentile / 100, vcov="nid")
        except np.linalg.LinAlgError:
            return replace(held_rows, reasons=dict.fromkeys(regressors, NO_DENSITY)).without(
                method, outcome
            )
    long = {v: k for k, v in short.items()}
    values, spread = floats_of(fit.coef().rename(long)), floats_of(fit.se().rename(long))
    df = len(rows) - len(names)
    return Regression(method, outcome, values, spread, len(rows), df, held_rows.dropped,
                      reasons=held_rows.reasons)  # fmt: skip


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
        If a column cannot be used.

    Notes
    -----
    Where all or none are selected, or the columns of the probit tell who is without error,
    every estimate says so.
    """
    import statsmodels.api as sm
    from scipy import stats

    from yuyao_lib.methods.propensity import separated

    every = list(dict.fromkeys([selected, *selection, *regressors]))
    sample = draw_sample(frame.assign(Intercept=1.0), numeric=every, binary=[selected])
    chosen = sample.frame[selected] == 1
    probit_rows = sample.frame[list(selection)].assign(Intercept=1.0)
    probit_rows = probit_rows[independent(probit_rows, ["Intercept", *selection])]
    why = ONE_SIDE if chosen.all() or not chosen.any() else None
    if why is None and separated(chosen.to_numpy("float64"), probit_rows.to_numpy()):
        why = SEPARATED
    if why is not None:
        told = dict.fromkeys([*regressors, "mills_ratio"], why)
        return Regression("ols", outcome, {}, {}, len(chosen), 0, sample.dropped, reasons=told)
    probit = sm.Probit(sample.frame[selected], probit_rows).fit(disp=0)
    index = probit_rows @ probit.params
    mills = stats.norm.pdf(index) / stats.norm.cdf(index)
    kept = frame[every].notna().all(axis=1).to_numpy()
    second = frame.loc[kept].reset_index(drop=True).assign(mills_ratio=mills)
    names = [*regressors, "mills_ratio"]
    return least_squares(second[chosen], outcome=outcome, regressors=names, errors="classical")
