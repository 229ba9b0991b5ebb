"""How departures of cadres look: rates with and without an allowance, by year."""

from __future__ import annotations

from yuyao_lib.display.charts import Range, chart, forest
from yuyao_lib.display.numbers import amount, count, level_of, reach
from yuyao_lib.display.results import draw, notes_of, tabulate
from yuyao_lib.display.sentences import said
from yuyao_lib.display.shown import Shown
from yuyao_lib.display.tables import Cell, Column, table
from yuyao_lib.methods.cadre_turnover import CadreTurnover
from yuyao_lib.sources.dataset import Dataset
from yuyao_lib.vocabulary import Text, term

__all__: list[str] = []


@tabulate.register
def _(result: CadreTurnover, data: Dataset) -> Shown:
    """Show rates and their ratio."""
    columns = [
        Column(Text("Cadres", "干部"), "text"),
        Column(Text("Value", "值")),
        Column(Text("Unit", "单位"), "text"),
        Column(level_of(result.estimates), "text"),
        Column(Text("Departures", "离任数")),
    ]
    rows: list[list[Cell]] = [
        [
            e.estimand or term(e.term).text, amount(e.estimate, digits=2), term(e.unit).text,
            reach(e, digits=2), count(e.n),
        ]
        for e in result.estimates
    ]  # fmt: skip
    caption = Text("Departures of union cadres, with and without an allowance",
                   "有补贴与无补贴的工会干部离任情况")  # fmt: skip
    return table(columns, rows, data, caption=caption,
                 notes=notes_of([result.estimates[-1]]), name="cadres")  # fmt: skip


@draw.register
def _(result: CadreTurnover, data: Dataset) -> Shown:
    """Draw the ratio of departures; one is no difference."""
    ratio = result.estimates[-1]
    label = Text("paid over unpaid", "有补贴 / 无补贴")
    ranges = [Range(label, ratio.estimate, ratio.low, ratio.high, strong=True)]
    figure, height = forest(ranges, axis=term(ratio.unit).text, zero=1.0)
    title = Text("Departures with an allowance over those without",
                 "有补贴与无补贴干部离任率之比")  # fmt: skip
    alt = Text(said(ratio, "en"), said(ratio, "zh"))
    return chart(figure, data, title=title, alt=alt, height=height)
