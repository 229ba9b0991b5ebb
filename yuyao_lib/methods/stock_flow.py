"""Where members came from and went: stocks reconciled with flows, quarter by quarter.

Between two quarters the stock of members changes by unions founded, people who joined,
people who left, files that were cleaned, and unions that are gone. What the stated flows
leave over is shown as unexplained, never spread over the rest.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from yuyao_lib.errors import InputError, sentence
from yuyao_lib.findings import Estimate
from yuyao_lib.methods.absence import Absent, absent
from yuyao_lib.methods.proportions import counted
from yuyao_lib.methods.tabulation import rows_of
from yuyao_lib.schema import quarter_index
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["PARTS", "StockFlow", "stock_flow"]

PARTS = ("founded", "joined", "left", "cleaned", "gone", "unexplained")
LEAST_CLEANED = 10  # persons: below this a large share is a few people


@dataclass(frozen=True, slots=True)
class StockFlow:
    """Members of all unions, from the first quarter to the last.

    Attributes
    ----------
    quarters
        One row a quarter: ``opening``, the signed parts, ``closing``; opening plus the
        parts is closing in every row.
    bulk
        Share of a union's members whose leaving in one quarter counts as cleaning.
    explained, compared
        Union-quarters whose stated joiners and leavers give the change of the stock
        exactly, and union-quarters that have a quarter before.
    estimates
        ``closing_members``, ``net_growth``, ``joining``, ``leaving``, ``cleaned_share``,
        ``flows_agree``.
    unions
        One row a year (its index, as text) and column a part: distinct unions behind it.
    """

    quarters: pd.DataFrame = field(repr=False)
    bulk: float
    explained: int
    compared: int
    estimates: tuple[Estimate, ...]
    unions: pd.DataFrame = field(repr=False)

    @property
    def total(self) -> dict[str, int]:
        """Opening stock, every part summed over the quarters, closing stock."""
        rows = self.quarters
        ends = {"opening": int(rows["opening"].iloc[0]), "closing": int(rows["closing"].iloc[-1])}
        return {**ends, **{part: int(rows[part].sum()) for part in PARTS}}

    def to_frame(self) -> pd.DataFrame:
        """Return one row an estimate."""
        return rows_of(self.estimates)

    def _repr_html_(self) -> str:
        return self.quarters.to_html(index=False)


def stock_flow(union_quarters: pd.DataFrame | None, *, bulk: float = 0.2) -> StockFlow | Absent:
    r"""Reconcile stocks with flows.

    For every union that stands in two quarters that follow each other the change of its
    members is :math:`\Delta M = J - L - C + U`, with joiners J, leavers L, cleaned files C
    and the rest U; a union first seen later than the first quarter was founded, one not
    seen again is gone.

    Parameters
    ----------
    union_quarters
        One row a union and quarter: ``union_id``, ``quarter`` (2018Q1), ``members`` at its
        end, and where known ``joined`` and ``left``. None: the table is absent.
    bulk
        A union that loses at least this share of its members in one quarter, and at
        least ten of them, is counted as cleaned: people seldom leave so.

    Raises
    ------
    InputError
        If `bulk` is not above 0 and at most 1, or there is one quarter only.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = pd.DataFrame({"union_id": ["a", "a", "b"], "quarter": ["2020Q1", "2020Q2",
    ...     "2020Q2"], "members": [10, 12, 7], "joined": [0, 3, 7], "left": [0, 1, 0]})
    >>> total = stock_flow(rows).total
    >>> total["founded"], total["joined"], total["left"], total["closing"]
    (7, 3, -1, 19)
    """
    off = absent(union_quarters=union_quarters)
    if off is not None or union_quarters is None:
        return off or Absent(("union_quarters",))
    if not 0 < bulk <= 1:
        raise InputError(sentence("share that counts as cleaning", got=bulk, allowed="0 to 1"))
    rows = _with_neighbours(union_quarters)
    if rows["t"].nunique() < 2:
        raise InputError(
            sentence("quarters in union_quarters", got=rows["t"].nunique(), allowed="two or more")
        )
    parts = _parts(rows, bulk)
    quarters = _by_quarter(parts, rows)
    stays = rows[rows["before"].notna()]
    change = stays["members"] - stays["before"]
    explained = int((change == stays["joined"] - stays["left"]).sum())
    estimates = _estimates(quarters, explained, len(stays))
    return StockFlow(quarters, bulk, explained, len(stays), estimates, _unions(parts, rows))


def _with_neighbours(frame: pd.DataFrame) -> pd.DataFrame:
    """Sort, count quarters, and put beside each row the quarter before and after."""
    import numpy as np
    import pandas as pd

    names = frame["quarter"].astype(str)
    index = {name: quarter_index(name) for name in names.unique()}
    rows = pd.DataFrame(
        {
            "union": pd.factorize(frame["union_id"])[0],
            "t": names.map(index).astype("int64"),
            "quarter": names,
            "members": frame["members"].astype("float64"),
        }
    )
    for name in ("joined", "left"):
        rows[name] = frame[name].astype("float64") if name in frame else np.nan
    rows = rows.sort_values(["union", "t"], kind="stable").reset_index(drop=True)
    same = rows["union"].eq(rows["union"].shift())
    follows = same & rows["t"].eq(rows["t"].shift() + 1)
    rows["before"] = rows["members"].shift().where(follows)
    last = rows["t"].max()
    goes_on = rows["union"].eq(rows["union"].shift(-1)) & rows["t"].shift(-1).eq(rows["t"] + 1)
    rows["ends"] = ~goes_on & (rows["t"] < last)
    return rows


def _parts(rows: pd.DataFrame, bulk: float) -> pd.DataFrame:
    """Split every change; unknown flows leave the change unexplained."""
    stays = rows["before"].notna()
    left, joined = rows["left"].fillna(0), rows["joined"].fillna(0)
    cleaned = stays & (left >= LEAST_CLEANED) & (left >= bulk * rows["before"].fillna(0))
    later = ~stays & (rows["t"] > rows["t"].min())
    parts = rows[["t"]].copy()
    parts["founded"] = rows["members"].where(later, 0)
    parts["joined"] = joined.where(stays, 0)
    parts["left"] = -left.where(stays & ~cleaned, 0)
    parts["cleaned"] = -left.where(cleaned, 0)
    change = (rows["members"] - rows["before"]).where(stays, 0)
    parts["unexplained"] = change - parts["joined"] - parts["left"] - parts["cleaned"]
    return parts


def _by_quarter(parts: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Sum by quarter; unions that are gone count in the quarter they are first missed in."""
    import pandas as pd

    table = parts.groupby("t").sum()
    closing = rows.groupby("t")["members"].sum()
    names = rows.groupby("t")["quarter"].first()
    gone = rows[rows["ends"]].groupby("t")["members"].sum()
    gone.index = gone.index + 1
    table["gone"] = -gone.reindex(table.index, fill_value=0)
    table["closing"] = closing
    table["opening"] = closing.shift()
    table = table.iloc[1:]
    kept = ["opening", *PARTS, "closing"]
    whole = table[kept].round().astype("int64")
    return pd.concat([names.reindex(whole.index), whole], axis=1).reset_index(drop=True)


def _unions(parts: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Count by year the unions behind every part; one that is gone, in the quarter after."""
    import pandas as pd

    year = rows["quarter"].str[:4]
    counts = {
        part: rows["union"].where(parts[part] != 0).groupby(year).nunique()
        for part in PARTS
        if part != "gone"
    }
    gone = rows[rows["ends"] & (rows["members"] > 0)]
    after = (gone["t"] + 1).floordiv(4).astype(str)
    counts["gone"] = gone["union"].groupby(after).nunique()
    counts["closing"] = rows["union"].groupby(year).nunique()
    return pd.DataFrame(counts).fillna(0).astype("int64")[[*PARTS, "closing"]]


def _estimates(quarters: pd.DataFrame, explained: int, compared: int) -> tuple[Estimate, ...]:
    """Tell the stock, its growth, and the yearly flows."""
    opening, closing = int(quarters["opening"].iloc[0]), int(quarters["closing"].iloc[-1])
    years, mean = len(quarters) / 4, float(quarters[["opening", "closing"]].to_numpy().mean())

    def a_year(part: str) -> float | None:
        return 100 * abs(float(quarters[part].sum())) / years / mean if mean else None

    lost = int(-quarters[["left", "cleaned"]].to_numpy().sum())
    stock = Text("members at the end of the last quarter", "最后一季末的会员数")
    growth = Text("growth of the stock over all quarters", "存量在各季间的总增长")
    joins = Text(
        "people who joined unions that were there, in percent of members a year",
        "加入已有工会者占会员的百分比，按年",
    )
    leaves = Text(
        "people who left unions that were there, in percent of members a year",
        "离开已有工会者占会员的百分比，按年",
    )
    return (
        counted("closing_members", closing, term="members_stock", unit="persons", estimand=stock,
                n=closing),
        counted("net_growth", 100 * (closing / opening - 1) if opening else None,
                term="membership_growth", unit="percent", estimand=growth, n=closing),
        counted("joining", a_year("joined"), term="joining_rate", unit="percent_a_year",
                estimand=joins, n=closing),
        counted("leaving", a_year("left"), term="leaving_rate", unit="percent_a_year",
                estimand=leaves, n=closing),
        counted("cleaned_share", _percent(int(-quarters["cleaned"].sum()), lost),
                term="cleaned_share", unit="percent", n=lost, n_unit="departures",
                estimand=Text("departures that look like cleaned files",
                              "看似数据清理的退会")),
        counted("flows_agree", _percent(explained, compared), term="flows_agree",
                unit="percent", n=compared, n_unit="union_quarters",
                estimand=Text("union-quarters whose joiners and leavers give the change",
                              "入会与退会恰能说明存量变化的工会季度")),
    )  # fmt: skip


def _percent(part: int, whole: int) -> float | None:
    """Return a share in percent; None of nothing."""
    return 100 * part / whole if whole else None
