"""A fitted model of durations: estimates, survival, residuals."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from yuyao_lib.findings import Estimate
from yuyao_lib.methods.coefficients import by_key, ratio_of
from yuyao_lib.methods.duration_fits import MEDIANS, Family, LogFit, law
from yuyao_lib.methods.spells import Spells
from yuyao_lib.methods.tabulation import rows_of
from yuyao_lib.methods.wald_intervals import wald
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

    from yuyao_lib.methods.adoption import Floats

__all__ = ["DurationModel"]

TOPIC = "disputes"
NOT_PROPORTIONAL = Text(
    "in this model the chances of ending do not differ by a constant factor",
    "该模型中结束的机会之比不是常数",
)


@dataclass(frozen=True, slots=True)
class DurationModel:
    """One model of durations.

    Attributes
    ----------
    family
        Which law.
    estimates
        Differences in log duration, one a covariate and keyed by it (``duration_difference``,
        log points); then ``median`` (days, at the covariates' means), ``constant``, ``sigma``,
        ``rate`` and ``shape``.
    log_likelihood
        Of the durations; None where the model has no estimates.
    parameters, n, ended, dropped
        Quantities estimated, spells, spells whose end was seen, rows left out.
    fit, spells
        What was fitted on what.
    covariance
        Of the fit's values, by groups where groups were given.
    """

    family: Family
    estimates: tuple[Estimate, ...]
    log_likelihood: float | None
    parameters: int
    n: int
    ended: int
    dropped: int
    fit: LogFit | None = field(repr=False)
    spells: Spells = field(repr=False)
    covariance: Floats | None = field(default=None, repr=False)

    def estimate(self, key: str) -> Estimate:
        """Return one estimate by its key.

        Raises
        ------
        InputError
            If there is none of this key.
        """
        return by_key(self.estimates, key)

    @property
    def differences(self) -> tuple[Estimate, ...]:
        """Differences in log duration, one a covariate."""
        return tuple(e for e in self.estimates if e.term == "duration_difference")

    @property
    def ratios(self) -> tuple[Estimate, ...]:
        """Ratios of durations, one a covariate."""
        return tuple(ratio_of(e, unit="time_ratio") for e in self.differences)

    @property
    def hazards(self) -> tuple[Estimate, ...]:
        r"""Differences in the log chance of ending, :math:`-b/\sigma`, one a covariate.

        Only exponential and Weibull chances of ending differ by a factor that does not
        change over time (Kalbfleisch and Prentice 2002, section 2.3); the error is by the
        delta method.
        """
        if self.fit is None or self.covariance is None or self.family not in MEDIANS:
            why = NOT_PROPORTIONAL if self.family not in MEDIANS else None
            return tuple(
                replace(e, term="ending_difference", estimate=None, low=None, high=None,
                        standard_error=None, p_value=None, undefined=e.undefined or why)
                for e in self.differences
            )  # fmt: skip
        return tuple(self._hazard(e) for e in self.differences)

    def _hazard(self, difference: Estimate) -> Estimate:
        """Turn a difference in log duration into one in the log chance of ending."""
        if difference.estimate is None or self.fit is None or self.covariance is None:
            return replace(difference, term="ending_difference")
        place, sigma = self.spells.names.index(difference.key) + 1, self.fit.sigma
        slope = np.zeros(len(self.fit.values))
        slope[place] = -1 / sigma
        slope[-1] = difference.estimate / sigma
        value = -difference.estimate / sigma
        error = float(np.sqrt(slope @ self.covariance @ slope))
        df = None if difference.clusters is None else difference.clusters - 1
        interval = wald(value, error, level=difference.level, df=df, tested=False)
        return replace(difference, term="ending_difference", **interval, p_value=None)

    @property
    def aic(self) -> float | None:
        """Akaike's criterion: the smaller, the better the model predicts new spells."""
        return None if self.log_likelihood is None else 2 * (self.parameters - self.log_likelihood)

    @property
    def log_likelihood_of_logs(self) -> float | None:
        """Log-likelihood of the log durations, as some programmes and books print it."""
        if self.log_likelihood is None:
            return None
        return self.log_likelihood + float(np.log(self.spells.time[self.spells.ended]).sum())

    def survival(self, times: Floats, *, at: Floats | None = None) -> Floats:
        """Return the share still going on at each time.

        Parameters
        ----------
        times
            Shape (m,), above zero.
        at
            Shape (k,): values of the covariates in use; None: their means.
        """
        if self.fit is None:
            return np.full(len(times), np.nan)
        x = self.spells.x.mean(axis=0) if at is None else at
        place = self.fit.values[0] + x @ self.fit.values[1:-1]
        return law(self.family)[0]((np.log(times) - place) / self.fit.sigma)

    def residuals(self) -> Floats:
        """Return Cox-Snell residuals, shape (n,): exponential with mean one if the model holds."""
        if self.fit is None:
            return np.empty(0)
        place = self.fit.values[0] + self.spells.x @ self.fit.values[1:-1]
        e = (np.log(self.spells.time) - place) / self.fit.sigma
        return -np.log(law(self.family)[0](e))

    def to_frame(self) -> pd.DataFrame:
        """Return one row an estimate."""
        return rows_of(self.estimates).assign(family=self.family)

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)
