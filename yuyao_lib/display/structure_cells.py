"""Cells, periods and notes that the tables of the wage structure share."""

from __future__ import annotations

from typing import Any, Protocol

from yuyao_lib.display.numbers import amount, count, digits_of
from yuyao_lib.display.tables import Cell
from yuyao_lib.findings import Estimate
from yuyao_lib.vocabulary import Text

__all__ = ["left_out", "pair_of", "when_words"]


class Listed(Protocol):
    """A result that lists what it could not use."""

    @property
    def left_out(self) -> tuple[str, ...]:
        """Controls that repeat others."""

    @property
    def dropped(self) -> int:
        """Incomplete rows."""


def when_words(period: Any) -> Text:
    """Name a period, or all rows."""
    return Text("all rows", "全部行") if period is None else Text(str(period), str(period))


def left_out(result: Listed) -> list[Text]:
    """Name controls that repeat others, and incomplete rows."""
    notes = []
    if result.left_out:
        names = ", ".join(result.left_out)
        notes.append(
            Text(f"Left out, repeating others: {names}.", f"与其他变量重复而剔除：{names}。")
        )
    if result.dropped:
        n = count(result.dropped)
        notes.append(Text(f"{n} incomplete rows left out.", f"剔除不完整的行 {n} 行。"))
    return notes


def pair_of(e: Estimate) -> list[Cell]:
    """Lay out a value and its interval."""
    if e.undefined is not None:
        return ["–", e.undefined]
    digits = digits_of(e.unit)
    value, low, high = (amount(v, digits=digits) for v in (e.estimate, e.low, e.high))
    return [value, Text(f"{low} to {high}", f"{low} 至 {high}")]
