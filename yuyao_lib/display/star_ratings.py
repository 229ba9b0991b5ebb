"""How star ratings look: the ladder and the matrix of moves."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from yuyao_lib.display.backing import backing_of
from yuyao_lib.display.bars import Bar, bars, matrix
from yuyao_lib.display.cards import notice
from yuyao_lib.display.charts import chart
from yuyao_lib.display.hidden_counts import (
    ALL_HIDDEN,
    CELLS_HIDDEN,
    ROUNDED,
    count_said,
    seen_cells,
)
from yuyao_lib.display.numbers import amount, count, level_of, reach
from yuyao_lib.display.results import draw, tabulate
from yuyao_lib.display.shown import Shown
from yuyao_lib.display.tables import Cell, Column, table
from yuyao_lib.findings import Backing, Contributions, Estimate, backing_of_estimate
from yuyao_lib.methods.star_ratings import LEVELS, StarLadder, StarMoves
from yuyao_lib.sources.dataset import Dataset
from yuyao_lib.vocabulary import Text, term

__all__: list[str] = []


def _stars(n: int) -> Text:
    """Name a rung."""
    return Text(f"{n} stars", f"{n} 星") if n else Text("not rated", "未评星")


@backing_of.register
def _(result: StarLadder, held: Contributions) -> list[Backing]:
    """Back the shares, and each rung by its unions, which stand for an employer or more."""
    rungs = [
        Backing(what=f"{k} stars", persons=n, employers=n, employers_counted=True)
        for k, n in result.counts.items()
    ]
    return rungs + [backing_of_estimate(e, held) for e in result.estimates if e.undefined is None]


@draw.register
def _(result: StarLadder, data: Dataset) -> Shown:
    """Draw the ladder from the lowest rung to the highest."""
    counts = result.counts
    shape = (
        Text("more unions have five stars than four: a J", "五星工会多于四星：呈 J 形")
        if result.is_j
        else Text("no more unions have five stars than four", "五星工会不多于四星")
    )
    title = Text(f"Of the rated unions, {shape.en}", f"有星级的工会中，{shape.zh}")
    told = ", ".join(f"{k}: {v}" for k, v in counts.items())
    alt = Text(
        f"{title.en}. Bars of unions by number of stars: {told}.",
        f"{title.zh}。各星级工会数的条形图，自三星至五星：{told}。",
    )
    items = [Bar(_stars(k), float(v), strong=k == 5 and result.is_j) for k, v in counts.items()]
    figure, height = bars(items, axis=Text("Union organisations", "工会组织（家）"), digits=0)
    return chart(figure, data, title=title, alt=alt, height=height + 0.5)


@tabulate.register
def _(result: StarLadder, data: Dataset) -> Shown:
    """Show the shares that tell the shape."""
    caption = Text("The shape of the ladder", "星级阶梯的形状")
    return _shares(result.estimates, data, caption, "star_ladder")


@draw.register
def _(result: StarMoves, data: Dataset) -> Shown:
    """Draw where unions stand a year later, in percent of those on each rung."""
    n = result.counts.to_numpy("float64")
    names = [f"{a} to {b}" for a in LEVELS for b in LEVELS]
    least = np.ceil(n / max(len(result.years), 1))  # a union is counted once a year
    cells = seen_cells(n, data, names=names, employers=least)
    if not cells.seen.any():
        return replace(notice(ALL_HIDDEN, data), hidden=cells.hidden)
    sums = cells.counts.sum(axis=1)
    shares = [
        [100 * float(v) / float(s) if s and seen else None
         for v, seen in zip(row, shown, strict=True)]
        for row, s, shown in zip(cells.counts, sums, cells.seen, strict=True)
    ]  # fmt: skip
    figure = matrix(
        [_stars(k) for k in LEVELS], shares,
        down=Text("Stars now", "当前星级"), across=Text("Stars a year later", "一年后星级"),
    )  # fmt: skip
    title = _moved(next(e for e in result.estimates if e.key == "downgraded"))
    told = "; ".join(
        f"{_stars(a).en} to {_stars(b).en} {shares[i][j]:.1f}%"
        for i, a in enumerate(LEVELS) for j, b in enumerate(LEVELS)
        if shares[i][j]
    )  # fmt: skip
    told_zh = "；".join(
        f"{_stars(a).zh}到{_stars(b).zh} {shares[i][j]:.1f}%"
        for i, a in enumerate(LEVELS) for j, b in enumerate(LEVELS)
        if shares[i][j]
    )  # fmt: skip
    alt = Text(
        f"Matrix of star ratings a year apart: {told}.", f"相隔一年的星级转移矩阵：{told_zh}。"
    )
    whole, last = count_said(int(n.sum()), data), result.years[-1] if result.years else "–"
    more = CELLS_HIDDEN if cells.hidden else ROUNDED if data.rounds else Text(" ", " ")
    note = Text(
        f"{whole} union-years up to {last}. {more.en}".strip(),
        f"{whole} 个工会年，截至 {last}。{more.zh}".strip(),
    )
    shown = chart(figure, data, title=title, alt=alt, note=note, height=3.9)
    return replace(shown, backing=cells.backing, hidden=cells.hidden)


def _moved(down: Estimate) -> Text:
    """Say in the title of the matrix how many lost a star, where that is told."""
    if down.estimate is None:
        return Text("Where unions stand a year later", "一年后的星级")
    lost = Text("no union lost a star", "无一工会降星") if down.estimate == 0 else Text(
        f"{amount(down.estimate, digits=1)}% of rated unions lost a star",
        f"{amount(down.estimate, digits=1)}% 的有星工会降星",
    )  # fmt: skip
    return Text(f"Where unions stand a year later: {lost.en}", f"一年后的星级：{lost.zh}")


@tabulate.register
def _(result: StarMoves, data: Dataset) -> Shown:
    """Show how often unions are first rated, rise, stay and fall."""
    caption = Text("Moves on the ladder within a year", "一年内的星级变动")
    return _shares(result.estimates, data, caption, "star_moves")


def _shares(estimates: tuple[Estimate, ...], data: Dataset, caption: Text, name: str) -> Shown:
    """Lay out shares with what they are of."""
    columns = [
        Column(Text("Share of", "占比"), "text"),
        Column(Text("Percent", "百分比")),
        Column(level_of(estimates), "text"),
        Column(Text("n", "样本量")),
        Column(Text("Counted", "计数单位"), "text"),
    ]
    rows: list[list[Cell]] = [
        [
            e.estimand or term(e.term).text, amount(e.estimate, digits=1),
            reach(e), count(e.n),
            term(e.n_unit).text,
        ]
        for e in estimates
    ]  # fmt: skip
    said = dict.fromkeys(e.inference for e in estimates if e.inference and e.low is not None)
    notes = [Text(f"Intervals: {t.en}.", f"区间：{t.zh}。") for t in said]
    return table(columns, rows, data, caption=caption, notes=notes, name=name)
