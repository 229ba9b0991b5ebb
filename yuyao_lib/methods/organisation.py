"""How unions are organised: members, density, sizes, stars, new forms, cadres, other countries.

The public door: what a notebook needs stands here, whatever module it lives in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from yuyao_lib.findings import Design, Estimate
from yuyao_lib.methods.absence import Absent
from yuyao_lib.methods.cadre_turnover import CadreTurnover, cadre_turnover
from yuyao_lib.methods.country_density import CountryDensity, country_density
from yuyao_lib.methods.density import Density, density
from yuyao_lib.methods.fee_refunds import FeeRefunds, fee_refunds
from yuyao_lib.methods.gathered_answers import known
from yuyao_lib.methods.new_forms import NewForms, new_forms
from yuyao_lib.methods.running_density import DensityTest
from yuyao_lib.methods.star_ratings import (
    StarLadder,
    StarMoves,
    ladder_of,
    star_ladder,
    star_moves,
)
from yuyao_lib.methods.stock_flow import StockFlow, stock_flow
from yuyao_lib.methods.tabulation import rows_of
from yuyao_lib.methods.union_sizes import UnionSizes, union_sizes
from yuyao_lib.sources.record import Record
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "CadreTurnover",
    "CountryDensity",
    "Density",
    "FeeRefunds",
    "NewForms",
    "Organisation",
    "StarLadder",
    "StarMoves",
    "StockFlow",
    "UnionSizes",
    "cadre_turnover",
    "country_density",
    "density",
    "fee_refunds",
    "heaps",
    "known",
    "ladder_in",
    "new_forms",
    "star_ladder",
    "star_moves",
    "stock_flow",
    "together",
    "union_sizes",
]

Part: TypeAlias = (
    StockFlow
    | Density
    | UnionSizes
    | StarLadder
    | StarMoves
    | NewForms
    | CadreTurnover
    | FeeRefunds
    | Absent
)
NO_TABLE = Text(
    "no table of unions, their quarters or their cadres was brought", "没有工会、工会季度或干部的表"
)


@dataclass(frozen=True, slots=True)
class Organisation:
    """The findings of a page on organisation.

    Attributes
    ----------
    parts
        Results, those that were not run included.
    """

    parts: tuple[Part, ...]

    @property
    def estimates(self) -> tuple[Estimate, ...]:
        """Estimates of every part; one that says why when there is none."""
        found = tuple(e for part in self.parts for e in part.estimates)
        return found or (NOTHING,)

    def to_frame(self) -> pd.DataFrame:
        """Return one row an estimate."""
        return rows_of(self.estimates)

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


NOTHING = Estimate(
    key="closing_members", term="members_stock", method="count", unit="persons",
    design=Design.DESCRIPTION, undefined=NO_TABLE,
)  # fmt: skip


def heaps(result: FeeRefunds | Absent) -> DensityTest | Absent:
    """Return the test whether payers heap below the limit of refunds."""
    return result if isinstance(result, Absent) else result.density


def ladder_in(record: Record) -> StarLadder | Absent:
    """Describe the ladder that a record prints.

    Examples
    --------
    >>> from yuyao_lib.sources.record import read_record
    >>> ladder_in(read_record()).counts
    {3: 205, 4: 148, 5: 204}
    """
    wanted = {3: "star3_unions", 4: "star4_unions", 5: "star5_unions"}
    missing = tuple(m for m in (*wanted.values(), "union_orgs") if m not in record.measures)
    if missing:
        return Absent(missing)
    counts = {stars: int(record.measure(m).value) for stars, m in wanted.items()}
    return ladder_of(counts, unions=int(record.measure("union_orgs").value))


def together(parts: Sequence[Part]) -> Organisation:
    """Put the parts of a page together.

    Examples
    --------
    >>> together([Absent(("unions",))]).estimates[0].undefined.en
    'no table of unions, their quarters or their cadres was brought'
    """
    return Organisation(tuple(parts))
