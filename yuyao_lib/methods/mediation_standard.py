"""How cases end before and under the standard: shares by a horizon."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from yuyao_lib.findings import Estimate
from yuyao_lib.methods.coefficients import Told
from yuyao_lib.methods.competing_risks import CumulativeIncidence, endings
from yuyao_lib.methods.mediation_cases import Cases
from yuyao_lib.methods.tabulation import rows_of
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ONE_SIDE", "WAYS", "Standard", "by_standard"]

TOPIC = "mediation"
WAYS = ("settled", "arbitration", "withdrawn", "litigation")
ONE_SIDE = Text(
    "all cases lie on one side of the date of the standard, so nothing can be compared",
    "所有案件都在标准日期的同一侧，无法比较",
)
FOLLOWED = Text(
    "cases on one side were not watched up to the horizon", "某一侧的案件未观察至截止时点"
)
INDEPENDENT = Text("two independent samples, normal", "两个独立样本，正态分布")


@dataclass(frozen=True, slots=True)
class Standard:
    """Shares ended in each way before and under the standard.

    Attributes
    ----------
    column
        Column that tells the two sides apart.
    sides
        0 (before) and 1 (under the standard) -> cumulative incidence.
    estimates
        Under the standard less before, by the horizon, keyed by the way.
    cases
        Cases on each side.
    horizon
        Days.
    """

    column: str
    sides: Mapping[int, CumulativeIncidence]
    estimates: tuple[Estimate, ...]
    cases: tuple[int, int]
    horizon: float

    def to_frame(self) -> pd.DataFrame:
        """Return one row a way."""
        return rows_of(self.estimates)

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


def by_standard(
    cases: Cases, *, column: str | None = None, horizon: float, level: float = 0.95
) -> Standard:
    """Compare how cases end before and under the standard (Aalen and Johansen 1978).

    Parameters
    ----------
    cases
        What `prepare` returned.
    column
        Column of 0 and 1; None: the cases' own standard.
    horizon
        Days by which shares are told.
    level
        Coverage of the intervals.

    Examples
    --------
    >>> from yuyao_lib.methods.mediation_cases import prepare
    >>> none = prepare(None, standard_from="2022-07-01", until="2023-06-30")
    >>> by_standard(none, horizon=15).estimates[0].undefined.en
    'not run: the table of disputes is missing'
    """
    side = column or cases.standard or ""
    told = Told(method="incidence_difference", n=cases.n, n_unit="cases", level=level,
                inference=INDEPENDENT)  # fmt: skip
    words: dict[str, Any] = {"term": "incidence_change", "unit": "share"}
    if cases.undefined is not None:
        return Standard(
            side, {}, (told.missing("settled", cases.undefined, **words),), (0, 0), horizon
        )
    frame = cases.frame
    held = {k: frame[frame[side] == k] for k in (0, 1)}
    sizes = (len(held[0]), len(held[1]))
    why = ONE_SIDE if not min(sizes) else None
    if why is None and min(f["duration_days"].max() for f in held.values()) < horizon:
        why = FOLLOWED
    if why is not None:
        return Standard(side, {}, (told.missing("settled", why, **words),), sizes, horizon)
    shared: dict[str, Any] = {
        "duration": "duration_days",
        "cause": "way",
        "horizon": horizon,
        "level": level,
    }
    sides = {k: endings(f, n_unit="cases", **shared) for k, f in held.items()}
    return Standard(side, sides, _changes(sides, told, words), sizes, horizon)


def _changes(
    sides: Mapping[int, CumulativeIncidence], told: Told, words: dict[str, Any]
) -> tuple[Estimate, ...]:
    """Return each way's share under the standard less before."""
    before, after = ({e.key: e for e in sides[k].estimates} for k in (0, 1))
    made = []
    for way in (*WAYS, "still_open"):
        one, two = before.get(way), after.get(way)
        if one is None or two is None or one.estimate is None or two.estimate is None:
            continue
        spread = (one.standard_error or 0.0) ** 2 + (two.standard_error or 0.0) ** 2
        few = min(_rarer(one), _rarer(two))  # beside one side's share it tells the other's
        change = two.estimate - one.estimate
        made.append(told.wald(way, change, spread**0.5, persons=few, **words))
    return tuple(made)


def _rarer(share: Estimate) -> int:
    """Return how many cases ended in a way, or in others, whichever is fewer."""
    n = share.n or 0
    hits = round((share.estimate or 0.0) * n)
    return min(hits, n - hits)
