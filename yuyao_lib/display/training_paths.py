"""How earnings over time look: mean paths of the trained and of others, and what changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yuyao_lib.display.charts import chart
from yuyao_lib.display.numbers import amount, count, digits_of, p_value
from yuyao_lib.display.results import draw, notes_of, tabulate
from yuyao_lib.display.shown import Shown
from yuyao_lib.display.style import COLOURS
from yuyao_lib.display.tables import Cell, Column, table
from yuyao_lib.findings import Estimate
from yuyao_lib.methods.earnings_paths import EarningsPaths
from yuyao_lib.sources.dataset import Dataset
from yuyao_lib.vocabulary import LANGUAGES, Language, Text, term

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__: list[str] = []

NAMES = {
    "trained": Text("trained", "受训者"),
    "untrained_by_lot": Text("not trained, by lot", "抽签未受训者"),
    "survey": Text("not trained, survey", "调查中未受训者"),
}
STYLES = {"trained": ("orange", "o"), "untrained_by_lot": ("blue", "s"), "survey": ("quiet", "^")}
COMPARED = {
    "lot": Text("not trained, by lot", "抽签未受训者"),
    "survey": Text("not trained, survey", "调查中未受训者"),
}


@draw.register
def _(result: EarningsPaths, data: Dataset) -> Shown:
    """Draw mean earnings of each group by date."""
    places = [float(label) for label in result.labels]

    def paths(axes: Axes, language: Language) -> None:
        for path in result.paths:
            colour, marker = STYLES[path.group]
            values = [e.estimate or 0.0 for e in path.means]
            reach = [(e.high or 0.0) - (e.estimate or 0.0) for e in path.means]
            axes.errorbar(
                places, values, yerr=reach, color=COLOURS[colour], marker=marker, markersize=6,
                linewidth=1.6, capsize=3, label=NAMES[path.group].of(language),
            )  # fmt: skip
        axes.legend(loc="lower left", bbox_to_anchor=(0, 1.0), ncols=3, fontsize=9)
        axes.set_xticks(places, result.labels)
        unit = term(result.paths[0].means[0].unit).text
        up = Text(f"Mean earnings a year ({unit.en})", f"年平均收入（{unit.zh}）")
        axes.set_xlabel("年份" if language == "zh" else "Year")
        axes.set_ylabel(up.of(language))
        axes.set_ylim(bottom=0)
        axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
        axes.grid(visible=True, axis="y")
        axes.set_axisbelow(True)
        axes.margins(x=0.08)

    return chart(paths, data, title=_title(result), alt=_alt(result), height=4.2)


def _title(result: EarningsPaths) -> Text:
    """Say whether trained and others moved alike before training."""
    if not result.placebos:
        return Text("Mean earnings before and after training", "培训前后的平均收入")
    if not result.failed:
        return Text(
            "Before training, earnings of the trained and of others moved alike",
            "培训之前，受训者与他人的收入变化相近",
        )
    off = max(result.failed, key=lambda e: abs(e.estimate or 0.0))
    value = amount(abs(off.estimate or 0.0), digits=digits_of(off.unit))
    other = COMPARED[off.key.partition("_")[0]]
    unit, less = term(off.unit).text, (off.estimate or 0.0) < 0
    return Text(
        f"Before training, earnings of the trained already {'fell' if less else 'rose'} by {value}"
        f" {unit.en} against those {other.en}",
        f"培训之前，受训者的收入相对于{other.zh}已{'下降' if less else '上升'} {value} {unit.zh}",
    )


def _alt(result: EarningsPaths) -> Text:
    """Describe the figure by its numbers."""
    parts: dict[Language, list[str]] = {"en": [], "zh": []}
    for path in result.paths:
        for language in LANGUAGES:
            values = ", ".join(amount(e.estimate, digits=0) for e in path.means)
            parts[language].append(f"{NAMES[path.group].of(language)}: {values}")
    years = ", ".join(result.labels)
    return Text(
        f"Mean earnings in {years} with intervals. {'; '.join(parts['en'])}.",
        f"{years} 年的平均收入及区间。{'；'.join(parts['zh'])}。",
    )


@tabulate.register
def _(result: EarningsPaths, data: Dataset) -> Shown:
    """Show changes against changes, before and after training."""
    columns = [
        Column(Text("Compared with", "比较对象"), "text"),
        Column(Text("Between", "期间"), "text"),
        Column(Text("Truth", "真值"), "text"),
        Column(Text("Change less theirs", "变化之差")),
        Column(Text("Interval", "区间"), "text"),
        Column(Text("p-value", "p 值")),
        Column(Text("n", "样本量")),
    ]
    n, off = len(result.placebos), len(result.failed)
    caption = Text(
        f"Change against change: {off} of {n} comparisons before training are not zero",
        f"前后变化之差：培训之前的 {n} 项比较中有 {off} 项不为零",
    )
    notes = notes_of(list(result.estimates))
    rows = [_change(e) for e in result.estimates]
    return table(columns, rows, data, caption=caption, notes=notes, name="earnings_changes")


def _change(e: Estimate) -> list[Cell]:
    """Lay out one change against change."""
    name, first, then = e.key.split("_")
    truth = (
        Text("zero", "零") if e.term == "change_before_training" else Text("the effect", "培训效应")
    )
    head: list[Cell] = [COMPARED[name], Text(f"{first} to {then}", f"{first} 至 {then}"), truth]
    if e.undefined is not None:
        return [*head, "–", e.undefined, "–", "–"]
    digits = digits_of(e.unit)
    value, low, high = (amount(v, digits=digits) for v in (e.estimate, e.low, e.high))
    reach = Text(f"{low} to {high}", f"{low} 至 {high}")
    return [*head, value, reach, p_value(e.p_value), count(e.n)]
