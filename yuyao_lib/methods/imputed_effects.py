"""What treated units would have had, imputed (Borusyak, Jaravel and Spiess 2024)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from yuyao_lib.findings import Estimate
from yuyao_lib.methods.adoption import (
    AdoptionPanel,
    Floats,
    Meaning,
    adoption_panel,
    why_undefined,
)
from yuyao_lib.methods.cluster_sums import cluster_sums
from yuyao_lib.methods.clustered_regression import independent, within
from yuyao_lib.methods.event_regressions import EventStudy
from yuyao_lib.methods.wald_intervals import wald
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["imputation"]

INFERENCE = Text(
    "conservative variance of Borusyak, Jaravel and Spiess: scores summed within {clusters}"
    " clusters, treated residuals around the mean of their cohort and period; in the interval these"
    " residuals are given back what the mean of a small cohort takes, Student's t with the treated"
    " clusters of equal weight less one",
    "Borusyak、Jaravel 和 Spiess 的保守方差：得分按 {clusters} 个聚类求和，"
    "处理组残差以同批次同时期均值为中心；区间中补回小批次均值所带走的部分，"
    "t 分布自由度为处理聚类的折合等权数减一",
)
NO_CELLS = Text(
    "no treated cell has both an untreated period of its unit and an untreated unit in its period",
    "没有一个处理单元同时具备本单位的未处理时期与同期的未处理单位",
)


@dataclass(frozen=True, slots=True)
class _Model:
    """The untreated outcome, fitted on untreated cells.

    `x` has shape (N, T, k), `effects` (N, T) the gap to the imputed outcome, `usable`
    the treated cells that can be imputed.
    """

    panel: AdoptionPanel
    x: Floats
    effects: Floats
    usable: NDArray[np.bool_]
    free: NDArray[np.bool_]
    bread: Floats


def imputation(
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
    """Estimate effects as the gap to an outcome imputed from untreated cells.

    Unit and period effects (and covariates times period, if any) are fitted on the
    cells not yet treated; each treated cell's effect is what it lies above the fit.

    Parameters
    ----------
    frame, outcome, unit, period, first_treated, covariates, cluster, weights
        As in `adoption_panel`.
    meaning
        What the numbers are about.

    Returns
    -------
    EventStudy
        The mean over treated cells that can be imputed, and by time since adoption.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = pd.DataFrame([(f, t, float(f + t + (f < 4) * (t > 2)), (f < 4) * 3)
    ...                      for f in range(9) for t in (1, 2, 3)],
    ...                     columns=["firm", "year", "pay", "since"])
    >>> study = imputation(rows, outcome="pay", unit="firm", period="year",
    ...                    first_treated="since")
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
        covariates=covariates,
        cluster=cluster,
        weights=weights,
    )
    why = why_undefined(panel, controls="not_yet")
    if why is not None:
        return EventStudy(meant.estimate("overall", "imputation_estimator", undefined=why))
    model = _fit(panel)
    if not model.usable.any():
        return EventStudy(meant.estimate("overall", "imputation_estimator", undefined=NO_CELLS))
    return _summarise(model, meant)


def _fit(panel: AdoptionPanel) -> _Model:
    """Fit the untreated outcome and take the gaps."""
    n, t = panel.outcome.shape
    free = ~panel.treated
    x = np.tile(np.eye(t), (n, 1, 1))
    if panel.covariates.shape[2]:
        by_period = [panel.covariates[:, :, [k]] * x for k in range(panel.covariates.shape[2])]
        x = np.concatenate([x, *by_period], axis=2)
    rows = free.ravel()
    units = np.repeat(np.arange(n), t)[rows]
    codes = np.unique(units, return_inverse=True)[1]
    weight = np.repeat(panel.weights, t)[rows]
    table = np.column_stack([panel.outcome.ravel()[rows], x.reshape(n * t, -1)[rows]])
    swept = within(table, codes, weight)
    kept = independent(swept[:, 1:], weight)
    x, swept = x[:, :, kept], swept[:, [0, *(kept + 1)]]
    weighted = swept[:, 1:] * weight[:, None]
    bread = np.linalg.inv(weighted.T @ swept[:, 1:])
    rest = panel.outcome - x @ (bread @ (weighted.T @ swept[:, 0]))
    seen = free.sum(axis=1)
    level = np.divide((rest * free).sum(axis=1), seen, out=np.zeros(n), where=seen > 0)
    usable = ~free & (seen > 0)[:, None] & free.any(axis=0)[None, :]
    return _Model(panel, x, rest - level[:, None], usable, free, bread)


def _summarise(model: _Model, meaning: Meaning) -> EventStudy:
    """Average the effects over all treated cells and by time since adoption."""
    panel = model.panel
    event = panel.periods[None, :] - panel.first[:, None]
    events = np.unique(event[model.usable])
    chosen = [model.usable, *(model.usable & (event == e) for e in events)]
    scores = [_scores(model, cells) for cells in chosen]
    spread = _spread(panel, [first for _, first, _ in scores])
    wide = _spread(panel, [second for _, _, second in scores])
    keys = ["overall", *(f"event_{e:+g}" for e in events)]
    made = [
        _estimate(
            model, key, value, (float(np.sqrt(spread[i, i])), float(np.sqrt(wide[i, i]))), meaning
        )
        for i, (key, (value, *_)) in enumerate(zip(keys, scores, strict=True))
    ]
    return EventStudy(made[0], tuple(made[1:]), tuple(events.tolist()), spread[1:, 1:])


def _spread(panel: AdoptionPanel, scores: list[Floats]) -> Floats:
    """Return the covariance of scores summed within clusters."""
    sums = cluster_sums(np.column_stack(scores), panel.clusters)
    return sums.T @ sums


def _scores(model: _Model, cells: NDArray[np.bool_]) -> tuple[float, Floats, Floats]:
    """Return the weighted mean effect of cells and each unit's scores, shape (N,).

    The second scores give back what centring at cohort means takes from small cohorts: a
    mean of four firms is a quarter of each of them, and a single firm is its own mean.
    """
    panel = model.panel
    weight = panel.weights[:, None] * np.ones_like(panel.outcome)
    target = np.where(cells, weight, 0.0)
    target /= target.sum()
    free = np.where(model.free, weight, 0.0)
    per_unit = free.sum(axis=1)
    unit_mean = np.einsum("nt,ntk->nk", free, model.x)
    unit_mean /= np.where(per_unit > 0, per_unit, 1.0)[:, None]
    mass = target.sum(axis=1)
    pull = np.einsum("nt,ntk->k", target, model.x) - mass @ unit_mean
    slope = model.bread @ pull
    level = np.divide(mass, per_unit, out=np.zeros_like(mass), where=per_unit > 0)
    level -= unit_mean @ slope
    v = target - free * (level[:, None] + model.x @ slope)
    value = float((target * model.effects).sum())
    mean, own = _centre(model, cells, target)
    centred = np.where(cells, model.effects - mean, 0.0)
    alone = cells & (own > 1 - 1e-9)
    given = centred / np.sqrt(1 - np.where(alone, 0.0, own))
    given = np.where(alone, model.effects - value, given)
    both = [np.where(model.free, model.effects, part) for part in (centred, given)]
    first, second = ((v * residual).sum(axis=1) for residual in both)
    return value, first, second


def _centre(model: _Model, cells: NDArray[np.bool_], target: Floats) -> tuple[Floats, Floats]:
    """Return the mean effect of each cohort and period, weights squared, and each one's share."""
    panel = model.panel
    out, own = np.zeros_like(panel.outcome), np.zeros_like(panel.outcome)
    for cohort in np.unique(panel.first[cells.any(axis=1)]):
        rows = panel.first == cohort
        square = target[rows] ** 2
        total = square.sum(axis=0)
        mean = (square * model.effects[rows]).sum(axis=0)
        out[rows] = np.divide(mean, total, out=np.zeros_like(total), where=total > 0)
        own[rows] = np.divide(square, total, out=np.zeros_like(square), where=total > 0)
    return out, own


def _estimate(
    model: _Model, key: str, value: float, errors: tuple[float, float], meaning: Meaning
) -> Estimate:
    """Build one estimate: the error as published, the interval from the one made whole."""
    error, wide = errors[0], max(errors)
    freedom = model.panel.effective_treated() - 1
    return meaning.estimate(
        key,
        "imputation_estimator",
        **wald(value, wide, level=meaning.level, df=freedom, published=error),
        n=model.panel.outcome.size,
        clusters=model.panel.n_clusters,
        behind=model.panel.behind(),
        residual_df=model.panel.residual_df(0, untreated=True),
        inference=INFERENCE.format(clusters=model.panel.n_clusters),
    )
