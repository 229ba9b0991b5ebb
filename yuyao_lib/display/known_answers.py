"""Estimates beside what was set by us: a table for simulated data, a sentence for all others."""

from __future__ import annotations

from yuyao_lib.display.cards import notice
from yuyao_lib.display.numbers import amount, digits_of
from yuyao_lib.display.results import tabulate
from yuyao_lib.display.shown import Shown
from yuyao_lib.display.tables import Cell, Column, table
from yuyao_lib.findings import Estimate, Mode
from yuyao_lib.methods.known_answers import KnownAnswers, answer_at
from yuyao_lib.sources.dataset import Dataset
from yuyao_lib.vocabulary import Text

__all__: list[str] = []

REAL = Text(
    "Only in simulated data is the answer known; here there is none to compare with.",
    "只有模拟数据才有已知答案；此处没有可对照的答案。",
)


@tabulate.register
def _(result: KnownAnswers, data: Dataset) -> Shown:
    """Show every estimate with what was set, and whether its interval holds it."""
    if data.mode is not Mode.SIMULATED:
        return notice(REAL, data)
    from yuyao_lib.sources.simulation import read_truth

    truth = read_truth(data)
    columns = [
        Column(Text("Quantity", "量"), "text"),
        Column(Text("Estimate", "估计值")),
        Column(Text("Interval", "区间"), "text"),
        Column(Text("Set by us", "由我们设定")),
        Column(Text("In the interval", "是否在区间内"), "text"),
    ]
    rows: list[list[Cell]] = []
    for held in result.answers:
        told = answer_at(truth, held.place)
        small = held.estimate.unit == "squared_log_points"  # variances of logs are small
        digits = 4 if small else digits_of(held.estimate.unit)
        rows.append(
            [
                held.name,
                amount(held.estimate.estimate, digits=digits),
                _reach(held.estimate, digits),
                amount(told, digits=digits),
                _inside(held.estimate, told),
            ]
        )
    notes = [
        Text(
            "One register is one draw: an interval made for 95 percent misses what was set in"
            " one of twenty.",
            "一个登记库只是一次抽取：95% 的区间每二十次约有一次不含设定值。",
        )
    ]
    notes += [result.note] if result.note is not None else []
    caption = Text("The estimates beside what was set by us", "估计值与我们设定的值对照")
    return table(columns, rows, data, caption=caption, notes=notes, name="beside_truth")


def _reach(estimate: Estimate, digits: int | None) -> Cell:
    """Write the interval, or why there is none."""
    if estimate.undefined is not None:
        return estimate.undefined
    if estimate.low is None or estimate.high is None:
        return "–"
    low, high = (amount(v, digits=digits) for v in (estimate.low, estimate.high))
    return Text(f"{low} to {high}", f"{low} 至 {high}")


def _inside(estimate: Estimate, told: float | None) -> Cell:
    """Say whether the interval holds what was set."""
    if told is None or estimate.low is None or estimate.high is None:
        return "–"
    inside = estimate.low <= told <= estimate.high
    return Text("yes", "是") if inside else Text("no", "否")
