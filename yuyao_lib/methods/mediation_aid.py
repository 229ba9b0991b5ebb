"""Legal aid: how cases with it end, beside cases without it that are about the same."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from yuyao_lib.findings import Design, Estimate
from yuyao_lib.findings.members import Members
from yuyao_lib.methods.coefficients import Told
from yuyao_lib.methods.mediation_cases import Cases
from yuyao_lib.methods.propensity import Overlap, overlap, weighted_means
from yuyao_lib.methods.tabulation import rows_of
from yuyao_lib.sources.membership import universe_of
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["LegalAid", "legal_aid"]

TOPIC = "mediation"
NO_COLUMN = Text("not run: no column says who had legal aid", "未运行：没有标明法律援助的列")
ONE_SIDE = Text(
    "all cases had legal aid, or none had, so there is nothing to compare",
    "全部或没有案件获得法律援助，无从比较",
)
WELCH = Text("two independent samples, normal", "两个独立样本，正态分布")


@dataclass(frozen=True, slots=True)
class LegalAid:
    """Differences between cases with and without legal aid.

    Attributes
    ----------
    estimates
        For ``settled`` and ``carried_out`` the difference as it is (``_raw``) and between
        cases alike in what they are about (``_weighted``), shares.
    overlap
        How far the two sides share one range of scores; None without a comparison.
    aided, others
        Cases on each side.
    horizon
        Days by which a case must have been settled; cases not watched so long, and still
        open, are left out.
    settled
        Of own data, which cases were, in each way that is compared; never written anywhere.
    """

    estimates: tuple[Estimate, ...]
    overlap: Overlap | None
    aided: int
    others: int
    horizon: float
    settled: tuple[Members, ...] = field(default=(), repr=False, compare=False)

    def to_frame(self) -> pd.DataFrame:
        """Return one row an estimate."""
        return rows_of(self.estimates)

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


def legal_aid(cases: Cases, *, horizon: float, level: float = 0.95) -> LegalAid:
    """Compare mediated cases with and without legal aid, raw and weighted.

    Weights are the odds of legal aid given kind, size and amount (Hirano, Imbens and
    Ridder 2003), so the comparison is about cases that had it. What was not recorded, such
    as the evidence at hand, may still differ.

    Parameters
    ----------
    cases
        What `prepare` returned.
    horizon
        Days by which a case must have been settled.
    level
        Coverage of the intervals.
    """
    told = Told(method="difference_in_means", n=cases.n, n_unit="cases", level=level)
    words: dict[str, Any] = {"term": "legal_aid_difference", "unit": "share"}
    if cases.undefined is not None or "legal_aid" not in cases.frame:
        why = told.missing("settled_weighted", cases.undefined or NO_COLUMN, **words)
        return LegalAid((why,), None, 0, 0, horizon)
    frame = _outcomes(cases.frame, horizon)
    aided = int(frame["legal_aid"].sum())
    others = len(frame) - aided
    if not aided or not others:
        return LegalAid((told.missing("settled_weighted", ONE_SIDE, **words),), None, aided, others,
                        horizon)  # fmt: skip
    covariates = [*cases.covariates, *(["log_amount"] if "log_amount" in frame else [])]
    made = []
    for outcome in [name for name in ("settled", "carried_out") if name in frame]:
        made.append(_raw(frame, outcome, told, words))
        made.append(_weighted(frame, outcome, covariates, level))
    scores = overlap(frame, trained="legal_aid", covariates=covariates) if covariates else None
    return LegalAid(tuple(made), scores, aided, others, horizon, _settled(frame))


def _settled(frame: pd.DataFrame) -> tuple[Members, ...]:
    """Return which cases were settled: by another day a few more are, of the same cases."""
    known = universe_of(frame)
    held = [name for name in ("settled", "carried_out") if name in frame and known is not None]
    return tuple(
        Members(replace(known, kind=f"disputes_{name}"), frame[name].eq(1).to_numpy())
        for name in held if known is not None
    )  # fmt: skip


def _outcomes(frame: pd.DataFrame, horizon: float) -> pd.DataFrame:
    """Say of every case that was watched long enough whether it was settled in time."""
    known = frame[(frame["ended"] == 1) | (frame["duration_days"] >= horizon)]
    settled = known["way"].eq("settled") & (known["duration_days"] <= horizon)
    made = known.assign(settled=settled.astype("float64"))
    if "performed" in known:
        made["carried_out"] = (settled & known["performed"].eq(True)).astype("float64")
    return made


def _raw(frame: pd.DataFrame, outcome: str, told: Told, words: dict[str, Any]) -> Estimate:
    """Return the plain difference, with its two-sample error."""
    sides = [frame.loc[frame["legal_aid"] == side, outcome] for side in (1, 0)]
    value = float(sides[0].mean() - sides[1].mean())
    error = float(sum(s.var() / len(s) for s in sides if len(s) > 1) ** 0.5)
    plain = replace(told, n=len(frame), inference=WELCH)
    least = min(len(s) for s in sides)
    return replace(plain.wald(f"{outcome}_raw", value, error, **words), persons=least)


def _weighted(frame: pd.DataFrame, outcome: str, covariates: list[str], level: float) -> Estimate:
    """Return the difference between cases alike in the covariates."""
    found = weighted_means(
        frame, outcome=outcome, trained="legal_aid", covariates=covariates, level=level,
        unit="share",
    ).estimates[-1]  # fmt: skip
    return replace(
        found, key=f"{outcome}_weighted", term="legal_aid_difference", n_unit="cases",
        design=Design.OBSERVATIONAL,
    )  # fmt: skip
