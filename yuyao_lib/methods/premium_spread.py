"""For whom the premium is large, and whether it changed: quantiles and years."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from yuyao_lib.errors import InputError, sentence
from yuyao_lib.findings import Design, Estimate
from yuyao_lib.methods.packages import undisturbed
from yuyao_lib.methods.panel_routes import Errors, independent
from yuyao_lib.methods.samples import check_level, draw_sample
from yuyao_lib.methods.smaller_sides import EMPLOYER, fewest_of, who_is_on_smaller_side
from yuyao_lib.methods.wald_intervals import wald
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["QuantilePremiums", "YearPremiums", "between_years", "by_quantile"]

TOPIC = "premiums"

ONE_STATUS = Text("all rows have the same status", "所有行身份相同")
NO_SPREAD = Text(
    "so few rows of one side lie near this percentile that the error is not defined",
    "此百分位附近某一方的行过少，误差无法定义",
)
CLUSTERED = Text(
    "clustered by person, Student's t with G-1 degrees of freedom", "按人聚类，自由度 G-1 的 t 分布"
)


@dataclass(frozen=True, slots=True)
class QuantilePremiums:
    """The premium at percentiles of pay.

    Attributes
    ----------
    estimates
        One a percentile, keys ``percentile_10`` and so on.
    percentiles
        The percentiles, ascending, in the order of `estimates`.
    """

    estimates: tuple[Estimate, ...]
    percentiles: tuple[int, ...]

    def to_frame(self) -> pd.DataFrame:
        """Return one row a percentile."""
        import pandas as pd

        rows = [_row(e) for e in self.estimates]
        return pd.DataFrame(rows).assign(percentile=list(self.percentiles))

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


@dataclass(frozen=True, slots=True)
class YearPremiums:
    """The premium in each period and its change.

    Attributes
    ----------
    estimates
        One a period (keys ``year_1980`` and so on), then the change, key ``change``.
    years
        The periods, ascending.
    """

    estimates: tuple[Estimate, ...]
    years: tuple[Any, ...]

    @property
    def change(self) -> Estimate:
        """Last period minus first."""
        return self.estimates[-1]

    def to_frame(self) -> pd.DataFrame:
        """Return one row a period and one for the change."""
        import pandas as pd

        labels = [str(year) for year in self.years] + ["change"]
        return pd.DataFrame([_row(e) for e in self.estimates]).assign(calendar_year=labels)

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


def by_quantile(
    frame: pd.DataFrame,
    *,
    outcome: str,
    member: str,
    controls: Sequence[str] = (),
    quantiles: Sequence[int] = (10, 25, 50, 75, 90),
    worker: str = "worker_id",
    period: str = "calendar_year",
    level: float = 0.95,
) -> QuantilePremiums:
    r"""Estimate the premium at percentiles of pay (Koenker and Bassett 1978).

    At percentile p the coefficient of membership in the regression of the p-th
    conditional percentile of the outcome on membership, controls and periods.

    Parameters
    ----------
    frame
        One row a person and period.
    outcome, member, controls, worker, period, level
        As in `estimate`.
    quantiles
        Whole percentiles from 1 to 99.

    Raises
    ------
    InputError
        If a percentile is not a whole number from 1 to 99.
    DataError
        If a column cannot be used.

    Notes
    -----
    Where persons are seen again the interval is clustered by person (Parente and Santos
    Silva 2016); otherwise it does not assume identical errors (Hall-Sheather bandwidth).

    Examples
    --------
    >>> import yuyao_lib as yuyao
    >>> people = yuyao.open("cps78_85").frame("workers")
    >>> spread = by_quantile(people, outcome="log_hourly_wage", member="union_member",
    ...                      quantiles=[50])
    >>> spread.estimates[0].estimate > 0
    True
    """
    check_level(level)
    wanted = _percentiles(quantiles)
    sample, persons = _sample(frame, outcome, member, controls, worker, period)
    if sample[member].nunique() < 2:
        return QuantilePremiums(tuple(_undefined(p, "percentile") for p in wanted), wanted)
    import pandas as pd

    shown = pd.get_dummies(sample[period], prefix="period", drop_first=True, dtype="float64")
    rows = pd.concat([sample, shown], axis=1).assign(const=1.0)
    names = independent(rows, ["const", member, *controls, *shown.columns])[1:]
    short = {name: f"x{i}" for i, name in enumerate(names)}
    rows = rows.rename(columns={**short, outcome: "y", worker: "person"})
    repeated = bool(persons and rows["person"].duplicated().any())
    fits = [_quantile_fit(rows, list(short.values()), p, repeated) for p in wanted]
    clusters = int(rows["person"].nunique()) if persons else len(rows)
    least = who_is_on_smaller_side(sample, member, worker=worker if persons else None)
    found = tuple(
        replace(
            _quantile_estimate(p, fit, short[member], len(rows), clusters, repeated, level),
            **least,
        )
        if fit is not None
        else replace(_undefined(p, "percentile"), undefined=NO_SPREAD, **least)
        for p, fit in zip(wanted, fits, strict=True)
    )
    return QuantilePremiums(found, wanted)


def between_years(
    frame: pd.DataFrame,
    *,
    outcome: str,
    member: str,
    controls: Sequence[str] = (),
    worker: str = "worker_id",
    period: str = "calendar_year",
    errors: Errors = "clustered",
    level: float = 0.95,
) -> YearPremiums:
    """Estimate the premium in each period and its change from the first to the last.

    One regression with membership interacted with each period, so that the change has
    its own interval (Wooldridge, Introductory Econometrics, section 13.1).

    Parameters
    ----------
    frame, outcome, member, controls, worker, period, errors, level
        As in `estimate`; without the column `worker` rows are independent.

    Raises
    ------
    DataError
        If a column cannot be used.

    Examples
    --------
    >>> import yuyao_lib as yuyao
    >>> people = yuyao.open("cps78_85").frame("workers")
    >>> years = between_years(people, outcome="log_hourly_wage", member="union_member")
    >>> years.years
    (1978, 1985)
    """
    check_level(level)
    import pandas as pd
    import statsmodels.api as sm

    sample, persons = _sample(frame, outcome, member, controls, worker, period)
    years = sorted(sample[period].unique().tolist())
    both = sample.groupby(period)[member].nunique()
    if (both < 2).any():
        return YearPremiums(
            (*(_undefined(y, "year") for y in years), _undefined("change", "")), tuple(years)
        )
    shown = pd.get_dummies(sample[period], dtype="float64")
    by_year = shown.mul(sample[member], axis=0).add_prefix("member_")
    rows = pd.concat([by_year, shown.add_prefix("period_"), sample[list(controls)]], axis=1)
    rows = rows[independent(rows, list(rows.columns))]
    options: dict[str, Any] = {"cov_type": "nonrobust"}
    if errors == "clustered":
        groups = sample[worker].factorize()[0] if persons else sample.index.to_numpy()
        options = {"cov_type": "cluster", "cov_kwds": {"groups": groups}}
    fit = sm.OLS(sample[outcome], rows).fit(**options, use_t=True)
    names = [f"member_{year}" for year in years]
    weights = [{name: 1.0} for name in names] + [{names[-1]: 1.0, names[0]: -1.0}]
    keys = [f"year_{year}" for year in years] + ["change"]
    clusters = int(sample[worker].nunique()) if persons else len(sample)
    size = {"n": len(sample), "clusters": clusters}
    who = worker if persons else None
    sides = {
        year: who_is_on_smaller_side(part, member, worker=who)
        for year, part in sample.groupby(period)
    }
    ends = (sides[years[0]], sides[years[-1]])
    least = [*(sides[year] for year in years), fewest_of(ends)]
    found = tuple(
        replace(_contrast(key, fit, weight, level, errors, size), **few)
        for key, weight, few in zip(keys, weights, least, strict=True)
    )
    return YearPremiums(found, tuple(years))


def _percentiles(quantiles: Sequence[int]) -> tuple[int, ...]:
    """Check and order the percentiles."""
    for p in quantiles:
        if not (isinstance(p, int) and 1 <= p <= 99):
            raise InputError(sentence("percentile", got=p, allowed="whole numbers from 1 to 99"))
    if not quantiles:
        raise InputError(sentence("no percentile is given", allowed="whole numbers from 1 to 99"))
    return tuple(sorted(set(quantiles)))


def _sample(
    frame: pd.DataFrame,
    outcome: str,
    member: str,
    controls: Sequence[str],
    worker: str,
    period: str,
) -> tuple[pd.DataFrame, bool]:
    """Return complete rows and whether they say who is who."""
    persons = worker in frame.columns
    keys = [worker, period] if persons else [period]
    numeric = [outcome, member, *controls]
    sample = draw_sample(
        frame, numeric=numeric, keys=keys, binary=[member], beside=[EMPLOYER], unique=persons
    )
    return sample.frame, persons


def _quantile_fit(rows: pd.DataFrame, names: list[str], percentile: int, repeated: bool) -> Any:
    """Fit one quantile regression; its results equal R's quantreg. None where it has no error."""
    from numpy.linalg import LinAlgError

    vcov = {"CRV1": "person"} if repeated else "nid"
    # The package announces that this interface may change; the lock file pins it.
    with undisturbed(ignore=(FutureWarning, DeprecationWarning), module="pyfixest"):
        import pyfixest

        formula = f"y ~ {'+'.join(names)}"
        try:
            return pyfixest.quantreg(formula, data=rows, quantile=percentile / 100, vcov=vcov)
        except LinAlgError:  # nobody of one side lies within the width around the percentile
            return None


def _quantile_estimate(
    percentile: int, fit: Any, name: str, n: int, clusters: int, repeated: bool, level: float
) -> Estimate:
    """Turn a quantile regression into an estimate."""
    value, error = float(fit.coef()[name]), float(fit.se()[name])
    df = clusters - 1 if repeated else n - len(fit.coef())
    independent_rows = Text(
        "errors not identical (Hall-Sheather), Student's t", "误差不同分布（Hall-Sheather），t 分布"
    )
    return Estimate(
        key=f"percentile_{percentile}",
        term="union_wage_premium",
        method="quantile_regression",
        unit="log_points",
        design=Design.OBSERVATIONAL,
        **wald(value, error, level=level, df=df),
        level=level,
        n=n,
        n_unit="persons" if n == clusters else "person_years",
        clusters=clusters,
        cluster_unit="persons",
        residual_df=n - len(fit.coef()),
        estimand=Text(
            f"percentile {percentile} of pay given the controls",
            f"给定控制变量时工资的第 {percentile} 百分位",
        ),
        inference=CLUSTERED if repeated else independent_rows,
    )


def _contrast(
    key: str, fit: Any, weight: dict[str, float], level: float, errors: str, size: dict[str, int]
) -> Estimate:
    """Estimate a sum of coefficients."""
    import numpy as np

    vector = np.array([weight.get(name, 0.0) for name in fit.params.index])
    value = float(vector @ fit.params.to_numpy())
    error = float(vector @ fit.cov_params().to_numpy() @ vector) ** 0.5
    df = size["clusters"] - 1 if errors == "clustered" else int(fit.df_resid)
    classical = Text("classical standard error, Student's t", "经典标准误，t 分布")
    return Estimate(
        key=key,
        term="change_in_premium" if key == "change" else "union_wage_premium",
        method="interaction_by_year",
        unit="log_points",
        design=Design.OBSERVATIONAL,
        **wald(value, error, level=level, df=df),
        level=level,
        n=size["n"],
        n_unit="persons" if size["n"] == size["clusters"] else "person_years",
        clusters=size["clusters"],
        cluster_unit="persons",
        residual_df=int(fit.df_resid),
        inference=CLUSTERED if errors == "clustered" else classical,
    )


def _undefined(label: object, prefix: str) -> Estimate:
    """Return an estimate that says why it has no value."""
    change = label == "change"
    quantile = prefix == "percentile"
    return Estimate(
        key="change" if change else f"{prefix}_{label}",
        term="change_in_premium" if change else "union_wage_premium",
        method="quantile_regression" if quantile else "interaction_by_year",
        unit="log_points",
        design=Design.OBSERVATIONAL,
        n_unit="person_years",
        undefined=ONE_STATUS,
    )


def _row(estimate: Estimate) -> dict[str, object]:
    """Lay out one estimate as a row."""
    names = ("estimate", "standard_error", "low", "high", "p_value", "n", "clusters")
    return {"key": estimate.key, **{name: getattr(estimate, name) for name in names}}
