"""How counterfactual pay looks: two densities, what moved, and who stands in for whom."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import accumulate

from yuyao_lib.display.cards import notice
from yuyao_lib.display.charts import chart
from yuyao_lib.display.distributions import two_densities
from yuyao_lib.display.numbers import amount, count, digits_of, p_value
from yuyao_lib.display.results import draw, notes_of, tabulate
from yuyao_lib.display.shown import Shown
from yuyao_lib.display.sides import mirrored
from yuyao_lib.display.structure_words import group_words, measure_words
from yuyao_lib.display.tables import Cell, Column, table
from yuyao_lib.findings import (
    Backing,
    Contributions,
    Estimate,
    Mode,
    Rules,
    backing_of_estimate,
)
from yuyao_lib.findings.rules import declared
from yuyao_lib.methods.reweighting_results import Reweighted, Support
from yuyao_lib.sources.dataset import Dataset
from yuyao_lib.vocabulary import Text

__all__: list[str] = []

SMALL = declared()["persons"].name
ONE_BIN = Text(
    "This figure is not shown: only one bin would hold enough people of both sides.",
    "此图不予显示：只有一个区间在两侧都有足够的人。",
)
FEW = Text(
    "This figure is not shown, so that nobody can be singled out: one of its curves is of few.",
    "为避免识别个人，此图不予显示：其中一条曲线所涉人数过少。",
)
UNDRAWN = Text("pay that is zero or less has no log to draw", "零或负的工资没有对数可绘")


def kind_words(result: Reweighted) -> Text:
    """Name a counterfactual."""
    other, group = (group_words(result.group, v) for v in (0, 1))
    now, base = result.years
    if result.kind == "past_coverage":
        return Text(f"{now} with the coverage of {base}", f"{now} 年，覆盖同 {base} 年")
    if result.kind == "others_characteristics":
        return Text(f"{group.en} paid as {other.en} who look alike",
                    f"{group.zh}按特征相近的{other.zh}付酬")  # fmt: skip
    return Text(f"everybody paid as {other.en} who look alike",
                f"人人按特征相近的{other.zh}付酬")  # fmt: skip


@draw.register
def _(result: Reweighted, data: Dataset) -> Shown:
    """Draw the observed and the counterfactual density of log pay."""
    points, first, second = result.curves
    if not points:
        why = result.support.undefined or UNDRAWN
        return notice(Text(f"{_capital(why.en)}.", f"{why.zh}。"), data)
    if data.mode is Mode.OWN:
        lead = [result.of(result.statistics[0], part) for part in ("observed", "counterfactual")]
        if any(e.estimate is None for e in lead):
            return notice(FEW, data)
        points, first, second = _middle(result.curves, lead)
    names = (Text("observed", "实际"), kind_words(result))
    across = Text("Log of pay", "工资的对数")
    figure = two_densities(points, first, second, names=names, across=across)
    return chart(figure, data, title=_title(result), alt=_alt(result), note=_shares(result),
                 height=3.7)  # fmt: skip


def _middle(
    curves: tuple[tuple[float, ...], ...], lead: Sequence[Estimate]
) -> tuple[tuple[float, ...], tuple[float, ...], tuple[float, ...]]:
    """Keep the points beyond which many are on both sides: where a curve ends is a percentile."""
    points, *densities = curves
    persons = min(backing_of_estimate(e, Contributions()).persons or 1 for e in lead)
    beyond = Rules().quantile_cases / persons
    below = [list(accumulate(curve)) for curve in densities]
    kept = [
        at for at in range(len(points))
        if all(beyond <= sums[at] / sums[-1] <= 1 - beyond for sums in below)
    ]  # fmt: skip
    first, second = (tuple(curve[at] for at in kept) for curve in densities)
    return tuple(points[at] for at in kept), first, second


def _title(result: Reweighted) -> Text:
    """Say in a title what the first statistic does."""
    name = result.statistics[0]
    e, words = result.of(name), measure_words(name)
    if e.estimate is None:
        return Text("No counterfactual can be made", "无法构造反事实")
    low, value, high = (amount(v, digits=3) for v in (e.low, e.estimate, e.high))
    return Text(
        f"{_capital(words.en)}: observed minus counterfactual {value} ({low} to {high})",
        f"{words.zh}：实际减反事实 {value}（{low} 至 {high}）",
    )


def _capital(text: str) -> str:
    """Begin a sentence."""
    return text[:1].upper() + text[1:]


def _shares(result: Reweighted) -> Text | None:
    """Say how many are in the group, observed and counterfactual."""
    if result.shares is None or result.kind != "past_coverage":
        return None
    one, two = (f"{100 * s:.0f}%" for s in result.shares)
    _, group = (group_words(result.group, v) for v in (0, 1))
    return Text(
        f"Share of {group.en}: observed {one}, in the counterfactual {two}.",
        f"{group.zh}份额：实际 {one}，反事实 {two}。",
    )


def _alt(result: Reweighted) -> Text:
    """Describe the densities by the statistics."""
    en, zh = [], []
    for name in result.statistics[:6]:
        words = measure_words(name)
        parts = [result.of(name, p).estimate for p in ("observed", "counterfactual")]
        a, b = (amount(v, digits=3) for v in parts)
        en.append(f"{words.en}: {a} observed, {b} counterfactual")
        zh.append(f"{words.zh}：实际 {a}，反事实 {b}")
    return Text(
        "Two densities of log pay. " + "; ".join(en), "两条对数工资密度曲线。" + "；".join(zh)
    )


@tabulate.register
def _(result: Reweighted, data: Dataset) -> Shown:
    """Show every statistic, observed, counterfactual and their difference."""
    columns = [
        Column(Text("Statistic", "统计量"), "text"),
        Column(Text("Observed", "实际")),
        Column(Text("Counterfactual", "反事实")),
        Column(Text("Difference", "之差")),
        Column(Text("Interval", "区间")),
        Column(Text("p-value", "p 值")),
    ]
    rows: list[list[Cell]] = []
    for name in result.statistics:
        three = [result.of(name, p) for p in ("observed", "counterfactual", "part")]
        values: list[Cell] = [_value(e) for e in three]
        rows.append([measure_words(name), *values, _ends(three[2]), p_value(three[2].p_value)])
    words = kind_words(result)
    notes = [note for note in (_shares(result),) if note] + notes_of(list(result.estimates))
    if any(result.of(n).unit == "log_points" for n in result.statistics):
        notes.append(
            Text("Ratios differ by the difference of their logs.", "比值之差以其对数之差表示。")
        )
    if any(n.startswith(("p", "percentile")) for n in result.statistics):
        notes.append(
            Text(
                "Where pay is heaped at round numbers, percentiles move in steps.",
                "工资集中于整数时，百分位成级跳动。",
            )
        )
    caption = Text(f"Observed, and {words.en}", f"实际，与“{words.zh}”")
    return table(columns, rows, data, caption=caption, notes=notes, name=result.kind)


def _value(e: Estimate) -> str:
    """Write a value."""
    return amount(e.estimate, digits=2 if e.unit == "ratio" else digits_of(e.unit))


def _ends(e: Estimate) -> Cell:
    """Write an interval, or why there is none."""
    if e.undefined is not None:
        return e.undefined
    low, high = (amount(v, digits=digits_of(e.unit)) for v in (e.low, e.high))
    return Text(f"{low} to {high}", f"{low} 至 {high}")


@draw.register
def _(result: Support, data: Dataset) -> Shown:
    """Draw the probability of being in the group, on both sides; of own data in wide bins."""
    if data.mode is Mode.OWN and result.edges:
        from yuyao_lib.sources.contributions import contributions_of

        held = contributions_of(data)
        result = wider(result, lambda n: (held.persons(n) or 0) >= Rules().persons)
        if len(result.edges) < 3:
            return replace(notice(ONE_BIN, data), hidden=(("bins", SMALL),))
        counts = [*result.members, *result.others]
        backing = [
            Backing(what=f"bin {i}", persons=held.persons(n), names_employers=False)
            for i, n in enumerate(counts, 1)
        ]
        return replace(_overlap(result, data), backing=tuple(backing))
    return _overlap(result, data)


def wider(result: Support, enough: Callable[[int], bool]) -> Support:
    """Merge bins from the left until each holds enough of both sides, the rest into the last."""
    edges, members, others = [result.edges[0]], [0], [0]
    for edge, a, b in zip(result.edges[1:], result.members, result.others, strict=True):
        members[-1] += a
        others[-1] += b
        if enough(members[-1]) and enough(others[-1]):
            edges.append(edge)
            members.append(0)
            others.append(0)
    a, b = members.pop(), others.pop()
    if not members:
        return replace(result, edges=(edges[0], result.edges[-1]), members=(a,), others=(b,))
    members[-1] += a
    others[-1] += b
    edges[-1] = result.edges[-1]
    return replace(
        result, edges=tuple(edges), members=tuple(members), others=tuple(others)
    )  # fmt: skip


def _overlap(result: Support, data: Dataset) -> Shown:
    """Draw the bins there are."""
    sides = [[100 * n / max(sum(c), 1) for n in c] for c in (result.members, result.others)]
    names = (Text("in the group", "组内"), Text("everybody else", "其他人"))
    figure = mirrored(
        result.edges, *sides, names=names,
        across=Text("Probability of being in the group, given the controls",
                    "给定控制变量时属于该组的概率"),
        up=Text("Share of each side (%)", "占各侧的比例（%）"),
    )  # fmt: skip
    few, n = amount(result.effective, digits=0), count(result.n)
    title = Text(
        f"The counterfactual rests on the equivalent of {few} of {n} rows",
        f"反事实实际依托相当于 {few} 行（共 {n} 行）",
    )
    if result.undefined is not None:
        title = Text("The two sides do not overlap", "两侧没有重叠")
    out = f"{100 * result.outside:.0f}%"
    alt = Text(
        f"Histogram of the probability on both sides. {out} of the group lie above everybody"
        f" else; effective number of rows {few}.",
        f"组内与其他人属于该组的概率之直方图，上下对照。组内 {out} 高于所有其他人；"
        f"反事实所依托的有效行数为 {few}。",
    )
    return chart(figure, data, title=title, alt=alt, height=3.6)
