"""How premia of grades over the quarters, and contracts and dispersion, look."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yuyao_lib.display.cards import notice
from yuyao_lib.display.charts import chart
from yuyao_lib.display.dispute_words import pair
from yuyao_lib.display.numbers import amount, count, p_value
from yuyao_lib.display.results import draw, notes_of, tabulate
from yuyao_lib.display.sentences import valued
from yuyao_lib.display.shown import Shown
from yuyao_lib.display.style import COLOURS, CYCLE
from yuyao_lib.display.tables import Cell, Column, table
from yuyao_lib.findings import Mode
from yuyao_lib.methods.contract_dispersion import ContractDispersion
from yuyao_lib.methods.grade_premia import GradePremia
from yuyao_lib.sources.dataset import Dataset
from yuyao_lib.vocabulary import Language, Text

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["grade_name"]

GRADES = {
    0: Text("no certificate", "无证书"), 1: Text("junior", "初级工"),
    2: Text("intermediate", "中级工"), 3: Text("senior", "高级工"),
    4: Text("technician", "技师"), 5: Text("senior technician", "高级技师"),
    6: Text("special technician", "特级技师"), 7: Text("chief technician", "首席技师"),
}  # fmt: skip
PARTS = {
    "between_grades": Text("between grades", "等级之间"),
    "within_grades": Text("within grades", "等级之内"),
}
EARLIEST, LATEST = -8, 6  # quarters drawn
NO_GRADES = Text(
    "Not run: grades are not known, or too few workers hold each.",
    "未运行：没有等级记录，或各等级人数过少。",
)


def grade_name(grade: int) -> Text:
    """Name a grade."""
    return GRADES.get(grade, Text(f"grade {grade}", f"等级 {grade}"))


def quarter_name(period: int) -> str:
    """Write a quarter counted from year 0."""
    return f"{period // 4}Q{period % 4 + 1}"


@draw.register
def _(result: GradePremia, data: Dataset) -> Shown:
    """Draw premia within employers by quarter, one line a grade."""
    lines = [(g, result.series("employers", g)) for g in result.grades]
    lines = [(g, line) for g, line in lines if line]
    if not lines:
        return notice(NO_GRADES, data)

    def figure(axes: Axes, language: Language) -> None:
        for i, (grade, line) in enumerate(lines):
            colour = COLOURS[CYCLE[i % len(CYCLE)]]
            x = [p / 4 for p, _ in line]
            y = [e.estimate or 0.0 for _, e in line]
            low, high = ([getattr(e, side) or 0.0 for _, e in line] for side in ("low", "high"))
            axes.fill_between(x, low, high, color=colour, alpha=0.16, linewidth=0)
            axes.plot(x, y, color=colour, linewidth=1.8)
            axes.annotate(grade_name(grade).of(language), (x[-1], y[-1]), xytext=(6, 0),
                          textcoords="offset points", va="center", fontsize=9,
                          color=COLOURS["ink"], annotation_clip=False)  # fmt: skip
        axes.set_ylim(bottom=min(0.0, axes.get_ylim()[0]))
        axes.set_xlabel(Text("Quarter", "季度").of(language))
        axes.set_ylabel(
            Text("Premium over the lowest grade, log points", "相对最低等级的溢价（对数点）").of(
                language
            )
        )
        axes.grid(visible=True, axis="y")
        axes.set_axisbelow(True)

    ends = [(grade_name(g), line[0][1], line[-1][1]) for g, line in lines]
    first, last = quarter_name(lines[0][1][0][0]), quarter_name(lines[0][1][-1][0])
    low = grade_name(result.lowest)
    title = Text(
        f"What grades are paid over {low.en}, within employers, by quarter",
        f"同一单位内各等级相对{low.zh}的溢价，按季度",
    )
    alt = Text(
        f"Skill premia from {first} to {last}. "
        + " ".join(f"{n.en}: {amount(a.estimate, digits=3)} to {amount(b.estimate, digits=3)}."
                   for n, a, b in ends),
        f"{first} 至 {last} 的技能溢价。"
        + "".join(f"{n.zh}：{amount(a.estimate, digits=3)} 至 {amount(b.estimate, digits=3)}。"
                  for n, a, b in ends),
    )  # fmt: skip
    return chart(figure, data, title=title, alt=alt, height=4.2)


@tabulate.register
def _(result: GradePremia, data: Dataset) -> Shown:
    """Show premia of the first and the last quarter, among all and within employers."""
    columns = [
        Column(Text("Grade", "等级"), "text"),
        Column(Text("Quarter", "季度"), "text"),
        Column(Text("Among all", "全体职工间")),
        Column(Text("Interval", "区间"), "text"),
        Column(Text("Within employers", "同一单位内")),
        Column(Text("Its interval", "其区间"), "text"),
        Column(Text("Persons", "人数")),
    ]
    rows: list[list[Cell]] = []
    told = []
    for grade in result.grades:
        plain = dict(result.series("all", grade))
        within = result.series("employers", grade)
        ends = dict([within[0], within[-1]]) if within else {}
        for period, e in ends.items():
            told.append(e)
            rows.append(
                [grade_name(grade), quarter_name(period), *pair(plain[period], digits=3),
                 *pair(e, digits=3), count(e.n)]
            )  # fmt: skip
    if not rows:
        return notice(NO_GRADES, data)
    low = grade_name(result.lowest)
    caption = Text(
        f"Skill premia over {low.en}, log points, first and last quarter",
        f"相对{low.zh}的技能溢价（对数点），首末季度",
    )
    return table(
        columns, rows, data, caption=caption, notes=notes_of(told[-1:]), name="skill_premia"
    )


@draw.register
def _(result: ContractDispersion, data: Dataset) -> Shown:
    """Draw both variances before and after a contract starts."""
    if not result.events:
        return notice(_why(result), data)
    shown = {
        part: [(t, e) for t, e in zip(a.labels, a.parts, strict=True)
               if EARLIEST <= t <= LATEST and e.estimate is not None]
        for part, a in result.events.items()
    }  # fmt: skip

    def figure(axes: Axes, language: Language) -> None:
        axes.axhline(0, color=COLOURS["quiet"], linewidth=1)
        axes.axvline(-0.5, color=COLOURS["quiet"], linewidth=1, linestyle=":")
        for i, (part, points) in enumerate(shown.items()):
            colour, shift = COLOURS[CYCLE[i]], 0.12 * (2 * i - 1)
            x = [t + shift for t, _ in points]
            for place, (_, e) in zip(x, points, strict=True):
                axes.plot([place, place], [e.low, e.high], color=colour, linewidth=2)
            axes.plot(x, [e.estimate for _, e in points], "o", color=colour, markersize=5.5,
                      label=PARTS[part].of(language))  # fmt: skip
        axes.set_xlabel(Text("Quarters since the contract", "合同生效以来的季度数").of(language))
        axes.set_ylabel(Text("Change in variance of log pay", "对数工资方差的变化").of(language))
        axes.legend(frameon=False, fontsize=9, loc="upper left")
        axes.grid(visible=True, axis="y")
        axes.set_axisbelow(True)

    title = Text(
        "Variance of pay between and within grades, before and after a grade-wage contract",
        "能级工资合同前后，等级之间与等级之内的工资方差",
    )
    alt = Text(
        "Event study of two variances of log pay; all quarters after the contract together. "
        + " ".join(valued(e, PARTS[e.key].en, "en") for e in result.overall),
        "对数工资两种方差的事件研究，合同之后各季度合计。"
        + "".join(valued(e, PARTS[e.key].zh, "zh") for e in result.overall),
    )
    return chart(figure, data, title=title, alt=alt, height=4.0)


@tabulate.register
def _(result: ContractDispersion, data: Dataset) -> Shown:
    """Show the mean change of both variances, in simulated data beside what was set."""
    if not result.events:
        return notice(_why(result), data)
    columns = [
        Column(Text("Variance of log pay", "对数工资方差"), "text"),
        Column(Text("Mean before", "此前均值")),
        Column(Text("Change", "变化")),
        Column(Text("Interval", "区间"), "text"),
        Column(Text("p-value", "p 值")),
    ]
    rows: list[list[Cell]] = [
        [PARTS[e.key], amount(result.means.get(e.key), digits=4), *pair(e, digits=4),
         p_value(e.p_value)]
        for e in result.overall
    ]  # fmt: skip
    notes = [
        Text(
            f"{count(result.treated)} employers with a contract, {count(result.controls)} without.",
            f"{count(result.treated)} 个单位有合同，{count(result.controls)} 个没有。",
        ),
        *notes_of(list(result.overall)),
    ]
    if data.mode is Mode.SIMULATED:
        from yuyao_lib.sources.simulation import read_truth

        effects = read_truth(data)["truths"]["contract"]["all_cells"].get("by_grade", {})
        implied = amount(result.implied(effects), digits=4)
        notes.append(
            Text(
                f"Between grades, what was set by us for each grade amounts to {implied}; within"
                " grades nothing was set.",
                f"等级之间：我们为各等级设定的效应合计为 {implied}；等级之内未作设定。",
            )
        )
    caption = Text("Dispersion after a grade-wage contract", "能级工资合同之后的工资差距")
    return table(columns, rows, data, caption=caption, notes=notes, name="contract_dispersion")


def _why(result: ContractDispersion) -> Text:
    """Return why nothing follows a contract."""
    why = next((e.undefined for e in result.overall if e.undefined is not None), None)
    words = why or Text("there is nothing to show", "没有可显示的内容")
    return Text(f"{words.en[:1].upper()}{words.en[1:]}.", f"{words.zh}。")
