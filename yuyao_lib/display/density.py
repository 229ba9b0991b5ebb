"""How densities look: every definition beside its value, and towns in order."""

from __future__ import annotations

from yuyao_lib.display.backing import backing_of, cell_backing
from yuyao_lib.display.bars import Bar, bars
from yuyao_lib.display.charts import chart
from yuyao_lib.display.numbers import amount, count
from yuyao_lib.display.results import draw, tabulate
from yuyao_lib.display.shown import Shown
from yuyao_lib.display.tables import Cell, Column, table
from yuyao_lib.findings import Backing, Contributions, backing_of_estimate
from yuyao_lib.methods.density import Density
from yuyao_lib.sources.dataset import Dataset
from yuyao_lib.vocabulary import Text, term

__all__: list[str] = []


@backing_of.register
def _(result: Density, held: Contributions) -> list[Backing]:
    """Back every density, and every town by its workforce."""
    made = [backing_of_estimate(e, held) for e in result.estimates if e.undefined is None]
    rows = zip(result.towns["town_id"], result.towns["workforce"], strict=True)
    return made + [cell_backing(f"town {town}", int(n), held) for town, n in rows]


@tabulate.register
def _(result: Density, data: Dataset) -> Shown:
    """Show each density with numerator and denominator in words."""
    columns = [
        Column(Text("What is divided by what", "分子与分母"), "text"),
        Column(Text("Kind", "类别"), "text"),
        Column(Text("Percent", "百分比")),
        Column(Text("Denominator (persons)", "分母（人）")),
    ]
    rows: list[list[Cell]] = [
        [
            e.estimand or term(e.term).text, term(e.term).text,
            amount(e.estimate, digits=1), count(e.n),
        ]
        for e in result.estimates
    ]  # fmt: skip
    caption = Text(
        f"Densities at the end of {result.quarter}, by definition",
        f"{result.quarter} 末的各种密度，按定义分列",
    )
    notes = [
        Text(
            "Persons, each counted once; rounds of one contract are not added up.",
            "按人计，每人一次；同一合同的各轮次不相加。",
        )
    ]
    return table(columns, rows, data, caption=caption, notes=notes, name="density")


@draw.register
def _(result: Density, data: Dataset) -> Shown:
    """Draw membership density by town, highest first."""
    if result.towns.empty:
        from yuyao_lib.display.cards import notice

        words = Text("No towns: the table of unions does not name them.",
                     "无乡镇分列：工会表未列乡镇街道。")  # fmt: skip
        return notice(words, data)
    rows = result.towns.sort_values("density", ascending=False)
    items = [Bar(Text(str(t), str(t)), float(d)) for t, d in zip(rows["town_id"], rows["density"],
             strict=True)]  # fmt: skip
    low, high = (f"{v:.0f}" for v in (rows["density"].min(), rows["density"].max()))
    title = Text(
        f"Membership density runs from {low}% to {high}% across {len(rows)} towns",
        f"{len(rows)} 个乡镇街道的入会率为 {low}% 至 {high}%",
    )
    told = "; ".join(f"{t} {d:.1f}" for t, d in zip(rows["town_id"], rows["density"], strict=True))
    alt = Text(f"Bars of membership density in percent by town: {told}.",
               f"各乡镇街道入会率（%）条形图：{told}。")  # fmt: skip
    axis = Text("Members in percent of the workforce",
                "会员占职工的百分比（%）")  # fmt: skip
    figure, height = bars(items, axis=axis, digits=0)
    return chart(figure, data, title=title, alt=alt, height=height)
