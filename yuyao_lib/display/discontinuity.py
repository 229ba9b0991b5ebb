"""How a discontinuity looks: the jump, its plot, its checks, heaps and densities."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from yuyao_lib.display import heaps
from yuyao_lib.display.cards import notice
from yuyao_lib.display.charts import Range, chart, forest
from yuyao_lib.display.cutoffs import means_around
from yuyao_lib.display.dispute_words import pair
from yuyao_lib.display.hidden_counts import ALL_HIDDEN
from yuyao_lib.display.numbers import amount, count, digits_of, interval, measured, p_value, size
from yuyao_lib.display.results import alt_of, draw, notes_of, tabulate
from yuyao_lib.display.sentences import headline_of
from yuyao_lib.display.shown import Shown
from yuyao_lib.display.tables import Cell, Column, table
from yuyao_lib.findings import Backing, Contributions, Estimate, Mode, backing_of_estimate, judge
from yuyao_lib.methods.discontinuity import Discontinuity
from yuyao_lib.methods.discontinuity_bins import BinnedMeans
from yuyao_lib.methods.discontinuity_checks import Variations, named
from yuyao_lib.methods.running_density import DensityTest
from yuyao_lib.sources.dataset import Dataset
from yuyao_lib.vocabulary import LANGUAGES, Text, term

__all__ = ["heaps"]  # registers counts around a value

KEYS = {
    "robust": Text("corrected for bias, robust", "偏误校正，稳健"),
    "conventional": Text("not corrected", "未校正"),
    "first_stage": Text("jump of treatment", "处理的跳跃"),
    "reduced_form": Text("jump of the outcome", "结果的跳跃"),
}
ROWS = {
    "bandwidth": Text("Bandwidth", "带宽"),
    "donut": Text("Left out", "剔除"),
    "placebo": Text("False cut-off", "虚假临界点"),
    "covariate": Text("Settled beforehand", "事先已定的特征"),
}


@headline_of.register
def _(result: Discontinuity, estimate: Estimate) -> Text:
    """Say how much changes at the cut-off."""
    running, outcome = named(result.setting.running), named(result.setting.outcome)
    at = f"{result.setting.cutoff:g}"
    if estimate.undefined is not None:
        return Text(
            f"What changes at {at} of {running.en} cannot be estimated: {estimate.undefined.en}.",
            f"在{running.zh} {at} 处的变化无法估计：{estimate.undefined.zh}。",
        )
    parts = {
        k: (measured(estimate, k), interval(estimate, k), size(estimate, k)) for k in LANGUAGES
    }
    en, zh = parts["en"], parts["zh"]
    zero = estimate.differs_from_zero
    return Text(
        f"At {at} of {running.en}, {outcome.en} jumps by {en[0]} ({en[1]}; {en[2]} within"
        f" {result.bandwidth or 0:.3g})." + ("" if zero else " Zero is inside the interval."),
        f"在{running.zh} {at} 处，{outcome.zh}跳跃 {zh[0]}（{zh[1]}；{result.bandwidth or 0:.3g}"
        f" 之内 {zh[2]}）。" + ("" if zero else "区间包含零。"),
    )


@tabulate.register
def _(result: Discontinuity, data: Dataset) -> Shown:
    """Show the jump with and without correction."""
    columns = [
        Column(Text("Jump", "跳跃"), "text"),
        Column(Text("Estimate", "估计值")),
        Column(Text("Interval", "区间"), "text"),
        Column(Text("Standard error", "标准误")),
        Column(Text("Unit", "单位"), "text"),
        Column(Text("p-value", "p 值")),
        Column(Text("n", "样本量")),
    ]
    rows: list[list[Cell]] = [
        [KEYS.get(e.key, term(e.term).text), *pair(e),
         amount(e.standard_error, digits=digits_of(e.unit)), term(e.unit).text,
         p_value(e.p_value), count(e.n)]
        for e in result.estimates
    ]  # fmt: skip
    outcome, running = named(result.setting.outcome), named(result.setting.running)
    caption = Text(
        f"Jump of {outcome.en} at {result.setting.cutoff:g} of {running.en}",
        f"{outcome.zh}在{running.zh} {result.setting.cutoff:g} 处的跳跃",
    )
    notes = [*_width_notes(result), *notes_of(list(result.estimates))]
    return table(columns, rows, data, caption=caption, notes=notes, name="discontinuity")


def _width_notes(result: Discontinuity) -> list[Text]:
    """Say how far was looked, how many are there, and whether the values are few."""
    if result.bandwidth is None:
        return []
    below, above = count(result.n_below), count(result.n_above)
    few = f"{result.values_below}", f"{result.values_above}"
    kernel = {"triangular": "三角核", "epanechnikov": "Epanechnikov 核", "uniform": "均匀核"}
    said = [
        Text(
            f"Bandwidth {result.bandwidth:.3g}, for the bias {result.bias_bandwidth:.3g};"
            f" {result.setting.kernel} kernel; {below} rows below and {above} above with {few[0]}"
            f" and {few[1]} distinct values.",
            f"带宽 {result.bandwidth:.3g}，偏误带宽 {result.bias_bandwidth:.3g}；"
            f"{kernel[result.setting.kernel]}；临界点以下 {below} 行、以上 {above} 行，"
            f"分别有 {few[0]} 和 {few[1]} 个不同取值。",
        )
    ]
    if result.coarse:
        said.append(
            Text(
                "The running variable takes few values near the cut-off, so the lines bridge gaps"
                " without data; the interval does not count that.",
                "分配变量在临界点附近取值很少，拟合线跨越没有数据的间隔；区间并未计入这一点。",
            )
        )
    return said


@draw.register
def _(result: BinnedMeans, data: Dataset) -> Shown:
    """Draw binned means with the fitted lines; of own data bins of enough rows only."""
    shown = _binned(result, data)
    if data.mode is not Mode.OWN:
        return shown
    from yuyao_lib.sources.contributions import contributions_of

    backing = bin_backing(result, contributions_of(data))
    seen = np.array([not judge(b) for b in backing], dtype=bool)
    names = ("middle", "mean", "low", "high", "count")
    kept = replace(result, **{name: getattr(result, name)[seen] for name in names})
    hidden = tuple((b.what, v[0].rule) for b in backing if (v := judge(b)))
    if not seen.any():
        return replace(notice(ALL_HIDDEN, data), hidden=hidden)
    held = tuple(b for b in backing if not judge(b))
    return replace(_binned(kept, data), backing=held, hidden=hidden)


def bin_backing(result: BinnedMeans, held: Contributions) -> list[Backing]:
    """Return what stands behind the mean of each bin: its rows, as those of the jump."""
    one = result.found.estimate("robust")
    alone: dict[str, Any] = dict.fromkeys(("persons", "employers", "clusters", "cluster_unit"))
    bins = [replace(one, key=f"bin_{i}", n=int(n), **alone) for i, n in enumerate(result.count, 1)]
    return [replace(backing_of_estimate(e, held), residual_df=None) for e in bins]


def _binned(result: BinnedMeans, data: Dataset) -> Shown:
    """Draw the bins there are."""
    setting = result.found.setting
    running, outcome = named(setting.running), named(setting.outcome)
    robust = result.found.estimate("robust")
    if not len(result.middle):
        why = robust.undefined or Text("there are no rows", "没有数据行")
        return notice(Text(f"Not drawn: {why.en}.", f"未绘制：{why.zh}。"), data)
    figure = means_around(
        setting.cutoff, (result.middle, result.mean, result.low, result.high), result.lines,
        across=_capital(running), up=_capital(outcome),
    )  # fmt: skip
    at = Text(f"{setting.cutoff:g}", f"{setting.cutoff:g} ")
    if setting.cutoff == 0:  # a distance: the number names no place
        at = Text("the cut-off", "临界点")
    title = Text(
        f"{outcome.en[:1].upper()}{outcome.en[1:]} on both sides of {at.en}",
        f"{at.zh}两侧的{outcome.zh}",
    )
    jump = alt_of([robust])
    alt = Text(
        f"Means of {outcome.en} by bins of {running.en}, with a line on each side."
        f" {jump.en.partition('. ')[2]}",
        f"按{running.zh}分组的{outcome.zh}均值，两侧各有拟合线。{jump.zh.partition('。')[2]}",
    )
    note = Text(
        "Points: means of bins with intervals; lines: the local fits whose distance at the dashed"
        " line is the jump.",
        "点：各组均值及区间；线：局部拟合，其在虚线处的距离即为跳跃。",
    )
    name = "binned_means" + ("_SIMULATED" if data.mode.value == "simulated" else "")
    numbers = (f"{name}.csv", result.to_frame().round(6).to_csv(index=False))
    return chart(figure, data, title=title, alt=alt, note=note, csv=numbers)


@tabulate.register
def _(result: Variations, data: Dataset) -> Shown:
    """Show each variation."""
    columns = [
        Column(ROWS[result.kind], "text"),
        Column(Text("Jump", "跳跃")),
        Column(Text("Interval", "区间"), "text"),
        Column(Text("p-value", "p 值")),
        Column(Text("n", "样本量")),
    ]
    rows: list[list[Cell]] = [
        [label, *pair(e), p_value(e.p_value), count(e.n)]
        for label, e in zip(result.labels, result.estimates, strict=True)
    ]
    caption = _varied(result)
    notes = notes_of(list(result.estimates))
    return table(columns, rows, data, caption=caption, notes=notes, name=f"{result.kind}_checks")


@draw.register
def _(result: Variations, data: Dataset) -> Shown:
    """Draw each variation, the design's own interval shaded where it should be met."""
    if not result.estimates:
        why = result.base.undefined if result.base else None
        words = why or Text("there is nothing to vary", "没有可变的内容")
        return notice(Text(f"Not shown: {words.en}.", f"未显示：{words.zh}。"), data)
    shown = [
        Range(_capital(label), e.estimate, e.low, e.high)
        for label, e in zip(result.labels, result.estimates, strict=True)
    ]
    band = None
    base = result.base
    if result.kind in ("bandwidth", "donut") and base is not None and base.low is not None:
        band = (base.low, base.high or base.low)
    unit = term(result.setting.unit).text
    axis = Text(f"Jump ({unit.en})", f"跳跃（{unit.zh}）")
    if result.kind == "covariate":
        axis = Text("Jump, in each one's own unit", "跳跃（各自的单位）")
    figure, height = forest(shown, axis=axis, band=band)
    said = alt_of(result.estimates, [r.label for r in shown])
    return chart(figure, data, title=_varied(result), alt=said, height=height)


def _varied(result: Variations) -> Text:
    """Say what the variations show."""
    known, differ = result.known, result.differ
    if result.kind in ("placebo", "covariate"):
        what = {
            "placebo": Text("false cut-offs", "个虚假临界点"),
            "covariate": Text("characteristics settled beforehand", "个事先已定的特征"),
        }[result.kind]
        return Text(
            f"{differ} of {known} {what.en} show a jump",
            f"{known} {what.zh}中有 {differ} 个出现跳跃",
        )
    what = {
        "bandwidth": Text("bandwidths", "个带宽"),
        "donut": Text("holes at the cut-off", "个剔除范围"),
    }[result.kind]
    return Text(
        f"The jump with other {what.en}: {differ} of {known} intervals leave out zero",
        f"{known} {what.zh}下的跳跃：{differ} 个区间不含零",
    )


@tabulate.register
def _(result: DensityTest, data: Dataset) -> Shown:
    """Show the densities on both sides and the test."""
    e = result.estimates[0]
    columns = [
        Column(Text("Density of", "密度"), "text"),
        Column(Text("Just below", "略低处")),
        Column(Text("Just above", "略高处")),
        Column(Text("Above less below", "上减下")),
        Column(Text("Interval", "区间"), "text"),
        Column(Text("p-value", "p 值")),
        Column(Text("n", "样本量")),
    ]
    sides = [amount(v, digits=4) for v in (result.below, result.above)]
    rows: list[list[Cell]] = [
        [named(result.running), *sides, *pair(e), p_value(e.p_value), count(e.n)]
    ]
    caption = Text(
        f"Is the density smooth at {result.cutoff:g}?", f"密度在 {result.cutoff:g} 处是否平滑？"
    )
    notes = [*notes_of([e]), e.says_why]
    if result.bandwidth is not None:
        notes.insert(
            0, Text(f"Bandwidth {result.bandwidth:.3g}.", f"带宽 {result.bandwidth:.3g}。")
        )
    return table(columns, rows, data, caption=caption, notes=notes, name="density")


def _capital(words: Text) -> Text:
    """Begin an axis with a capital."""
    return Text(words.en[:1].upper() + words.en[1:], words.zh)
