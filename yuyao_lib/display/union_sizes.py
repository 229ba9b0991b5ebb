"""How sizes of unions look: unions and members by band of size, and percentiles by group."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from yuyao_lib.display.backing import backing_of
from yuyao_lib.display.cards import notice
from yuyao_lib.display.charts import Draw, chart
from yuyao_lib.display.hidden_counts import ALL_HIDDEN
from yuyao_lib.display.numbers import amount, count
from yuyao_lib.display.results import draw, tabulate
from yuyao_lib.display.shown import Shown
from yuyao_lib.display.style import COLOURS
from yuyao_lib.display.tables import Cell, Column, table
from yuyao_lib.findings import Backing, Contributions, Estimate, Mode, backing_of_estimate, judge
from yuyao_lib.findings.rules import SECONDARY
from yuyao_lib.methods.union_sizes import BANDS, PERCENTILES, SizeGroup, UnionSizes
from yuyao_lib.sources.dataset import Dataset
from yuyao_lib.vocabulary import Language, Text

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__: list[str] = []

UNIONS, MEMBERS = Text("unions", "工会"), Text("members", "会员")
BANDS_HIDDEN = Text(
    "Bands of few unions, or of one that has most of the members, are left out.",
    "工会过少或会员集中于一家的规模段未予列出。",
)


@backing_of.register
def _(result: UnionSizes, held: Contributions) -> list[Backing]:
    """Back the measures of every group."""
    every = [e for group in result.groups for e in group.estimates if e.undefined is None]
    return [backing_of_estimate(e, held) for e in every]


@tabulate.register
def _(result: UnionSizes, data: Dataset) -> Shown:
    """Show one row a group: how many, their mean, percentiles and concentration."""
    columns = [
        Column(Text("Unions", "工会"), "text"), Column(Text("How many", "家数")),
        Column(Text("Members", "会员数")), Column(Text("Mean", "均值")),
        *(Column(Text(f"P{p}", f"P{p}")) for p in PERCENTILES),
        Column(Text("In the largest tenth (%)", "最大十分之一所占（%）")),
        Column(Text("Gini index", "基尼系数")),
    ]  # fmt: skip
    rows = [_row(group) for group in result.groups]
    left_out = [e for g in result.groups for e in g.estimates if e.undefined is not None]
    reasons = dict.fromkeys(e.undefined for e in left_out)
    notes = [Text(f"–: {t.en}.", f"–：{t.zh}。") for t in reasons if t is not None]
    notes.insert(0, Text(
        "P10 to P90: members of the union at that place, from the smallest to the largest.",
        "P10 至 P90：自小到大排列时该位置工会的会员数。",
    ))  # fmt: skip
    caption = Text("How large unions are (members per union)", "工会规模（每家会员数）")
    return table(columns, rows, data, caption=caption, notes=notes, name="union_sizes")


def _row(group: SizeGroup) -> list[Cell]:
    """Lay out one group; counts go where its mean may not be shown."""
    mean = group.of("size_mean")
    counts = ["–", "–"] if mean.undefined else [count(group.unit_count), count(group.total)]
    name = Text(group.name.en[:1].upper() + group.name.en[1:], group.name.zh)
    return [
        name, *counts, _number(mean, 1),
        *(_number(group.of(f"size_p{p}"), 0) for p in PERCENTILES),
        _number(group.of("top_tenth"), 1), _number(group.of("size_gini"), 2),
    ]  # fmt: skip


def _number(e: Estimate, digits: int) -> str:
    """Write a measure, or a dash."""
    return amount(e.estimate, digits=digits)


@draw.register
def _(result: UnionSizes, data: Dataset) -> Shown:
    """Draw which share of unions, and which of members, each band of size holds."""
    rows = result.bands
    hidden: tuple[tuple[str, str], ...] = ()
    shares = [100 * rows[c] / max(rows[c].sum(), 1) for c in ("unions", "members")]
    seen = [True] * len(rows)
    if data.mode is Mode.OWN:
        seen, hidden = _seen(rows)
    if not any(seen):
        return replace(notice(ALL_HIDDEN, data), hidden=hidden)
    names = [_band(i) for i, s in enumerate(seen) if s]
    pairs = [(float(u), float(m)) for u, m, s in zip(*shares, seen, strict=True) if s]
    median, top = result.groups[0].of("size_p50"), result.groups[0].of("top_tenth")
    title = Text("Unions and members by size of the union", "按规模分列的工会与会员")
    if median.estimate is not None and top.estimate is not None:
        title = Text(
            f"Half of the unions have {amount(median.estimate, digits=0)} members or fewer;"
            f" the largest tenth has {amount(top.estimate, digits=0)}% of all members",
            f"半数工会的会员不超过 {amount(median.estimate, digits=0)} 人；"
            f"最大十分之一的工会占全部会员的 {amount(top.estimate, digits=0)}%",
        )
    told = [Text(f"{n.en} {u:.1f} and {m:.1f}", f"{n.zh} {u:.1f} 与 {m:.1f}")
            for n, (u, m) in zip(names, pairs, strict=True)]  # fmt: skip
    alt = Text(
        f"Bars of percent of unions and of members by size: {'; '.join(t.en for t in told)}.",
        f"各规模工会数与会员数占比（%）条形图：{'；'.join(t.zh for t in told)}。",
    )
    note = BANDS_HIDDEN if hidden else None
    shown = chart(_twins(names, pairs), data, title=title, alt=alt, note=note, height=3.9)
    if data.mode is not Mode.OWN:
        return shown
    kept = [row for row, s in zip(rows.to_dict("records"), seen, strict=True) if s]
    backing = tuple(_backed(row, what) for row in kept for what in ("unions", "members"))
    return replace(shown, backing=backing, hidden=hidden)


def _band(place: int) -> Text:
    """Name a band of size."""
    low = BANDS[place]
    if place + 1 == len(BANDS):
        return Text(f"{count(low)} or more", f"{count(low)} 及以上")
    low, high = max(low, 1), BANDS[place + 1] - 1
    return Text(f"{low}–{high}", f"{low}–{high}")


def _backed(row: Mapping[Any, Any], what: str) -> Backing:
    """Back a bar by the unions of its band and what each adds to it."""
    return Backing(
        what=f"{what} from {row['low']}", persons=int(row["members"]), persons_counted=True,
        employers=int(row["unions"]), employers_counted=True, contributions=row["sizes"],
        members=row.get("rows"),
    )  # fmt: skip


def _seen(rows: pd.DataFrame) -> tuple[list[bool], tuple[tuple[str, str], ...]]:
    """Leave out bands that break a rule, and more until those left out together break none.

    All bands together are told in the table, so what is left out can be worked out as a sum.
    """
    records = rows.to_dict("records")
    broken = {i: v[0].rule for i, r in enumerate(records) if (v := judge(_backed(r, "unions")))}
    while broken and len(broken) < len(records) and judge(_sum([records[i] for i in broken])):
        rest = [i for i in range(len(records)) if i not in broken]
        broken[min(rest, key=lambda i: int(records[i]["unions"]))] = SECONDARY
    hidden = tuple((f"from {records[i]['low']}", rule) for i, rule in sorted(broken.items()))
    return [i not in broken for i in range(len(records))], hidden


def _sum(records: list[dict[Hashable, Any]]) -> Backing:
    """Back several bands together."""
    whole = {c: sum(r[c] for r in records) for c in ("unions", "members")}
    sizes = tuple(n for r in records for n in r["sizes"])
    return _backed({"low": "left out", "sizes": sizes, **whole}, "unions")


def _twins(names: list[Text], pairs: list[tuple[float, float]]) -> Draw:
    """Return bars side by side: percent of unions, and of members."""

    def drawn(axes: Axes, language: Language) -> None:
        for place, values in enumerate(pairs):
            for side, value in enumerate(values):
                x, colour = place + (side - 0.5) * 0.4, COLOURS[("blue", "orange")[side]]
                label = (UNIONS, MEMBERS)[side].of(language) if place == 0 else None
                axes.bar(x, value, 0.38, color=colour, linewidth=0, label=label)
                axes.annotate(f"{value:.0f}", (x, value), xytext=(0, 3), ha="center", fontsize=8.5,
                              textcoords="offset points", color=COLOURS["ink"])  # fmt: skip
        axes.set_xticks(range(len(names)), [n.of(language) for n in names])
        axes.tick_params(axis="x", length=0, labelcolor=COLOURS["ink"])
        axes.set_xlabel(Text("Members of the union", "工会会员数（人）").of(language))
        axes.set_ylabel(Text("Share of all (%)", "占全部（%）").of(language))
        axes.margins(y=0.12)
        axes.grid(visible=True, axis="y")
        axes.set_axisbelow(True)
        axes.legend(loc="lower right", bbox_to_anchor=(1, 1.0), ncols=2, frameon=False, fontsize=9)

    return drawn
