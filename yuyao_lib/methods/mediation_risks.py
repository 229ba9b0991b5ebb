"""From screened risks to disputes: how many became one, as marked and as the register shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from yuyao_lib.findings import Design, Estimate
from yuyao_lib.methods.coefficients import Told
from yuyao_lib.methods.mediation_cases import day_of
from yuyao_lib.methods.tabulation import rows_of
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["RiskFunnel", "risk_funnel"]

TOPIC = "mediation"
NO_RISKS = Text("not run: the table of screened risks is missing", "未运行：缺少风险排查表")
NO_MARK = Text("no column says which risks became disputes", "没有标明哪些风险转化为争议的列")
NO_LINK = Text(
    "risks and disputes do not both name the employer, so they cannot be linked",
    "风险表与争议表未同时注明单位，无法关联",
)
TOO_LATE = Text("no risk was watched for the whole time afterwards", "没有风险在此后被观察满期")
WILSON = Text("Wilson interval of a share", "比例的 Wilson 区间")


@dataclass(frozen=True, slots=True)
class RiskFunnel:
    """What became of the risks that were screened out.

    Attributes
    ----------
    screened
        Risks.
    within
        Days after the screening in which disputes are looked for.
    estimates
        ``marked``: share marked as having become a dispute; ``filed``: share whose
        employer has a dispute on record within those days, among risks watched so long.
    """

    screened: int
    within: int
    estimates: tuple[Estimate, ...]

    def to_frame(self) -> pd.DataFrame:
        """Return one row an estimate."""
        return rows_of(self.estimates)

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


def risk_funnel(
    risks: pd.DataFrame | None,
    disputes: pd.DataFrame | None = None,
    *,
    until: str,
    within: int = 365,
    level: float = 0.95,
) -> RiskFunnel:
    """Follow screened risks to disputes.

    Parameters
    ----------
    risks
        One row a risk with ``screened_on``, ``became_dispute`` and ``employer_id``.
    disputes
        One row a case with ``filed_on`` and ``employer_id``; None: only what is marked.
    until
        Last day on which disputes were recorded.
    within
        Days after the screening.
    level
        Coverage of the intervals.

    Examples
    --------
    >>> import pandas as pd
    >>> risks = pd.DataFrame({"screened_on": ["2022-01-01"] * 4, "became_dispute": [1, 0, 0, 0]})
    >>> risk_funnel(risks, until="2023-06-30").estimates[0].estimate
    0.25
    """
    told = Told(method="share_wilson", n=0, n_unit="risks", level=level, inference=WILSON)
    if risks is None or risks.empty:
        return RiskFunnel(0, within, (_share(told, "marked", None, NO_RISKS),))
    marked = None
    if "became_dispute" in risks and risks["became_dispute"].notna().any():
        marked = risks["became_dispute"].dropna().astype(bool)
    first = _share(told, "marked", marked, NO_MARK)
    return RiskFunnel(len(risks), within, (first, _filed(told, risks, disputes, until, within)))


def _filed(
    told: Told, risks: pd.DataFrame, disputes: pd.DataFrame | None, until: str, within: int
) -> Estimate:
    """Look in the register for a dispute of the same employer after the screening."""
    import pandas as pd

    linked = disputes is not None and "employer_id" in disputes and "employer_id" in risks
    if disputes is None or not linked:
        return _share(told, "filed", None, NO_LINK)
    screened = pd.to_datetime(risks["screened_on"]).astype("datetime64[ns]")
    reach = pd.Timedelta(days=within)
    kept = risks.assign(day=screened)[screened + reach <= day_of(until, "last day watched")]
    kept = kept[kept["employer_id"].notna()].sort_values("day")
    if kept.empty:
        return _share(told, "filed", None, TOO_LATE)
    filed = pd.to_datetime(disputes["filed_on"]).astype("datetime64[ns]")
    cases = disputes.assign(filed=filed)[["employer_id", "filed"]].dropna().sort_values("filed")
    found = pd.merge_asof(
        kept[["employer_id", "day"]].astype({"employer_id": "object"}),
        cases.astype({"employer_id": "object"}),
        left_on="day", right_on="filed", by="employer_id", direction="forward",
        allow_exact_matches=False, tolerance=reach,
    )  # fmt: skip
    return _share(told, "filed", found["filed"].notna(), NO_LINK)


def _share(told: Told, key: str, hits: pd.Series | None, why: Text) -> Estimate:
    """Return a share with its Wilson interval."""
    words: dict[str, Any] = {"term": "risk_dispute_share", "unit": "share"}
    words |= {"design": Design.DESCRIPTION, "caveat": None}
    if hits is None:
        return told.missing(key, why, **words)
    from statsmodels.stats.proportion import proportion_confint

    n, k = len(hits), int(hits.sum())
    low, high = proportion_confint(k, n, alpha=1 - told.level, method="wilson")
    return told.given(
        key, **{**words, "estimate": k / n, "low": float(low), "high": float(high), "n": n}
    )
