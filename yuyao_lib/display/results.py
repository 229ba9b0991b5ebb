"""Results as tables and figures: what any result can do, and where topics do it better."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import singledispatch
from typing import Any

from yuyao_lib.display.charts import Range, chart, forest
from yuyao_lib.display.numbers import amount, count, digits_of, level_of, p_value, reach
from yuyao_lib.display.shown import Shown
from yuyao_lib.display.tables import Cell, Column, table
from yuyao_lib.display.topics import load_topic
from yuyao_lib.errors import InputError
from yuyao_lib.findings import Estimate
from yuyao_lib.methods.hypotheses import Hypotheses, Hypothesis
from yuyao_lib.sources.dataset import Dataset
from yuyao_lib.vocabulary import LANGUAGES, Text, term

__all__ = ["draw", "estimate_columns", "estimate_rows", "range_of", "tabulate"]

NUMBER = re.compile(r"(?<![A-Za-z\d.])\d+(?:,\d{3})*(?:\.\d+)?")  # HC1 and HC2 are names


@singledispatch
def tabulate(result: Any, data: Dataset) -> Shown:
    """Show a result as a table; any result with estimates has one."""
    if load_topic(result):
        return tabulate(result, data)
    estimates = _estimates(result)
    caption = Text("Estimates with their intervals", "估计值及其区间")
    return table(
        estimate_columns(estimates), estimate_rows(estimates), data, caption=caption,
        notes=notes_of(estimates), name=type(result).__name__.lower(),
    )  # fmt: skip


@singledispatch
def draw(result: Any, data: Dataset) -> Shown:
    """Draw a result; any result with estimates of one unit has a chart of intervals."""
    if load_topic(result):
        return draw(result, data)
    estimates = _estimates(result)
    unit = term(estimates[0].unit).text
    figure, height = forest([range_of(e) for e in estimates], axis=unit)
    title = Text("Estimates and their intervals", "估计值及其区间")
    return chart(figure, data, title=title, alt=alt_of(estimates), height=height)


@tabulate.register
def _(result: Hypothesis, data: Dataset) -> Shown:
    """Show one test."""
    return tabulate(Hypotheses((result,)), data)


@tabulate.register
def _(result: Hypotheses, data: Dataset) -> Shown:
    """Show tests with their null hypotheses in words."""
    columns = [
        Column(Text("Test", "检验"), "text"),
        Column(Text("What it assumes", "原假设"), "text"),
        Column(Text("Statistic", "统计量")),
        Column(Text("df", "自由度")),
        Column(Text("p-value", "p 值")),
    ]
    rows: list[list[Cell]] = [
        [
            t.name,
            t.null if t.undefined is None else _untested(t.null, t.undefined),
            amount(t.statistic, digits=2),
            count(t.df),
            p_value(t.p_value),
        ]
        for t in result.tests
    ]
    caption = Text("Tests, each with its null hypothesis", "检验及其原假设")
    return table(columns, rows, data, caption=caption, name="tests")


def _untested(null: Text, why: Text) -> Text:
    """Say what would be assumed, and why it cannot be tested."""
    return Text(f"{null.en}; cannot be tested: {why.en}", f"{null.zh}；无法检验：{why.zh}")


def _estimates(result: Any) -> list[Estimate]:
    """Return a result's estimates, or say that it has none."""
    if isinstance(result, Estimate):
        return [result]
    found = list(getattr(result, "estimates", ()))
    if not found:
        raise InputError(f"a {type(result).__name__} holds no estimate that could be shown.")
    return found


def estimate_columns(estimates: Sequence[Estimate]) -> list[Column]:
    """Return the columns every table of estimates has."""
    return [
        Column(Text("Estimate of", "估计对象"), "text"),
        Column(Text("Method", "方法"), "text"),
        Column(Text("Estimate", "估计值")),
        Column(Text("Standard error", "标准误")),
        Column(level_of(estimates)),
        Column(Text("Unit", "单位"), "text"),
        Column(Text("p-value", "p 值")),
        Column(Text("n", "样本量")),
    ]


def estimate_rows(estimates: list[Estimate]) -> list[list[Text | str]]:
    """Return one row an estimate; an undefined one says so in place of its interval."""
    rows: list[list[Text | str]] = []
    for e in estimates:
        digits = digits_of(e.unit)
        rows.append(
            [
                term(e.term).text,
                term(e.method).text,
                amount(e.estimate, digits=digits),
                amount(e.standard_error, digits=digits),
                reach(e),
                term(e.unit).text,
                p_value(e.p_value),
                count(e.n),
            ]
        )
    return rows


def notes_of(estimates: list[Estimate]) -> list[Text]:
    """Say once how the intervals were made; of which methods, where they differ by method."""
    told = [e for e in estimates if e.inference and e.low is not None]
    groups: dict[tuple[str, ...], list[Estimate]] = {}
    for e in told:  # alike but for numbers, such as how many clusters: one note
        groups.setdefault(_worded(e.inference), []).append(e)
    held = {words: list(dict.fromkeys(e.method for e in es)) for words, es in groups.items()}
    every = [method for methods in held.values() for method in methods]
    apart = len(held) > 1 and len(set(every)) == len(every)  # no method has two kinds
    level = level_of(told)
    return [
        _intervals(level, spanned([e.inference for e in es if e.inference]), held[words] * apart)
        for words, es in groups.items()
    ]


def _worded(text: Text | None) -> tuple[str, ...]:
    """Return what a text says but for its numbers."""
    return () if text is None else tuple(NUMBER.split(text.en))


def spanned(texts: Sequence[Text]) -> Text:
    """Put texts that differ in numbers alone into one, each number that differs as a range.

    Examples
    --------
    >>> spanned([Text("180 firms, 9 draws", "180 家"), Text("108 firms, 9 draws", "108 家")]).en
    '108 to 180 firms, 9 draws'
    """
    return Text(
        _spanned([t.en for t in texts], " to "),
        _spanned([t.zh for t in texts], " 至 "),
    )


def _spanned(texts: list[str], to: str) -> str:
    """Join texts of one language, number by number; the first where they differ in words."""
    if len({tuple(NUMBER.split(text)) for text in texts}) > 1:
        return texts[0]
    ends = iter(
        [
            to.join(dict.fromkeys((min(found, key=_value), max(found, key=_value))))
            for found in zip(*(NUMBER.findall(text) for text in texts), strict=True)
        ]
    )
    return NUMBER.sub(lambda _: next(ends), texts[0])


def _value(number: str) -> float:
    """Read a written number."""
    return float(number.replace(",", ""))


def _intervals(level: Text, how: Text, methods: list[str]) -> Text:
    """Say how the intervals of these methods were made; of all where none is named."""
    which = Text("Intervals", "区间") if level.en == "Interval" else Text(f"{level.en}s", level.zh)
    names = [term(method).text for method in methods]
    en = f" ({', '.join(n.en for n in names)})" if names else ""
    zh = f"（{'、'.join(n.zh for n in names)}）" if names else ""
    return Text(f"{which.en}{en}: {how.en}.", f"{which.zh}{zh}：{how.zh}。")


def range_of(estimate: Estimate, *, label: Text | None = None, strong: bool = False) -> Range:
    """Return an estimate as charts draw it."""
    name = label or term(estimate.method).text
    return Range(name, estimate.estimate, estimate.low, estimate.high, strong)


def alt_of(estimates: Sequence[Estimate], labels: Sequence[Text] = ()) -> Text:
    """Describe a chart of estimates by its numbers.

    Parameters
    ----------
    estimates
        In the order of the chart.
    labels
        What the chart writes beside each; without them each is called by what it is of and
        its method, which must then tell them apart.
    """
    from yuyao_lib.display.sentences import said, valued

    if not labels:
        told = {k: [said(e, k) for e in estimates] for k in LANGUAGES}
        return Text(
            f"Chart of estimates with intervals. {' '.join(told['en'])}",
            f"估计值及区间图。{''.join(told['zh'])}",
        )
    name = term(estimates[0].term).text
    en, zh = (
        [valued(e, label.of(k), k) for e, label in zip(estimates, labels, strict=True)]
        for k in LANGUAGES
    )
    return Text(
        f"Chart of estimates with intervals: {name.en}. {' '.join(en)}",
        f"估计值及区间图：{name.zh}。{''.join(zh)}",
    )
