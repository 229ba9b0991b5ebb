"""Did paths already part before adoption? A test that speaks its null, and its slope."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from yuyao_lib.findings import Estimate
from yuyao_lib.methods.adoption import Floats, Meaning, check_choice
from yuyao_lib.methods.event_regressions import EventStudy
from yuyao_lib.methods.group_time_results import Aggregate, GroupTime
from yuyao_lib.methods.hypotheses import Hypothesis, chi_square
from yuyao_lib.methods.influence import covariance
from yuyao_lib.methods.smaller_sides import Counts, fewest_of
from yuyao_lib.methods.tabulation import rows_of
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["PreTrend", "pre_trend_slope", "pre_trend_test"]

TOPIC = "contracts"

NAME = Text("joint test of effects before adoption", "处理前效应的联合检验")
NULL = Text(
    "before adoption, adopters and their controls moved in parallel in all {count} comparisons",
    "在采用之前的全部 {count} 个比较中，处理组与对照组平行变动",
)


@dataclass(frozen=True, slots=True)
class PreTrend:
    """A straight line through the periods before adoption.

    Attributes
    ----------
    estimates
        The slope a period (key ``slope``), the slope that a test of this precision
        would find in 8 of 10 samples (``detectable_slope``), and what the slope would
        add to the mean effect if it went on (``carried_forward``).
    """

    estimates: tuple[Estimate, ...]

    def to_frame(self) -> pd.DataFrame:
        """Return one row an estimate."""
        return rows_of(self.estimates)

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


def pre_trend_test(
    effects: GroupTime,
    *,
    by: Literal["event", "cell"] = "event",
    anticipation: int = 0,
    earliest: float | None = None,
) -> Hypothesis:
    """Test that all effects before adoption are zero.

    Parameters
    ----------
    effects
        Group-time effects.
    by
        ``event``: the mean effect at each time before adoption, compared with the F
        distribution that allows for the number of treated clusters; ``cell``: each
        cohort and period, chi-square, as the R package did prints it, which rejects too
        often with few clusters.
    anticipation
        Periods before adoption that are left out.
    earliest
        First time before adoption that is used, such as -8, when `by` is ``event``; None:
        all. Times long before rest on few cohorts.

    Raises
    ------
    InputError
        If `by` is another word.
    """
    check_choice("by", by, ("event", "cell"))
    if effects.undefined is not None:
        return Hypothesis(NAME, NULL.format(count=0), undefined=effects.undefined)
    values, spread = (
        _cells(effects, anticipation) if by == "cell" else _events(effects, anticipation, earliest)
    )
    used = np.diag(spread) > 1e-14 if len(values) else np.zeros(0, bool)
    values, spread = values[used], spread[np.ix_(used, used)]
    null = NULL.format(count=len(values))
    if not len(values):
        why = Text("no period before adoption can be compared", "采用之前没有可比较的时期")
        return Hypothesis(NAME, null, undefined=why)
    test = chi_square(NAME, null, values=values, covariance=spread)
    if by == "cell" or test.statistic is None:
        return test
    behind = effects.panel.behind()
    found = _few_clusters(test, null, effects.panel.treated_clusters())
    return replace(found, persons=behind.persons, employers=behind.clusters)


def _few_clusters(test: Hypothesis, null: Text, treated: int) -> Hypothesis:
    """Compare the Wald statistic with Hotelling's distribution for the treated clusters."""
    from scipy import stats

    k = test.df or 0
    rest = treated - k
    if rest < 1 or test.statistic is None:
        why = Text(
            f"{k} periods before adoption but only {treated} treated clusters: a joint test"
            " needs more clusters than periods",
            f"处理前有 {k} 个时期，而处理聚类仅 {treated} 个：联合检验要求聚类多于时期",
        )
        return Hypothesis(NAME, null, undefined=why)
    scaled = test.statistic * rest / (k * (treated - 1))
    return Hypothesis(NAME, null, scaled, k, float(stats.f.sf(scaled, k, rest)))


def _cells(effects: GroupTime, anticipation: int) -> tuple[Floats, Floats]:
    """Return effects of cohorts before adoption and their covariance."""
    keep = [
        i
        for i, (g, t) in enumerate(zip(effects.groups, effects.times, strict=True))
        if t < g - anticipation and effects.estimates[i].estimate is not None
    ]
    values = np.array([effects.estimates[i].estimate for i in keep], dtype="float64")
    return values, covariance(effects.influence[:, keep], effects.panel.clusters)


def _events(effects: GroupTime, anticipation: int, earliest: float | None) -> tuple[Floats, Floats]:
    """Return mean effects by time before adoption and their covariance."""
    study = effects.aggregate("dynamic")
    start = -np.inf if earliest is None else earliest
    keep = [i for i, e in enumerate(study.labels) if start <= e < -anticipation]
    values = np.array([study.parts[i].estimate for i in keep], dtype="float64")
    return values, study.covariance[np.ix_(keep, keep)]


def pre_trend_slope(
    study: Aggregate | EventStudy,
    *,
    reference: float = -1.0,
    power: float = 0.8,
    treated: int | None = None,
    meaning: Meaning | None = None,
) -> PreTrend:
    """Fit a line through the coefficients before adoption (Roth 2022).

    Parameters
    ----------
    study
        Effects by time since adoption with one reference period.
    reference
        The period whose coefficient is zero; the line goes through it.
    power
        Share of samples in which the detectable slope would be found.
    treated
        Number of treated clusters. Given, the line is fitted by ordinary least squares and
        the interval uses Student's t with one less: the inverse of a covariance of as many
        periods as there are clusters to estimate it from makes generalised least squares
        far too sure of itself.
    meaning
        What the numbers are about.

    Notes
    -----
    Generalised least squares unless `treated` is given. A slope that is not significant
    is no proof of parallel trends: compare the detectable slope, carried forward, with the effect.
    """
    from scipy import stats

    from yuyao_lib.methods.honest import path_of

    meant = meaning or Meaning()
    path = path_of(study, reference=reference)
    if isinstance(path, Text):
        keys = ("slope", "detectable_slope", "carried_forward")
        return PreTrend(tuple(meant.estimate(k, "event_study", undefined=path) for k in keys))
    p, q = len(path.before), len(path.after)
    distance = np.arange(-float(p), 0.0)
    spread = path.covariance[:p, :p]
    lever = distance if treated is not None else np.linalg.solve(spread, distance)
    weights = lever / (lever @ distance)
    slope, error = float(weights @ path.before), float(np.sqrt(weights @ spread @ weights))
    tail = stats.norm if treated is None else stats.t(max(treated - 1, 1))
    z = float(tail.ppf((1 + meant.level) / 2))
    ahead = (q + 1) / 2  # mean distance of the periods after adoption from the reference
    rows = [("slope", slope, error), ("carried_forward", slope * ahead, error * ahead)]
    told = [e for e in study.parts if e.estimate is not None]
    fewest: Counts = fewest_of({"persons": e.persons, "employers": e.employers} for e in told)
    made = [
        meant.estimate(
            key,
            "event_study",
            **fewest,
            term="pre_trend",
            estimate=value,
            standard_error=wide,
            low=value - z * wide,
            high=value + z * wide,
            p_value=float(2 * tail.sf(abs(value) / wide)),
        )
        for key, value, wide in rows
    ]
    detectable = meant.estimate(
        "detectable_slope",
        "event_study",
        **fewest,
        term="pre_trend",
        estimate=(z + float(tail.ppf(power))) * error,
    )
    return PreTrend((made[0], detectable, made[1]))
