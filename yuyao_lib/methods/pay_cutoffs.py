"""Pay on both sides of a mark: an exam passed, a contest prize, a title, each with its checks.

Lives here: which design is run on which frame. Does not live here: the estimator of a jump
(``discontinuity``), what is compared (``cutoff_jumps``) and the checks (``discontinuity_checks``).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from yuyao_lib.findings import Design, Estimate
from yuyao_lib.methods.absence import Absent
from yuyao_lib.methods.cutoff_jumps import GRADE_PLACES, at_mark, at_prize, at_title, by_grade
from yuyao_lib.methods.discontinuity import Discontinuity, Setting, estimate_jump
from yuyao_lib.methods.discontinuity_bins import BinnedMeans, binned_means
from yuyao_lib.methods.discontinuity_checks import (
    Variations,
    covariate_jumps,
    donuts,
    placebo_cutoffs,
    vary_bandwidth,
)
from yuyao_lib.methods.heaping import Heaping, heaping
from yuyao_lib.methods.running_density import density_jump
from yuyao_lib.methods.tabulation import rows_of
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["CutoffChecks", "PayCutoff", "pass_mark", "prize_margin", "title_score"]

TOPIC = "skill_returns"
SETTLED = {
    "log_pay": "log_points", "age_years": "years", "female": "share", "education_years": "years",
    "tenure_years": "years",
}  # fmt: skip
RADII = (0.5, 1.0, 2.0)  # points left out around the mark
FALSE = (-10.0, -5.0, 5.0, 10.0)  # points from the mark to a false one
BY_RANK = Text(
    "prizes go by rank: as many stand just inside as prizes were given, so the density of scores"
    " says nothing about whether anybody was moved",
    "奖项按名次授予：刚好获奖的人数等于奖项数，因此分数的密度不能说明是否有人被移动",
)


@dataclass(frozen=True, slots=True)
class CutoffChecks:
    """What would show if the comparison at a mark were not sound.

    Attributes
    ----------
    variations
        Other bandwidths, holes at the mark, false marks, what was settled beforehand.
    density
        Log of the density just above the mark over that just below.
    """

    variations: tuple[Variations, ...]
    density: Estimate

    @property
    def estimates(self) -> tuple[Estimate, ...]:
        """Every variation, then the density."""
        return (*(e for v in self.variations for e in v.estimates), self.density)

    def to_frame(self) -> pd.DataFrame:
        """Return one row a check."""
        return rows_of(self.estimates)

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


@dataclass(frozen=True, slots=True)
class PayCutoff:
    """The jump of pay at a mark, with its picture and its checks.

    Attributes
    ----------
    design, picture
        The jump, and means by bins.
    estimates
        The robust jump; at the pass mark also by target grade.
    checks
        See `CutoffChecks`.
    heap
        Heap of scores at the mark; None where that is not asked.
    followed
        Share of rows on the side on which the rule puts them.
    truths
        Where the truth of a simulated register holds their answers.
    """

    design: Discontinuity = field(repr=False)
    picture: BinnedMeans = field(repr=False)
    estimates: tuple[Estimate, ...]
    checks: CutoffChecks = field(repr=False)
    heap: Heaping | None = field(repr=False)
    followed: float
    truths: dict[str, str] = field(repr=False)

    def to_frame(self) -> pd.DataFrame:
        """Return one row an estimate."""
        return rows_of(self.estimates)

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


def pass_mark(
    rows: pd.DataFrame | None,
    *,
    mark: float = 60.0,
    bandwidth: float | None = None,
    lifted_from: float = 3.0,
    lifted_to: float = 2.0,
    level: float = 0.95,
) -> PayCutoff | Absent:
    """Estimate the jump of the change of pay at the pass mark, pooled and by target grade.

    Parameters
    ----------
    rows
        As from `yuyao_lib.sources.cutoff_pay.exam_pay`. None: absent.
    mark
        Both parts must reach it, so the lower score counts.
    bandwidth
        Points; None: the one with the least mean squared error.
    lifted_from, lifted_to
        Points below the mark from which, and above it to which, scores may be lifted.
    level
        Coverage of the intervals.

    Notes
    -----
    Where nearly all who reach the mark pass and nobody else does, the design is sharp; where
    not, passing is the treatment of a fuzzy one. Errors are clustered by employer.
    """
    if rows is None or rows.empty:
        return Absent(("assessments", "worker_quarters"))
    setting, followed = at_mark(rows, mark, bandwidth, level)
    design = estimate_jump(rows, setting)
    grades = by_grade(rows, setting)
    whole = replace(design.estimate("robust"), key="pass_mark")
    density = _density(rows, setting)
    heap = heaping(
        rows, running="exam_score", at=mark, below=lifted_from, above=lifted_to, level=level,
        n_unit="exams",
    )  # fmt: skip
    truths = {"pass_mark": "truths/exam/jump_pooled_near_mark", **GRADE_PLACES}
    checks = CutoffChecks(_variations(rows, design), density)
    return PayCutoff(
        design, binned_means(rows, design), (whole, *grades), checks, heap, followed, truths
    )


def prize_margin(rows: pd.DataFrame | None, *, level: float = 0.95) -> PayCutoff | Absent:
    """Estimate the jump of the change of pay at the last prize of a contest.

    Parameters
    ----------
    rows
        As from `yuyao_lib.sources.cutoff_pay.contest_pay`. None: absent.
    level
        Coverage of the intervals.

    Notes
    -----
    The cut-off of each contest is made by those who entered it: the middle between the last
    prize and the next score. How many stand just inside is then given, and the test of the
    density is undefined.
    """
    if rows is None or rows.empty:
        return Absent(("contests", "contest_entries", "worker_quarters"))
    by_rank = _undefined("prize_density", "density_jump", BY_RANK, "contest_entries")
    return _plain(rows, at_prize(level), "prize_cutoff", by_rank)


def title_score(
    rows: pd.DataFrame | None, *, cutoff: float = 80.0, level: float = 0.95
) -> PayCutoff | Absent:
    """Estimate the jump of pay in the last quarter at the score of a title.

    Parameters
    ----------
    rows
        As from `yuyao_lib.sources.cutoff_pay.title_pay`. None: absent.
    cutoff
        Score from which the title is given.
    level
        Coverage of the intervals.

    Notes
    -----
    Those put forward in vain have no date, so pay before and after cannot be told apart;
    pay in the last quarter is after it for all.
    """
    if rows is None or rows.empty:
        return Absent(("titles", "worker_quarters"))
    setting = at_title(cutoff, level)
    density = replace(_density(rows, setting), key="title_density")
    return _plain(rows, setting, "title_cutoff", density)


def _plain(rows: pd.DataFrame, setting: Setting, key: str, density: Estimate) -> PayCutoff:
    """Run a sharp design without grades and heaps."""
    design = estimate_jump(rows, setting)
    above = rows[setting.running] >= setting.cutoff
    followed = float((above == (rows["won"] > 0)).mean())
    whole = replace(design.estimate("robust"), key=key)
    checks = CutoffChecks(_variations(rows, design), density)
    truths = {key: f"truths/{key.partition('_')[0]}/log_points"}
    return PayCutoff(design, binned_means(rows, design), (whole,), checks, None, followed, truths)


def _density(rows: pd.DataFrame, setting: Setting) -> Estimate:
    """Test whether scores jump over the mark."""
    found = density_jump(
        rows, running=setting.running, cutoff=setting.cutoff, level=setting.level,
        n_unit=setting.n_unit,
    )  # fmt: skip
    return found.estimates[0]


def _variations(rows: pd.DataFrame, design: Discontinuity) -> tuple[Variations, ...]:
    """Ask again with one thing changed at a time."""
    mark = design.setting.cutoff
    settled = {
        name: unit
        for name, unit in SETTLED.items()
        if name in rows and name != design.setting.outcome and rows[name].notna().any()
    }
    return (
        vary_bandwidth(rows, design),
        donuts(rows, design, radii=RADII),
        placebo_cutoffs(rows, design, cutoffs=[mark + away for away in FALSE]),
        covariate_jumps(rows, design, covariates=settled),
    )


def _undefined(key: str, term: str, why: Text, n_unit: str) -> Estimate:
    """Return an estimate that says why there is none."""
    shared: dict[str, Any] = {"unit": "log_points", "design": Design.QUASI, "n_unit": n_unit}
    return Estimate(key=key, term=term, method="local_density", undefined=why, **shared)
