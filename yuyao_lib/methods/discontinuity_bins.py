"""What a discontinuity looks like: means by bins of the running variable, and the fitted lines.

Lives here: the numbers of the plot. Does not live here: drawing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from yuyao_lib.errors import InputError, sentence
from yuyao_lib.methods.discontinuity import Discontinuity
from yuyao_lib.methods.local_polynomial import Sides, coefficients

if TYPE_CHECKING:
    import pandas as pd

    from yuyao_lib.methods.adoption import Floats

__all__ = ["BinnedMeans", "binned_means"]

TOPIC = "discontinuity"


@dataclass(frozen=True, slots=True, kw_only=True)
class BinnedMeans:
    """Means by bins on both sides, and the lines whose distance is the jump.

    Attributes
    ----------
    found
        The design.
    middle, mean, low, high
        Shape (b,): middle of each bin, mean of the outcome, its interval (Student's t).
    count
        Shape (b,): rows of each bin.
    lines
        For each side, below first, the running variable and the fitted outcome.
    """

    found: Discontinuity
    middle: Floats = field(repr=False)
    mean: Floats = field(repr=False)
    low: Floats = field(repr=False)
    high: Floats = field(repr=False)
    count: Floats = field(repr=False)
    lines: tuple[tuple[Floats, Floats], ...] = field(repr=False)

    def to_frame(self) -> pd.DataFrame:
        """Return one row a bin."""
        import pandas as pd

        names = ("middle", "mean", "low", "high", "count")
        return pd.DataFrame({name: getattr(self, name) for name in names})

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


def binned_means(
    frame: pd.DataFrame, found: Discontinuity, *, bins: int = 12, reach: float | None = None
) -> BinnedMeans:
    """Average the outcome within bins that never straddle the cut-off.

    Parameters
    ----------
    frame
        The rows the design was estimated on.
    found
        The design.
    bins
        Bins a side, of equal width.
    reach
        How far from the cut-off to look; None: twice the bandwidth. Bins of fewer than
        three rows are left out.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> from yuyao_lib.methods.discontinuity import discontinuity
    >>> x = np.linspace(-1, 1, 800)
    >>> rows = pd.DataFrame({"x": x, "y": 1.0 * (x >= 0) + 0.1 * np.sin(40 * x)})
    >>> base = discontinuity(rows, outcome="y", running="x", cutoff=0)
    >>> len(binned_means(rows, base, bins=4, reach=1).mean)
    8
    """
    if bins < 1:
        raise InputError(sentence("bins", got=bins, allowed="1 or more"))
    setting = found.setting
    held = frame[[setting.outcome, setting.running]].dropna()
    d = held[setting.running].to_numpy("float64") - setting.cutoff
    y = held[setting.outcome].to_numpy("float64")
    if not len(d):
        empty = np.zeros(0)
        return BinnedMeans(found=found, middle=empty, mean=empty, low=empty, high=empty,
                           count=empty, lines=())  # fmt: skip
    wide = reach or (2 * found.bandwidth if found.bandwidth else float(np.abs(d).max()))
    wide = min(wide, float(np.abs(d).max()) * (1 + 1e-9) + 1e-12)
    edges = np.concatenate([np.linspace(-wide, 0, bins + 1), np.linspace(0, wide, bins + 1)[1:]])
    place = np.asarray(np.searchsorted(edges, d, side="right") - 1)
    used = (d >= -wide) & (d < wide)
    parts = _means(place[used], y[used], 2 * bins, setting.level)
    kept = parts[3] >= 3
    middle = setting.cutoff + (edges[:-1] + edges[1:]) / 2
    mean, low, high, count = (part[kept] for part in parts)
    return BinnedMeans(
        found=found, middle=middle[kept], mean=mean, low=low, high=high, count=count,
        lines=_lines(d, y, found),
    )  # fmt: skip


def _means(place: NDArray[np.int64], y: Floats, n: int, level: float) -> tuple[Floats, ...]:
    """Return mean, interval and rows of each bin."""
    from scipy import stats

    count = np.bincount(place, minlength=n).astype("float64")
    safe = np.maximum(count, 1)
    mean = np.bincount(place, weights=y, minlength=n) / safe
    square = np.bincount(place, weights=(y - mean[place]) ** 2, minlength=n)
    free = np.maximum(count - 1, 1)
    reach = stats.t.ppf((1 + level) / 2, free) * np.sqrt(square / free / safe)
    return mean, mean - reach, mean + reach, count


def _lines(d: Floats, y: Floats, found: Discontinuity) -> tuple[tuple[Floats, Floats], ...]:
    """Return the local polynomials as lines to draw, up to the cut-off from both sides."""
    setting, width = found.setting, found.bandwidth
    if width is None or found.estimate("robust").undefined is not None:
        return ()
    sides = Sides(d, y, None, np.zeros_like(y))
    made = []
    for above in (False, True):
        weights, _ = coefficients(
            sides, above=above, bandwidth=width, degree=setting.degree, kernel=setting.kernel
        )
        grid = np.linspace(0, width, 40) if above else np.linspace(-width, 0, 40)
        powers = grid[:, None] ** np.arange(setting.degree + 1)
        made.append((setting.cutoff + grid, powers @ (weights @ y)))
    return tuple(made)
