"""How the states of a cohort look: one line a grade, and one for those who are gone."""

from __future__ import annotations

from dataclasses import replace

from yuyao_lib.display.cards import notice
from yuyao_lib.display.charts import chart
from yuyao_lib.display.curves import Line, curves
from yuyao_lib.display.hidden_counts import (
    ALL_HIDDEN,
    CELLS_HIDDEN,
    ROUNDED,
    count_said,
    seen_cells,
)
from yuyao_lib.display.mediation_parts import switched_off
from yuyao_lib.display.numbers import amount
from yuyao_lib.display.results import draw
from yuyao_lib.display.shown import Shown
from yuyao_lib.display.skill_ladder import grade_name
from yuyao_lib.methods.grade_occupancy import GradeOccupancy
from yuyao_lib.sources.dataset import Dataset
from yuyao_lib.vocabulary import Text

__all__: list[str] = []


@draw.register
def _(result: GradeOccupancy, data: Dataset) -> Shown:
    """Draw the share in each state over quarters; of own data without small cells."""
    switched = switched_off(result.estimates, data)
    if switched is not None:
        return switched
    names = [f"{s} in quarter {q}" for q in result.quarters for s in result.states]
    cells = seen_cells(result.counts, data, names=names, employers=result.employers)
    if not cells.seen.any():
        return replace(notice(ALL_HIDDEN, data), hidden=cells.hidden)
    shares = replace(result, counts=cells.counts).shares
    lines = []
    for k, state in enumerate(result.states):
        kept = [i for i in range(len(result.quarters)) if cells.seen[i, k]]
        if kept and result.counts[kept, k].any():
            x = [float(result.quarters[i]) for i in kept]
            y = [float(shares[i, k]) for i in kept]
            lines.append(Line(x=x, y=y, label=grade_name(state)))
    figure = curves(
        lines,
        across=Text("Quarters since the first", "自首个季度起的季度数"),
        up=Text("Share of the workers (%)", "占职工的比例（%）"),
        limits=(0.0, 100.0),
    )
    start, last = grade_name(result.grade), result.quarters[-1]
    ends = [amount(e.estimate, digits=1) for e in result.estimates]
    title = Text(
        f"After {last} quarters {ends[1]}% hold a higher grade, {ends[2]}% are gone",
        f"{last} 个季度之后，{ends[1]}% 等级更高，{ends[2]}% 已离开",
    )
    alt = Text(
        f"Shares of workers who began in grade {start.en}, by grade and quarter. At the end:"
        f" {ends[0]}% in the same grade, {ends[1]}% higher, {ends[2]}% gone.",
        f"首个季度等级为{start.zh}的职工按等级与季度的比例。期末：{ends[0]}% 等级未变，"
        f"{ends[1]}% 更高，{ends[2]}% 已离开。",
    )
    n = count_said(result.estimates[0].n or 0, data)
    note = Text(
        f"{n} workers of grade {start.en} in the first quarter, all followed to the end.",
        f"首个季度等级为{start.zh}的职工 {n} 人，全部追踪至期末。",
    )
    more = CELLS_HIDDEN if cells.hidden else ROUNDED if data.rounds else None
    if more is not None:
        note = Text(f"{note.en} {more.en}", f"{note.zh}{more.zh}")
    shown = chart(figure, data, title=title, alt=alt, note=note, height=4.2)
    return replace(shown, backing=cells.backing, hidden=cells.hidden)
