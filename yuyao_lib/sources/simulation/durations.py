"""How long mediation takes and how it ends: competing risks with one Weibull shape."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from yuyao_lib.sources.simulation.calendar import LAST_DAY, Days
from yuyao_lib.sources.simulation.parameters import Parameters
from yuyao_lib.sources.simulation.setting import Effects

__all__ = ["OUTCOMES", "Spells", "mediate"]

OUTCOMES = ("settled", "arbitration", "litigation", "withdrawn", "open")
SETTLED, ARBITRATION, OPEN = 0, 1, 4


@dataclass(frozen=True, slots=True)
class Spells:
    """Closing day and outcome of every case; arrays have shape (cases,)."""

    closed_on: Days
    outcome: NDArray[np.int64]


def mediate(
    rng: np.random.Generator,
    known: Parameters,
    effects: Effects,
    filed_on: Days,
    after_standard: NDArray[np.bool_],
) -> Spells:
    """Draw how every case ends.

    Each cause has the hazard ``share * shape / scale * (t / scale) ** (shape - 1)``;
    after the standard the settlement hazard is multiplied by its ratio and no other is
    changed. On the last day of the legal limit a share of the cases still open goes to
    arbitration. Days are counted up to the next whole day.
    """
    shape, scale = known.all("settlement_weibull")
    n = len(filed_on)
    causes = np.tile(np.array(known.all("settlement_causes")), (n, 1))
    causes[after_standard, SETTLED] *= effects.settlement
    total = causes.sum(axis=1)
    time = scale * (rng.exponential(size=n) / total) ** (1 / shape)
    cause = (rng.random(n)[:, None] * total[:, None] > np.cumsum(causes, axis=1)).sum(axis=1)
    limit = known["mediation_limit_days"]
    stopped = (time > limit) & (rng.random(n) < known["limit_share"])
    length = np.where(stopped, limit, np.ceil(time)).astype(np.int64)
    outcome = np.where(stopped, ARBITRATION, cause)
    closed_on = filed_on + length
    ended = closed_on <= LAST_DAY
    return Spells(np.where(ended, closed_on, np.datetime64("NaT")), np.where(ended, outcome, OPEN))
