"""Charts of two sides: balance before and after weighting, and scores of both sides."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from yuyao_lib.display.charts import Draw
from yuyao_lib.display.style import COLOURS
from yuyao_lib.vocabulary import Language, Text

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["mirrored", "moved_points"]


def moved_points(
    labels: Sequence[Text],
    before: Sequence[float | None],
    after: Sequence[float | None],
    *,
    names: tuple[Text, Text],
    axis: Text,
    limit: float,
) -> tuple[Draw, float]:
    """Return a chart of a value before and after, one a line, and its height in inches.

    The band within `limit` of zero is shaded; the two kinds of points are named once,
    beside the first line.
    """

    def draw(axes: Axes, language: Language) -> None:
        axes.axvspan(-limit, limit, color=COLOURS["quiet"], alpha=0.18, linewidth=0)
        axes.axvline(0, color=COLOURS["quiet"], linewidth=1)
        top = len(labels) - 1
        for place, (a, b) in enumerate(zip(before, after, strict=True)):
            y = top - place
            if a is not None and b is not None:
                axes.plot([a, b], [y, y], color=COLOURS["quiet"], linewidth=1.2, zorder=1)
            if a is not None:
                axes.plot(a, y, "o", color=COLOURS["blue"], markersize=6.5, zorder=2)
            if b is not None:
                axes.plot(b, y, "D", color=COLOURS["orange"], markersize=6, zorder=3)
        axes.plot([], [], "o", color=COLOURS["blue"], label=names[0].of(language))
        axes.plot([], [], "D", color=COLOURS["orange"], label=names[1].of(language))
        axes.legend(loc="lower left", bbox_to_anchor=(0, 1.0), ncols=2, frameon=False, fontsize=9)
        axes.set_yticks(range(len(labels)), [t.of(language) for t in reversed(labels)])
        axes.set_ylim(-0.6, top + 0.6)
        axes.tick_params(axis="y", length=0, labelcolor=COLOURS["ink"])
        axes.set_xlabel(axis.of(language))
        axes.grid(visible=True, axis="x")
        axes.set_axisbelow(True)
        axes.spines["left"].set_visible(False)

    return draw, 1.55 + 0.34 * len(labels)


def mirrored(
    edges: Sequence[float],
    above: Sequence[float],
    below: Sequence[float],
    *,
    names: tuple[Text, Text],
    across: Text,
    up: Text,
) -> Draw:
    """Return a chart of two histograms over one axis, one upwards and one downwards."""

    def draw(axes: Axes, language: Language) -> None:
        width = [b - a for a, b in pairwise(edges)]
        axes.bar(edges[:-1], above, width, align="edge", color=COLOURS["orange"], linewidth=0)
        axes.bar(
            edges[:-1], [-v for v in below], width, align="edge", color=COLOURS["blue"], linewidth=0
        )
        axes.axhline(0, color=COLOURS["ink"], linewidth=0.8)
        reach = max([*above, *below, 1e-9])
        for sign, name, colour in ((1, names[0], "orange"), (-1, names[1], "blue")):
            axes.text(
                1.01, sign * reach * 0.5, name.of(language), ha="left", va="center",
                color=COLOURS[colour], transform=axes.get_yaxis_transform(),
            )  # fmt: skip
        axes.set_ylim(-reach * 1.1, reach * 1.1)
        axes.yaxis.set_major_formatter(lambda value, _: f"{abs(value):g}")
        axes.set_xlabel(across.of(language))
        axes.set_ylabel(up.of(language))
        axes.grid(visible=True, axis="y")
        axes.set_axisbelow(True)

    return draw
