"""How power over firms and shocks looks: one line a size of shocks, with its intervals."""

from __future__ import annotations

from yuyao_lib.display.charts import chart
from yuyao_lib.display.curves import Line, curves
from yuyao_lib.display.numbers import amount, count
from yuyao_lib.display.results import draw, tabulate
from yuyao_lib.display.shown import Shown
from yuyao_lib.display.tables import Cell, Column, table
from yuyao_lib.findings import Estimate
from yuyao_lib.methods.power_grid import PowerGrid
from yuyao_lib.sources.dataset import Dataset
from yuyao_lib.vocabulary import Text

__all__: list[str] = []


@draw.register
def _(result: PowerGrid, data: Dataset) -> Shown:
    """Draw the share of samples in which the effect is found over firms under contract."""
    lines = []
    for sd in dict.fromkeys(result.shock_sds):
        cells = [
            (n, e)
            for n, s, e in zip(result.treated, result.shock_sds, result.estimates, strict=True)
            if s == sd and e.estimate is not None
        ]
        lines.append(
            Line(
                x=[n for n, _ in cells],
                y=[e.estimate or 0.0 for _, e in cells],
                low=[e.low or 0.0 for _, e in cells],
                high=[e.high or 0.0 for _, e in cells],
                label=Text(f"shocks {sd:g}", f"冲击 {sd:g}"),
            )
        )
    figure = curves(
        lines,
        across=Text("Firms under contract", "签约企业数"),
        up=Text("Share of samples in which it is found", "能检出该效应的样本份额"),
    )
    effect = f"{result.effect:g}"
    title = Text(
        f"How often an effect of {effect} log points is found, by firms and size of shocks",
        f"{effect} 对数点的效应被检出的频率：按企业数与冲击大小",
    )
    said = "; ".join(
        f"{n}, {s:g}: {amount(e.estimate, digits=2)}"
        for n, s, e in zip(result.treated, result.shock_sds, result.estimates, strict=True)
    )
    alt = Text(
        f"Share found by firms and size of shocks. {said}.",
        f"按企业数与冲击大小的检出份额。{said}。",
    )
    return chart(figure, data, title=title, alt=alt, height=3.8)


@tabulate.register
def _(result: PowerGrid, data: Dataset) -> Shown:
    """Show each cell with what is found where there is nothing."""
    columns = [
        Column(Text("Firms under contract", "签约企业数")),
        Column(Text("Sd of shocks", "冲击标准差")),
        Column(Text("Effect found", "检出效应")),
        Column(Text("Interval", "区间"), "text"),
        Column(Text("Found where there is none", "无效应时误检出")),
        Column(Text("Samples", "样本数")),
    ]
    rows: list[list[Cell]] = [
        [count(n), amount(sd, digits=2), amount(e.estimate, digits=2), _ends(e),
         amount(size.estimate, digits=2), count(result.samples)]
        for n, sd, e, size in zip(result.treated, result.shock_sds, result.estimates,
                                  result.sizes, strict=True)
    ]  # fmt: skip
    caption = Text("Power by number of firms and size of shocks", "按企业数与冲击大小的检验功效")
    note = Text(
        "Five controls a firm, eight quarters before and after; wild cluster bootstrap at five"
        " per cent.",
        "每家企业五个对照，前后各八个季度；野聚类自助法，5% 水平。",
    )
    return table(columns, rows, data, caption=caption, notes=[note], name="power_grid")


def _ends(e: Estimate) -> Cell:
    """Write the interval of a share."""
    low, high = (amount(v, digits=2) for v in (e.low, e.high))
    return Text(f"{low} to {high}", f"{low} 至 {high}")
