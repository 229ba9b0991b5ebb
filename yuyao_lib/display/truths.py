"""Estimates beside what was set by us: only where the data are simulated."""

from __future__ import annotations

from typing import Any

from yuyao_lib.display.cards import notice
from yuyao_lib.display.numbers import amount, digits_of, interval
from yuyao_lib.display.shown import Shown
from yuyao_lib.display.tables import Cell, Column, table
from yuyao_lib.findings import Estimate, Mode
from yuyao_lib.sources.dataset import Dataset
from yuyao_lib.vocabulary import Text, term

__all__ = ["beside_truth"]

UNKNOWN = Text(
    "What is true is known for simulated data only; here there is nothing to hold the"
    " estimates against.",
    "只有模拟数据的真值是已知的；此处没有可供对照的真值。",
)


def beside_truth(result: Any, data: Dataset) -> Shown:
    """Show the estimates whose truth was set by us, each beside it.

    Parameters
    ----------
    result
        Has ``estimates`` and ``truths``, key of an estimate to its place in the truth of
        the register, such as ``"hardship.jump_at_1"``.
    data
        Where the estimates come from.
    """
    places: dict[str, str] = dict(getattr(result, "truths", {}))
    shown = [e for e in result.estimates if e.key in places]
    if data.mode is not Mode.SIMULATED or not shown:
        return notice(UNKNOWN, data)
    from yuyao_lib.sources.simulation import read_truth

    known = read_truth(data)["truths"]
    columns = [
        Column(Text("Estimate of", "估计对象"), "text"),
        Column(Text("Estimate", "估计值")),
        Column(Text("Interval", "区间"), "text"),
        Column(Text("Set by us", "我们设定的真值")),
        Column(Text("Inside the interval", "是否在区间内"), "text"),
        Column(Text("Unit", "单位"), "text"),
    ]
    rows = [_row(e, _truth(known, places[e.key])) for e in shown]
    caption = Text("Estimates beside the truth set by us", "估计值与我们设定的真值")
    notes = [
        Text(
            "One register is one draw: an interval of 95 percent leaves out the truth in one of"
            " twenty.",
            "一个登记库只是一次抽取：95% 的区间在二十次中约有一次不含真值。",
        )
    ]
    return table(columns, rows, data, caption=caption, notes=notes, name="beside_truth")


def _truth(known: Any, place: str) -> float:
    """Return the number at a place of the truth."""
    for part in place.split("."):
        known = known[part]
    return float(known)


def _row(e: Estimate, truth: float) -> list[Cell]:
    """Lay out one estimate."""
    digits = digits_of(e.unit)
    name, unit = e.estimand or term(e.term).text, term(e.unit).text
    told = amount(truth, digits=digits)
    if e.undefined is not None or e.low is None or e.high is None:
        reach = e.undefined or Text("–", "–")
        return [name, amount(e.estimate, digits=digits), reach, told, "–", unit]
    inside = Text("yes", "是") if e.low <= truth <= e.high else Text("no", "否")
    reach = Text(interval(e, "en"), interval(e, "zh"))
    return [name, amount(e.estimate, digits=digits), reach, told, inside, unit]
