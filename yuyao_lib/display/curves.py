"""Charts of curves: steps or smooth lines with bands, each named where it ends.

Lives here: lines over a numeric axis, for any topic. Does not live here: what they mean.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from yuyao_lib.display.charts import Draw
from yuyao_lib.display.style import COLOURS, CYCLE, ON_CARD
from yuyao_lib.vocabulary import Language, Text

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Line", "Mark", "curves", "spread"]

GAP = 0.075  # of the height of the axes, between two names


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line as charts draw it.

    Attributes
    ----------
    x, y
        Its points, x ascending.
    label
        Its name, written where it ends; None for a line that needs none.
    low, high
        Band around it.
    step
        Whether y holds from one x to the next, as in shares of a sample.
    colour
        One of the colours of the style; None: the next of the cycle.
    dashed
        Whether it is drawn in dashes, as what the others are held against.
    """

    x: Sequence[float]
    y: Sequence[float]
    label: Text | None = None
    low: Sequence[float] | None = None
    high: Sequence[float] | None = None
    step: bool = False
    colour: str | None = None
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """A point that is named, such as a median."""

    x: float
    y: float
    label: Text


def curves(
    lines: Sequence[Line],
    *,
    across: Text,
    up: Text,
    marks: Sequence[Mark] = (),
    limits: tuple[float, float] | None = (0.0, 1.0),
) -> Draw:
    """Return a chart of lines with their bands.

    Parameters
    ----------
    lines
        In the order in which they are drawn and coloured.
    across, up
        Names of the axes.
    marks
        Points to name; lines lead from them to both axes.
    limits
        Lowest and highest value of the axis upwards; None: as the lines need.
    """
    shades = [line.colour or CYCLE[i % len(CYCLE)] for i, line in enumerate(lines)]

    def draw(axes: Axes, language: Language) -> None:
        from matplotlib.ticker import MaxNLocator

        for line, shade in zip(lines, shades, strict=True):
            _one(axes, line, COLOURS[shade])
        if limits is not None:
            reach = 0.03 * (limits[1] - limits[0])
            axes.set_ylim(limits[0] - reach, limits[1] + reach)
        axes.set_xlim(left=0, right=max((max(line.x) for line in lines if len(line.x)), default=1))
        for mark in marks:
            _mark(axes, mark, language)
        _names(axes, lines, shades, language)
        axes.xaxis.set_major_locator(MaxNLocator(nbins=8, steps=[1, 2, 5, 10]))
        axes.set_xlabel(across.of(language))
        axes.set_ylabel(up.of(language))
        axes.grid(visible=True, axis="y")
        axes.set_axisbelow(True)

    return draw


def _one(axes: Axes, line: Line, colour: str) -> None:
    """Draw one line and its band."""
    kind = "steps-post" if line.step else "default"
    if line.low is not None and line.high is not None:
        axes.fill_between(
            line.x, line.low, line.high, step="post" if line.step else None, color=colour,
            alpha=0.16, linewidth=0,
        )  # fmt: skip
    style = (0, (5, 2)) if line.dashed else "-"
    axes.plot(line.x, line.y, drawstyle=kind, color=colour, linestyle=style, linewidth=1.8)


def _mark(axes: Axes, mark: Mark, language: Language) -> None:
    """Name a point, with thin lines to both axes."""
    quiet = COLOURS["quiet"]
    corner = [mark.y, mark.y, axes.get_ylim()[0]]
    axes.plot([0, mark.x, mark.x], corner, ":", color=quiet, linewidth=1.2, zorder=1)
    axes.plot(mark.x, mark.y, "o", color=COLOURS["ink"], markersize=5.5, zorder=4)
    axes.annotate(
        mark.label.of(language),
        (mark.x, mark.y),
        xytext=(8, 7),
        textcoords="offset points",
        fontsize=9.5,
        color=COLOURS["ink"],
        bbox=ON_CARD,
    )


def _names(axes: Axes, lines: Sequence[Line], shades: Sequence[str], language: Language) -> None:
    """Write each line's name beside the place where it ends, moved apart where they touch."""
    low, high = axes.get_ylim()
    named = [(i, line) for i, line in enumerate(lines) if line.label is not None and len(line.y)]
    places = spread([(line.y[-1] - low) / (high - low) for _, line in named], gap=GAP)
    for (i, line), place in zip(named, places, strict=True):
        style = "--" if line.dashed else "-"
        axes.plot(
            [1.012, 1.04], [place, place], style, color=COLOURS[shades[i]], linewidth=2.2,
            transform=axes.transAxes, clip_on=False,
        )  # fmt: skip
        axes.text(
            1.052, place, line.label.of(language) if line.label else "", va="center", fontsize=9,
            color=COLOURS["ink"], transform=axes.transAxes,
        )  # fmt: skip


def spread(wanted: Sequence[float], *, gap: float) -> list[float]:
    """Move places apart until each is at least a gap from the next, changing little.

    Places are shares of a height: none goes below 0.02 or, where there is room, above 0.98.

    Examples
    --------
    >>> [round(v, 3) for v in spread([0.5, 0.5, 0.1], gap=0.1)]
    [0.45, 0.55, 0.1]
    """
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    groups: list[list[float]] = []  # sum of wanted centres, members
    for i in order:
        groups.append([wanted[i], 1.0])
        while len(groups) > 1 and _touch(groups[-2], groups[-1], gap):
            total, members = groups.pop()
            groups[-1] = [groups[-1][0] + total, groups[-1][1] + members]
    placed: list[float] = []
    for total, members in groups:
        first = total / members - gap * (members - 1) / 2
        placed += [first + gap * k for k in range(int(members))]
    for k in range(len(placed)):
        placed[k] = max(placed[k], 0.02 if k == 0 else placed[k - 1] + gap)
    for k in range(len(placed) - 1, -1, -1):
        placed[k] = min(placed[k], 0.98 if k == len(placed) - 1 else placed[k + 1] - gap)
    found = dict(zip(order, placed, strict=True))
    return [found[i] for i in range(len(wanted))]


def _touch(below: list[float], above: list[float], gap: float) -> bool:
    """Say whether two groups of names would touch."""
    top = below[0] / below[1] + gap * (below[1] - 1) / 2
    bottom = above[0] / above[1] - gap * (above[1] - 1) / 2
    return bottom - top < gap
