"""Which unit carries the effect? The mean effect of adoption without each cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from yuyao_lib.methods.adoption import (
    AdoptionPanel,
    Controls,
    Meaning,
    adoption_panel,
    why_undefined,
)
from yuyao_lib.methods.assignments import EffectOf
from yuyao_lib.methods.inference_jackknife import ALONE, LeaveOneOut
from yuyao_lib.methods.inference_randomisation import Estimator, effect_of
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["leave_one_out_effect"]

KEYS = ("all", "lowest", "highest")


def leave_one_out_effect(
    frame: pd.DataFrame,
    *,
    estimator: Estimator = "group_time",
    controls: Controls = "never",
    anticipation: int = 0,
    treated_only: bool = False,
    meaning: Meaning | None = None,
    **columns: Any,
) -> LeaveOneOut:
    """Estimate the mean effect of adoption without each cluster in turn.

    Parameters
    ----------
    frame, columns
        As in `adoption.adoption_panel`.
    estimator, controls, anticipation
        As in `randomisation`.
    treated_only
        Whether only clusters that adopt are left out.
    meaning
        What the number is about.
    """
    meant = meaning or Meaning()
    effect = effect_of(estimator, controls=controls, anticipation=anticipation)
    panel = adoption_panel(frame, **columns)
    why = why_undefined(panel, controls=controls if estimator == "group_time" else "not_yet")
    if why is not None:
        return _nothing(meant, why)
    every = np.arange(panel.n_clusters)
    left = np.unique(panel.clusters[panel.ever]) if treated_only else every
    values = np.array([_without(panel, effect, int(cluster)) for cluster in left])
    if not np.isfinite(values).all():
        return _nothing(meant, ALONE)
    full = _without(panel, effect, -1)
    made = tuple(
        meant.estimate(
            key, "leave_one_out", estimate=value, n=panel.outcome.size, clusters=panel.n_clusters
        )
        for key, value in zip(KEYS, (full, values.min(), values.max()), strict=True)
    )
    heads = {int(c): i for i, c in reversed(list(enumerate(panel.clusters)))}
    labels = tuple(panel.cluster_labels[heads[int(c)]] for c in left)
    most = labels[int(np.abs(values - full).argmax())]
    turned = int((values * full < 0).sum())
    return LeaveOneOut(made, labels, tuple(values.tolist()), most, turned)


def _without(panel: AdoptionPanel, effect: EffectOf, cluster: int) -> float:
    """Return the effect without one cluster; not a number if nothing is left to compare."""
    kept = panel.clusters != cluster
    if not panel.ever[kept].any() or panel.ever[kept].all():
        return float("nan")
    part = panel.select(kept)
    return float(effect(part, part.first, part.outcome[:, :, None])[0][0])


def _nothing(meaning: Meaning, why: Text) -> LeaveOneOut:
    """Return a result that says why there is none."""
    return LeaveOneOut(tuple(meaning.estimate(key, "leave_one_out", undefined=why) for key in KEYS))
