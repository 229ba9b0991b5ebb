"""A discontinuity design as asked and as found.

Lives here: the frozen results and what all estimates of one jump share. Does not live
here: any estimation.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from yuyao_lib.findings import Design, Estimate
from yuyao_lib.methods.coefficients import by_key
from yuyao_lib.methods.discontinuity_bandwidth import Bandwidths
from yuyao_lib.methods.discontinuity_reasons import CAVEAT, COARSE, INFERENCE
from yuyao_lib.methods.local_polynomial import Sides
from yuyao_lib.methods.smaller_sides import Counts, carriers
from yuyao_lib.methods.tabulation import rows_of
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Discontinuity", "Setting", "nothing", "told"]

TOPIC = "discontinuity"
COARSE_VALUES = 20  # fewer distinct values within the width: say so


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What was asked, so that the checks of a design ask the same.

    Attributes
    ----------
    outcome, running, treatment, cluster
        Columns; `treatment` is None in a sharp design.
    cutoff
        Value of `running` from which the rule treats.
    degree, kernel, bandwidth, bias_bandwidth, level
        As in `discontinuity`.
    term, unit, n_unit, cluster_unit
        Vocabulary keys.
    """

    outcome: str
    running: str
    cutoff: float
    treatment: str | None = None
    cluster: str | None = None
    degree: int = 1
    kernel: str = "triangular"
    bandwidth: float | None = None
    bias_bandwidth: float | None = None
    level: float = 0.95
    term: str = "jump_at_cutoff"
    unit: str = "log_points"
    n_unit: str = "persons"
    cluster_unit: str = "clusters"


@dataclass(frozen=True, slots=True, kw_only=True)
class Discontinuity:
    """A jump at a cut-off.

    Attributes
    ----------
    setting
        What was asked.
    estimates
        ``robust`` (corrected for bias, to be told), ``conventional``; in a fuzzy design
        the effect of treatment under these keys, and ``first_stage``, ``reduced_form``.
    bandwidth, bias_bandwidth
        In units of the running variable; None if nothing was estimated.
    n_below, n_above
        Rows within the bandwidth on each side.
    values_below, values_above
        Distinct values of the running variable among them.
    dropped
        Rows left out because a value was missing.
    """

    setting: Setting
    estimates: tuple[Estimate, ...]
    bandwidth: float | None = None
    bias_bandwidth: float | None = None
    n_below: int = 0
    n_above: int = 0
    values_below: int = 0
    values_above: int = 0
    dropped: int = 0

    @property
    def coarse(self) -> bool:
        """Whether the running variable takes few values near the cut-off."""
        return self.bandwidth is not None and (
            min(self.values_below, self.values_above) < COARSE_VALUES
        )

    def estimate(self, key: str) -> Estimate:
        """Return one estimate by its key."""
        return by_key(self.estimates, key)

    def to_frame(self) -> pd.DataFrame:
        """Return one row an estimate."""
        return rows_of(self.estimates)

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


def told(setting: Setting, sides: Sides, width: Bandwidths) -> dict[str, Any]:
    """Return what all estimates of one jump share."""
    used = np.abs(sides.distance) < width.main
    clusters = None if sides.groups is None else len(np.unique(sides.groups[used]))
    values = min(len(np.unique(sides.distance[used & (sides.above == a)])) for a in (True, False))
    return {
        "term": setting.term,
        "unit": setting.unit,
        "method": "fuzzy_discontinuity" if setting.treatment else "regression_discontinuity",
        "design": Design.QUASI,
        "level": setting.level,
        "n": int(used.sum()),
        **_least_on_a_side(sides, used, setting),
        "n_unit": setting.n_unit,
        "clusters": clusters,
        "cluster_unit": None if clusters is None else setting.cluster_unit,
        "inference": INFERENCE[2 if setting.bandwidth is None else 1],
        "caveat": COARSE if values < COARSE_VALUES else CAVEAT,
    }


def _least_on_a_side(sides: Sides, used: Any, setting: Setting) -> Counts:
    """Return the fewest persons and employers that carry a side; None where rows name none."""
    cells = [used & (sides.above == a) for a in (True, False)]
    unit, groups = setting.cluster_unit if sides.groups is not None else "", sides.groups
    people = sides.people if sides.people is not None or unit != "persons" else groups
    persons = None if people is None else min(carriers(np.bincount(people[c])) for c in cells)
    if people is None and setting.n_unit == "persons":
        persons = min(int(c.sum()) for c in cells)
    firms = groups if unit == "firms" else None
    employers = None if firms is None else min(carriers(np.bincount(firms[c])) for c in cells)
    return {"persons": persons, "employers": employers}


def nothing(setting: Setting, why: Text) -> tuple[Estimate, ...]:
    """Return estimates that say why there are none."""
    method = "fuzzy_discontinuity" if setting.treatment else "regression_discontinuity"
    return tuple(
        Estimate(
            key=key, term=setting.term, method=method, unit=setting.unit, design=Design.QUASI,
            n_unit=setting.n_unit, level=setting.level, undefined=why, caveat=CAVEAT,
        )
        for key in ("robust", "conventional")
    )  # fmt: skip
