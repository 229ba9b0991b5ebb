"""How checks on an effect of adoption look: without each cluster, and many tests at once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from yuyao_lib.display.cards import notice
from yuyao_lib.display.charts import chart, forest
from yuyao_lib.display.numbers import amount, digits_of, p_value
from yuyao_lib.display.results import alt_of, draw, range_of, tabulate
from yuyao_lib.display.shown import Shown
from yuyao_lib.display.style import COLOURS
from yuyao_lib.display.tables import Cell, Column, table
from yuyao_lib.findings import Mode
from yuyao_lib.findings.rules import declared
from yuyao_lib.methods.inference_jackknife import LeaveOneOut
from yuyao_lib.methods.inference_multiple import Adjusted
from yuyao_lib.methods.side_by_side import Estimators
from yuyao_lib.sources.dataset import Dataset
from yuyao_lib.vocabulary import Language, Text, term

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__: list[str] = []


ONE_RECORD = declared()["extremes"].name


def _in_words(result: LeaveOneOut) -> Text:
    """Say of own data whether one unit carries the effect, and not which or how far."""
    kind = term(result.estimates[0].cluster_unit or "clusters").text
    n = len(result.values)
    held = Text(
        f"Leaving out any one of {n} {kind.en} does not turn the sign of the effect.",
        f"逐一剔除 {n} 个{kind.zh}，效应的符号均不改变。",
    )
    turned = Text(
        f"Leaving out one of {n} {kind.en} can turn the sign of the effect: it hangs on few.",
        f"在 {n} 个{kind.zh}中剔除其中之一，效应的符号可能改变：结果取决于少数单位。",
    )
    why = Text(
        "The effects without each are not shown: beside the effect of all they would tell what"
        " a single one adds.",
        "不显示逐一剔除后的效应：与全部的效应相比，可推知单个单位的情况。",
    )
    said = turned if result.sign_changes else held
    return Text(f"{said.en} {why.en}", f"{said.zh}{why.zh}")


@draw.register
def _(result: LeaveOneOut, data: Dataset) -> Shown:
    """Draw the effect without each cluster, in order of size."""
    full = result.estimates[0]
    whole = full.estimate
    if whole is None or not result.values:
        why = full.undefined or Text("there is no effect", "没有效应")
        words = Text(f"No cluster is left out: {why.en}.", f"未剔除聚类：{why.zh}。")
        return notice(words, data)
    if data.mode is Mode.OWN:
        return replace(notice(_in_words(result), data), hidden=(("without each", ONE_RECORD),))
    pairs = sorted(zip(result.values, result.labels, strict=True), key=lambda pair: pair[0])

    def dots(axes: Axes, language: Language) -> None:
        values = [value for value, _ in pairs]
        axes.axhline(0, color=COLOURS["quiet"], linewidth=1)
        axes.axhline(whole, color=COLOURS["orange"], linewidth=1.4)
        axes.plot(range(len(values)), values, "o", color=COLOURS["blue"], markersize=5)
        place = [label for _, label in pairs].index(result.most_influential)
        axes.annotate(
            str(result.most_influential), (place, values[place]),
            xytext=(0, -9 if values[place] < whole else 9), textcoords="offset points",
            ha="left" if 2 * place < len(values) else "right", fontsize=9,
            va="top" if values[place] < whole else "bottom", color=COLOURS["ink"],
        )  # fmt: skip
        axes.set_xticks([])
        kind = term(full.cluster_unit or "clusters").text.of(language)
        words = f"剔除的{kind}，按结果排序" if language == "zh" else f"Left out: {kind}, in order"
        axes.set_xlabel(words)
        axes.set_ylabel(term(full.unit).text.of(language))
        axes.grid(visible=True, axis="y")
        axes.set_axisbelow(True)

    digits = digits_of(full.unit)
    low, high = (amount(e.estimate, digits=digits) for e in result.estimates[1:3])
    turned = result.sign_changes
    title = Text(
        f"Without any one of them the effect lies between {low} and {high}"
        + (f"; {turned} turn its sign" if turned else ""),
        f"逐一剔除后，效应在 {low} 与 {high} 之间"
        + (f"；其中 {turned} 个使符号改变" if turned else ""),
    )
    most = result.most_influential
    note = Text(
        f"The line is the effect with all of them; leaving out the one marked ({most}) moves it"
        " most.",
        f"横线为全部保留时的效应；剔除所标者（{most}）影响最大。",
    )
    alt = Text(
        f"Dots: the effect without each of {len(pairs)} clusters, from {low} to {high}, around"
        f" {amount(full.estimate, digits=digits)} with all.",
        f"点图：逐一剔除 {len(pairs)} 个聚类后的效应，从 {low} 到 {high}；"
        f"全部保留时为 {amount(full.estimate, digits=digits)}。",
    )
    return chart(dots, data, title=title, alt=alt, note=note, height=3.4)


@tabulate.register
def _(result: Adjusted, data: Dataset) -> Shown:
    """Show each test before and after allowing for the others."""
    columns = [
        Column(Text("Effect", "效应"), "text"),
        Column(Text("Estimate", "估计值")),
        Column(Text("p-value", "p 值")),
        Column(Text("Adjusted", "调整后")),
    ]
    rows: list[list[Cell]] = [
        [_name(e.key), amount(e.estimate, digits=digits_of(e.unit)), p_value(e.p_value), p_value(p)]
        for e, p in zip(result.estimates, result.p_values, strict=True)
    ]
    before = sum((e.p_value or 1.0) <= LIMIT for e in result.estimates)
    after, n = sum(p <= LIMIT for p in result.p_values), len(rows)
    early = sum(
        p <= LIMIT and _before(e.key)
        for e, p in zip(result.estimates, result.p_values, strict=True)
    )
    caption = Text(
        f"Of {n} effects {before} stand out alone, {after} when all are looked at together"
        + (f", {early} of these before adoption, where none should" if early else ""),
        f"{n} 个效应中，单独看有 {before} 个显著，一并考虑后有 {after} 个"
        + (f"，其中 {early} 个在采用之前（本不应有）" if early else ""),
    )
    notes = [Text(f"{result.means.en}.", f"{result.means.zh}。")]
    if result.left_out:
        left = len(result.left_out)
        notes.append(Text(f"{left} without a p-value left out.", f"剔除无 p 值的 {left} 个。"))
    return table(columns, rows, data, caption=caption, notes=notes, name="adjusted")


LIMIT = 0.05


def _before(key: str) -> bool:
    """Whether a group-time effect is of a time before adoption."""
    parts = key.split("_")
    return len(parts) == 3 and parts[0] == "att" and float(parts[2]) < float(parts[1])


def _name(key: str) -> Text:
    """Name a group-time effect by its adoption date and period."""
    parts = key.split("_")
    if len(parts) == 3 and parts[0] == "att":
        early = (" (before)", "（采用之前）") if _before(key) else ("", "")
        return Text(
            f"adopted {parts[1]}, in {parts[2]}{early[0]}",
            f"{parts[1]} 年采用，{parts[2]} 年{early[1]}",
        )
    if len(parts) == 2 and parts[0] == "event":
        return Text(f"event time {parts[1]}", f"相对时间 {parts[1]}")
    return Text(key.replace("_", " "), key)


@draw.register
def _(result: Estimators, data: Dataset) -> Shown:
    """Draw every estimator's mean effect, and say how far they agree."""
    known = [e for e in result.estimates if e.estimate is not None]
    unit = term(result.estimates[0].unit).text
    figure, height = forest([range_of(e) for e in result.estimates], axis=unit)
    title = Text("No estimator gives an effect", "没有估计方法得出效应")
    if known:
        values = sorted(e.estimate or 0.0 for e in known)
        low, high = (amount(v, digits=digits_of(known[0].unit)) for v in (values[0], values[-1]))
        same = values[0] * values[-1] > 0
        title = Text(
            f"{len(known)} estimators put the effect between {low} and {high}"
            + ("" if same else ", on both sides of zero"),
            f"{len(known)} 种方法所得效应在 {low} 与 {high} 之间" + ("" if same else "，跨零两侧"),
        )
    note = Text(
        "Each interval is by clusters. With few treated clusters those of group-time effects and"
        " of the two-way regression are too narrow, and of no estimator more than a rough guide;"
        " the finding rests on the interval chosen above.",
        "各区间均按聚类计算。处理聚类较少时，组别-时期效应与双向回归的区间偏窄，"
        "其余方法的区间也只能作粗略参考；主要发现依据上面所选的区间。",
    )
    alt = alt_of(list(result.estimates))
    return chart(figure, data, title=title, alt=alt, height=height, note=note)
