"""Charts around a cut-off: binned means with lines, and counts with what is smooth.

Lives here: drawing on axes. Does not live here: what the results mean.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from yuyao_lib.display.charts import Draw
from yuyao_lib.display.style import COLOURS, ON_CARD
from yuyao_lib.vocabulary import Language, Text

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from yuyao_lib.methods.adoption import Floats

__all__ = ["counts_around", "means_around"]


def means_around(
    cutoff: float,
    points: tuple[Floats, Floats, Floats, Floats],
    lines: Sequence[tuple[Floats, Floats]],
    *,
    across: Text,
    up: Text,
) -> Draw:
    """Return a chart of binned means with intervals and a line on each side.

    Parameters
    ----------
    cutoff
        Where the dashed line stands.
    points
        Middle, mean, low and high of each bin.
    lines
        For each side the running variable and the fitted outcome.
    across, up
        Names of the axes.
    """
    middle, mean, low, high = points

    def draw(axes: Axes, language: Language) -> None:
        for above, colour in ((False, COLOURS["blue"]), (True, COLOURS["orange"])):
            side = (middle >= cutoff) == above
            axes.vlines(
                middle[side], low[side], high[side], color=colour, alpha=0.45, linewidth=1.6
            )
            axes.plot(middle[side], mean[side], "o", color=colour, markersize=5)
        for (x, y), colour in zip(lines, (COLOURS["blue"], COLOURS["orange"]), strict=False):
            axes.plot(x, y, color=colour, linewidth=2.2)
        _cut(axes, cutoff)
        axes.set_xlabel(across.of(language))
        axes.set_ylabel(up.of(language))
        axes.grid(visible=True, axis="y")
        axes.set_axisbelow(True)

    return draw


def counts_around(
    at: float, edges: Floats, counts: Floats, expected: Floats, window: tuple[float, float], *,
    across: Text, up: Text, smooth: Text, seen: np.ndarray | None = None,
) -> Draw:  # fmt: skip
    """Return a histogram with a smooth curve through the bars outside a window.

    Bars that are not `seen` are left out.
    """

    def draw(axes: Axes, language: Language) -> None:
        width = edges[1] - edges[0]
        low, high = window
        inside = (edges[:-1] >= low - 1e-9) & (edges[1:] <= high + 1e-9)
        shown = np.ones(len(counts), dtype=bool) if seen is None else seen
        for part, colour in ((~inside, COLOURS["sky"]), (inside, COLOURS["orange"])):
            chosen = part & shown
            axes.bar(
                edges[:-1][chosen], counts[chosen], width=width * 0.94, align="edge", color=colour,
                linewidth=0,
            )  # fmt: skip
        if len(expected):
            middle = (edges[:-1] + edges[1:]) / 2
            axes.plot(middle, expected, color=COLOURS["ink"], linewidth=1.8)
            place = int(0.8 * (len(middle) - 1))
            axes.annotate(
                smooth.of(language), (middle[place], expected[place]), xytext=(0.99, 0.93),
                textcoords="axes fraction", ha="right", fontsize=9, color=COLOURS["ink"],
                bbox=ON_CARD,
                arrowprops={"arrowstyle": "-", "color": COLOURS["ink"], "linewidth": 0.8},
            )  # fmt: skip
        axes.set_ylim(0, 1.14 * max(counts.max(initial=1), expected.max(initial=1)))
        _cut(axes, at)
        axes.set_xlabel(across.of(language))
        axes.set_ylabel(up.of(language))
        axes.grid(visible=True, axis="y")
        axes.set_axisbelow(True)

    return draw


def _cut(axes: Axes, cutoff: float) -> None:
    """Mark the cut-off."""
    axes.axvline(cutoff, color=COLOURS["quiet"], linewidth=1.2, linestyle=(0, (5, 3)))
