"""How the limit of fee refunds looks."""

from __future__ import annotations

from yuyao_lib.display.counted import counted_table
from yuyao_lib.display.results import draw, tabulate
from yuyao_lib.display.shown import Shown
from yuyao_lib.methods.fee_refunds import FeeRefunds
from yuyao_lib.sources.dataset import Dataset
from yuyao_lib.vocabulary import Text

__all__: list[str] = []


@draw.register
def _(result: FeeRefunds, data: Dataset) -> Shown:
    """Draw growth of headcount on both sides of the limit."""
    return draw(result.picture, data)


@tabulate.register
def _(result: FeeRefunds, data: Dataset) -> Shown:
    """Show the effect and the first stage."""
    limit = f"{result.limit:,.0f}"
    caption = Text(f"Fee refunds at the limit of {limit} CNY a year",
                   f"每年 {limit} 元门槛处的经费返还")  # fmt: skip
    d = result.design
    notes = []
    if d.bandwidth is not None:
        notes = [
            Text(
                f"Bandwidth {d.bandwidth:.2f} in logs of the fee; {d.n_below:,} firm-years not"
                f" refunded and {d.n_above:,} refunded within it.",
                f"带宽为经费对数 {d.bandwidth:.2f}；其内未返还 {d.n_below:,} 个、返还 {d.n_above:,}"
                " 个企业年。",
            )
        ]
    return counted_table(result.estimates, data, caption=caption, name="refunds", notes=notes)
