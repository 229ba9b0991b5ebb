"""Whether the running variable's density is smooth at the cut-off, or people were moved.

Lives here: the test of Cattaneo, Jansson and Ma, from the empirical distribution function.
Does not live here: heaps at single values (``heaping``).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from yuyao_lib.findings import Design, Estimate
from yuyao_lib.methods.coefficients import by_key
from yuyao_lib.methods.discontinuity_reasons import no_one, too_few
from yuyao_lib.methods.local_polynomial import kernel_of
from yuyao_lib.methods.samples import check_level, draw_sample
from yuyao_lib.methods.tabulation import rows_of
from yuyao_lib.methods.wald_intervals import wald
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

    from yuyao_lib.methods.adoption import Floats

__all__ = ["DensityTest", "density_jump"]

TOPIC = "discontinuity"
DEGREE = 2
MOST_REPEATED = 0.2  # share of rows
LEAST_ROWS, LEAST_VALUES = 40, 10
STEEPEST = 0.551  # most that a standard normal's third derivative of the density can be
INFERENCE = Text(
    "robust and corrected for bias: a polynomial one degree higher within the same bandwidth"
    " (Cattaneo, Jansson and Ma 2020)",
    "偏误校正的稳健推断：同一带宽内用高一阶的多项式（Cattaneo、Jansson 与 Ma 2020）",
)
CAVEAT = Text(
    "A jump of the density suggests that some chose their side, or were helped across; no jump does"
    " not prove the opposite.",
    "密度跳跃提示有人选择了自己所在的一侧或被推过临界点；没有跳跃也不能证明相反。",
)
TIES = Text(
    f"{CAVEAT.en} Values are repeated, so the density is one of a rounded variable.",
    f"{CAVEAT.zh}取值有重复，所估为取整后变量的密度。",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DensityTest:
    """The density on both sides of the cut-off.

    Attributes
    ----------
    estimates
        ``density_jump``: density just above the cut-off less that just below.
    bandwidth
        In units of the running variable; None if nothing was estimated.
    below, above
        Density just below and just above.
    n_below, n_above
        Rows within the bandwidth.
    repeated
        Share of rows whose value another row has too.
    """

    running: str
    cutoff: float
    estimates: tuple[Estimate, ...]
    bandwidth: float | None = None
    below: float | None = None
    above: float | None = None
    n_below: int = 0
    n_above: int = 0
    repeated: float = field(default=0.0)

    def estimate(self, key: str) -> Estimate:
        """Return one estimate by its key."""
        return by_key(self.estimates, key)

    def to_frame(self) -> pd.DataFrame:
        """Return one row an estimate."""
        return rows_of(self.estimates)

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


def density_jump(
    frame: pd.DataFrame,
    *,
    running: str,
    cutoff: float,
    bandwidth: float | None = None,
    kernel: str = "triangular",
    level: float = 0.95,
    n_unit: str = "persons",
) -> DensityTest:
    r"""Test whether the density of the running variable jumps at the cut-off.

    On each side a polynomial is fitted to the empirical distribution function; its slope
    at the cut-off is the density, with no bins to choose. The polynomial's degree for the
    test is one above that which the bandwidth is best for, which makes the test robust to
    the bias of the bandwidth. The spread comes from each row's influence on both slopes.

    Parameters
    ----------
    frame
        One row a person.
    running, cutoff
        As in `discontinuity`.
    bandwidth
        In units of `running`; None: the one with the least mean squared error.
    kernel, level, n_unit
        As in `discontinuity`.

    Notes
    -----
    Rows that share a value are spread evenly over one step of the values, from the value
    upwards, so that the cut-off stays the border of both sides.

    The jump is a difference, not a ratio: where one side is all but empty its logarithm is
    hardly known, and a test of the ratio sees least where people were moved most. The
    estimate of a density that is nearly zero may come out below zero.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> rng = np.random.default_rng(0)
    >>> score = np.round(rng.normal(65, 12, 4000), 1)
    >>> lifted = np.where((score >= 57) & (score < 60) & (rng.random(4000) < 0.3), 60.5, score)
    >>> found = density_jump(pd.DataFrame({"score": lifted}), running="score", cutoff=60)
    >>> bool(found.estimates[0].p_value < 0.01)
    True
    """
    check_level(level)
    values = draw_sample(frame, numeric=[running]).frame[running].to_numpy() - cutoff
    told: dict[str, Any] = {
        "key": "density_jump", "term": "density_jump", "method": "local_density",
        "unit": "density_unit", "design": Design.DESCRIPTION, "level": level, "n_unit": n_unit,
    }  # fmt: skip
    repeated = 1 - len(np.unique(values)) / len(values)
    why = _unusable(values)
    if why is not None:
        none = Estimate(**told, n=len(values), undefined=why, caveat=CAVEAT)
        return DensityTest(running=running, cutoff=cutoff, estimates=(none,), repeated=repeated)
    d = np.sort(_spread_ties(values))
    width = _best_width(d, kernel) if bandwidth is None else bandwidth
    slopes, influence = zip(
        *(_slope(d, width, DEGREE + 1, kernel, above=a) for a in (False, True)), strict=True
    )
    near = np.abs(d) < width
    counts = int((near & (d < 0)).sum()), int((near & (d >= 0)).sum())
    error = float(np.sqrt(np.sum((influence[1] - influence[0]) ** 2)))
    made = _told(slopes[1] - slopes[0], error, sum(counts), told, repeated > MOST_REPEATED)
    return DensityTest(
        running=running, cutoff=cutoff, estimates=(made,), bandwidth=width, below=slopes[0],
        above=slopes[1], n_below=counts[0], n_above=counts[1], repeated=repeated,
    )  # fmt: skip


def _told(value: float, error: float, n: int, told: dict[str, Any], ties: bool) -> Estimate:
    """Return the estimate with its interval."""
    interval = wald(value, error, level=told["level"])
    caveat = TIES if ties else CAVEAT
    return Estimate(**told, **interval, n=n, inference=INFERENCE, caveat=caveat)


def _unusable(distance: Floats) -> Text | None:
    """Say why no density can be estimated."""
    for above in (True, False):
        side = distance[(distance >= 0) == above]
        if not len(side):
            return no_one(above=above)
        if len(side) < LEAST_ROWS or len(np.unique(side)) < LEAST_VALUES:
            return too_few(above=above, rows=len(side), values=len(np.unique(side)))
    return None


def _spread_ties(distance: Floats) -> Floats:
    """Spread rows of one value evenly between the values beside it, on its own side."""
    values, place, counts = np.unique(distance, return_inverse=True, return_counts=True)
    if len(values) == len(distance):
        return distance
    gaps = np.diff(values)
    step = float(np.median(gaps))
    order = np.argsort(place, kind="stable")
    rank = np.empty(len(distance))
    rank[order] = np.arange(len(distance)) - np.repeat(np.cumsum(counts) - counts, counts)
    share = (rank + 0.5) / counts[place]
    # a value stands for what was rounded to it: a whole step from it on upwards, so that
    # the cut-off stays the border of both sides
    return values[place] + np.where(counts[place] > 1, step * share, 0.0)


def _slope(
    d: Floats, width: float, degree: int, kernel: str, *, above: bool, power: int = 1
) -> tuple[float, Floats]:
    """Return a coefficient of the polynomial of the distribution function, and influences.

    `d` is sorted. A row j moves the function at every row i at or beyond it; what it adds
    to the coefficient is the sum of the weights of those i, less the mean such sum.
    """
    n = len(d)
    share = (np.arange(n) + 1) / n
    side = ((d >= 0) == above) & (kernel_of(d, width, kernel) > 0)
    basis = (d[side] / width)[:, None] ** np.arange(degree + 1)
    root = np.sqrt(kernel_of(d[side], width, kernel))
    solved = np.linalg.pinv(root[:, None] * basis, rcond=1e-12) * root
    weights = np.zeros(n)
    weights[side] = solved[power] / width**power
    beyond = np.cumsum(weights[::-1])[::-1]
    return float(weights @ share), (beyond - float(weights @ share)) / n


def _best_width(d: Floats, kernel: str) -> float:
    """Return the bandwidth with the least mean squared error of the jump of the density.

    The bias of a quadratic is that of the third derivative of the distribution function,
    which a cubic within a wider pilot width tells; the variance falls with the width.
    """
    bend, doubt, spread = 0.0, 0.0, np.zeros(len(d))
    thumb = max(2.6 * float(d.std(ddof=1)) * len(d) ** -0.2, _holding(d))
    for above in (False, True):
        sign = 1.0 if above else -1.0
        pilot = _pilot_width(d, thumb, kernel, above=above)
        third, parts = _slope(d, pilot, DEGREE + 1, kernel, above=above, power=DEGREE + 1)
        lean = _lean(d, thumb, DEGREE, kernel, above=above, power=1)
        bend += sign * third * lean
        doubt += 3 * lean**2 * float(parts @ parts)
        spread = spread + sign * _slope(d, thumb, DEGREE, kernel, above=above)[1]
    noise = float(spread @ spread) * thumb
    width = (noise / (2 * DEGREE * (bend**2 + doubt))) ** (1 / (2 * DEGREE + 1))
    return max(min(width, max(float(-d[0]), float(d[-1]))), _holding(d))


def _pilot_width(d: Floats, thumb: float, kernel: str, *, above: bool) -> float:
    """Return the width for the third derivative if the next is as bent as a normal's can be."""
    power = DEGREE + 1
    parts = _slope(d, thumb, power, kernel, above=above, power=power)[1]
    noise = float(parts @ parts) * thumb ** (2 * power - 1)
    bend = _lean(d, thumb, power, kernel, above=above, power=power)
    bend *= STEEPEST / math.factorial(power + 1) / float(d.std(ddof=1)) ** (power + 1)
    width = ((2 * power - 1) * noise / (2 * bend**2)) ** (1 / (2 * power + 1))
    return max(width, thumb)


def _lean(d: Floats, width: float, degree: int, kernel: str, *, above: bool, power: int) -> float:
    """Return what the next power of the distance adds to a coefficient, at width one."""
    side = ((d >= 0) == above) & (kernel_of(d, width, kernel) > 0)
    u = d[side] / width
    root = np.sqrt(kernel_of(d[side], width, kernel))
    solved = np.linalg.pinv(root[:, None] * u[:, None] ** np.arange(degree + 1), rcond=1e-12) * root
    return float(solved[power] @ u ** (degree + 1))


def _holding(d: Floats) -> float:
    """Return the width that holds enough rows on each side."""
    found = 0.0
    for above in (True, False):
        side = np.sort(np.abs(d[(d >= 0) == above]))
        found = max(found, float(side[min(LEAST_ROWS, len(side)) - 1]))
    return found * (1 + 1e-8) + 1e-12
