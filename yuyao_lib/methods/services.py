"""Who is reached by relief, jobs, mutual aid, sites and activities.

The public door: what a notebook needs stands here, whatever module it lives in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from yuyao_lib.findings import Design, Estimate
from yuyao_lib.methods.absence import Absent
from yuyao_lib.methods.gathered_answers import known
from yuyao_lib.methods.hardship import Hardship, Relapse, hardship, relapse
from yuyao_lib.methods.hypotheses import Hypothesis
from yuyao_lib.methods.job_keeping import JobKeeping, job_keeping
from yuyao_lib.methods.job_services import JobServices, job_services
from yuyao_lib.methods.mutual_aid import (
    AdverseSelection,
    MutualAid,
    adverse_selection,
    mutual_aid,
)
from yuyao_lib.methods.participation import (
    Concentration,
    Participation,
    concentration,
    participation,
)
from yuyao_lib.methods.relief_thresholds import Heaps, ReliefThresholds, relief_thresholds
from yuyao_lib.methods.site_coverage import SiteCoverage, site_coverage
from yuyao_lib.methods.tabulation import rows_of
from yuyao_lib.methods.workplace_health import WorkplaceHealth, workplace_health
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "AdverseSelection",
    "Concentration",
    "Hardship",
    "JobKeeping",
    "JobServices",
    "MutualAid",
    "Participation",
    "Relapse",
    "ReliefThresholds",
    "Services",
    "SiteCoverage",
    "WorkplaceHealth",
    "adverse_selection",
    "concentration",
    "equal_rates",
    "hardship",
    "heaps",
    "job_keeping",
    "job_services",
    "known",
    "mutual_aid",
    "participation",
    "relapse",
    "relief_thresholds",
    "site_coverage",
    "together",
    "workplace_health",
]

Part: TypeAlias = (
    Hardship
    | ReliefThresholds
    | JobServices
    | JobKeeping
    | MutualAid
    | AdverseSelection
    | SiteCoverage
    | Participation
    | WorkplaceHealth
    | Concentration
    | Absent
)
NO_TABLE = Text(
    "no table of relief, job services, mutual aid, sites or activities was brought",
    "没有帮扶、就业服务、医疗互助、阵地或活动的表",
)
NOTHING = Estimate(
    key="exit_12_months", term="hardship_exit_share", method="count", unit="percent",
    design=Design.DESCRIPTION, undefined=NO_TABLE,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Services:
    """The findings of a page on services.

    Attributes
    ----------
    parts
        Results, those that were not run included.
    """

    parts: tuple[Part, ...]

    @property
    def estimates(self) -> tuple[Estimate, ...]:
        """Estimates of every part; one that says why when there is none."""
        return tuple(e for part in self.parts for e in part.estimates) or (NOTHING,)

    def to_frame(self) -> pd.DataFrame:
        """Return one row an estimate."""
        return rows_of(self.estimates)

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


def equal_rates(result: Hardship | Absent) -> Hypothesis | Absent:
    """Return the test that files of all categories are closed at the same rate."""
    return result if isinstance(result, Absent) else result.curve.difference


def heaps(result: ReliefThresholds | Absent) -> Heaps | Absent:
    """Return the tests whether files heap on one side of a threshold."""
    return result if isinstance(result, Absent) else Heaps(result.densities)


def together(parts: Sequence[Part]) -> Services:
    """Put the parts of a page together.

    Examples
    --------
    >>> together([Absent(("services",))]).estimates[0].undefined.zh
    '没有帮扶、就业服务、医疗互助、阵地或活动的表'
    """
    return Services(tuple(parts))
