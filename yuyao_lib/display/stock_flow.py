"""How stocks and flows look: steps from the first stock to the last, and years in a table."""

from __future__ import annotations

from yuyao_lib.display.bars import Bar, steps
from yuyao_lib.display.charts import chart
from yuyao_lib.display.numbers import amount, count
from yuyao_lib.display.results import draw, tabulate
from yuyao_lib.display.shown import Shown
from yuyao_lib.display.tables import Cell, Column, table
from yuyao_lib.methods.stock_flow import PARTS, StockFlow
from yuyao_lib.sources.dataset import Dataset
from yuyao_lib.vocabulary import Text

__all__: list[str] = []

NAMES = {
    "opening": Text("first stock", "期初"),
    "founded": Text("unions\nfounded", "新建工会"),
    "joined": Text("joined", "入会"),
    "left": Text("left", "退会"),
    "cleaned": Text("files\ncleaned", "数据清理"),
    "gone": Text("unions\ngone", "撤销工会"),
    "unexplained": Text("un-\nexplained", "未能说明"),
    "closing": Text("last stock", "期末"),
}


def _plain(key: str) -> Text:
    """Name a part on one line."""
    name = NAMES[key]
    return Text(name.en.replace("-\n", "").replace("\n", " "), name.zh)


@draw.register
def _(result: StockFlow, data: Dataset) -> Shown:
    """Draw the steps from the first stock of members to the last."""
    total = result.total
    first, last = (count(total[k]) for k in ("opening", "closing"))
    title = Text(f"Members: from {first} to {last}", f"会员：由 {first} 人到 {last} 人")
    told = {k: amount(float(total[k]), digits=0) for k in ("opening", *PARTS, "closing")}
    alt = Text(
        "Waterfall of the stock of members. "
        + "; ".join(f"{_plain(k).en} {v}" for k, v in told.items()) + ".",
        "会员存量变化的瀑布图。" + "；".join(f"{_plain(k).zh} {v}" for k, v in told.items()) + "。",
    )  # fmt: skip
    share = f"{100 * result.bulk:g}"
    note = Text(
        f"Files cleaned: a union that lost {share}% of its members or more in one quarter.",
        f"数据清理：一季内失去 {share}% 及以上会员的工会。",
    )
    ends = [Bar(NAMES[k], float(total[k])) for k in ("opening", "closing")]
    figure = steps(ends[0], [Bar(NAMES[p], float(total[p])) for p in PARTS], ends[1],
                   axis=Text("Members (persons)", "会员（人）"))  # fmt: skip
    return chart(figure, data, title=title, alt=alt, note=note, height=4.2)


@tabulate.register
def _(result: StockFlow, data: Dataset) -> Shown:
    """Show the parts year by year."""
    columns = [
        Column(Text("Year", "年份"), "text"),
        *(Column(_plain(k)) for k in ("opening", *PARTS, "closing")),
    ]
    rows: list[list[Cell]] = []
    for year, part in result.quarters.groupby(result.quarters["quarter"].str[:4]):
        values = [
            part["opening"].iloc[0],
            *(part[p].sum() for p in PARTS),
            part["closing"].iloc[-1],
        ]
        rows.append([str(year), *(amount(float(v), digits=0) for v in values)])
    agree = Text(
        f"In {count(result.explained)} of {count(result.compared)} union-quarters the stated"
        " joiners and leavers give the change of the stock exactly.",
        f"在 {count(result.compared)} 个工会季度中，有 {count(result.explained)}"
        " 个的入会与退会恰能说明存量的变化。",
    )
    caption = Text("Members: stocks and flows by year (persons)", "会员：各年存量与流量（人）")
    return table(columns, rows, data, caption=caption, notes=[agree], name="stock_flow")
