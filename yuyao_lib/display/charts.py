"""Charts of every kind a page needs, each drawn once in English and once in Chinese.

A chart is a function that draws on axes in one language; `chart` calls it twice and
adds what every figure must have: a title that says what is seen, a source line, the
mark of simulated data, a description, and the numbers behind it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

from yuyao_lib.display.shown import Shown
from yuyao_lib.display.style import COLOURS, ON_CARD, figure_style, new_figure, picture
from yuyao_lib.findings import Mode
from yuyao_lib.sources.dataset import Dataset
from yuyao_lib.vocabulary import LANGUAGES, Language, Text

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis

__all__ = ["Draw", "Range", "chart", "forest", "in_script", "ranges_over"]

Draw = Callable[["Axes", Language], None]
SIMULATED = "SIMULATED · 模拟数据"
PANEL = "panel"  # label of axes that are one of several charts side by side
MINUS = "\N{MINUS SIGN}"


@dataclass(frozen=True, slots=True)
class Range:
    """A labelled value with its interval, as charts draw it.

    Attributes
    ----------
    label
        What it is called.
    value, low, high
        Value and interval; None where undefined.
    strong
        Whether it is the one the page is about.
    """

    label: Text
    value: float | None
    low: float | None
    high: float | None
    strong: bool = False


def chart(
    draw: Draw,
    data: Dataset,
    *,
    title: Text,
    alt: Text,
    note: Text | None = None,
    csv: tuple[str, str] | None = None,
    width: float = 7.2,
    height: float = 4.0,
) -> Shown:
    """Draw a chart in both languages.

    Parameters
    ----------
    draw
        Draws on axes in one language.
    data
        Where the numbers come from; sets the source line and the mark.
    title
        What is seen, as a sentence.
    alt
        What the figure shows, for those who cannot see it.
    note
        A line under the figure.
    csv
        Numbers behind the figure.
    width, height
        Inches.

    Raises
    ------
    RenderError
        If a character has no glyph or a description is empty.
    """
    points: list[int] = []
    words: dict[str, None] = {}

    def watched(axes: Axes, language: Language) -> None:
        figure = axes.get_figure()
        draw(axes, language)
        held = axes.get_figure()
        others = [a for a in held.axes if a.get_label() == PANEL] if held is not None else []
        every = (axes, *others)
        points.append(sum(points_on(a) for a in every))
        if data.mode is Mode.OWN:
            words.update(dict.fromkeys(words_on(figure)))

    parts = {
        language: _figure(watched, data, language, title, alt, note, (width, height))
        for language in LANGUAGES
    }
    html = Text(parts["en"], parts["zh"])
    return Shown(
        "chart", html, alt, mode=data.mode, csv=csv, points=max(points), drawn=tuple(words)
    )


def words_on(figure: Any) -> list[str]:
    """Return what is written on a figure; in the picture it is outlines, which no scan reads."""
    from matplotlib.text import Text as Label

    axes = figure.axes
    labels = [label for a in axes for label in (*a.get_xticklabels(), *a.get_yticklabels())]
    labels += figure.findobj(Label)
    return [label.get_text() for label in labels if label.get_text().strip()]


def points_on(axes: Axes) -> int:
    """Count what a reader could read off as values: markers, bars, steps, cells of a matrix.

    Lines without markers (intervals, axes, smooth curves) are not counted.
    """
    import numpy as np

    count = 0
    for line in axes.lines:
        marked = line.get_marker() not in {"None", "none", "", " ", None}
        if marked or line.get_drawstyle().startswith("steps"):
            count += len(line.get_xdata())
    for held in axes.collections:
        offsets = held.get_offsets()
        count += len(offsets) if len(offsets) > 1 else 0
    for image in axes.images:
        count += int(np.ma.masked_invalid(image.get_array()).count())
    bars = [bar for container in axes.containers for bar in getattr(container, "patches", ())]
    return count + len(bars)


def _figure(
    draw: Draw,
    data: Dataset,
    language: Language,
    title: Text,
    alt: Text,
    note: Text | None,
    size: tuple[float, float],
) -> str:
    """Draw one language's figure and wrap it."""
    with figure_style():
        figure = new_figure(width=size[0], height=size[1])
        axes = figure.subplots()
        draw(axes, language)
        if data.mode is Mode.SIMULATED:  # below the axes, where room is kept for it
            figure.supxlabel(SIMULATED, x=0.995, ha="right", fontsize=9, color=COLOURS["orange"])
        image = picture(figure, alt=_described(alt.of(language), language))
    lines = [in_script(note.of(language), language)] if note else []
    lines.append(source_line(data, language))
    caption = ("" if language == "zh" else " ").join(escape(line) for line in lines)
    heading = escape(title.of(language))
    return (
        f'<figure><p class="title"><strong>{heading}</strong></p>'
        f'<div class="picture" tabindex="0" role="group" aria-label="{heading}">{image}</div>'
        f"<figcaption>{caption}</figcaption></figure>"
    )


def in_script(words: str, language: Language) -> str:
    """Give Chinese words that were joined like English ones their own marks.

    Examples
    --------
    >>> in_script("1978: 550; 1985: 534", "zh"), in_script("1978: 550", "en")
    ('1978：550；1985：534', '1978: 550')
    """
    return words.replace("; ", "；").replace(": ", "：") if language == "zh" else words


def _described(words: str, language: Language) -> str:
    """End a description as a sentence, in the marks of its script."""
    stop = "。" if language == "zh" else "."
    said = in_script(words, language)
    return said if said.endswith((stop, "?", "？")) else said + stop


def source_line(data: Dataset, language: Language) -> str:
    """Say under a figure or table where its numbers are from."""
    mode = data.mode.text.of(language)
    title = data.card.title.of(language)
    return f"来源：{title}（{mode}）。" if language == "zh" else f"Source: {title} ({mode})."


def forest(
    ranges: Sequence[Range],
    *,
    axis: Text,
    zero: float | None = 0.0,
    band: tuple[float, float] | None = None,
    groups: Mapping[int, Text] | None = None,
) -> tuple[Draw, float]:
    """Return a chart of values with intervals, one a line, and its height in inches.

    Undefined values keep their line, marked as not estimable. A `band` of the axis can be
    shaded, for an interval that the others are held against; `groups` are headings, each by
    the number of the line it stands before.
    """
    heads = groups or {}
    slots: list[Range | Text] = []
    for number, item in enumerate(ranges):
        slots += [heads[number], item] if number in heads else [item]
    slots.reverse()

    def draw(axes: Axes, language: Language) -> None:
        from matplotlib.ticker import MaxNLocator

        if band is not None:
            axes.axvspan(*band, color=COLOURS["orange"], alpha=0.13, linewidth=0)
        if zero is not None:
            axes.axvline(zero, color=COLOURS["quiet"], linewidth=1)
        names = []
        for place, item in enumerate(slots):
            if isinstance(item, Range):
                _one_range(axes, place, item, language)
                names.append(item.label.of(language))
            else:  # across the chart, where a long heading has room
                axes.annotate(
                    item.of(language), (0.0, place), xycoords=("axes fraction", "data"),
                    xytext=(0, 3), textcoords="offset points", va="center", fontsize=9.5,
                    color=COLOURS["ink"], bbox=ON_CARD,
                )  # fmt: skip
                names.append("")
        axes.set_yticks(range(len(slots)), names)
        axes.set_ylim(-0.6, len(slots) - 0.4)
        axes.tick_params(axis="y", length=0, labelcolor=COLOURS["ink"])
        axes.xaxis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 2.5, 5, 10]))
        for words in axes.get_yticklabels():
            if heads:  # headings are darker
                words.set_color(COLOURS["quiet"])
        _clear_of(zero, axes)
        group_thousands(axes.xaxis)
        axes.set_xlabel(axis.of(language))
        axes.grid(visible=True, axis="x")
        axes.set_axisbelow(True)
        axes.spines["left"].set_visible(False)

    return draw, 1.25 + 0.42 * len(slots)


def _clear_of(zero: float | None, axes: Axes) -> None:
    """Let no line run through a number that stands on it."""
    from matplotlib.text import Annotation

    low, high = axes.get_xlim()
    for words in axes.texts:
        if zero is None or not isinstance(words, Annotation) or words.xycoords != "data":
            continue
        if abs(words.xy[0] - zero) < 0.04 * (high - low):
            words.set_bbox(ON_CARD)


def group_thousands(axis: Axis) -> None:
    """Write the numbers of an axis as in the text: from ten thousand on with commas."""
    from matplotlib.ticker import ScalarFormatter

    class Grouped(ScalarFormatter):
        def __call__(self, x: float, pos: int | None = None) -> str:
            plain = super().__call__(x, pos)
            return plain if abs(x) < 10_000 else f"{x:,.0f}".replace("-", MINUS)

    axis.set_major_formatter(Grouped())


def _one_range(axes: Axes, place: int, item: Range, language: Language) -> None:
    """Draw one line of a forest chart, its value written above it."""
    from yuyao_lib.display.numbers import amount

    if item.value is None and item.low is None:
        words = "无法估计" if language == "zh" else "cannot be estimated"
        axes.annotate(
            words,
            (0.02, place),
            xycoords=("axes fraction", "data"),
            va="center",
            color=COLOURS["quiet"],
            fontsize=9,
            bbox=ON_CARD,
        )
        return
    colour = COLOURS["orange"] if item.strong else COLOURS["blue"]
    if item.low is not None and item.high is not None:
        axes.plot(
            [item.low, item.high],
            [place, place],
            color=colour,
            linewidth=2.6,
            solid_capstyle="round",
        )
    if item.value is not None:
        axes.plot(item.value, place, "o", color=colour, markersize=7)
        axes.annotate(
            amount(item.value, digits=_digits(item.value)),
            (item.value, place),
            xytext=(0, 6),
            textcoords="offset points",
            ha="center",
            fontsize=9.5,
            color=COLOURS["ink"],
        )


def _digits(value: float) -> int | None:
    """Return the decimals of a number above its mark: large in units, small in thousandths."""
    if abs(value) < 10:
        return 3
    return 0 if abs(value) >= 100 else None


def ranges_over(
    places: Sequence[float],
    ranges: Sequence[Range],
    *,
    across: Text,
    up: Text,
    zero: float | None = 0.0,
    joined: bool = True,
) -> Draw:
    """Return a chart of values with intervals over a numeric axis such as years."""

    def draw(axes: Axes, language: Language) -> None:
        from matplotlib.ticker import MaxNLocator

        if zero is not None:
            axes.axhline(zero, color=COLOURS["quiet"], linewidth=1)
        shown = [(x, r) for x, r in zip(places, ranges, strict=True) if r.value is not None]
        if not shown:
            words = "无法估计" if language == "zh" else "cannot be estimated"
            axes.text(0.5, 0.5, words, transform=axes.transAxes, ha="center", bbox=ON_CARD)
        for x, item in shown:
            axes.plot(
                [x, x],
                [item.low, item.high],
                color=COLOURS["blue"],
                linewidth=2.2,
                solid_capstyle="round",
            )
        style: dict[str, Any] = {"color": COLOURS["blue"], "marker": "o", "markersize": 6.5}
        style["linestyle"] = "-" if joined else "none"
        axes.plot([x for x, _ in shown], [r.value for _, r in shown], linewidth=1.2, **style)
        axes.set_xlabel(across.of(language))
        axes.set_ylabel(up.of(language))
        whole = all(float(x).is_integer() for x in places)
        if len(places) <= 10:
            axes.set_xticks(list(places), [f"{x:g}".replace("-", MINUS) for x in places])
        elif whole:
            axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.grid(visible=True, axis="y")
        axes.set_axisbelow(True)
        axes.margins(x=0.08)

    return draw
