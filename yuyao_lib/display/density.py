"""How densities look: every definition beside its value, and towns in order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from yuyao_lib.display.bars import Bar, bars
from yuyao_lib.display.cards import notice
from yuyao_lib.display.charts import chart
from yuyao_lib.display.hidden_counts import ALL_HIDDEN
from yuyao_lib.display.numbers import amount, count
from yuyao_lib.display.results import draw, tabulate
from yuyao_lib.display.shown import Shown
from yuyao_lib.display.tables import Cell, Column, table
from yuyao_lib.findings import Backing, Mode, judge
from yuyao_lib.findings.rules import SECONDARY
from yuyao_lib.methods.density import Density
from yuyao_lib.sources.dataset import Dataset
from yuyao_lib.vocabulary import Text, term

if TYPE_CHECKING:
    import pandas as pd

__all__: list[str] = []

TOWNS_HIDDEN = Text(
    "Towns whose workforce is that of few employers, or of one large one, are left out.",
    "职工集中于少数单位或一家大单位的乡镇街道未予列出。",
)


def _town(row: Mapping[str, Any]) -> Backing:
    """Back the density of a town; a union stands for one employer or more."""
    return Backing(
        what=f"town {row['town_id']}", persons=int(row["workforce"]), persons_counted=True,
        employers=len(row["staff"]), employers_counted=True, contributions=row["staff"],
    )  # fmt: skip


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
        words = Text("No towns: the table of unions does not name them.",
                     "无乡镇分列：工会表未列乡镇街道。")  # fmt: skip
        return notice(words, data)
    towns = result.towns
    hidden: tuple[tuple[str, str], ...] = ()
    if data.mode is Mode.OWN:
        towns, hidden = _seen(towns)
    if towns.empty:
        return replace(notice(ALL_HIDDEN, data), hidden=hidden)
    rows = towns.sort_values("density", ascending=False)
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
    note = TOWNS_HIDDEN if hidden else None
    shown = chart(figure, data, title=title, alt=alt, note=note, height=height)
    if data.mode is not Mode.OWN:
        return shown
    backing = tuple(_town(row) for row in rows.to_dict("records"))
    return replace(shown, backing=backing, hidden=hidden)


def _together(towns: pd.DataFrame) -> Backing:
    """Back several towns as one: all towns together are told."""
    staff = tuple(n for held in towns["staff"] for n in held)
    return _town({"town_id": "", "workforce": towns["workforce"].sum(), "staff": staff})


def _seen(towns: pd.DataFrame) -> tuple[pd.DataFrame, tuple[tuple[str, str], ...]]:
    """Leave out towns that break a rule, and more until they tell nobody together."""
    verdicts = [judge(_town(row)) for row in towns.to_dict("records")]
    broken = [
        (f"town {t}", v[0].rule) for t, v in zip(towns["town_id"], verdicts, strict=True) if v
    ]
    kept = towns[[not v for v in verdicts]]
    gone = towns[[bool(v) for v in verdicts]]
    while broken and len(kept) and (len(gone) < 2 or judge(_together(gone))):
        least = kept["workforce"].idxmin()
        gone = towns.loc[[*gone.index, least]]
        broken.append((f"town {kept.loc[least, 'town_id']}", SECONDARY))
        kept = kept.drop(index=least)
    return kept, tuple(broken)
