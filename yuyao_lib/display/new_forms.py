"""How organising in new forms of employment looks: members over the quarters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from yuyao_lib.display.backing import backing_of
from yuyao_lib.display.charts import chart
from yuyao_lib.display.curves import Line, curves
from yuyao_lib.display.hidden_counts import CELLS_HIDDEN
from yuyao_lib.display.numbers import amount, count
from yuyao_lib.display.results import draw, tabulate
from yuyao_lib.display.shown import Shown
from yuyao_lib.display.tables import Cell, Column, Counted, table
from yuyao_lib.findings import Backing, Contributions, Mode, judge
from yuyao_lib.methods.new_forms import NewForms
from yuyao_lib.schema import quarter_index
from yuyao_lib.sources.dataset import Dataset
from yuyao_lib.vocabulary import Text

__all__: list[str] = []


def _quarter(row: Mapping[Any, Any]) -> Backing:
    """Back the stock of a quarter by its unions and their members."""
    return Backing(
        what=f"new forms {row['quarter']}", persons=int(row["members"]), persons_counted=True,
        employers=int(row["carriers"]), employers_counted=row["carriers"] == row["unions"],
    )  # fmt: skip


@backing_of.register
def _(result: NewForms, held: Contributions) -> list[Backing]:
    """Back every quarter that can be shown."""
    made = [_quarter(row) for row in result.quarters.to_dict("records")]
    return [one for one in made if not judge(one)]


@draw.register
def _(result: NewForms, data: Dataset) -> Shown:
    """Draw the share of members in unions of new forms of employment."""
    rows = result.quarters
    first, last = rows.iloc[0], rows.iloc[-1]
    x = [quarter_index(q) / 4 for q in rows["quarter"]]
    shares = rows["share"].tolist()
    title = Text(
        f"Members in new forms of employment: from {first['share']:.1f}% of all"
        f" members to {last['share']:.1f}%",
        f"新就业形态会员占全部会员：由 {first['share']:.1f}% 到 {last['share']:.1f}%",
    )
    told = "; ".join(f"{q} {s:.2f}" for q, s in zip(rows["quarter"], shares, strict=True))
    alt = Text(f"Share of members in percent by quarter: {told}.", f"各季占比（%）：{told}。")
    figure = curves(
        [Line(x=[v - x[0] for v in x], y=shares, step=True)],
        across=Text(f"Years since {first['quarter']}", f"自 {first['quarter']} 起的年数"),
        up=Text("Share of members (%)", "占会员的百分比（%）"),
        limits=(0.0, max([*shares, 1.0]) * 1.1),
    )
    return chart(figure, data, title=title, alt=alt, height=3.6)


@tabulate.register
def _(result: NewForms, data: Dataset) -> Shown:
    """Show the last quarter of each year."""
    columns = [
        Column(Text("Quarter", "季度"), "text"),
        Column(Text("Unions of new forms", "新就业形态工会（家）")),
        Column(Text("Their members (persons)", "其会员（人）")),
        Column(Text("Percent of all members", "占全部会员（%）")),
    ]
    rows = result.quarters.groupby(result.quarters["quarter"].str[:4]).tail(1)
    own = data.mode is Mode.OWN
    cells: list[list[Cell]] = [
        [str(r["quarter"]), "", "", ""]
        if own and judge(_quarter(r))
        else [str(r["quarter"]), count(int(r["unions"])), count(int(r["members"])),
              amount(float(r["share"]), digits=2)]
        for r in rows.to_dict("records")
    ]  # fmt: skip
    notes = [CELLS_HIDDEN] if own and not all(row[1] for row in cells) else []
    if result.contracts is not None:
        n = count(result.contracts)
        notes += [Counted(f"Collective contracts of new forms of employment in the table: {n}.",
                          f"表中的新就业形态集体合同：{n} 份。", counts=(result.contracts,),
                          n_unit="contract_rounds")]  # fmt: skip
    caption = Text("Organising in new forms of employment", "新就业形态的组织化")
    return table(columns, cells, data, caption=caption, notes=notes, name="new_forms")
