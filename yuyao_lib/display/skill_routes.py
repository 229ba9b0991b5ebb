"""All routes to returns to skill side by side, and what others have published."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yuyao_lib.display.charts import Draw, chart, forest
from yuyao_lib.display.numbers import amount, in_percent, interval, level_of, reach, size
from yuyao_lib.display.results import alt_of, draw, range_of, tabulate
from yuyao_lib.display.sentences import called, headline_of, said
from yuyao_lib.display.shown import Shown
from yuyao_lib.display.skill_cutoffs import SET, set_for
from yuyao_lib.display.style import COLOURS
from yuyao_lib.display.tables import Cell, Column, table
from yuyao_lib.findings import Estimate
from yuyao_lib.methods.published_returns import PublishedReturns, published_returns
from yuyao_lib.methods.skill_returns import NAMES, PLACES, STAYS, Returns
from yuyao_lib.sources import literature
from yuyao_lib.sources.dataset import Dataset
from yuyao_lib.sources.literature import WORDS
from yuyao_lib.vocabulary import LANGUAGES, Language, Text, term

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__: list[str] = []

AXIS = Text("Pay (log points)", "工资（对数点）")


@called.register
def _(result: Returns) -> dict[str, Text]:
    """Name every route, and after which event jobs are asked about."""
    names = {e.key: NAMES[e.key] for e in result.estimates if e.key in NAMES}
    for e in result.jobs:
        event = STAYS[f"stays_{e.key.partition('_')[2]}"]  # "Course: still with the employer"
        names[e.key] = Text(event.en.partition(":")[0], event.zh.partition("：")[0])
    return names


@headline_of.register
def _(result: Returns, estimate: Estimate) -> Text:
    """Say the comparison with colleagues, and beside it the gap as it stands."""
    by_key = {e.key: e for e in result.estimates if e.estimate is not None}
    if estimate.key != "training" or estimate.undefined is not None:
        return Text(said(estimate, "en"), said(estimate, "zh"))
    en, zh = (
        (in_percent(estimate, k), interval(estimate, k), size(estimate, k)) for k in LANGUAGES
    )
    words = [
        f"After a first skill course pay was {en[0]}, above that of colleagues not yet trained"
        f" ({en[1]}; {en[2]}).",
        f"首次技能培训之后，工资比尚未受训的同事高 {zh[0]}（{zh[1]}；{zh[2]}）。",
    ]
    if (estimate.estimate or 0.0) < 0:
        words = [words[0].replace("above", "apart from"), words[1].replace("高", "相差")]
    if "naive_gap" in by_key:
        gap = by_key["naive_gap"]
        words[0] += (
            f" Compared as they stand, those with and without a course are {in_percent(gap, 'en')}"
            " apart: that gap is who takes courses as well as what they go with."
        )
        words[1] += (
            f"若直接比较，受训者与未受训者相差 {in_percent(gap, 'zh')}：这一差距也包含谁去受训。"
        )
    return Text(*words)


@draw.register
def _(result: Returns, data: Dataset) -> Shown:
    """Draw every route, with what was set where the data are simulated."""
    shown = [e for e in result.routes if e.undefined is None] or list(result.routes)
    band = published_returns(literature.published_returns().frame("estimates")).training_band
    ranges = [range_of(e, label=NAMES[e.key]) for e in shown]
    lines, height = forest(ranges, axis=AXIS, band=band)
    truths = set_for(shown, PLACES, data)
    low, high = (amount(end, digits=3) for end in band)
    note = Text(
        f"Shaded: published estimates of training, {low} to {high} log points, from real data;"
        " their sources are below.",
        f"阴影：已发表的培训估计，{low} 至 {high} 对数点，来自真实数据，出处见下。",
    )
    title = Text("Every route to what skill goes with in pay", "各种方法下技能与工资的关系")
    alt = _alt(shown, truths)
    return chart(
        _diamonds(lines, truths), data, title=title, alt=alt, note=note, height=height + 0.2
    )


def _diamonds(base: Draw, truths: list[float | None]) -> Draw:
    """Add a diamond where a value was set."""
    last = len(truths) - 1
    known = [(t, last - place) for place, t in enumerate(truths) if t is not None]

    def drawn(axes: Axes, language: Language) -> None:
        base(axes, language)
        if not known:
            return
        axes.plot(
            [t for t, _ in known], [p for _, p in known], "D", color=COLOURS["orange"],
            markersize=5.5, zorder=5, linestyle="none", label=SET.of(language),
            markeredgecolor="white", markeredgewidth=0.6,
        )  # fmt: skip
        axes.legend(loc="lower left", bbox_to_anchor=(0, 1.0), frameon=False, fontsize=9)

    return drawn


def _alt(shown: list[Estimate], truths: list[float | None]) -> Text:
    """Describe the chart by its numbers."""
    en, zh = [], []
    for e, truth in zip(shown, truths, strict=True):
        value, told = amount(e.estimate, digits=3), amount(truth, digits=3)
        en.append(
            f"{NAMES[e.key].en}: {value}" + (f", set by us: {told}" if truth is not None else "")
        )
        zh.append(
            f"{NAMES[e.key].zh}：{value}" + (f"，由我们设定：{told}" if truth is not None else "")
        )
    return Text(f"Estimates with intervals. {'; '.join(en)}.", f"估计值及区间。{'；'.join(zh)}。")


@tabulate.register
def _(result: Returns, data: Dataset) -> Shown:
    """Show every route with its method and interval, or why there is none."""
    columns = [
        Column(Text("Route", "途径"), "text"),
        Column(Text("Method", "方法"), "text"),
        Column(Text("Log points", "对数点")),
        Column(level_of(result.estimates), "text"),
        Column(Text("Evidence", "证据类型"), "text"),
    ]
    rows: list[list[Cell]] = [
        [
            NAMES[e.key], term(e.method).text, amount(e.estimate, digits=4),
            reach(e, digits=4), e.design.text,
        ]
        for e in result.routes
    ]  # fmt: skip
    caption = Text("Every route, and what cannot be asked of these data", "各种途径及无法回答者")
    return table(columns, rows, data, caption=caption, name="routes")


@draw.register
def _(result: PublishedReturns, data: Dataset) -> Shown:
    """Draw what was printed, in log points."""
    shown = [range_of(e, label=WORDS[e.key]) for e in result.estimates]
    figure, height = forest(shown, axis=AXIS)
    low, high = (amount(end, digits=3) for end in result.training_band)
    title = Text(
        f"Published estimates of training lie from {low} to {high} log points",
        f"已发表的培训估计在 {low} 至 {high} 对数点之间",
    )
    note = result.estimates[0].says_why
    alt = alt_of(result.estimates, [r.label for r in shown])
    return chart(figure, data, title=title, alt=alt, note=note, height=height)


@tabulate.register
def _(result: PublishedReturns, data: Dataset) -> Shown:
    """Show each published estimate with its source."""
    columns = [
        Column(Text("Published estimate", "已发表的估计"), "text"),
        Column(Text("Share of pay, as printed", "占工资比例（原文）")),
        Column(Text("Source", "出处"), "text"),
        Column(Text("Year", "年份")),
        Column(Text("Address", "网址"), "text"),
    ]
    rows: list[list[Cell]] = []
    for row in result.rows.itertuples(index=False):
        ends = [amount(v, digits=3) for v in (row.low, row.high)]
        same = ends[0] == ends[1]
        printed = Text(ends[0] if same else f"{ends[0]} to {ends[1]}",
                       ends[0] if same else f"{ends[0]} 至 {ends[1]}")  # fmt: skip
        rows.append([WORDS[row.id], printed, row.source, str(row.source_year), row.url or "–"])
    caption = Text("What others found", "他人的研究结果")
    return table(columns, rows, data, caption=caption, name="published_returns")
