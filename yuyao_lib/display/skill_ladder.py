"""How the skill ladder looks: moves between grades, promotion against leaving, ratios, exams."""

from __future__ import annotations

from dataclasses import replace
from math import exp

import numpy as np

from yuyao_lib.display import dispute_endings, known_answers
from yuyao_lib.display.bars import matrix
from yuyao_lib.display.cards import notice
from yuyao_lib.display.charts import Range, chart, forest
from yuyao_lib.display.dispute_endings import way
from yuyao_lib.display.dispute_models import ratio_columns
from yuyao_lib.display.dispute_words import pair, ratio_cells
from yuyao_lib.display.hidden_counts import ALL_HIDDEN, CELLS_HIDDEN, ROUNDED, seen_cells
from yuyao_lib.display.mediation_parts import switched_off
from yuyao_lib.display.numbers import amount, count, ranged
from yuyao_lib.display.results import draw, notes_of, tabulate
from yuyao_lib.display.sentences import called, headline_of, said
from yuyao_lib.display.shown import Shown
from yuyao_lib.display.tables import Cell, Column, table
from yuyao_lib.findings import Estimate
from yuyao_lib.methods.grade_moves import GONE, GradeMoves
from yuyao_lib.methods.promotion_hazards import PromotionHazards
from yuyao_lib.methods.skill_ladder import NAMES, HazardVariants, SkillLadder
from yuyao_lib.sources.dataset import Dataset
from yuyao_lib.vocabulary import Text

__all__ = ["dispute_endings", "grade_name", "known_answers"]

GRADES = (
    Text("none", "无等级"),
    Text("junior", "初级工"),
    Text("intermediate", "中级工"),
    Text("senior", "高级工"),
    Text("technician", "技师"),
    Text("senior technician", "高级技师"),
)
SHORT = {2: Text("interm.", "中级工"), 5: Text("sen. techn.", "高级技师")}  # heads of columns
AWAY = Text("gone", "离开")
EVENTS = {
    "promoted": Text("promotion", "晋级"),
    "sat": Text("sitting an exam", "参加考试"),
    "left": Text("leaving the employer", "离开单位"),
}


def grade_name(number: int, *, short: bool = False) -> Text:
    """Name a grade."""
    if number == GONE:
        return AWAY
    if number >= len(GRADES):
        return Text(f"grade {number}", f"{number} 级")
    return SHORT.get(number, GRADES[number]) if short else GRADES[number]


@called.register
def _(result: SkillLadder) -> dict[str, Text]:
    """Name ratios by what came before, moves by their years, endings by their way."""
    names = {f"{what}_{key}": words for key, words in NAMES.items()
             for what in ("promotion", "sitting")}  # fmt: skip
    for e in result.moves.estimates:
        if e.key != "gone":
            names[e.key] = _years_of(e)
    for e in result.endings.estimates:
        names[f"within_{e.key}"] = way(e.key)
    return names


@headline_of.register
def _(result: SkillLadder, estimate: Estimate) -> Text:
    """Say how promotion differs where the employer is accredited, and how sure that is."""
    told = result.hazards.estimates[0]
    if told.undefined is not None or told.estimate is None:
        return Text(said(estimate, "en"), said(estimate, "zh"))
    ratio, low, high = (amount(exp(v or 0.0), digits=2) for v in
                        (told.estimate, told.low, told.high))  # fmt: skip
    ends = (
        Text("One, which would be no difference, is outside the interval.",
             "一（即没有差异）不在区间内。")
        if told.differs_from_zero
        else Text("One, no difference, is inside the interval: these data do not show one.",
                  "一（即没有差异）在区间内：这些数据未显示差异。")
    )  # fmt: skip
    events, n, level = count(result.hazards.events), count(result.hazards.n), f"{told.level:.0%}"
    return Text(
        f"Among workers who could rise a grade, promotion in a quarter was {ratio} times as likely"
        f" where the employer was accredited to assess grades ({level} interval {low} to {high};"
        f" {events} promotions in {n} worker-quarters). {ends.en}",
        f"在可晋级的职工中，所在单位已备案自主评价者每季度晋级的可能性是其他职工的 {ratio} 倍"
        f"（{level} 区间 {low} 至 {high}；{n} 个职工季度中晋级 {events} 次）。{ends.zh}",
    )


@draw.register
def _(result: GradeMoves, data: Dataset) -> Shown:
    """Draw where workers of each grade are a year later; of own data without small cells."""
    switched = switched_off(result.estimates, data)
    if switched is not None:
        return switched
    names = [f"{b} to {a}" for b in result.before for a in result.after]
    cells = seen_cells(result.counts, data, names=names, employers=result.employers)
    if not cells.seen.any():
        return replace(notice(ALL_HIDDEN, data), hidden=cells.hidden)
    shares = np.where(cells.seen, replace(result, counts=cells.counts).shares, np.nan)
    note_of = CELLS_HIDDEN if cells.hidden else ROUNDED if data.rounds else None
    up, gone = result.estimates[:2]
    told = amount(up.estimate, digits=1)
    title = Text(
        f"Of workers below the top grade, {told}% hold a higher one a year later",
        f"在未达最高等级的职工中，{told}% 一年后等级更高",
    )
    rows = [
        "; ".join(f"{grade_name(a).en} {amount(float(v), digits=1)}%"
                  for a, v in zip(result.after, row, strict=True) if v > 0)
        for row in shares
    ]  # fmt: skip
    rows_zh = [
        "；".join(f"{grade_name(a).zh} {amount(float(v), digits=1)}%"
                 for a, v in zip(result.after, row, strict=True) if v > 0)
        for row in shares
    ]  # fmt: skip
    alt = Text(
        "Matrix of skill grades a year apart. "
        + " ".join(
            f"From {grade_name(b).en}: {r}." for b, r in zip(result.before, rows, strict=True)
        ),
        "相隔一年的技能等级转移矩阵。"
        + "".join(
            f"由{grade_name(b).zh}：{r}。" for b, r in zip(result.before, rows_zh, strict=True)
        ),
    )
    note = Text(
        f"{count(gone.n)} worker-years; each row adds up to 100%. Gone: not in the register.",
        f"{count(gone.n)} 人年；各行合计为 100%。离开：已不在登记库。",
    )
    if note_of is not None:
        note = Text(f"{note.en} {note_of.en}", f"{note.zh}{note_of.zh}")
    figure = matrix(
        [grade_name(b) for b in result.before],
        [[float(v) if v > 0 else None for v in row] for row in shares],
        down=Text("Skill grade", "技能等级"),
        across=Text("A year later", "一年之后"),
        columns=[grade_name(a, short=True) for a in result.after],
    )
    shown = chart(figure, data, title=title, alt=alt, note=note, height=4.0)
    return replace(shown, backing=cells.backing, hidden=cells.hidden)


def _years_of(e: Estimate) -> Text:
    """Name the years between which a share moved up."""
    year = e.key.rpartition("_")[2]
    if not year.isdigit():
        return Text("all", "全部")
    return Text(f"{year} to {int(year) + 1}", f"{year} 至 {int(year) + 1} 年")


@tabulate.register
def _(result: GradeMoves, data: Dataset) -> Shown:
    """Show the share that rose, over all years and in each."""
    switched = switched_off(result.estimates, data)
    if switched is not None:
        return switched
    columns = [
        Column(Text("Years", "年份"), "text"),
        Column(Text("In a higher grade a year later, %", "一年后等级更高，%")),
        Column(Text("Interval", "区间"), "text"),
        Column(Text("Worker-years", "人年")),
    ]
    rows: list[list[Cell]] = []
    for e in result.estimates:
        if e.key == "gone":
            continue
        rows.append([_years_of(e), *pair(e, digits=2), count(e.n)])
    caption = Text("How many rise in a year", "每年有多少人晋级")
    notes = notes_of(list(result.estimates))
    return table(columns, rows, data, caption=caption, notes=notes, name="grade_moves")


@draw.register
def _(result: PromotionHazards, data: Dataset) -> Shown:
    """Draw the ratio that goes with each thing that came before."""
    switched = switched_off(result.estimates, data)
    if switched is not None:
        return switched
    told = [(NAMES[r.key], r) for r in result.ratios if r.estimate is not None]
    shown = [Range(n, r.estimate, r.low, r.high, strong=r.key == "accredited") for n, r in told]
    figure, height = forest(shown, axis=Text("Hazard ratio", "风险比"), zero=1.0)
    what = EVENTS[result.event]
    title = Text(
        f"The chance of {what.en} in a quarter, with over without",
        f"每季度{what.zh}的风险：有与无之比",
    )
    alt = Text(
        f"Hazard ratios of {what.en}. "
        + " ".join(f"{n.en}: {amount(r.estimate, digits=2)} ({ranged(r, digits=2).en})."
                   for n, r in told),
        f"{what.zh}的风险比。"
        + "".join(f"{n.zh}：{amount(r.estimate, digits=2)}（{ranged(r, digits=2).zh}）。"
                  for n, r in told),
    )  # fmt: skip
    return chart(figure, data, title=title, alt=alt, height=height)


@tabulate.register
def _(result: PromotionHazards, data: Dataset) -> Shown:
    """Show each ratio with its log and its error."""
    switched = switched_off(result.estimates, data)
    if switched is not None:
        return switched
    rows: list[list[Cell]] = [
        [NAMES[e.key], *ratio_cells(r, e)]
        for e, r in zip(result.estimates, result.ratios, strict=True)
    ]
    what = EVENTS[result.event]
    caption = Text(f"What goes with {what.en}", f"与{what.zh}相应的因素")
    notes = [
        Text(
            f"{count(result.events)} events in {count(result.n)} worker-quarters of"
            f" {count(result.employers)} employers.",
            f"{count(result.employers)} 家单位 {count(result.n)} 个职工季度中发生"
            f" {count(result.events)} 次。",
        ),
        *notes_of(list(result.estimates)),
    ]
    name = f"hazards_{result.event}"
    return table(ratio_columns(), rows, data, caption=caption, notes=notes, name=name)


@tabulate.register
def _(result: HazardVariants, data: Dataset) -> Shown:
    """Show the ratios told in other ways."""
    switched = switched_off(result.estimates, data)
    if switched is not None:
        return switched
    rows: list[list[Cell]] = []
    groups: list[tuple[int, Text]] = []
    for name, model in zip(result.names, result.models, strict=True):
        groups.append((len(rows), name))
        both = zip(model.estimates, model.ratios, strict=True)
        rows += [[NAMES[e.key], *ratio_cells(r, e)] for e, r in both]
    caption = Text("The ratios of promotion, told in other ways", "晋级的风险比：其他估计方式")
    notes = notes_of(list(result.estimates))
    return table(ratio_columns(), rows, data, caption=caption, notes=notes, groups=groups,
                 name="hazard_variants")  # fmt: skip
