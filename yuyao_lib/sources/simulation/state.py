"""What a quarter hands to the next: the state of every job, and the events gathered."""

# The type check does not follow numpy, so it cannot infer the type of a new array.
# mypy: disable-error-code="var-annotated"

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["Events", "Jobs", "State"]

Jobs: TypeAlias = NDArray[np.int64]


@dataclass(slots=True)
class Events:
    """Columns of an event table, gathered quarter by quarter."""

    parts: list[dict[str, np.ndarray]] = field(default_factory=list)

    def add(self, **columns: np.ndarray) -> None:
        """Append some rows."""
        self.parts.append(columns)

    def columns(self) -> dict[str, np.ndarray]:
        """Return every column whole."""
        names = self.parts[0]
        return {name: np.concatenate([part[name] for part in self.parts]) for name in names}


class State:
    """What is carried from one quarter to the next, one entry a job."""

    CARRIED = ("worker", "ability", "grade", "waited", "trained", "mentored", "entered")

    def __init__(self, n: int) -> None:
        self.worker = np.zeros(n, dtype=np.int32)
        self.ability = np.zeros(n, dtype=np.float32)
        self.grade = np.zeros(n, dtype=np.int8)
        self.waited = np.zeros(n, dtype=np.int16)
        self.trained = np.zeros(n, dtype=bool)
        self.mentored = np.zeros(n, dtype=bool)
        self.entered = np.zeros(n, dtype=bool)
        self.tenure = np.zeros(n, dtype=np.int16)

    def take(self, jobs: Jobs) -> dict[str, np.ndarray]:
        """Copy what the holders of these jobs carry with them."""
        return {name: getattr(self, name)[jobs] for name in self.CARRIED}

    def put(self, jobs: Jobs, carried: dict[str, np.ndarray]) -> None:
        """Seat workers with what they carry; tenure starts again."""
        for name, values in carried.items():
            getattr(self, name)[jobs] = values
        self.tenure[jobs] = 0
