"""Cox's model by maintained packages, with Efron's or Breslow's ties.

Lives here: fits of standardised covariates, put back into their own units, and when there
is no maximum. Does not live here: estimates and words.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from yuyao_lib.methods.packages import undisturbed
from yuyao_lib.methods.spells import Spells, why_no_model

if TYPE_CHECKING:
    import pandas as pd

    from yuyao_lib.methods.adoption import Floats

__all__ = ["CoxFit", "Ties", "efron_fit", "fit_cox", "refit_cox"]

TOPIC = "disputes"
Ties = Literal["efron", "breslow"]
UNBOUNDED = 25.0  # standard error of a standardised covariate that means: no maximum


@dataclass(frozen=True, slots=True)
class CoxFit:
    """Coefficients, their covariance and the partial log-likelihood."""

    values: Floats
    covariance: Floats = field(repr=False)
    log_likelihood: float


def refit_cox(spells: Spells, kept: NDArray[np.bool_], ties: Ties) -> Floats | None:
    """Fit to some of the spells."""
    part = spells.select(kept)
    if (np.ptp(part.x, axis=0) == 0).any() or why_no_model(part, parameters=len(part.names)):
        return None
    found = fit_cox(part, ties)
    return None if found is None else found.values


def fit_cox(spells: Spells, ties: Ties) -> CoxFit | None:
    """Fit to standardised covariates; None where the likelihood has no maximum."""
    scale = spells.x.std(axis=0)
    z = (spells.x - spells.x.mean(axis=0)) / scale
    found = _efron(spells, z) if ties == "efron" else _breslow(spells, z)
    if found is None or not np.isfinite(found.covariance).all():
        return None
    if (np.sqrt(np.abs(np.diag(found.covariance))) > UNBOUNDED).any():
        return None
    spread = found.covariance / np.outer(scale, scale)
    return CoxFit(found.values / scale, spread, found.log_likelihood)


def efron_fit(spells: Spells, z: Floats) -> tuple[Any, pd.DataFrame] | None:
    """Fit by lifelines, whose ties are Efron's; its warnings of no maximum become None."""
    import pandas as pd
    from lifelines import CoxPHFitter
    from lifelines.exceptions import ConvergenceError, ConvergenceWarning

    rows = pd.DataFrame(z, columns=[f"z{i}" for i in range(z.shape[1])])
    rows = rows.assign(T=spells.time, E=spells.ended)
    try:
        with undisturbed(ignore=(Warning,)):
            warnings.simplefilter("error", ConvergenceWarning)
            return CoxPHFitter().fit(rows, "T", "E", fit_options={"precision": 1e-10}), rows
    except (ConvergenceError, ConvergenceWarning, np.linalg.LinAlgError):
        return None


def _efron(spells: Spells, z: Floats) -> CoxFit | None:
    """Fit with Efron's ties."""
    found = efron_fit(spells, z)
    if found is None:
        return None
    fit = found[0]
    values, spread = fit.params_.to_numpy(), fit.variance_matrix_.to_numpy()
    return CoxFit(values, spread, float(fit.log_likelihood_))


def _breslow(spells: Spells, z: Floats) -> CoxFit | None:
    """Fit with Breslow's ties."""
    import statsmodels.api as sm

    try:
        with undisturbed(ignore=(Warning,)):
            model = sm.PHReg(spells.time, z, status=spells.ended.astype("int64"), ties="breslow")
            fit = model.fit(disp=0)
            return CoxFit(np.asarray(fit.params), np.asarray(fit.cov_params()), float(fit.llf))
    except np.linalg.LinAlgError:
        return None
