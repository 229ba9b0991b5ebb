"""Heaps at a value: how many rows are there that a smooth distribution would not have.

Lives here: excess above a value and shortfall below it. Does not live here: what a heap
means for a design.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from yuyao_lib.errors import InputError, sentence
from yuyao_lib.findings import Design, Estimate
from yuyao_lib.methods.coefficients import by_key
from yuyao_lib.methods.samples import check_level, draw_sample
from yuyao_lib.methods.tabulation import rows_of
from yuyao_lib.methods.wald_intervals import wald
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

    from yuyao_lib.methods.adoption import Floats

__all__ = ["Heaping", "heaping"]

TOPIC = "discontinuity"
INFERENCE = Text(
    "the count's own Poisson error and that of the smooth curve, normal",
    "计数自身的泊松误差与平滑曲线的误差，正态分布",
)
CAVEAT = Text(
    "A heap says that scores near the mark were not all awarded as others were; it does not say"
    " by whom or why.",
    "堆积说明临界点附近的分数并非都按同样方式给出；它不说明由谁、为何。",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heaping:
    """Counts by value, and what a smooth curve expects.

    Attributes
    ----------
    running
        Column.
    at, below, above
        The value, and how far below and above it rows may have been moved.
    estimates
        ``heaped_above`` and ``missing_below``: rows beyond and short of the smooth curve.
    edges
        Shape (b + 1,): borders of the bins.
    counts, expected
        Shape (b,): rows of each bin, and what the curve expects; empty if not fitted.
    """

    running: str
    at: float
    below: float
    above: float
    estimates: tuple[Estimate, ...]
    edges: Floats = field(repr=False)
    counts: Floats = field(repr=False)
    expected: Floats = field(repr=False)

    def estimate(self, key: str) -> Estimate:
        """Return one estimate by its key."""
        return by_key(self.estimates, key)

    def to_frame(self) -> pd.DataFrame:
        """Return one row an estimate."""
        return rows_of(self.estimates)

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


def heaping(
    frame: pd.DataFrame,
    *,
    running: str,
    at: float,
    below: float,
    above: float,
    bin_width: float = 1.0,
    reach: float = 20.0,
    degree: int = 4,
    level: float = 0.95,
    n_unit: str = "persons",
) -> Heaping:
    r"""Count rows in excess just above a value and missing just below it.

    A Poisson regression of the counts on a polynomial of the value, fitted without the
    window from `at` less `below` to `at` plus `above`, says what a smooth distribution
    would have inside it (after Chetty et al. 2011, with counts as counts). The excess is
    the count less that; its variance adds the count's own to the curve's.

    Parameters
    ----------
    frame
        One row a person.
    running
        Column of the score.
    at
        The value from which there is a reason to lift scores.
    below, above
        How far scores may have been moved from, and to.
    bin_width
        Of the bins, which begin at `at` in both directions.
    reach
        Bins further away than this are not used.
    degree
        Of the polynomial.
    level, n_unit
        As in `discontinuity`.

    Raises
    ------
    DataError, InputError
        If the column, a width or the degree cannot be used.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> score = np.repeat(np.arange(40, 80), 50).astype(float)
    >>> score = np.where((score == 59) & (np.arange(2000) % 2 == 0), 60, score)
    >>> found = heaping(pd.DataFrame({"score": score}), running="score", at=60, below=1, above=1)
    >>> [round(e.estimate) for e in found.estimates]
    [25, 25]
    """
    check_level(level)
    for name, value in (
        ("bin width", bin_width),
        ("below", below),
        ("above", above),
        ("reach", reach),
    ):
        if not value > 0:
            raise InputError(sentence(name, got=value, allowed="above zero"))
    values = draw_sample(frame, numeric=[running]).frame[running].to_numpy()
    edges = _edges(at, bin_width, reach, values)
    counts = np.histogram(values[values < edges[-1]], bins=edges)[0].astype("float64")
    told: dict[str, Any] = {
        "method": "smooth_counts", "unit": n_unit, "n_unit": n_unit, "level": level,
        "design": Design.DESCRIPTION, "n": int(counts.sum()), "caveat": CAVEAT,
    }  # fmt: skip
    middle = (edges[:-1] + edges[1:]) / 2
    inside = {
        "heaped_above": (middle > at) & (middle < at + above),
        "missing_below": (middle < at) & (middle > at - below),
    }
    outside = ~(inside["heaped_above"] | inside["missing_below"])
    fitted = _fit(middle - at, counts, outside, degree, reach)
    if isinstance(fitted, Text):
        none = tuple(Estimate(key=k, term=k, undefined=fitted, **told) for k in inside)
        return Heaping(running=running, at=at, below=below, above=above, estimates=none,
                       edges=edges, counts=counts, expected=np.zeros(0))  # fmt: skip
    expected, basis, covariance = fitted
    made = tuple(
        _excess(key, counts, expected, basis, covariance, where, told)
        for key, where in inside.items()
    )
    return Heaping(running=running, at=at, below=below, above=above, estimates=made,
                   edges=edges, counts=counts, expected=expected)  # fmt: skip


def _edges(at: float, width: float, reach: float, values: Floats) -> Floats:
    """Return borders of bins on both sides, within the reach and the values."""
    down = int(np.ceil(round(min(reach, max(at - float(values.min()), 0.0)) / width, 9)))
    up = int(np.floor(round(min(reach, max(float(values.max()) - at, 0.0)) / width, 9))) + 1
    return at + width * np.arange(-down, up + 1)


def _fit(
    distance: Floats, counts: Floats, outside: Any, degree: int, reach: float
) -> tuple[Floats, Floats, Floats] | Text:
    """Fit the counts outside the window; return expected counts, basis and covariance."""
    import statsmodels.api as sm

    basis = (distance / reach)[:, None] ** np.arange(degree + 1)
    sides = [int((outside & side).sum()) for side in (distance < 0, distance > 0)]
    if min(sides) < 2 or sum(sides) < degree + 3:
        return Text(
            f"{sides[0]} bins below and {sides[1]} above the window are too few for a curve",
            f"窗口以下 {sides[0]} 个、以上 {sides[1]} 个区间，不足以拟合曲线",
        )
    if counts[outside].sum() < 10 * (degree + 1):
        return Text(
            f"only {int(counts[outside].sum())} rows lie outside the window",
            f"窗口之外只有 {int(counts[outside].sum())} 行",
        )
    fit = sm.GLM(counts[outside], basis[outside], family=sm.families.Poisson()).fit()
    # a curve that does not fit well enough must not look precise
    spread = max(float(fit.pearson_chi2) / max(int(fit.df_resid), 1), 1.0)
    return np.exp(basis @ fit.params), basis, np.asarray(fit.cov_params()) * spread


def _excess(
    key: str, counts: Floats, expected: Floats, basis: Floats, covariance: Floats, where: Any,
    told: dict[str, Any],
) -> Estimate:  # fmt: skip
    """Return how many rows are beyond the curve, or short of it."""
    seen, smooth = float(counts[where].sum()), float(expected[where].sum())
    slope = expected[where] @ basis[where]
    error = float(np.sqrt(smooth + slope @ covariance @ slope))
    value = seen - smooth if key == "heaped_above" else smooth - seen
    interval = wald(value, error, level=told["level"])
    return Estimate(key=key, term=key, **interval, inference=INFERENCE, **told)
