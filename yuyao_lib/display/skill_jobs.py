"""How staying and rising after an event look, and what became of proposals."""

from __future__ import annotations

from yuyao_lib.display.backing import backing_of
from yuyao_lib.display.counted import counted_table
from yuyao_lib.display.numbers import amount, count, level_of, p_value, reach
from yuyao_lib.display.results import notes_of, tabulate
from yuyao_lib.display.shown import Shown
from yuyao_lib.display.tables import Cell, Column, table
from yuyao_lib.findings import Backing, Contributions, backing_of_estimate
from yuyao_lib.methods.colleague_outcomes import OUTCOMES, JobOutcome, JobOutcomes
from yuyao_lib.methods.proposals import Proposals
from yuyao_lib.sources.dataset import Dataset
from yuyao_lib.vocabulary import Text

__all__: list[str] = []

EVENTS = {
    "training": Text("First skill course", "首次技能培训"),
    "degree": Text("Degree support", "学历资助"),
    "title": Text("Honour", "荣誉"),
    "prize": Text("Contest prize", "竞赛获奖"),
    "mentor": Text("Apprentice taken on", "带徒"),
    "apprentice": Text("Given a mentor when hired", "入职时有师傅"),
}


@backing_of.register
def _(result: JobOutcomes, held: Contributions) -> list[Backing]:
    """Back each difference, and the two shares it is of."""
    every = [e for item in result.items for e in (item.difference, item.share)]
    return [backing_of_estimate(e, held) for e in every if e.undefined is None]


@tabulate.register
def _(result: JobOutcomes, data: Dataset) -> Shown:
    """Show both outcomes after every event, beside colleagues."""
    columns = [
        Column(Text("What happened", "事件"), "text"),
        Column(Text("With it (%)", "有此事件（%）")),
        Column(Text("Colleagues (%)", "同事（%）")),
        Column(Text("Difference (points)", "差异（百分点）")),
        Column(level_of(result.estimates), "text"),
        Column(Text("p-value", "p 值")),
        Column(Text("Persons", "人数")),
        Column(Text("Employers", "单位数")),
    ]
    groups: list[tuple[int, Text]] = []
    rows: list[list[Cell]] = []
    for outcome, name in OUTCOMES.items():
        groups.append((len(rows), Text(name.en[:1].upper() + name.en[1:], name.zh)))
        rows += [_row(item) for item in result.items if item.outcome == outcome]
    caption = Text(
        f"Jobs and grades {result.quarters} quarters after, beside colleagues",
        f"事后第 {result.quarters} 季度的留任与等级，与同事比较",
    )
    notes = [
        Text(
            "Colleagues: same employer, grade and like years with it in the quarter of the event,"
            " which had not happened to them by then.",
            "同事：事件所在季度同一单位、同等级、在职年数相近，且当时尚无该事件。",
        ),
        *notes_of(list(result.estimates)),
    ]
    if result.missing:
        words = ", ".join(result.missing)
        notes.append(Text(f"Not run for want of tables: {words}.", f"缺表未运行：{words}。"))
    return table(
        columns, rows, data, caption=caption, notes=notes, groups=groups, name="job_outcomes"
    )


def _row(item: JobOutcome) -> list[Cell]:
    """Lay out one event."""
    e, share = item.difference, item.share.estimate
    others = None if share is None or e.estimate is None else share - e.estimate
    return [
        EVENTS[item.event], amount(share, digits=1), amount(others, digits=1),
        amount(e.estimate, digits=2), reach(e, digits=2), p_value(e.p_value),
        count(e.n), count(e.clusters),
    ]  # fmt: skip


@tabulate.register
def _(result: Proposals, data: Dataset) -> Shown:
    """Show the way from submitted to golden, and what was stated of it."""
    caption = Text("From proposals submitted to golden ones", "从所提建议到金点子")
    notes = [
        Text(
            "Benefits are as stated by those who report them; nobody has checked them here.",
            "效益由上报者自报，此处未经核实。",
        )
    ]
    return counted_table(result.estimates, data, caption=caption, notes=notes, name="proposals")
