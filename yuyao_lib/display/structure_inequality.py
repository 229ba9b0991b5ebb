"""How inequality looks: measures in cells, Lorenz curves, parts within and between groups."""

from __future__ import annotations

from yuyao_lib.display.backing import backing_of
from yuyao_lib.display.charts import chart, forest
from yuyao_lib.display.distributions import lorenz_curves
from yuyao_lib.display.numbers import amount, count, digits_of, p_value
from yuyao_lib.display.results import draw, notes_of, range_of, tabulate
from yuyao_lib.display.shown import Shown
from yuyao_lib.display.structure_words import cell_words, group_words, measure_words
from yuyao_lib.display.tables import Cell, Column, table
from yuyao_lib.findings import Backing, Contributions, Estimate, Mode, Rules
from yuyao_lib.methods.inequality import Inequality
from yuyao_lib.methods.inequality_groups import Lorenz, WithinBetween
from yuyao_lib.sources.dataset import Dataset
from yuyao_lib.vocabulary import LANGUAGES, Language, Text

__all__: list[str] = []


def _capital(text: str) -> str:
    """Begin a sentence."""
    return text[:1].upper() + text[1:]


@draw.register
def _(result: Inequality, data: Dataset) -> Shown:
    """Draw the first measure in every cell."""
    name = result.measures[0]
    shown = [(cell, result.of(name, *cell)) for cell in result.cells]
    ranges = [range_of(e, label=cell_words(result.by, cell)) for cell, e in shown]
    words = measure_words(name)
    axis = Text(_capital(words.en), words.zh)
    figure, height = forest(ranges, axis=axis, zero=None)
    title = _spread(shown, result.by, words)
    return chart(figure, data, title=title, alt=_alt(words, shown, result), height=height)


def _spread(
    shown: list[tuple[tuple[object, ...], Estimate]], by: tuple[str, ...], words: Text
) -> Text:
    """Say in a title where pay is least and most unequal."""
    known = [(cell, e.estimate) for cell, e in shown if e.estimate is not None]
    if len(known) < 2:
        return Text(f"{_capital(words.en)} with its interval", f"{words.zh}及其区间")
    low, high = (f(known, key=lambda pair: pair[1] or 0.0) for f in (min, max))
    a, b = cell_words(by, low[0]), cell_words(by, high[0])
    x, y = amount(low[1], digits=3), amount(high[1], digits=3)
    return Text(
        f"{_capital(words.en)}: lowest {x} ({a.en}), highest {y} ({b.en})",
        f"{words.zh}：最低 {x}（{a.zh}），最高 {y}（{b.zh}）",
    )


def _alt(words: Text, shown: list[tuple[tuple[object, ...], Estimate]], result: Inequality) -> Text:
    """Describe the chart by its numbers."""
    parts: dict[Language, list[str]] = {"en": [], "zh": []}
    for cell, e in shown:
        for language in LANGUAGES:
            low, value, high = (amount(v, digits=3) for v in (e.low, e.estimate, e.high))
            name = cell_words(result.by, cell).of(language)
            to = "至" if language == "zh" else "to"
            parts[language].append(f"{name}: {value} ({low} {to} {high})")
    return Text(
        f"Chart of the {words.en} with intervals. " + "; ".join(parts["en"]),
        f"{words.zh}及其区间图。" + "；".join(parts["zh"]),
    )


@tabulate.register
def _(result: Inequality, data: Dataset) -> Shown:
    """Show every measure in every cell, and its differences."""
    short = len(result.by) < 2 and len(result.cells) <= WIDE
    columns, rows, groups = (_side_by_side if short else _one_below_another)(result)
    notes = notes_of(list(result.levels))
    if short:
        sizes = [(cell_words(result.by, c), _size(result, c)) for c in result.cells]
        listed = {x: "; ".join(f"{w.of(x)} n {n}" for w, n in sizes) for x in LANGUAGES}
        notes.insert(0, Text(f"Rows: {listed['en']}.", f"行数：{listed['zh']}。"))
    if any(e.unit == "log_points" for e in result.differences):
        notes.append(
            Text("Ratios differ by the difference of their logs.", "比值之差以其对数之差表示。")
        )
    caption = Text("How unequal pay is", "工资有多不均等")
    return table(
        columns, rows, data, caption=caption, notes=notes, groups=groups, name="inequality"
    )


WIDE = 3
Laid = tuple[list[Column], list[list[Cell]], list[tuple[int, Text]]]


def _size(result: Inequality, cell: tuple[object, ...]) -> str:
    """Return how many rows a cell has, as far as a measure tells."""
    known = [result.of(name, *cell).n for name in result.measures]
    return count(next((n for n in known if n is not None), None))


def _side_by_side(result: Inequality) -> Laid:
    """Lay out cells as columns."""
    columns = [Column(Text("Measure", "指标"), "text")]
    for cell in result.cells:
        columns += [Column(cell_words(result.by, cell)), Column(Text("Interval", "区间"))]
    if result.differences:
        columns += [Column(Text("Difference", "之差")), Column(Text("Interval", "区间")),
                    Column(Text("p-value", "p 值"))]  # fmt: skip
    rows: list[list[Cell]] = []
    for name in result.measures:
        words = measure_words(name)
        row: list[Cell] = [Text(_capital(words.en), words.zh)]
        for cell in result.cells:
            row += _numbers(result.of(name, *cell))[:2]
        if result.differences:
            row += _numbers(result.of(f"difference_{name}"))[:3]
        rows.append(row)
    return columns, rows, []


def _one_below_another(result: Inequality) -> Laid:
    """Lay out cells as rows, measure by measure."""
    columns = [
        Column(Text("Where", "范围"), "text"),
        Column(Text("Value", "数值")),
        Column(Text("Interval", "区间")),
        Column(Text("p-value of no difference", "无差异的 p 值")),
        Column(Text("n", "样本量")),
    ]
    rows: list[list[Cell]] = []
    groups = []
    for name in result.measures:
        words = measure_words(name)
        groups.append((len(rows), Text(_capital(words.en), words.zh)))
        for cell in result.cells:
            rows.append([cell_words(result.by, cell), *_numbers(result.of(name, *cell))])
        for e in result.differences:
            if e.key == f"difference_{name}" or e.key.startswith(f"difference_{name}_"):
                rows.append([_apart(result, e.key, name), *_numbers(e)])
    return columns, rows, groups


def _apart(result: Inequality, key: str, name: str) -> Text:
    """Name a difference by its two ends."""
    values = list(dict.fromkeys(cell[-1] for cell in result.cells))
    first, last = (group_words(result.by[-1], v) for v in (values[0], values[-1]))
    outer = [c[:-1] for c in result.cells]
    inside = key.removeprefix(f"difference_{name}").strip("_")
    where = next((cell_words(result.by[:-1], c) for c in outer if c and str(c[0]) == inside), None)
    en, zh = f"{last.en} minus {first.en}", f"{last.zh}减{first.zh}"
    return Text(f"{where.en}: {en}", f"{where.zh}：{zh}") if where else Text(_capital(en), zh)


def _numbers(e: Estimate) -> list[Cell]:
    """Lay out one estimate."""
    if e.undefined is not None:
        return ["–", e.undefined, "–", "–"]
    digits = 2 if e.unit == "ratio" else digits_of(e.unit)
    value, low, high = (amount(v, digits=digits) for v in (e.estimate, e.low, e.high))
    return [value, Text(f"{low} to {high}", f"{low} 至 {high}"), p_value(e.p_value), count(e.n)]


@backing_of.register
def _(result: Lorenz, held: Contributions) -> list[Backing]:
    """Back each curve by whoever is behind it; its steps are of many."""
    return [
        Backing(what=f"curve {group}", kind="quantile", quantile=0.5, persons=persons,
                employers=firms, persons_counted=True, employers_counted=firms is not None,
                names_employers=bool(held.per_employer), members=members)
        for group, persons, firms, members in zip(
            result.groups, result.persons, result.employers, result.members, strict=True
        )
    ]  # fmt: skip


@draw.register
def _(result: Lorenz, data: Dataset) -> Shown:
    """Draw Lorenz curves; of many the first and the last, of own data in steps of many."""
    if data.mode is Mode.OWN:
        result = result.coarser(cases=Rules().quantile_cases)
    pairs = list(zip(result.groups, result.pay, strict=True))
    pairs = pairs if len(pairs) <= 4 else [pairs[0], pairs[-1]]
    shown = [(group_words(result.column, g), curve) for g, curve in pairs]
    half = {language: _halves(shown, language) for language in LANGUAGES}
    title = Text(
        f"Share of pay that goes to the lower-paid half: {half['en']}",
        f"低薪一半劳动者的工资份额：{half['zh']}",
    )
    if not any(len(curve) for _, curve in shown):
        title = Text("No curve can be drawn", "无法绘制曲线")
    alt = Text(
        f"Lorenz curves under the line of equality. The lower-paid half gets: {half['en']}.",
        f"位于均等线之下的洛伦兹曲线，横轴为自低薪起的人数累计比例，纵轴为工资累计比例。"
        f"低薪一半所得：{half['zh']}。",
    )
    return chart(lorenz_curves(result.people, shown), data, title=title, alt=alt, width=7.2,
                 height=4.8)  # fmt: skip


def _halves(shown: list[tuple[Text, tuple[float, ...]]], language: Language) -> str:
    """Say what the lower-paid half gets in each curve."""
    zh = language == "zh"
    known = [(name.of(language), c[len(c) // 2]) for name, c in shown if c]
    told = [f"{name} {100 * y:.0f}%" for name, y in known]
    return ("，" if zh else ", ").join(told)


@tabulate.register
def _(result: WithinBetween, data: Dataset) -> Shown:
    """Show the parts within and between groups."""
    columns = [
        Column(Text("Measure", "指标"), "text"),
        Column(Text("Total", "总体")),
        Column(Text("Within groups", "组内")),
        Column(Text("Between groups", "组间")),
        Column(Text("Share between", "组间份额")),
        Column(Text("Interval of the share", "份额的区间")),
    ]
    known = {e.key: e for e in result.estimates}
    rows: list[list[Cell]] = []
    for name in result.measures:
        parts = [known[f"{name}_{p}"] for p in ("total", "within", "between")]
        share, words = known[f"{name}_share_between"], measure_words(name)
        values = [amount(e.estimate, digits=3) for e in parts]
        ends: Cell = "–"
        if share.undefined is not None:
            ends = share.undefined
        elif share.low is not None:
            low, high = (amount(v, digits=3) for v in (share.low, share.high))
            ends = Text(f"{low} to {high}", f"{low} 至 {high}")
        rows.append([Text(_capital(words.en), words.zh), *values,
                     amount(share.estimate, digits=3), ends])  # fmt: skip
    names = [group_words(result.column, g) for g in result.groups]
    caption = Text(
        f"Does inequality lie within or between {' and '.join(n.en for n in names[:4])}?",
        f"不均等在组内还是组间（{'、'.join(n.zh for n in names[:4])}）？",
    )
    return table(columns, rows, data, caption=caption, notes=notes_of(list(result.estimates)),
                 name="within_between")  # fmt: skip
