"""How pay at a mark looks: the jump, its picture, and all its checks in one table."""

from __future__ import annotations

from collections.abc import Mapping

from yuyao_lib.display.discontinuity import ROWS
from yuyao_lib.display.known_answers import answer_at
from yuyao_lib.display.numbers import amount, count, level_of, p_value, reach
from yuyao_lib.display.results import notes_of, tabulate
from yuyao_lib.display.shown import Shown
from yuyao_lib.display.tables import Cell, Column, table
from yuyao_lib.findings import Estimate, Mode
from yuyao_lib.methods.contract_answers import grade_names
from yuyao_lib.methods.pay_cutoffs import CutoffChecks, PayCutoff
from yuyao_lib.methods.skill_returns import NAMES
from yuyao_lib.sources.dataset import Dataset
from yuyao_lib.vocabulary import Text, term

__all__ = ["SET", "set_for", "told"]

SET = Text("set by us", "由我们设定")

DENSE = {
    True: Text("the density jumps", "密度有跳跃"),
    False: Text("the density is not seen to jump", "看不出密度有跳跃"),
    None: Text("the density cannot be asked", "密度无从检验"),
}


def set_for(
    estimates: list[Estimate], places: Mapping[str, str], data: Dataset
) -> list[float | None]:
    """Return what was set for each estimate; nothing where the data are not simulated."""
    if data.mode is not Mode.SIMULATED:
        return [None] * len(estimates)
    from yuyao_lib.sources.simulation import read_truth

    truth = read_truth(data)
    return [answer_at(truth, places[e.key]) if e.key in places else None for e in estimates]


def told(e: Estimate) -> list[Cell]:
    """Write an estimate in log points, its interval and its p-value."""
    return [amount(e.estimate, digits=4), reach(e, digits=4), p_value(e.p_value)]


@tabulate.register
def _(result: PayCutoff, data: Dataset) -> Shown:
    """Show the jump, and by target grade where there are grades."""
    columns = [
        Column(Text("Jump at the mark", "临界点处的跳跃"), "text"),
        Column(Text("Log points", "对数点")),
        Column(level_of(result.estimates), "text"),
        Column(Text("p-value", "p 值")),
        Column(Text("Within the bandwidth", "带宽内数目")),
        Column(Text("Employers", "单位数")),
    ]
    rows: list[list[Cell]] = [
        [_label(e), *told(e), count(e.n), count(e.clusters)] for e in result.estimates
    ]
    answers = set_for(list(result.estimates), result.truths, data)
    if any(answer is not None for answer in answers):
        columns.append(Column(Text(SET.en.capitalize(), SET.zh)))
        for row, answer in zip(rows, answers, strict=True):
            row.append(amount(answer, digits=4))
    width = result.design.bandwidth
    notes = notes_of(list(result.estimates[:1]))
    if width is not None:
        share = amount(100 * result.followed, digits=1)
        notes.insert(
            0,
            Text(
                f"Bandwidth of the first row {width:.3g} points. {share}% are on the side on"
                " which the rule puts them.",
                f"首行带宽 {width:.3g} 分。{share}% 位于规则所定的一侧。",
            ),
        )
    caption = term(result.estimates[0].term).text
    caption = Text(caption.en[:1].upper() + caption.en[1:], caption.zh)
    return table(columns, rows, data, caption=caption, notes=notes, name=result.estimates[0].key)


def _label(e: Estimate) -> Text:
    """Name a row: all, or a target grade."""
    if "_grade_" not in e.key:
        return NAMES[e.key]
    (name,) = grade_names([int(e.key[-1])])
    return Text(f"Exam for {name.en}", f"考{name.zh}")


@tabulate.register
def _(result: CutoffChecks, data: Dataset) -> Shown:
    """Show all checks in one table, by kind."""
    columns = [
        Column(Text("Changed", "所改变的"), "text"),
        Column(Text("Jump", "跳跃")),
        Column(level_of([result.density]), "text"),
        Column(Text("p-value", "p 值")),
        Column(Text("n", "样本量")),
    ]
    rows: list[list[Cell]] = []
    groups = []
    for held in result.variations:
        if held.estimates:
            groups.append((len(rows), ROWS[held.kind]))
        rows += [
            [_capital(label), *told(e), count(e.n)]
            for label, e in zip(held.labels, held.estimates, strict=True)
        ]
    groups.append((len(rows), Text("Was anybody moved across?", "是否有人被移过临界点？")))
    label = Text("Density above less below", "上方密度减下方密度")
    rows.append([label, *told(result.density), count(result.density.n)])
    differ = sum(v.differ for v in result.variations if v.kind in ("placebo", "covariate"))
    asked = sum(v.known for v in result.variations if v.kind in ("placebo", "covariate"))
    jumps = result.density.differs_from_zero is True
    dense = DENSE[result.density.differs_from_zero]
    caption = Text(
        f"Checks: {differ} of {asked} places and traits where nothing should jump do; {dense.en}",
        f"检验：{asked} 个不应有跳跃之处中有 {differ} 个出现跳跃；{dense.zh}",
    )
    name = f"{result.variations[0].setting.term}_checks"
    notes = [
        Text(
            "Other bandwidths and holes should give the same jump; false cut-offs and what was"
            " settled beforehand none.",
            "其他带宽与剔除范围应给出相同的跳跃；虚假临界点与事先已定的特征不应有跳跃。",
        )
    ]
    if jumps:
        notes.append(
            Text(
                "Where the density jumps, those just above and just below are not alike by chance,"
                " and the jump of pay is no effect.",
                "密度有跳跃时，临界点上下者并非偶然分开，工资的跳跃不能视作效应。",
            )
        )
    return table(columns, rows, data, caption=caption, notes=notes, name=name, groups=groups)


def _capital(words: Text) -> Text:
    """Begin a row with a capital."""
    return Text(words.en[:1].upper() + words.en[1:], words.zh)
