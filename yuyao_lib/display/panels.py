"""Small charts of one kind side by side, each named above.

Lives here: laying them out. Does not live here: what each of them draws.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from yuyao_lib.display.charts import PANEL, Draw, Range
from yuyao_lib.display.style import COLOURS, ON_CARD
from yuyao_lib.vocabulary import Language, Text

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["panels", "small_ranges"]

HIGH = 1.75  # inches of a row
MARKER = 4.5


def panels(items: Sequence[tuple[Text, Draw]], *, columns: int = 2) -> tuple[Draw, float]:
    """Return charts side by side, row by row, and the height in inches.

    Parameters
    ----------
    items
        Name and chart of each; axes are named on the left and at the bottom only.
    columns
        Charts in a row.
    """
    rows = -(-len(items) // columns)

    def draw(axes: Axes, language: Language) -> None:
        axes.set_axis_off()
        spec, figure = axes.get_subplotspec(), axes.get_figure()
        assert spec is not None
        assert figure is not None
        grid = spec.subgridspec(rows, columns)
        for place, (name, paint) in enumerate(items):
            one = figure.add_subplot(grid[place // columns, place % columns], label=PANEL)
            paint(one, language)
            one.set_title(name.of(language), loc="left", fontsize=9.5, color=COLOURS["ink"])
            one.tick_params(labelsize=8.5)
            one.xaxis.label.set_fontsize(9.5)
            one.yaxis.label.set_fontsize(9.5)
            for line in one.lines:
                line.set_markersize(min(float(line.get_markersize()), MARKER))
            if place % columns:
                one.set_ylabel("")
            if place + columns < len(items):
                one.set_xlabel("")

    return draw, 0.5 + HIGH * rows


def small_ranges(
    places: Sequence[float], ranges: Sequence[Range], *, across: Text, up: Text
) -> Draw:
    """Return values with intervals over a numeric axis, for one of many charts.

    All intervals are one object here: a page of twenty charts would else draw hundreds.
    """
    shown = [(x, r) for x, r in zip(places, ranges, strict=True) if r.value is not None]
    known = [(x, r.low, r.high) for x, r in shown if r.low is not None and r.high is not None]

    def draw(axes: Axes, language: Language) -> None:
        from matplotlib.ticker import MaxNLocator

        axes.axhline(0, color=COLOURS["quiet"], linewidth=1)
        blue = COLOURS["blue"]
        if known:
            x, low, high = zip(*known, strict=True)
            axes.vlines(x, low, high, color=blue, linewidth=2.2, capstyle="round")
        if not shown:
            words = "无法估计" if language == "zh" else "cannot be estimated"
            axes.text(0.5, 0.5, words, transform=axes.transAxes, ha="center", bbox=ON_CARD)
        axes.plot([x for x, _ in shown], [r.value for _, r in shown], "o", color=blue)
        axes.xaxis.set_major_locator(MaxNLocator(nbins=6, integer=True))
        axes.yaxis.set_major_locator(MaxNLocator(nbins=4))
        axes.set_xlabel(across.of(language))
        axes.set_ylabel(up.of(language))
        axes.grid(visible=True, axis="y")
        axes.set_axisbelow(True)
        axes.margins(x=0.06)

    return draw
