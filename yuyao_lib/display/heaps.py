"""How heaps of counts around a value look; of own data bars of enough persons only."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from yuyao_lib.display.backing import backing_of, estimate_backing
from yuyao_lib.display.cards import notice
from yuyao_lib.display.charts import chart
from yuyao_lib.display.cutoffs import counts_around
from yuyao_lib.display.dispute_words import pair
from yuyao_lib.display.hidden_counts import ALL_HIDDEN
from yuyao_lib.display.numbers import p_value
from yuyao_lib.display.results import alt_of, draw, notes_of, tabulate
from yuyao_lib.display.shown import Shown
from yuyao_lib.display.tables import Cell, Column, table
from yuyao_lib.findings import Backing, Contributions, Mode
from yuyao_lib.findings.suppression import protect_list
from yuyao_lib.methods.discontinuity_checks import named
from yuyao_lib.methods.heaping import Heaping
from yuyao_lib.sources.dataset import Dataset
from yuyao_lib.vocabulary import Text, term

__all__: list[str] = []

SMALL = "minimum persons"
BINS_HIDDEN = Text(
    "Bars of too few persons to be shown are left out, with as many others as hide their number.",
    "人数过少的直条不予显示，并略去可推出它们的其他直条。",
)


@tabulate.register
def _(result: Heaping, data: Dataset) -> Shown:
    """Show the excess above and the shortfall below."""
    if len(result.edges) == 0:
        return _no_scores(result, data)
    columns = [
        Column(Text("Count", "计数"), "text"),
        Column(Text("Estimate", "估计值")),
        Column(Text("Interval", "区间"), "text"),
        Column(Text("p-value", "p 值")),
    ]
    rows: list[list[Cell]] = [
        [term(e.term).text, *pair(e, digits=0), p_value(e.p_value)] for e in result.estimates
    ]
    at = f"{result.at:g}"
    caption = Text(f"Is there a heap at {at}?", f"{at} 处是否有堆积？")
    low, high = f"{result.at - result.below:g}", f"{result.at + result.above:g}"
    window = Text(
        f"The curve is fitted without the values from {low} to {high}.",
        f"拟合曲线时未用 {low} 至 {high} 的取值。",
    )
    notes = [window, *notes_of(list(result.estimates)), result.estimates[0].says_why]
    return table(columns, rows, data, caption=caption, notes=notes, name="heaping")


@draw.register
def _(result: Heaping, data: Dataset) -> Shown:
    """Draw the counts with the smooth curve."""
    if len(result.edges) == 0:
        return _no_scores(result, data)
    bins, seen = _bins(result, data)
    if not seen.any():
        return replace(notice(ALL_HIDDEN, data), hidden=tuple((b.what, SMALL) for b in bins))
    running = named(result.running)
    excess = result.estimate("heaped_above")
    window = (result.at - result.below, result.at + result.above)
    figure = counts_around(
        result.at, result.edges, result.counts, result.expected, window,
        across=_capital(running), up=Text("Rows", "数目"),
        smooth=Text("smooth without the window", "不含窗口的平滑曲线"), seen=seen,
    )  # fmt: skip
    at = f"{result.at:g}"
    if excess.undefined is not None:
        title = Text(f"Counts around {at}", f"{at} 附近的计数")
    elif excess.differs_from_zero:
        title = Text(f"The scores heap at {at}", f"分数在 {at} 处堆积")
    else:
        title = Text(f"No heap at {at} can be seen", f"在 {at} 处看不出堆积")
    described = alt_of(list(result.estimates))
    alt = Text(
        f"Histogram of {running.en} around {at}. {described.en.partition('. ')[2]}",
        f"{running.zh}在 {at} 附近的直方图。{described.zh.partition('。')[2]}",
    )
    if seen.all():
        return chart(figure, data, title=title, alt=alt)
    shown = chart(figure, data, title=title, alt=alt, note=BINS_HIDDEN)
    gone = tuple((b.what, SMALL) for b, one in zip(bins, seen, strict=True) if not one)
    return replace(shown, hidden=gone)


def _bins(result: Heaping, data: Dataset) -> tuple[list[Backing], np.ndarray]:
    """Return who stands behind each bar, and which bars of own data may be seen."""
    from yuyao_lib.sources.contributions import contributions_of

    unit = result.estimates[0].n_unit
    held = Contributions() if data.mode is not Mode.OWN else contributions_of(data).of("", unit)
    bins = _backed_bins(result, held)
    places = protect_list([b.persons or 0 for b in bins]) if data.mode is Mode.OWN else set()
    return bins, np.array([i not in places for i in range(len(bins))])


def _backed_bins(result: Heaping, held: Contributions) -> list[Backing]:
    """Return who stands behind each bar: the fewest its rows can be about."""
    return [
        Backing(
            what=f"bar {i}", persons=held.persons(int(n)) if held.per_person else int(n),
            rows=int(n), employers=held.employers(int(n)), names_employers=bool(held.per_employer),
        )
        for i, n in enumerate(result.counts)
    ]  # fmt: skip


@backing_of.register
def _(result: Heaping, held: Contributions) -> list[Backing]:
    """Back the bars that are seen, and what is told of them together."""
    bins = _backed_bins(result, held.of("", result.estimates[0].n_unit))
    places = protect_list([b.persons or 0 for b in bins])
    seen = [b for i, b in enumerate(bins) if i not in places]
    return seen + (estimate_backing(result, held) or [])


def _no_scores(result: Heaping, data: Dataset) -> Shown:
    """Say why nothing was counted."""
    why = result.estimates[0].undefined or Text("there is nothing to count", "没有可计数的对象")
    return notice(Text(f"{why.en[:1].upper()}{why.en[1:]}.", f"{why.zh}。"), data)


def _capital(words: Text) -> Text:
    """Begin an axis with a capital."""
    return Text(words.en[:1].upper() + words.en[1:], words.zh)
