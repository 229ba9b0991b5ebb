"""How returns to skill look: studies of colleagues, jumps at marks, all routes side by side."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from yuyao_lib.display import skill_jobs, skill_routes
from yuyao_lib.display.backing import backing_of, estimate_backing
from yuyao_lib.display.cards import notice
from yuyao_lib.display.charts import Draw, chart, ranges_over
from yuyao_lib.display.hidden_counts import HIDDEN, count_seen, hidden_note
from yuyao_lib.display.numbers import amount, count, p_value
from yuyao_lib.display.panels import panels, small_ranges
from yuyao_lib.display.results import alt_of, draw, notes_of, range_of, tabulate
from yuyao_lib.display.shown import Shown
from yuyao_lib.display.skill_cutoffs import SET, set_for, told
from yuyao_lib.display.style import COLOURS
from yuyao_lib.display.tables import Cell, Column, table
from yuyao_lib.findings import Backing, Contributions, Estimate
from yuyao_lib.methods.colleague_studies import ColleagueStudy
from yuyao_lib.methods.course_comparisons import Weighted
from yuyao_lib.methods.skill_events import EventStudies, Variants
from yuyao_lib.methods.skill_returns import NAMES, PLACES
from yuyao_lib.sources.dataset import Dataset
from yuyao_lib.vocabulary import Language, Text

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# what else is shown of the topic: all routes side by side, published estimates, jobs, proposals
__all__ = ["skill_jobs", "skill_routes"]

SINCE = Text("Quarters since the event", "自事件起的季度数")
UP = Text("Pay less colleagues' (log points)", "与同事之差（对数点）")
LESS = Text("Log points", "对数点")
NO_STUDY = Text(
    "Not shown: no event has enough workers with a colleague to compare with.",
    "未显示：没有任何事件有足够的可与同事比较者。",
)
EVENTS = {
    "training": Text("First skill course", "首次技能培训"),
    "degree": Text("Degree support", "学历资助"),
    "title": Text("Honour", "荣誉"),
    "prize": Text("Contest prize", "竞赛获奖"),
    "adopted": Text("Proposal adopted", "建议被采纳"),
    "rejected": Text("Proposal not adopted", "建议未被采纳"),
    "golden": Text("Golden proposal", "金点子"),
    "plain": Text("Proposal adopted, not golden", "建议被采纳，非金点子"),
    "mentor": Text("First apprentice taken on", "首次带徒"),
}


@draw.register
def _(result: ColleagueStudy, data: Dataset) -> Shown:
    """Draw pay less colleagues' by quarters since the event."""
    name = EVENTS[result.pooled.key]
    base = ranges_over(
        [float(t) for t in result.times], [range_of(e) for e in result.parts],
        across=SINCE, up=UP, joined=False,
    )  # fmt: skip
    title = Text(
        f"{name.en}: pay less that of colleagues, against the quarter before",
        f"{name.zh}：与同事的工资之差，以事前一季度为参照",
    )
    (known,) = set_for([result.pooled], PLACES, data)
    note = Text(
        "Zero is the quarter in which it fell. Before it, nothing should be seen.",
        "零为事件所在季度；事前不应有差异。",
    )
    figure = base if known is None else _with_line(base, result.times, known)
    after = [Text(f"{t:g} quarters after", f"事后第 {t:g} 季度") for t in result.times[-4:]]
    whole = Text("all quarters after it", "事后各季度合计")
    alt = alt_of([result.pooled, *result.parts[-4:]], [whole, *after])
    return chart(figure, data, title=title, alt=alt, note=note, height=3.9)


@draw.register
def _(result: EventStudies, data: Dataset) -> Shown:
    """Draw every event quarter by quarter, one small chart each."""
    held = [
        (EVENTS[name], study)
        for name, study in result.studies.items()
        if isinstance(study, ColleagueStudy) and study.pooled.undefined is None and name != "plain"
    ]
    if not held:
        return notice(NO_STUDY, data)
    figure, height = panels([(name, _small(study)) for name, study in held])
    title = Text(
        "Every event, quarter by quarter: pay less that of colleagues",
        "各类事件逐季：与同事的工资之差",
    )
    note = Text(
        "Each chart has a scale of its own. Zero is the quarter of the event, held against the one"
        " before it; quarters before it should show nothing.",
        "各图纵轴不同。零为事件所在季度，以前一季度为参照；事前各季度不应有差异。",
    )
    told = [(n, amount(s.pooled.estimate, digits=3)) for n, s in held]
    alt = Text(
        "Small charts of pay less that of colleagues by quarter since each event. Mean of the"
        f" quarters after: {'; '.join(f'{n.en} {v}' for n, v in told)}.",
        "各类事件前后逐季与同事工资之差的小图。事后均值："
        f"{'；'.join(f'{n.zh} {v}' for n, v in told)}。",
    )
    return chart(figure, data, title=title, alt=alt, note=note, height=height)


def _small(study: ColleagueStudy) -> Draw:
    """Return the chart of one event."""
    times, ranges = [float(t) for t in study.times], [range_of(e) for e in study.parts]
    return small_ranges(times, ranges, across=SINCE, up=LESS)


def _with_line(base: Draw, times: tuple[int, ...], known: float) -> Draw:
    """Add what was set: nothing up to the event, the effect from the quarter after it on."""

    def drawn(axes: Axes, language: Language) -> None:
        base(axes, language)
        style: dict[str, Any] = {
            "color": COLOURS["orange"],
            "linewidth": 1.8,
            "linestyle": (0, (4, 2)),
        }
        axes.plot([min(times) - 0.4, 0.5], [0, 0], **style)
        axes.plot([0.5, max(times) + 0.4], [known, known], label=SET.of(language), **style)
        axes.legend(loc="lower left", bbox_to_anchor=(0, 1.0), frameon=False, fontsize=9)

    return drawn


@tabulate.register
def _(result: ColleagueStudy, data: Dataset) -> Shown:
    """Show the pooled effect and the check before."""
    return _studies([(EVENTS[result.pooled.key], result)], [], data, name="training_study")


@tabulate.register
def _(result: EventStudies, data: Dataset) -> Shown:
    """Show every event with its check, and what could not be asked."""
    studies = [
        (EVENTS[name], study)
        for name, study in result.studies.items()
        if isinstance(study, ColleagueStudy)
    ]
    return _studies(studies, list(result.more), data, name="event_studies")


def _studies(
    studies: list[tuple[Text, ColleagueStudy]], more: list[Estimate], data: Dataset, *, name: str
) -> Shown:
    """Lay studies out, one a row."""
    columns = [
        Column(Text("What happened", "事件"), "text"),
        Column(Text("Pay less colleagues'", "与同事之差")),
        Column(Text("Interval", "区间"), "text"),
        Column(Text("p-value", "p 值")),
        Column(Text("Quarters before: p-value", "事前各季度：p 值")),
        Column(Text("Persons", "人数")),
        Column(Text("Without comparison", "无可比者")),
        Column(Text("Employers", "单位数")),
    ]
    rows: list[list[Cell]] = [
        [label, *told(s.pooled), _before(s), count(s.pooled.n),
         count_seen(s.alone, data), count(s.pooled.clusters)]
        for label, s in studies
    ]  # fmt: skip
    rows += [[NAMES[e.key], *told(e), "–", count(e.n), "–", count(e.clusters)] for e in more]
    caption = Text(
        "Change of pay less that of colleagues, quarters after the event (log points)",
        "事后各季度的工资变化与同事之差（对数点）",
    )
    notes = notes_of([s.pooled for _, s in studies])
    notes.insert(
        0,
        Text(
            "Colleagues: same employer, like years with it, no event yet. Without comparison: no"
            " such colleague, or gone before the quarter after.",
            "同事：同一单位、在职年数相近、尚无该事件。无可比者：没有此类同事，或次季度之前已离开。",
        ),
    )
    gone = sum(row[-2] == HIDDEN for row in rows)
    notes += hidden_note(gone)
    shown = table(columns, rows, data, caption=caption, notes=notes, name=name)
    hidden = (("without comparison", "minimum persons"),) * gone
    return replace(shown, hidden=hidden) if gone else shown


def _before(study: ColleagueStudy) -> str:
    """Write the p-value of the quarters before, where each of them is told."""
    parts = [e for t, e in zip(study.times, study.parts, strict=True) if t < 0]
    told_all = study.pooled.estimate is not None and all(e.estimate is not None for e in parts)
    return p_value(study.test.p_value if told_all else None)


@tabulate.register
def _(result: Weighted, data: Dataset) -> Shown:
    """Show the characteristics that were weighted on, before and after."""
    return tabulate(result.balance, data)


@backing_of.register
def _(result: EventStudies, held: Contributions) -> list[Backing]:
    """Back every event's pooled effect and its quarters, which are drawn, and the contrasts."""
    every = [s for s in result.studies.values() if isinstance(s, ColleagueStudy)]
    return [b for part in (*every, result) for b in estimate_backing(part, held) or []]


@backing_of.register
def _(result: Weighted, held: Contributions) -> list[Backing]:
    """Back the means of each side by its persons and employers, both counted."""
    persons = (result.balance.n_trained, result.balance.n_untrained)
    sides = tuple(zip(("trained", "untrained"), persons, result.employers, strict=True))
    return [
        Backing(what=f"{row.covariate} {side}", persons=n, employers=firms, persons_counted=True,
                employers_counted=True)
        for row in result.balance.rows
        for side, n, firms in sides
    ]  # fmt: skip


@tabulate.register
def _(result: Variants, data: Dataset) -> Shown:
    """Show the comparison asked in other ways."""
    columns = [
        Column(Text("Asked with", "改用"), "text"),
        Column(Text("Pay less colleagues'", "与同事之差")),
        Column(Text("Interval", "区间"), "text"),
        Column(Text("p-value", "p 值")),
        Column(Text("Persons", "人数")),
    ]
    rows: list[list[Cell]] = [
        [Text(name.en[:1].upper() + name.en[1:], name.zh), *told(e), count(e.n)]
        for name, e in zip(result.names, result.estimates, strict=True)
    ]
    caption = Text(
        "A first skill course against colleagues, asked in other ways (log points)",
        "首次技能培训与同事比较的其他做法（对数点）",
    )
    return table(columns, rows, data, caption=caption, name="variants")
