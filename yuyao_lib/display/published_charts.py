"""Figures of published results: the tolerance each case uses, and premia beside print."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from yuyao_lib.display.cards import notice
from yuyao_lib.display.charts import Range, chart, forest
from yuyao_lib.display.numbers import amount
from yuyao_lib.display.results import draw
from yuyao_lib.display.shown import Shown
from yuyao_lib.display.style import COLOURS
from yuyao_lib.methods.published import PublishedPremia, PublishedResults
from yuyao_lib.methods.published.case import CaseResult
from yuyao_lib.sources.dataset import Dataset
from yuyao_lib.vocabulary import LANGUAGES, Language, Text

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__: list[str] = []

NO_PREMIUM = Text(
    "No result that was run estimates a union premium, so none is drawn.",
    "所运行的结果中没有工会溢价，故不作图。",
)
SMALLEST = 1e-12  # of the tolerance; what is nearer is drawn here
BAD = "#b3261e"


@draw.register
def _(result: PublishedResults, data: Dataset) -> Shown:
    """Draw for each case the part of its tolerance that its worst number uses."""
    from yuyao_lib.display.published import family_words

    families = list(dict.fromkeys(row.case.family for row in result.rows))
    ran = [row for row in result.rows if row.used is not None]

    def dots(axes: Axes, language: Language) -> None:
        axes.axvspan(SMALLEST / 4, 1, color=COLOURS["blue"], alpha=0.07, linewidth=0)
        axes.axvline(1, color=COLOURS["ink"], linewidth=1)
        for place, family in enumerate(reversed(families)):
            held = [row for row in ran if row.case.family == family]
            for step, row in enumerate(held):
                _dot(axes, place + 0.6 * ((step + 0.5) / len(held) - 0.5), row)
        axes.set_xscale("log")
        axes.set_xlim(SMALLEST / 4, max([10.0, *(3 * (row.used or 0) for row in ran)]))
        names = [family_words(f).of(language) for f in reversed(families)]
        axes.set_yticks(range(len(families)), names)
        axes.set_ylim(-0.6, len(families) - 0.4)
        axes.tick_params(axis="y", length=0, labelcolor=COLOURS["ink"])
        axes.set_xlabel(_AXIS.of(language))
        axes.grid(visible=True, axis="x")
        axes.set_axisbelow(True)
        axes.spines["left"].set_visible(False)

    height = 1.6 + 0.5 * len(families)
    return chart(dots, data, title=_title(result), alt=_alt(result), height=height, note=_NOTE)


_AXIS = Text(
    "Largest difference of a case, as a part of its tolerance (1: at the limit)",
    "每项结果的最大差异，占容许误差的比例（1 为界限）",
)
_NOTE = Text(
    "One mark a case: a dot agrees, a cross labelled with the case differs.",
    "每项结果一个标记：圆点为一致，带编号的叉号为不符。",
)


def _dot(axes: Axes, height: float, row: CaseResult) -> None:
    """Draw one case; one that differs has another mark, and its name."""
    used = max(row.used or 0.0, SMALLEST)
    if row.verdict == "same":
        axes.plot(used, height, "o", color=COLOURS["blue"], markersize=5, alpha=0.85)
        return
    axes.plot(used, height, "X", color=BAD, markersize=10)
    axes.annotate(
        row.case.id, (used, height), xytext=(7, 0), textcoords="offset points", va="center",
        color=BAD, fontweight="bold",
    )  # fmt: skip


def _title(result: PublishedResults) -> Text:
    """Say what the figure shows."""
    odd = [row.case.id for row in result.rows if row.verdict == "differs"]
    if odd:
        names = ", ".join(odd)
        return Text(
            f"Beyond its tolerance, or not as printed: {names}",
            f"超出容许误差或与印出不符：{names}",
        )
    if result.used is None:
        return Text("No case could be run", "没有一项结果可以运行")
    return Text(
        "Every difference stays within its tolerance, most by orders of magnitude"
        if _mostly_tiny(result)
        else "Every difference stays within its tolerance",
        "所有差异均在容许范围之内，多数小若干个数量级"
        if _mostly_tiny(result)
        else "所有差异均在容许范围之内",
    )


def _mostly_tiny(result: PublishedResults) -> bool:
    """Whether more than half the cases use less than a hundredth of their tolerance."""
    used = [row.used for row in result.rows if row.used is not None]
    return sum(u < 0.01 for u in used) > len(used) / 2


def _alt(result: PublishedResults) -> Text:
    """Describe the figure by its numbers."""
    used = [row.used for row in result.rows if row.used is not None]
    most = max(used, default=math.nan)
    below = sum(u < 0.01 for u in used)
    return Text(
        f"Dot plot by family of the part of its tolerance that each case uses. Largest:"
        f" {amount(most)}; below a hundredth: {below} of {len(used)} cases.",
        f"按类别的点图：每项结果所用容许误差的比例。最大为 {amount(most)}；"
        f"{len(used)} 项中有 {below} 项低于百分之一。",
    )


@draw.register
def _(result: PublishedPremia, data: Dataset) -> Shown:
    """Draw every published union premium: ours with its interval, print as an open diamond."""
    from yuyao_lib.display.published import premium_label

    if not result.premia:
        return notice(NO_PREMIUM, data)
    ranges = [
        Range(premium_label(p.row, p.quantity.name), p.quantity.found, p.low, p.high)
        for p in result.premia
    ]
    bars, height = forest(ranges, axis=Text("Union premium (log points)", "工会溢价（对数点）"))

    def both(axes: Axes, language: Language) -> None:
        bars(axes, language)
        top = len(result.premia) - 1
        for place, premium in enumerate(result.premia):
            if premium.printed is not None:
                axes.plot(
                    premium.printed, top - place, "D", markersize=9.5, markerfacecolor="none",
                    markeredgecolor=COLOURS["ink"], markeredgewidth=1.2,
                )  # fmt: skip

    low, high = (amount(v, digits=3) for v in result.extremes)
    title = Text(
        f"Published union premia run from {low} to {high}: it matters what is compared",
        f"已发表的工会溢价从 {low} 到 {high}：与谁相比至关重要",
    )
    level = f"{result.level:.0%}"
    note = Text(
        f"Dots and {level} intervals are ours, open diamonds the digits in print.",
        f"圆点与 {level} 区间为本项目所得，空心菱形为印出的数字。",
    )
    parts = {
        lang: "; ".join(
            f"{premium_label(p.row, p.quantity.name).of(lang)}:"
            f" {amount(p.quantity.found, digits=3)}"
            for p in result.premia
        )
        for lang in LANGUAGES
    }
    alt = Text(f"Union premia with intervals. {parts['en']}", f"工会溢价及区间。{parts['zh']}")
    return chart(both, data, title=title, alt=alt, height=height, note=note)
