"""Charts of counted things: bars, steps from one stock to another, a matrix of shares.

Lives here: bars for any topic. Does not live here: what they mean.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from yuyao_lib.display.charts import Draw
from yuyao_lib.display.numbers import amount, count
from yuyao_lib.display.style import COLOURS
from yuyao_lib.vocabulary import Language, Text

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Bar", "bars", "matrix", "steps"]


# not of the style: the cells of a matrix stay light on a dark page, and so do its numbers
PAPER, INK = "#fefefe", "#1f2a38"
_SIGNS = Text("came: green, went: orange", "绿色为增，橙色为减")


@dataclass(frozen=True, slots=True)
class Bar:
    """A labelled value; the interval is drawn through its end.

    Attributes
    ----------
    label, value
        What it is called and how long it is.
    low, high
        Interval; None without one.
    strong
        Whether it is drawn in the second colour.
    """

    label: Text
    value: float
    low: float | None = None
    high: float | None = None
    strong: bool = False


def bars(items: Sequence[Bar], *, axis: Text, digits: int | None = None) -> tuple[Draw, float]:
    """Return horizontal bars with their values at their ends, and the height in inches."""

    def draw(axes: Axes, language: Language) -> None:
        for place, item in enumerate(reversed(items)):
            colour = COLOURS["orange"] if item.strong else COLOURS["blue"]
            axes.barh(place, item.value, 0.62, color=colour, linewidth=0)
            end = item.value
            if item.low is not None and item.high is not None:
                axes.plot([item.low, item.high], [place, place], color=COLOURS["ink"], linewidth=1)
                end = max(end, item.high)
            axes.annotate(
                amount(item.value, digits=digits), (end, place), xytext=(5, 0),
                textcoords="offset points", va="center", fontsize=8.5, color=COLOURS["ink"],
            )  # fmt: skip
        axes.set_yticks(range(len(items)), [b.label.of(language) for b in reversed(items)])
        axes.tick_params(axis="y", length=0, labelcolor=COLOURS["ink"], labelsize=9)
        axes.set_ylim(-0.6, len(items) - 0.4)
        axes.set_xlim(left=min(0.0, *(b.value for b in items)))
        axes.set_xlabel(axis.of(language))
        axes.grid(visible=True, axis="x")
        axes.set_axisbelow(True)
        axes.margins(x=0.12)
        axes.spines["left"].set_visible(False)

    return draw, 1.3 + 0.32 * len(items)


def steps(first: Bar, changes: Sequence[Bar], last: Bar, *, axis: Text) -> Draw:
    """Return a waterfall: a stock, what came and went, and the stock at the end."""

    def draw(axes: Axes, language: Language) -> None:
        axes.bar(0, first.value, 0.62, color=COLOURS["blue"], linewidth=0)
        level, tops = first.value, [first.value]
        for place, change in enumerate(changes, start=1):
            colour = COLOURS["green"] if change.value >= 0 else COLOURS["orange"]
            axes.bar(place, change.value, 0.62, bottom=level, color=colour, linewidth=0)
            axes.plot([place - 0.69, place + 0.31], [level, level], ":", color=COLOURS["quiet"])
            tops.append(max(level, level + change.value))
            level += change.value
        axes.bar(len(changes) + 1, last.value, 0.62, color=COLOURS["blue"], linewidth=0)
        tops.append(last.value)
        named = [first, *changes, last]
        for place, (item, top) in enumerate(zip(named, tops, strict=True)):
            signed = "+" if 0 < place < len(named) - 1 and item.value > 0 else ""
            words = signed + (count(round(item.value)) if item.value >= 0 else amount(item.value))
            axes.annotate(words, (place, top), xytext=(0, 4), textcoords="offset points",
                          ha="center", fontsize=8.5, color=COLOURS["ink"])  # fmt: skip
        axes.set_xticks(range(len(named)), [b.label.of(language) for b in named])
        axes.tick_params(axis="x", length=0, labelcolor=COLOURS["ink"], labelsize=9)
        axes.yaxis.set_major_formatter(lambda value, _: count(round(value)))
        axes.set_xlabel(_SIGNS.of(language))
        axes.set_ylabel(axis.of(language))
        axes.grid(visible=True, axis="y")
        axes.set_axisbelow(True)
        axes.margins(y=0.1)

    return draw


def matrix(
    names: Sequence[Text],
    shares: Sequence[Sequence[float | None]],
    *,
    down: Text,
    across: Text,
    columns: Sequence[Text] | None = None,
) -> Draw:
    """Return a matrix of shares in percent, darker where they are larger.

    `names` are those of the rows, and of the columns too unless `columns` names them.
    """

    def draw(axes: Axes, language: Language) -> None:
        import numpy as np

        values = np.array([[np.nan if v is None else v for v in row] for row in shares], "float64")
        axes.imshow(values, cmap="Blues", vmin=0, vmax=100, aspect="auto")
        axes.set_facecolor(PAPER)
        for i, row in enumerate(shares):
            for j, value in enumerate(row):
                words = "–" if value is None else f"{value:.1f}%"
                dark = value is not None and value > 55
                axes.text(j, i, words, ha="center", va="center", fontsize=9.5,
                          color=PAPER if dark else INK)  # fmt: skip
        labels = [n.of(language) for n in names]
        tops = [n.of(language) for n in columns or names]
        axes.set_xticks(range(len(tops)), tops)
        axes.set_yticks(range(len(labels)), labels)
        axes.tick_params(length=0, labelcolor=COLOURS["ink"])
        axes.set_xlabel(across.of(language), labelpad=7)
        axes.set_ylabel(down.of(language), labelpad=9)
        for side in axes.spines.values():
            side.set_visible(False)

    return draw
