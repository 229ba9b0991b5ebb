"""Local polynomials on both sides of a cut-off, as weights on the outcomes.

Lives here: kernels, the weights that make a jump from the outcomes, its spread. Does not
live here: how wide to look, and what the jump means.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from yuyao_lib.errors import InputError, sentence
from yuyao_lib.methods.adoption import Floats

__all__ = [
    "KERNELS",
    "Sides",
    "Weights",
    "jump_weights",
    "kernel_of",
    "nearest_residuals",
    "windows",
]

TOPIC = "discontinuity"
KERNELS = ("triangular", "epanechnikov", "uniform")
NEIGHBOURS = 3


@dataclass(frozen=True, slots=True)
class Sides:
    """Rows on both sides of the cut-off.

    Attributes
    ----------
    distance
        Shape (n,): running variable less the cut-off; the side at or above zero is the
        one that a jump is counted towards.
    outcome
        Shape (n,).
    groups
        Shape (n,): number of each row's cluster; None where rows are independent.
    nearest
        Shape (n,): residuals from the nearest rows of the same side.
    people
        Shape (n,): number of each row's person; None where rows name none.
    """

    distance: Floats
    outcome: Floats
    groups: NDArray[np.int64] | None
    nearest: Floats
    people: NDArray[np.int64] | None = None

    @property
    def above(self) -> NDArray[np.bool_]:
        """Which rows lie at or above the cut-off."""
        return self.distance >= 0

    def side(self, *, above: bool) -> Floats:
        """Distances of one side."""
        return self.distance[self.above == above]


@dataclass(frozen=True, slots=True)
class Weights:
    """One coefficient's weights on the outcomes, and the residuals its spread is made of.

    Attributes
    ----------
    on
        Shape (n,): the coefficient is the sum of these times the outcomes.
    residuals
        Shape (n,).
    """

    on: Floats
    residuals: Floats

    def value(self, sides: Sides) -> float:
        """The coefficient."""
        return float(self.on @ sides.outcome)

    def variance(self, sides: Sides) -> float:
        """Its variance; rows of a cluster may depend on each other, on both sides."""
        parts = self.on * self.residuals
        if sides.groups is None:
            return float(parts @ parts)
        used = self.on != 0
        sums = np.bincount(sides.groups[used], weights=parts[used])
        n = len(np.unique(sides.groups[used]))
        return float(n / max(n - 1, 1) * (sums @ sums))

    def __add__(self, other: Weights) -> Weights:
        """Add coefficients of rows that do not overlap."""
        return Weights(self.on + other.on, self.residuals + other.residuals)

    def times(self, factor: float) -> Weights:
        """The coefficient times a number."""
        return Weights(factor * self.on, self.residuals)


def kernel_of(distance: Floats, bandwidth: float, kernel: str) -> Floats:
    """Return weights by distance.

    Examples
    --------
    >>> import numpy as np
    >>> kernel_of(np.array([0.0, 1.0, 3.0]), 2.0, "triangular").tolist()
    [1.0, 0.5, 0.0]
    """
    if kernel not in KERNELS:
        raise InputError(sentence("unknown kernel", got=kernel, allowed=KERNELS))
    u = np.abs(distance) / bandwidth
    inside = (u <= 1).astype("float64")
    if kernel == "uniform":
        return inside
    return np.maximum(1 - u if kernel == "triangular" else 1 - u**2, 0.0)


def coefficients(
    sides: Sides, *, above: bool, bandwidth: float, degree: int, kernel: str
) -> tuple[Floats, Floats]:
    r"""Return what turns the outcomes of one side into a local polynomial.

    Parameters
    ----------
    sides
        Rows.
    above
        Which side.
    bandwidth, degree, kernel
        Of the polynomial.

    Returns
    -------
    weights
        Shape (degree + 1, n): row k times the outcomes is the coefficient of distance
        to the power k; zero outside the side and the bandwidth.
    residuals
        Shape (n,): outcome less the polynomial.
    """
    place = np.flatnonzero(
        (sides.above == above) & (kernel_of(sides.distance, bandwidth, kernel) > 0)
    )
    d = sides.distance[place]
    basis = (d / bandwidth)[:, None] ** np.arange(degree + 1)
    root = np.sqrt(kernel_of(d, bandwidth, kernel))
    solved = np.linalg.pinv(root[:, None] * basis, rcond=1e-12) * root
    scaled = solved / bandwidth ** np.arange(degree + 1)[:, None]
    weights, residuals = np.zeros((degree + 1, len(sides.distance))), np.zeros_like(sides.distance)
    weights[:, place] = scaled
    residuals[place] = sides.outcome[place] - basis @ (solved @ sides.outcome[place])
    return weights, residuals


def side_weights(
    sides: Sides, *, above: bool, bandwidth: float, degree: int, kernel: str, power: int = 0
) -> Weights:
    """Return the weights of one coefficient of one side."""
    on, residuals = coefficients(
        sides, above=above, bandwidth=bandwidth, degree=degree, kernel=kernel
    )
    return Weights(on[power], residuals if sides.groups is not None else _own(sides, on[power]))


def _own(sides: Sides, on: Floats) -> Floats:
    """Return nearest-neighbour residuals where there are weights."""
    return np.where(on != 0, sides.nearest, 0.0)


def jump_weights(
    sides: Sides, *, bandwidth: float, bias_bandwidth: float, degree: int, kernel: str
) -> tuple[Weights, Weights]:
    r"""Return the weights of a jump, as it is and corrected for its bias.

    On each side the intercept of a local polynomial of degree p has the leading bias
    :math:`\sum_i l_i d_i^{p+1} \cdot m^{(p+1)}/(p+1)!`; the last factor is the
    coefficient of a polynomial of degree p + 1 within the bias bandwidth. The corrected
    jump is again a sum of weights times outcomes, so that its spread counts the
    uncertainty of the correction (Calonico, Cattaneo and Titiunik 2014, theorem 1).
    """
    plain, corrected = [], []
    for above in (True, False):
        own = side_weights(
            sides, above=above, bandwidth=bandwidth, degree=degree, kernel=kernel
        )  # fmt: skip
        bend = side_weights(
            sides, above=above, bandwidth=bias_bandwidth, degree=degree + 1, kernel=kernel,
            power=degree + 1,
        )  # fmt: skip
        lean = float(own.on @ sides.distance ** (degree + 1))
        sign = 1.0 if above else -1.0
        plain.append(own.times(sign))
        on = sign * (own.on - lean * bend.on)
        corrected.append(Weights(on, bend.residuals + _rest(own, bend)))
    return plain[0] + plain[1], corrected[0] + corrected[1]


def _rest(own: Weights, bend: Weights) -> Floats:
    """Return residuals of rows that only the narrower polynomial uses."""
    return np.where((own.on != 0) & (bend.on == 0), own.residuals, 0.0)


def nearest_residuals(distance: Floats, outcome: Floats, *, above: NDArray[np.bool_]) -> Floats:
    r"""Return each outcome less that of its nearest rows on the same side, scaled.

    With J neighbours (three, and more where values are tied) the squared residual
    :math:`\frac{J}{J+1}(y_i - \bar y_{J(i)})^2` is unbiased for the variance if the
    mean hardly changes between neighbours (Abadie and Imbens 2006).
    """
    found = np.zeros_like(outcome)
    for side in (above, ~above):
        if side.any():
            found[side] = _nearest(distance[side], outcome[side])
    return found


def _nearest(distance: Floats, outcome: Floats) -> Floats:
    """Return the residuals of one side; rows of one value are neighbours of each other."""
    values, place, counts = np.unique(distance, return_inverse=True, return_counts=True)
    sums = np.concatenate([[0.0], np.cumsum(np.bincount(place, weights=outcome))])
    upto = np.concatenate([[0], np.cumsum(counts)])
    low, high = windows(values, upto, min(NEIGHBOURS, len(distance) - 1))
    others = (upto[high + 1] - upto[low] - 1)[place]
    rest = (sums[high + 1] - sums[low])[place] - outcome
    mean = rest / np.maximum(others, 1)
    return np.where(others > 0, np.sqrt(others / (others + 1)) * (outcome - mean), 0.0)


def windows(
    values: Floats, upto: NDArray[np.int64], wanted: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the first and last value among whose rows each value has its neighbours.

    Examples
    --------
    >>> low, high = windows(np.array([0.0, 1.0, 5.0]), np.array([0, 1, 2, 3]), 1)
    >>> low.tolist(), high.tolist()
    ([0, 0, 1], [1, 1, 2])
    """
    low, high = np.arange(len(values)), np.arange(len(values))
    for _ in range(wanted):
        short = upto[high + 1] - upto[low] - 1 < wanted
        if not short.any():
            break
        below = np.where(low > 0, values - values[np.maximum(low - 1, 0)], np.inf)
        beyond = np.where(
            high < len(values) - 1, values[np.minimum(high + 1, len(values) - 1)] - values, np.inf
        )
        low = np.where(short & (below <= beyond) & np.isfinite(below), low - 1, low)
        high = np.where(short & (beyond <= below) & np.isfinite(beyond), high + 1, high)
    return low, high
