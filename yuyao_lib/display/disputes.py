"""How disputes look: how many still go on, what goes with longer ones, in a sentence."""

from __future__ import annotations

from dataclasses import replace

from yuyao_lib.display import dispute_endings, dispute_models
from yuyao_lib.display.backing import backing_of, estimate_backing, step_backing
from yuyao_lib.display.charts import chart
from yuyao_lib.display.curves import Line, Mark, curves
from yuyao_lib.display.dispute_words import covariate, pair, percent_of
from yuyao_lib.display.numbers import (
    amount,
    count,
    digits_of,
    interval,
    measured,
    p_value,
    ranged,
    size,
)
from yuyao_lib.display.results import draw, notes_of, tabulate
from yuyao_lib.display.sentences import called, headline_of, said
from yuyao_lib.display.shown import Shown
from yuyao_lib.display.tables import Cell, Column, table
from yuyao_lib.findings import Backing, Contributions, Estimate, Mode, Rules
from yuyao_lib.methods.disputes import Lengths
from yuyao_lib.methods.survival import Survival
from yuyao_lib.methods.survival_curves import Curve, coarser
from yuyao_lib.sources.dataset import Dataset
from yuyao_lib.vocabulary import Language, Text, term, word

__all__ = ["dispute_endings", "dispute_models"]

STILL = Text("Share still going on", "仍在持续的比例")


@called.register
def _(result: Lengths) -> dict[str, Text]:
    """Name differences by covariate, and by how their errors were made."""
    names = {}
    for e in result.reported.differences:
        words, n = covariate(e.key), e.clusters
        names[e.key] = words
        if result.grouped is not None:
            names[e.key] = Text(
                f"{words.en}, errors by {n} groups", f"{words.zh}，按 {n} 个组计误差"
            )
            names[f"{e.key}_independent"] = Text(
                f"{words.en}, rows taken as independent", f"{words.zh}，各行视为独立"
            )
    return names


@headline_of.register
def _(result: Lengths, estimate: Estimate) -> Text:
    """Say the median, what goes with shorter ones, and how sure that is."""
    return Text(_headline(result, "en"), _headline(result, "zh"))


def _headline(result: Lengths, language: Language) -> str:
    """Write the sentence."""
    middle = next(e for e in result.curve.estimates if e.key.endswith("median"))
    if middle.estimate is None:
        return said(middle, language)
    days, spells = measured(middle, language), word(middle.n_unit, language)
    reach = interval(middle, language) if middle.high is not None else ranged(middle).of(language)
    if language == "zh":
        first = f"一半的{spells}在 {days}之内结束（{reach}；{size(middle, 'zh')}）。"
    else:
        first = f"Half of the {spells} ended within {days} ({reach}; {size(middle, 'en')})."
    told = [_difference(result, e, language) for e in result.reported.differences[:1]]
    return first + ("" if language == "zh" else " ") * bool(told) + "".join(told)


def _difference(result: Lengths, estimate: Estimate, language: Language) -> str:
    """Say what goes with one covariate, and whether the interval leaves out zero."""
    name = covariate(estimate.key).of(language)
    if estimate.undefined is not None:
        why = estimate.undefined.of(language)
        return f"与“{name}”相应的差异无法估计：{why}。" if language == "zh" else (
            f"What goes with {name} cannot be estimated: {why}."
        )  # fmt: skip
    percent, reach = percent_of(estimate, language)
    longer = (estimate.estimate or 0.0) > 0
    n = count(estimate.clusters) if estimate.clusters else ""
    if language == "zh":
        groups = f"，按 {n} 个组计算误差" if n else ""
        more = "延长" if longer else "缩短"
        words = f"“{name}”时，持续时间{more} {percent}%（区间 {reach}{groups}）。"
        return words + _zero(result, estimate, language)
    groups = f", errors from {n} groups" if n else ""
    more = "longer" if longer else "shorter"
    words = f"With {name}, they were {percent}% {more} (interval {reach}{groups})."
    rest = _zero(result, estimate, language)
    return f"{words} {rest}" if rest else words


def _zero(result: Lengths, estimate: Estimate, language: Language) -> str:
    """Say that zero is inside, and when only taking rows as independent would hide it."""
    zh = language == "zh"
    if estimate.differs_from_zero:
        return ""
    end = "零在区间内。" if zh else "Zero is inside the interval"
    alone = next((e for e in result.model.differences if e.key == estimate.key), None)
    if result.grouped is None or alone is None or not alone.differs_from_zero:
        return end if zh else f"{end}: these data do not show a difference."
    return (
        end + "只有把各次都当作相互独立，零才在区间之外。"
        if zh
        else f"{end}; it would be outside only if all were taken as independent of each other."
    )


@backing_of.register
def _(result: Survival, held: Contributions) -> list[Backing]:
    """Back what is read off curves, and every step that is drawn of them."""
    cases = Rules().survival_cases
    drawn = [len(coarser(curve, cases=cases).times) for curve in result.curves]
    return [*(estimate_backing(result, held) or []), *step_backing(sum(drawn))]


@backing_of.register
def _(result: Lengths, held: Contributions) -> list[Backing]:
    """Back lengths by their estimates and their curve."""
    return [*(estimate_backing(result, held) or []), *(backing_of(result.curve, held) or [])]


@draw.register
def _(result: Lengths, data: Dataset) -> Shown:
    """Draw the curve of all."""
    return draw(result.curve, data)


@draw.register
def _(result: Survival, data: Dataset) -> Shown:
    """Draw how many still go on as time passes; of own data in steps of many."""
    if data.mode is Mode.OWN:
        cases = Rules().survival_cases
        result = replace(result, curves=tuple(coarser(c, cases=cases) for c in result.curves))
    many = len(result.curves) > 1
    lines = [_line(c, many) for c in result.curves if len(c.times)]
    middle = next((e for e in result.estimates if e.key.endswith("median")), None)
    marks = []
    unit = word(middle.unit, "en") if middle else "", word(middle.unit, "zh") if middle else ""
    if not many and middle is not None and middle.estimate is not None:
        half = amount(middle.estimate)
        label = Text(f"median {half} {unit[0]}", f"中位数 {half} {unit[1]}")
        marks = [Mark(middle.estimate, 0.5, label)]
    across = Text(f"Time since the beginning ({unit[0]})", f"自开始起的时间（{unit[1]}）")
    figure = curves(lines, across=across, up=STILL, marks=marks)
    note = _level(result)
    return chart(figure, data, title=_title(result), alt=_alt(result), note=note, height=4.0)


def _line(curve: Curve, named: bool) -> Line:
    """Turn a curve into a line that starts with all going on."""
    label = Text(curve.label, curve.label) if named else None
    return Line(
        x=[0.0, *curve.times],
        y=[1.0, *curve.share],
        low=[1.0, *curve.low],
        high=[1.0, *curve.high],
        label=label,
        step=True,
    )


def _title(result: Survival) -> Text:
    """Say in a title what the curve shows."""
    found = {e.key: e for e in result.estimates}
    middle = found.get("median")
    if middle is None or middle.estimate is None:
        return Text("How many still go on as time passes", "随时间推移仍在持续的比例")
    half = amount(middle.estimate)
    unit = term(middle.unit).text
    return Text(
        f"Half of the {term(middle.n_unit).text.en} have ended after {half} {unit.en}",
        f"{half} {unit.zh}之后有一半已经结束",
    )


def _level(result: Survival) -> Text:
    """Say what the band is."""
    level = result.estimates[0].level
    text = f"{level:.1%}".replace(".0%", "%")
    return Text(
        f"Band: {text} interval at each time, not for the whole curve at once.",
        f"阴影：各时点的 {text} 区间，并非整条曲线的同时区间。",
    )


def _alt(result: Survival) -> Text:
    """Describe the curves by their numbers."""
    known = [e for e in result.estimates if e.estimate is not None][:8]
    told = [
        (_name(result, e), amount(e.estimate, digits=digits_of(e.unit)), ranged(e)) for e in known
    ]
    return Text(
        "Kaplan-Meier curve falling from all to few as time passes. "
        + "; ".join(f"{n.en} {v} ({r.en})" for n, v, r in told) + ".",
        "Kaplan-Meier 曲线，随时间由全部降至少数。"
        + "；".join(f"{n.zh} {v}（{r.zh}）" for n, v, r in told) + "。",
    )  # fmt: skip


@tabulate.register
def _(result: Survival, data: Dataset) -> Shown:
    """Show what is read off the curves."""
    columns = [
        Column(Text("Read off the curve", "由曲线读出"), "text"),
        Column(Text("Value", "值")),
        Column(Text("Interval", "区间"), "text"),
        Column(Text("Unit", "单位"), "text"),
        Column(Text("n", "样本量")),
    ]
    rows: list[list[Cell]] = [
        [_name(result, e), *pair(e), term(e.unit).text, count(e.n)] for e in result.estimates
    ]
    caption = Text("How long they last", "持续多久")
    notes = notes_of(list(result.estimates))
    return table(columns, rows, data, caption=caption, notes=notes, name="durations")


def _name(result: Survival, estimate: Estimate) -> Text:
    """Name what is read off a curve, with its time and group."""
    unit = term(result.unit).text
    group, mark, time = estimate.key.rpartition("share_after_")
    if mark:
        after = time.replace("_", ".")
        words = Text(
            f"Share still going on after {after} {unit.en}", f"{after} {unit.zh}之后仍在持续的比例"
        )
    elif estimate.term == "restricted_mean_duration":
        group, stop = estimate.key.removesuffix("restricted_mean"), f"{result.horizon:g}"
        words = Text(
            f"Mean, counting no more than {stop} {unit.en} each",
            f"均值，每项至多计 {stop} {unit.zh}",
        )
    else:
        group, words = estimate.key.removesuffix("median"), Text("Median", "中位数")
    label = group.rstrip("_")
    return Text(f"{label}: {words.en}", f"{label}：{words.zh}") if label else words


@tabulate.register
def _(result: Lengths, data: Dataset) -> Shown:
    """Show each covariate's difference, with rows taken as independent and by groups."""
    columns = [
        Column(Text("What goes with", "相应于"), "text"),
        Column(Text("Errors", "误差"), "text"),
        Column(Text("Difference in log duration", "对数持续时间之差")),
        Column(Text("Standard error", "标准误")),
        Column(Text("Interval", "区间"), "text"),
        Column(Text("Percent", "百分比")),
        Column(Text("p-value", "p 值")),
    ]
    kinds = [(Text("rows independent", "各行独立"), result.model)]
    if result.grouped is not None:
        n = result.grouped.spells.n_groups
        kinds.insert(0, (Text(f"by {n} groups", f"按 {n} 个组"), result.grouped))
    rows: list[list[Cell]] = []
    for words, model in kinds:
        rows += [_difference_row(e, words) for e in model.differences]
    name = term(result.model.family).text
    caption = Text(
        f"What goes with longer and shorter ones ({name.en})", f"与持续长短相应的因素（{name.zh}）"
    )
    notes = notes_of([e for _, m in kinds for e in m.differences])
    return table(columns, rows, data, caption=caption, notes=notes, name="duration_differences")


def _difference_row(e: Estimate, words: Text) -> list[Cell]:
    """Lay out one covariate."""
    from math import expm1

    if e.undefined is not None:
        return [covariate(e.key), words, "–", "–", e.undefined, "–", "–"]
    percent = amount(100 * expm1(e.estimate or 0.0), digits=1)
    return [
        covariate(e.key), words, amount(e.estimate, digits=4), amount(e.standard_error, digits=4),
        ranged(e, digits=4), f"{percent}%", p_value(e.p_value),
    ]  # fmt: skip
