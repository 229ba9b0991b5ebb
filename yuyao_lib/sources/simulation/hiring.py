"""Who comes into a job: first grades, first tenures, and which mover goes where."""

# The type check does not follow numpy, so it cannot infer the type of a new array.
# mypy: disable-error-code="var-annotated"

from __future__ import annotations

from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from yuyao_lib.sources.simulation.parameters import Parameters

__all__ = ["LONGEST", "first_grades", "first_tenures", "rank_key"]

LONGEST = 120  # quarters of tenure a job can start the panel with


def rank_key(rng: np.random.Generator, z: NDArray[np.float32], rho: float) -> np.ndarray:
    """Return a rank key; two such keys, matched by rank, correlate their `z` by `rho`."""
    return np.sqrt(rho) * z + np.sqrt(1 - rho) * rng.standard_normal(len(z))


def first_tenures(known: Parameters) -> NDArray[np.float64]:
    """Return the share at each tenure where hazards have long been as they are."""
    year, three, longer = known.all("separation_hazards")
    tenure = np.arange(LONGEST)
    hazard = np.where(tenure < 4, year, np.where(tenure < 12, three, longer))
    alive = np.cumprod(np.concatenate([[1.0], 1 - hazard[:-1]]))
    return alive / alive.sum()


def first_grades(
    rng: np.random.Generator, ability: NDArray[np.float32], known: Parameters
) -> NDArray[np.int8]:
    """Draw first grades: the given shares, the abler higher."""
    keep = known["grade_ability_correlation"]
    latent = keep * ability + np.sqrt(1 - keep**2) * rng.standard_normal(len(ability))
    cuts = [NormalDist().inv_cdf(p) for p in np.cumsum(known.all("grade_shares"))[:-1]]
    return np.searchsorted(np.array(cuts), latent).astype(np.int8)
