"""Which firms have a contract since when, and comparable firms that never had one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from yuyao_lib.errors import InputError, sentence
from yuyao_lib.methods.adoption_periods import require
from yuyao_lib.methods.smaller_sides import rarest

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["BalanceRow", "Matched", "contract_firms", "match_controls", "pay_panel"]

TOPIC = "grade_contracts"
ELSEWHERE = 1000.0  # added to the distance of a firm of another kind: taken only for want


@dataclass(frozen=True, slots=True)
class BalanceRow:
    """Means of one characteristic, and how far firms without a contract are off.

    Attributes
    ----------
    name
        Column.
    treated, others, matched
        Means over firms with a contract, all firms without, and the matched ones.
    gap_before, gap_after
        Difference from the firms with a contract over their pooled standard deviation.
    rarest
        Of a characteristic that a firm has or has not: fewest firms of one of the three kinds
        on one side of it; None of any other.
    """

    name: str
    treated: float
    others: float
    matched: float
    gap_before: float | None
    gap_after: float | None
    rarest: int | None = None


@dataclass(frozen=True, slots=True)
class Matched:
    """Firms with a contract, the firms they are compared with, and how alike they are.

    Attributes
    ----------
    frame
        One row a firm that is kept: as `contract_firms`, with ``matched_to``.
    treated, controls
        Numbers of firms.
    pool
        Firms without a contract from which controls were taken.
    balance
        One row a characteristic.
    """

    frame: pd.DataFrame = field(repr=False)
    treated: int
    controls: int
    pool: int
    balance: tuple[BalanceRow, ...]

    def to_frame(self) -> pd.DataFrame:
        """Return one row a characteristic."""
        import pandas as pd

        names = ("name", "treated", "others", "matched", "gap_before", "gap_after")
        rows = [[getattr(row, name) for name in names] for row in self.balance]
        return pd.DataFrame(rows, columns=list(names))

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


def contract_firms(
    employers: pd.DataFrame,
    contracts: pd.DataFrame,
    *,
    kind: str = "grade_wage",
    unions: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return one row an employer, with the quarter of its first contract of a kind.

    Parameters
    ----------
    employers
        Table ``employers``: ``employer_id``, ``headcount`` (persons), and what else
        there is of ``industry``, ``reform_pilot`` and ``accredited_on``.
    contracts
        Table ``contracts``: ``employer_id``, ``kind``, ``effective_on``.
    kind
        Kind of contract that counts.
    unions
        Table ``unions`` with ``employer_id`` and ``star``; None where there is none.

    Returns
    -------
    pd.DataFrame
        ``employer_id``, ``first_contract`` (quarters counted; 0: never), ``log_headcount``,
        ``industry``, ``reform_pilot``, ``accredited`` (0 or 1), ``rated_union`` (0 or 1:
        its own union has a star); columns whose source is missing are left out.

    Examples
    --------
    >>> import pandas as pd
    >>> firms = pd.DataFrame({"employer_id": ["A", "B"], "headcount": [100, 50]})
    >>> signed = pd.DataFrame({"employer_id": ["A"], "kind": ["grade_wage"],
    ...                        "effective_on": ["2022-04-01"]})
    >>> contract_firms(firms, signed)["first_contract"].tolist()
    [8089, 0]
    """
    import pandas as pd

    require(employers, ["employer_id", "headcount"])
    require(contracts, ["employer_id", "kind", "effective_on"])
    out = pd.DataFrame({"employer_id": employers["employer_id"].astype(str)})
    since = pd.to_datetime(contracts["effective_on"])
    start = since.dt.year * 4 + since.dt.quarter - 1
    chosen = (contracts["kind"].astype(str) == kind).to_numpy()
    first = start[chosen].groupby(contracts["employer_id"][chosen].astype(str)).min()
    out["first_contract"] = out["employer_id"].map(first).fillna(0).astype("int64").to_numpy()
    out["log_headcount"] = np.log(employers["headcount"].to_numpy(dtype="float64"))
    if "industry" in employers:
        out["industry"] = employers["industry"].astype(str).to_numpy()
    if "reform_pilot" in employers:
        out["reform_pilot"] = employers["reform_pilot"].astype("float64").to_numpy()
    if "accredited_on" in employers:
        out["accredited"] = employers["accredited_on"].notna().astype("float64").to_numpy()
    if unions is not None and {"employer_id", "star"} <= set(unions.columns):
        held = unions.dropna(subset=["employer_id"])
        rated = held.loc[held["star"] > 0, "employer_id"].astype(str)
        out["rated_union"] = out["employer_id"].isin(set(rated)).astype("float64")
    return out.drop_duplicates("employer_id", ignore_index=True)


def match_controls(
    firms: pd.DataFrame,
    *,
    per_firm: int = 5,
    on: Sequence[str] = ("log_headcount",),
    within: str = "industry",
) -> Matched:
    """Give every firm with a contract its nearest firms that never had one.

    Parameters
    ----------
    firms
        As from `contract_firms`.
    per_firm
        Controls for each; each is used once. 0: every firm that never had a contract.
    on
        Columns whose standardised distance is compared.
    within
        Column in which controls should agree; another kind is taken only when the firm's
        own kind has none left. Ignored where the column is missing.

    Raises
    ------
    InputError
        If `per_firm` is below 0.

    Notes
    -----
    Greedy and without replacement, the firms that are farthest from the pool first. It
    uses no outcome: matching on pay before the contract would pull in firms that had a
    lucky quarter and whose pay falls back.
    """
    if per_firm < 0:
        raise InputError(sentence("controls for each firm", got=per_firm, allowed="0 or more"))
    require(firms, ["employer_id", "first_contract", *on])
    treated = firms[firms["first_contract"] > 0]
    pool = firms[firms["first_contract"] == 0]
    picked, matched_to = _nearest(treated, pool, per_firm, on, within)
    controls = pool.iloc[picked].assign(matched_to=matched_to)
    kept = treated.assign(matched_to=treated["employer_id"])
    import pandas as pd

    both = pd.concat([kept, controls], ignore_index=True)
    names = [n for n in ("log_headcount", "reform_pilot", "accredited", "rated_union") if n in both]
    rows = tuple(_balance(name, treated, pool, controls) for name in names)
    return Matched(both, len(treated), len(controls), len(pool), rows)


def _nearest(
    treated: pd.DataFrame, pool: pd.DataFrame, per_firm: int, on: Sequence[str], within: str
) -> tuple[list[int], list[str]]:
    """Return the places of the controls in the pool, and whom each was taken for."""
    if per_firm == 0 or treated.empty:
        return list(range(len(pool))), [""] * len(pool)
    x = treated[list(on)].to_numpy(dtype="float64")
    z = pool[list(on)].to_numpy(dtype="float64")
    spread = np.vstack([x, z]).std(axis=0)
    scale = np.where(spread > 0, spread, 1.0)
    gap = np.abs((x[:, None, :] - z[None, :, :]) / scale).sum(axis=2)
    if within in treated and within in pool:
        gap += ELSEWHERE * (treated[within].to_numpy()[:, None] != pool[within].to_numpy())
    order = np.argsort(-gap.mean(axis=1), kind="stable")
    picked: list[int] = []
    matched_to: list[str] = []
    for firm in order:
        free = np.argsort(gap[firm], kind="stable")[:per_firm]
        free = free[np.isfinite(gap[firm][free])]
        gap[:, free] = np.inf
        picked += free.tolist()
        matched_to += [str(treated["employer_id"].iloc[firm])] * len(free)
    return picked, matched_to


def _balance(
    name: str, treated: pd.DataFrame, pool: pd.DataFrame, controls: pd.DataFrame
) -> BalanceRow:
    """Compare one characteristic before and after matching."""
    a, b, c = (part[name].to_numpy(dtype="float64") for part in (treated, pool, controls))
    spread = float(np.sqrt((a.var() + b.var()) / 2)) if len(a) and len(b) else 0.0
    means = [float(v.mean()) if len(v) else float("nan") for v in (a, b, c)]
    gaps = [(m - means[0]) / spread if spread > 0 and np.isfinite(m) else None for m in means[1:]]
    return BalanceRow(name, means[0], means[1], means[2], gaps[0], gaps[1], rarest((a, b, c)))


def pay_panel(
    cells: pd.DataFrame, firms: pd.DataFrame, *, first: int | None = None, last: int | None = None
) -> pd.DataFrame:
    """Join cells of employers and quarters with what is known of the firms that are kept.

    Parameters
    ----------
    cells
        As from `firm_cells.merge_grades`.
    firms
        ``Matched.frame``, or any rows of `contract_firms`.
    first, last
        First and last quarter that are used, quarters counted; None: all.

    Returns
    -------
    pd.DataFrame
        One row a firm and quarter, only of firms in `firms`.
    """
    rows = cells.merge(firms, on="employer_id", how="inner", validate="m:1")
    low = rows["period"].min() if first is None else first
    high = rows["period"].max() if last is None else last
    return rows[rows["period"].between(low, high)].reset_index(drop=True)
