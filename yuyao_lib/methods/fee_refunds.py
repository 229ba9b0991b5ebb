"""Fee refunds: what changes at the limit up to which small payers get their fee back.

Who paid no more than the limit is refunded, who paid more is not. The running variable
is the log of the limit over the fee, so that those at or above zero are refunded.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from yuyao_lib.errors import InputError, sentence
from yuyao_lib.findings import Estimate
from yuyao_lib.methods.absence import Absent, absent
from yuyao_lib.methods.discontinuity import Discontinuity, estimate_jump
from yuyao_lib.methods.discontinuity_bins import BinnedMeans, binned_means
from yuyao_lib.methods.discontinuity_results import Setting
from yuyao_lib.methods.running_density import DensityTest, density_jump
from yuyao_lib.methods.tabulation import rows_of
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["FeeRefunds", "fee_refunds", "refund_rows"]

TRUTHS = {"refund_effect": "truths/refunds/headcount_log_points"}
RUNNING, OUTCOME, REFUNDED = "log_limit_over_fee", "headcount_growth", "refunded"


@dataclass(frozen=True, slots=True)
class FeeRefunds:
    """The jump at the limit.

    Attributes
    ----------
    design, picture, density
        The fuzzy design, its binned means, and the test whether payers heap below the limit,
        each firm in its last year.
    limit
        CNY a year.
    estimates
        ``refund_effect`` (of being refunded on growth of headcount in the next year, log
        points) and ``refund_first_stage`` (jump of the share refunded).
    truths
        Where the truth of a simulated register holds theirs.
    """

    design: Discontinuity = field(repr=False)
    picture: BinnedMeans = field(repr=False)
    density: DensityTest = field(repr=False)
    limit: float
    estimates: tuple[Estimate, ...]
    truths: dict[str, str] = field(default_factory=lambda: dict(TRUTHS), repr=False)

    def to_frame(self) -> pd.DataFrame:
        """Return one row an estimate."""
        return rows_of(self.estimates)

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


def fee_refunds(
    refunds: pd.DataFrame | None,
    employer_years: pd.DataFrame | None,
    *,
    limit: float,
    level: float = 0.95,
) -> FeeRefunds | Absent:
    """Compare growth of headcount just below and just above the limit of refunds.

    Parameters
    ----------
    refunds
        ``employer_id``, ``year``, ``fee_paid``, ``refund`` (CNY). None: absent.
    employer_years
        ``employer_id``, ``year``, ``headcount`` at the end of the year. None: absent.
    limit
        Largest fee that is refunded, CNY a year.
    level
        Coverage of the intervals.

    Raises
    ------
    InputError
        If the limit is not above zero.

    Notes
    -----
    Firms can bunch below a limit they know, and other relief may share it: the density test
    asks for the first, nothing here can answer the second.
    """
    off = absent(refunds=refunds, employer_years=employer_years)
    if off is not None or refunds is None or employer_years is None:
        return off or Absent(("refunds",))
    rows = refund_rows(refunds, employer_years, limit=limit)
    setting = Setting(
        outcome=OUTCOME, running=RUNNING, cutoff=0.0, treatment=REFUNDED, cluster="employer_id",
        level=level, term="fee_refund_jump", unit="log_points", n_unit="firm_years",
        cluster_unit="firms",
    )  # fmt: skip
    design = estimate_jump(rows, setting)
    # years of one firm are one decision: each firm counts once, with its last year
    last = rows.sort_values("year").drop_duplicates("employer_id", keep="last")
    heaps = density_jump(last, running=RUNNING, cutoff=0.0, level=level, n_unit="firms")
    picture = binned_means(rows, design, bins=8, reach=1.5)
    return FeeRefunds(design, picture, heaps, limit, _told(design))


def refund_rows(
    refunds: pd.DataFrame, employer_years: pd.DataFrame, *, limit: float
) -> pd.DataFrame:
    """Return payers with their distance from the limit and what headcount did next.

    Examples
    --------
    >>> import pandas as pd
    >>> fees = pd.DataFrame({"employer_id": ["a"], "year": [2020], "fee_paid": [100.0],
    ...     "refund": [80.0]})
    >>> staff = pd.DataFrame({"employer_id": ["a", "a"], "year": [2020, 2021],
    ...     "headcount": [10, 20]})
    >>> rows = refund_rows(fees, staff, limit=100)
    >>> rows[["headcount_growth", "refunded", "log_limit_over_fee"]].round(4).values.tolist()
    [[0.6931, 1.0, 0.0]]
    """
    import numpy as np

    if not limit > 0:
        raise InputError(sentence("limit of refunds", got=limit, allowed="above 0"))
    paid = refunds[refunds["fee_paid"] > 0]
    staff = employer_years[employer_years["headcount"] > 0]
    staff = staff[["employer_id", "year", "headcount"]]
    later = staff.assign(year=staff["year"] - 1).rename(columns={"headcount": "next"})
    rows = paid.merge(staff, on=["employer_id", "year"]).merge(later, on=["employer_id", "year"])
    return rows.assign(
        **{
            RUNNING: np.log(limit / rows["fee_paid"].astype("float64")),
            OUTCOME: np.log(rows["next"] / rows["headcount"]).astype("float64"),
            REFUNDED: (rows["refund"] > 0).astype("float64"),
        }
    )


def _told(design: Discontinuity) -> tuple[Estimate, ...]:
    """Give the effect and the first stage their keys and words."""
    effect = Text(
        "growth of headcount in the next year, refunded less not, at the limit",
        "门槛处获返还与未获返还者次年人数增长之差",
    )
    jump = Text("jump of the share refunded at the limit", "门槛处获返还比例的跳跃")
    made = [replace(design.estimate("robust"), key="refund_effect", estimand=effect)]
    made += [
        replace(e, key="refund_first_stage", estimand=jump)
        for e in design.estimates
        if e.key == "first_stage"
    ]
    return tuple(made)
