"""How mediation looks: the sentence, ways of ending before and under a standard, the limit."""

from __future__ import annotations

from dataclasses import replace
from math import exp
from typing import TYPE_CHECKING

from yuyao_lib.display import known_answers, mediation_parts
from yuyao_lib.display.backing import estimate_backing
from yuyao_lib.display.cards import notice
from yuyao_lib.display.charts import Range, chart, forest
from yuyao_lib.display.curves import Line, curves
from yuyao_lib.display.dispute_endings import way
from yuyao_lib.display.dispute_models import ratio_columns
from yuyao_lib.display.dispute_words import covariate, pair, ratio_cells
from yuyao_lib.display.hidden_counts import count_list, hidden_note
from yuyao_lib.display.mediation_parts import aid_outcomes, closed, risk_names, switched_off
from yuyao_lib.display.numbers import amount, count, interval, p_value, ranged, size
from yuyao_lib.display.results import draw, notes_of, tabulate
from yuyao_lib.display.sentences import called, headline_of, said
from yuyao_lib.display.shown import Shown
from yuyao_lib.display.style import COLOURS
from yuyao_lib.display.tables import Cell, Column, table
from yuyao_lib.findings import Estimate, Mode
from yuyao_lib.findings.rules import declared
from yuyao_lib.methods.coefficients import ratio_of
from yuyao_lib.methods.mediation import Mediation
from yuyao_lib.methods.mediation_cases import Cases
from yuyao_lib.methods.mediation_limit import LegalLimit
from yuyao_lib.methods.mediation_ratios import StandardRatios, Variants
from yuyao_lib.methods.mediation_standard import Standard
from yuyao_lib.sources.dataset import Dataset
from yuyao_lib.vocabulary import Language, Text

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["known_answers", "mediation_parts"]

SMALL = declared()["persons"].name

DRAWN = ("settled", "arbitration", "withdrawn")
SHADES = {"settled": "blue", "arbitration": "orange", "withdrawn": "green", "litigation": "purple"}
UNDER, BEFORE = Text("under the standard", "达标后"), Text("before", "达标前")
DAYS = Text("Days since the case was filed", "自受理起的天数")


@called.register
def _(result: Mediation) -> dict[str, Text]:
    """Name ways of ending, comparisons of legal aid and what became of risks."""
    names = {f"ending_{e.key}": way(e.key) for e in result.ratios.estimates}
    names |= {f"share_{e.key}": way(e.key) for e in result.shares.estimates}
    aid = aid_outcomes(result.aid)
    for e in result.aid.estimates:
        words = aid.get(e.key.partition("_")[0])
        if words is not None:
            names[f"legal_aid_{e.key}"] = words
    return names | {f"risks_{k}": w for k, w in risk_names(result.risks.within).items()}


@headline_of.register
def _(result: Mediation, estimate: Estimate) -> Text:
    """Say how settlement differs under the standard, and how sure that is."""
    told = result.settlement
    if told.undefined is not None or told.estimate is None:
        return Text(said(estimate, "en"), said(estimate, "zh"))
    ratio = amount(exp(told.estimate), digits=2)
    low, high = (amount(exp(v or 0.0), digits=2) for v in (told.low, told.high))
    level = f"{told.level:.0%}"
    one = told.differs_from_zero
    ends = (
        Text("One, which would be no difference, is outside the interval.",
             "一（即没有差异）不在区间内。")
        if one
        else Text("One, no difference, is inside the interval: these data do not show one.",
                  "一（即没有差异）在区间内：这些数据未显示差异。")
    )  # fmt: skip
    before, after = result.shares.cases
    return Text(
        f"Among cases still open on a day, settlement was {ratio} times as likely under the"
        f" standard as before it ({level} interval {low} to {high}; {count(after)} cases under"
        f" it, {count(before)} before). {ends.en}",
        f"在当日仍未结案的案件中，达标后和解的可能性是达标前的 {ratio} 倍"
        f"（{level} 区间 {low} 至 {high}；达标后 {count(after)} 件，达标前 {count(before)} 件）。"
        f"{ends.zh}",
    )


@draw.register
def _(result: Standard, data: Dataset) -> Shown:
    """Draw each way's share as days pass, before (dashed) and under the standard."""
    switched = switched_off(result.estimates, data)
    if switched is not None:
        return switched
    lines = []
    for side, words in ((1, UNDER), (0, BEFORE)):
        for c in result.sides[side].curves:
            if c.cause in DRAWN:
                keep = [i for i, t in enumerate(c.times) if t <= 2 * result.horizon]
                name = way(c.cause)
                label = Text(f"{name.en}, {words.en}", f"{name.zh}，{words.zh}")
                x = [0.0, *(float(c.times[i]) for i in keep)]
                y = [0.0, *(float(c.share[i]) for i in keep)]
                colour, dashed = SHADES[c.cause], side == 0
                lines.append(Line(x=x, y=y, label=label, step=True, colour=colour, dashed=dashed))
    up = Text("Share ended in this way", "以此方式结束的比例")
    told = [(way(e.key), e) for e in result.estimates if e.key in DRAWN]
    days = f"{result.horizon:g}"
    change = told[0][1].estimate or 0.0
    more, points = change >= 0, amount(100 * abs(change), digits=1)
    title = Text(
        f"Settled within {days} days: {points} percentage points"
        f" {'more' if more else 'less'} under the standard",
        f"{days} 天内和解的比例：达标后{'高' if more else '低'} {points} 个百分点",
    )
    alt = Text(
        f"Cumulative incidence before and under the standard. Change within {days} days: "
        + "; ".join(f"{n.en} {amount(e.estimate, digits=3)} ({ranged(e, digits=3).en})"
                    for n, e in told) + ".",
        f"达标前后的累积发生率。{days} 天内的变化："
        + "；".join(f"{n.zh} {amount(e.estimate, digits=3)}（{ranged(e, digits=3).zh}）"
                    for n, e in told) + "。",
    )  # fmt: skip
    return chart(curves(lines, across=DAYS, up=up), data, title=title, alt=alt, height=4.3)


@tabulate.register
def _(result: Standard, data: Dataset) -> Shown:
    """Show each way's share before and under the standard."""
    switched = switched_off(result.estimates, data)
    if switched is not None:
        return switched
    columns = [
        Column(Text("Way of ending", "结束方式"), "text"),
        Column(Text("Share before", "达标前比例")),
        Column(Text("Share under it", "达标后比例")),
        Column(Text("Change", "变化")),
        Column(Text("Interval of the change", "变化的区间"), "text"),
        Column(Text("p-value", "p 值")),
    ]
    sides = {k: {e.key: e for e in c.estimates} for k, c in result.sides.items()}
    rows: list[list[Cell]] = [
        [way(e.key), *(amount(sides[k][e.key].estimate, digits=3) for k in (0, 1)),
         *pair(e, digits=3), p_value(e.p_value)]
        for e in result.estimates
    ]  # fmt: skip
    before, after = (count(n) for n in result.cases)
    days = f"{result.horizon:g}"
    notes = [
        Text(f"{before} cases before, {after} under the standard.",
             f"达标前 {before} 件，达标后 {after} 件。"),
        *notes_of(list(result.estimates)),
    ]  # fmt: skip
    caption = Text(f"How cases had ended within {days} days", f"{days} 天之内如何结案")
    return table(columns, rows, data, caption=caption, notes=notes, name="ways_by_standard")


@draw.register
def _(result: StandardRatios, data: Dataset) -> Shown:
    """Draw the ratio of the chance of each ending that goes with the standard."""
    switched = switched_off(result.estimates, data)
    if switched is not None:
        return switched
    shown = [
        Range(way(r.key), r.estimate, r.low, r.high, strong=r.key == "settled")
        for r in result.ratios
    ]
    figure, height = forest(shown, axis=Text("Hazard ratio", "风险比"), zero=1.0)
    told = [(way(r.key), r) for r in result.ratios if r.estimate is not None]
    title = Text(
        "The chance of each ending on a day, under the standard over before",
        "每日以各方式结案的风险：达标后与达标前之比",
    )
    alt = Text(
        "Hazard ratios of ending on a day, under the standard over before (interval in brackets). "
        + " ".join(f"{n.en}: {amount(r.estimate, digits=2)} ({ranged(r, digits=2).en})."
                   for n, r in told),
        "达到标准后与之前相比，每日以各方式结案的风险比（括号内为区间）。"
        + "".join(f"{n.zh}：{amount(r.estimate, digits=2)}（{ranged(r, digits=2).zh}）。"
                  for n, r in told),
    )  # fmt: skip
    return chart(figure, data, title=title, alt=alt, height=height)


@draw.register
def _(result: LegalLimit, data: Dataset) -> Shown:
    """Draw how many cases end on each day, the day of the legal limit marked."""
    switched = switched_off(result.estimates, data)
    if switched is not None:
        return switched
    found = result.estimates[0]
    order = [w for w in SHADES if w in result.ways]
    here = {w: result.ways[w][result.limit - 1] for w in order}

    def figure(axes: Axes, language: Language) -> None:
        base = [0] * len(result.days)
        for name in order:
            values = result.ways[name]
            axes.bar(result.days, values, bottom=base, width=0.86, color=COLOURS[SHADES[name]],
                     label=way(name).of(language))  # fmt: skip
            base = [b + v for b, v in zip(base, values, strict=True)]
        axes.axvline(result.limit, color=COLOURS["ink"], linewidth=1, linestyle=":", zorder=0)
        words = Text(f"day {result.limit}: legal limit", f"第 {result.limit} 天：法定期限")
        axes.annotate(words.of(language), (result.limit, max(base)), xytext=(6, -2),
                      textcoords="offset points", fontsize=9, color=COLOURS["ink"])  # fmt: skip
        axes.set_xlabel(DAYS.of(language))
        axes.set_ylabel(Text("Cases", "件数").of(language))
        axes.legend(frameon=False, fontsize=9)
        axes.grid(visible=True, axis="y")
        axes.set_axisbelow(True)

    share_of_open = amount(found.estimate, digits=2)
    title = Text(
        f"Day {result.limit} stands out: {share_of_open} of the cases still open end then, beyond"
        " what ends on the days beside it",
        f"第 {result.limit} 天突出：超出相邻各日，仍未结案者中另有 {share_of_open} 在当日结束",
    )
    alt = Text(
        f"Cases by the day on which they ended. On day {result.limit}: "
        + "; ".join(f"{way(w).en} {n}" for w, n in here.items())
        + f". {said(found, 'en')}",
        f"按结案日统计的案件数。第 {result.limit} 天："
        + "；".join(f"{way(w).zh} {n}" for w, n in here.items())
        + f"。{said(found, 'zh')}",
    )
    note = Text(
        f"Beyond the days beside it: {interval(found, 'en')}; {size(found, 'en')} open that day.",
        f"超出相邻各日的部分：{interval(found, 'zh')}；当日未结 {size(found, 'zh')}。",
    )
    return chart(figure, data, title=title, alt=alt, note=note, height=4.0)


@tabulate.register
def _(result: StandardRatios, data: Dataset) -> Shown:
    """Show each way's ratios, those of the standard and of what the case is about."""
    switched = switched_off(result.estimates, data)
    if switched is not None or data.mode is not Mode.OWN:
        return switched or tabulate(result.hazards, data)
    from yuyao_lib.sources.contributions import contributions_of

    backing = estimate_backing(result.hazards, contributions_of(data)) or ()
    return replace(tabulate(result.hazards, data), backing=tuple(backing))


@tabulate.register
def _(result: Cases, data: Dataset) -> Shown:
    """Show how many cases there are, how many were still open, and under which standard."""
    if result.undefined is not None:
        return notice(closed(result.undefined), data)
    side = result.standard or ""
    under = int(result.frame[side].sum())
    counts = {"mediated": result.n, "open": result.still_open, "standard": under,
              "elsewhere": result.elsewhere}  # fmt: skip
    written, hidden, backing = count_list(counts, data, n_unit="cases")
    rows: list[list[Cell]] = [
        [Text("mediated cases", "调解案件"), written["mediated"]],
        [Text("of them still open on the last day (kept)", "其中最后一日仍未结案（保留）"),
         written["open"]],
        [covariate(side), written["standard"]],
        [Text("cases that no room mediated (not among these)", "未经工作室调解的案件（不在其中）"),
         written["elsewhere"]],
    ]  # fmt: skip
    columns = [Column(Text("Cases", "案件"), "text"), Column(Text("Number", "件数"))]
    notes = [Text(f"Watched until {result.until}.", f"观察至 {result.until}。")]
    notes += hidden_note(len(hidden))
    caption = Text("Which cases are studied", "研究的案件")
    shown = table(columns, rows, data, caption=caption, notes=notes, name="cases")
    return replace(shown, backing=backing, hidden=tuple((n, SMALL) for n in hidden))


@tabulate.register
def _(result: Variants, data: Dataset) -> Shown:
    """Show the ratio of settlement told in other ways."""
    switched = switched_off(result.estimates, data)
    if switched is not None:
        return switched
    rows: list[list[Cell]] = [
        [name, *ratio_cells(ratio_of(e, unit="hazard_ratio"), e)]
        for name, e in zip(result.names, result.estimates, strict=True)
    ]
    caption = Text("The ratio of settlement, told in other ways", "和解的风险比：其他估计方式")
    notes = notes_of(list(result.estimates))
    return table(ratio_columns(), rows, data, caption=caption, notes=notes, name="variants")
