"""How a gap looks: its parts by reference prices, and by characteristic."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from yuyao_lib.display.charts import chart
from yuyao_lib.display.distributions import Segment, stacked_parts
from yuyao_lib.display.numbers import amount, count
from yuyao_lib.display.results import draw, notes_of, tabulate
from yuyao_lib.display.shown import Shown
from yuyao_lib.display.structure_cells import left_out, pair_of, when_words
from yuyao_lib.display.structure_words import column_words, group_words, reference_words
from yuyao_lib.display.tables import Cell, Column, table
from yuyao_lib.findings import Estimate
from yuyao_lib.methods.decompositions import SIDES, THREEFOLD, Characteristics, Decomposition
from yuyao_lib.sources.dataset import Dataset
from yuyao_lib.vocabulary import Language, Text, term

__all__: list[str] = []

PARTS = (Text("explained by characteristics", "由特征解释"), Text("not explained", "未能解释"))


@draw.register
def _(result: Decomposition, data: Dataset) -> Shown:
    """Draw explained and unexplained at every reference, in the last period."""
    period = result.periods[-1]
    labels = [reference_words(reference, result.group) for reference in result.references]
    bars = [
        [_segment(result.of(f"{part}_{reference}", period)) for part in SIDES]
        for reference in result.references
    ]
    unit, when = term(result.totals[0].unit).text, when_words(period)
    axis = Text(f"Part of the gap ({unit.en})", f"差距的组成（{unit.zh}）")
    if period is not None:
        axis = Text(f"{axis.en}, {when.en}", f"{axis.zh}，{when.zh}")
    figure, height = stacked_parts(labels, bars, names=PARTS, axis=axis)
    alt = _parts_said(result, period, labels)
    note = Text(
        "Lines above and below a bar: the intervals of its two parts.",
        "横条上下的线：两部分各自的区间。",
    )
    title = _range_explained(result, period)
    return chart(figure, data, title=title, alt=alt, note=note, height=height)


def _parts_said(result: Decomposition, period: Any, labels: Sequence[Text]) -> Text:
    """Describe the bars by their numbers."""
    said: dict[Language, list[str]] = {"en": [], "zh": []}
    for reference, label in zip(result.references, labels, strict=True):
        known, rest = (result.of(f"{part}_{reference}", period) for part in SIDES)
        values = [amount(e.estimate, digits=3) for e in (known, rest)]
        said["en"].append(f"{label.en}: explained {values[0]}, not explained {values[1]}")
        said["zh"].append(f"{label.zh}：已解释 {values[0]}，未解释 {values[1]}")
    gap = amount(result.of("gap", period).estimate, digits=3)
    return Text(
        f"Bars of the gap, {gap}, in two parts at each reference. {'; '.join(said['en'])}.",
        f"各参照下差距 {gap} 的两个部分。{'；'.join(said['zh'])}。",
    )


def _segment(e: Estimate) -> Segment:
    """Return a part as the chart draws it."""
    return Segment(e.estimate, e.low, e.high)


def _range_explained(result: Decomposition, period: Any) -> Text:
    """Say in a title how much is explained, over all references."""
    gap = result.of("gap", period).estimate
    parts = [result.of(f"explained_{r}", period).estimate for r in result.references]
    known = [p for p in parts if p is not None]
    if gap is None or not known or gap <= 0:
        return Text("The gap and its parts", "差距及其组成")
    low, high = (amount(100 * v / gap, digits=0) for v in (min(known), max(known)))
    when = "" if period is None else f" of {period}"
    zh = "" if period is None else f" {period} 年"
    return Text(
        f"Characteristics explain {low}% to {high}% of the gap{when}, by reference",
        f"特征可解释{zh}差距的 {low}% 至 {high}%，视参照而定",
    )


@tabulate.register
def _(result: Decomposition, data: Dataset) -> Shown:
    """Show both parts at every reference, in every period."""
    columns = [
        Column(Text("Reference", "参照"), "text"),
        Column(Text("Explained", "已解释")),
        Column(Text("Interval", "区间")),
        Column(Text("Not explained", "未解释")),
        Column(Text("Interval", "区间")),
        Column(Text("Explained share", "已解释的份额")),
    ]
    rows: list[list[Cell]] = []
    groups = []
    for period in result.periods:
        groups.append((len(rows), _gap_words(result, period)))
        gap = result.of("gap", period).estimate
        for reference in result.references:
            one = result.of(f"explained_{reference}", period)
            two = result.of(f"unexplained_{reference}", period)
            share = "–" if not gap or one.estimate is None else f"{100 * one.estimate / gap:.0f}%"
            rows.append(
                [reference_words(reference, result.group), *pair_of(one), *pair_of(two), share]
            )
    if result.changes:
        groups.append(
            (len(rows), Text("Change from the first to the last year", "首末两年之间的变化"))
        )
        for reference in result.references:
            one, two = (result.of(f"change_{p}_{reference}") for p in SIDES)
            rows.append(
                [reference_words(reference, result.group), *pair_of(one), *pair_of(two), "–"]
            )
    notes = [_threefold(result, period) for period in result.periods]
    notes += notes_of(list(result.totals)) + left_out(result)
    caption = Text("What explains the gap, by reference prices", "差距由什么解释（按参照回报）")
    return table(columns, rows, data, caption=caption, notes=notes, groups=groups,
                 name="decomposition")  # fmt: skip


def _gap_words(result: Decomposition, period: Any) -> Text:
    """Name a period with its gap."""
    gap = result.of("gap", period)
    other, group = (group_words(result.group, v) for v in (0, 1))
    when = when_words(period)
    if gap.undefined is not None:
        return Text(f"{when.en}: {gap.undefined.en}", f"{when.zh}：{gap.undefined.zh}")
    low, value, high = (amount(v, digits=3) for v in (gap.low, gap.estimate, gap.high))
    n = count(gap.n)
    return Text(
        f"{when.en}: {group.en} minus {other.en} {value} ({low} to {high}; n {n})",
        f"{when.zh}：{group.zh}减{other.zh} {value}（{low} 至 {high}；样本量 {n}）",
    )


def _threefold(result: Decomposition, period: Any) -> Text:
    """Say the threefold parts in a line."""
    parts = [result.of(name, period) for name in THREEFOLD]
    when = when_words(period)
    if any(e.estimate is None for e in parts):
        return Text(f"Threefold, {when.en}: –", f"三重分解，{when.zh}：–")
    told: dict[str, list[str]] = {"en": [], "zh": []}
    for e in parts:
        low, value, high = (amount(v, digits=3) for v in (e.low, e.estimate, e.high))
        name = term(e.term).text
        told["en"].append(f"{name.en} {value} ({low} to {high})")
        told["zh"].append(f"{name.zh} {value}（{low} 至 {high}）")
    return Text(
        f"Threefold, {when.en}: {'; '.join(told['en'])}.",
        f"三重分解，{when.zh}：{'；'.join(told['zh'])}。",
    )


@tabulate.register
def _(result: Characteristics, data: Dataset) -> Shown:
    """Show which characteristics the two parts come from."""
    columns = [
        Column(Text("Characteristic", "特征"), "text"),
        Column(Text("Explained", "已解释")),
        Column(Text("Interval", "区间")),
        Column(Text("Not explained", "未解释")),
        Column(Text("Interval", "区间")),
    ]
    rows: list[list[Cell]] = []
    for block, pair in result.pairs.items():
        cells: list[Cell] = ["–", "–"] if len(pair) == 1 else pair_of(pair[0])
        words = column_words(block)
        if len(result.blocks.get(block, ())) > 1:
            words = Text(f"{words.en} and its square", f"{words.zh}及其平方")
        rows.append([words, *cells, *pair_of(pair[-1])])
    when, words = when_words(result.period), reference_words(result.reference, "")
    caption = Text(
        f"By characteristic, {when.en}, {words.en}", f"按特征划分，{when.zh}，{words.zh}"
    )
    return table(columns, rows, data, caption=caption, notes=notes_of(list(result.estimates)),
                 name="characteristics")  # fmt: skip
