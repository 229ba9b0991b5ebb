"""A course as it looks at first, and once those who took it are weighted: beside colleagues.

Lives here: the gap as it stands, and weighting by the propensity score. Does not live here:
the event study against colleagues.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from yuyao_lib.findings import Design, Estimate
from yuyao_lib.methods.absence import Absent
from yuyao_lib.methods.adoption import Meaning
from yuyao_lib.methods.balance import Balance, balance
from yuyao_lib.methods.propensity import Overlap, overlap, weighted_means
from yuyao_lib.methods.smaller_sides import carriers
from yuyao_lib.methods.tabulation import rows_of
from yuyao_lib.methods.wald_intervals import wald
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

    from yuyao_lib.methods.adoption import Floats
    from yuyao_lib.sources.pay_spells import PaySpells

__all__ = ["Weighted", "naive_gap", "weighted_courses"]

TOPIC = "skill_returns"
BEFORE = (
    "grade", "tenure_1_3", "tenure_3_10", "tenure_10", "age_years", "female", "education_years",
)  # fmt: skip
FEWEST = 20  # persons of each kind
SIDES = Text(
    "fewer than {fewest} persons with or without a course are paid in the last quarter",
    "最后一季度有工资者中，受训或未受训的人数少于 {fewest}",
)
SHORT = Text(
    "Not run: too few quarters, or too few persons with a course and pay before and after.",
    "未运行：季度过少，或前后均有工资的受训者过少。",
)
GAP = Text(
    "difference of means, clustered by employer; normal distribution",
    "均值之差，按单位聚类；正态分布",
)


@dataclass(frozen=True, slots=True)
class Weighted:
    """A course by weighting, with the persons it rests on.

    Attributes
    ----------
    estimates
        ``weighted_level``: pay later, weighted on earlier characteristics and earlier pay;
        ``weighted_change``: the change of pay, weighted on earlier characteristics.
    overlap, balance
        Scores of both sides, and their characteristics before and after weighting, for the
        weights of the level.
    employers
        Employers of those with a course, and of those without.
    """

    estimates: tuple[Estimate, ...]
    overlap: Overlap
    balance: Balance
    employers: tuple[int, int]

    def to_frame(self) -> pd.DataFrame:
        """Return one row an estimate."""
        return rows_of(self.estimates)

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


def naive_gap(
    spells: PaySpells, first: Floats, *, level: float = 0.95, key: str = "naive_gap"
) -> Estimate:
    """Compare pay of those who ever took a course with all others, in the last quarter.

    Parameters
    ----------
    spells
        Pay by worker, employer and quarter.
    first
        Shape (workers,): column of each worker's first course, ``inf`` for none.
    level, key
        Coverage of the interval, and key of the estimate.

    Notes
    -----
    This is what a reader sees first and what is wrong: courses go to the abler and to those
    who stay.
    """
    meant = Meaning(
        term="pay_after_training", n_unit="persons", design=Design.OBSERVATIONAL, level=level
    )
    last = spells.n_quarters - 1
    there = np.flatnonzero(np.isfinite(spells.log_pay[:, last]))
    y = spells.log_pay[there, last].astype("float64")
    took = first[spells.worker[there]] < last
    n = int(took.sum())
    if min(n, len(took) - n) < FEWEST:
        return meant.estimate(key, "cross_section_gap", undefined=SIDES.format(fewest=FEWEST))
    means = [float(y[side].mean()) for side in (took, ~took)]
    parts = np.where(took, (y - means[0]) / n, -(y - means[1]) / (len(took) - n))
    sums = np.bincount(spells.employer[there], weights=parts)
    error = float(np.sqrt(sums @ sums))
    firms = spells.employer[there]
    found = _normal(meant, key, means[0] - means[1], error, len(took), len(np.unique(firms)))
    behind = min(carriers(np.bincount(firms[side])) for side in (took, ~took))
    return replace(found, persons=min(n, len(took) - n), employers=behind)


def _normal(
    meaning: Meaning, key: str, value: float, error: float, persons: int, firms: int
) -> Estimate:
    """Build an estimate with a normal interval."""
    interval = wald(value, error, level=meaning.level)
    return meaning.estimate(
        key, "cross_section_gap", **interval, n=persons, clusters=firms, inference=GAP,
        residual_df=persons - 2,
    )  # fmt: skip


def weighted_courses(rows: pd.DataFrame | None, *, level: float = 0.95) -> Weighted | Absent:
    """Weight those without a course so that they are as those with one were before it.

    Parameters
    ----------
    rows
        As from `yuyao_lib.sources.cutoff_pay.course_pay`. None: absent.
    level
        Coverage of the intervals.

    Returns
    -------
    Weighted or Absent
        Effects on those trained (ATT): odds of the score as weights, normalised (Hirano,
        Imbens and Ridder 2003).

    Notes
    -----
    Weighting removes what is measured. Ability is not, and pay in one earlier quarter is
    ability and chance together: of two persons with the same pay the abler one had bad luck
    and will rise. The change of pay takes out whatever of a person stays the same.
    """
    sides = [] if rows is None else [int((rows["trained"] == side).sum()) for side in (1, 0)]
    if rows is None or min(sides) < FEWEST:
        return Absent(("training", "worker_quarters"), SHORT)
    known = [name for name in BEFORE if name in rows and rows[name].notna().any()]
    level_of = [*known, "log_pay"]
    pay = _effect(rows, "pay_later", level_of, level, key="weighted_level")
    change = _effect(rows, "pay_change", known, level, key="weighted_change")
    firms = [rows.loc[rows["trained"] == side, "employer"].nunique() for side in (1, 0)]
    return Weighted(
        (pay, change), overlap(rows, covariates=level_of), balance(rows, covariates=level_of),
        (firms[0], firms[1]),
    )  # fmt: skip


def _effect(
    rows: pd.DataFrame, outcome: str, covariates: Sequence[str], level: float, *, key: str
) -> Estimate:
    """Estimate the effect on those trained, clustered by employer."""
    found = weighted_means(
        rows, outcome=outcome, covariates=covariates, level=level, unit="log_points",
        cluster="employer",
    ).estimates[1]  # fmt: skip
    return replace(found, key=key, method=key, term="pay_after_training")
