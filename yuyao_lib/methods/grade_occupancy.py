"""In which grade the workers of the first quarter are found, quarter by quarter."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from yuyao_lib.errors import InputError, sentence
from yuyao_lib.findings import Estimate
from yuyao_lib.methods.grade_moves import GONE, NO_GRADES
from yuyao_lib.methods.proportions import proportion
from yuyao_lib.methods.samples import check_level
from yuyao_lib.methods.tabulation import rows_of
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

    from yuyao_lib.methods.adoption import Floats

__all__ = ["GradeOccupancy", "grade_occupancy"]

NOBODY = Text(
    "not run: nobody held this grade in the first quarter", "未运行：首个季度没有该等级的职工"
)


@dataclass(frozen=True, slots=True)
class GradeOccupancy:
    """Shares of a cohort in each state.

    Attributes
    ----------
    estimates
        At the last quarter: ``held_still``, ``held_higher`` and ``held_gone``, percent.
    grade
        Grade of the cohort in the first quarter.
    quarters
        Quarters since the first.
    states
        Grades, then `GONE`.
    counts
        Shape (quarters, states): workers; each row adds up to the cohort.
    employers
        Shape (quarters, states): employers they were with in the first quarter.
    """

    estimates: tuple[Estimate, ...]
    grade: int
    quarters: tuple[int, ...]
    states: tuple[int, ...]
    counts: Floats = field(repr=False)
    employers: Floats = field(repr=False)

    @property
    def shares(self) -> Floats:
        """Percent of the cohort."""
        return 100 * self.counts / self.counts.sum(axis=1, keepdims=True)

    def to_frame(self) -> pd.DataFrame:
        """Return one row an estimate."""
        return rows_of(self.estimates)

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


def grade_occupancy(
    held: pd.DataFrame | None, *, grade: int = 0, level: float = 0.95
) -> GradeOccupancy:
    """Follow everybody who held a grade in the first quarter.

    Nobody is lost to the count: who is not in the register is gone, and may come back. So
    the shares need no model, and add up to all.

    Parameters
    ----------
    held
        As in `yuyao_lib.sources.grade_counts.GradeCounts.held`; None: absent.
    grade
        In the first quarter.
    level
        Coverage of the intervals, exact for independent workers.

    Raises
    ------
    InputError
        If the grade is not 0 to 5.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = pd.DataFrame({"first": 0, "quarter": [0, 1, 1, 1], "grade": [0, 0, 1, None],
    ...                      "workers": [10, 7, 2, 1], "employers": 1})
    >>> found = grade_occupancy(rows)
    >>> found.shares.tolist(), found.estimates[1].estimate
    ([[100.0, 0.0, 0.0], [70.0, 20.0, 10.0]], 20.0)
    """
    check_level(level)
    if not 0 <= grade <= 5:
        raise InputError(sentence("grade", got=grade, allowed="0 to 5"))
    part = None if held is None else held[held["first"] == grade]
    if part is None or part.empty:
        why = NO_GRADES if part is None else NOBODY
        none = tuple(_share(k, 0, 0, level, None, why) for k in ("still", "higher", "gone"))
        empty = np.zeros((0, 0))
        return GradeOccupancy(none, grade, (), (), empty, empty)
    rows = part.assign(grade=part["grade"].fillna(GONE).astype("int64"))
    quarters = tuple(sorted(int(q) for q in rows["quarter"].unique()))
    states = (*sorted({int(g) for g in rows["grade"]} - {GONE}), GONE)

    def cells(column: str) -> Floats:
        table = rows.pivot_table(index="quarter", columns="grade", values=column, aggfunc="sum")
        return table.reindex(index=quarters, columns=states).fillna(0).to_numpy("float64")

    counts, employers = cells("workers"), cells("employers")
    last, firms = counts[-1], int(employers[0].max())
    places = np.array(states)
    sums = {
        "still": last[places == grade].sum(),
        "higher": last[places > grade].sum(),
        "gone": last[places == GONE].sum(),
    }
    n = int(last.sum())
    made = tuple(_share(k, int(v), n, level, firms) for k, v in sums.items())
    return GradeOccupancy(made, grade, quarters, states, counts, employers)


SAID = {
    "still": Text("in the same grade at the end", "期末仍在同一等级"),
    "higher": Text("in a higher grade at the end", "期末等级更高"),
    "gone": Text("not in the register at the end", "期末不在登记库"),
}


def _share(
    key: str, hits: int, n: int, level: float, firms: int | None, why: Text | None = None
) -> Estimate:
    """Return a share of the cohort at the end."""
    from dataclasses import replace

    found = proportion(f"held_{key}", hits, n, term=f"held_{key}_share", n_unit="persons",
                       estimand=SAID[key], level=level, employers=firms)  # fmt: skip
    return found if why is None else replace(found, undefined=why)
