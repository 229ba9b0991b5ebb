"""How premiums look: the fall from pooled to within, percentiles, years, movers."""

from __future__ import annotations

from dataclasses import replace

from yuyao_lib.display import premium_signs
from yuyao_lib.display.charts import chart, forest, ranges_over
from yuyao_lib.display.hidden_counts import (
    HIDDEN,
    ROUNDED,
    count_list,
    count_said,
    hidden_note,
)
from yuyao_lib.display.numbers import amount, count, in_percent, interval, p_value, size
from yuyao_lib.display.results import alt_of, draw, notes_of, range_of, tabulate
from yuyao_lib.display.sentences import headline_of, said
from yuyao_lib.display.shown import Shown
from yuyao_lib.display.tables import Cell, Column, table
from yuyao_lib.findings import Estimate
from yuyao_lib.methods.membership import STATUSES, Movers
from yuyao_lib.methods.premium_spread import QuantilePremiums, YearPremiums
from yuyao_lib.methods.premiums import Premiums, percent
from yuyao_lib.sources.dataset import Dataset
from yuyao_lib.vocabulary import Language, Text, listed_columns, term

__all__ = ["premium_signs"]  # registers signs of who joins, and other data sets

LOG_POINTS = Text("Difference in pay (log points)", "工资差异（对数点）")


@headline_of.register
def _(result: Premiums, estimate: Estimate) -> Text:
    """Say what the fall from the pooled to the within comparison means."""
    return Text(_headline(result, estimate, "en"), _headline(result, estimate, "zh"))


def _headline(result: Premiums, lead: Estimate, language: Language) -> str:
    """Write the sentence; what cannot be compared within persons says so."""
    routes = {e.key: e for e in result.estimates if e.undefined is None}
    pooled, fixed = routes.get("pooled_ols"), routes.get("fixed_effects")
    if pooled is None or fixed is None or lead is not fixed:
        return _one_route(result, lead, language)
    raw, own = (amount(e.estimate, digits=3) for e in (pooled, fixed))
    pooled_pct, pct = (amount(percent(e.estimate or 0.0), digits=1) for e in (pooled, fixed))
    inside = f"{interval(fixed, language)}；{size(fixed, language)}"
    meaning = _meaning(result.fall, pooled, language)
    if language == "zh":
        return (
            f"混合比较中，会员的工资比其他人高 {raw} 个对数点，即 {pooled_pct}%；"
            f"与自己相比时为 {own} 个对数点，即 {pct}%（{inside}）。{meaning}"
        )
    inside = f"{interval(fixed, language)}; {size(fixed, language)}"
    return (
        f"Members earn {raw} log points, or {pooled_pct}%, more than others in the pooled"
        f" comparison, and {own} log points, or {pct}%, more when each is compared with himself"
        f" or herself ({inside}). {meaning}"
    )


def _meaning(fall: Estimate, pooled: Estimate, language: Language) -> str:
    """Say how much of the pooled gap is who joins, if the data can tell."""
    zh = language == "zh"
    if fall.estimate is None or not pooled.estimate or fall.low is None:
        return ""
    if fall.low <= 0:
        return (
            "两者之差在抽样误差之内，不能说差距来自谁入会。"
            if zh
            else "The two differ by no more than chance, so these data do not show that the gap"
            " is who joins."
        )
    share = amount(100 * fall.estimate / pooled.estimate, digits=0)
    low, high = (amount(v, digits=3) for v in (fall.low, fall.high))
    return (
        f"混合差距中约 {share}% 来自谁入会，而不是入会带来的工资（差值区间 {low} 至 {high}）。"
        if zh
        else f"About {share}% of the pooled gap is who joins, not what joining pays"
        f" (difference {low} to {high})."
    )


def _one_route(result: Premiums, lead: Estimate, language: Language) -> str:
    """Say a single route, and why there is no other."""
    sentence = _pooled_alone(lead, language) if lead.key == "pooled_ols" else said(lead, language)
    missing = next((e for e in result.estimates if e.undefined is not None), None)
    if missing is None or missing.undefined is None or missing is lead:
        return sentence
    why = missing.undefined.of(language)
    end = f"{why}。" if language == "zh" else f" {why[:1].upper()}{why[1:]}."
    return sentence + end


def _pooled_alone(lead: Estimate, language: Language) -> str:
    """Say the pooled comparison, where there is no other."""
    if lead.estimate is None:
        return said(lead, language)
    value, inside = in_percent(lead, language), f"{interval(lead, language)}"
    n = size(lead, language)
    if language == "zh":
        return f"在控制变量相同者中，会员的工资比其他人高 {value}（{inside}；{n}）。"
    return f"Members earn {value}, more than others alike in the controls ({inside}; {n})."


@draw.register
def _(result: Premiums, data: Dataset) -> Shown:
    """Draw every route's premium with its interval."""
    shown = [range_of(e, strong=e.key == "fixed_effects") for e in result.estimates]
    figure, height = forest(shown, axis=LOG_POINTS)
    fixed = result.fall.estimate is not None
    title = (
        Text(
            "The gap shrinks when each person is compared with himself or herself"
            if (result.fall.low or 0) > 0
            else "The gap by every route",
            "与自己相比时，差距缩小" if (result.fall.low or 0) > 0 else "各种方法下的差距",
        )
        if fixed
        else Text("The gap in the pooled comparison", "混合比较中的差距")
    )
    return chart(figure, data, title=title, alt=alt_of(list(result.estimates)), height=height)


@tabulate.register
def _(result: Premiums, data: Dataset) -> Shown:
    """Show every route in log points and in percent, with what it could not use."""
    columns = [
        Column(Text("Route", "方法"), "text"),
        Column(Text("Log points", "对数点")),
        Column(Text("Standard error", "标准误")),
        Column(Text("Interval", "区间")),
        Column(Text("Percent", "百分比")),
        Column(Text("Interval in percent", "百分比区间")),
        Column(Text("p-value", "p 值")),
        Column(Text("n", "样本量"), "text"),
    ]
    rows = [_premium_row(e) for e in result.estimates]
    caption = Text("The premium by route", "各方法的工资溢价")
    notes = [*notes_of(list(result.estimates)), *_unmade(result), *_left_out(result)]
    return table(columns, rows, data, caption=caption, notes=notes, name="premium_by_route")


def _premium_row(e: Estimate) -> list[Text | str]:
    """Lay out one route."""
    name = term(e.method).text
    if e.undefined is not None:
        return [name, *["–"] * 7]
    values = [v for v in (e.estimate, e.low, e.high) if v is not None]
    logs = [amount(v, digits=3) for v in values]
    pcts = [amount(percent(v), digits=1) for v in values]
    return [
        name,
        logs[0],
        amount(e.standard_error, digits=3),
        Text(f"{logs[1]} to {logs[2]}", f"{logs[1]} 至 {logs[2]}"),
        f"{pcts[0]}%",
        Text(f"{pcts[1]}% to {pcts[2]}%", f"{pcts[1]}% 至 {pcts[2]}%"),
        p_value(e.p_value),
        Text(size(e, "en"), size(e, "zh")),
    ]


def _unmade(result: Premiums) -> list[Text]:
    """Say once why routes have no number, naming them."""
    routes: dict[Text, list[Text]] = {}
    for e in result.estimates:
        if e.undefined is not None:
            routes.setdefault(e.undefined, []).append(term(e.method).text)
    return [
        Text(
            f"Cannot be estimated ({', '.join(n.en for n in names)}): {why.en}.",
            f"无法估计（{'、'.join(n.zh for n in names)}）：{why.zh}。",
        )
        for why, names in routes.items()
    ]


def _left_out(result: Premiums) -> list[Text]:
    """Name the controls a route could not use, and the rows that were incomplete."""
    notes = []
    for route, names in result.left_out.items():
        words, listed = term(route).text, listed_columns(names)
        notes.append(
            Text(
                f"{words.en[:1].upper()}{words.en[1:]} cannot use: {listed.en}.",
                f"{words.zh}无法使用：{listed.zh}。",
            )
        )
    if result.dropped:
        n = count(result.dropped)
        notes.append(Text(f"{n} incomplete rows left out.", f"剔除不完整的行 {n} 行。"))
    return notes


@draw.register
def _(result: QuantilePremiums, data: Dataset) -> Shown:
    """Draw the premium across the distribution of pay."""
    figure = ranges_over(
        [float(p) for p in result.percentiles],
        [range_of(e) for e in result.estimates],
        across=Text("Percentile of pay", "工资百分位"),
        up=LOG_POINTS,
    )
    first, last = result.estimates[0].estimate, result.estimates[-1].estimate
    title = _slope(first, last)
    labels = [Text(f"percentile {p}", f"第 {p} 百分位") for p in result.percentiles]
    return chart(figure, data, title=title, alt=alt_of(result.estimates, labels), height=3.8)


def _slope(first: float | None, last: float | None) -> Text:
    """Say in a title what the percentiles show."""
    if first is None or last is None:
        return Text("The gap across the distribution of pay", "工资分布各处的差距")
    low, high = amount(first, digits=3), amount(last, digits=3)
    return Text(
        f"The gap is {low} among the low paid and {high} among the high paid",
        f"低薪处差距为 {low}，高薪处为 {high}",
    )


@draw.register
def _(result: YearPremiums, data: Dataset) -> Shown:
    """Draw the premium in each year."""
    yearly = result.estimates[:-1]
    figure = ranges_over(
        [float(year) for year in result.years],
        [range_of(e) for e in yearly],
        across=Text("Year", "年份"),
        up=LOG_POINTS,
    )
    change = result.change
    note = Text(said(change, "en"), said(change, "zh"))
    title = Text("The gap year by year", "逐年的差距")
    if change.differs_from_zero is not None:
        moved = change.differs_from_zero
        title = Text(
            "The gap changed between the first and the last year"
            if moved
            else "No clear change of the gap between the first and the last year",
            "首末两年之间差距有变化" if moved else "首末两年之间差距无明显变化",
        )
    alt = alt_of(yearly, [Text(f"{year}", f"{year} 年") for year in result.years])
    return chart(figure, data, title=title, alt=alt, note=note, height=3.8)


@tabulate.register
def _(result: Movers, data: Dataset) -> Shown:
    """Show persons and person-years by history; the two are never added."""
    columns = [
        Column(Text("History of membership", "会员身份经历"), "text"),
        Column(Text("Persons", "人数")),
        Column(Text("Person-years", "人年")),
    ]
    kept, hidden, backing = count_list(
        {s: result.persons[s] for s in STATUSES}, data, employers=result.employers
    )
    rows: list[list[Cell]] = [
        [
            term(s).text,
            kept[s],
            count_said(result.person_years[s], data) if s not in hidden else kept[s],
        ]
        for s in STATUSES
    ]
    n = HIDDEN if set(STATUSES[2:]) & set(hidden) else count_said(result.changing, data)
    note = (
        Text(f"Comparisons within persons rest on {n} persons.", f"个人内部的比较依据 {n} 人。")
        if result.followed
        else Text(
            "Nobody is seen twice, so nobody is seen to change.",
            "没有人被观察两次，看不到身份变化。",
        )
    )
    notes = [note, *hidden_note(len(hidden)), *([ROUNDED] if data.rounds else [])]
    caption = Text("Who changes status", "谁改变了身份")
    shown = table(columns, rows, data, caption=caption, notes=notes, name="movers")
    return replace(shown, backing=backing, hidden=tuple((s, "minimum persons") for s in hidden))
