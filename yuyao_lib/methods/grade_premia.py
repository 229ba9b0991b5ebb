"""What grades are paid in each period: among all workers, and within employers."""

# The type check does not follow numpy, so it cannot infer the type of a new array.
# mypy: disable-error-code="var-annotated"

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from yuyao_lib.findings import Design, Estimate
from yuyao_lib.methods.coefficients import Told
from yuyao_lib.methods.samples import check_level
from yuyao_lib.methods.smaller_sides import Counts, carriers
from yuyao_lib.methods.tabulation import rows_of
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

    from yuyao_lib.methods.adoption import Floats

__all__ = ["GradePremia", "grade_premia"]

TOPIC = "wage_components"
Within = Literal["all", "employers"]
FEWEST = 30  # workers of a grade in a period below which its premium is not told
CAVEAT = Text(
    "Workers of a higher grade differ in more than the grade; this is a gap, not what a grade"
    " would add.",
    "等级较高的职工在等级之外也有差别；这是差距，并非等级带来的增加。",
)


@dataclass(frozen=True, slots=True)
class GradePremia:
    """Premia over the lowest grade, by period.

    Attributes
    ----------
    periods, grades
        Periods as numbers; grades above the lowest, which is `lowest`.
    lowest
        Grade compared with.
    estimates
        Keyed ``<within>_<grade>_<period>``, log points.
    """

    periods: tuple[int, ...]
    grades: tuple[int, ...]
    lowest: int
    estimates: tuple[Estimate, ...]

    def series(self, within: Within, grade: int) -> list[tuple[int, Estimate]]:
        """Return one grade's premia over the periods."""
        held = {e.key: e for e in self.estimates}
        keys = [(p, f"{within}_{grade}_{p}") for p in self.periods]
        return [(p, held[key]) for p, key in keys if key in held]

    def to_frame(self) -> pd.DataFrame:
        """Return one row an estimate."""
        return rows_of(self.estimates)

    def _repr_html_(self) -> str:
        return self.to_frame().head(40).to_html(index=False)


def grade_premia(cells: pd.DataFrame | None, *, level: float = 0.95) -> GradePremia:
    """Regress log pay on grades in each period, with and without employer effects.

    Sums by cell give the numbers of a regression on workers; errors are clustered by
    employer, because workers of one employer share what it pays.

    Parameters
    ----------
    cells
        What `grade_cells` returned; None where grades are not known: no premia.
    level
        Coverage of the intervals.

    Examples
    --------
    >>> import pandas as pd
    >>> cells = pd.DataFrame({"employer": [0, 0, 1, 1], "period": 1, "grade": [0, 1, 0, 1],
    ...                       "n": 40, "total": [0.0, 4.0, 8.0, 14.0], "squares": 1.0})
    >>> round(grade_premia(cells).estimates[0].estimate, 6)
    0.125
    """
    check_level(level)
    if cells is None or cells.empty:
        return GradePremia((), (), 0, ())
    periods = tuple(int(p) for p in np.unique(cells["period"]))
    labels = [int(g) for g in np.unique(cells["grade"])]
    made = []
    for period in periods:
        rows = cells[cells["period"] == period]
        for within in ("all", "employers"):
            made += _one(rows, labels, period, within, level)
    return GradePremia(periods, tuple(labels[1:]), labels[0], tuple(made))


def _one(
    rows: pd.DataFrame, labels: list[int], period: int, within: str, level: float
) -> list[Estimate]:
    """Estimate the premia of one period."""
    n, total = rows["n"].to_numpy("float64"), rows["total"].to_numpy("float64")
    grade = rows["grade"].to_numpy()
    firm = np.unique(rows["employer"].to_numpy(), return_inverse=True)[1]
    people = {g: int(n[grade == g].sum()) for g in labels}
    told = [g for g in labels[1:] if people[g] >= FEWEST]
    if not told or people[labels[0]] < FEWEST or firm.max() < 1:
        return []
    x = np.column_stack([(grade == g).astype("float64") for g in labels[1:] if people[g]])
    names = [g for g in labels[1:] if people[g]]
    size = np.bincount(firm, weights=n) if within == "employers" else np.array([n.sum()])
    group = firm if within == "employers" else np.zeros_like(firm)
    mean = np.column_stack([np.bincount(group, weights=n * c) / size for c in x.T])
    x = x - mean[group]
    y_mean = np.bincount(group, weights=total) / size
    moment = x.T @ (total - n * y_mean[group])
    inner = x.T @ (n[:, None] * x)
    beta = np.linalg.lstsq(inner, moment, rcond=None)[0]
    error = _errors(x, n, total - n * y_mean[group], beta, inner, firm)
    firms = int(firm.max()) + 1
    words = Told(method=f"grades_within_{within}", n=int(n.sum()), n_unit="persons", level=level,
                 clusters=firms, inference=CLUSTERED.format(firms=f"{firms:,}"),
                 residual_df=int(n.sum()) - len(names) - len(size))  # fmt: skip
    return [
        words.wald(
            f"{within}_{g}_{period}", float(beta[i]), float(error[i]), term="skill_premium",
            unit="log_points", design=Design.OBSERVATIONAL, caveat=CAVEAT, cluster_unit="firms",
            **_behind(n, grade, firm, (g, labels[0])),
        )
        for i, g in enumerate(names) if g in told and inner[i, i] > 0
    ]  # fmt: skip


def _behind(n: Floats, grade: np.ndarray, firm: np.ndarray, sides: tuple[int, int]) -> Counts:
    """Count who holds a grade, or the one it is compared with, whichever is fewer."""
    held = [np.bincount(firm, weights=np.where(grade == side, n, 0.0)) for side in sides]
    return {"persons": int(min(h.sum() for h in held)), "employers": min(map(carriers, held))}


CLUSTERED = Text(
    "sandwich summed within {firms} employers, Student's t", "按 {firms} 个单位聚类，t 分布"
)


def _errors(
    x: Floats, n: Floats, y: Floats, beta: Floats, inner: Floats, firm: np.ndarray
) -> Floats:
    """Return standard errors from scores summed within employers."""
    left = y - n * (x @ beta)
    scores = np.column_stack([np.bincount(firm, weights=column * left) for column in x.T])
    groups = int(firm.max()) + 1
    bread = np.linalg.pinv(inner)
    spread = bread @ (scores.T @ scores) @ bread * groups / max(groups - 1, 1)
    return np.sqrt(np.clip(np.diag(spread), 0.0, None))
