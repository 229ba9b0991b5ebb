"""Maximum likelihood for models of log duration: location, spread, and one error law each.

Every model is log T = mu + x'b + sigma e. The law of e tells them apart: smallest of many
(Weibull; exponential when sigma is 1), normal (log-normal), logistic (log-logistic).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from yuyao_lib.methods.packages import undisturbed

if TYPE_CHECKING:
    from yuyao_lib.methods.adoption import Floats
    from yuyao_lib.methods.spells import Spells

__all__ = ["FAMILIES", "Family", "LogFit", "fit_family", "law"]

Family = Literal["exponential", "weibull", "log_normal", "log_logistic"]
FAMILIES: tuple[Family, ...] = ("exponential", "weibull", "log_normal", "log_logistic")
PRECISIONS = (1e-8, 1e-7, 1e-6, 1e-5)  # of the gradient, tried in turn; last the package's own
UNBOUNDED = 25.0  # standard error of a standardised covariate that means: no maximum
MEDIANS = {"exponential": np.log(np.log(2)), "weibull": np.log(np.log(2))}


@dataclass(frozen=True, slots=True)
class LogFit:
    """A fitted model of log duration.

    Attributes
    ----------
    values
        Shape (k + 2,): constant, coefficients, log of sigma.
    covariance
        Shape (k + 2, k + 2); zero for the log of sigma where it is fixed.
    log_likelihood
        Of the durations (not of their logs).
    free
        Number of quantities estimated.
    """

    values: Floats
    covariance: Floats = field(repr=False)
    log_likelihood: float
    free: int

    @property
    def sigma(self) -> float:
        """Spread of the log duration."""
        return float(np.exp(self.values[-1]))


def law(family: str) -> tuple[Callable[[Floats], Floats], float]:
    """Return the survival function of a family's error, and the error's median.

    Examples
    --------
    >>> survival, median = law("log_logistic")
    >>> float(survival(np.array([median]))[0])
    0.5
    """
    from scipy import special, stats

    if family in MEDIANS:
        return lambda e: np.exp(-np.exp(e)), float(MEDIANS[family])
    if family == "log_normal":
        return stats.norm.sf, 0.0
    return lambda e: special.expit(-e), 0.0


def fit_family(family: Family, spells: Spells) -> LogFit | None:
    """Fit one family; None where the likelihood has no maximum that could be found.

    Covariates are standardised while fitting, because the optimiser stops early otherwise;
    results are told in the covariates' own units.
    """
    centre = spells.x.mean(axis=0)
    scale = spells.x.std(axis=0)
    z = (spells.x - centre) / scale
    fitter = _exponential if family == "exponential" else _with_spread
    found = fitter(family, spells, z)
    if found is None or not np.isfinite(found.covariance).all():
        return None
    if (np.sqrt(np.diag(found.covariance)) > UNBOUNDED).any():
        return None
    k = len(scale)
    back = np.eye(k + 2)
    back[1 : k + 1, 1 : k + 1] = np.diag(1 / scale)
    back[0, 1 : k + 1] = -centre / scale
    values, covariance = back @ found.values, back @ found.covariance @ back.T
    return LogFit(values, covariance, found.log_likelihood, found.free)


def _exponential(family: Family, spells: Spells, z: Floats) -> LogFit | None:
    """Fit the exponential model as the Poisson regression it is, with log exposure."""
    import statsmodels.api as sm
    from statsmodels.tools.sm_exceptions import PerfectSeparationWarning

    wide = np.column_stack([np.ones(len(z)), z])
    exposure = np.log(spells.time)
    ended = spells.ended.astype("float64")
    with undisturbed(ignore=(PerfectSeparationWarning, RuntimeWarning), module="statsmodels"):
        model = sm.GLM(ended, wide, family=sm.families.Poisson(), offset=exposure)
        fit = model.fit(tol=1e-12, maxiter=200)
    if not fit.converged:
        return None
    k = wide.shape[1]
    covariance = np.zeros((k + 1, k + 1))
    covariance[:k, :k] = np.asarray(fit.cov_params())
    likelihood = float(fit.llf) - float(exposure[spells.ended].sum())
    return LogFit(np.append(-np.asarray(fit.params), 0.0), covariance, likelihood, k)


def _with_spread(family: Family, spells: Spells, z: Floats) -> LogFit | None:
    """Fit a family that has a spread."""
    import lifelines
    import pandas as pd
    from lifelines.exceptions import ConvergenceError

    makers: dict[str, tuple[Any, str, str, float]] = {
        "weibull": (lifelines.WeibullAFTFitter, "lambda_", "rho_", -1.0),
        "log_normal": (lifelines.LogNormalAFTFitter, "mu_", "sigma_", 1.0),
        "log_logistic": (lifelines.LogLogisticAFTFitter, "alpha_", "beta_", -1.0),
    }
    maker, place, spread, sign = makers[family]
    names = [f"z{i}" for i in range(z.shape[1])]
    unit = float(np.exp(np.log(spells.time).mean()))  # times near one keep the optimiser exact
    rows = pd.DataFrame(z, columns=names).assign(T=spells.time / unit, E=spells.ended)
    order = [(place, "Intercept"), *((place, name) for name in names), (spread, "Intercept")]
    signs = np.array([1.0] * (len(names) + 1) + [sign])
    for precision in PRECISIONS:
        wanted = {"gtol": precision, "ftol": precision**2}  # one optimiser reads each
        try:
            with undisturbed(ignore=(Warning,)):
                fit = maker().fit(rows, "T", "E", fit_options=wanted)
        except (ConvergenceError, np.linalg.LinAlgError):
            continue
        values = fit.params_[order].to_numpy() * signs
        covariance = fit.variance_matrix_.loc[order, order].to_numpy() * np.outer(signs, signs)
        values[0] += np.log(unit)
        likelihood = float(fit.log_likelihood_) - float(spells.ended.sum() * np.log(unit))
        return LogFit(values, covariance, likelihood, len(order))
    return None
