"""How models of durations look: side by side, against their data, and Cox's ratios."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from yuyao_lib.display.backing import backing_of, estimate_backing, step_backing
from yuyao_lib.display.cards import notice
from yuyao_lib.display.charts import Range, chart, forest
from yuyao_lib.display.curves import Line, curves
from yuyao_lib.display.dispute_words import covariate, pair, ratio_cells
from yuyao_lib.display.hidden_counts import ALL_HIDDEN
from yuyao_lib.display.numbers import amount, count, ranged
from yuyao_lib.display.results import draw, notes_of, tabulate
from yuyao_lib.display.shown import Shown
from yuyao_lib.display.tables import Cell, Column, Counted, table
from yuyao_lib.findings import Backing, Contributions, Estimate, Mode, Rules
from yuyao_lib.methods.duration_comparison import DurationModels, ResidualCheck
from yuyao_lib.methods.hazards import HazardModel
from yuyao_lib.methods.survival_curves import Curve, coarser, kaplan_meier
from yuyao_lib.sources.dataset import Dataset
from yuyao_lib.vocabulary import Text, term, word

__all__: list[str] = []

PLACES = 2  # of the time of a step: it is that of a single spell
STILL = Text("Share still going on", "仍在持续的比例")
OBSERVED = Text("observed", "观察值")


@tabulate.register
def _(result: DurationModels, data: Dataset) -> Shown:
    """Show each model's fit, median and differences."""
    names = [e.key for e in result.models[0].differences]
    unit = term(result.models[0].estimate("median").unit).text
    columns = [
        Column(Text("Model", "模型"), "text"),
        Column(Text("Log-likelihood", "对数似然")),
        Column(Text("Quantities", "参数个数")),
        Column(Text("AIC", "AIC")),
        Column(Text(f"Median ({unit.en})", f"中位数（{unit.zh}）")),
        Column(Text("Interval", "区间"), "text"),
    ]
    for name in names:
        words = covariate(name)
        head = Text(f"Difference in log duration: {words.en}", f"对数持续时间之差：{words.zh}")
        columns += [Column(head), Column(Text("Its interval", "其区间"), "text")]
    rows: list[list[Cell]] = []
    for m in result.models:
        cells: list[Cell] = [term(m.family).text, amount(m.log_likelihood, digits=2)]
        cells += [count(m.parameters), amount(m.aic, digits=1), *pair(m.estimate("median"))]
        for e in m.differences:
            cells += pair(e, digits=4)
        rows.append(cells)
    best = result.best
    notes = []
    if best is not None:
        least = term(best.family).text
        notes.append(Text(f"The smallest AIC has the {least.en}.", f"AIC 最小的是{least.zh}。"))
    medians = "Medians are told at the covariates' means; rows are taken as independent."
    notes.append(Text(medians, "中位数在协变量均值处计算；各行视为独立。"))
    caption = Text("Models of durations side by side", "持续时间模型并列")
    return table(columns, rows, data, caption=caption, notes=notes, name="duration_models")


@draw.register
def _(result: DurationModels, data: Dataset) -> Shown:
    """Draw the share still going on, observed and by each model."""
    known = [m for m in result.models if m.fit is not None]
    if not known:
        return notice(_reason(result.estimates), data)
    spells = known[0].spells
    curve = _seen(kaplan_meier("", spells, result.estimates[0].level), data)
    if not len(curve.times):
        return notice(ALL_HIDDEN, data)
    # of own data the last step, so that the axis does not end at the longest spell
    end = float(curve.times[-1]) if data.mode is Mode.OWN else float(spells.time.max())
    grid = np.linspace(end / 200, end, 120)
    lines = [
        Line(
            x=[0.0, *curve.times], y=[1.0, *curve.share], low=[1.0, *curve.low],
            high=[1.0, *curve.high], step=True, label=OBSERVED, colour="ink",
        )
    ]  # fmt: skip
    lines += [
        Line(x=[0.0, *grid], y=[1.0, *_mean_survival(m, grid)], label=term(m.family).text)
        for m in known
    ]
    unit = known[0].estimate("median").unit
    across = Text(
        f"Time since the beginning ({word(unit, 'en')})", f"自开始起的时间（{word(unit, 'zh')}）"
    )
    title = Text("The models against what was observed", "各模型与观察值的比较")
    medians = [(term(m.family).text, amount(m.estimate("median").estimate)) for m in known]
    alt = Text(
        "Share still going on as time passes, observed and by model. Medians: "
        + "; ".join(f"{n.en} {v}" for n, v in medians) + ".",
        "随时间仍在持续的比例，观察值与各模型。中位数："
        + "；".join(f"{n.zh} {v}" for n, v in medians) + "。",
    )  # fmt: skip
    return chart(curves(lines, across=across, up=STILL), data, title=title, alt=alt, height=4.2)


@backing_of.register
def _(result: DurationModels, held: Contributions) -> list[Backing]:
    """Back what is read off the models, and every step of what was observed."""
    known = next((m.spells for m in result.models if m.fit is not None), None)
    steps = 0 if known is None else _steps(kaplan_meier("", known, result.estimates[0].level))
    return [*(estimate_backing(result, held) or []), *step_backing(steps)]


@backing_of.register
def _(result: ResidualCheck, held: Contributions) -> list[Backing]:
    """Back every step of the residuals' curve, and the share that is said of all."""
    steps, n = 0 if result.curve is None else _steps(result.curve), len(result.residuals)
    every = Backing(
        what="residuals", persons=held.persons(n) if held.per_person else n, rows=n,
        employers=held.employers(n), names_employers=bool(held.per_employer),
    )  # fmt: skip
    return [every, *step_backing(steps)]


def _steps(curve: Curve) -> int:
    """Return how many steps of a curve are seen."""
    return len(coarser(curve, cases=Rules().survival_cases).times)


def _seen(curve: Curve, data: Dataset) -> Curve:
    """Return the steps that may be seen: of own data those of many, at rounded places."""
    if data.mode is not Mode.OWN:
        return curve
    few = coarser(curve, cases=Rules().survival_cases)
    return replace(few, times=few.times.round(PLACES))


def _mean_survival(model, grid: np.ndarray) -> np.ndarray:  # type: ignore[no-untyped-def]
    """Average the model's survival over the spells, to be comparable with the observed one."""
    x, repeats = np.unique(model.spells.x, axis=0, return_counts=True)
    if len(x) > 2000:
        return model.survival(grid)
    made = [n * model.survival(grid, at=row) for row, n in zip(x, repeats, strict=True)]
    return np.sum(made, axis=0) / len(model.spells.time)


@draw.register
def _(result: ResidualCheck, data: Dataset) -> Shown:
    """Draw the residuals' curve against the one they have if the model holds."""
    curve = result.curve
    if curve is None:
        return notice(result.undefined or Text("no model", "没有模型"), data)
    curve = _seen(curve, data)
    if not len(curve.times):
        return notice(ALL_HIDDEN, data)
    top = float(curve.times[-1])
    grid = np.linspace(0, top, 120)
    expected = Text("if the model holds", "若模型成立")
    lines = [
        Line(
            x=[0.0, *curve.times], y=[1.0, *curve.share], low=[1.0, *curve.low],
            high=[1.0, *curve.high], step=True, label=OBSERVED, colour="blue",
        ),
        Line(x=grid.tolist(), y=np.exp(-grid).tolist(), label=expected, colour="orange",
             dashed=True),
    ]  # fmt: skip
    across = Text("Cox-Snell residual", "Cox-Snell 残差")
    up = Text("Share beyond it", "超出的比例")
    name = term(result.family).text
    share = amount(100 * (result.outside or 0.0), digits=0)
    good = (result.outside or 0.0) <= 0.1
    title = Text(
        f"The {name.en} {'agrees with' if good else 'departs from'} what was observed",
        f"{name.zh}与观察值{'一致' if good else '不符'}",
    )
    note = Text(
        f"The dashed line leaves the band at {share}% of the endings.",
        f"虚线在 {share}% 的结束时点超出阴影。",
    )
    alt = Text(
        f"Curve of Cox-Snell residuals of the {name.en} against an exponential. {note.en}",
        f"{name.zh}的 Cox-Snell 残差曲线与指数曲线。{note.zh}",
    )
    figure = curves(lines, across=across, up=up)
    return chart(figure, data, title=title, alt=alt, note=note, height=3.9)


@tabulate.register
def _(result: HazardModel, data: Dataset) -> Shown:
    """Show each covariate's ratio."""
    differences = [e for e in result.estimates if e.term == "ending_difference"]
    if not differences:
        return notice(_reason(result.estimates), data)
    rows = [
        [covariate(e.key), *ratio_cells(r, e)]
        for e, r in zip(differences, result.ratios, strict=True)
    ]
    caption = Text("Ratios of the chance of ending", "结束风险之比")
    ties = {"efron": "Efron", "breslow": "Breslow"}[result.ties]
    n, ends = count(result.n), count(result.ended)
    notes = [
        Text(f"Above one: they end sooner. Ties: {ties}.",
             f"大于一表示结束更早。同时结束：{ties} 法。"),
        Counted(
            f"{n} spells, {ends} seen to end.", f"{n} 个持续期，观察到 {ends} 个结束。",
            counts=(result.ended, result.n - result.ended), term=differences[0].term,
            n_unit=differences[0].n_unit,
        ),
    ]  # fmt: skip
    rank = result.estimate("concordance")
    if rank.estimate is not None:
        value = amount(rank.estimate, digits=3)
        notes.append(
            Text(
                f"The model ranks {value} of all pairs right; a half is chance.",
                f"模型排对了全部配对的 {value}；二分之一即为随机。",
            )
        )
    notes += notes_of(differences)
    return table(ratio_columns(), rows, data, caption=caption, notes=notes, name="hazard_ratios")


def ratio_columns(*, ratio: Text | None = None) -> list[Column]:
    """Return the columns of a table of ratios."""
    return [
        Column(Text("What goes with", "相应于"), "text"),
        Column(ratio or Text("Hazard ratio", "风险比")),
        Column(Text("Interval", "区间"), "text"),
        Column(Text("Its log", "其对数")),
        Column(Text("Standard error", "标准误")),
        Column(Text("p-value", "p 值")),
    ]


@draw.register
def _(result: HazardModel, data: Dataset) -> Shown:
    """Draw each covariate's ratio."""
    if not result.ratios:
        return notice(_reason(result.estimates), data)
    shown = [Range(covariate(e.key), e.estimate, e.low, e.high) for e in result.ratios]
    figure, height = forest(shown, axis=Text("Hazard ratio", "风险比"), zero=1.0)
    title = Text(
        "What goes with ending sooner (right) or later", "与结束更早（右）或更晚相应的因素"
    )
    words = [(covariate(e.key), amount(e.estimate, digits=2), ranged(e)) for e in result.ratios]
    alt = Text(
        "Hazard ratios. " + " ".join(f"{n.en}: {v} ({r.en})." for n, v, r in words),
        "风险比。" + "".join(f"{n.zh}：{v}（{r.zh}）。" for n, v, r in words),
    )
    return chart(figure, data, title=title, alt=alt, height=height)


def _reason(estimates: tuple[Estimate, ...]) -> Text:
    """Return why there is nothing to show."""
    why = next((e.undefined for e in estimates if e.undefined is not None), None)
    words = why or Text("there is nothing to show", "没有可显示的内容")
    return Text(f"Not shown: {words.en}.", f"未显示：{words.zh}。")
