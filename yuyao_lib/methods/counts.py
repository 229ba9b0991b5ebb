"""How many disputes there are in a month or a town: counts, and how much they scatter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from yuyao_lib.errors import InputError, sentence
from yuyao_lib.findings import Design, Estimate
from yuyao_lib.methods.coefficients import SHAPE, Told, by_key, ratio_of
from yuyao_lib.methods.count_fits import (
    ERRORS,
    LAWS,
    CountErrors,
    Counts,
    Law,
    fit_counts,
    read_counts,
    scatter_tests,
    why_no_counts,
)
from yuyao_lib.methods.hypotheses import Hypotheses
from yuyao_lib.methods.samples import check_level
from yuyao_lib.methods.spells import COLLINEAR
from yuyao_lib.methods.tabulation import rows_of
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

    from yuyao_lib.methods.adoption import Floats

__all__ = ["CountErrors", "CountModel", "count_model"]

TOPIC = "disputes"
NO_MAXIMUM = Text("the likelihood has no maximum that could be found", "似然函数未能找到最大值")
NO_TABLE = Text(
    "no data set of counts is named and installed, so this section is switched off",
    "未指定或未安装次数数据集，本节已关闭",
)


@dataclass(frozen=True, slots=True)
class CountModel:
    """A regression of counts.

    Attributes
    ----------
    estimates
        Differences in the log of the expected count, one a covariate and keyed by it, in
        log points; then ``constant`` and, for the negative binomial, ``alpha``.
    law, errors
        Which model, and which standard errors.
    overdispersion
        Tests of whether counts scatter as the Poisson model says.
    log_likelihood, aic
        None where the model has no estimates.
    mean, standard_deviation
        Of the counts.
    n, dropped
        Rows used, rows left out.
    """

    estimates: tuple[Estimate, ...]
    law: Law
    errors: CountErrors
    overdispersion: Hypotheses
    log_likelihood: float | None = None
    aic: float | None = None
    mean: float | None = None
    standard_deviation: float | None = None
    n: int = 0
    dropped: int = 0
    fitted: Floats = field(default_factory=lambda: np.empty(0), repr=False)

    @property
    def ratios(self) -> tuple[Estimate, ...]:
        """Ratios of expected counts, one a covariate."""
        found = [e for e in self.estimates if e.term == "count_difference"]
        return tuple(ratio_of(e, unit="incidence_rate_ratio") for e in found)

    def estimate(self, key: str) -> Estimate:
        """Return one estimate by its key.

        Raises
        ------
        InputError
            If there is none of this key.
        """
        return by_key(self.estimates, key)

    def to_frame(self) -> pd.DataFrame:
        """Return one row an estimate."""
        return rows_of(self.estimates).assign(errors=self.errors)

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


def count_model(
    frame: pd.DataFrame | None,
    *,
    count: str,
    covariates: Sequence[str] = (),
    exposure: str | None = None,
    law: Law = "poisson",
    errors: CountErrors = "robust",
    lags: int = 12,
    level: float = 0.95,
    n_unit: str = "months",
) -> CountModel:
    r"""Regress counts on covariates: :math:`E[y|x] = e \exp(x'\beta)`, e the exposure.

    Poisson estimates hold for any scatter when the mean is right; only their model errors
    need variance = mean (Gourieroux, Monfort and Trognon 1984). The negative binomial
    (NB2) has variance mean + alpha mean squared.

    Parameters
    ----------
    frame
        One row a period or place, in order of time for ``newey_west``; None: nothing is
        estimated.
    count, covariates
        Columns of numbers; counts are whole and not below zero.
    exposure
        Column above zero that counts are in proportion to, such as employees.
    law
        ``poisson`` or ``negative_binomial``.
    errors
        ``model`` (inverse Hessian), ``robust`` (sandwich) or ``newey_west`` (sandwich that
        allows scatter to persist over `lags` rows).
    lags
        For ``newey_west``.
    level
        Coverage of the intervals.
    n_unit
        Vocabulary key of what a row is.

    Raises
    ------
    DataError, InputError
        If a column or a choice cannot be used.

    References
    ----------
    Cameron, A. C. and Trivedi, P. K. (2013). Regression Analysis of Count Data, 2nd ed.

    Examples
    --------
    >>> import pandas as pd
    >>> months = pd.DataFrame({"strikes": [2, 4, 3, 3, 2, 4]})
    >>> found = count_model(months, count="strikes", errors="model")
    >>> round(float(np.exp(found.estimate("constant").estimate)), 6)
    3.0
    """
    check_level(level)
    _check_choices(law, errors)
    told = Told(method=law, n=0, n_unit=n_unit, level=level)
    names = list(covariates)
    if frame is None:
        return _undefined(told, law, errors, names, NO_TABLE, 0, 0)
    counts = read_counts(frame, count=count, covariates=names, exposure=exposure)
    y = counts.y
    if errors == "newey_west" and not 0 <= lags < len(y):
        raise InputError(sentence("lags", got=lags, allowed=f"0 to {len(y) - 1}"))
    why = why_no_counts(counts)
    fit = None if why else fit_counts(counts, law, errors, lags)
    plain = None if why else fit_counts(counts, "poisson", "model", 0)
    if fit is None or plain is None:
        return _undefined(told, law, errors, names, why or NO_MAXIMUM, len(y), counts.dropped)
    words = _words(errors, lags)
    told = Told(method=law, n=len(y), n_unit=n_unit, level=level, inference=words,
                residual_df=len(y) - len(fit.params))  # fmt: skip
    return CountModel(
        estimates=_estimates(fit, told, names, counts, law),
        law=law,
        errors=errors,
        overdispersion=scatter_tests(y, np.asarray(plain.predict())),
        log_likelihood=float(fit.llf),
        aic=float(fit.aic),
        mean=float(y.mean()),
        standard_deviation=float(y.std(ddof=1)),
        n=len(y),
        dropped=counts.dropped,
        fitted=np.asarray(fit.predict()),
    )


def _check_choices(law: str, errors: str) -> None:
    """Refuse models and errors that do not exist."""
    if law not in LAWS:
        raise InputError(sentence("unknown model of counts", got=law, allowed=LAWS))
    if errors not in ERRORS:
        raise InputError(sentence("unknown kind of standard error", got=errors, allowed=ERRORS))


def _undefined(
    told: Told, law: Law, errors: CountErrors, names: list[str], why: Text, n: int, dropped: int
) -> CountModel:
    """Say why nothing is estimated."""
    words = {"term": "count_difference", "unit": "log_points"}
    made = [told.missing(name, why, **words) for name in names]
    constant = told.missing("constant", why, term="count_constant", unit="log_points")
    return CountModel((*made, constant), law, errors, scatter_tests(None, None, why), n=n,
                      dropped=dropped)  # fmt: skip


def _words(errors: str, lags: int) -> Text:
    """Say how the errors were computed."""
    if errors == "model":
        return Text("inverse Hessian of the likelihood, normal", "似然函数黑塞矩阵之逆，正态分布")
    if errors == "robust":
        return Text("robust (sandwich) errors, normal", "稳健（三明治）标准误，正态分布")
    return Text(
        f"Newey-West errors over {lags} rows, normal",
        f"Newey-West 标准误，滞后 {lags} 行，正态分布",
    )


def _estimates(
    fit: Any, told: Told, names: list[str], counts: Counts, law: Law
) -> tuple[Estimate, ...]:
    """Turn a fit into estimates."""
    values, errors = np.asarray(fit.params), np.asarray(fit.bse)
    difference = {"term": "count_difference", "unit": "log_points"}
    shape = {"design": Design.DESCRIPTION, "caveat": SHAPE}
    made = []
    for name in names:
        if name in counts.names:
            i = counts.names.index(name) + 1
            made.append(told.wald(name, float(values[i]), float(errors[i]), **difference))
        else:
            made.append(told.missing(name, COLLINEAR, **difference))
    constant = {"term": "count_constant", "unit": "log_points", **shape}
    made.append(told.wald("constant", float(values[0]), float(errors[0]), **constant))
    if law == "negative_binomial":
        alpha = {"term": "overdispersion", "unit": "ratio", **shape}
        made.append(told.wald("alpha", float(values[-1]), float(errors[-1]), **alpha))
    return tuple(made)
