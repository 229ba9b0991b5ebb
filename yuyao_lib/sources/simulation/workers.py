"""The people of the register: what is known about each and does not change."""

# The type check does not follow numpy, so it cannot infer the type of a new array.
# mypy: disable-error-code="var-annotated"

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from yuyao_lib.sources.simulation.calendar import Days, first_day
from yuyao_lib.sources.simulation.parameters import Parameters

__all__ = ["OCCUPATIONS", "WorkerBook", "Workers"]

OCCUPATIONS = (
    "assembler",
    "machine_operator",
    "injection_moulder",
    "fitter",
    "welder",
    "electrician",
    "tool_maker",
    "inspector",
    "warehouse",
    "driver_rider",
    "clerk",
    "technician_staff",
)
SCHOOLING = (6, 9, 12, 15, 16, 19)
SCHOOLING_SHARES = (0.06, 0.38, 0.30, 0.15, 0.10, 0.01)


@dataclass(frozen=True, slots=True)
class Workers:
    """Everyone who was ever in the register; all arrays have shape (n_workers,)."""

    ability: NDArray[np.float32]
    birth_year: NDArray[np.int16]
    female: NDArray[np.bool_]
    education: NDArray[np.int8]
    local: NDArray[np.bool_]
    occupation: NDArray[np.int8]
    entry_on: Days


class WorkerBook:
    """Enters people and hands out their places; closed when the panel is done."""

    def __init__(self, rng: np.random.Generator, known: Parameters) -> None:
        self.rng = rng
        self.n = 0
        self.ability: list[NDArray[np.float32]] = []
        self.entry_on: list[Days] = []
        self.entry_year: list[NDArray[np.int64]] = []

    def enter(
        self,
        ability: NDArray[np.float32],
        grade: NDArray[np.int8],
        t: int,
        tenure: np.ndarray | int,
    ) -> NDArray[np.int32]:
        """Enter new people and return their places."""
        n = len(ability)
        start = first_day(np.broadcast_to(t - np.asarray(tenure, dtype=np.int64), n))
        self.ability.append(ability)
        self.entry_on.append(start + self.rng.integers(0, 90, n))
        self.entry_year.append(start.astype("datetime64[Y]").astype(np.int64) + 1970)
        places = np.arange(self.n, self.n + n, dtype=np.int32)
        self.n += n
        return places

    def close(self) -> Workers:
        """Draw what else is known of everybody."""
        rng, n = self.rng, self.n
        ability = np.concatenate(self.ability)
        year = np.concatenate(self.entry_year)
        age = 17 + np.clip(rng.gamma(3.0, 5.0, n), 0, 41)
        birth = np.clip(np.floor(year - age), 1960, 2006).astype(np.int16)
        return Workers(
            ability=ability,
            birth_year=birth,
            female=rng.random(n, dtype=np.float32) < 0.44,
            education=rng.choice(np.array(SCHOOLING, dtype=np.int8), n, p=SCHOOLING_SHARES),
            local=rng.random(n, dtype=np.float32) < 0.48,
            occupation=rng.choice(len(OCCUPATIONS), n).astype(np.int8),
            entry_on=np.concatenate(self.entry_on),
        )
