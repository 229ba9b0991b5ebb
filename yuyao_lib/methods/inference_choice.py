"""Which interval to believe when few clusters are treated, and why."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from yuyao_lib.findings import Estimate
from yuyao_lib.methods.adoption import (
    AdoptionPanel,
    Controls,
    Meaning,
    adoption_panel,
    why_undefined,
)
from yuyao_lib.methods.clustered_regression import Design, panel_design, regress
from yuyao_lib.methods.inference_clusters import CRV1, interval
from yuyao_lib.methods.inference_randomisation import (
    MIXED,
    Estimator,
    dates_of,
    effect_of,
    randomisation_test,
)
from yuyao_lib.methods.inference_randomisation import read as read_randomisation
from yuyao_lib.methods.inference_wild import WORDS, wild_test
from yuyao_lib.methods.inference_wild import read as read_wild
from yuyao_lib.methods.influence import covariance
from yuyao_lib.methods.smaller_sides import Counts
from yuyao_lib.methods.tabulation import rows_of
from yuyao_lib.methods.wald_intervals import wald
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["MANY", "VERY_FEW", "ChosenInterval", "choose_interval"]

TOPIC = "contracts"

MANY = 40.0  # effective clusters from which the usual interval holds its size
VERY_FEW = 6  # clusters below which even the wild bootstrap stops telling anything

REASONS = {
    "clustered": Text(
        "{treated} treated clusters, worth {effective:.1f} of equal size: enough for the usual"
        " clustered interval",
        "处理聚类 {treated} 个，相当于等规模 {effective:.1f} 个：可用通常的聚类区间",
    ),
    "wild": Text(
        "{treated} treated clusters, worth {effective:.1f} of equal size: fewer than the usual"
        " clustered interval can rely on, which then tends to be too narrow, so the wild cluster"
        " bootstrap with the null imposed is shown",
        "处理聚类 {treated} 个，相当于等规模 {effective:.1f} 个：不足以支持通常的聚类区间，"
        "该区间此时往往偏窄，故采用施加原假设的野聚类自助法",
    ),
    "randomisation": Text(
        "{treated} treated clusters, worth {effective:.1f} of equal size: too few for the usual"
        " clustered interval, so adoption dates are dealt anew to clusters and the studentised"
        " statistic is compared (randomisation inference)",
        "处理聚类 {treated} 个，相当于等规模 {effective:.1f} 个：不足以支持通常的聚类区间，"
        "故将采用日期在聚类间重新分配并比较学生化统计量（随机化推断）",
    ),
}


@dataclass(frozen=True, slots=True)
class ChosenInterval:
    """The interval to show first, and the others.

    Attributes
    ----------
    chosen
        The one that holds its size in this design.
    others
        The remaining ones.
    reason
        Why this one.
    treated, effective
        Number of treated clusters, and how many of equal size their weights are worth.
    estimator
        Whose intervals these are.
    """

    chosen: Estimate
    others: tuple[Estimate, ...]
    reason: Text
    treated: int
    effective: float
    estimator: Estimator = "group_time"

    @property
    def estimates(self) -> tuple[Estimate, ...]:
        """The chosen interval, then the others."""
        return (self.chosen, *self.others)

    def to_frame(self) -> pd.DataFrame:
        """Return one row an interval, the chosen one first."""
        return rows_of(self.estimates)

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


def choose_interval(
    frame: pd.DataFrame,
    *,
    estimator: Estimator = "group_time",
    controls: Controls = "never",
    anticipation: int = 0,
    draws: int = 999,
    seed: int = 1,
    meaning: Meaning | None = None,
    **columns: Any,
) -> ChosenInterval:
    """Compute every interval for the mean effect and choose one that holds its size.

    Parameters
    ----------
    frame, columns
        As in `adoption.adoption_panel`.
    estimator
        ``group_time``: the regression-adjusted group-time effect, chosen between the
        clustered interval and randomisation; ``two_way_fixed_effects``: the two-way
        coefficient, chosen among these and the wild bootstrap.
    controls, anticipation, draws, seed, meaning
        As in `randomisation`.

    Notes
    -----
    The rule counts the clusters on the smaller side. 40 or more of equal worth (the
    squared sum of their weights over the sum of squares): clustered. Fewer: the wild
    bootstrap with the null imposed where the estimator is a regression and at least 6
    clusters are treated, otherwise randomisation of the studentised statistic.
    """
    meant = meaning or Meaning()
    effect = effect_of(estimator, controls=controls, anticipation=anticipation)
    panel = adoption_panel(frame, **columns)
    regression = estimator == "two_way_fixed_effects"
    why = why_undefined(panel, controls="not_yet" if regression else controls)
    treated, effective = panel.treated_clusters(), panel.effective_treated()
    if why is not None:
        nothing = meant.estimate("effect", "clustered_errors", undefined=why)
        return ChosenInterval(nothing, (), why, treated, effective, estimator)
    found: dict[str, Estimate] = {}
    if regression:
        found["clustered"], found["wild"] = _by_regression(panel, meant, draws, seed)
    else:
        found["clustered"] = _by_influence(panel, effect, meant)
    if dates_of(panel) is None:
        found["randomisation"] = meant.estimate(
            "randomisation", "randomisation_inference", undefined=MIXED
        )
    else:
        test = randomisation_test(panel, effect, draws=draws, seed=seed)
        found["randomisation"] = read_randomisation(test, panel, meant)
    name = _choose(found, treated, _smaller(panel))
    reason = REASONS[name].format(treated=treated, effective=effective)
    behind = panel.behind()
    counts: Counts = {"persons": behind.persons}
    counts |= {"employers": behind.clusters} if meant.cluster_unit == "firms" else {}
    told = {key: replace(e, **counts) for key, e in found.items()}
    others = tuple(estimate for key, estimate in told.items() if key != name)
    return ChosenInterval(told[name], others, reason, treated, effective, estimator)


def _smaller(panel: AdoptionPanel) -> float:
    """Return the effective number of clusters on the smaller side."""
    sides = []
    for side in (panel.ever, panel.first > panel.periods[-1]):
        sums = np.bincount(panel.clusters[side], weights=panel.weights[side])
        sides.append(float(sums.sum() ** 2 / (sums**2).sum()) if side.any() else np.inf)
    return min(sides)


def _choose(found: dict[str, Estimate], treated: int, smaller: float) -> str:
    """Return the name of the interval that holds its size."""
    if smaller >= MANY:
        return "clustered"
    if "wild" in found and treated >= VERY_FEW:
        return "wild"
    if found["randomisation"].undefined is not None:
        return "wild" if "wild" in found else "clustered"
    return "randomisation"


def _by_influence(panel: AdoptionPanel, effect: Any, meaning: Meaning) -> Estimate:
    """Return the clustered interval of the group-time effect."""
    values, influence = effect(panel, panel.first, panel.outcome[:, :, None])
    groups = panel.n_clusters
    error = float(np.sqrt(covariance(influence, panel.clusters)[0, 0]))
    return meaning.estimate(
        "clustered",
        "clustered_errors",
        **wald(values[0], error, level=meaning.level, df=groups - 1),
        n=panel.outcome.size,
        clusters=groups,
        inference=Text(
            f"influence function summed within {groups} clusters, no small-sample factor,"
            " Student's t with G-1 degrees of freedom",
            f"影响函数按 {groups} 个聚类求和，无小样本修正，自由度 G-1 的 t 分布",
        ),
    )


def _by_regression(
    panel: AdoptionPanel, meaning: Meaning, draws: int, seed: int
) -> tuple[Estimate, Estimate]:
    """Return the clustered and the wild interval of the two-way coefficient."""
    columns = panel.treated.astype("float64")[:, :, None]
    design = panel_design(panel, columns, ["treated"])
    fit = regress(design)
    kept = [design.names.index(name) for name in fit.names]
    slim = Design(design.y, design.x[:, kept], fit.names, design.weights, design.clusters)
    value, error = float(fit.values[0]), float(np.sqrt(fit.covariance[0, 0]))
    words = CRV1.format(clusters=fit.clusters, factor=fit.factor)
    usual = interval(meaning, "clustered", "clustered_errors", value, error, fit, words)
    signs = "webb" if fit.clusters < 12 else "rademacher"
    test = wild_test(slim, draws=draws, signs=signs, seed=seed)
    said = WORDS.format(signs=signs, draws=draws, clusters=fit.clusters)
    return usual, read_wild(test, meaning, said, n=fit.n, clusters=fit.clusters)
