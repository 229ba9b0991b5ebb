"""How a specification curve looks: every estimate in order, and which choices made it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from yuyao_lib.display.backing import backing_of
from yuyao_lib.display.cards import notice
from yuyao_lib.display.charts import chart
from yuyao_lib.display.numbers import amount, count, digits_of, p_value
from yuyao_lib.display.results import draw, tabulate
from yuyao_lib.display.shown import Shown
from yuyao_lib.display.structure_words import column_words
from yuyao_lib.display.style import COLOURS
from yuyao_lib.display.tables import Cell, Column, table
from yuyao_lib.findings import Backing, Contributions, backing_of_estimate
from yuyao_lib.methods.specification_universe import DIMENSIONS
from yuyao_lib.methods.specifications import Curve
from yuyao_lib.sources.dataset import Dataset
from yuyao_lib.vocabulary import Language, Text, term, terms

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__: list[str] = []

NAMES = {
    "outcome": Text("outcome", "结果变量"),
    "sample": Text("years", "年份"),
    "controls": Text("controls", "控制变量"),
    "estimator": Text("route", "方法"),
}
OPTIONS = {
    "none": Text("no controls", "无控制变量"),
    "all": Text("all controls", "全部控制变量"),
    "all_years": Text("all years", "全部年份"),
    "first_half": Text("first half of the years", "前半段年份"),
    "second_half": Text("second half of the years", "后半段年份"),
    "pooled": Text("pooled", "混合"),
    "period_effects": Text("pooled, effects of years", "混合，年份效应"),
    "fixed_effects": Text("within persons", "个人内部"),
    "two_way_fixed_effects": Text("within persons and years", "个人与年份内部"),
    "first_differences": Text("first differences", "一阶差分"),
}


SOME_HIDDEN = Text(
    "The curve is not shown, so that nobody can be singled out: some of its specifications rest"
    " on too few, and their places in it would tell their size.",
    "为避免识别个人，不予显示此曲线：部分设定所依据的人数过少，其位次可透露其大小。",
)


def option_words(name: str) -> Text:
    """Name an option of a choice.

    Examples
    --------
    >>> option_words("without_married").en
    'without married'
    """
    if name.startswith("without_"):
        left = column_words(name.removeprefix("without_"))
        return Text(f"without {left.en}", f"不含{left.zh}")
    if name in OPTIONS:
        return OPTIONS[name]
    return terms()[name].text if name in terms() else Text(name, name)


@backing_of.register
def _(result: Curve, held: Contributions) -> list[Backing]:
    """Back every estimate of the curve."""
    return [backing_of_estimate(e, held) for e in result.results]


def _withheld(result: Curve, data: Dataset) -> Shown | None:
    """Say why nothing is shown where the place of a hidden estimate would tell its size."""
    if all(e.undefined is None for e in result.results):
        return None
    return notice(SOME_HIDDEN, data)


@draw.register
def _(result: Curve, data: Dataset) -> Shown:
    """Draw every estimate in order of size, and below it the choices that made it."""
    if (withheld := _withheld(result, data)) is not None:
        return withheld
    shown = [name for name in DIMENSIONS if len(_options(result, name)) > 1]
    lines = [(name, option) for name in shown for option in _options(result, name)]

    def both(axes: Axes, language: Language) -> None:
        spec, figure = axes.get_subplotspec(), axes.get_figure()
        axes.remove()
        assert spec is not None and figure is not None
        parts = spec.subgridspec(2, 1, height_ratios=[2.2, max(0.5, 0.2 * len(lines))], hspace=0.03)
        above, below = figure.add_subplot(parts[0]), figure.add_subplot(parts[1])
        below.sharex(above)
        _curve(above, result, language)
        _choices(below, result, lines, language)

    height = 3.2 + 0.24 * len(lines)
    return chart(both, data, title=_title(result), alt=_alt(result), height=height, note=_NOTE)


def _options(result: Curve, dimension: str) -> list[str]:
    """Return the options of a choice, in the order in which they were declared."""
    every = [*result.choices, *(c for c, _ in result.failed), *(c for c, _ in result.undefined)]
    return list(dict.fromkeys(getattr(c, dimension) for c in sorted(every, key=result.order)))


def _curve(axes: Axes, result: Curve, language: Language) -> None:
    """Draw the estimates with their intervals."""
    axes.axhline(0, color=COLOURS["quiet"], linewidth=1)
    for sure, colour in ((True, COLOURS["blue"]), (False, COLOURS["quiet"])):
        held = [(i, e) for i, e in enumerate(result.results) if bool(e.differs_from_zero) is sure]
        reach = [(i, e.low, e.high) for i, e in held if e.low is not None]
        if reach:
            axes.vlines(*zip(*reach, strict=True), color=colour, linewidth=1, alpha=0.6)
        face = colour if sure else "white"
        values = [e.estimate for _, e in held]
        axes.plot([i for i, _ in held], values, "o", color=colour, ms=3.6, markerfacecolor=face)
    unit = term(result.results[0].unit).text if result.results else Text("estimate", "估计值")
    axes.set_ylabel(unit.of(language))
    axes.grid(visible=True, axis="y")
    axes.tick_params(axis="x", length=0, labelbottom=False)


def _choices(
    axes: Axes, result: Curve, lines: Sequence[tuple[str, str]], language: Language
) -> None:
    """Mark the options of each estimate."""
    top = len(lines) - 1
    previous = None
    for row, (dimension, option) in enumerate(lines):
        places = [i for i, c in enumerate(result.choices) if getattr(c, dimension) == option]
        y = top - row
        axes.plot(places, [y] * len(places), "|", color=COLOURS["ink"], markersize=7)
        if previous not in {None, dimension}:
            axes.axhline(y + 0.5, color=COLOURS["grid"], linewidth=1)
        previous = dimension
    labels = [option_words(option).of(language) for _, option in reversed(lines)]
    axes.set_yticks(range(len(lines)), labels, fontsize=8.5)
    axes.set_ylim(-0.6, top + 0.6)
    axes.tick_params(axis="y", length=0, labelcolor=COLOURS["ink"])
    axes.tick_params(axis="x", length=0, labelbottom=False)
    axes.spines["left"].set_visible(False)
    words = "各设定，按估计值排序" if language == "zh" else "Specifications, in order of estimate"
    axes.set_xlabel(words)


_NOTE = Text(
    "Filled: the interval leaves out zero; open: it does not.",
    "实心：区间不含零；空心：区间含零。",
)


def _title(result: Curve) -> Text:
    """Say how far the answer depends on the choices."""
    if not result.results:
        return Text("No specification could be run", "没有一个设定可以估计")
    digits = digits_of(result.results[0].unit)
    low, high = (amount(result.results[i].estimate, digits=digits) for i in (0, -1))
    first = result.influence[0][0]
    verb = "matter" if NAMES[first].en.endswith("s") else "matters"
    n = len(result.results)
    if n == 1:
        return Text("There is one specification", "只有一个设定")
    return Text(
        f"{n} specifications give {low} to {high}; the {NAMES[first].en} {verb} most",
        f"{n} 个设定得出 {low} 至 {high}；{NAMES[first].zh}的选择影响最大",
    )


def _alt(result: Curve) -> Text:
    """Describe the figure by its numbers."""
    found = {e.key: e.estimate for e in result.estimates}
    median, signs = amount(found["median"], digits=3), amount(found["sign_changes"], digits=2)
    n = len(result.results)
    return Text(
        f"Specification curve of {n} estimates in order of size with intervals, and the choices"
        f" below. Median {median}; share with the other sign {signs}.",
        f"{n} 个估计值按大小排列的设定曲线，附区间，下方为所作选择。中位数 {median}；"
        f"符号相反的比例 {signs}。",
    )


@tabulate.register
def _(result: Curve, data: Dataset) -> Shown:
    """Show what was run, how the answers spread, the joint test, and what moves them."""
    if (withheld := _withheld(result, data)) is not None:
        return withheld
    columns = [
        Column(Text("Of the specifications", "各设定"), "text"),
        Column(Text("Value", "数值")),
    ]
    rows: list[list[Cell]] = [*_counts(result), *_spread(result), *_moves(result)]
    notes = []
    if result.joint is not None:
        null = result.joint.null
        notes.append(
            Text(
                f"Joint test: the median absolute t-statistic against histories dealt to others at"
                f" random; null hypothesis: {null.en}.",
                f"联合检验：t 统计量绝对值的中位数，与随机分派给他人的经历相比；"
                f"原假设：{null.zh}。",
            )
        )
    notes += _reasons(result)
    caption = Text("How much the answer depends on the choices", "答案在多大程度上取决于选择")
    return table(columns, rows, data, caption=caption, notes=notes, name="specifications")


def _counts(result: Curve) -> list[list[Cell]]:
    """Say how many were declared, run, failed and dropped."""
    words = {
        "declared": Text("declared", "声明的设定"),
        "run": Text("run", "已运行"),
        "failed": Text("failed", "运行失败"),
        "undefined": Text("dropped, because nothing is left to compare", "因无可比较而剔除"),
    }
    return [[words[key], count(n)] for key, n in result.counts.items()]


def _spread(result: Curve) -> list[list[Cell]]:
    """Say median, extremes, signs, and the joint test."""
    words = {
        "median": Text("median estimate", "估计值的中位数"),
        "lowest": Text("lowest", "最低"),
        "highest": Text("highest", "最高"),
        "sign_changes": Text("share with another sign than the median", "与中位数符号不同的比例"),
        "significant": Text("share whose interval leaves out zero", "区间不含零的比例"),
    }
    rows: list[list[Cell]] = [
        [words[e.key], e.undefined or amount(e.estimate, digits=digits_of(e.unit))]
        for e in result.estimates
    ]
    if result.joint is not None:
        name = Text("joint permutation test, p-value", "联合置换检验的 p 值")
        rows.append([name, result.joint.undefined or p_value(result.joint.p_value)])
    return rows


def _moves(result: Curve) -> list[list[Cell]]:
    """Say how far each choice moves the mean estimate."""
    return [
        [
            Text(
                f"range of the mean over options of: {NAMES[name].en}",
                f"各选项均值的极差：{NAMES[name].zh}",
            ),
            amount(reach, digits=3),
        ]
        for name, reach in result.influence
        if len(_options(result, name)) > 1
    ]


def _reasons(result: Curve) -> list[Text]:
    """Say once why specifications gave nothing."""
    failed = dict.fromkeys(why for _, why in result.failed)
    undefined = dict.fromkeys(why for _, why in result.undefined)
    return [Text(why, why) for why in failed] + [Text(f"{t.en}.", f"{t.zh}。") for t in undefined]
