"""How the wage structure looks: the headline, who is in the group, checks, odd pay."""

from __future__ import annotations

from dataclasses import replace

from yuyao_lib.display import (
    structure_counterfactuals,
    structure_gaps,
    structure_inequality,
    structure_premia,
)
from yuyao_lib.display.backing import backing_of, whole
from yuyao_lib.display.hidden_counts import RARE, tells_of_few
from yuyao_lib.display.numbers import amount, count, counted, p_value
from yuyao_lib.display.results import notes_of, tabulate
from yuyao_lib.display.sentences import called, headline_of, said
from yuyao_lib.display.shown import Shown
from yuyao_lib.display.structure_cells import pair_of, when_words
from yuyao_lib.display.structure_words import column_words, group_words, measure_words
from yuyao_lib.display.tables import Cell, Column, table
from yuyao_lib.findings import Backing, Contributions, Estimate
from yuyao_lib.methods.group_means import GroupMeans
from yuyao_lib.methods.pay_reporting import MatchBias, TopCoded
from yuyao_lib.methods.structure_checks import Checks
from yuyao_lib.methods.wage_structure import WageStructure
from yuyao_lib.sources.dataset import Dataset
from yuyao_lib.vocabulary import Language, Text, term

# each registers how its results look
__all__ = [
    "structure_counterfactuals", "structure_gaps", "structure_inequality", "structure_premia",
]  # fmt: skip


@called.register
def _(result: WageStructure) -> dict[str, Text]:
    """Name estimates by their year, and differences by their measure."""
    names = {}
    for e in result.estimates:
        year = e.key.rpartition("_")[2]
        measure = e.key.removeprefix("difference_").removesuffix("_part")
        if measure != e.key:
            names[e.key] = measure_words(measure)
        elif year.isdigit() and len(year) == 4:
            names[e.key] = Text(year, f"{year} 年")
    return names


@headline_of.register
def _(result: WageStructure, estimate: Estimate) -> Text:
    """Say how unequal pay is, what explains the gap, and what coverage does."""
    return Text(_headline(result, estimate, "en"), _headline(result, estimate, "zh"))


def _headline(result: WageStructure, lead: Estimate, language: Language) -> str:
    """Write the sentences; a part that is not defined is left to the table."""
    if lead.estimate is None:
        return said(lead, language)
    parts = (_unequal(result, language), _explained(result, language), _coverage(result, language))
    return ("" if language == "zh" else " ").join(p for p in parts if p)


def _unequal(result: WageStructure, language: Language) -> str:
    """Say how unequal pay is in the last period, and whether that changed."""
    zh, last = language == "zh", result.last
    cell = () if last is None else (last,)
    e = result.inequality.of("gini", *cell)
    if e.estimate is None:
        return said(e, language)
    low, value, high = (amount(v, digits=3) for v in (e.low, e.estimate, e.high))
    level, n = f"{e.level:.0%}", count(e.n)
    when = "" if last is None else (f"{last} 年" if zh else f"In {last} ")
    unit = counted(e.n_unit, language)
    change = _change(result, language)
    if zh:
        return (
            f"{when}工资的基尼系数为 {value}（{level} 区间 {low} 至 {high}；{n} {unit}）{change}。"
        )
    start = f"{when}the" if when else "The"
    return (
        f"{start} Gini index of pay is {value} ({level} interval {low} to {high}; {n}"
        f" {unit}){change}."
    )


def _change(result: WageStructure, language: Language) -> str:
    """Say whether inequality moved since the first period."""
    known = {e.key: e for e in result.inequality.differences}
    moved = known.get("difference_gini")
    if moved is None or moved.estimate is None:
        return ""
    first = result.inequality.cells[0][0]
    value = amount(abs(moved.estimate), digits=3)
    low, high = (amount(v, digits=3) for v in (moved.low, moved.high))
    sure = moved.differs_from_zero
    if language == "zh":
        way = "高" if moved.estimate > 0 else "低"
        tail = "" if sure else "，在抽样误差之内"
        return f"，比 {first} 年{way} {value}（{low} 至 {high}）{tail}"
    way = "above" if moved.estimate > 0 else "below"
    tail = "" if sure else ", no more than chance"
    return f", {value} {way} {first} ({low} to {high}){tail}"


def _explained(result: WageStructure, language: Language) -> str:
    """Say what of the gap characteristics explain."""
    gap = result.gap.of("gap", result.last)
    part = result.gap.of(f"explained_{result.reference}", result.last)
    rest = result.gap.of(f"unexplained_{result.reference}", result.last)
    if gap.estimate is None or part.estimate is None or rest.estimate is None:
        return ""
    other, group = (group_words(result.gap.group, v).of(language) for v in (0, 1))
    whole, by_traits, left = (amount(e.estimate, digits=3) for e in (gap, part, rest))
    low, high = (amount(v, digits=3) for v in (rest.low, rest.high))
    if language == "zh":
        return (
            f"平均对数工资之差（{group}减{other}）为 {whole}：{by_traits} 由特征解释，"
            f"{left}（{low} 至 {high}）未能解释。"
        )
    return (
        f"The gap in mean log pay, {group} minus {other}, is {whole}: characteristics explain"
        f" {by_traits}, and {left} ({low} to {high}) is left."
    )


def _coverage(result: WageStructure, language: Language) -> str:
    """Say whether the group goes with less or more inequality."""
    part = result.coverage.of("gini")
    if part.estimate is None:
        return ""
    other = group_words(result.gap.group, 0).of(language)
    value = amount(abs(part.estimate), digits=3)
    without = amount(result.coverage.of("gini", "counterfactual").estimate, digits=3)
    low, high = (amount(v, digits=3) for v in (part.low, part.high))
    less, sure = part.estimate < 0, part.differs_from_zero
    if language == "zh":
        way = "低" if less else "高"
        tail = "" if sure else "，在抽样误差之内"
        return (
            f"若人人按特征相近的{other}付酬，该系数为 {without}：实际{way} {value}"
            f"（{low} 至 {high}）{tail}。"
        )
    way = "below" if less else "above"
    tail = "" if sure else ", no more than chance"
    return (
        f"Were everybody paid as {other} who look alike, the index would be {without}: it is"
        f" {value} {way} that ({low} to {high}){tail}."
    )


def _capital(text: str) -> str:
    """Begin a sentence."""
    return text[:1].upper() + text[1:]


@backing_of.register
def _(result: Checks, held: Contributions) -> list[Backing]:
    """Back checks: they are about the data as a whole."""
    return [whole("check", held)]


@backing_of.register
def _(result: GroupMeans, held: Contributions) -> list[Backing]:
    """Back means by who is in each cell."""
    return [
        Backing(
            what="_".join(str(v) for v in cell if v is not None), persons=persons, rows=n,
            employers=firms, names_employers=bool(held.per_employer), persons_counted=True,
            employers_counted=firms is not None, members=members,
        )
        for cell, n, persons, firms, members in zip(
            result.cells, result.n, result.persons, result.employers, result.members, strict=True
        )
    ]  # fmt: skip


@backing_of.register
def _(result: TopCoded, held: Contributions) -> list[Backing]:
    """Back the rows at the cap; one alone is a maximum."""
    return [
        Backing(
            what=f"cap {period}", persons=held.persons(n), employers=held.employers(n),
            names_employers=bool(held.per_employer),
        )
        for period, n in result.at_cap.items() if n
    ]  # fmt: skip


@tabulate.register
def _(result: Checks, data: Dataset) -> Shown:
    """Show what must hold, what was found, and whether it holds."""
    columns = [
        Column(Text("What must hold", "应成立的关系"), "text"),
        Column(Text("Found", "所得"), "text"),
        Column(Text("Holds", "是否成立"), "text"),
    ]
    words = {
        True: Text("yes", "是"),
        False: Text("NO", "否"),
        None: Text("cannot be told", "无法判断"),
    }
    rows: list[list[Cell]] = [[row.what, row.found, words[row.holds]] for row in result.rows]
    n, failed = len(result.rows), len(result.failed)
    caption = Text(f"{failed} of {n} checks fail", f"{n} 项检查中 {failed} 项不成立")
    return table(columns, rows, data, caption=caption, name="structure_checks")


@tabulate.register
def _(result: GroupMeans, data: Dataset) -> Shown:
    """Show mean characteristics of both sides."""
    columns = [Column(Text("Mean of", "均值"), "text")]
    for period, side in result.cells:
        who, when = group_words(result.group, side), when_words(period)
        plain = period is None
        words = who if plain else Text(f"{when.en}, {who.en}", f"{when.zh}，{who.zh}")
        columns.append(Column(words))
    rare = [name for name, few in result.rarest.items() if tells_of_few(few, data)]
    rows: list[list[Cell]] = [
        [column_words(name), *(amount(v, digits=2) for v in values)]
        for name, values in result.means.items()
        if not name.endswith("_squared") and name not in rare
    ]
    rows.append([Text("rows", "行数"), *(count(n) for n in result.n)])
    notes = [RARE] if rare else []
    if result.dropped:
        n = count(result.dropped)
        notes.append(Text(f"{n} incomplete rows left out.", f"剔除不完整的行 {n} 行。"))
    caption = Text("Who is in the group, and who is not", "组内与组外各是什么人")
    shown = table(columns, rows, data, caption=caption, notes=notes, name="group_means")
    return replace(shown, hidden=tuple((n, "minimum persons") for n in rare)) if rare else shown


@tabulate.register
def _(result: MatchBias, data: Dataset) -> Shown:
    """Show a gap with imputed pay, without it, and corrected; or say that nobody knows."""
    columns = [
        Column(Text("Rows", "所用的行"), "text"),
        Column(Text("Gap", "差距")),
        Column(Text("Interval", "区间")),
        Column(Text("p-value", "p 值")),
        Column(Text("n", "样本量")),
    ]
    gaps = result.estimates[:-1]
    unknown = result.of("share_reported").undefined
    shown = gaps[:1] if unknown is not None else gaps
    rows: list[list[Cell]] = [
        [term(e.method).text, *pair_of(e), p_value(e.p_value), count(e.n)] for e in shown
    ]
    notes = notes_of(list(shown))
    if unknown is not None:
        notes.insert(0, Text(f"{_capital(unknown.en)}.", f"{unknown.zh}。"))
    else:
        share = result.of("share_reported")
        notes.insert(0, Text(said(share, "en"), said(share, "zh")))
    caption = Text("The gap and imputed pay, log points", "差距与插补工资（对数点）")
    return table(columns, rows, data, caption=caption, notes=notes, name="match_bias")


@tabulate.register
def _(result: TopCoded, data: Dataset) -> Shown:
    """Show how many rows stand at the cap."""
    columns = [
        Column(Text("Period", "时期"), "text"),
        Column(Text("Rows at the highest recorded pay", "处于最高记录工资的行")),
        Column(Text("Multiplied by", "所乘倍数")),
    ]
    rows: list[list[Cell]] = [
        [when_words(period), count(n), amount(result.factor, digits=2)]
        for period, n in result.at_cap.items()
    ]
    caption = Text("Pay at the cap", "封顶处的工资")
    return table(columns, rows, data, caption=caption, name="top_code")
