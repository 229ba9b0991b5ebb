"""Charts of distributions: Lorenz curves, densities, series over percentiles, stacked parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from yuyao_lib.display.charts import Draw, Range
from yuyao_lib.display.numbers import amount
from yuyao_lib.display.style import COLOURS, ON_CARD
from yuyao_lib.vocabulary import Language, Text

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Segment", "lorenz_curves", "series_over", "stacked_parts", "two_densities"]

CYCLE = ("blue", "orange", "green", "purple", "sky")
EQUAL = Text("everybody paid the same", "人人工资相同")


@dataclass(frozen=True, slots=True)
class Segment:
    """One part of a stacked bar.

    Attributes
    ----------
    value, low, high
        Its length and the interval of its length; None where undefined.
    """

    value: float | None
    low: float | None
    high: float | None


def lorenz_curves(
    people: Sequence[float],
    curves: Sequence[tuple[Text, Sequence[float]]],
    *,
    across: Text | None = None,
    up: Text | None = None,
    equal: Text | None = None,
) -> Draw:
    """Return Lorenz curves with the line of equality, each named beside its curve.

    Axes and the line are named for pay over people unless other names are given.
    """

    def draw(axes: Axes, language: Language) -> None:
        axes.plot([0, 100], [0, 100], color=COLOURS["quiet"], linewidth=1, linestyle="--")
        axes.annotate(
            (equal or EQUAL).of(language), (44, 44), xytext=(-6, 6), textcoords="offset points",
            ha="right", va="bottom", color=COLOURS["quiet"], fontsize=9,
        )  # fmt: skip
        drawn = [(name, curve) for name, curve in curves if len(curve)]
        order = sorted(range(len(drawn)), key=lambda i: -sum(drawn[i][1]))
        for rank, i in enumerate(order):
            name, curve = drawn[i]
            colour = COLOURS[CYCLE[i % len(CYCLE)]]
            axes.plot([100 * x for x in people], [100 * y for y in curve], color=colour)
            _name_curve(axes, rank, len(drawn), name.of(language), people, curve, colour)
        axes.set_xlim(0, 100)
        axes.set_ylim(0, 100)
        axes.set_aspect("equal")
        axes.set_xlabel((across or _PEOPLE).of(language))
        axes.set_ylabel((up or _PAY).of(language))
        axes.grid(visible=True)
        axes.set_axisbelow(True)

    return draw


_PEOPLE = Text("Share of people, lowest paid first (%)", "人数累计比例，自低薪起（%）")
_PAY = Text("Share of all pay (%)", "工资累计比例（%）")


def _name_curve(
    axes: Axes,
    rank: int,
    n: int,
    name: str,
    people: Sequence[float],
    curve: Sequence[float],
    colour: str,
) -> None:
    """Write a name to the lower right of its curve, with a thin line to it."""
    x = 84 - 34 * rank / max(n - 1, 1)  # the uppermost curve is named furthest right
    y = 100 * curve[min(range(len(people)), key=lambda i: abs(100 * people[i] - x))]
    axes.annotate(
        name,
        (x, y),
        xytext=(x + 7, max(y - 17, 5)),  # never on the axis
        textcoords="data",
        ha="center",
        va="center",
        color=colour,
        fontsize=9.5,
        bbox=ON_CARD,
        arrowprops={"arrowstyle": "-", "color": colour, "linewidth": 0.8, "shrinkB": 1},
    )


def series_over(
    places: Sequence[float],
    series: Sequence[tuple[Text, Sequence[Range]]],
    *,
    across: Text,
    up: Text,
    zero: float | None = 0.0,
) -> Draw:
    """Return several series with intervals over one axis, named above in their colours."""

    def draw(axes: Axes, language: Language) -> None:
        if zero is not None:
            axes.axhline(zero, color=COLOURS["quiet"], linewidth=1)
        step = min((b - a for a, b in pairwise(places)), default=1.0)
        for i, (name, ranges) in enumerate(series):
            colour = COLOURS[CYCLE[i % len(CYCLE)]]
            shift = step * 0.12 * (i - (len(series) - 1) / 2)
            shown = [(x + shift, r) for x, r in zip(places, ranges, strict=True)
                     if r.value is not None]  # fmt: skip
            for x, r in shown:
                if r.low is not None and r.high is not None:
                    axes.plot([x, x], [r.low, r.high], color=colour, linewidth=1.8, alpha=0.75)
            marker = "os^Dv"[i % 5]
            axes.plot(
                [x for x, _ in shown], [r.value for _, r in shown], color=colour, marker=marker,
                markersize=5.5, linewidth=1.3, label=name.of(language),
            )  # fmt: skip
        if len(series) > 1:
            axes.legend(
                loc="lower left", bbox_to_anchor=(0, 1.0), ncols=min(len(series), 3),
                fontsize=9.5, labelcolor="linecolor", borderaxespad=0.2,
            )  # fmt: skip
        axes.set_xticks(list(places), [f"{x:g}" for x in places])
        axes.set_xlabel(across.of(language))
        axes.set_ylabel(up.of(language))
        axes.grid(visible=True, axis="y")
        axes.set_axisbelow(True)

    return draw


def two_densities(
    points: Sequence[float],
    first: Sequence[float],
    second: Sequence[float],
    *,
    names: tuple[Text, Text],
    across: Text,
) -> Draw:
    """Return two densities, the first filled, the second a line."""

    def draw(axes: Axes, language: Language) -> None:
        axes.fill_between(points, first, color=COLOURS["blue"], alpha=0.22, linewidth=0)
        axes.plot(points, first, color=COLOURS["blue"], label=names[0].of(language))
        axes.plot(
            points, second, color=COLOURS["orange"], linestyle=(0, (5, 2)),
            label=names[1].of(language),
        )  # fmt: skip
        axes.legend(
            loc="lower left", bbox_to_anchor=(0, 1.0), ncols=2, fontsize=9.5,
            labelcolor="linecolor", borderaxespad=0.2,
        )  # fmt: skip
        axes.set_ylim(bottom=0)
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
        axes.set_xlabel(across.of(language))
        axes.grid(visible=True, axis="x")
        axes.set_axisbelow(True)

    return draw


def stacked_parts(
    labels: Sequence[Text],
    bars: Sequence[Sequence[Segment]],
    *,
    names: Sequence[Text],
    axis: Text,
    apart: Sequence[int] = (),
) -> tuple[Draw, float]:
    """Return stacked bars with values and intervals, and the chart's height in inches.

    Parts above zero grow to the right, parts below to the left; a thin line through the
    end of a part is the interval of that part. A gap is left before the rows in `apart`.
    """
    places: list[float] = []
    for row in range(len(labels)):
        before = places[-1] if places else -1.0
        places.append(before + 1.0 + (0.7 if row in apart and row else 0.0))

    def draw(axes: Axes, language: Language) -> None:
        axes.axvline(0, color=COLOURS["ink"], linewidth=0.8)
        for y, bar in zip(places, bars, strict=True):
            _one_bar(axes, y, bar, language)
        for i, name in enumerate(names):
            colour = COLOURS[CYCLE[i % len(CYCLE)]]
            axes.plot([], [], "s", color=colour, markersize=8, label=name.of(language))
        axes.legend(
            loc="lower left", bbox_to_anchor=(0, 1.0), ncols=len(names), fontsize=9.5,
            borderaxespad=0.2, handletextpad=0.2,
        )  # fmt: skip
        axes.set_yticks(places, [t.of(language) for t in labels])
        axes.set_ylim(places[-1] + 0.6, -0.6)
        axes.tick_params(axis="y", length=0, labelcolor=COLOURS["ink"])
        axes.set_xlabel(axis.of(language))
        axes.grid(visible=True, axis="x")
        axes.set_axisbelow(True)
        axes.spines["left"].set_visible(False)

    return draw, 1.6 + 0.42 * (places[-1] + 1 if places else 1)


def _one_bar(axes: Axes, y: float, bar: Sequence[Segment], language: Language) -> None:
    """Draw the parts of one bar, their values inside and their intervals at their ends."""
    ends = {True: 0.0, False: 0.0}
    if all(part.value is None for part in bar):
        words = "无法估计" if language == "zh" else "cannot be estimated"
        axes.text(0.0, y, f" {words}", va="center", color=COLOURS["quiet"], fontsize=9)
    for i, part in enumerate(bar):
        if part.value is None:
            continue
        side = part.value >= 0
        start, colour = ends[side], COLOURS[CYCLE[i % len(CYCLE)]]
        axes.barh(y, part.value, 0.5, left=start, color=colour, linewidth=0)
        axes.text(
            start + part.value / 2, y, amount(part.value, digits=3), ha="center", va="center",
            color=COLOURS["card"], fontsize=8.5,
        )  # fmt: skip
        if part.low is not None and part.high is not None:
            level = y + (0.36 if i % 2 else -0.36)
            axes.plot(
                [start + part.low, start + part.high], [level, level], color=colour,
                linewidth=1.6, solid_capstyle="butt",
            )  # fmt: skip
        ends[side] = start + part.value
