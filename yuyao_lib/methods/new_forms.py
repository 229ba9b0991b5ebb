"""Organising in new forms of employment: unions, members and contracts as they came."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from yuyao_lib.findings import Estimate
from yuyao_lib.methods.absence import Absent, absent
from yuyao_lib.methods.proportions import counted
from yuyao_lib.methods.smaller_sides import carriers
from yuyao_lib.methods.tabulation import rows_of
from yuyao_lib.schema import quarter_index
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["NewForms", "new_forms"]


@dataclass(frozen=True, slots=True)
class NewForms:
    """Unions of new forms of employment over the quarters.

    Attributes
    ----------
    quarters
        One row a quarter: ``unions`` and ``members`` of new forms, ``share`` of all members
        in percent, and ``carriers``, the fewest unions that carry theirs or all others.
    contracts
        Contracts of new forms of employment; None without a table of contracts.
    estimates
        ``new_form_unions``, ``new_form_members``, ``new_form_share``, ``new_form_size``,
        ``founded_since``.
    """

    quarters: pd.DataFrame = field(repr=False)
    contracts: int | None
    estimates: tuple[Estimate, ...]

    def to_frame(self) -> pd.DataFrame:
        """Return one row an estimate."""
        return rows_of(self.estimates)

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


def new_forms(
    union_quarters: pd.DataFrame | None,
    unions: pd.DataFrame | None,
    *,
    contracts: pd.DataFrame | None = None,
) -> NewForms | Absent:
    """Follow unions of new forms of employment.

    Parameters
    ----------
    union_quarters
        ``union_id``, ``quarter``, ``members``. None: absent.
    unions
        ``union_id``, ``is_new_form``. None: absent.
    contracts
        ``kind``; those of kind ``new_form`` are counted.

    Examples
    --------
    >>> import pandas as pd
    >>> stocks = pd.DataFrame({"union_id": ["a", "b"], "quarter": "2020Q1", "members": [30, 10]})
    >>> who = pd.DataFrame({"union_id": ["a", "b"], "is_new_form": [False, True]})
    >>> new_forms(stocks, who).estimates[2].estimate
    25.0
    """
    off = absent(union_quarters=union_quarters, unions=unions)
    if off is not None or union_quarters is None or unions is None:
        return off or Absent(("unions",))
    new = unions.set_index("union_id")["is_new_form"].astype(bool)
    rows = union_quarters.assign(
        quarter=union_quarters["quarter"].astype(str),
        new=union_quarters["union_id"].map(new).fillna(False).astype(bool),
    )
    every = rows.groupby("quarter")["members"].sum()
    held = rows[rows["new"]].groupby("quarter")["members"].agg(["size", "sum"])
    table = held.reindex(every.index, fill_value=0).set_axis(["unions", "members"], axis=1)
    carried = rows.groupby(["quarter", "new"])["members"].agg(_carried).groupby("quarter").min()
    table = table.assign(total=every, carriers=carried).reset_index()
    table = table.sort_values("quarter", key=lambda names: names.map(quarter_index))
    table = table.assign(share=100 * table["members"] / table["total"]).reset_index(drop=True)
    signed = None
    if contracts is not None:
        signed = int((contracts["kind"].astype(str) == "new_form").sum())
    return NewForms(table, signed, _estimates(table))


def _carried(members: pd.Series) -> int:
    """Count the unions that carry the members of some."""
    return carriers(members.to_numpy("float64"))


def _estimates(table: pd.DataFrame) -> tuple[Estimate, ...]:
    """Tell the last stocks, and what came since the first quarter."""
    first, last = table.iloc[0], table.iloc[-1]
    unions, members, few = (int(last[name]) for name in ("unions", "members", "carriers"))
    what = "new_form_organising"
    return (
        counted("new_form_unions", unions, term=what, unit="union_organisations", n=unions,
                n_unit="union_organisations",
                estimand=Text("unions of new forms of employment", "新就业形态工会")),
        counted("new_form_members", members, term=what, unit="persons", n=members,
                employers=few,
                estimand=Text("their members", "其会员")),
        counted("new_form_share", float(last["share"]), term=what, unit="percent",
                n=int(last["total"]), employers=few,  # beside n it tells their members
                estimand=Text("their members among all members", "其会员占全部会员")),
        counted("new_form_size", members / unions if unions else None, term=what,
                unit="persons_per_union", n=unions, n_unit="union_organisations", employers=few,
                estimand=Text("members per union of new forms", "每家新就业形态工会的会员")),
        counted("founded_since", unions - int(first["unions"]), term=what,
                unit="union_organisations", n=unions, n_unit="union_organisations",
                estimand=Text("more of these unions than in the first quarter",
                              "较首季增加的新就业形态工会")),
    )  # fmt: skip
