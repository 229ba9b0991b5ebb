"""A table of estimates that say in words what they are of: counts, shares and differences."""

from __future__ import annotations

from collections.abc import Sequence

from yuyao_lib.display.numbers import amount, count, digits_of, level_of, reach
from yuyao_lib.display.results import notes_of
from yuyao_lib.display.shown import Shown
from yuyao_lib.display.tables import Cell, Column, table
from yuyao_lib.findings import Estimate
from yuyao_lib.sources.dataset import Dataset
from yuyao_lib.vocabulary import Text, term

__all__ = ["counted_table"]


def counted_table(
    estimates: Sequence[Estimate],
    data: Dataset,
    *,
    caption: Text,
    name: str,
    notes: Sequence[Text] = (),
) -> Shown:
    """Show one row an estimate: what it is of, value, unit, interval, how many of what.

    Parameters
    ----------
    estimates
        In the order of the rows.
    data
        Where they come from.
    caption, name, notes
        As in `table`.
    """
    columns = [
        Column(Text("What", "内容"), "text"),
        Column(Text("Value", "值")),
        Column(Text("Unit", "单位"), "text"),
        Column(level_of(estimates), "text"),
        Column(Text("n", "样本量")),
        Column(Text("Counted", "计数单位"), "text"),
    ]
    ranged = [e for e in estimates if e.low is not None]
    said = [*notes_of(ranged), *notes]
    return table(
        columns, [_row(e) for e in estimates], data, caption=caption, notes=said, name=name
    )


def _row(e: Estimate) -> list[Cell]:
    """Lay out one estimate."""
    return [
        e.estimand or term(e.term).text,
        amount(e.estimate, digits=digits_of(e.unit)),
        term(e.unit).text,
        reach(e),
        count(e.n),
        term(e.n_unit).text,
    ]
