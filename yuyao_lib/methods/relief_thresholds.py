"""Whether exits from hardship jump at the thresholds of relief.

Files are sorted by income a head, less what must be spent, in multiples of the minimum
living standard; rules change at one and at two of them. Each threshold is studied with
the files that do not lie beyond the other, so that neither jump enters the other.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from yuyao_lib.errors import InputError, sentence
from yuyao_lib.findings import Estimate
from yuyao_lib.methods.absence import Absent
from yuyao_lib.methods.discontinuity import Discontinuity, estimate_jump
from yuyao_lib.methods.discontinuity_bins import BinnedMeans, binned_means
from yuyao_lib.methods.discontinuity_results import Setting
from yuyao_lib.methods.running_density import DensityTest, density_jump
from yuyao_lib.methods.tabulation import rows_of
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Heaps", "ReliefThresholds", "relief_thresholds", "threshold_rows"]

TRUTHS = {
    f"jump_at_{cut}{kind}": f"truths/hardship/jump_at_{cut}"
    for cut in (1, 2)
    for kind in ("", "_wide")
}
RUNNING, OUTCOME = "income_in_standards", "left_within_year"
YEAR = 365  # days
WHOLE = 1.0  # living standards between the thresholds
NEEDED = ("opened_on", "exited_on", "income_pc", "spending_pc")


@dataclass(frozen=True, slots=True)
class Heaps:
    """Whether files heap on one side of a threshold.

    Attributes
    ----------
    tests
        One a threshold.
    """

    tests: tuple[DensityTest, ...]

    @property
    def estimates(self) -> tuple[Estimate, ...]:
        """The jump of the density at each threshold, in logs."""
        return tuple(t.estimates[0] for t in self.tests)

    def to_frame(self) -> pd.DataFrame:
        """Return one row a threshold."""
        return rows_of(self.estimates)

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


@dataclass(frozen=True, slots=True)
class ReliefThresholds:
    """Jumps at both thresholds.

    Attributes
    ----------
    designs, pictures, densities
        One each for the first and the second threshold: the design, its binned means, and
        the test whether files heap on one side.
    standard
        The minimum living standard, CNY a month.
    estimates
        ``jump_at_1`` and ``jump_at_2``: of the share that leaves within twelve months; with
        ``_wide``, the same with all files up to the next threshold.
    truths
        Where the truth of a simulated register holds theirs.
    """

    designs: tuple[Discontinuity, Discontinuity] = field(repr=False)
    pictures: tuple[BinnedMeans, BinnedMeans] = field(repr=False)
    densities: tuple[DensityTest, DensityTest] = field(repr=False)
    standard: float
    estimates: tuple[Estimate, ...]
    truths: dict[str, str] = field(default_factory=lambda: dict(TRUTHS), repr=False)

    def to_frame(self) -> pd.DataFrame:
        """Return one row a threshold."""
        return rows_of(self.estimates)

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


def relief_thresholds(
    aid_cases: pd.DataFrame | None,
    *,
    standard: float,
    until: str | None = None,
    level: float = 0.95,
) -> ReliefThresholds | Absent:
    """Estimate the jump in exits at one and at two living standards.

    Parameters
    ----------
    aid_cases
        ``opened_on``, ``exited_on``, ``income_pc``, ``spending_pc`` (CNY a month). None, or
        without one of these: absent.
    standard
        The local minimum living standard, CNY a month.
    until
        Last day watched; None: the latest date in the table.
    level
        Coverage of the intervals.

    Raises
    ------
    InputError
        If the standard is not above zero.
    """
    if aid_cases is None or any(name not in aid_cases for name in NEEDED):
        return Absent(("aid_cases",))
    rows = threshold_rows(aid_cases, standard=standard, until=until)
    parts = (rows[rows[RUNNING] < 2], rows[rows[RUNNING] >= 1])
    settings = [
        Setting(outcome=OUTCOME, running=RUNNING, cutoff=float(cut), level=level,
                term="hardship_jump", unit="share", n_unit="households")
        for cut in (1, 2)
    ]  # fmt: skip
    first, second = (estimate_jump(p, s) for p, s in zip(parts, settings, strict=True))
    pictures = (binned_means(parts[0], first, bins=6, reach=1.0),
                binned_means(parts[1], second, bins=6, reach=1.0))  # fmt: skip
    heaps = [
        density_jump(rows, running=RUNNING, cutoff=float(c), level=level, n_unit="households")
        for c in (1, 2)
    ]
    wide = [
        estimate_jump(p, replace(s, bandwidth=WHOLE)) for p, s in zip(parts, settings, strict=True)
    ]
    estimates = (_named(first, 1), _named(second, 2),
                 *(_named(d, c, wide=True) for c, d in enumerate(wide, start=1)))  # fmt: skip
    return ReliefThresholds((first, second), pictures, (heaps[0], heaps[1]), standard, estimates)


def threshold_rows(
    aid_cases: pd.DataFrame, *, standard: float, until: str | None = None
) -> pd.DataFrame:
    """Return files watched for a year: income in standards, and whether they were closed.

    Examples
    --------
    >>> import pandas as pd
    >>> files = pd.DataFrame({"opened_on": ["2020-01-01"] * 2, "exited_on": ["2020-06-01", None],
    ...     "income_pc": [1500.0, 900.0], "spending_pc": [500.0, 400.0]})
    >>> threshold_rows(files, standard=1000, until="2021-12-31").values.tolist()
    [[1.0, 1.0], [0.5, 0.0]]
    """
    import pandas as pd

    if not standard > 0:
        raise InputError(sentence("minimum living standard", got=standard, allowed="above 0"))
    opened, left = pd.to_datetime(aid_cases["opened_on"]), pd.to_datetime(aid_cases["exited_on"])
    last = pd.Timestamp(until) if until else max(opened.max(), left.max())
    watched = opened + pd.Timedelta(days=YEAR) <= last
    running = (aid_cases["income_pc"] - aid_cases["spending_pc"]) / standard
    gone = ((left - opened).dt.days <= YEAR).astype("float64")
    return pd.DataFrame({RUNNING: running, OUTCOME: gone})[watched].reset_index(drop=True)


def _named(design: Discontinuity, cut: int, *, wide: bool = False) -> Estimate:
    """Give the robust jump of a threshold its key and its words."""
    en = f"share leaving within a year, just above {cut} x the living standard less just below"
    zh = f"{cut} 倍低保标准之上与之下一年内脱困比例之差"
    if wide:
        en, zh = f"{en}, bandwidth {WHOLE:g}", f"{zh}，带宽 {WHOLE:g}"
    key = f"jump_at_{cut}{'_wide' if wide else ''}"
    return replace(design.estimate("robust"), key=key, estimand=Text(en, zh))
