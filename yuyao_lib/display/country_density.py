"""How union density across countries looks."""

from __future__ import annotations

from yuyao_lib.display.bars import Bar, bars
from yuyao_lib.display.charts import chart
from yuyao_lib.display.numbers import amount, level_of, p_value, reach
from yuyao_lib.display.results import draw, notes_of, tabulate
from yuyao_lib.display.shown import Shown
from yuyao_lib.display.tables import Cell, Column, table
from yuyao_lib.methods.country_density import CAVEAT, CountryDensity
from yuyao_lib.sources.dataset import Dataset
from yuyao_lib.vocabulary import Text, term

__all__: list[str] = []

COUNTRIES = {
    "Sweden": "瑞典", "Israel": "以色列", "Iceland": "冰岛", "Finland": "芬兰", "Belgium": "比利时",
    "Denmark": "丹麦", "Ireland": "爱尔兰", "Austria": "奥地利", "NZ": "新西兰", "Norway": "挪威",
    "Australia": "澳大利亚", "Italy": "意大利", "UK": "英国", "Germany": "德国",
    "Netherlands": "荷兰", "Switzerland": "瑞士", "Canada": "加拿大", "Japan": "日本",
    "France": "法国", "USA": "美国",
}  # fmt: skip


@draw.register
def _(result: CountryDensity, data: Dataset) -> Shown:
    """Draw densities, highest first."""
    rows = list(zip(result.countries["country"], result.countries["density"], strict=True))
    high, low = rows[0], rows[-1]
    zh = [COUNTRIES.get(str(name), str(name)) for name, _ in rows]
    title = Text(
        f"Union density from {low[1]:.0f}% ({low[0]}) to {high[1]:.0f}% ({high[0]})",
        f"工会密度由 {low[1]:.0f}%（{zh[-1]}）到 {high[1]:.0f}%（{zh[0]}）",
    )
    told = "; ".join(f"{name} {d:.1f}" for name, d in rows)
    told_zh = "；".join(f"{name} {d:.1f}" for name, (_, d) in zip(zh, rows, strict=True))
    alt = Text(f"Bars of union density in percent by country: {told}.",
               f"各国工会密度（%）条形图：{told_zh}。")  # fmt: skip
    items = [Bar(Text(str(n), z), float(d)) for (n, d), z in zip(rows, zh, strict=True)]
    axis = Text("Union density (%)", "工会密度（%）")
    figure, height = bars(items, axis=axis, digits=0)
    return chart(figure, data, title=title, alt=alt, height=height)


@tabulate.register
def _(result: CountryDensity, data: Dataset) -> Shown:
    """Show what goes with higher density."""
    columns = [
        Column(Text("What goes with", "相应于"), "text"),
        Column(Text("Percentage points", "百分点")),
        Column(Text("Standard error", "标准误")),
        Column(level_of(result.estimates), "text"),
        Column(Text("p-value", "p 值")),
    ]
    rows: list[list[Cell]] = [
        [
            e.estimand or term(e.term).text, amount(e.estimate, digits=2),
            amount(e.standard_error, digits=2), reach(e),
            p_value(e.p_value),
        ]
        for e in result.estimates
    ]  # fmt: skip
    caption = Text("What goes with higher union density across countries",
                   "各国工会密度与何种因素相应")  # fmt: skip
    notes = [*notes_of(list(result.estimates)), CAVEAT]
    return table(columns, rows, data, caption=caption, notes=notes, name="countries")
