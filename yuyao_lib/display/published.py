"""How published results look beside ours: a row a case, tolerances used, premia, packages."""

from __future__ import annotations

import re

from yuyao_lib.display import published_charts
from yuyao_lib.display.numbers import MINUS, amount, count
from yuyao_lib.display.results import tabulate
from yuyao_lib.display.sentences import headline_of
from yuyao_lib.display.shown import Shown
from yuyao_lib.display.tables import Alarm, Cell, Column, table
from yuyao_lib.findings import Estimate
from yuyao_lib.methods.published import Disagreements, PublishedResults, Sources
from yuyao_lib.methods.published.case import Case, CaseResult
from yuyao_lib.sources.dataset import Dataset
from yuyao_lib.vocabulary import Language, Text, term, terms

__all__ = ["published_charts"]  # registers the figures

REMARK = re.compile(r"\s*\([^()]*(?:recalled|R2=|output\))[^()]*\)?|, R2=[.\d]+")
UNKNOWN = re.compile(r",? section \d+\.\?")
VERDICTS: dict[str, Text] = {
    "same": Text("agrees", "一致"),
    "differs": Alarm("DIFFERS", "不符"),
    "not run": Text("not run", "未运行"),
}


@headline_of.register
def _(result: PublishedResults, estimate: Estimate) -> Text:
    """Say how many published results come out again."""
    return Text(_headline(result, "en"), _headline(result, "zh"))


def _headline(result: PublishedResults, language: Language) -> str:
    """Write the sentence: agreeing, differing by name, not run and why."""
    zh = language == "zh"
    agree, odd, idle = (result.count(v) for v in ("same", "differs", "not run"))
    ran, numbers, print_ = agree + odd, count(result.numbers), count(result.in_print)
    names = ", ".join(row.case.id for row in result.rows if row.verdict == "differs")
    if zh:
        first = (
            f"{ran} 项已发表结果中有 {agree} 项由本项目的公开函数重现；共比较 {numbers} 个数字，"
            f"其中 {print_} 个另与原文印出的位数核对。"
        )
        wrong = f"未能重现的 {odd} 项为 {names}。" if odd else ""
        rest = f"另有 {idle} 项未运行：{_reasons(result, 'zh')}。" if idle else ""
        return first + wrong + rest
    first = (
        f"{agree} of {ran} published results come out again through this project's public"
        f" functions: {numbers} numbers, {print_} of them held also to digits read in the source."
    )
    wrong = f" The {odd} that {'does' if odd == 1 else 'do'} not: {names}." if odd else ""
    rest = f" {idle} more were not run: {_reasons(result, 'en')}." if idle else ""
    return first + wrong + rest


def _reasons(result: PublishedResults, language: Language) -> str:
    """Say why cases were not run."""
    words = [_why(reason).of(language) for reason in result.missing]
    return ("；" if language == "zh" else "; ").join(words)


def _why(reason: str) -> Text:
    """Put why a case was not run into both languages."""
    package = reason.removeprefix("the package ").removesuffix(" is not installed")
    if package == reason:
        return Text(reason, "没有函数运行它")
    return Text(reason, f"未安装软件包 {package}")


@tabulate.register
def _(result: PublishedResults, data: Dataset) -> Shown:
    """Show one row a case, in the families of the file."""
    columns = [
        Column(Text("Result", "结果"), "text"),
        Column(Text("Number shown", "所列数字"), "text"),
        Column(Text("Expected", "应为")),
        Column(Text("Ours", "本项目")),
        Column(Text("Relative difference", "相对差异")),
        Column(Text("Tolerance", "容许误差")),
        Column(Text("Verdict", "判断"), "text"),
    ]
    groups: list[tuple[int, Text]] = []
    for place, row in enumerate(result.rows):
        if not place or row.case.family != result.rows[place - 1].case.family:
            groups.append((place, family_words(row.case.family)))
    agree, ran = result.count("same"), len(result.rows) - result.count("not run")
    caption = Text(f"{agree} of {ran} results agree", f"{ran} 项结果中 {agree} 项一致")
    note = Text(
        "Expected: to full precision, by other packages on the same data. The number shown is the"
        " result's first, or the worst if it differs; the verdict is on all its numbers, their"
        " standard errors and the digits in print.",
        "“应为”：其他软件包在同一数据上的完整精度。所列为该结果的第一个数字，若不符则为差异最大者；"
        "判断针对其全部数字、标准误与印出的位数。",
    )
    read, known = count(result.in_print), count(result.from_memory)
    memory = Text(
        f"Digits in print: {read} read in the source, {known} written down from memory.",
        f"印出的位数：{read} 个查自原文，{known} 个凭记忆录下。",
    )
    rows = [_case_row(row) for row in result.rows]
    return table(
        columns,
        rows,
        data,
        caption=caption,
        notes=[note, memory],
        groups=groups,
        name="published_results",
    )


def source_words(source: str) -> str:
    """Return where a case is in print, without remarks on how it was checked.

    Examples
    --------
    >>> source_words("A book Examples 7.6 and 8.1 (robust SEs .057 recalled)")
    'A book Examples 7.6 and 8.1'
    >>> source_words("A book, section 4.? (rq output)")
    'A book'
    """
    plain = REMARK.sub("", source)
    return UNKNOWN.sub("", plain).strip()


def title_of(case: Case) -> Text:
    """Name a case; one without words of its own has its title."""
    held = terms().get(f"case_{case.id.lower()}")
    return Text(case.title, case.title) if held is None else held.text


def number_of(row: CaseResult) -> Cell:
    """Say what the number shown is; any but the case's first has its name in the data."""
    held, shown = terms().get(f"number_{row.case.id.lower()}"), row.shown
    if held is not None and shown is not None and shown is row.first:
        return held.text
    return "–" if shown is None else shown.name


def family_words(family: str) -> Text:
    """Name a family of cases."""
    held = terms().get(f"family_{family}")
    return Text(family, family) if held is None else held.text


def _case_row(row: CaseResult) -> list[Cell]:
    """Lay out one case."""
    name, shown = _name(row.case), row.shown
    if shown is None:
        why = Text(row.why, row.why) if row.verdict == "differs" else _why(row.why)
        return [name, why, "–", "–", "–", "–", VERDICTS[row.verdict]]
    return [
        name,
        number_of(row),
        amount(shown.expected),
        amount(shown.found),
        tiny(shown.difference),
        tiny(shown.tolerance),
        _verdict(row),
    ]


def _name(case: Case) -> Text:
    """Name a case by its id and title."""
    title = title_of(case)
    return Text(f"{case.id} {title.en}", f"{case.id} {title.zh}")


def _verdict(row: CaseResult) -> Text:
    """Say whether a case agrees, and how many of its numbers do."""
    good, n, words = sum(q.same for q in row.quantities), len(row.quantities), VERDICTS[row.verdict]
    kind = Alarm if row.verdict == "differs" else Text
    return kind(f"{words.en} ({good} of {n})", f"{words.zh}（{good}/{n}）")


@tabulate.register
def _(result: Sources, data: Dataset) -> Shown:
    """Show where each case is in print."""
    columns = [
        Column(Text("Result", "结果"), "text"),
        Column(Text("In print", "出处"), "text"),
        Column(Text("Data", "数据"), "text"),
    ]
    packages = Text("other packages only", "仅其他软件包")
    unprinted = result.unprinted
    rows: list[list[Cell]] = [
        [
            _name(c),
            packages if c in unprinted else source_words(c.source),
            f"{c.package}: {c.dataset}",
        ]
        for c in result.cases
    ]
    n = len(unprinted)
    note = Text(
        f"{n} results have no printed table here and rest on what other packages give.",
        f"{n} 项结果没有可对照的印出表格，仅以其他软件包所得为准。",
    )
    caption = Text("Where each result is in print", "各项结果的出处")
    return table(columns, rows, data, caption=caption, notes=[note], name="published_sources")


def tiny(value: float) -> str:
    """Write a small relative number by its power of ten; below rounding it is zero.

    Examples
    --------
    >>> tiny(2.4e-7), tiny(-1e-18)
    ('2e−7', '0')
    """
    if abs(value) < 1e-15:
        return "0"
    mantissa, _, power = f"{value:.0e}".partition("e")
    return f"{mantissa}e{int(power)}".replace("-", MINUS)


@tabulate.register
def _(result: Disagreements, data: Dataset) -> Shown:
    """Show what packages that disagree say, and how far each is from the second route."""
    columns = [
        Column(Text("Route", "途径"), "text"),
        Column(Text("Value", "数值")),
        Column(Text("Off the second route", "与第二途径之差")),
        Column(Text("Verdict", "判断"), "text"),
    ]
    rows: list[list[Cell]] = []
    groups: list[tuple[int, Text]] = []
    notes: list[Text] = []
    for held in result.rows:
        groups.append((len(rows), held.question))
        second = Text(f"Second route: {held.second.en}", f"第二途径：{held.second.zh}")
        rows += [
            [name, precise(value), tiny(value - held.value), _nearest(name is held.right)]
            for name, value in held.routes
        ]
        rows.append([second, precise(held.value), "–", "–"])
        notes.append(
            Text(f"{held.question.en}: {held.why.en}.", f"{held.question.zh}：{held.why.zh}。")
        )
    ours, n = result.ours_right, len(result.rows)
    caption = Text(
        f"Where packages disagree, the one used here is nearer the second route on {ours} of {n}"
        " questions",
        f"软件包不一致的 {n} 个问题中，本项目所用者有 {ours} 个更接近第二途径",
    )
    return table(
        columns, rows, data, caption=caption, notes=notes, groups=groups, name="disagreements"
    )


def precise(value: float) -> str:
    """Write a value with enough digits to see where packages part."""
    return amount(value, digits=8)


def _nearest(is_it: bool) -> Text:
    """Say whether a route is the nearer one."""
    return Text("right", "正确") if is_it else Text("off", "有偏差")


def premium_label(row: CaseResult, name: str) -> Text:
    """Name a premium in the figure of premia."""
    title = title_of(row.case)
    kinds = {"pooled_union": term("pooled_ols").text, "fe_union": term("fixed_effects").text}
    kind = kinds.get(name)
    if kind is None:
        return Text(f"{row.case.id} {title.en}", f"{row.case.id} {title.zh}")
    return Text(f"{row.case.id} Women, {kind.en}", f"{row.case.id} 女性，{kind.zh}")
