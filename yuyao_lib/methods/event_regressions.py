"""Regressions with an effect of its own for every cohort and period.

Lives here: the interaction-weighted event study of Sun and Abraham (2021) and the
extended two-way fixed effects of Wooldridge (2021). Both are one regression whose
coefficients are then averaged, with errors clustered by group.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from yuyao_lib.findings import Estimate
from yuyao_lib.methods.adoption import (
    AdoptionPanel,
    Floats,
    Meaning,
    adoption_panel,
    why_undefined,
)
from yuyao_lib.methods.clustered_regression import ClusteredFit, Design, panel_design, regress
from yuyao_lib.methods.small_cohorts import made_whole
from yuyao_lib.methods.smaller_sides import Behind
from yuyao_lib.methods.tabulation import rows_of
from yuyao_lib.methods.wald_intervals import wald
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["EventStudy", "extended_twfe", "sun_abraham"]

TOPIC = "contracts"

CLUSTERED = Text(
    "clustered in {clusters} groups, small-sample factor {factor:.4f} = G/(G-1) x (n-1)/(n-k),"
    " Student's t with the treated groups of equal weight less one; in the interval residuals are"
    " given back what the mean of a small cohort takes, and a cohort of one group is held against"
    " the mean effect",
    "按 {clusters} 个组聚类，小样本系数 {factor:.4f} = G/(G-1) × (n-1)/(n-k)，"
    "t 分布自由度为处理组折合等权数减一；区间中补回小批次均值所带走的残差，"
    "仅一个组的批次则与平均效应比较",
)
COLLINEAR = Text(
    "its columns are combinations of others in this sample", "在此样本中其变量与其他变量共线"
)
NO_CONTROL = Text(
    "no unit is untreated at that time, so this effect is not identified",
    "该时期没有未处理的单位，无法识别此效应",
)


@dataclass(frozen=True, slots=True)
class EventStudy:
    """Effects by time since adoption and their mean.

    Attributes
    ----------
    overall
        Mean over treated cells.
    parts
        One a time since adoption; the reference period is not among them.
    event_times
        Time since adoption of each part.
    covariance
        Shape (k, k), of the parts.
    """

    overall: Estimate
    parts: tuple[Estimate, ...] = ()
    event_times: tuple[float, ...] = ()
    covariance: Floats = field(default_factory=lambda: np.empty((0, 0)), repr=False, compare=False)

    @property
    def estimates(self) -> tuple[Estimate, ...]:
        """The overall effect, then its parts."""
        return (self.overall, *self.parts)

    def to_frame(self) -> pd.DataFrame:
        """Return one row an estimate; ``event_time`` is empty for the overall one."""
        return rows_of(self.estimates).assign(event_time=[None, *self.event_times])

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


def sun_abraham(
    frame: pd.DataFrame,
    *,
    outcome: str,
    unit: str,
    period: str,
    first_treated: str,
    cluster: str | None = None,
    weights: str | None = None,
    meaning: Meaning | None = None,
) -> EventStudy:
    """Estimate the event study whose weights are the cohorts' sizes.

    Unit and period effects, and a dummy for each cohort and time since adoption but the
    period before it; never-treated units are the controls, or the last cohort (with its
    treated periods left out) where there are none.

    Parameters
    ----------
    frame, outcome, unit, period, first_treated, cluster, weights
        As in `adoption_panel`.
    meaning
        What the numbers are about.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = pd.DataFrame([(f, t, float(f + t + (f < 4) * (t > 2)), (f < 4) * 3)
    ...                      for f in range(9) for t in (1, 2, 3)],
    ...                     columns=["firm", "year", "pay", "since"])
    >>> study = sun_abraham(rows, outcome="pay", unit="firm", period="year",
    ...                     first_treated="since")
    >>> round(study.overall.estimate, 6)
    1.0
    """
    meant = meaning or Meaning()
    panel = adoption_panel(
        frame,
        outcome=outcome,
        unit=unit,
        period=period,
        first_treated=first_treated,
        cluster=cluster,
        weights=weights,
    )
    why = why_undefined(panel, controls="not_yet")
    if why is not None:
        return EventStudy(meant.estimate("overall", "sun_abraham", undefined=why))
    cohorts, keep = _studied(panel)
    cells = [
        (g, float(t))
        for g in cohorts
        for t in panel.periods
        if t != _before(panel, g) and keep[panel.first == g][:, panel.periods == t].any()
    ]
    columns = np.stack([_cell(panel, g, t) for g, t in cells], axis=2)
    design = panel_design(panel, columns, [f"{g:g}_{t:g}" for g, t in cells], keep=keep)
    return _by_event(design, cells, panel, keep, meant, "sun_abraham")


def extended_twfe(
    frame: pd.DataFrame,
    *,
    outcome: str,
    unit: str,
    period: str,
    first_treated: str,
    covariates: Sequence[str] = (),
    cluster: str | None = None,
    weights: str | None = None,
    meaning: Meaning | None = None,
) -> EventStudy:
    """Estimate one regression saturated in cohort and period (Wooldridge 2021).

    Cohort and period effects, each interacted with the covariates, and a treatment
    effect for every cohort and treated period, interacted with the covariates centred
    at their cohort mean.

    Parameters
    ----------
    frame, outcome, unit, period, first_treated, covariates, cluster, weights
        As in `adoption_panel`; covariates should not change over time.
    meaning
        What the numbers are about.

    Notes
    -----
    Controls are the never- and not-yet-treated. Without covariates the point estimate
    equals the imputation estimator's.
    """
    meant = meaning or Meaning()
    panel = adoption_panel(
        frame,
        outcome=outcome,
        unit=unit,
        period=period,
        first_treated=first_treated,
        covariates=covariates,
        cluster=cluster,
        weights=weights,
    )
    why = why_undefined(panel, controls="not_yet")
    if why is not None:
        return EventStudy(meant.estimate("overall", "extended_twfe", undefined=why))
    cohorts, keep = _studied(panel)
    cells = [
        (g, float(t))
        for g in cohorts
        for t in panel.periods
        if t >= g and keep[panel.first == g][:, panel.periods == t].any()
    ]
    design = _saturated(panel, cohorts, cells, keep)
    return _by_event(design, cells, panel, keep, meant, "extended_twfe")


def _studied(panel: AdoptionPanel) -> tuple[list[float], np.ndarray]:
    """Return the cohorts with an effect and the rows used.

    Units treated from the start tell nothing and go. Without never-treated units the last
    cohort is the control and periods from its adoption on are left out.
    """
    keep = np.broadcast_to((panel.first > panel.periods[0])[:, None], panel.outcome.shape).copy()
    cohorts = [float(g) for g in panel.cohorts]
    if not (panel.first > panel.periods[-1]).any():
        last = cohorts.pop()
        keep &= panel.periods[None, :] < last
    return cohorts, keep


def _before(panel: AdoptionPanel, cohort: float) -> float:
    """Return the last period before a cohort adopts."""
    return float(panel.periods[panel.periods < cohort].max())


def _cell(panel: AdoptionPanel, cohort: float, time: float) -> Floats:
    """Return the dummy of a cohort in a period, shape (N, T)."""
    return np.outer(panel.first == cohort, panel.periods == time).astype("float64")


def _saturated(
    panel: AdoptionPanel, cohorts: list[float], cells: list[tuple[float, float]], keep: np.ndarray
) -> Design:
    """Build the columns of the extended regression, rows of kept cells."""
    n, t = panel.outcome.shape
    ones = np.ones((n, t))
    groups = [np.outer(panel.first == g, np.ones(t)) for g in cohorts]
    times = [np.outer(np.ones(n), panel.periods == p) for p in panel.periods[1:]]
    columns, names = [], []
    for g, time in cells:
        cell = _cell(panel, g, time)
        columns.append(cell)
        names.append(f"{g:g}_{time:g}")
        columns += [cell * _centred(panel, k, g) for k in range(panel.covariates.shape[2])]
        names += [f"{g:g}_{time:g}:x{k}" for k in range(panel.covariates.shape[2])]
    base = [ones, *groups, *times]
    covariates = [panel.covariates[:, :, k] for k in range(panel.covariates.shape[2])]
    columns += base + [x * other for x in covariates for other in base]
    names += [f"base_{i}" for i in range(len(columns) - len(names))]
    used = keep.ravel()
    x = np.stack(columns, axis=2).reshape(n * t, -1)[used]
    groups_of = np.unique(np.repeat(panel.clusters, t)[used], return_inverse=True)[1]
    weights = np.repeat(panel.weights, t)[used]
    return Design(panel.outcome.ravel()[used], x, tuple(names), weights, groups_of)


def _centred(panel: AdoptionPanel, k: int, cohort: float) -> Floats:
    """Return a covariate less its weighted mean in a cohort, shape (N, T)."""
    members = panel.first == cohort
    mean = np.average(panel.covariates[members, :, k].mean(axis=1), weights=panel.weights[members])
    return panel.covariates[:, :, k] - mean


def _by_event(
    design: Design,
    cells: list[tuple[float, float]],
    panel: AdoptionPanel,
    keep: np.ndarray,
    meaning: Meaning,
    method: str,
) -> EventStudy:
    """Average the cells' coefficients by time since adoption, weights the cohorts' sizes."""
    fit = regress(design)
    size = {g: float(panel.weights[panel.first == g].sum()) for g, _ in cells}
    events = sorted({t - g for g, t in cells})
    rows = []
    for event in events:
        shares = {f"{g:g}_{t:g}": size[g] for g, t in cells if t - g == event}
        rows.append(_normed(shares))
    post = _normed({f"{g:g}_{t:g}": size[g] for g, t in cells if t >= g})
    equal = panel.effective_treated()
    named = {(g, t): f"{g:g}_{t:g}" for g, t in cells}
    fits = fit, made_whole(fit, design, panel, keep, named, fit.combination(post)[0])
    matrix = np.array([[row.get(name, 0.0) for name in fit.names] for row in rows])
    parts = tuple(
        _estimate(fits, row, f"event_{event:+g}", meaning, method, _behind(panel, row), equal)
        for event, row in zip(events, rows, strict=True)
    )
    overall = _estimate(fits, post, "overall", meaning, method, _behind(panel, post), equal)
    spread = matrix @ fit.covariance @ matrix.T
    return EventStudy(overall, parts, tuple(events), spread)


def _normed(weights: dict[str, float]) -> dict[str, float]:
    """Scale weights to sum to one."""
    total = sum(weights.values())
    return {name: weight / total for name, weight in weights.items()}


def _behind(panel: AdoptionPanel, weights: dict[str, float]) -> Behind:
    """Return who adopts in the cohorts of some cells."""
    return panel.behind(np.isin(panel.first, [float(n.partition("_")[0]) for n in weights]))


def _estimate(
    fits: tuple[ClusteredFit, ClusteredFit],
    weights: dict[str, float],
    key: str,
    meaning: Meaning,
    method: str,
    behind: Behind | None = None,
    equal: float | None = None,
) -> Estimate:
    """Return a weighted mean of coefficients; undefined if one of them was dropped.

    The error is the first fit's, as published; the interval rests on the wider of both.
    """
    fit, whole = fits
    if not weights:
        return meaning.estimate(key, method, undefined=NO_CONTROL)
    if set(weights) & set(fit.dropped):
        return meaning.estimate(key, method, undefined=COLLINEAR)
    value, error = fit.combination(weights)
    wide = max(error, whole.combination(weights)[1])
    free = (fit.clusters if equal is None else equal) - 1
    return meaning.estimate(
        key,
        method,
        **wald(value, wide, level=meaning.level, df=free, published=error),
        n=fit.n,
        clusters=fit.clusters,
        residual_df=fit.residual_df,
        behind=behind,
        inference=CLUSTERED.format(clusters=fit.clusters, factor=fit.factor),
    )
