"""How often union cadres leave office, with and without an allowance.

Time is split where the allowance begins: counting a cadre as paid from the first day
because he or she was paid later would credit the allowance with the years survived
before it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from yuyao_lib.findings import Design, Estimate
from yuyao_lib.methods.absence import Absent, absent
from yuyao_lib.methods.coefficients import Told, group_words, leave_one_group_out, ratio_of
from yuyao_lib.methods.proportions import counted
from yuyao_lib.methods.tabulation import rows_of
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["CadreTurnover", "cadre_turnover", "split_terms"]

TRUTHS = {"rate_ratio": "truths/cadres/allowance_rate_ratio"}
DAYS_A_YEAR = 365.25
NO_COMPARISON = Text(
    "cadres with and without an allowance do not both have terms that ended",
    "有补贴与无补贴的干部并非都有离任者",
)


@dataclass(frozen=True, slots=True)
class CadreTurnover:
    """Departures from office per 100 cadre-years.

    Attributes
    ----------
    years
        One row a calendar year and whether paid: ``departures``, ``cadre_years``.
    estimates
        ``rate_paid``, ``rate_unpaid``, ``rate_ratio`` (paid over unpaid, within years).
    truths
        Where the truth of a simulated register holds theirs.
    """

    years: pd.DataFrame = field(repr=False)
    estimates: tuple[Estimate, ...]
    truths: dict[str, str] = field(default_factory=lambda: dict(TRUTHS), repr=False)

    def to_frame(self) -> pd.DataFrame:
        """Return one row an estimate."""
        return rows_of(self.estimates)

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


def cadre_turnover(
    cadres: pd.DataFrame | None, *, unions: pd.DataFrame | None = None, level: float = 0.95
) -> CadreTurnover | Absent:
    """Compare departures with and without an allowance, within calendar years.

    A Poisson regression of departures on years and on being paid, time as exposure;
    errors leave out one town at a time, since towns begin to pay at one date for all.

    Parameters
    ----------
    cadres
        ``union_id``, ``start_on``, ``end_on`` (empty: in office), ``allowance_on`` (empty:
        never paid). None: absent.
    unions
        ``union_id``, ``town_id``; without it the groups are unions, and there are no errors
        where these are more than 300.
    level
        Coverage of the intervals.

    Notes
    -----
    Watching begins with the first departure in the table: who left before it is not
    listed, so earlier years would count time in which nobody could be seen to leave.
    """
    off = absent(cadres=cadres)
    if off is not None or cadres is None:
        return off or Absent(("cadres",))
    pieces = split_terms(cadres)
    towns = None if unions is None or "town_id" not in unions else unions.set_index("union_id")
    pieces["group"] = pieces["union_id"] if towns is None else pieces["union_id"].map(
        towns["town_id"].astype(str)
    )  # fmt: skip
    summed = ["departures", "cadre_years"]
    years = pieces.groupby(["year", "paid"])[summed].sum().reset_index()
    rates = tuple(_rate(years, paid=paid) for paid in (True, False))
    cells = pieces.groupby(["group", "year", "paid"])[summed].sum().reset_index()
    return CadreTurnover(years, (*rates, _ratio(cells, level)))


def split_terms(cadres: pd.DataFrame) -> pd.DataFrame:
    """Split terms by calendar year and by whether paid.

    Returns
    -------
    DataFrame
        ``union_id``, ``year``, ``paid``, ``cadre_years``, ``departures``, one row a term,
        year and status with time in it.

    Examples
    --------
    >>> import pandas as pd
    >>> terms = pd.DataFrame({"union_id": ["u", "v"], "start_on": ["2018-01-01"] * 2,
    ...     "end_on": ["2020-07-01", "2019-01-01"], "allowance_on": ["2020-01-01", None]})
    >>> split_terms(terms)[["year", "paid", "departures"]].values.tolist()
    [[2019, False, 0], [2020, True, 1]]
    """
    import pandas as pd

    names = ("start_on", "end_on", "allowance_on")
    start, end, turn = (_days(pd.to_datetime(cadres[name])) for name in names)
    since: float = np.nanmin(end)
    last: float = np.nanmax(np.concatenate([start, end, turn]))
    begun, stop = np.maximum(start, since), np.where(np.isnan(end), last, end)
    turn = np.maximum(np.where(np.isnan(turn), np.inf, turn), begun)
    parts = []
    for year in range(_year(since), _year(last) + 1):
        first, after = (_days(pd.Series([pd.Timestamp(y, 1, 1)]))[0] for y in (year, year + 1))
        for paid, low, high in ((False, begun, np.minimum(turn, stop)), (True, turn, stop)):
            lower, upper = np.maximum(low, first), np.minimum(high, after)
            left = (end > begun) & (end > first) & (end <= after) & ((turn < stop) == paid)
            rows = {
                "union_id": cadres["union_id"].to_numpy(), "year": year, "paid": paid,
                "cadre_years": np.maximum(upper - lower, 0) / DAYS_A_YEAR,
                "departures": left.astype("int64"),
            }  # fmt: skip
            parts.append(pd.DataFrame(rows))
    rows = pd.concat(parts, ignore_index=True)
    return rows[(rows["cadre_years"] > 0) | (rows["departures"] > 0)].reset_index(drop=True)


def _days(dates: pd.Series) -> Any:
    """Return dates as days since 1970, NaN where empty."""
    return ((dates - np.datetime64("1970-01-01")) / np.timedelta64(1, "D")).to_numpy("float64")


def _year(day: float) -> int:
    """Return the calendar year of a day since 1970."""
    return int(np.datetime64(int(day), "D").astype("datetime64[Y]").astype("int64")) + 1970


def _rate(years: pd.DataFrame, *, paid: bool) -> Estimate:
    """Return departures per 100 cadre-years."""
    rows = years[years["paid"] == paid]
    ends, time = int(rows["departures"].sum()), float(rows["cadre_years"].sum())
    what = Text("with an allowance", "有补贴") if paid else Text("without one", "无补贴")
    return counted(
        f"rate_{'paid' if paid else 'unpaid'}", 100 * ends / time if time else None,
        term="cadre_departures", unit="per_100_cadre_years", n=ends, n_unit="departures",
        estimand=what,
    )  # fmt: skip


def _ratio(cells: pd.DataFrame, level: float) -> Estimate:
    """Return the ratio of rates within years, errors by leaving out one group at a time."""
    ends = cells.groupby("paid")["departures"].sum()
    told = Told(method="poisson", n=int(ends.sum()), n_unit="departures", level=level)
    words: dict[str, Any] = {
        "term": "cadre_rate_ratio", "unit": "incidence_rate_ratio",
        "design": Design.OBSERVATIONAL,
        "estimand": Text("departures with an allowance over those without, within years",
                         "同年内有补贴与无补贴干部离任率之比"),
    }  # fmt: skip
    if len(ends) < 2 or (ends == 0).any():
        return told.missing("rate_ratio", NO_COMPARISON, **words)
    groups = cells["group"].factorize()[0].astype("int64")
    spread = leave_one_group_out(lambda kept: _fit(cells[kept]), groups)
    value = _fit(cells)
    if isinstance(spread, Text) or value is None:
        return told.missing("rate_ratio", spread if isinstance(spread, Text) else NO_COMPARISON,
                            **words)  # fmt: skip
    n = int(groups.max()) + 1
    left = told.n - cells["year"].nunique() - 1
    own = Told(method="poisson", n=told.n, n_unit="departures", level=level, clusters=n,
               inference=group_words(n), residual_df=left)  # fmt: skip
    logs = own.wald("rate_ratio", float(value[0]), float(np.sqrt(spread[0, 0])),
                    cluster_unit="towns", **{**words, "unit": "log_points"})  # fmt: skip
    return ratio_of(logs, unit="incidence_rate_ratio")


def _fit(cells: pd.DataFrame) -> Any:
    """Fit the regression; None where one side has no departure."""
    import statsmodels.api as sm

    rows = cells.groupby(["year", "paid"])[["departures", "cadre_years"]].sum().reset_index()
    rows = rows[rows["cadre_years"] > 0]
    if (rows.groupby("paid")["departures"].sum() == 0).any() or rows["paid"].nunique() < 2:
        return None
    years = np.array([rows["year"] == y for y in rows["year"].unique()], dtype="float64").T
    x = np.column_stack([rows["paid"].astype("float64"), years])
    kept = years.T @ rows["departures"].to_numpy() > 0
    used = years[:, kept].sum(axis=1) > 0
    x = x[used][:, np.concatenate([[True], kept])]
    model = sm.GLM(
        rows["departures"].to_numpy()[used], x, family=sm.families.Poisson(),
        exposure=rows["cadre_years"].to_numpy()[used],
    )  # fmt: skip
    return np.asarray(model.fit().params)[:1]  # years differ with what is left out
