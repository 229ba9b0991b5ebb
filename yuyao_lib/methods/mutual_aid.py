"""Mutual medical aid: what is paid in and out, who is reached, and who comes back.

Enrolments are person-times: one person enrols every year anew. Those who claim are
counted as persons and as claims, and the two are never added or divided as if one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from yuyao_lib.findings import Design, Estimate
from yuyao_lib.methods.absence import Absent, absent
from yuyao_lib.methods.packages import undisturbed
from yuyao_lib.methods.proportions import counted
from yuyao_lib.methods.smaller_sides import carriers
from yuyao_lib.methods.tabulation import rows_of
from yuyao_lib.methods.wald_intervals import wald
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["AdverseSelection", "MutualAid", "adverse_selection", "mutual_aid"]

CAVEAT = Text(
    "That those who claimed come back more often fits people who know their own health, and"
    " also people who have learnt what the scheme is worth.",
    "获补助者更常续保，既可能因其了解自己的健康，也可能因其体会到互助的价值。",
)
SANDWICH = Text("logit on years, normal", "含年份的逻辑斯谛回归，正态分布")
ONE_SIDE = Text(
    "those with and without a claim do not both come back and stay away",
    "有补助者与无补助者并非都有续保与未续保者",
)


@dataclass(frozen=True, slots=True)
class MutualAid:
    """Money and people, by year.

    Attributes
    ----------
    years
        One row a year: ``enrolments``, ``contributions``, ``claims``, ``paid``,
        ``payout`` in percent, ``claims_per_1000``.
    estimates
        ``payout_ratio``, ``paid_per_enrolment``, ``claims_per_1000`` enrolments,
        ``claimants`` (persons), ``covered_share`` of what patients paid themselves.
    shares
        Year -> what each person with a claim was paid, for the rules on disclosure.
    """

    years: pd.DataFrame = field(repr=False)
    estimates: tuple[Estimate, ...]
    shares: dict[int, tuple[float, ...]] = field(default_factory=dict, repr=False)

    def to_frame(self) -> pd.DataFrame:
        """Return one row an estimate."""
        return rows_of(self.estimates)

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


def mutual_aid(frame: pd.DataFrame | None) -> MutualAid | Absent:
    """Sum what was paid in and out.

    Parameters
    ----------
    frame
        ``worker_id``, ``year``, ``contribution``, ``claim`` and where known
        ``out_of_pocket``. None: absent.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = pd.DataFrame({"worker_id": ["a", "b"], "year": 2020, "contribution": 60.0,
    ...     "claim": [90.0, 0.0]})
    >>> mutual_aid(rows).estimates[0].estimate
    75.0
    """
    off = absent(mutual_aid=frame)
    if off is not None or frame is None:
        return off or Absent(("mutual_aid",))
    claim = frame["claim"].fillna(0).to_numpy("float64")
    rows = frame[["year", "contribution"]].assign(claim=claim, claims=claim > 0)
    years = rows.groupby("year").agg(
        enrolments=("claims", "size"), contributions=("contribution", "sum"),
        claims=("claims", "sum"), paid=("claim", "sum"),
    ).reset_index()  # fmt: skip
    years["payout"] = 100 * years["paid"] / years["contributions"].where(years["contributions"] > 0)
    years["claims_per_1000"] = 1000 * years["claims"] / years["enrolments"]
    paid = rows[rows["claims"]].groupby("year")["claim"]
    shares = {int(year): tuple(part.tolist()) for year, part in paid}
    return MutualAid(years, _sums(frame, years, claim), shares)


def _sums(frame: pd.DataFrame, years: pd.DataFrame, claim: np.ndarray) -> tuple[Estimate, ...]:
    """Tell the sums over all years."""
    n, paid_in = int(years["enrolments"].sum()), float(years["contributions"].sum())
    paid, claims = float(years["paid"].sum()), int(years["claims"].sum())
    people = int(frame["worker_id"][claim > 0].nunique())
    again = claims - people  # beside the claims of every year, the persons tell these, too
    spent = np.bincount(frame["worker_id"].factorize()[0], weights=claim)
    money: dict[str, Any] = {"n": n, "n_unit": "enrolments", "persons": carriers(spent)}
    made = [
        counted("payout_ratio", 100 * paid / paid_in if paid_in else None, term="payout_ratio",
                unit="percent", estimand=Text("paid out of what was paid in", "补助占缴费"),
                **money),
        counted("paid_per_enrolment", paid / n if n else None, term="payout_ratio",
                unit="cny_per_enrolment",
                estimand=Text("paid out per enrolment: the contribution that would break even",
                              "每参保人次补助额：即收支相抵的缴费"), **money),
        counted("claims_per_1000", 1000 * claims / n if n else None, term="claim_incidence",
                unit="per_1000_enrolments",
                estimand=Text("enrolments with a claim", "有补助的参保人次"),
                n=n, n_unit="enrolments", persons=people),
        counted("claimants", people, term="claim_incidence", unit="persons",
                estimand=Text("persons with a claim in any year", "任一年获补助的人数"),
                n=people, persons=min(people, again or people)),
    ]  # fmt: skip
    if "out_of_pocket" in frame:
        bills = frame["out_of_pocket"].fillna(0).to_numpy("float64") * (claim > 0)
        borne = np.bincount(frame["worker_id"].factorize()[0], weights=bills)
        own = float(borne.sum())
        made.append(
            counted("covered_share", 100 * paid / own if own else None, term="covered_share",
                    unit="percent", n=claims, n_unit="claims_paid",
                    persons=min(carriers(spent), carriers(borne)),
                    estimand=Text("aid over what patients paid themselves",
                                  "补助占患者自付费用"))
        )  # fmt: skip
    return tuple(made)


@dataclass(frozen=True, slots=True)
class AdverseSelection:
    """Whether those with a claim come back more often.

    Attributes
    ----------
    years
        One row a year and claim: ``enrolments``, ``again``, ``share`` in percent.
    stayers
        Whether only people still in the register a year later are compared.
    estimates
        ``reenrolment_log_odds`` with year held equal, ``reenrolment_difference``.
    """

    years: pd.DataFrame = field(repr=False)
    stayers: bool
    estimates: tuple[Estimate, ...]

    def to_frame(self) -> pd.DataFrame:
        """Return one row an estimate."""
        return rows_of(self.estimates)

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


def adverse_selection(
    cells: pd.DataFrame | None, *, level: float = 0.95
) -> AdverseSelection | Absent:
    """Compare re-enrolment after a claim with re-enrolment without one.

    If enrolment does not depend on health, a claim tells nothing about coming back; the
    positive correlation of the two is the usual test (Chiappori and Salanie 2000).

    Parameters
    ----------
    cells
        ``year``, ``claimed``, ``stays`` (may be unknown), ``again``, ``enrolments``, as
        ``yuyao_lib.sources.aggregates.reenrolments`` counts them. None: absent.
    level
        Coverage of the interval.

    Examples
    --------
    >>> import pandas as pd
    >>> cells = pd.DataFrame({"year": 2020, "claimed": [True, True, False, False],
    ...     "stays": True, "again": [True, False, True, False], "enrolments": [60, 40, 50, 50]})
    >>> round(adverse_selection(cells).estimates[0].estimate, 3)  # log(60/40) - log(50/50)
    0.405
    """
    off = absent(mutual_aid=cells)
    if off is not None or cells is None:
        return off or Absent(("mutual_aid",))
    known = bool(cells["stays"].notna().all()) and len(cells) > 0
    rows = cells[cells["stays"].astype(bool)] if known else cells
    rows = rows.assign(
        back=rows["enrolments"].where(rows["again"].astype(bool), 0),
        claimed=rows["claimed"].astype(bool),
    )
    years = rows.groupby(["year", "claimed"])[["enrolments", "back"]].sum().reset_index()
    years = years.rename(columns={"back": "again"})
    years["share"] = 100 * years["again"] / years["enrolments"]
    return AdverseSelection(years, known, (_odds(years, level), _difference(years)))


def _odds(years: pd.DataFrame, level: float) -> Estimate:
    """Return the difference in log odds, years held equal."""
    import statsmodels.api as sm
    from statsmodels.tools.sm_exceptions import PerfectSeparationWarning

    words: dict[str, Any] = {
        "key": "reenrolment_log_odds", "term": "adverse_selection_test", "method": "logit",
        "unit": "log_odds", "design": Design.OBSERVATIONAL, "level": level, "caveat": CAVEAT,
        "n": int(years["enrolments"].sum()), "n_unit": "enrolments",
        "estimand": Text("coming back after a claim less without one, years held equal",
                         "有补助者与无补助者续保之差，控制年份"),
    }  # fmt: skip
    sides = years.groupby("claimed")[["enrolments", "again"]].sum()
    inside = (sides["again"] > 0) & (sides["again"] < sides["enrolments"])
    if len(sides) < 2 or not inside.all():
        return Estimate(undefined=ONE_SIDE, **words)
    dummies = np.array([years["year"] == y for y in years["year"].unique()], "float64").T
    x = np.column_stack([years["claimed"].to_numpy("float64"), dummies])
    y = np.column_stack([years["again"], years["enrolments"] - years["again"]]).astype("float64")
    # one year alone is fitted exactly, which the package takes for separation
    with undisturbed(ignore=(PerfectSeparationWarning,), module="statsmodels"):
        fit = sm.GLM(y, x, family=sm.families.Binomial()).fit()
    value, error = float(fit.params[0]), float(fit.bse[0])
    return Estimate(
        **wald(value, error, level=level), inference=SANDWICH,
        residual_df=words["n"] - x.shape[1], **words,
    )  # fmt: skip


def _difference(years: pd.DataFrame) -> Estimate:
    """Return the raw difference in percentage points."""
    sides = years.groupby("claimed")[["enrolments", "again"]].sum()
    n = int(sides["enrolments"].sum())
    share = 100 * sides["again"] / sides["enrolments"]
    value = float(share[True] - share[False]) if len(share) == 2 else None
    return counted(
        "reenrolment_difference", value, term="adverse_selection_test",
        unit="percentage_points", n=n, n_unit="enrolments",
        estimand=Text("coming back after a claim less without one, as they are",
                      "有补助者与无补助者续保之差，未作调整"),
    )  # fmt: skip
