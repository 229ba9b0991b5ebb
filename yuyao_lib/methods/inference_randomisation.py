"""Randomisation inference: the same adoption dates, dealt to other clusters."""

from __future__ import annotations

from functools import partial
from math import comb
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from yuyao_lib.errors import InputError, sentence
from yuyao_lib.findings import Estimate
from yuyao_lib.methods.adoption import (
    AdoptionPanel,
    Controls,
    Floats,
    Meaning,
    adoption_panel,
    check_choice,
    why_undefined,
)
from yuyao_lib.methods.assignments import EffectOf, simple_effect, two_way_effect
from yuyao_lib.methods.cluster_sums import cluster_sums
from yuyao_lib.methods.inversion import Moments, RedrawnTest
from yuyao_lib.progress import watched
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Estimator", "effect_of", "randomisation", "randomisation_test"]

Estimator = Literal["group_time", "two_way_fixed_effects"]
WORDS = Text(
    "randomisation inference on the studentised statistic: the adoption dates dealt anew to the"
    " {clusters} clusters {draws} times; p = (k+1)/(R+1); interval by inverting the test",
    "学生化统计量的随机化推断：将采用日期在 {clusters} 个聚类间重新分配 {draws} 次；"
    "p = (k+1)/(R+1)；区间由检验反演得到",
)
MIXED = Text(
    "adoption dates differ within a cluster, so they cannot be dealt to clusters",
    "同一聚类内采用日期不同，无法在聚类间重新分配",
)
TOO_FEW = Text(
    "only {count} ways to deal the dates: no p-value can fall below {least:.3f}",
    "日期的分配方式仅 {count} 种：p 值不可能低于 {least:.3f}",
)


def effect_of(
    estimator: Estimator, *, controls: Controls = "never", anticipation: int = 0
) -> EffectOf:
    """Return the function that gives an effect for any assignment.

    Raises
    ------
    InputError
        If the estimator is another word.
    """
    check_choice("estimator", estimator, ("group_time", "two_way_fixed_effects"))
    if estimator == "two_way_fixed_effects":
        return two_way_effect
    return partial(simple_effect, controls=controls, anticipation=anticipation)


def why_not_dealt(panel: AdoptionPanel, *, estimator: Estimator, controls: Controls) -> Text | None:
    """Say why dates cannot be dealt anew; None where they can."""
    why = why_undefined(panel, controls=controls if estimator == "group_time" else "not_yet")
    return MIXED if why is None and dates_of(panel) is None else why


def randomisation(
    frame: pd.DataFrame,
    *,
    estimator: Estimator = "group_time",
    controls: Controls = "never",
    anticipation: int = 0,
    draws: int = 999,
    seed: int = 1,
    meaning: Meaning | None = None,
    **columns: Any,
) -> Estimate:
    """Test the mean effect of adoption, and find its interval, by dealing dates anew.

    Parameters
    ----------
    frame, columns
        As in `adoption.adoption_panel`.
    estimator
        The regression-adjusted group-time effect (``simple``), or the two-way coefficient.
    controls, anticipation
        As in `group_time`; the two-way coefficient knows no anticipation.
    draws, seed
        Number of assignments, at least 99, and the seed.
    meaning
        What the number is about.

    Notes
    -----
    The statistic is the estimate over its clustered standard error: the raw coefficient
    rejects far too often when adopters are more volatile. The interval holds values of
    an effect that is the same for all.
    """
    meant = meaning or Meaning()
    if draws < 99:
        raise InputError(sentence("number of draws", got=draws, allowed="at least 99"))
    effect = effect_of(estimator, controls=controls, anticipation=anticipation)
    panel = adoption_panel(frame, **columns)
    why = why_not_dealt(panel, estimator=estimator, controls=controls)
    if why is not None:
        return meant.estimate("randomisation", "randomisation_inference", undefined=why)
    return read(randomisation_test(panel, effect, draws=draws, seed=seed), panel, meant)


def read(test: RedrawnTest, panel: AdoptionPanel, meaning: Meaning) -> Estimate:
    """Turn a redrawn test into an estimate; say when there are too few assignments."""
    found = test.interval(meaning.level)
    draws = len(test.drawn.yy)
    words = WORDS.format(clusters=panel.n_clusters, draws=draws)
    ways = _ways(panel)
    if found is None:
        words = TOO_FEW.format(count=ways, least=1 / max(min(ways, draws + 1), 1))
    return meaning.estimate(
        "randomisation",
        "randomisation_inference",
        estimate=test.estimate,
        low=found[0] if found else None,
        high=found[1] if found else None,
        p_value=test.p_value(),
        n=panel.outcome.size,
        clusters=panel.n_clusters,
        inference=words,
    )


def randomisation_test(
    panel: AdoptionPanel, effect: EffectOf, *, draws: int, seed: int
) -> RedrawnTest:
    """Return the test of a panel under an effect's function.

    Raises
    ------
    InputError
        If adoption dates differ within a cluster.
    """
    dates = dates_of(panel)
    if dates is None:
        raise InputError(MIXED.en + ".")
    both = np.stack([panel.outcome, panel.treated.astype("float64")], axis=2)
    rng = np.random.default_rng(seed)
    observed = _moments(panel, effect, panel.first, both)
    drawn = np.array(
        [
            _moments(panel, effect, rng.permutation(dates)[panel.clusters], both)
            for _ in watched(range(draws), what="assignments")
        ]
    )
    # An assignment that leaves no control or no adopter has no statistic and cannot exceed.
    usable = drawn[np.isfinite(drawn[:, 0])]
    scale = float(np.sqrt(max(observed[2], 0.0))) or 1.0
    estimate = float(observed[0] / observed[1])
    return RedrawnTest(Moments(*map(np.float64, observed)), Moments(*usable.T), estimate, scale)


def dates_of(panel: AdoptionPanel) -> Floats | None:
    """Return each cluster's adoption date; None where dates differ within one."""
    dates = np.full(panel.n_clusters, np.nan)
    dates[panel.clusters] = panel.first
    return dates if (dates[panel.clusters] == panel.first).all() else None


def _ways(panel: AdoptionPanel) -> int:
    """Return in how many ways the dates can be dealt to the clusters."""
    dates = dates_of(panel)
    if dates is None:
        return 0
    left, ways = len(dates), 1
    for count in np.unique(dates, return_counts=True)[1]:
        ways *= comb(left, int(count))
        left -= int(count)
    return ways


def _moments(
    panel: AdoptionPanel, effect: EffectOf, first: Floats, both: Floats
) -> tuple[float, float, float, float, float]:
    """Return value, slope and second moments of an effect under an assignment."""
    values, influence = effect(panel, first, both)
    sums = cluster_sums(influence, panel.clusters)
    spread = sums.T @ sums / len(first) ** 2
    return (
        float(values[0]),
        float(values[1]),
        float(spread[0, 0]),
        float(spread[0, 1]),
        float(spread[1, 1]),
    )
