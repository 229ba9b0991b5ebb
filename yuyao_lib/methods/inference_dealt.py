"""The statistic among those of the deals: what randomisation inference compares."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from yuyao_lib.methods.adoption import Controls, Meaning, adoption_panel
from yuyao_lib.methods.inference_randomisation import (
    Estimator,
    effect_of,
    randomisation_test,
    why_not_dealt,
)
from yuyao_lib.methods.smaller_sides import NOBODY, Behind
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Dealt", "dealt_statistics"]

TOPIC = "deals"


@dataclass(frozen=True, slots=True)
class Dealt:
    """The observed statistic and those of dates dealt anew.

    Attributes
    ----------
    observed
        Estimate over its clustered standard error, without sign.
    dealt
        The same for each deal.
    p_value
        Share of deals that reach the observed one, counting the observed.
    undefined
        Why there are none.
    behind
        Who stands behind the observed one.
    """

    observed: float
    dealt: tuple[float, ...] = field(repr=False)
    p_value: float
    undefined: Text | None = None
    behind: Behind = NOBODY

    def to_frame(self) -> pd.DataFrame:
        """Return one row a deal."""
        import pandas as pd

        return pd.DataFrame({"statistic": self.dealt})

    def _repr_html_(self) -> str:
        return self.to_frame().describe().to_html()


def dealt_statistics(
    frame: pd.DataFrame,
    *,
    estimator: Estimator = "group_time",
    controls: Controls = "never",
    anticipation: int = 0,
    draws: int = 999,
    seed: int = 1,
    meaning: Meaning | None = None,
    **columns: Any,
) -> Dealt:
    """Return the studentised effect of the dates as they were and of dates dealt anew.

    Parameters
    ----------
    frame, estimator, controls, anticipation, draws, seed, meaning, columns
        As in `randomisation`; with the same seed these are the deals behind its p-value.
    """
    effect = effect_of(estimator, controls=controls, anticipation=anticipation)
    panel = adoption_panel(frame, **columns)
    why = why_not_dealt(panel, estimator=estimator, controls=controls)
    if why is not None:
        return Dealt(0.0, (), 1.0, why)
    test = randomisation_test(panel, effect, draws=draws, seed=seed)
    dealt = np.asarray(test.drawn.statistic(0.0), dtype="float64")
    observed = float(test.observed.statistic(0.0))
    return Dealt(observed, tuple(dealt.tolist()), test.p_value(), behind=panel.behind())
