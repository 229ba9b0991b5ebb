"""How effects across the distribution look, and what skill is paid."""

from __future__ import annotations

from typing import Any

from yuyao_lib.display.charts import chart, forest
from yuyao_lib.display.distributions import series_over
from yuyao_lib.display.numbers import amount, p_value
from yuyao_lib.display.results import alt_of, draw, notes_of, range_of, tabulate
from yuyao_lib.display.sentences import headline_of, said, valued
from yuyao_lib.display.shown import Shown
from yuyao_lib.display.structure_cells import left_out, pair_of, when_words
from yuyao_lib.display.structure_words import (
    column_words,
    group_words,
    measure_words,
    skill_words,
)
from yuyao_lib.display.tables import Cell, Column, table
from yuyao_lib.findings import Estimate
from yuyao_lib.methods.skill_premia import SkillPremia
from yuyao_lib.methods.unconditional_quantiles import RifEffects
from yuyao_lib.sources.dataset import Dataset
from yuyao_lib.vocabulary import LANGUAGES, Language, Text

__all__: list[str] = []


@headline_of.register
def _(result: SkillPremia, estimate: Estimate) -> Text:
    """Say first whose pay is compared with whose, and when."""
    pairs = ((skill, value) for skill in result.skills for value in result.values or (None,))
    found = next((p for p in pairs if _key(*p) == estimate.key), None)
    if found is None:  # a change between periods
        return Text(said(estimate, "en"), said(estimate, "zh"))
    told = {language: _compared(result, *found, language) for language in LANGUAGES}
    return Text(valued(estimate, told["en"], "en"), valued(estimate, told["zh"], "zh"))


def _compared(result: SkillPremia, skill: str, value: Any, language: Language) -> str:
    """Say whose pay is compared with whose, in which year or of which group."""
    column = column_words(result.skill).of(language)
    one, other = (skill_words(s).of(language) for s in (skill, result.reference))
    year = len(str(value)) == 4 and str(value).isdigit()
    group = None if result.by is None or year else column_words(result.by).of(language)
    if language == "en":
        when = f" in {value}" if year else f" ({group} {value})" if group else ""
        return f"Pay at {column} {one} over {other}{when}"
    when = f"{value} 年" if year else f"{group} {value}：" if group else ""
    return f"{when}{column} {one} 与 {other} 相比的工资"


def _key(skill: str, value: Any) -> str:
    """Return the key of the premium of a skill."""
    return f"premium_{skill}" if value is None else f"premium_{skill}_{value}"


@draw.register
def _(result: RifEffects, data: Dataset) -> Shown:
    """Draw effects across percentiles, the first and the last period in two colours."""
    periods = list(dict.fromkeys([result.periods[0], result.periods[-1]]))
    series = [
        (when_words(q), [range_of(result.of(f"percentile_{p}", q)) for p in result.percentiles])
        for q in periods
    ]
    figure = series_over(
        [float(p) for p in result.percentiles], series,
        across=Text("Percentile of everybody's pay", "全体工资的百分位"),
        up=Text("Log points, per unit of the share", "对数点，份额每单位"),
    )  # fmt: skip
    last = [result.of(f"percentile_{p}", periods[-1]) for p in result.percentiles]
    alt = Text(_described(result, last, "en"), _described(result, last, "zh"))
    return chart(figure, data, title=_shape(result, last, periods[-1]), alt=alt, height=4.2)


def _shape(result: RifEffects, last: list[Estimate], period: Any) -> Text:
    """Say in a title where in the distribution the effect is largest."""
    pairs = zip(result.percentiles, last, strict=True)
    known = [(p, e.estimate) for p, e in pairs if e.estimate is not None]
    if not known:
        return Text("Effects across the distribution", "沿工资分布的效应")
    top = max(known, key=lambda pair: pair[1])
    told = list(dict.fromkeys([known[0], top, known[-1]]))
    en = ", ".join(f"{amount(v, digits=2)} at {p}" for p, v in told)
    zh = "，".join(f"第 {p} 百分位 {amount(v, digits=2)}" for p, v in told)
    group = group_words(result.group, 1)
    when = "" if period is None else f" in {period}"
    year = "" if period is None else f"{period} 年"
    return Text(
        f"A larger share of {group.en}{when} goes most with percentile {top[0]}: {en}",
        f"{year}{group.zh}份额上升的效应在第 {top[0]} 百分位最大：{zh}",
    )


def _described(result: RifEffects, last: list[Estimate], language: Language) -> str:
    """Describe the chart by its numbers."""
    told = [
        f"{p}: {amount(e.estimate, digits=3)} ({amount(e.low, digits=3)},"
        f" {amount(e.high, digits=3)})"
        for p, e in zip(result.percentiles, last, strict=True)
    ]
    start = (
        "各百分位的效应及区间。" if language == "zh" else "Effects by percentile with intervals. "
    )
    return start + "; ".join(told)


@tabulate.register
def _(result: RifEffects, data: Dataset) -> Shown:
    """Show effects by statistic and period."""
    columns = [Column(Text("Statistic", "统计量"), "text")]
    for period in result.periods:
        columns += [Column(when_words(period)), Column(Text("Interval", "区间"))]
    if result.changes:
        columns += [Column(Text("Change", "变化")), Column(Text("Interval", "区间"))]
    rows: list[list[Cell]] = []
    for name in [*(f"percentile_{p}" for p in result.percentiles), *result.measures]:
        cells = [c for q in result.periods for c in pair_of(result.of(name, q))]
        if result.changes:
            cells += pair_of(result.of(f"change_{name}"))
        rows.append([measure_words(name), *cells])
    _, group = (group_words(result.group, v) for v in (0, 1))
    shown = [e for e in result.levels if e.key.startswith("gini")] or list(result.levels)[:1]
    notes = [
        Text(
            "Per unit of the share: a rise by ten percentage points has a tenth of it. Ratios as"
            " logs.",
            "份额每上升一单位：上升十个百分点对应其十分之一。比值取对数。",
        ),
        *notes_of(shown),
        *left_out(result),
    ]
    caption = Text(
        f"What a larger share of {group.en} goes with in the distribution of everybody's pay",
        f"{group.zh}份额上升与全体工资分布的关系",
    )
    return table(columns, rows, data, caption=caption, notes=notes, name="rif_effects")


@draw.register
def _(result: SkillPremia, data: Dataset) -> Shown:
    """Draw premia by skill, the first and the last value of `by` side by side."""
    values = list(dict.fromkeys([result.values[0], result.values[-1]]))
    ranges, told = [], []
    for skill in result.skills:
        if skill == result.reference:
            continue
        for value in values:
            words, who = skill_words(skill), group_words(result.by, value)
            label = words if result.by is None else Text(
                f"{words.en} ({who.en})", f"{words.zh}（{who.zh}）"
            )  # fmt: skip
            strong = value == values[-1] and len(values) > 1
            told.append(result.of(skill, value))
            ranges.append(range_of(told[-1], label=label, strong=strong))
    base = skill_words(result.reference)
    column = column_words(result.skill)
    axis = Text(
        f"Log points relative to {base.en}, {column.en}", f"相对于“{base.zh}”的对数点，{column.zh}"
    )
    figure, height = forest(ranges, axis=axis)
    alt = alt_of(told, [r.label for r in ranges])
    note = None
    if result.changes:
        top = result.of(result.skills[-1], "change")
        note = Text(said(top, "en"), said(top, "zh"))
    return chart(figure, data, title=_steeper(result), alt=alt, height=height, note=note)


def _steeper(result: SkillPremia) -> Text:
    """Say in a title whether the premium of the highest skill moved."""
    words = column_words(result.skill)
    plain = Text(f"Premia of {words.en}", f"{words.zh}的溢价")
    top = result.skills[-1]
    if not result.changes or top == result.reference:
        return plain
    change = result.of(top, "change")
    if change.estimate is None:
        return plain
    first, last = (group_words(result.by, v) for v in (result.values[0], result.values[-1]))
    ends = sorted([change.low or 0.0, change.high or 0.0], key=abs)
    value, near, far = (amount(abs(v), digits=2) for v in (change.estimate, *ends))
    name, more = skill_words(top), change.estimate > 0
    if not change.differs_from_zero:
        low, high = (amount(v, digits=2) for v in (change.low, change.high))
        return Text(
            f"No clear difference in the premium of {name.en}: {last.en} minus {first.en} between"
            f" {low} and {high}",
            f"“{name.zh}”的溢价无明显差别：{last.zh}减{first.zh}介于 {low} 与 {high} 之间",
        )
    return Text(
        f"The premium of {name.en} is {value} {'larger' if more else 'smaller'} for {last.en} than"
        f" for {first.en} ({near} to {far})",
        f"“{name.zh}”的溢价，{last.zh}比{first.zh}{'高' if more else '低'} {value}"
        f"（{near} 至 {far}）",
    )


@tabulate.register
def _(result: SkillPremia, data: Dataset) -> Shown:
    """Show premia by skill."""
    columns = [Column(column_words(result.skill), "text")]
    for value in result.values:
        columns += [Column(group_words(result.by, value)), Column(Text("Interval", "区间"))]
    if result.changes:
        columns += [Column(Text("Difference", "之差")), Column(Text("Interval", "区间")),
                    Column(Text("p-value", "p 值"))]  # fmt: skip
    rows: list[list[Cell]] = []
    for skill in result.skills:
        if skill == result.reference:
            rows.append([skill_words(skill), *["–"] * (len(columns) - 1)])
            continue
        cells = [c for v in result.values for c in pair_of(result.of(skill, v))]
        if result.changes:
            change = result.of(skill, "change")
            cells += [*pair_of(change), p_value(change.p_value)]
        rows.append([skill_words(skill), *cells])
    base = skill_words(result.reference)
    caption = Text(
        f"Premia relative to {base.en}, log points", f"相对于“{base.zh}”的溢价（对数点）"
    )
    notes = notes_of(list(result.levels)) + left_out(result)
    return table(columns, rows, data, caption=caption, notes=notes, name="skill_premia")
