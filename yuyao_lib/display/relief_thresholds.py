"""How jumps at the thresholds of hardship look: one picture, both thresholds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yuyao_lib.display.cards import notice
from yuyao_lib.display.charts import Draw, chart
from yuyao_lib.display.counted import counted_table
from yuyao_lib.display.numbers import amount, count, interval, level_of, p_value, reach
from yuyao_lib.display.results import draw, notes_of, tabulate
from yuyao_lib.display.shown import Shown
from yuyao_lib.display.style import COLOURS
from yuyao_lib.display.tables import Cell, Column, table
from yuyao_lib.methods.relief_thresholds import Heaps, ReliefThresholds
from yuyao_lib.sources.dataset import Dataset
from yuyao_lib.vocabulary import Language, Text

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__: list[str] = []

ACROSS = Text("Income less rigid spending, in living standards", "（收入－刚性支出）÷ 低保标准")
UP = Text("Left within a year (share)", "一年内脱困比例")


@draw.register
def _(result: ReliefThresholds, data: Dataset) -> Shown:
    """Draw shares leaving within a year over income, with both thresholds."""
    known = [e for e in result.estimates[:2] if e.estimate is not None]
    if not known:
        why = result.estimates[0].undefined
        words = why or Text("there are no rows", "没有数据行")
        return notice(Text(f"Not drawn: {words.en}.", f"未绘制：{words.zh}。"), data)
    told = "; ".join(
        f"{e.key[-1]} x: {amount(e.estimate, digits=2)} ({interval(e, 'en')})" for e in known
    )
    told_zh = "；".join(
        f"{e.key[-1]} 倍：{amount(e.estimate, digits=2)}（{interval(e, 'zh')}）" for e in known
    )
    title = Text("Exits within a year, on both sides of each threshold",
                 "各门槛两侧的一年内脱困比例")  # fmt: skip
    alt = Text(f"Shares leaving hardship by income; lines break at the thresholds. {told}.",
               f"按收入分组的脱困比例，拟合线在门槛处断开。{told_zh}。")  # fmt: skip
    note = Text(f"Jumps: {told}. The living standard is {result.standard:,.0f} CNY a month.",
                f"跳跃：{told_zh}。低保标准为每月 {result.standard:,.0f} 元。")  # fmt: skip
    return chart(_paint(result), data, title=title, alt=alt, note=note, height=4.0)


def _paint(result: ReliefThresholds) -> Draw:
    """Return a chart of both designs on one axis; each keeps its own side of the middle."""

    def paint(axes: Axes, language: Language) -> None:
        for cut, picture in zip((1, 2), result.pictures, strict=True):
            axes.axvline(cut, color=COLOURS["quiet"], linestyle="--", linewidth=1)
            kept = picture.middle < 1.5 if cut == 1 else picture.middle >= 1.5
            ends = picture.low[kept], picture.high[kept]
            axes.vlines(picture.middle[kept], *ends, color=COLOURS["sky"], linewidth=2)
            axes.plot(picture.middle[kept], picture.mean[kept], "o", color=COLOURS["blue"])
            for x, y in picture.lines:
                axes.plot(x, y, color=COLOURS["orange"])
        axes.set_ylim(-0.03, 1.03)
        axes.set_xlabel(ACROSS.of(language))
        axes.set_ylabel(UP.of(language))
        axes.grid(visible=True, axis="y")
        axes.set_axisbelow(True)

    return paint


@tabulate.register
def _(result: Heaps, data: Dataset) -> Shown:
    """Show the test of each threshold."""
    columns = [
        Column(Text("Threshold (living standards)", "门槛（低保标准倍数）"), "text"),
        Column(Text("Density above less below", "上方密度减下方密度")),
        Column(level_of(result.estimates), "text"),
        Column(Text("p-value", "p 值")),
        Column(Text("Files within the bandwidth", "带宽内档案数")),
    ]
    rows: list[list[Cell]] = [
        [
            f"{t.cutoff:g}", amount(e.estimate, digits=4),
            reach(e, digits=4), p_value(e.p_value),
            count(e.n),
        ]
        for t, e in zip(result.tests, result.estimates, strict=True)
    ]  # fmt: skip
    caption = Text("Do files heap on one side of a threshold?", "档案是否在门槛一侧堆积？")
    notes = [*notes_of(list(result.estimates)), result.estimates[0].says_why]
    return table(columns, rows, data, caption=caption, notes=notes, name="heaps")


@tabulate.register
def _(result: ReliefThresholds, data: Dataset) -> Shown:
    """Show both jumps."""
    caption = Text("Jumps at the thresholds of hardship", "困难门槛处的跳跃")
    notes = [
        Text(
            f"Bandwidth {d.bandwidth:.2f}, {d.n_below} files below and {d.n_above} above"
            f" {d.setting.cutoff:g}.",
            f"带宽 {d.bandwidth:.2f}，{d.setting.cutoff:g} 倍以下 {d.n_below} 份、"
            f"以上 {d.n_above} 份。",
        )
        for d in result.designs
        if d.bandwidth is not None
    ]
    return counted_table(result.estimates, data, caption=caption, name="thresholds", notes=notes)
