"""How the parts of the variance of pay look: a sentence, bars and a table."""

from __future__ import annotations

from yuyao_lib.display import dispersion, known_answers
from yuyao_lib.display.cards import notice
from yuyao_lib.display.charts import chart
from yuyao_lib.display.distributions import Segment, stacked_parts
from yuyao_lib.display.numbers import amount, count, ranged
from yuyao_lib.display.results import draw, notes_of, tabulate
from yuyao_lib.display.sentences import called, headline_of, said
from yuyao_lib.display.shown import Shown
from yuyao_lib.display.tables import Cell, Column, table
from yuyao_lib.findings import Estimate
from yuyao_lib.methods.wage_components import WageComponents, step_name
from yuyao_lib.sources.dataset import Dataset
from yuyao_lib.vocabulary import Text, term

__all__ = ["dispersion", "known_answers"]

NAMES = {
    "worker": Text("workers", "职工"),
    "firm": Text("employers", "单位"),
    "covariance": Text("covariance", "协方差"),
    "grade": Text("grades", "等级"),
    "residual": Text("the rest", "其余"),
}


@called.register
def _(result: WageComponents) -> dict[str, Text]:
    """Tell parts as variances from parts as shares, and steps by their grade."""
    names = {}
    for e in result.estimates:
        share = e.key.startswith("share_")
        if e.key.startswith("step_"):
            names[e.key] = step_name(e.key)
        elif share:
            names[e.key] = Text("as a share of the whole", "占总方差的比例")
        elif e.method == "leave_out":
            names[e.key] = Text("as a variance", "方差本身")
    return names


@headline_of.register
def _(result: WageComponents, estimate: Estimate) -> Text:
    """Say what share lies between employers and workers, and what noise would have added."""
    held = {e.key: e for e in result.estimates}
    if "share_firm" not in held:
        return Text(said(estimate, "en"), said(estimate, "zh"))
    firm, worker = held["share_firm"], held["share_worker"]
    plain = (held["plug_in_firm"].estimate or 0.0) / result.total
    plain_worker = (held["plug_in_worker"].estimate or 0.0) / result.total
    shares = [amount(100 * (v or 0.0), digits=1) for v in (firm.estimate, worker.estimate)]
    ends = [f"{amount(100 * (v or 0.0), digits=1)}" for v in (firm.low, firm.high)]
    noisy = [amount(100 * v, digits=1) for v in (plain, plain_worker)]
    level = f"{firm.level:.0%}"
    return Text(
        f"{shares[0]}% of the variance of log pay lies between employers ({level} interval"
        f" {ends[0]}% to {ends[1]}%) and {shares[1]}% between workers; with noise left in it would"
        f" read {noisy[0]}% and {noisy[1]}% ({count(result.workers)} persons,"
        f" {count(result.movers)} of them with several employers; {count(result.firms)}"
        " employers).",
        f"对数工资方差中，{shares[0]}% 在单位之间（{level} 区间 {ends[0]}% 至 {ends[1]}%），"
        f"{shares[1]}% 在职工之间；若不剔除噪声，则为 {noisy[0]}% 与 {noisy[1]}%"
        f"（{count(result.workers)} 人，其中 {count(result.movers)} 人在多个单位工作过；"
        f"{count(result.firms)} 个单位）。",
    )


def _switched_off(result: WageComponents, data: Dataset) -> Shown | None:
    """Say why there are no parts; None where there are."""
    why = result.estimates[0].undefined
    if why is None:
        return None
    return notice(Text(f"{why.en[:1].upper()}{why.en[1:]}.", f"{why.zh}。"), data)


@draw.register
def _(result: WageComponents, data: Dataset) -> Shown:
    """Draw the parts with and without the noise of many effects."""
    switched = _switched_off(result, data)
    if switched is not None:
        return switched
    held = {e.key: e for e in result.estimates}
    names = [part for part in NAMES if part in held]
    bars = []
    for before in ("plug_in_", ""):
        bar = []
        for part in names:
            e = held[f"{before}{part}"]
            bar.append(Segment(e.estimate, e.low, e.high))
        bars.append(bar)
    labels = [Text("as estimated", "未修正"), Text("noise taken out", "剔除噪声")]
    axis = Text("Variance of log pay", "对数工资方差")
    figure, height = stacked_parts(labels, bars, names=[NAMES[p] for p in names], axis=axis)
    title = Text(
        "Noise in many estimated effects passes for differences between workers and employers",
        "大量估计效应中的噪声，会被误当作职工与单位之间的差别",
    )
    told = [(NAMES[p], held[p], held[f"plug_in_{p}"]) for p in names]
    alt = Text(
        "Parts of the variance of log pay, noise taken out (as estimated): "
        + "; ".join(f"{n.en} {amount(e.estimate, digits=4)} ({amount(p.estimate, digits=4)})"
                    for n, e, p in told) + ".",
        "对数工资方差的各部分，剔除噪声（未修正）："
        + "；".join(f"{n.zh} {amount(e.estimate, digits=4)}（{amount(p.estimate, digits=4)}）"
                    for n, e, p in told) + "。",
    )  # fmt: skip
    missing = [p for p in ("grade_worker", "grade_firm") if p in held]
    note = Text("The lines beside a part: its interval.", "横条上下的线：该部分的区间。")
    if missing:
        sums = amount(sum(held[p].estimate or 0.0 for p in missing), digits=4)
        note = Text(
            f"{note.en} Not drawn: twice the covariances of grades with workers and employers,"
            f" {sums} together.",
            f"{note.zh}未绘出：等级与职工、与单位的两倍协方差，合计 {sums}。",
        )
    return chart(figure, data, title=title, alt=alt, note=note, height=height + 0.4)


@tabulate.register
def _(result: WageComponents, data: Dataset) -> Shown:
    """Show every part, plug-in and corrected."""
    switched = _switched_off(result, data)
    if switched is not None:
        return switched
    held = {e.key: e for e in result.estimates}
    columns = [
        Column(Text("Part", "部分"), "text"),
        Column(Text("As estimated", "未修正")),
        Column(Text("Noise taken out", "剔除噪声")),
        Column(Text("Interval", "区间"), "text"),
        Column(Text("Share, %", "占比（%）")),
    ]
    rows: list[list[Cell]] = []
    for key, e in held.items():
        if f"plug_in_{key}" in held:
            share = held[f"share_{key}"].estimate or 0.0
            plain = amount(held[f"plug_in_{key}"].estimate, digits=4)
            reach = ranged(e, digits=4)
            rows.append([term(e.term).text, plain, amount(e.estimate, digits=4), reach,
                         amount(100 * share, digits=1)])  # fmt: skip
    whole = amount(result.total, digits=4)
    rows.append([Text("all of it, around each quarter's mean", "合计（各季度均值之外）"), whole,
                 whole, "–", amount(100.0, digits=1)])  # fmt: skip
    out = amount(100 * result.left_out, digits=2)
    notes = [
        Text(
            f"{count(result.rows)} person-quarters in {count(result.matches)} matches;"
            f" {out}% of rows lie outside the set in which every match can be left out.",
            f"{count(result.rows)} 人季，{count(result.matches)} 个匹配；"
            f"{out}% 的行在可逐一剔除匹配的集合之外。",
        ),
        *notes_of([held["firm"]]),
    ]
    caption = Text("Parts of the variance of log pay", "对数工资方差的各部分")
    return table(columns, rows, data, caption=caption, notes=notes, name="variance_parts")
