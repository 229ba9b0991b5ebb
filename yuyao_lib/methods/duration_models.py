"""How long spells last by parametric models, with and without covariates, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from yuyao_lib.errors import InputError, sentence
from yuyao_lib.findings import Design, Estimate
from yuyao_lib.methods.coefficients import (
    NORMAL,
    SHAPE,
    Told,
    group_words,
    leave_one_group_out,
)
from yuyao_lib.methods.duration_fits import FAMILIES, Family, LogFit, fit_family, law
from yuyao_lib.methods.duration_results import DurationModel
from yuyao_lib.methods.samples import check_level
from yuyao_lib.methods.spells import COLLINEAR, Spells, read_spells, why_no_model
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

    from yuyao_lib.methods.adoption import Floats

__all__ = ["FAMILIES", "DurationModel", "Family", "duration_model"]

TOPIC = "disputes"
NO_MAXIMUM = Text(
    "the likelihood has no maximum that could be found; a covariate may tell apart exactly"
    " which spells end first",
    "似然函数未能找到最大值；可能有变量恰好完全区分了先结束的持续期",
)


def duration_model(
    frame: pd.DataFrame,
    *,
    duration: str,
    ended: str | None = None,
    covariates: Sequence[str] = (),
    family: Family = "weibull",
    cluster: str | None = None,
    level: float = 0.95,
    unit: str = "days",
    n_unit: str = "spells",
) -> DurationModel:
    r"""Fit one model of durations by maximum likelihood.

    The model is :math:`\log T = \mu + x'\beta + \sigma\varepsilon` (accelerated failure
    time): a coefficient is the difference in log duration that goes with one unit more.
    Without covariates the rate is :math:`\lambda = e^{-\mu}` and the shape
    :math:`p = 1/\sigma`: survival is :math:`e^{-(\lambda t)^p}` for the Weibull model (the
    exponential has p = 1), :math:`1/(1+(\lambda t)^p)` for the log-logistic and
    :math:`\Phi(-p\log \lambda t)` for the log-normal.

    Parameters
    ----------
    frame
        One row a spell.
    duration, ended, covariates
        As in `read_spells`.
    family
        ``exponential``, ``weibull``, ``log_normal`` or ``log_logistic``.
    cluster
        Column of groups that share what is not measured, such as the month in which
        strikes began; errors then come from leaving out one group at a time.
    level
        Coverage of the intervals.
    unit, n_unit
        Vocabulary keys of the unit of time and of what a spell is.

    Raises
    ------
    DataError, InputError
        If a column or a choice cannot be used.

    References
    ----------
    Kalbfleisch, J. D. and Prentice, R. L. (2002). The Statistical Analysis of Failure Time
    Data, 2nd ed., chapters 2-3. Kennan, J. (1985). Journal of Econometrics 28, 5-28.

    Examples
    --------
    >>> import yuyao_lib as yuyao
    >>> strikes = yuyao.open("strikes").frame("strikes")
    >>> found = duration_model(strikes, duration="duration_days")
    >>> round(found.estimate("median").estimate, 2)
    27.54
    """
    check_level(level)
    check_family(family)
    spells = read_spells(
        frame, duration=duration, ended=ended, covariates=covariates, cluster=cluster
    )
    return of_spells(
        spells, family, list(covariates), {"level": level, "n_unit": n_unit, "unit": unit}
    )


def check_family(family: str) -> None:
    """Refuse a family that does not exist."""
    if family not in FAMILIES:
        raise InputError(sentence("unknown model of durations", got=family, allowed=FAMILIES))


def of_spells(
    spells: Spells, family: Family, covariates: list[str], words: dict[str, object]
) -> DurationModel:
    """Fit one family to checked spells."""
    free = len(spells.names) + (1 if family == "exponential" else 2)
    why = why_no_model(spells, parameters=free)
    fit = None if why else fit_family(family, spells)
    told = Told(
        method=family,
        n=len(spells.time),
        n_unit=str(words["n_unit"]),
        level=float(words["level"]),  # type: ignore[arg-type]
        residual_df=int(spells.ended.sum()) - free,
    )
    sizes = len(spells.time), int(spells.ended.sum()), spells.dropped
    unit = str(words["unit"])
    if fit is None:
        made = _undefined(covariates, told, unit, why or NO_MAXIMUM)
        return DurationModel(family, made, None, free, *sizes, None, spells)
    covariance: Floats | Text = fit.covariance
    if spells.n_groups:
        covariance = _grouped(spells, family, fit)
        words_of = group_words(spells.n_groups) if not isinstance(covariance, Text) else NORMAL
        told = replace(told, clusters=spells.n_groups, inference=words_of)
    if isinstance(covariance, Text):
        made = _undefined(covariates, told, unit, covariance)
    else:
        made = _estimates(fit, covariance, spells, family, covariates, told, unit)
    known = None if isinstance(covariance, Text) else covariance
    return DurationModel(family, made, fit.log_likelihood, free, *sizes, fit, spells, known)


def _undefined(covariates: list[str], told: Told, unit: str, why: Text) -> tuple[Estimate, ...]:
    """Say why the model has no estimates."""
    made = [
        told.missing(name, why, term="duration_difference", unit="log_points")
        for name in covariates
    ]
    return (*made, told.missing("median", why, term="median_duration", unit=unit))


def _grouped(spells: Spells, family: Family, fit: LogFit) -> Floats | Text:
    """Return the covariance from leaving out one group at a time."""

    def refit(kept: NDArray[np.bool_]) -> Floats | None:
        part = spells.select(kept)
        if (np.ptp(part.x, axis=0) == 0).any() or why_no_model(part, parameters=fit.free):
            return None
        found = fit_family(family, part)
        return None if found is None else found.values

    return leave_one_group_out(refit, spells.groups)


def _estimates(
    fit: LogFit,
    covariance: Floats,
    spells: Spells,
    family: Family,
    covariates: list[str],
    told: Told,
    unit: str,
) -> tuple[Estimate, ...]:
    """Turn a fit into estimates; every interval is made on the log scale."""
    difference = {"term": "duration_difference", "unit": "log_points"}
    errors = np.sqrt(np.diag(covariance))
    made = []
    for name in covariates:
        if name in spells.names:
            i = spells.names.index(name) + 1
            made.append(told.wald(name, float(fit.values[i]), float(errors[i]), **difference,
                                  **spells.behind(name)))  # fmt: skip
        else:
            made.append(told.missing(name, COLLINEAR, **difference))
    centre, quantile = spells.x.mean(axis=0), law(family)[1]
    slope = np.array([1.0, *centre, quantile * fit.sigma])
    place = float(fit.values[0] + centre @ fit.values[1:-1]) + quantile * fit.sigma
    error = float(np.sqrt(slope @ covariance @ slope))
    shape = {"design": Design.DESCRIPTION, "caveat": SHAPE}
    mu, log_sigma = float(fit.values[0]), float(fit.values[-1])
    made += [
        told.positive("median", place, error, term="median_duration", unit=unit, **shape),
        told.wald("constant", mu, float(errors[0]), term="duration_constant",
                  unit="log_points", **shape),
        told.positive("rate", -mu, float(errors[0]), term="duration_rate", unit="ratio", **shape),
    ]  # fmt: skip
    for key, sign, term in (("sigma", 1, "duration_spread"), ("shape", -1, "duration_shape")):
        if family != "exponential":
            value, spread = sign * log_sigma, float(errors[-1])
            made.append(told.positive(key, value, spread, term=term, unit="ratio", **shape))
    return tuple(made)
