"""How staggered adoption looks: event studies, estimators, bounds, chosen intervals, verdicts."""

from __future__ import annotations

from collections.abc import Sequence

from yuyao_lib.display import adoption_checks
from yuyao_lib.display.charts import chart, ranges_over
from yuyao_lib.display.numbers import (
    amount,
    counted,
    digits_of,
    in_percent,
    interval,
    level_of,
    reach,
    size,
)
from yuyao_lib.display.results import (
    alt_of,
    draw,
    estimate_columns,
    estimate_rows,
    notes_of,
    range_of,
    tabulate,
)
from yuyao_lib.display.sentences import headline_of, said
from yuyao_lib.display.shown import Shown
from yuyao_lib.display.tables import Cell, Column, table
from yuyao_lib.findings import Estimate
from yuyao_lib.methods.event_regressions import EventStudy
from yuyao_lib.methods.group_time_results import Aggregate
from yuyao_lib.methods.honest import HonestBounds
from yuyao_lib.methods.inference_choice import ChosenInterval
from yuyao_lib.methods.side_by_side import Estimators
from yuyao_lib.methods.static_twfe import StaticTwoWay
from yuyao_lib.sources.dataset import Dataset
from yuyao_lib.vocabulary import LANGUAGES, Text, term

__all__ = ["adoption_checks"]  # registers checks on an effect

SINCE = Text("Periods since adoption", "自采用起的期数")


@headline_of.register
def _(result: ChosenInterval, estimate: Estimate) -> Text:
    """Say the effect with the interval that holds its size, and whether zero is inside."""
    chosen = result.chosen
    if chosen.undefined is not None:
        what, why = term(chosen.term).text, chosen.undefined
        return Text(
            f"{what.en[:1].upper()}{what.en[1:]} cannot be estimated: {why.en}.",
            f"无法估计{what.zh}：{why.zh}。",
        )
    zero = chosen.differs_from_zero
    ends = {
        True: Text(
            " Zero is outside the interval; whether a trend that was there before would do the"
            " same is asked under Robustness.",
            "零不在区间内；此前已有的趋势是否会得出同样结果，见“稳健性”。",
        ),
        False: Text(
            " Zero is inside the interval: these data do not show an effect.",
            "零在区间内：这些数据未显示效应。",
        ),
    }
    end = ends[zero] if zero is not None else None
    name, method = term(chosen.term).text, term(chosen.method).text
    en, zh = (f"{interval(chosen, k)}; {size(chosen, k)}" for k in LANGUAGES)
    kind = {k: counted(chosen.cluster_unit or "units", k) for k in LANGUAGES}
    words = Text(
        f"Where it was adopted, the {name.en} is put at {in_percent(chosen, 'en')} ({en};"
        f" adopted in {result.treated} {kind['en']}; interval by {method.en}).",
        f"在实施之处，{name.zh}估计为 {in_percent(chosen, 'zh')}（{zh.replace('; ', '；')}；"
        f"其中实施的有 {result.treated} {kind['zh']}；区间来自{method.zh}）。",
    )
    return words if end is None else Text(words.en + end.en, words.zh + end.zh)


@draw.register
def _(result: Aggregate, data: Dataset) -> Shown:
    """Draw the effect by time since adoption, by cohort or by period."""
    return _event_chart(result.parts, result.labels, data)


@draw.register
def _(result: EventStudy, data: Dataset) -> Shown:
    """Draw the effect by time since adoption."""
    return _event_chart(result.parts, result.event_times, data)


def _event_chart(parts: Sequence[Estimate], places: Sequence[float], data: Dataset) -> Shown:
    """Draw estimates over a numeric axis."""
    unit = term(parts[0].unit).text if parts else Text("estimate", "估计值")
    figure = ranges_over(
        list(places), [range_of(e) for e in parts], across=SINCE, up=unit, joined=False
    )
    title = Text(
        "The effect by time since adoption; before it, none should be seen",
        "采用前后各期的效应；采用之前不应有效应",
    )
    labels = [
        Text(f"{p:g} after" if p >= 0 else f"{-p:g} before", f"第 {p:g} 期".replace("-", "−"))
        for p in places
    ]
    return chart(figure, data, title=title, alt=alt_of(parts, labels), height=3.9)


@tabulate.register
def _(result: Estimators, data: Dataset) -> Shown:
    """Show the estimators side by side."""
    estimates = list(result.estimates)
    caption = Text("The mean effect by estimator", "各估计方法的平均效应")
    return table(
        estimate_columns(list(result.estimates)),
        estimate_rows(estimates),
        data,
        caption=caption,
        notes=notes_of(estimates),
        name="estimators",
    )


@tabulate.register
def _(result: StaticTwoWay, data: Dataset) -> Shown:
    """Show which comparisons the static regression is made of."""
    columns = [
        Column(Text("Comparison", "比较"), "text"),
        Column(Text("Treated from", "处理始于"), "text"),
        Column(Text("Compared with", "对照"), "text"),
        Column(Text("Weight", "权重")),
        Column(Text("Difference", "差异")),
    ]
    rows: list[list[Cell]] = [
        [
            COMPARISONS.get(c.kind, Text(c.kind, c.kind)),
            f"{c.treated:g}",
            Text("never treated", "从未处理") if c.control == float("inf") else f"{c.control:g}",
            amount(c.weight, digits=3),
            amount(c.estimate, digits=3),
        ]
        for c in result.comparisons
    ]
    caption = Text("What the static regression compares", "静态回归所作的比较")
    notes = [Text(said(result.coefficient, "en"), said(result.coefficient, "zh"))]
    for e in result.estimates:
        if e.key in SHARES and e.estimate is not None:
            value = amount(e.estimate, digits=3)
            notes.append(Text(f"{SHARES[e.key].en}: {value}.", f"{SHARES[e.key].zh}：{value}。"))
    return table(columns, rows, data, caption=caption, notes=notes, name="comparisons")


SHARES = {
    "forbidden_share": Text("Weight on forbidden comparisons", "不当比较的权重"),
    "negative_cells": Text("Share of treated cells with a negative weight", "负权重处理单元的比例"),
    "negative_sum": Text("Sum of negative weights", "负权重之和"),
}


COMPARISONS = {
    "treated_never": Text("treated with never treated", "处理组与从未处理组"),
    "treated_always": Text("treated with always treated (forbidden)", "处理组与始终处理组（不当）"),
    "earlier_later": Text("earlier with not yet treated", "较早组与尚未处理组"),
    "later_earlier": Text("later with already treated (forbidden)", "较晚组与已处理组（不当）"),
}


@draw.register
def _(result: HonestBounds, data: Dataset) -> Shown:
    """Draw how the interval widens as parallel trends may fail more."""
    shown = [result.original, *result.intervals]
    places = [0.0, *result.bounds]
    figure = ranges_over(
        places,
        [range_of(e) for e in shown],
        across=Text(
            "Allowed departure from parallel trends (0: none)",
            "允许偏离平行趋势的程度（0 为不偏离）",
        ),
        up=term(result.original.unit).text,
        joined=False,
    )
    title = Text(
        "How far parallel trends may fail before the conclusion goes",
        "平行趋势偏离多远，结论便不成立",
    )
    labels = [
        Text("as estimated" if not p else f"departures of {p:g} times the largest step before",
             "所估计者" if not p else f"偏离至多为此前最大变动的 {p:g} 倍")
        for p in places
    ]  # fmt: skip
    alt = alt_of(shown, labels)
    return chart(figure, data, title=title, alt=alt, note=_breakdown(result), height=3.9)


def _breakdown(result: HonestBounds) -> Text:
    """Say how far trends may part before the conclusion goes."""
    e, what = result.breakdown, result.original.estimand
    en = f" Bounded: the {what.en}; it need not equal the finding." if what else ""
    zh = f"界限所针对的是{what.zh}，不必等于主要发现。" if what else ""
    if e.estimate is None:
        return Text(said(e, "en") + en, said(e, "zh") + zh)
    times = amount(e.estimate, digits=2)
    return Text(
        f"The conclusion goes once trends part after adoption by {times} times the largest step"
        f" before it.{en}",
        f"实施后的偏离达到实施前最大变动的 {times} 倍时，结论便不成立。{zh}",
    )


@tabulate.register
def _(result: ChosenInterval, data: Dataset) -> Shown:
    """Show the default interval and the others, and why it is the default."""
    columns = [
        Column(Text("Interval by", "区间来自"), "text"),
        Column(Text("Estimate", "估计值")),
        Column(level_of(result.estimates), "text"),
        Column(Text("Default", "默认"), "text"),
    ]
    rows: list[list[Cell]] = [
        [
            term(e.method).text,
            amount(e.estimate, digits=digits_of(e.unit)),
            reach(e),
            Text("yes", "是") if e is result.chosen else Text("no", "否"),
        ]
        for e in result.estimates
    ]
    caption = Text("Which interval, and why", "采用何种区间及原因")
    if result.estimator == "two_way_fixed_effects":
        caption = Text(
            "Which interval for the two-way regression, and why",
            "双向固定效应回归采用何种区间及原因",
        )
    reason = Text(f"{result.reason.en[:1].upper()}{result.reason.en[1:]}.", f"{result.reason.zh}。")
    return table(columns, rows, data, caption=caption, notes=[reason], name="intervals")
