"""How stocks and flows look: steps from the first stock to the last, and years in a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yuyao_lib.display.backing import backing_of
from yuyao_lib.display.bars import Bar, steps
from yuyao_lib.display.charts import chart
from yuyao_lib.display.numbers import amount, count
from yuyao_lib.display.results import draw, tabulate
from yuyao_lib.display.shown import Shown
from yuyao_lib.display.tables import Cell, Column, table
from yuyao_lib.findings import Backing, Contributions, Mode, backing_of_estimate, judge
from yuyao_lib.methods.stock_flow import PARTS, StockFlow
from yuyao_lib.sources.dataset import Dataset
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

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

FLOWS_HIDDEN = Text(
    "–: the flows of a year in which one of them is of few unions or persons are not shown.",
    "–：某年流量中若有涉及工会或人数过少者，该年流量均不予显示。",
)


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
    hidden = False
    for year, part in _years(result):
        few = data.mode is Mode.OWN and any(judge(b) for b in _flows(result, year, part))
        hidden |= few
        flows = ["" if few else amount(float(part[p].sum()), digits=0) for p in PARTS]
        ends = [part["opening"].iloc[0], part["closing"].iloc[-1]]
        opening, closing = (amount(float(v), digits=0) for v in ends)
        rows.append([year, opening, *flows, closing])
    agree = Text(
        f"In {count(result.explained)} of {count(result.compared)} union-quarters the stated"
        " joiners and leavers give the change of the stock exactly.",
        f"在 {count(result.compared)} 个工会季度中，有 {count(result.explained)}"
        " 个的入会与退会恰能说明存量的变化。",
    )
    caption = Text("Members: stocks and flows by year (persons)", "会员：各年存量与流量（人）")
    notes = [agree, FLOWS_HIDDEN] if hidden else [agree]
    return table(columns, rows, data, caption=caption, notes=notes, name="stock_flow")


def _years(result: StockFlow) -> list[tuple[str, pd.DataFrame]]:
    """Return the quarters of every year."""
    named = result.quarters.groupby(result.quarters["quarter"].str[:4])
    return [(str(year), part) for year, part in named]


def _flows(result: StockFlow, year: str, part: pd.DataFrame) -> list[Backing]:
    """Back the flows of a year's quarters that are not zero, each by its persons and unions."""
    return [
        Backing(
            what=f"{name} {year}", persons=abs(int(part[name].sum())), persons_counted=True,
            employers=int(result.unions.loc[year, name]), employers_counted=True,
        )
        for name in PARTS
        if part[name].any()
    ]  # fmt: skip


@backing_of.register
def _(result: StockFlow, held: Contributions) -> list[Backing]:
    """Back the estimates, the flows that can be shown, and the stock of every year."""
    made = [backing_of_estimate(e, held) for e in result.estimates if e.undefined is None]
    for year, part in _years(result):
        flows = _flows(result, year, part)
        made += [] if any(judge(b) for b in flows) else flows
        made.append(
            Backing(
                what=f"closing {year}", persons=int(part["closing"].iloc[-1]),
                persons_counted=True, employers=int(result.unions.loc[year, "closing"]),
                employers_counted=True,
            )
        )  # fmt: skip
    return made
