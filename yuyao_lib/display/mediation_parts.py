"""How money, rooms, legal aid and screened risks look; a part without its table says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yuyao_lib.display.cards import notice
from yuyao_lib.display.charts import chart, ranges_over
from yuyao_lib.display.dispute_words import pair
from yuyao_lib.display.numbers import amount, count, p_value, ranged
from yuyao_lib.display.results import alt_of, draw, notes_of, range_of, tabulate
from yuyao_lib.display.sentences import said
from yuyao_lib.display.shown import Shown
from yuyao_lib.display.style import COLOURS
from yuyao_lib.display.tables import Cell, Column, Counted, table
from yuyao_lib.findings import Estimate
from yuyao_lib.methods.mediation_aid import LegalAid
from yuyao_lib.methods.mediation_money import Money
from yuyao_lib.methods.mediation_risks import RiskFunnel
from yuyao_lib.methods.mediation_rooms import RoomOpenings
from yuyao_lib.sources.dataset import Dataset
from yuyao_lib.sources.people import note_counts
from yuyao_lib.vocabulary import Language, Text, term

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["closed", "switched_off"]

SCOPES = {
    "disputes": Text("mediated disputes", "调解的争议"),
    "legal_aid": Text("cases with legal aid", "法律援助案件"),
    "both": Text("both, each case once", "两者合计（每件只计一次）"),
}
EARLIEST, LATEST = -8, 12  # quarters drawn


def switched_off(estimates: tuple[Estimate, ...], data: Dataset) -> Shown | None:
    """Say why a part is switched off; None where it is not."""
    if any(e.undefined is None for e in estimates):
        return None
    why = next((e.undefined for e in estimates if e.undefined is not None), None)
    return notice(closed(why or Text("there is nothing to show", "没有可显示的内容")), data)


def closed(words: Text) -> Text:
    """Make a sentence of a reason."""
    return Text(f"{words.en[:1].upper()}{words.en[1:]}.", f"{words.zh}。")


@tabulate.register
def _(result: Money, data: Dataset) -> Shown:
    """Show amounts under each reading of which cases they belong to."""
    switched = switched_off(result.estimates, data)
    if switched is not None:
        return switched
    columns = [
        Column(Text("Amounts belong to", "金额归属"), "text"),
        Column(Text("Cases", "件数")),
        Column(Text("Amount, CNY", "金额（元）")),
        Column(Text("CNY per case", "每件金额（元）")),
        Column(Text("Recovered, share of money", "兑现比例（金额）")),
        Column(Text("Interval", "区间"), "text"),
        Column(Text("Recovered, share of cases", "兑现比例（件数）")),
    ]
    rows: list[list[Cell]] = []
    for scope, estimates in result.readings.items():
        held = {e.key: e for e in estimates}
        name = SCOPES[scope]
        if scope == result.scope:
            name = Text(f"{name.en} (chosen)", f"{name.zh}（所选）")
        if "cases" not in held:
            rows.append([name, "–", "–", "–", "–", "–", "–"])
            continue
        rows.append(
            [name, *(amount(held[k].estimate, digits=0) for k in ("cases", "amount", "per_case")),
             *pair(held["recovered"], digits=3),
             amount(held["recovered_cases"].estimate, digits=3)]
        )  # fmt: skip
    first, last = result.window
    told = [e for e in result.estimates if e.key == "recovered"]
    notes = [
        Text(f"Filed from {first} to {last}.", f"{first} 至 {last} 受理。"),
        *(Text(f"Recovered: {e.estimand.en}.", f"兑现：{e.estimand.zh}。")
          for e in told if e.estimand is not None),
        *notes_of(told),
    ]  # fmt: skip
    caption = Text("What disputes are about, in money", "争议涉及的金额")
    return table(columns, rows, data, caption=caption, notes=notes, name="amounts")


@draw.register
def _(result: RoomOpenings, data: Dataset) -> Shown:
    """Draw arbitration filings before and after a town's next room opens."""
    switched = switched_off(result.estimates, data)
    if switched is not None or result.events is None:
        return switched or notice(Text("Nothing to show.", "没有可显示的内容。"), data)
    shown = [
        (time, e)
        for time, e in zip(result.events.labels, result.events.parts, strict=True)
        if EARLIEST <= time <= LATEST
    ]
    across = Text("Quarters since the room opened", "工作室启用以来的季度数")
    figure = ranges_over(
        [time for time, _ in shown], [range_of(e) for _, e in shown], across=across,
        up=term(result.overall.unit).text, joined=False,
    )  # fmt: skip
    parts = [e for _, e in shown]
    title = Text(
        "Arbitration filings before and after one more room opened in the town",
        "乡镇增设一个工作室前后的仲裁申请",
    )
    if result.overall.differs_from_zero is not None:
        moved = result.overall.differs_from_zero
        title = Text(
            f"{'A' if moved else 'No clear'} change of arbitration filings after one more room",
            f"增设一个工作室之后仲裁申请{'有' if moved else '无明显'}变化",
        )
    lines = [Text(said(result.overall, "en"), said(result.overall, "zh"))]
    mean = amount(result.mean, digits=3)
    lines.append(
        Text(
            f"{result.opening} of {result.towns} towns opened one; the mean is {mean} filings"
            " per 1,000 workers a quarter.",
            f"{result.towns} 个乡镇中有 {result.opening} 个增设；平均每千名职工每季度 {mean} 件。",
        )
    )
    note = Text(" ".join(line.en for line in lines), "".join(line.zh for line in lines))
    labels = [
        Text(f"{t:g} quarters after" if t >= 0 else f"{-t:g} quarters before",
             f"第 {t:g} 季度".replace("-", "−"))
        for t, _ in shown
    ]  # fmt: skip
    return chart(figure, data, title=title, alt=alt_of(parts, labels), note=note, height=3.9)


@tabulate.register
def _(result: LegalAid, data: Dataset) -> Shown:
    """Show differences between cases with and without legal aid, raw and weighted."""
    switched = switched_off(result.estimates, data)
    if switched is not None:
        return switched
    note_counts(data, result.settled)
    outcomes = aid_outcomes(result)
    columns = [
        Column(Text("Outcome", "结果"), "text"),
        Column(Text("Comparison", "比较"), "text"),
        Column(Text("Difference in shares", "比例之差")),
        Column(Text("Interval", "区间"), "text"),
        Column(Text("p-value", "p 值")),
        Column(Text("Cases", "件数")),
    ]
    rows: list[list[Cell]] = [
        [outcomes[e.key.partition("_")[0]], term(e.method).text, *pair(e, digits=3),
         p_value(e.p_value), count(e.n)]
        for e in result.estimates
    ]  # fmt: skip
    sizes = Counted(
        f"{count(result.aided)} cases with legal aid, {count(result.others)} without;"
        " weighted: alike in kind, size and amount.",
        f"有法律援助 {count(result.aided)} 件，无 {count(result.others)} 件；"
        "加权：案由、规模与金额相近。",
        counts=(result.aided, result.others), n_unit="cases",
    )  # fmt: skip
    notes = [sizes, *notes_of(list(result.estimates))]
    caption = Text("Cases with and without legal aid", "有无法律援助的案件")
    return table(columns, rows, data, caption=caption, notes=notes, name="legal_aid")


def aid_outcomes(result: LegalAid) -> dict[str, Text]:
    """Name what cases with and without legal aid are compared in."""
    days = f"{result.horizon:g}"
    return {
        "settled": Text(f"settled within {days} days", f"{days} 天内和解"),
        "carried": Text("settled so and carried out", "如此和解且已履行"),
    }


def risk_names(within: int) -> dict[str, Text]:
    """Name what became of screened risks."""
    return {
        "marked": Text("marked as a dispute", "标记为已转化"),
        "filed": Text(f"employer has a dispute within {within} days",
                      f"{within} 天内单位有争议受理"),
    }  # fmt: skip


@draw.register
def _(result: RiskFunnel, data: Dataset) -> Shown:
    """Draw how many screened risks were followed by a dispute."""
    switched = switched_off(result.estimates, data)
    if switched is not None:
        return switched
    names = risk_names(result.within)
    bars: list[tuple[Text, float, Estimate | None, str]] = [
        (Text("screened", "排查出"), 1.0, None, count(result.screened))
    ]
    for e in result.estimates:
        if e.estimate is not None and e.n:
            hits = f"{count(round(e.estimate * e.n))}/{count(e.n)}"
            told = f"{amount(100 * e.estimate, digits=1)}% ({hits})"
            bars.append((names[e.key], e.estimate, e, told))

    def figure(axes: Axes, language: Language) -> None:
        for place, (_, value, e, words) in enumerate(reversed(bars)):
            colour = COLOURS["sky"] if e is None else COLOURS["blue"]
            axes.barh(place, 100 * value, 0.55, color=colour)
            reach = value
            if e is not None and e.low is not None and e.high is not None:
                axes.plot([100 * e.low, 100 * e.high], [place, place], color=COLOURS["ink"],
                          linewidth=1.6)  # fmt: skip
                reach = e.high
            axes.annotate(words, (100 * reach, place), xytext=(6, 0),
                          textcoords="offset points", va="center", fontsize=9.5,
                          color=COLOURS["ink"])  # fmt: skip
        axes.set_xlim(0, 112)
        axes.set_yticks(range(len(bars)), [b[0].of(language) for b in reversed(bars)])
        axes.tick_params(axis="y", length=0, labelcolor=COLOURS["ink"])
        axes.set_xlabel(Text("% of risks", "占风险的百分比").of(language))
        axes.grid(visible=True, axis="x")
        axes.set_axisbelow(True)

    title = Text("From screened risks to disputes", "从排查出的风险到争议")
    defined = [e for e in result.estimates if e.estimate is not None]
    if defined:
        first, share = names[defined[0].key], amount(100 * (defined[0].estimate or 0.0), digits=1)
        title = Text(
            f"Of {count(result.screened)} screened risks, {share}% were {first.en}",
            f"排查出的 {count(result.screened)} 起风险中，{share}% {first.zh}",
        )
    alt = Text(
        f"{count(result.screened)} risks screened. "
        + " ".join(f"{names[e.key].en}: {amount(e.estimate, digits=3)}"
                   f" ({ranged(e, digits=3).en})." for e in defined),
        f"排查出 {count(result.screened)} 起风险。"
        + "".join(f"{names[e.key].zh}：{amount(e.estimate, digits=3)}"
                  f"（{ranged(e, digits=3).zh}）。" for e in defined),
    )  # fmt: skip
    missing = [e.undefined for e in result.estimates if e.undefined is not None]
    note = Text(
        "A dispute of the same employer need not come of the risk; what screening averted is"
        " not seen." + "".join(f" {m.en[:1].upper()}{m.en[1:]}." for m in missing),
        "同一单位的争议未必由该风险引起；排查所避免的争议无从看到。"
        + "".join(f"{m.zh}。" for m in missing),
    )
    return chart(figure, data, title=title, alt=alt, note=note, height=2.2)
