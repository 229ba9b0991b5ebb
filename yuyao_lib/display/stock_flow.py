"""How stocks and flows look: steps from the first stock to the last, and years in a table."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from yuyao_lib.display.backing import backing_of
from yuyao_lib.display.bars import Bar, steps
from yuyao_lib.display.cards import notice
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

ONCE = {"founded", "gone"}
FLOWS_HIDDEN = Text(
    "–: the flows of a year in which one of them is of few unions or persons are not shown, nor"
    " those of another year that would tell them.",
    "–：某年流量中若有涉及工会或人数过少者，该年流量均不予显示；可据以推出该年流量的另一年亦不显示。",
)
TOO_FEW = Text(
    "Not drawn: a part of the change is of few unions or persons.",
    "未绘制：变化中有一部分仅涉及少数工会或人员。",
)


def _plain(key: str) -> Text:
    """Name a part on one line."""
    name = NAMES[key]
    return Text(name.en.replace("-\n", "").replace("\n", " "), name.zh)


@draw.register
def _(result: StockFlow, data: Dataset) -> Shown:
    """Draw the steps from the first stock of members to the last."""
    every = [year for year, _ in _years(result)]
    if data.mode is Mode.OWN and any(judge(b) for b in _together(result, every)):
        return notice(TOO_FEW, data)
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
    hidden = _hidden_years(result) if data.mode is Mode.OWN else set()
    for year, part in _years(result):
        flows = ["" if year in hidden else amount(float(part[p].sum()), digits=0) for p in PARTS]
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


def _hidden_years(result: StockFlow) -> set[str]:
    """Return the years whose flows are not shown: those of few, and those that would tell them.

    Over all years they are drawn, so what the years shown leave of that must be of many, too.
    """
    years = _years(result)
    away = {year for year, part in years if any(judge(b) for b in _flows(result, year, part))}
    rest = {y: int(p[[*PARTS]].abs().to_numpy().sum()) for y, p in years if y not in away}
    others = sorted(rest, key=rest.__getitem__)
    while away and others and any(judge(b) for b in _together(result, away)):
        enough = [y for y in others if not any(judge(b) for b in _together(result, away | {y}))]
        away.add((enough or others)[0])
        others = [y for y in others if y not in away]
    return away


def _together(result: StockFlow, years: Collection[str]) -> list[Backing]:
    """Back the flows of several years added up; a union is founded, or gone, in one of them."""
    parts = [part for year, part in _years(result) if year in years]
    behind = result.unions.loc[[*years]]
    sums = {name: sum(int(part[name].sum()) for part in parts) for name in PARTS}
    return [
        Backing(
            what=name, persons=abs(number),
            employers=int(behind[name].sum() if name in ONCE else behind[name].max()),
        )
        for name, number in sums.items()
        if any(part[name].any() for part in parts)
    ]  # fmt: skip


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
    hidden = _hidden_years(result)
    for year, part in _years(result):
        made += [] if year in hidden else _flows(result, year, part)
        made.append(
            Backing(
                what=f"closing {year}", persons=int(part["closing"].iloc[-1]),
                persons_counted=True, employers=int(result.unions.loc[year, "closing"]),
                employers_counted=True,
            )
        )  # fmt: skip
    return made
