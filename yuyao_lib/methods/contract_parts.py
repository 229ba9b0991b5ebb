"""The mean effect among some firms, with an interval for few of them.

Lives here: a mean group-time effect with its influence summed by firm, and its estimate with
Student's t. Does not live here: which firms are compared.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from yuyao_lib.findings import Estimate
from yuyao_lib.methods.adoption import Controls, Meaning, adoption_panel, why_undefined
from yuyao_lib.methods.assignments import simple_effect
from yuyao_lib.methods.event_windows import FEWEST, TOO_FEW
from yuyao_lib.methods.influence import covariance
from yuyao_lib.methods.smaller_sides import NOBODY, Behind
from yuyao_lib.methods.wald_intervals import wald
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["FirmPart", "estimate_with_t", "panel_columns", "part_of_firms"]


def panel_columns(outcome: str) -> dict[str, Any]:
    """Return the columns of a panel of firms and quarters."""
    return {
        "outcome": outcome,
        "unit": "employer_id",
        "period": "period",
        "first_treated": "first_contract",
        "weights": "workers",
    }


@dataclass(frozen=True, slots=True)
class FirmPart:
    """An effect, its standard error, and how many firms and persons are behind it."""

    value: float
    error: float
    treated: int
    firms: int
    rows: int
    why: Text | None = None
    behind: Behind = NOBODY


def part_of_firms(
    rows: pd.DataFrame, outcome: str, controls: Controls, anticipation: int
) -> FirmPart:
    """Estimate the effect among some of the firms."""
    why_few = TOO_FEW.format(fewest=FEWEST)
    if rows.empty:
        return FirmPart(0.0, 0.0, 0, 0, 0, why_few)
    panel = adoption_panel(rows, **panel_columns(outcome))
    why = why_undefined(panel, controls=controls)
    if why is not None or panel.treated_clusters() < FEWEST:
        return FirmPart(0.0, 0.0, 0, 0, 0, why or why_few, panel.behind())
    values, influence = simple_effect(
        panel,
        panel.first,
        panel.outcome[:, :, None],
        controls=controls,
        anticipation=anticipation,
    )
    error = float(np.sqrt(covariance(influence, panel.clusters)[0, 0]))
    treated = panel.treated_clusters()
    return FirmPart(
        float(values[0]), error, treated, panel.n_clusters, panel.outcome.size,
        behind=panel.behind(),
    )  # fmt: skip


def estimate_with_t(
    meaning: Meaning, key: str, method: str, part: FirmPart, df: int, words: Text, **more: Any
) -> Estimate:
    """Build an estimate whose interval uses Student's t."""
    return meaning.estimate(
        key,
        method,
        **wald(part.value, part.error, level=meaning.level, df=df),
        n=part.rows,
        clusters=part.firms,
        behind=part.behind,
        residual_df=max(part.rows - 2, 0),
        inference=words,
        **more,
    )
