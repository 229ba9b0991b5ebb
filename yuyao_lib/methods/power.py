"""What effect could this design find at all? Minimum detectable effects and power.

Start here: from an estimate (`minimum_detectable_effect`), from a design by formula
(`analytic_power`) or by simulation under the test that will be used
(`simulated_power`).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from yuyao_lib.findings import Design as Evidence
from yuyao_lib.findings import Estimate
from yuyao_lib.methods.adoption import Meaning
from yuyao_lib.methods.power_designs import (
    NO_ERROR,
    FirmDesign,
    Power,
    design_error,
    detectable,
    no_power,
    power_of,
)
from yuyao_lib.methods.power_simulation import simulated_power
from yuyao_lib.vocabulary import Text

__all__ = [
    "FirmDesign",
    "Power",
    "analytic_power",
    "design_error",
    "detectable",
    "minimum_detectable_effect",
    "power_curve",
    "simulated_power",
]


def minimum_detectable_effect(
    estimate: Estimate, *, power: float = 0.8, meaning: Meaning | None = None
) -> Estimate:
    """Return the effect that an estimate of this precision would find in most samples.

    Parameters
    ----------
    estimate
        Any estimate; where it has no standard error the half-width of its interval
        stands in for it.
    power
        Share of samples.
    meaning
        What the number is about; its level should be the estimate's.
    """
    from scipy import stats

    meant = meaning or Meaning()
    error = estimate.standard_error
    if error is None and estimate.low is not None and estimate.high is not None:
        z = float(stats.norm.ppf((1 + estimate.level) / 2))
        error = (estimate.high - estimate.low) / (2 * z)
    key, term = "minimum_detectable_effect", "minimum_detectable_effect"
    if not error:
        why = estimate.undefined or NO_ERROR
        return meant.estimate(key, estimate.method, term=term, undefined=why)
    df = estimate.clusters - 1 if estimate.clusters and estimate.clusters > 1 else np.inf
    value = detectable(error, power=power, level=meant.level, df=df)
    return meant.estimate(
        key,
        estimate.method,
        term=term,
        unit=estimate.unit,
        estimate=value,
        n=estimate.n,
        clusters=estimate.clusters,
        persons=estimate.persons,
        employers=estimate.employers,
        estimand=Text(
            f"smallest effect found in {power:.0%} of samples at a {meant.level:.0%} level",
            f"在 {meant.level:.0%} 水平上有 {power:.0%} 的样本能检出的最小效应",
        ),
    )


def power_curve(
    estimate: Estimate,
    *,
    effects: Sequence[float],
    power: float = 0.8,
    meaning: Meaning | None = None,
) -> Power:
    """Return in which share of samples an estimate of this precision finds each effect.

    Parameters
    ----------
    estimate
        Any estimate; where it has no standard error the half-width of its interval
        stands in for it.
    effects
        True effects, in the estimate's unit.
    power
        Share of samples for the minimum detectable effect.
    meaning
        What the numbers are about.

    Examples
    --------
    >>> from yuyao_lib.methods.adoption import Meaning
    >>> found = power_curve(Meaning().estimate("a", "clustered_errors", estimate=0.02,
    ...                     standard_error=0.01), effects=[0.0, 0.028])
    >>> [round(p, 2) for p in found.powers]
    [0.05, 0.8]
    """
    from scipy import stats

    meant = meaning or Meaning(design=Evidence.DESCRIPTION)
    least = minimum_detectable_effect(estimate, power=power, meaning=meant)
    if least.estimate is None:
        return no_power(effects, meant, least.undefined or NO_ERROR)
    df = estimate.clusters - 1 if estimate.clusters and estimate.clusters > 1 else np.inf
    error = least.estimate / detectable(1.0, power=power, level=meant.level, df=df)
    tail = stats.t(df) if np.isfinite(df) else stats.norm
    critical = float(tail.ppf((1 + meant.level) / 2))
    made = [
        meant.estimate(
            f"power_{effect:g}",
            "statistical_power",
            term="statistical_power",
            unit="share",
            n_unit=estimate.n_unit,
            persons=estimate.persons,
            employers=estimate.employers,
            n=estimate.n,
            clusters=estimate.clusters,
            estimate=float(
                tail.sf(critical - effect / error) + tail.cdf(-critical - effect / error)
            ),
        )
        for effect in effects
    ]
    return Power((least, *made), tuple(float(effect) for effect in effects))


def analytic_power(
    design: FirmDesign,
    *,
    effects: Sequence[float],
    power: float = 0.8,
    meaning: Meaning | None = None,
) -> Power:
    """Return power by formula: one adoption date, Student's t.

    Parameters
    ----------
    design
        Firms, periods and shocks.
    effects
        Effects at which power is wanted.
    power
        Share of samples for the minimum detectable effect.
    meaning
        What the numbers are about.

    Examples
    --------
    >>> found = analytic_power(FirmDesign(treated=31, controls=155), effects=[0.0])
    >>> round(found.powers[0], 3)
    0.05
    """
    from scipy import stats

    meant = meaning or Meaning(design=Evidence.DESCRIPTION)
    if not design.comparable or design.treated + design.controls < 3:
        return no_power(effects, meant)
    error = design_error(design)
    if error == 0:
        return no_power(effects, meant, NO_ERROR)
    df = design.treated + design.controls - 2
    critical = float(stats.t.ppf((1 + meant.level) / 2, df))
    found = [
        float(stats.nct.sf(critical, df, e / error) + stats.nct.cdf(-critical, df, e / error))
        for e in effects
    ]
    smallest = detectable(error, power=power, level=meant.level, df=df)
    return power_of(design, effects, found, smallest, meant)
