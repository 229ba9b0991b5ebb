"""The legal limit of mediation: how many of the cases still open end on that day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from yuyao_lib.findings import Design, Estimate
from yuyao_lib.methods.coefficients import Told
from yuyao_lib.methods.mediation_cases import Cases
from yuyao_lib.methods.tabulation import rows_of
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["LegalLimit", "legal_limit"]

TOPIC = "mediation"
NEIGHBOURS = 3  # days before and after the limit that say what that day would be like
TOO_FEW = Text("no case was still open on the day of the limit", "到期限当日没有仍未结案的案件")
SCORE = Text(
    "score interval of the ratio of two shares (Miettinen and Nurminen 1985): of the cases still"
    " open that go on after the day, and after the days beside it",
    "两个比例之比的得分区间（Miettinen 与 Nurminen 1985）：当日之后与前后各日之后仍未结案的比例",
)


@dataclass(frozen=True, slots=True)
class LegalLimit:
    """Endings by day, and how far the day of the limit stands out.

    Attributes
    ----------
    days
        1, 2, ..., the longest drawn.
    ways
        Way of ending -> cases that ended so on each day, shape (days,).
    at_risk
        Cases still open at the start of each day.
    limit
        Day of the limit.
    estimates
        ``limit``: share of the cases still open that end on that day beyond what ends on
        the days beside it.
    """

    days: tuple[int, ...]
    ways: dict[str, tuple[int, ...]]
    at_risk: tuple[int, ...]
    limit: int
    estimates: tuple[Estimate, ...]

    def to_frame(self) -> pd.DataFrame:
        """Return one row an estimate."""
        return rows_of(self.estimates)

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


def legal_limit(
    cases: Cases, *, limit: int = 15, longest: int = 45, level: float = 0.95
) -> LegalLimit:
    r"""Count endings by day and measure the spike on the day of the legal limit.

    With :math:`h_d` the share of the cases open at the start of day d that end on it, and
    :math:`\bar h` its mean over the three days before and after the limit L, the share of
    open cases that end because of the limit is :math:`(h_L - \bar h) / (1 - \bar h)`, one
    less the ratio of the shares that go on. Few cases are open so late, so that a symmetric
    interval of its error would hold the truth too seldom; that of the ratio's score does not.

    Parameters
    ----------
    cases
        What `prepare` returned.
    limit
        Day of the limit: 15 for mediation.
    longest
        Last day drawn.
    level
        Coverage of the interval.

    Examples
    --------
    >>> import pandas as pd
    >>> from yuyao_lib.methods.mediation_cases import prepare
    >>> rows = pd.DataFrame({"filed_on": "2022-01-01", "outcome": "settled",
    ...     "closed_on": pd.to_datetime("2022-01-01") + pd.to_timedelta([15] * 5 + [30] * 5, "D")})
    >>> cases = prepare(rows, standard_from="2022-07-01", until="2022-12-31")
    >>> legal_limit(cases).estimates[0].estimate
    0.5
    """
    told = Told(method="excess_hazard", n=cases.n, n_unit="cases", level=level, inference=SCORE)
    words = {"term": "limit_share", "unit": "share", "design": Design.DESCRIPTION, "caveat": None}
    days = tuple(range(1, longest + 1))
    if cases.undefined is not None:
        return LegalLimit(days, {}, (), limit, (told.missing("limit", cases.undefined, **words),))
    length = np.ceil(cases.frame["duration_days"].to_numpy()).astype("int64")
    ended = cases.frame["ended"].to_numpy() == 1
    way = cases.frame["way"].astype("string").fillna("").to_numpy()
    names = [str(w) for w in cases.frame["way"].dropna().value_counts().index]
    counts = {
        name: tuple(int(((length == d) & (way == name)).sum()) for d in days) for name in names
    }
    risk = {d: int((length >= d).sum()) for d in range(0, longest + NEIGHBOURS + 2)}
    ends = {d: int(((length == d) & ended).sum()) for d in range(0, longest + NEIGHBOURS + 2)}
    at_risk = tuple(risk[d] for d in days)
    n = risk.get(limit, 0)
    if n == 0:
        return LegalLimit(days, counts, at_risk, limit, (told.missing("limit", TOO_FEW, **words),))
    beside = [d for d in range(limit - NEIGHBOURS, limit + NEIGHBOURS + 1) if d not in (0, limit)]
    watched = sum(risk[d] for d in beside)
    usual = sum(ends[d] for d in beside) / watched if watched else 0.0
    here = ends[limit] / n
    value = (here - usual) / (1 - usual) if usual < 1 else 0.0
    spread = here * (1 - here) / n + (1 - here) ** 2 * usual / (watched * (1 - usual) or 1)
    error = float(np.sqrt(spread)) / (1 - usual) if usual < 1 and spread > 0 else None
    low, high = _interval(n - ends[limit], n, watched - sum(ends[d] for d in beside), watched,
                          level)  # fmt: skip
    made = told.given(
        "limit", estimate=value, standard_error=error, low=low, high=high, **{**words, "n": n}
    )
    return LegalLimit(days, counts, at_risk, limit, (made,))


def _interval(
    open_here: int, n: int, open_beside: int, watched: int, level: float
) -> tuple[float | None, float | None]:
    """Return the score interval of one less the ratio of two shares; None where it has no end.

    Examples
    --------
    >>> [round(v, 3) for v in _interval(10, 20, 190, 200, 0.95)]
    [0.26, 0.686]
    """
    from statsmodels.stats.proportion import confint_proportions_2indep

    if watched == 0 or open_beside == 0:
        return None, None
    with np.errstate(divide="ignore", invalid="ignore"):
        low, high = confint_proportions_2indep(
            open_here, n, open_beside, watched, compare="ratio", method="score", alpha=1 - level
        )
    ends = [min(1 - float(np.real(end)), 1.0) if np.isfinite(end) else None for end in (high, low)]
    return ends[0], ends[1]
