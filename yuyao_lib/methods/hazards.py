"""What goes with ending sooner: Cox's model, its ties, its test of proportional hazards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from yuyao_lib.errors import InputError, sentence
from yuyao_lib.findings import Design, Estimate
from yuyao_lib.methods.coefficients import Told, by_key, group_words, leave_one_group_out, ratio_of
from yuyao_lib.methods.duration_models import NO_MAXIMUM
from yuyao_lib.methods.hazard_fits import CoxFit, Ties, efron_fit, fit_cox, refit_cox
from yuyao_lib.methods.hypotheses import Hypotheses, Hypothesis
from yuyao_lib.methods.packages import undisturbed
from yuyao_lib.methods.samples import check_level
from yuyao_lib.methods.smaller_sides import rarest
from yuyao_lib.methods.spells import COLLINEAR, Spells, read_spells, why_no_model
from yuyao_lib.methods.tabulation import rows_of
from yuyao_lib.vocabulary import Text, column

if TYPE_CHECKING:
    import pandas as pd

    from yuyao_lib.methods.adoption import Floats

__all__ = ["HazardModel", "Ties", "cox", "hazard_model"]

TOPIC = "disputes"
NO_COVARIATE = Text("no covariate is given", "未给出协变量")


@dataclass(frozen=True, slots=True)
class HazardModel:
    """Cox's model.

    Attributes
    ----------
    estimates
        Differences in the log chance of ending, one a covariate and keyed by it, in log
        points; then ``concordance``.
    ties
        How spells that end at the same time are treated.
    proportional
        For each covariate the test that its ratio does not change over time.
    log_likelihood
        Partial log-likelihood; None where the model has no estimates.
    n, ended, dropped
        Spells, spells whose end was seen, rows left out.
    """

    estimates: tuple[Estimate, ...]
    ties: Ties
    proportional: Hypotheses
    log_likelihood: float | None
    n: int
    ended: int
    dropped: int

    @property
    def ratios(self) -> tuple[Estimate, ...]:
        """Hazard ratios: above one, spells end sooner."""
        found = [e for e in self.estimates if e.term == "ending_difference"]
        return tuple(ratio_of(e, unit="hazard_ratio") for e in found)

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
        return rows_of(self.estimates).assign(ties=self.ties)

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


def cox(
    frame: pd.DataFrame,
    *,
    duration: str,
    covariates: Sequence[str],
    ended: str | None = None,
    ties: Ties = "efron",
    cluster: str | None = None,
    level: float = 0.95,
    n_unit: str = "spells",
) -> HazardModel:
    r"""Fit Cox's model: the chance of ending at t is :math:`h_0(t) e^{x'\beta}` (Cox 1972).

    Nothing is assumed about :math:`h_0`; all is staked on ratios that do not change over
    time, which `HazardModel.proportional` tests by scaled Schoenfeld residuals against
    the rank of time (Grambsch and Therneau 1994, the Efron fit).

    Parameters
    ----------
    frame
        One row a spell.
    duration, ended, covariates
        As in `read_spells`; covariates are needed, because without them there is nothing
        to estimate.
    ties
        ``efron`` or ``breslow``: packages differ in their default, and with days as unit
        many spells tie. Breslow pulls coefficients towards zero.
    cluster
        As in `duration_model`.
    level
        Coverage of the intervals.
    n_unit
        Vocabulary key of what a spell is.

    Raises
    ------
    DataError, InputError
        If a column or a choice cannot be used.

    Examples
    --------
    >>> import yuyao_lib as yuyao
    >>> strikes = yuyao.open("strikes").frame("strikes")
    >>> found = cox(strikes, duration="duration_days", covariates=["unanticipated_output"])
    >>> found.estimate("unanticipated_output").estimate > 0
    True
    """
    spells = read_spells(
        frame, duration=duration, ended=ended, covariates=covariates, cluster=cluster
    )
    return hazard_model(spells, list(covariates), ties=ties, level=level, n_unit=n_unit)


def hazard_model(
    spells: Spells, covariates: list[str], *, ties: Ties, level: float, n_unit: str
) -> HazardModel:
    """Fit Cox's model to checked spells."""
    check_level(level)
    if ties not in ("efron", "breslow"):
        raise InputError(sentence("way to treat ties", got=ties, allowed=["efron", "breslow"]))
    left = int(spells.ended.sum()) - len(spells.names)
    told = Told(method=f"cox_{ties}", n=len(spells.time), n_unit=n_unit, level=level,
                residual_df=left)  # fmt: skip
    sizes = len(spells.time), int(spells.ended.sum()), spells.dropped
    why = _why(spells, covariates)
    fit = None if why else fit_cox(spells, ties)
    covariance: Floats | Text | None = None if fit is None else fit.covariance
    if fit is not None and spells.n_groups:
        covariance = leave_one_group_out(lambda kept: refit_cox(spells, kept, ties), spells.groups)
        told = replace(told, clusters=spells.n_groups, inference=group_words(spells.n_groups))
    if fit is None or covariance is None or isinstance(covariance, Text):
        reason = why or (covariance if isinstance(covariance, Text) else NO_MAXIMUM)
        made = tuple(_missing(told, name, reason) for name in covariates)
        empty = _missing(told, "concordance", reason)
        return HazardModel((*made, empty), ties, _tests(spells, reason), None, *sizes)
    errors = np.sqrt(np.diag(covariance))
    made = tuple(_coefficient(told, name, spells, fit, errors) for name in covariates)
    ranked = _concordance(told, spells, fit)
    tests = _tests(spells, None)
    return HazardModel((*made, ranked), ties, tests, fit.log_likelihood, *sizes)


def _why(spells: Spells, covariates: list[str]) -> Text | None:
    """Say why there is nothing to estimate."""
    if not covariates:
        return NO_COVARIATE
    if not spells.names and len(spells.time):
        return COLLINEAR
    return why_no_model(spells, parameters=len(spells.names))


def _missing(told: Told, name: str, why: Text) -> Estimate:
    """Say why a quantity has no value."""
    if name == "concordance":
        return told.missing(name, why, term="concordance", unit="share")
    return told.missing(name, why, term="ending_difference", unit="log_points")


def _coefficient(told: Told, name: str, spells: Spells, fit: CoxFit, errors: Floats) -> Estimate:
    """Return one covariate's estimate."""
    if name not in spells.names:
        return _missing(told, name, COLLINEAR)
    i = spells.names.index(name)
    value, error = float(fit.values[i]), float(errors[i])
    behind = spells.behind(name)
    ended = rarest([spells.x[spells.ended, i]])  # few endings of a side tell of as few
    if behind and ended is not None:
        behind["persons"] = min(behind["persons"], ended)
    return told.wald(name, value, error, term="ending_difference", unit="log_points", **behind)


def _concordance(told: Told, spells: Spells, fit: CoxFit) -> Estimate:
    """Return the share of pairs of spells that the model ranks right."""
    from lifelines.utils import concordance_index

    ranks = -(spells.x @ fit.values)
    value = float(concordance_index(spells.time, ranks, spells.ended))
    words = {"design": Design.DESCRIPTION, "caveat": None, "inference": None}
    plain = {"clusters": None, "cluster_unit": None}
    return told.given(
        "concordance", term="concordance", unit="share", estimate=value, **words, **plain
    )


def _tests(spells: Spells, why: Text | None) -> Hypotheses:
    """Test for each covariate that its ratio stays the same over time."""
    name = Text("Proportional hazards", "比例风险")
    made = []
    found = None
    if why is None:
        z = (spells.x - spells.x.mean(axis=0)) / spells.x.std(axis=0)
        found = efron_fit(spells, z)
    if found is None:
        null = Text("the ratio does not change over time", "比值不随时间变化")
        return Hypotheses((Hypothesis(name, null, undefined=why or NO_MAXIMUM),))
    from lifelines.statistics import proportional_hazard_test

    with undisturbed(ignore=(Warning,)):
        table = proportional_hazard_test(*found, time_transform="rank").summary
    for i, covariate in enumerate(spells.names):
        words = column(covariate)
        null = Text(
            f"the ratio that goes with “{words.en}” does not change over time",
            f"与“{words.zh}”相应的比值不随时间变化",
        )
        row = table.loc[f"z{i}"]
        made.append(Hypothesis(name, null, float(row["test_statistic"]), 1, float(row["p"])))
    return Hypotheses(tuple(made))
