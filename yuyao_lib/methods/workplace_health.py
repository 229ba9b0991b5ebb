"""Injuries and days of absence at work, and whether better-rated firms have fewer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from yuyao_lib.findings import Design, Estimate
from yuyao_lib.methods.absence import Absent, absent
from yuyao_lib.methods.coefficients import ratio_of
from yuyao_lib.methods.proportions import counted
from yuyao_lib.methods.smaller_sides import Counts, carriers
from yuyao_lib.methods.tabulation import rows_of
from yuyao_lib.methods.wald_intervals import wald
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["WorkplaceHealth", "workplace_health"]

TRUTHS = {"injury_ratio": "truths/employer_years/injury_rate_ratio"}
POINTS = 10.0  # of the rating, for which the ratio is told
CAVEAT = Text(
    "Firms that join a campaign may report fewer injuries without having fewer; better-rated firms"
    " also differ in other ways. This is a difference, not an effect.",
    "参加活动的企业可能少报工伤而非减少工伤；评分较高的企业在其他方面也不同。这是差异，不是效应。",
)
BY_FIRM = Text(
    "the larger of the sandwich summed by firm and the likelihood's own error, Student's t",
    "取按企业聚合的稳健标准误与似然标准误中较大者，t 分布",
)
NO_POINTS = Text(
    "fewer than three rated firms, or ratings and injuries that do not vary",
    "有评分的企业不足三家，或评分与工伤没有变化",
)


@dataclass(frozen=True, slots=True)
class WorkplaceHealth:
    """Injuries and absence by year, and what goes with a better rating.

    Attributes
    ----------
    years
        One row a year: ``workers``, ``injuries``, ``injuries_per_1000``,
        ``absence_per_worker`` (days).
    estimates
        ``injuries_per_1000``, ``absence_days`` and ``injury_ratio`` (for ten points more, years
        held equal).
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


def workplace_health(
    employer_years: pd.DataFrame | None, *, level: float = 0.95
) -> WorkplaceHealth | Absent:
    """Count injuries and absence, and compare them by rating.

    The ratio is that of a Poisson regression of injuries on rating points and years, with
    headcount as exposure; errors are summed by firm.

    Parameters
    ----------
    employer_years
        ``employer_id``, ``year``, ``headcount``, ``injuries`` and where known
        ``absence_days`` and ``rating_points``. None: absent.
    level
        Coverage of the interval.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = pd.DataFrame({"employer_id": ["a", "b"], "year": 2020, "headcount": [400, 600],
    ...     "injuries": [2, 1]})
    >>> workplace_health(rows).estimates[0].estimate
    3.0
    """
    off = absent(employer_years=employer_years)
    if off is not None or employer_years is None:
        return off or Absent(("employer_years",))
    rows = employer_years[employer_years["injuries"].notna() & (employer_years["headcount"] > 0)]
    summed = [c for c in ("headcount", "injuries", "absence_days") if c in rows]
    years = rows.groupby("year")[summed].sum().reset_index()
    years = years.rename(columns={"headcount": "workers"})
    years["injuries_per_1000"] = 1000 * years["injuries"] / years["workers"]
    if "absence_days" in years:
        years["absence_per_worker"] = years["absence_days"] / years["workers"]
    return WorkplaceHealth(years, (*_rates(years, rows), _ratio(rows, level)))


def _behind(rows: pd.DataFrame, what: str) -> Counts:
    """Count the firms that carry what happened, and of injuries the persons there can be."""
    events = rows.groupby("employer_id")[what].sum().to_numpy("float64")
    persons = int(events.sum()) if what == "injuries" else None
    return {"persons": persons, "employers": carriers(events)}


def _rates(years: pd.DataFrame, rows: pd.DataFrame) -> list[Estimate]:
    """Tell injuries and absence over all years."""
    time = int(years["workers"].sum())
    made = [
        counted("injuries_per_1000", 1000 * float(years["injuries"].sum()) / time if time else None,
                term="injury_rate", unit="per_1000_person_years", n=time, n_unit="person_years",
                estimand=Text("injuries at work", "工伤"), **_behind(rows, "injuries")),
    ]  # fmt: skip
    if "absence_days" in years:
        made.append(
            counted("absence_days", float(years["absence_days"].sum()) / time if time else None,
                    term="absence_rate", unit="days_per_person_year", n=time,
                    n_unit="person_years", estimand=Text("days of sick leave", "病假天数"),
                    **_behind(rows, "absence_days"))
        )  # fmt: skip
    return made


def _ratio(rows: pd.DataFrame, level: float) -> Estimate:
    """Return the ratio of injury rates for ten points more."""
    import statsmodels.api as sm

    words: dict[str, Any] = {
        "key": "injury_ratio", "term": "injury_rate", "method": "poisson",
        "unit": "incidence_rate_ratio", "design": Design.OBSERVATIONAL, "level": level,
        "n_unit": "firm_years", "caveat": CAVEAT,
        "estimand": Text(f"injuries with a rating {POINTS:g} points higher, over those without",
                         f"评分高 {POINTS:g} 分时的工伤率之比"),
    }  # fmt: skip
    if "rating_points" not in rows:
        return Estimate(undefined=NO_POINTS, **words)
    known = rows[rows["rating_points"].notna()]
    # a year without any injury says nothing about ratios
    known = known[known.groupby("year")["injuries"].transform("sum") > 0]
    firms = int(known["employer_id"].nunique())
    if firms < 3 or known["rating_points"].nunique() < 2:
        return Estimate(undefined=NO_POINTS, **words)
    dummies = np.array([known["year"] == y for y in known["year"].unique()], "float64").T
    x = np.column_stack([known["rating_points"].to_numpy("float64") / POINTS, dummies])
    model = sm.GLM(
        known["injuries"].to_numpy("float64"), x, family=sm.families.Poisson(),
        exposure=known["headcount"].to_numpy("float64"),
    )  # fmt: skip
    groups = {"groups": known["employer_id"].factorize()[0]}
    fit, plain = model.fit(cov_type="cluster", cov_kwds=groups), model.fit()
    # the few large firms lead, so that the sandwich is too narrow even with many firms
    log, error = float(fit.params[0]), float(max(fit.bse[0], plain.bse[0]))
    logs = Estimate(
        **wald(log, error, level=level, df=firms - 1), n=len(known), clusters=firms,
        cluster_unit="firms", inference=BY_FIRM, residual_df=len(known) - x.shape[1], **words,
        **_behind(known, "injuries"),
    )  # fmt: skip
    return ratio_of(logs, unit=logs.unit)
