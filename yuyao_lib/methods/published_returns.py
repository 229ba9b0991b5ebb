"""Published estimates of returns to skill, in log points, to hold one's own against."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from yuyao_lib.findings import Design, Estimate
from yuyao_lib.methods.tabulation import rows_of
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["PublishedReturns", "published_returns"]

TOPIC = "skill_returns"
AS_PRINTED = Text(
    "As printed, turned from shares into logs; the line spans what was printed, which is no"
    " interval of chance.",
    "按所印数字由比例换算为对数；线段为所印数字的范围，并非随机误差区间。",
)


@dataclass(frozen=True, slots=True)
class PublishedReturns:
    """What others found.

    Attributes
    ----------
    rows
        ``id``, ``low``, ``high`` (shares of pay), ``source``, ``source_year``, ``url``.
    estimates
        One a row: the middle of what was printed, in log points, its ends as low and high.
    """

    rows: pd.DataFrame = field(repr=False)
    estimates: tuple[Estimate, ...]

    @property
    def training_band(self) -> tuple[float, float]:
        """Lowest and highest estimate of training, log points."""
        ends = [e for e in self.estimates if e.key.startswith("training")]
        return min(e.low or 0.0 for e in ends), max(e.high or 0.0 for e in ends)

    def to_frame(self) -> pd.DataFrame:
        """Return one row an estimate."""
        return rows_of(self.estimates)

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


def published_returns(rows: pd.DataFrame) -> PublishedReturns:
    """Turn printed shares into log points.

    Parameters
    ----------
    rows
        As from `yuyao_lib.sources.literature.published_returns`.

    Examples
    --------
    >>> from yuyao_lib.sources import literature
    >>> found = published_returns(literature.published_returns().frame("estimates"))
    >>> [round(end, 3) for end in found.training_band]
    [0.044, 0.074]
    """
    made = []
    for name, low, high in rows[["id", "low", "high"]].itertuples(index=False):
        a, b = float(np.log1p(low)), float(np.log1p(high))
        made.append(
            Estimate(
                key=name, term="published_estimate", method="published_estimate",
                unit="log_points", design=Design.OBSERVATIONAL, estimate=(a + b) / 2, low=a,
                high=b, caveat=AS_PRINTED,
            )
        )  # fmt: skip
    return PublishedReturns(rows, tuple(made))
