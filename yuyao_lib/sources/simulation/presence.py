"""Choosing people who are in the register at a time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from yuyao_lib.sources.simulation.careers import Careers
from yuyao_lib.sources.simulation.setting import N_QUARTERS, WINDOW

__all__ = ["Present", "present"]


@dataclass(frozen=True, slots=True)
class Present:
    """Some workers, each with a quarter in which they hold a job; shape (n,)."""

    worker: NDArray[np.int64]
    quarter: NDArray[np.int64]
    job: NDArray[np.int64]


def present(
    rng: np.random.Generator, careers: Careers, n: int, *, able: float = 0.0, low: int = WINDOW
) -> Present:
    """Draw `n` different workers, each in a quarter from `low` on.

    Parameters
    ----------
    rng
        Stream of the subject.
    careers
        The panel.
    n
        How many workers.
    able
        How strongly the abler are preferred, in log odds per sd of ability.
    low
        First quarter allowed.
    """
    n_jobs = careers.worker.shape[1]
    n_draws = 8 * n + 50
    quarter = rng.integers(low, N_QUARTERS, n_draws)
    job = rng.integers(0, n_jobs, n_draws)
    worker = careers.worker[quarter, job].astype(np.int64)
    key = able * careers.workers.ability[worker] + rng.gumbel(size=n_draws)
    order = np.argsort(-key, kind="stable")
    _, first = np.unique(worker[order], return_index=True)
    chosen = order[np.sort(first)[:n]]
    if len(chosen) < n:  # a register too small for the draw: take from everyone ever employed
        raise AssertionError(f"{n} different workers were asked for, {len(chosen)} were found")
    return Present(worker[chosen], quarter[chosen], job[chosen])
