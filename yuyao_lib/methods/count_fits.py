"""Counts as arrays, fitted by maximum likelihood, and tests of how much they scatter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from yuyao_lib.errors import DataError
from yuyao_lib.methods.clustered_regression import independent
from yuyao_lib.methods.hypotheses import Hypotheses, Hypothesis
from yuyao_lib.methods.packages import undisturbed
from yuyao_lib.methods.samples import ALIKE, alike, draw_sample
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

    from yuyao_lib.methods.adoption import Floats

__all__ = ["Counts", "fit_counts", "read_counts", "scatter_tests", "why_no_counts"]

TOPIC = "disputes"
Law = Literal["poisson", "negative_binomial"]
CountErrors = Literal["model", "robust", "newey_west"]
LAWS, ERRORS = ("poisson", "negative_binomial"), ("model", "robust", "newey_west")
SCATTER = (
    Text(
        "Over-dispersion that grows with the square of the mean (NB2)",
        "随均值平方增长的过度离散（NB2）",
    ),
    Text("Over-dispersion in proportion to the mean (NB1)", "与均值成正比的过度离散（NB1）"),
)
UNBOUNDED = 25.0  # standard error of a standardised covariate that means: no maximum


@dataclass(frozen=True, slots=True)
class Counts:
    """Counts that can be used.

    Attributes
    ----------
    y
        Shape (n,).
    x
        Shape (n, k + 1): a constant, then covariates that vary and repeat no other.
    names
        Names of the k covariates.
    offset
        Shape (n,): log of the exposure.
    dropped
        Rows left out because a value was missing.
    """

    y: Floats = field(repr=False)
    x: Floats = field(repr=False)
    names: tuple[str, ...]
    offset: Floats = field(repr=False)
    dropped: int


def read_counts(
    frame: pd.DataFrame, *, count: str, covariates: Sequence[str], exposure: str | None
) -> Counts:
    """Check a frame of counts.

    Raises
    ------
    DataError
        If a column cannot be used, a count is no whole number of zero or more, or an
        exposure is not above zero, naming the rows.
    """
    more = [exposure] if exposure else []
    numeric = list(dict.fromkeys([count, *covariates, *more]))
    sample = draw_sample(frame, numeric=numeric)
    held = frame[count].to_numpy(dtype="float64", na_value=np.nan)
    with np.errstate(invalid="ignore"):
        _refuse((held < 0) | (held != np.round(held)) & ~np.isnan(held), count,
                "counts that are not whole numbers of zero or more")  # fmt: skip
        if exposure:
            size = frame[exposure].to_numpy(dtype="float64", na_value=np.nan)
            _refuse(size <= 0, exposure, "exposures that are not above zero")
    rows = sample.frame
    wide = np.column_stack([np.ones(len(rows)), *(rows[name].to_numpy() for name in covariates)])
    kept = independent(wide, np.ones(len(rows)))
    names = tuple(covariates[int(k) - 1] for k in kept if k > 0)
    offset = np.log(rows[exposure].to_numpy()) if exposure else np.zeros(len(rows))
    return Counts(rows[count].to_numpy(), wide[:, kept], names, offset, sample.dropped)


def _refuse(wrong: np.ndarray, name: str, what: str) -> None:
    """Name the rows that cannot be used."""
    rows = [str(i + 1) for i in np.flatnonzero(wrong)]
    if rows:
        more = f" and {len(rows) - 8} more" if len(rows) > 8 else ""
        where = ", ".join(rows[:8]) + more
        raise DataError(f"column {name!r} holds {what}, in rows {where} (counted from 1).")


def why_no_counts(counts: Counts) -> Text | None:
    """Say why a model of counts has no estimates; None if it has."""
    if counts.y.sum() == 0:
        return Text("all counts are zero", "所有次数均为零")
    if alike(counts.y) and alike(counts.offset):
        return ALIKE
    if len(counts.y) <= counts.x.shape[1]:
        return Text("there are no more rows than coefficients", "行数不多于系数个数")
    for k, name in enumerate(counts.names, start=1):
        values = np.unique(counts.x[:, k])
        if len(values) == 2 and any(counts.y[counts.x[:, k] == v].sum() == 0 for v in values):
            return Text(
                f"on one side of {name} all counts are zero, so its ratio has no bound",
                f"{name} 的一侧次数全为零，其比值没有界限",
            )
    return None


def fit_counts(counts: Counts, law: str, errors: str, lags: int) -> Any | None:
    """Fit by maximum likelihood; None where there is no maximum that could be found."""
    import statsmodels.api as sm

    kinds: dict[str, dict[str, Any]] = {
        "model": {"cov_type": "nonrobust"},
        "robust": {"cov_type": "HC0"},
        "newey_west": {
            "cov_type": "HAC",
            "cov_kwds": {"maxlags": lags, "use_correction": False},
        },
    }
    maker = sm.Poisson if law == "poisson" else sm.NegativeBinomial
    with undisturbed(ignore=(Warning,)):
        model = maker(counts.y, counts.x, offset=counts.offset)
        start = sm.Poisson(counts.y, counts.x, offset=counts.offset).fit(
            disp=0, method="newton", maxiter=200, tol=1e-12
        )
        fit = start.model.fit(start_params=start.params, disp=0, maxiter=200, tol=1e-12,
                              method="newton", **kinds[errors])  # fmt: skip
        if law != "poisson":
            first: Floats = np.append(start.params, 0.1)
            fit = model.fit(start_params=first, disp=0, maxiter=500, gtol=1e-9, method="bfgs",
                            **kinds[errors])  # fmt: skip
    spread = np.asarray(fit.bse)[: counts.x.shape[1]]
    if not np.isfinite(np.asarray(fit.bse)).all():
        return None
    size: Floats = np.append(1.0, counts.x[:, 1:].std(axis=0))
    return None if (spread * size > UNBOUNDED).any() else fit


def scatter_tests(y: Floats | None, mean: Floats | None, why: Text | None = None) -> Hypotheses:
    r"""Test whether counts scatter as the Poisson model says (Cameron and Trivedi 1990).

    The regression of :math:`((y - \mu)^2 - y)/\mu` on :math:`\mu`, or on a constant,
    without intercept, has slope zero when variance equals mean.

    Parameters
    ----------
    y, mean
        Shape (n,): counts and what the Poisson model expects.
    why
        Why there is no test.

    Examples
    --------
    >>> found = scatter_tests(np.array([0.0, 9.0] * 20), np.full(40, 4.5))
    >>> found.tests[0].rejects()
    True
    """
    import statsmodels.api as sm

    made = []
    flat = None if mean is None else np.ones(len(mean))
    for name, against in zip(SCATTER, (mean, flat), strict=True):
        null = Text("the variance of a count equals its mean", "次数的方差等于均值")
        if y is None or mean is None or against is None:
            made.append(Hypothesis(name, null, undefined=why or null))
            continue
        fit = sm.OLS(((y - mean) ** 2 - y) / mean, against).fit(use_t=False)
        made.append(Hypothesis(name, null, float(fit.tvalues[0]), None, float(fit.pvalues[0])))
    return Hypotheses(tuple(made))
