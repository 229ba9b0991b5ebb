"""How a record looks: figures with what their printing allows, ratios, systems, pairs."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from yuyao_lib.display.cards import notice
from yuyao_lib.display.charts import Draw, Range, chart, forest
from yuyao_lib.display.numbers import amount, count, ends
from yuyao_lib.display.results import draw, tabulate
from yuyao_lib.display.sentences import headline_of
from yuyao_lib.display.shown import Shown
from yuyao_lib.display.style import COLOURS
from yuyao_lib.display.tables import Cell, Column, table
from yuyao_lib.findings import Estimate
from yuyao_lib.methods.scorecard import Measures, Needs, Ratios, RecordComparison, Systems
from yuyao_lib.paths import NOTEBOOKS
from yuyao_lib.sources.dataset import Dataset
from yuyao_lib.sources.intervals import Interval
from yuyao_lib.sources.record import Measure
from yuyao_lib.vocabulary import Language, Text, term

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__: list[str] = []

VERDICTS = {
    "ok": Text("holds", "成立"),
    "conditional": Text("holds under this reading", "有条件成立"),
    "invalid": Text("does not hold", "不成立"),
}
GRADES = {
    "A": Text("A: causal, with the named data", "A：有所需数据时可作因果研究"),
    "B": Text("B: under strong assumptions", "B：需强假设"),
    "C": Text("C: description only", "C：仅能描述"),
}
MOST_DRAWN = 25  # changes in one chart; the table has all
QUALIFIERS = {
    "exact": Text("as printed", "如所印"),
    "over": Text("over", "超"),
    "nearly": Text("nearly", "近"),
    "about_plus": Text("odd (a remainder)", "余"),
}


@headline_of.register
def _(result: Ratios, estimate: Estimate) -> Text:
    """Say how many comparisons hold, then the one the page leads with."""
    kinds = [rule.verdict for rule in result.rules.values()]
    ok, under, no = (kinds.count(v) for v in ("ok", "conditional", "invalid"))
    name = estimate.estimand or term(estimate.term).text
    value, unit = amount(estimate.estimate), term(estimate.unit).text
    reach = ends(estimate.low or 0.0, estimate.high or 0.0)
    return Text(
        f"Of {len(kinds)} ratios that the record invites, {ok} hold, {under} hold only under a"
        f" stated reading, and {no} do not hold; {name.en.lower()}: {value} {unit.en}"
        f" (printing allows {reach.en}).",
        f"成绩单可引出 {len(kinds)} 个比率：{ok} 个成立，{under} 个仅在特定读法下成立，"
        f"{no} 个不成立；"
        f"{name.zh}：{value} {unit.zh}（印刷允许 {reach.zh}）。",
    )


def _reach(interval: Interval) -> Text:
    """Write what the printing allows."""
    if interval.is_point:
        return Text("exact", "精确")
    return ends(interval.low, interval.high)


@draw.register
def _(result: Measures, data: Dataset) -> Shown:
    """Draw how exactly each rounded figure was printed, as a share of its value."""
    rounded = [m for m in result.items if not m.interval.is_point]
    rounded.sort(key=lambda m: (m.interval.high - m.interval.low) / m.value)
    exact = len(result.items) - len(rounded)
    qualified = sum(m.qualifier != "exact" for m in rounded)
    title = Text(
        f"{exact} of {len(result.items)} figures are counts, {len(rounded) - qualified} were"
        f" rounded, {qualified} qualified in words",
        f"{len(result.items)} 个数字中 {exact} 个为精确计数，{len(rounded) - qualified} 个经取整，"
        f"{qualified} 个带限定词",
    )
    note = Text(
        "Beside each line: the figure as printed. Orange: printed as over (超), nearly (近) or"
        " odd (余); 万 is ten thousand.",
        "线旁为印刷形式。橙色：带“超”“近”“余”。",
    )
    widths = "; ".join(f"{m.name.en} {_reach(m.interval).en}" for m in rounded)
    widths_zh = "；".join(f"{m.name.zh} {_reach(m.interval).zh}" for m in rounded)
    alt = Text(
        f"For each rounded figure the range its printing allows, in percent of the printed"
        f" value: {widths}.",
        f"每个约数的印刷所允许的范围（占印刷值的百分比）：{widths_zh}。",
    )
    height = 1.3 + 0.34 * len(rounded)
    return chart(_widths(rounded), data, title=title, alt=alt, note=note, height=height)


def _widths(measures: list[Measure]) -> Draw:
    """Return a chart of relative ranges."""

    def paint(axes: Axes, language: Language) -> None:
        axes.axvline(0, color=COLOURS["quiet"], linewidth=1)
        for place, m in enumerate(measures):
            low, high = (100 * (v / m.value - 1) for v in (m.interval.low, m.interval.high))
            qualified = m.qualifier != "exact"
            colour = COLOURS["orange"] if qualified else COLOURS["blue"]
            axes.plot([low, high], [place, place], color=colour, linewidth=4, solid_capstyle="butt")
            axes.annotate(
                _beside(m, language),
                (max(high, 0), place),
                xytext=(6, 0),
                textcoords="offset points",
                va="center",
                fontsize=8.5,
            )
        names = [m.name.of(language) for m in measures]
        axes.set_yticks(range(len(measures)), [_short(n) for n in names])
        axes.tick_params(axis="y", length=0, labelcolor=COLOURS["ink"], labelsize=9)
        axes.set_xlabel(
            "印刷所允许的范围（相对印刷值，%）"
            if language == "zh"
            else "Range that the printing allows (% of the printed value)"
        )
        axes.grid(visible=True, axis="x")
        axes.set_axisbelow(True)
        axes.spines["left"].set_visible(False)
        axes.margins(x=0.12)

    return paint


def _beside(m: Measure, language: Language) -> str:
    """Write a figure as printed; for those who do not read the print, its value too."""
    return m.as_printed if language == "zh" else f"{m.as_printed} = {_value(m)}"


def _short(name: str) -> str:
    """Cut a long name for an axis."""
    return name if len(name) <= 42 else name[:40].rsplit(" ", 1)[0] + " …"


@tabulate.register
def _(result: Measures, data: Dataset) -> Shown:
    """Show figures by area, each with its printed form."""
    columns = [
        Column(Text("Figure", "数字"), "text"),
        Column(Text("As printed", "印刷形式"), "text"),
        Column(Text("Value", "数值")),
        Column(Text("Qualifier", "限定"), "text"),
        Column(Text("Printing allows", "印刷所允许")),
        Column(Text("Unit", "单位"), "text"),
        Column(Text("Stock or flow, and when", "存量或流量及期间"), "text"),
    ]
    groups: list[tuple[int, Text]] = []
    rows: list[list[Cell]] = []
    area = ""
    for m in result.items:
        if m.area != area:
            area = m.area
            groups.append((len(rows), term(area).text))
        rows.append(_measure_row(m))
    caption = Text("Printed figures by area", "按领域列出的公布数字")
    if all(m.qualifier != "exact" for m in result.items):
        caption = Text("Figures printed as over, nearly or odd", "印有“超”“近”“余”的数字")
    return table(columns, rows, data, caption=caption, groups=groups, name="measures")


def _measure_row(m: Measure) -> list[Text | str]:
    """Lay out one figure."""
    kind, period = term(m.kind).text, term(m.period).text
    return [
        m.name,
        m.as_printed,
        _value(m),
        QUALIFIERS[m.qualifier],
        _reach(m.interval),
        term(m.unit).text,
        Text(f"{kind.en}, {period.en}", f"{kind.zh}，{period.zh}"),
    ]


def _value(m: Measure) -> str:
    """Write a printed value with all its digits."""
    return count(math.floor(m.value)) if float(m.value).is_integer() else f"{m.value:,}"


@tabulate.register
def _(result: Ratios, data: Dataset) -> Shown:
    """Show ratios by verdict; one that does not hold has no value."""
    columns = [
        Column(Text("Ratio", "比率"), "text"),
        Column(Text("Value", "数值")),
        Column(Text("Printing allows", "印刷所允许")),
        Column(Text("Unit", "单位"), "text"),
        Column(Text("Why", "理由"), "text"),
    ]
    values = {e.key: e.estimate for e in result.estimates}
    groups: list[tuple[int, Text]] = []
    rows: list[list[Cell]] = []
    for verdict, words in VERDICTS.items():
        here = {key: rule for key, rule in result.rules.items() if rule.verdict == verdict}
        groups += [(len(rows), words)] if here else []
        for key, rule in here.items():
            held = result.intervals.get(key)
            reach: Text | str = _reach(held) if held else "–"
            value = amount(values.get(key))
            rows.append([rule.name, value, reach, term(rule.unit).text, rule.why])
    caption = Text(
        "Ratios of printed figures, by whether they hold", "公布数字之比，按是否成立分列"
    )
    notes = [
        Text(
            "A ratio with a figure printed as over, nearly or odd has a range and no point.",
            "含“超”“近”“余”数字的比率只有范围，没有点值。",
        )
    ]
    return table(columns, rows, data, caption=caption, notes=notes, groups=groups, name="ratios")


@tabulate.register
def _(result: Systems, data: Dataset) -> Shown:
    """Show every system, its figures, its evidence and its pages."""
    columns = [
        Column(Text("System", "制度"), "text"),
        Column(Text("Printed figures", "公布数字"), "text"),
        Column(Text("Evidence that could be had", "可达到的证据"), "text"),
        Column(Text("Pages that study it", "研究页面"), "text"),
    ]
    rows: list[list[Cell]] = []
    own = "scorecard"  # this very page
    for system in result.items:
        pages = tuple(name for name in system.pages if name != own)
        en, zh = ([_figure(m, lang) for m in result.figures[system.id]] for lang in ("en", "zh"))
        printed = Text("; ".join(en), "；".join(zh)) if en else Text("none printed", "未公布")
        rows.append([system.name, printed, GRADES[system.grade], _pages(pages)])
    caption = Text("Every system of the record", "成绩单中的每一项制度")
    return table(columns, rows, data, caption=caption, name="systems")


def _pages(names: tuple[str, ...]) -> Text:
    """List the pages of a system; one without a notebook is planned."""
    made = {path.stem for path in NOTEBOOKS.glob("*.ipynb")} if NOTEBOOKS.is_dir() else set(names)
    words = [(term(f"topic_{name}").text, name in made) for name in names]
    en = [w.en if known else f"{w.en} (planned)" for w, known in words]
    zh = [w.zh if known else f"{w.zh}（计划中）" for w, known in words]
    return Text(", ".join(en), "、".join(zh))


def _figure(measure: Measure, language: Language) -> str:
    """Write one figure with its unit."""
    return f"{measure.as_printed} {term(measure.unit).text.of(language)}"


@tabulate.register
def _(result: Needs, data: Dataset) -> Shown:
    """Show the data that a study of each system needs, and what would mislead it."""
    columns = [
        Column(Text("System", "制度"), "text"),
        Column(Text("Evidence that could be had", "可达到的证据"), "text"),
        Column(Text("Data it needs at least", "至少需要的数据"), "text"),
        Column(Text("What would mislead it", "可能的误导"), "text"),
    ]
    rows: list[list[Cell]] = [
        [s.name, GRADES[s.grade], s.minimum_data, s.threats] for s in result.items
    ]
    caption = Text("What a study of each system would take", "研究每一项制度所需")
    return table(columns, rows, data, caption=caption, name="needs")


@draw.register
def _(result: RecordComparison, data: Dataset) -> Shown:
    """Draw the largest changes in percent, as wide as the printing of both allows."""
    if result.undefined is not None:
        return tabulate(result, data)
    apart = [(p, p.percent) for p in result.pairs if p.beyond_printing and p.percent is not None]
    known = sorted(apart, key=lambda pair: -abs(pair[1].low + pair[1].high))[:MOST_DRAWN]
    if not known:
        words = Text("No figure differs by more than the printing of both explains.",
                     "没有数字的差异超出印刷精度。")  # fmt: skip
        return notice(words, data)
    ranges = [Range(p.before.name, (r.low + r.high) / 2, r.low, r.high) for p, r in known]
    beyond = sum(p.beyond_printing for p in result.pairs)
    title = Text(
        f"{beyond} of {len(result.pairs)} figures differ by more than their printing explains",
        f"{len(result.pairs)} 个数字中 {beyond} 个的差异超出印刷精度",
    )
    told = "; ".join(f"{p.before.name.en} {r.low:.1f} to {r.high:.1f}" for p, r in known)
    told_zh = "；".join(f"{p.before.name.zh} {r.low:.1f} 至 {r.high:.1f}" for p, r in known)
    alt = Text(f"{title.en}. Changes in percent, as the printing allows: {told}.",
               f"{title.zh}。变化百分比及印刷所允许的范围：{told_zh}。")  # fmt: skip
    axis = Text("Second record less the first (%)", "第二份减第一份（%）")
    figure, height = forest(ranges, axis=axis)
    return chart(figure, data, title=title, alt=alt, height=height)


@tabulate.register
def _(result: RecordComparison, data: Dataset) -> Shown:
    """Show two records side by side, or why there is nothing to compare."""
    if result.undefined is not None:
        why = result.undefined
        words = Text(f"Not shown: {why.en}.", f"未显示：{why.zh}。")
        return notice(words, data)
    columns = [
        Column(Text("Figure", "数字"), "text"),
        Column(Text("First record", "第一份"), "text"),
        Column(Text("Second record", "第二份"), "text"),
        Column(Text("Difference", "差值")),
        Column(Text("Beyond printing", "超出印刷精度"), "text"),
    ]
    yes, no = Text("yes", "是"), Text("no", "否")
    rows: list[list[Cell]] = [
        [
            p.before.name,
            p.before.as_printed,
            p.after.as_printed,
            _reach(p.difference) if not p.difference.is_point else amount(p.difference.low),
            yes if p.beyond_printing else no,
        ]
        for p in result.pairs
    ]
    caption = Text("Two records, figure by figure", "两份成绩单逐项比较")
    notes = []
    if result.only:
        en = "; ".join(m.name.en for m in result.only)
        zh = "；".join(m.name.zh for m in result.only)
        notes = [Text(f"Only in one record: {en}.", f"只见于其中一份：{zh}。")]
    return table(
        columns, rows, data, caption=caption, notes=notes, groups=_areas(result), name="two_records"
    )


def _areas(result: RecordComparison) -> list[tuple[int, Text]]:
    """Return where each area of work begins."""
    areas = [p.before.area for p in result.pairs]
    starts = [i for i, area in enumerate(areas) if i == 0 or area != areas[i - 1]]
    return [(i, term(areas[i]).text) for i in starts]
